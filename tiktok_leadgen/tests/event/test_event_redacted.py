"""What a user downloads of a delivery for support."""

import json

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ... import const
from ..common import TiktokHttpCommon, body, entry, next_uid


@tagged("post_install", "-at_install")
class TestEventRedacted(TiktokHttpCommon):
    """A description without personal data."""

    def setUp(self):
        super().setUp()
        self.uid = next_uid()
        self.post(body(entry(self.uid)), headers={"Authorization": "Bearer s3cret"})
        self.delivery = self.event(self.uid)

    def download(self, login):
        self.authenticate(login, login)
        return self.url_open(f"{const.REDACTED_ROUTE}/{self.delivery.id}")

    def test_headers_are_stored_without_secrets(self):
        headers = json.loads(self.delivery.headers)
        self.assertEqual(headers["content-type"], "application/json")
        self.assertEqual(headers["authorization"], len("Bearer s3cret"))
        self.assertNotIn("s3cret", self.delivery.headers)

    def test_a_sales_manager_downloads_it(self):
        action = self.delivery.with_user(self.manager).action_download_redacted()
        self.assertEqual(action["url"], f"{const.REDACTED_ROUTE}/{self.delivery.id}")
        response = self.download("tiktok_manager")
        self.assertEqual(response.status_code, 200)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        for value in ("Ana", "example.com", "56911112222", str(self.uid), "Spring", "s3cret"):
            self.assertNotIn(value, response.text)
        content = response.json()
        self.assertEqual((content["state"], content["kind"]), ("pending", "lead"))
        self.assertEqual(content["payload"]["keys"]["id"], {"type": "integer", "length": 19})
        self.assertEqual(content["headers"]["content-type"], "application/json")

    def test_no_one_else_downloads_it(self):
        with self.assertRaises(AccessError):
            self.delivery.with_user(self.salesman).action_download_redacted()
        for login in ("tiktok_salesman", "tiktok_stranger"):
            with self.assertLogs("odoo.http", "WARNING"):
                self.assertEqual(self.download(login).status_code, 403)
        self.authenticate(None, None)
        response = self.url_open(
            f"{const.REDACTED_ROUTE}/{self.delivery.id}", allow_redirects=False
        )
        self.assertEqual(response.status_code, 303)

    def test_a_scrubbed_delivery_is_described_as_such(self):
        self.delivery.raw = False
        self.assertEqual(self.download("tiktok_manager").json()["payload"], {"type": "removed"})

    def test_a_delivery_that_is_gone(self):
        self.delivery.unlink()
        self.assertEqual(self.download("tiktok_manager").status_code, 404)
