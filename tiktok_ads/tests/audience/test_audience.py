import hashlib
from datetime import timedelta

import requests

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.tiktok_leadgen.concurrency import UnfinishedError
from odoo.addons.tiktok_leadgen.job_time import find_job_limit, read_clock
from odoo.addons.tiktok_leadgen.tests.fake_business_api import response
from odoo.addons.tiktok_leadgen.tiktok import client

from ...models.audience.tiktok_audience import AUDIENCE_FILE_ROUTE
from ...models.audience.tiktok_audience_refresh import JOB
from ...tiktok import audience
from ..signals_common import SignalsCommon


def hash_text(text):
    """Return the hash TikTok wants."""
    return hashlib.sha256(text.encode()).hexdigest()


class AudienceCommon(SignalsCommon):
    """Won leads of three people, and a TikTok that wants three at least."""

    def setUp(self):
        super().setUp()
        self.patch(audience, "MIN_MEMBERS", 3)
        self.audiences = self.env["tiktok.audience"]
        self.people = self.leads.union(*(self.make_person(name) for name in ("ana", "bea", "cid")))
        self.win(self.people)

    def make_person(self, name):
        """Return a lead of a person with an e-mail address."""
        return self.make_lead(name=name, email=f"{name}@example.com")

    def make_audience(self, **values):
        """Return an audience of the ad account."""
        values = {
            "name": "Won",
            "advertiser_id": self.advertiser.id,
            "company_id": self.company.id,
            **values,
        }
        return self.audiences.with_user(self.manager).create(values).with_user(self.env.user)

    def refresh(self, record=None):
        """Run the scheduled action, of one audience in any case."""
        if record:
            record.next_refresh_at = False
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("tiktok_ads.ir_cron_refresh_audiences").method_direct_trigger()
        self.env.invalidate_all()

    def members_of(self, record):
        """Return the hashes of e-mail addresses in an audience."""
        return {line.split(",")[0] for line in record._iter_lines()}

    def remote(self, record):
        """Return the members at TikTok."""
        return {line.split(",")[0] for line in self.tiktok.audiences[record.audience_uid]}


@tagged("post_install", "-at_install")
class TestAudience(AudienceCommon):
    """Who is in an audience, and what TikTok has of it."""

    def test_won_leads_become_an_audience_that_is_refreshed_weekly(self):
        record = self.make_audience()
        self.assertEqual(record.state, "draft")
        self.refresh()
        self.assertEqual((record.state, record.member_count), ("active", 3))
        self.assertEqual(
            self.remote(record), {hash_text(f"{n}@example.com") for n in ("ana", "bea", "cid")}
        )
        self.assertEqual((record.is_valid, record.matched_count), (True, 700))
        wait = record.next_refresh_at - fields.Datetime.now()
        self.assertAlmostEqual(wait, timedelta(days=7), delta=timedelta(minutes=5))
        uid = record.audience_uid
        self.win(self.make_person("dan"))
        self.refresh()
        self.assertEqual(len(self.remote(record)), 3)
        self.refresh(record)
        self.assertEqual((record.audience_uid, len(self.remote(record))), (uid, 4))
        (update,) = self.tiktok.asked(audience.UPDATE)
        self.assertEqual(update["action"], "REPLACE")

    def test_an_audience_that_tiktok_computes_is_no_problem(self):
        self.tiktok.is_computing = True
        record = self.make_audience()
        self.refresh()
        self.assertEqual((record.state, record.is_valid, record.problem), ("active", False, False))
        self.tiktok.is_computing = False
        self.refresh()  # the daily run
        self.assertEqual((record.is_valid, record.matched_count), (True, 700))
        self.assertEqual(len(self.tiktok.asked(audience.UPLOAD)), 1)

    def test_an_only_ad_account_is_chosen(self):
        values = {"name": "Won", "company_id": self.company.id}
        audiences = self.audiences.with_user(self.manager).with_company(self.company)
        self.assertEqual(audiences.create(values).advertiser_id, self.advertiser)
        other = {"name": "Other", "advertiser_uid": "7163948356417551111"}
        self.advertiser.create({**other, "company_id": self.company.id})
        self.assertFalse(audiences.default_get(["advertiser_id"]).get("advertiser_id"))

    def test_lost_leads_and_customers_are_exclusions(self):
        junk, pricey = self.make_person("jun"), self.make_person("pri")
        junk.action_set_lost(lost_reason_id=self.lost_reason.id)
        pricey.action_set_lost(
            lost_reason_id=self.env["crm.lost.reason"].create({"name": "Price"}).id
        )
        lost = self.make_audience(kind="junk")
        self.assertEqual(
            self.members_of(lost), set(map(hash_text, ("jun@example.com", "pri@example.com")))
        )
        lost.lost_reason_ids = self.lost_reason
        self.assertEqual(self.members_of(lost), {hash_text("jun@example.com")})
        manual = self.leads.create(
            {"name": "x", "email_from": "old@example.com", "company_id": self.company.id}
        )
        self.win(manual)
        customers = self.members_of(self.make_audience(kind="customer"))
        self.assertIn(hash_text("old@example.com"), customers)
        self.assertNotIn(hash_text("old@example.com"), self.members_of(self.make_audience()))

    def test_a_person_is_in_it_once(self):
        self.win(self.make_person("ana"))
        self.assertEqual(len(list(self.make_audience()._iter_lines())), 3)

    def test_phones_are_hashed_with_their_plus(self):
        self.win(self.make_lead(name="Eva", phone_number="+971501234567"))
        lines = list(self.make_audience()._iter_lines())
        self.assertIn("," + hash_text("+971501234567"), lines)

    def test_people_who_object_leave_it(self):
        record = self.make_audience()
        ana, bea, _cid = self.people
        for name in ("dan", "eli", "fay"):
            self.win(self.make_person(name))
        self.refresh()
        self.make_person("ana").tiktok_ads_objection = True
        self.assertFalse(record.next_refresh_at)
        self.env["mail.blacklist"]._add(bea.email_normalized)
        self.refresh()
        gone = {hash_text(ana.email_normalized), hash_text(bea.email_normalized)}
        self.assertEqual(len(self.remote(record)), 4)
        self.assertFalse(gone & self.remote(record))

    def test_a_phone_on_the_blacklist_leaves_it(self):
        lead = self.make_lead(name="Eva", phone_number="+971501234567")
        self.win(lead)
        self.env["phone.blacklist"].create({"number": "+971501234567"})
        self.assertEqual(len(list(self.make_audience()._iter_lines())), 3)

    def test_an_erased_person_leaves_it_and_too_few_delete_it(self):
        record = self.make_audience()
        self.refresh()
        uid = record.audience_uid
        self.env["tiktok.privacy"]._erase_leads(self.people[0].sudo())
        self.refresh()
        self.assertEqual((record.state, record.audience_uid), ("removed", False))
        self.assertNotIn(uid, self.tiktok.audiences)
        self.assertEqual(record.member_count, 2)
        self.refresh(record)
        self.assertEqual(record.state, "removed")
        self.win(self.make_person("dan"))
        self.refresh(record)
        self.assertEqual((record.state, len(self.remote(record))), ("active", 3))

    def test_a_refusal_because_too_few_remain_deletes_it(self):
        record = self.make_audience()
        self.refresh()
        few = response({"code": 40002, "message": "At least 1000 members must remain."})
        fake = self.tiktok
        answer = fake.answer

        def refuse_update(request):
            return few if request.url.endswith(audience.UPDATE) else answer(request)

        fake.answer = refuse_update
        self.refresh(record)
        self.assertEqual((record.state, record.audience_uid), ("removed", False))
        self.assertFalse(self.tiktok.audiences)

    def test_too_few_people_are_not_uploaded(self):
        self.people[0].tiktok_ads_objection = True
        record = self.make_audience()
        self.refresh()
        self.assertEqual((record.state, record.member_count), ("too_small", 2))
        self.assertFalse(self.tiktok.files)

    def test_only_people_with_consent_are_in_it(self):
        self.company.tiktok_ads_consent = True
        self.people[0].sudo().tiktok_consent = "Ads?: Yes"
        self.people[1].sudo().tiktok_consent = "Ads?: No"
        self.assertEqual(self.members_of(self.make_audience()), {hash_text("ana@example.com")})

    def test_another_company_is_not_in_it(self):
        record = self.make_audience()
        self.people[0].company_id = self.other_company
        self.assertEqual(len(self.members_of(record)), 2)

    def test_an_audience_that_is_gone_is_created_again(self):
        record = self.make_audience()
        self.refresh()
        self.tiktok.audiences.clear()
        self.refresh(record)
        self.assertEqual(list(self.tiktok.audiences), [record.audience_uid])

    def test_an_audience_whose_answer_was_lost_is_found_again(self):
        record = self.make_audience()
        self.refresh()
        uid = record.audience_uid
        record.audience_uid = False
        self.refresh(record)
        self.assertEqual((record.audience_uid, list(self.tiktok.audiences)), (uid, [uid]))

    def test_an_error_is_shown_and_tried_again(self):
        record = self.make_audience()
        self.tiktok.refusals[audience.UPLOAD] = [40001]
        self.refresh()
        self.assertEqual(record.problem, "not_allowed")
        self.assertTrue(record.next_refresh_at)
        self.tiktok.down = requests.ConnectionError("Connection aborted")
        self.refresh(record)
        self.assertEqual((record.problem, record.attempt_count), ("unreachable", 2))
        self.tiktok.down = None
        self.refresh(record)
        self.assertEqual((record.problem, record.attempt_count), (False, 0))
        self.advertiser.sudo().action_disconnect()
        self.refresh(record)
        self.assertEqual(record.problem, "not_connected")

    def test_a_refresh_that_kills_its_process_is_tried_later(self):
        record = self.make_audience()
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO tiktok_job_attempt (job, record_id, attempts, started_at)"
            " VALUES (%s, %s, 3, now())",
            [JOB, record.id],
        )
        self.refresh()
        self.assertEqual(record.problem, "interrupted")
        self.assertFalse(self.tiktok.files)

    def test_a_large_audience_is_several_files(self):
        self.patch(audience, "FILE_ROWS", 2)
        record = self.make_audience()
        self.refresh()
        self.assertEqual(len(self.tiktok.files), 2)
        self.assertEqual(len(self.remote(record)), 3)

    def test_an_audience_at_tiktok_is_deleted_there_first(self):
        record = self.make_audience().with_user(self.manager)
        self.refresh()
        for attempt in (
            record.unlink,
            lambda: record.write({"active": False}),
            lambda: record.write({"kind": "junk"}),
        ):
            with self.assertRaises(UserError):
                attempt()
        record.action_delete_remote()
        self.assertFalse(record.active or record.audience_uid or self.tiktok.audiences)
        record.unlink()

    def test_its_members_cost_as_many_queries_as_one(self):
        record = self.make_audience()
        counts = []
        for _time in range(2):
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            list(record._iter_lines())
            counts.append(self.env.cr.sql_log_count - start)
            for number in range(5):
                self.win(self.make_person(f"p{number}"))
            self.env.invalidate_all()
        self.assertLessEqual(counts[1], counts[0] + 2)


@tagged("post_install", "-at_install")
class TestAudienceFile(AudienceCommon, HttpCase):
    """The file for who has no app."""

    def test_the_file_has_tiktoks_format(self):
        record = self.make_audience().with_user(self.manager)
        url = record.action_download()["url"]
        self.assertEqual(url, f"{AUDIENCE_FILE_ROUTE}/{record.id}")
        self.env.flush_all()
        self.authenticate("tiktok_manager", "tiktok_manager")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        header, *lines = answer.text.splitlines()
        self.assertEqual(header, "email_SHA256,phone_SHA256")
        self.assertEqual(len(lines), 3)
        self.assertEqual({len(line) for line in lines}, {65})
        self.assertNotIn("@", answer.text)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_a_salesperson_gets_no_file(self):
        record = self.make_audience()
        self.env.flush_all()
        self.authenticate("tiktok_salesman", "tiktok_salesman")
        with self.assertLogs("odoo.http", "WARNING"):
            self.assertEqual(self.url_open(f"{AUDIENCE_FILE_ROUTE}/{record.id}").status_code, 403)
        with self.assertRaises(AccessError):
            record.with_user(self.salesman).action_download()
        self.authenticate("tiktok_stranger", "tiktok_stranger")
        with self.assertLogs("odoo.http", "WARNING"):
            self.assertEqual(self.url_open(f"{AUDIENCE_FILE_ROUTE}/{record.id}").status_code, 403)

    def test_an_audience_that_stays_due_does_not_wake_the_job_again_and_again(self):
        record = self.make_audience()
        record.next_refresh_at = read_clock(self.env) - timedelta(hours=1)

        def refuse(_audience):
            raise UnfinishedError

        self.patch(type(record), "_refresh_audience", refuse)
        cron = self.env.ref("tiktok_ads.ir_cron_refresh_audiences")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        self.refresh()
        times = triggers.search([("cron_id", "=", cron.id)]).mapped("call_at")
        self.assertTrue(times)
        self.assertGreater(min(times), read_clock(self.env))

    def test_a_refresh_ends_before_odoo_ends_its_process(self):
        record, left = self.make_audience(), []
        self.patch(
            type(record), "_sync_remote", lambda _self: left.append(client.seconds_left(10**6))
        )
        self.refresh()
        self.assertLess(left[0], find_job_limit())

    def test_a_status_without_its_list_is_no_deleted_audience(self):
        record = self.make_audience()
        self.tiktok.instead[audience.GET] = {}
        self.refresh()
        self.assertTrue(record.problem)
        self.assertIn(record.audience_uid, self.tiktok.audiences)
        self.tiktok.instead.clear()
        self.refresh(record)
        self.assertEqual((record.problem, record.is_valid), (False, True))
        self.assertEqual(len(self.tiktok.audiences), 1)
