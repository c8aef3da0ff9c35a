import json
import time

from odoo import fields
from odoo.tests import tagged

from ... import const
from ..developer_common import SECRET, VECTOR, VECTOR_HEADER, DeveloperCommon, sign


@tagged("post_install", "-at_install")
class TestDeveloperWebhook(DeveloperCommon):
    """Who may say something, when, and about whom."""

    # === WHO IT IS === #

    def test_the_vector_is_accepted_whenever_it_comes(self):
        event = self.deliver(VECTOR, VECTOR_HEADER)
        self.assertEqual((event.kind, event.state), ("account", "pending"))
        self.assertEqual(event.event_name, "authorization.removed")
        self.assertEqual(event.account_id, self.account)
        self.assertEqual(event.company_id, self.company)
        self.assertEqual(event.submitted_at, fields.Datetime.to_datetime("2026-07-19 22:26:40"))

    def test_without_the_last_slash(self):
        event = self.deliver(path=const.DEVELOPER_WEBHOOK_ROUTE.rstrip("/"))
        self.assertEqual(event.state, "pending")

    def test_each_defect_is_refused_alike_and_leaves_no_row(self):
        digest = VECTOR_HEADER.partition("s=")[2]
        headers = [
            "",
            digest,
            f"s={digest}",
            f"t=,s={digest}",
            f"t=soon,s={digest}",
            f"t=1784500002,s={digest}",
            f"t=1784500001,t=1784500001,s={digest}",
            "t=1784500001",
            "t=1784500001,s=",
            f"t=1784500001,s={digest[:-1]}",
            f"t=1784500001,s={digest[:-1]}0",
            f"t=1784500001,s={digest.upper()}",
            f"t=1784500001,v={digest}",
            sign(VECTOR, "another_secret"),
            sign(VECTOR + b" "),
        ]
        for header in headers:
            with self.subTest(header=header):
                self.assertFalse(self.deliver(VECTOR, header, status=401))
        self.assertEqual(self.account.state, "connected")

    def test_a_refusal_tells_nothing(self):
        raw = json.dumps({"client_key": "ck_demo"}).encode()
        answers = set()
        for header in ("", "t=1,s=1", sign(raw, "another_secret")):
            headers = {"Content-Type": "application/json", "TikTok-Signature": header}
            answers.add(
                self.url_open(const.DEVELOPER_WEBHOOK_ROUTE, data=raw, headers=headers).text
            )
        self.assertEqual(len(answers), 1)
        self.assertNotIn("ck_demo", answers.pop())

    def test_one_of_several_signatures_is_enough(self):
        header = VECTOR_HEADER.replace("s=", "s=0000,s=")
        self.assertEqual(len(self.deliver(VECTOR, header)), 1)

    def test_another_apps_key_is_refused(self):
        for client_key in ("ck_other", "", None, "CK_DEMO", ["ck_demo"]):
            with self.subTest(client_key=client_key):
                self.assertFalse(self.deliver(client_key=client_key, status=401))

    def test_a_form_is_refused(self):
        headers = {"TikTok-Signature": VECTOR_HEADER}
        response = self.url_open(
            const.DEVELOPER_WEBHOOK_ROUTE, data={"client_key": "ck_demo"}, headers=headers
        )
        self.assertEqual(response.status_code, 401)

    def test_without_any_secret_tiktok_shall_try_again(self):
        self.company.tiktok_client_secret = False
        self.company.tiktok_client_secret_sealed = False
        with self.refused():
            self.assertFalse(self.deliver(status=503))

    def test_a_test_without_signature_is_answered_and_does_nothing(self):
        ping = {"event": "tiktok.ping", "user_openid": "oid_any", "content": "{}"}
        self.assertFalse(self.deliver(header="", **ping))
        self.assertFalse(self.deliver(header="", client_key="", **ping))
        self.assertFalse(self.deliver(header="t=1,s=1", status=401, **ping), "a wrong one")
        self.company.tiktok_client_secret = False
        self.assertFalse(self.deliver(header="", **ping), "no secret is needed to do nothing")
        with self.refused():
            self.assertFalse(self.deliver(header="", status=503))
            self.assertFalse(self.deliver(header="", status=503, event="tiktok.pings"))

    def test_a_secret_that_cannot_be_opened_lets_tiktok_try_again(self):
        self.company.tiktok_client_secret_sealed = "gAAAAA-sealed-with-a-lost-key"
        with self.refused():
            self.assertFalse(self.deliver(status=503))

    def test_a_new_secret_counts_at_once(self):
        self.company.tiktok_client_secret = "another_secret"
        raw = VECTOR
        self.assertFalse(self.deliver(raw, VECTOR_HEADER, status=401))
        self.assertTrue(self.deliver(raw, sign(raw, "another_secret")))

    def test_the_environments_app_is_every_companys_that_has_none(self):
        self.setting("TIKTOK_CLIENT_ID", "ck_shared")
        self.setting("TIKTOK_CLIENT_SECRET", "shared_secret")
        shared = self.make_account(self.other_company)
        raw = VECTOR.replace(b"ck_demo", b"ck_shared")
        event = self.deliver(raw, sign(raw, "shared_secret"))
        self.assertEqual(event.account_id, shared)

    def test_too_large_a_body_is_refused(self):
        raw = b" " * (const.MAX_DEVELOPER_WEBHOOK_BYTES + 1)
        self.assertFalse(self.deliver(raw, sign(raw), status=413))

    def test_a_get_is_refused(self):
        self.assertEqual(self.url_open(const.DEVELOPER_WEBHOOK_ROUTE).status_code, 405)

    def test_no_session_is_made(self):
        headers = {"TikTok-Signature": sign(VECTOR), "Content-Type": "application/json"}
        response = self.opener.post(
            self.base_url() + const.DEVELOPER_WEBHOOK_ROUTE,
            data=VECTOR,
            headers=headers,
            timeout=20,
        )
        self.assertNotIn("session_id", response.headers.get("Set-Cookie", ""))

    # === TIME === #

    def test_seconds_and_milliseconds(self):
        for moment in (1784500000, 1784500000000):
            event = self.deliver(create_time=moment)[-1]
            self.assertEqual(str(event.submitted_at), "2026-07-19 22:26:40")

    def test_a_stale_event_that_does_no_harm_is_accepted(self):
        raw = VECTOR.replace(b"authorization.removed", b"video.upload.failed")
        for moment in (time.time() - 301, time.time() - 3 * 86400, time.time() + 301):
            with self.subTest(moment=moment):
                raw = raw.replace(b'{"client', b'{ "client')
                event = self.deliver(raw, sign(raw, moment=moment))
                self.assertEqual((event.state, event.reason), ("pending", False))

    def test_a_stale_removal_older_than_the_connection_is_ignored(self):
        self.account.connected_at = fields.Datetime.now()
        event = self.deliver(VECTOR, VECTOR_HEADER)
        self.assertEqual((event.state, event.reason), ("ignored", "stale"))
        self.process()
        self.assertEqual(self.account.state, "connected")

    def test_a_stale_removal_without_a_time_is_ignored(self):
        raw = VECTOR.replace(b"1784500000", b"null")
        event = self.deliver(raw, sign(raw, moment=1784500001))
        self.assertEqual((event.state, event.reason), ("ignored", "stale"))

    def test_a_removal_from_before_the_connection_is_ignored(self):
        self.account.connected_at = fields.Datetime.now()
        event = self.deliver(create_time=1784500000)
        self.process()
        self.assertEqual((event.state, event.reason), ("ignored", "outdated"))
        self.assertEqual((self.account.state, self.tokens()), ("connected", 1))

    # === WHOSE IT IS === #

    def test_two_companies_with_one_app_and_one_account(self):
        self.other_company.write({"tiktok_client_key": "ck_demo", "tiktok_client_secret": SECRET})
        other = self.make_account(self.other_company)
        events = self.deliver(VECTOR, VECTOR_HEADER)
        self.assertEqual(events.account_id, self.account | other)
        self.assertEqual(events.company_id, self.company | self.other_company)
        self.process()
        self.assertEqual(set((self.account | other).mapped("state")), {"disconnected"})

    def test_another_companys_app_cannot_speak_of_our_account(self):
        self.other_company.write({"tiktok_client_key": "ck_2", "tiktok_client_secret": "secret_2"})
        raw = VECTOR.replace(b"ck_demo", b"ck_2")
        event = self.deliver(raw, sign(raw, "secret_2"))
        self.assertEqual((event.state, event.reason), ("ignored", "unknown_account"))
        self.assertEqual(event.company_id, self.other_company)
        self.deliver(VECTOR, sign(VECTOR, "secret_2"), status=401)
        self.process()
        self.assertEqual(self.account.state, "connected")

    def test_an_archived_account_is_disconnected_too(self):
        self.account.active = False
        self.deliver()
        self.process()
        self.assertEqual(self.account.state, "disconnected")

    def test_who_sees_it(self):
        event = self.deliver()
        self.assertIn(event, self.events.with_user(self.manager).search([]))
        self.assertNotIn(event, self.events.with_user(self.stranger).search([]))
        self.assertNotIn(event, self.events.with_user(self.salesman).search([]))
        self.salesman.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.assertIn(event, self.events.with_user(self.salesman).search([]))
        names = self.events.with_user(self.salesman).fields_get()
        self.assertNotIn("account_id", names)
        self.assertNotIn("raw", names)
