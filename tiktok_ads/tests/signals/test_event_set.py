import types
from contextlib import suppress
from unittest.mock import patch

import psycopg2
import requests

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.tiktok_leadgen.tests.fake_business_api import TWO
from odoo.addons.tiktok_leadgen.tiktok import client

from ...tiktok import crm_event
from ..signals_common import ONE, OTHER_SET_UID, SET_UID, TOKEN, SignalsCommon


@tagged("post_install", "-at_install")
class TestEventSet(SignalsCommon):
    """An event set: its token, its check, its names."""

    def setUp(self):
        super().setUp()
        self.mine = self.event_set.with_user(self.manager)

    def test_the_token_is_written_and_never_read(self):
        self.assertTrue(self.mine.has_token)
        self.assertFalse(self.mine.read(["token"])[0]["token"])
        self.assertFalse(self.event_set.export_data(["token"])["datas"][0][0])
        self.assertNotIn("token_sealed", self.mine.fields_get())
        for attempt in (
            lambda: self.mine.read(["token_sealed"]),
            lambda: self.mine.search([("token_sealed", "!=", False)]),
            lambda: self.mine.write({"token_sealed": "x"}),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.env.flush_all()
        self.env.cr.execute("SELECT token_sealed FROM tiktok_event_set")
        self.assertNotIn(TOKEN, str(self.env.cr.fetchall()))
        self.mine.token = False
        self.assertFalse(self.mine.has_token)

    def test_the_check_sends_nothing(self):
        action = self.mine.action_check()
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual((self.mine.status, self.mine.problem), ("ready", False))
        self.assertEqual([body["data"] for body in self.tracked()], [[]])
        self.assertFalse(self.tiktok.counted)

    def test_the_check_says_what_is_wrong(self):
        for tokens, down, problem in (
            ({TOKEN: {"7"}}, None, "not_allowed"),
            ({}, None, "dead_token"),
            ({}, requests.ConnectionError("Connection aborted"), "unreachable"),
        ):
            with self.subTest(problem=problem):
                self.tiktok.event_tokens, self.tiktok.down = tokens, down
                action = self.mine.action_check()
                self.assertEqual(action["params"]["type"], "warning")
                self.assertEqual((self.mine.status, self.mine.problem), ("problem", problem))
                self.assertTrue(self.mine.checked_at)

    def test_an_event_set_is_created_at_tiktok(self):
        new = self.event_sets.with_user(self.manager).create({"name": "New"})
        with self.assertRaises(UserError):
            new.action_check()
        with self.assertRaises(UserError):
            new.action_create_remote()
        new.advertiser_id = self.advertiser
        self.assertEqual(new.status, "draft")
        new.action_create_remote()
        self.assertEqual(new.status, "ready")
        self.assertTrue(new.event_set_uid.isdigit())
        self.assertEqual(self.tiktok.asked(crm_event.CREATE_SET)[0]["advertiser_id"], ONE)

    def test_event_sets_are_imported_once(self):
        uids = ("7600000000000000711", "7600000000000000712")
        self.tiktok.listed_sets = [{"event_set_id": uid, "name": uid[-1]} for uid in uids]
        for _time in range(2):
            self.event_sets.with_user(self.manager).action_import_sets()
        found = self.event_sets.search([("event_set_uid", "in", uids)])
        self.assertEqual(len(found), 2)
        self.assertEqual(found.advertiser_id, self.advertiser)
        self.tiktok.refusals[crm_event.LIST_SETS] = [40001]
        with self.assertRaisesRegex(UserError, "TikTok"):
            self.event_sets.with_user(self.manager).action_import_sets()

    def test_an_id_has_digits_and_is_there_once(self):
        with self.assertRaises(ValidationError):
            self.make_event_set("C7ABC")
        with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"):
            self.make_event_set(SET_UID)

    def test_names_are_ascii(self):
        for name in ("مؤهل", "With space", "", "x" * 51):
            with self.assertRaises(ValidationError):
                self.qualified_rule.event_name = name

    def test_offline_names_are_standard(self):
        offline = self.make_event_set(OTHER_SET_UID, name="Shop", source="offline")
        with self.assertRaises(ValidationError):
            self.make_rules(offline)
        with self.assertRaises(ValidationError):
            self.event_set.source = "offline"

    def test_names_are_frozen_once_sent(self):
        self.qualified_rule.event_name = "Good"
        lead = self.make_lead()
        self.qualify(lead)
        self.send()
        self.assertTrue(self.qualified_rule.is_frozen)
        self.assertFalse(self.won_rule.is_frozen)
        for change in (
            {"event_name": "Better"},
            {"stage_id": self.new_stage.id},
            {"event_set_id": self.make_event_set("7").id},
        ):
            with self.assertRaises(UserError):
                self.qualified_rule.write(change)
        with self.assertRaises(UserError):
            self.qualified_rule.unlink()
        self.qualified_rule.write({"event_name": "Good", "is_lower_funnel": False})
        self.qualified_rule.active = False
        self.won_rule.event_name = "Sold"
        self.qualified.name = "Renamed"
        self.assertEqual(self.events_of(lead).event_name, "Good")

    def test_a_rule_waits_for_one_thing(self):
        for values in ({}, {"stage_id": self.new_stage.id, "on_won": True}):
            with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"):
                self.env["tiktok.crm.event.rule"].create(
                    {"event_set_id": self.event_set.id, "event_name": "X", **values}
                )

    def test_an_event_set_with_events_stays_what_it_is(self):
        self.qualify(self.make_lead())
        for change in ({"event_set_uid": "8"}, {"company_id": self.other_company.id}):
            with self.assertRaises(UserError):
                self.event_set.write(change)
        with self.assertRaises(UserError):
            self.event_set.unlink()
        self.event_set.write({"event_set_uid": SET_UID, "name": "Renamed"})

    def test_the_gauge_counts_lower_funnel_signals_of_14_days(self):
        leads = [self.make_lead(name=name) for name in "ABCD"]
        for lead in leads[:3]:
            self.qualify(lead)
        leads[3].action_set_lost(lost_reason_id=self.lost_reason.id)
        self.send()
        self.events_of(leads[0]).sent_at = "2026-01-01 00:00:00"
        self.assertEqual((self.event_set.signal_count, self.event_set.signal_goal), (2, 50))
        self.assertEqual(self.event_set.sent_count, 4)
        self.assertEqual((self.event_set.email_share, self.event_set.phone_share), (0, 0))

    def test_rules_are_suggested(self):
        other = self.make_event_set("7600000000000000703")
        other.with_user(self.manager).action_suggest_rules()
        self.assertIn("Converted", other.rule_ids.mapped("event_name"))
        self.assertTrue(any(other.rule_ids.mapped("on_won")))
        offline = self.make_event_set(OTHER_SET_UID, source="offline")
        offline.with_user(self.manager).action_suggest_rules()
        self.assertIn("Purchase", offline.rule_ids.mapped("event_name"))

    def test_a_stranger_sees_nothing(self):
        self.qualify(self.make_lead())
        for name in ("tiktok.event.set", "tiktok.crm.event", "tiktok.crm.event.rule"):
            model = self.env[name].with_user(self.stranger)
            self.assertFalse(model.search([("company_id", "=", self.company.id)]))
        with self.assertRaises(AccessError):
            self.event_set.with_user(self.stranger).action_check()

    def test_a_missing_list_of_event_sets_is_an_error_and_creates_none(self):
        self.tiktok.instead[crm_event.LIST_SETS] = {}
        with self.assertRaisesRegex(UserError, "could not be read"):
            self.event_sets.with_user(self.manager).action_import_sets()
        new = self.make_event_set(False, advertiser_id=self.advertiser.id)
        with self.assertRaisesRegex(UserError, "could not be read"):
            new.action_create_remote()
        self.assertFalse(self.tiktok.asked(crm_event.CREATE_SET))

    def test_an_id_is_no_longer_than_any_of_tiktok(self):
        with self.assertRaises(ValidationError):
            self.make_event_set("7" * 200)

    def test_all_ad_accounts_together_have_the_time_of_one_request(self):
        self.connect((ONE, TWO))
        now, left = [1_000], []

        def call(_advertiser, _function):
            left.append(client.seconds_left(100))
            now[0] += 5
            return []

        self.patch(type(self.advertiser), "_call_event_sets", call)
        with patch.object(client, "time", types.SimpleNamespace(monotonic=lambda: now[0])):
            self.event_sets.with_user(self.manager).action_import_sets()
        self.assertEqual(left, [client.REQUEST_SECONDS, client.REQUEST_SECONDS - 5])

    def test_a_token_is_in_no_line_of_the_log(self):
        secret = "fake-token-of-the-log"
        ways = (("write", [[self.event_set.id], {"token": secret}]),)
        ways += (("search_count", [[["token", "=", secret]]]),)
        with self.assertLogs("odoo.service.model", "DEBUG") as log:
            for method, args in ways:
                with suppress(ValueError, UserError):
                    call_kw(self.event_sets, method, args, {})
        self.assertEqual(len(log.output), len(ways))
        self.assertNotIn(secret, "".join(log.output))
