import hashlib
import hmac
import json
from contextlib import suppress

import requests

from odoo.tests import tagged

from ... import const
from ...tiktok.business_client import BusinessClient
from ...tiktok.errors import RetryLaterError
from ..common import APP_SECRET, TiktokHttpCommon, body, entry, next_uid
from ..log_common import everything_logged

PERSON = {
    "first_name": "Xochitl",
    "last_name": "Quetzalcoatl",
    "email": "xochitl@private.example",
    "phone_number": "+56987654321",
    "What do you earn?": "fortytwo-thousand",
}
PRIVATE = ["Xochitl", "Quetzalcoatl", "private.example", "987654321", "fortytwo", APP_SECRET]
CLOSED_PORT = "http://127.0.0.1:1/open_api/v1.3"
SEND = requests.Session.send


@tagged("post_install", "-at_install")
class TestLog(TiktokHttpCommon):
    """No personal data and no token in the log, at any level."""

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Let calls to a closed port pass: Odoo's tests take no pair of timeouts."""
        if request.url.startswith(CLOSED_PORT):
            return SEND(session, request, **options)
        return super()._request_handler(session, request, **options)

    def assert_private(self, lines, *secrets):
        text = "\n".join(lines)
        self.assertTrue(text)
        for secret in (*PRIVATE, *secrets):
            self.assertNotIn(secret, text)

    def access_lines(self, lines):
        return [line for line in lines if line.startswith("INFO werkzeug") and "HTTP/1" in line]

    def test_a_lead_from_the_post_to_the_crm_says_nothing(self):
        self.company.tiktok_app_secret = APP_SECRET
        uid = next_uid()
        with everything_logged() as lines:
            self.post_signed(body(entry(uid, answers=PERSON)))
            self.process()
        self.assertEqual(self.lead(uid).contact_name, "Xochitl Quetzalcoatl")
        self.assert_private(lines, self.company.tiktok_webhook_token)

    def test_the_access_log_shows_the_address_without_its_token(self):
        with everything_logged() as lines:
            self.post(body(entry(answers=PERSON)))
        (line,) = self.access_lines(lines)
        self.assertIn(const.LEAD_WEBHOOK_ROUTE, line)
        self.assertIn(f"company_id={self.company.id}&token=***", line)
        self.assertIn(" 200 ", line)

    def test_other_forms_of_the_address_hide_the_token_too(self):
        token = self.company.tiktok_webhook_token
        for query in (f"token={token}&company_id=1", f"TOKEN={token}", f"x=1&token={token}%20"):
            with everything_logged() as lines:
                self.post(body(entry(answers=PERSON)), query=query)
                self.url_open(f"{const.LEAD_WEBHOOK_ROUTE}?{query}")
                self.url_open(f"{const.LEAD_WEBHOOK_ROUTE}?{query}", method="PUT")
            self.assertEqual(len(self.access_lines(lines)), 3)
            self.assert_private(lines, token)

    def test_an_address_of_others_is_printed_as_it_is(self):
        with everything_logged() as lines:
            self.url_open("/web/health?token=abc")
        self.assertIn("token=abc", self.access_lines(lines)[0])

    def test_a_wrong_token_and_a_refusal_say_nothing(self):
        self.patch(const, "QUARANTINE_ROWS", 0)
        with everything_logged() as lines:
            wrong = "guessed-token"
            response = self.post(body(entry(answers=PERSON)), token=wrong)
        self.assertEqual(response.status_code, 429)
        self.assert_private(lines, wrong)
        self.assertTrue(any("unverified deliveries refused" in line for line in lines))

    def test_unreadable_bodies_say_nothing(self):
        for raw in (b"Xochitl", b'{"name": "Xochitl", ', "Xochitl \xeb".encode("latin-1")):
            with everything_logged() as lines:
                self.post(None, raw=raw)
                self.process()
            self.assert_private(lines)

    def test_a_lead_that_our_code_can_not_make_says_nothing(self):
        self.poison()
        uid = next_uid()
        with everything_logged() as lines:
            self.post(body(entry(uid, answers=PERSON), entry(answers=PERSON)))
            self.process()
        self.assertTrue(any("attempt 1 failed: ValueError" in line for line in lines))
        self.assert_private(lines, self.company.tiktok_webhook_token)
        event = self.event(uid)
        self.assertNotIn("Xochitl", f"{event.error} {event.history}")

    def test_a_lead_that_the_database_refuses_says_nothing(self):
        self.env.cr.execute(
            "ALTER TABLE crm_lead ADD CONSTRAINT no_quetzal CHECK (contact_name NOT LIKE '%Quetz%')"
        )
        uid = next_uid()
        with everything_logged() as lines:
            self.post(body(entry(uid, answers=PERSON)))
            self.process()
        event = self.event(uid)
        self.assertEqual((event.state, event.attempt_count), ("pending", 1))
        self.assertIn("no_quetzal", event.error)
        self.assertTrue(any("ERROR odoo.sql_db" in line for line in lines))
        self.assert_private(lines)

    def test_an_event_that_the_database_refuses_says_nothing(self):
        self.env.cr.execute("ALTER TABLE tiktok_event ADD CONSTRAINT no_raw CHECK (raw IS NULL)")
        with everything_logged() as lines:
            response = self.post(body(entry(answers=PERSON)))
        self.assertEqual(response.status_code, 503)
        self.assert_private(lines, self.company.tiktok_webhook_token)
        self.assertNotIn("Xochitl", response.text)

    def test_setting_a_secret_and_a_token_says_neither(self):
        with everything_logged() as lines:
            self.company.tiktok_app_secret = APP_SECRET
            self.company.with_user(self.manager).action_tiktok_new_token()
            self.env.flush_all()
        self.assertNotIn(APP_SECRET, "\n".join(lines))
        self.assertNotIn(self.company.tiktok_webhook_token, "\n".join(lines))

    def test_the_test_lead_of_the_button_says_nothing(self):
        with everything_logged() as lines:
            action = self.company.with_user(self.manager).action_tiktok_send_test_lead()
        self.assertEqual(action["res_model"], "crm.lead")
        text = "\n".join(lines)
        self.assertNotIn(self.company.tiktok_webhook_token, text)
        self.assertNotIn(json.dumps(self.company.name), text)

    def test_a_developer_event_says_nothing(self):
        self.company.write({"tiktok_client_key": "ck_demo", "tiktok_client_secret": APP_SECRET})
        content = {"client_key": "ck_demo", "event": "tiktok.ping", "user_openid": "Xochitl"}
        raw = json.dumps(content).encode()
        digest = hmac.new(APP_SECRET.encode(), b"1784500001." + raw, hashlib.sha256).hexdigest()
        with everything_logged() as lines:
            for header in (f"t=1784500001,s={digest}", f"t=1784500002,s={digest}"):
                headers = {"Content-Type": "application/json", "TikTok-Signature": header}
                self.url_open(const.DEVELOPER_WEBHOOK_ROUTE, data=raw, headers=headers)
            self.process()
        self.assertIn("TikTok developer webhook: refused", "\n".join(lines))
        self.assert_private(lines, digest)

    def test_the_apps_secret_is_in_no_address_that_is_logged(self):
        client = BusinessClient(CLOSED_PORT)
        with self.assertLogs("urllib3.connectionpool", "DEBUG") as log, suppress(RetryLaterError):
            client.get("/subscription/get/", {"app_id": "7000", "secret": APP_SECRET})
        self.assertIn("/subscription/get/", "".join(log.output))
        self.assertNotIn(APP_SECRET, "".join(log.output))
