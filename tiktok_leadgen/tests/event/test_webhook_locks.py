import time

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.tests import tagged
from odoo.tests.common import get_db_name

from ..common import TiktokHttpCommon, body, entry, next_uid

TOKEN = "fake-token-of-the-held-company"
SECONDS = 60  # the lock is given up after a moment; waiting for it would take minutes


@tagged("post_install", "-at_install")
class TestWebhookLocks(TiktokHttpCommon):
    """A delivery never waits for a locked row."""

    @classmethod
    def setUpClass(cls):
        # Committed before the transaction of the tests begins: another connection holds it.
        with Registry(get_db_name()).cursor() as cr:
            companies = api.Environment(cr, SUPERUSER_ID, {})["res.company"]
            held = companies.create({"name": "Held by a person"})
            held.env["tiktok.webhook.token"]._replace_token(held, TOKEN)
            cls.committed_company_ids = (held.id,)
            cls.held_id = held.id
        cls.addClassCleanup(cls.remove_company)
        super().setUpClass()

    @classmethod
    def remove_company(cls):
        """Take away what was committed."""
        with Registry(get_db_name()).cursor() as cr:
            company = api.Environment(cr, SUPERUSER_ID, {})["res.company"].browse(cls.held_id)
            company.tiktok_leadgen_enabled = False
            company.unlink()

    def test_a_company_that_is_locked_answers_503_soon_and_takes_the_lead_later(self):
        company, content = self.env["res.company"].browse(self.held_id), body(entry(next_uid()))
        with sql_db.db_connect(get_db_name()).cursor() as other:
            other.execute("SELECT id FROM res_company WHERE id = %s FOR UPDATE", [self.held_id])
            for _again in range(2):
                began = time.monotonic()
                with self.refused():
                    response = self.post(content, company=company, token=TOKEN)
                self.assertEqual(response.status_code, 503)
                self.assertLess(time.monotonic() - began, SECONDS)
            self.assertEqual(self.post(body(entry())).status_code, 200)  # another company's
            other.rollback()
        self.assertEqual(self.post(content, company=company, token=TOKEN).status_code, 200)
        stored = self.events.search([("company_id", "=", company.id)])
        self.assertEqual(len(stored), 1)
        stored.unlink()
