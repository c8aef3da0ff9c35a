import logging
import re
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tiktok import crypto
from ..common import TiktokHttpCommon, body, entry, freeze_clock, next_uid

# Names of fields that may hold what opens a door.
SECRET_NAME = re.compile(r"token|secret|verifier|password|(^|_)key(_|$)|state_hash")
# Stored in clear, because each is public or a name and not a secret.
PUBLIC = {
    "tiktok.account.avatar_key": "the picture's address without its signature",
    "tiktok.account.token_problem": "a sentence",
    "res.company.tiktok_client_key": "TikTok puts it in addresses that browsers show",
    "tiktok.domain.file.token": "served to everyone at /tiktok<token>.txt",
    "tiktok.event.dedup_key": "ids and hashes of what came",
}


@tagged("post_install", "-at_install")
class TestWebhookToken(TiktokHttpCommon):
    """Who finds out the token in the address, and how long it counts."""

    def deliver(self, token):
        """Return the state of a lead that comes with a token."""
        uid = next_uid()
        self.assertEqual(self.post(body(entry(uid)), token=token).status_code, 200)
        return self.event(uid).state

    def renew(self, company=None):
        """Click New token; return the token that it replaced."""
        company = company or self.company
        old = company.tiktok_webhook_token
        company.with_user(self.manager).action_tiktok_new_token()
        return old

    # === IT STAYS SECRET === #

    def stored_secrets(self):
        """Yield the stored fields of ours whose names sound like a secret."""
        for name, model in self.env.items():
            for field in model._fields.values():
                is_ours = any(module.startswith("tiktok_") for module in field._modules)
                is_text = field.type in ("char", "text", "html", "json", "binary")
                is_stored = field.store and not model._abstract
                if is_ours and is_text and is_stored and SECRET_NAME.search(field.name):
                    yield f"{name}.{field.name}", field

    def test_no_stored_field_holds_a_secret_in_clear(self):
        found = dict(self.stored_secrets())
        self.assertIn("tiktok.webhook.token.token_hash", found)
        for path, field in found.items():
            with self.subTest(path):
                if path not in PUBLIC:
                    self.assertTrue(field.name.endswith(("_sealed", "_hash")))
                    self.assertEqual(field.groups, fields.NO_ACCESS)

    def test_no_table_holds_the_token(self):
        token = self.company.tiktok_webhook_token
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        for (table,) in self.env.cr.fetchall():
            query = f'SELECT count(*) FROM "{table}" t WHERE strpos(t::text, %s) > 0'  # noqa: S608
            self.env.cr.execute(query, [token])
            self.assertEqual(self.env.cr.fetchone()[0], 0, table)

    @mute_logger("odoo.domains", "odoo.fields")
    def test_no_search_from_another_model_tells_the_token(self):
        attachments = self.env["ir.attachment"].with_user(self.salesman)
        attachments.create({"name": "mine", "company_id": self.company.id})
        self.assertTrue(attachments.search_count([("company_id.name", "=", self.company.name)]))
        token = self.company.tiktok_webhook_token
        company = self.env["res.company"]
        for name, field in company._fields.items():
            if not name.startswith("tiktok_") or field.type not in ("char", "text"):
                continue
            for operator, value in (("=like", f"{token[:8]}%"), ("ilike", token), ("=", token)):
                domain = [(f"company_id.{name}", operator, value)]
                with self.subTest(domain=(name, operator)):
                    try:
                        count = attachments.search_count(domain)
                    except (AccessError, ValueError, TypeError):
                        continue  # refused, whether it is right or wrong
                    self.assertEqual(count, 0)

    def test_no_relation_leads_to_the_tokens(self):
        for model in self.env.values():
            for field in model._fields.values():
                self.assertNotEqual(field.comodel_name, "tiktok.webhook.token", str(field))

    def test_no_user_reads_or_writes_it_over_rpc(self):
        for user in (self.salesman, self.manager, self.env.ref("base.user_admin")):
            company = self.company.with_user(user)
            for call in (
                lambda company=company: company.read(["tiktok_webhook_token"]),
                lambda company=company: company.write({"tiktok_webhook_token": "mine"}),
                lambda user=user: self.env["tiktok.webhook.token"].with_user(user).search([]),
            ):
                with self.assertRaises(AccessError):
                    call()

    def test_the_address_shows_it_only_to_administrators_of_the_company(self):
        address = self.company.with_user(self.manager).tiktok_webhook_url
        self.assertTrue(address.endswith(self.company.tiktok_webhook_token))
        self.stranger.group_ids += self.env.ref("base.group_erp_manager")  # reads all companies
        self.assertFalse(self.company.with_user(self.stranger).tiktok_webhook_url)

    # === EACH COMPANY HAS ITS OWN === #

    def test_each_company_has_its_own(self):
        made = self.env["res.company"].create([{"name": "One"}, {"name": "Two"}])
        companies = self.company + self.other_company + made
        tokens = companies.mapped("tiktok_webhook_token")
        self.assertEqual(len(set(filter(None, tokens))), 4)

    def test_installing_gives_one_to_companies_that_have_none(self):
        stored = self.other_company.tiktok_webhook_token
        self.company.tiktok_webhook_token = False
        self.env["tiktok.webhook.token"]._create_all_missing_tokens()
        self.company.invalidate_recordset()
        self.assertEqual(self.deliver(self.company.tiktok_webhook_token), "pending")
        self.assertEqual(self.other_company.tiktok_webhook_token, stored)

    def test_a_company_is_made_where_secrets_can_not_be_sealed(self):
        self.setting("INTEGRATION_ENCRYPTION_KEY", "no key")
        with self.assertLogs("odoo.addons.tiktok_leadgen", logging.WARNING):
            company = self.env["res.company"].create({"name": "Without a key"})
        self.assertFalse(company.tiktok_webhook_url)
        self.setting("INTEGRATION_ENCRYPTION_KEY", crypto.make_key())
        company.action_tiktok_new_token()
        self.assertTrue(company.tiktok_webhook_url)

    def test_leads_come_though_the_key_is_lost(self):
        token = self.company.tiktok_webhook_token
        self.setting("INTEGRATION_ENCRYPTION_KEY", crypto.make_key())
        self.company.invalidate_recordset()
        self.assertEqual(self.deliver(token), "pending")
        self.assertFalse(self.company.tiktok_webhook_url)

    # === A REPLACED TOKEN === #

    def test_the_old_token_counts_for_48_hours(self):
        with freeze_clock("2026-09-20 11:00:00"):
            old = self.renew()
            until = self.company.with_user(self.manager).tiktok_old_token_until
            self.assertEqual(until, fields.Datetime.now() + timedelta(hours=48))
            self.assertEqual(self.deliver(old), "pending")
            self.assertEqual(self.deliver(self.company.tiktok_webhook_token), "pending")
        with freeze_clock("2026-09-22 10:59:59"):
            self.assertEqual(self.deliver(old), "pending")
        with freeze_clock("2026-09-22 11:00:00"):
            self.assertEqual(self.deliver(old), "quarantined")
            self.assertEqual(self.deliver(self.company.tiktok_webhook_token), "pending")
            tokens = self.env["tiktok.webhook.token"].search([("company_id", "=", self.company.id)])
            self.assertEqual(len(tokens.filtered("token_sealed")), 1)

    def test_the_company_chooses_for_how_long(self):
        self.company.with_user(self.manager).tiktok_token_grace_hours = 2
        with freeze_clock("2026-09-20 11:00:00"):
            old = self.renew()
        with freeze_clock("2026-09-20 13:00:00"):
            self.assertEqual(self.deliver(old), "quarantined")

    def test_clicking_twice_keeps_the_token_that_tiktok_still_uses(self):
        pasted = self.renew()
        between = self.renew()
        states = map(self.deliver, (pasted, between, self.company.tiktok_webhook_token))
        self.assertEqual(list(states), ["pending"] * 3)

    def test_the_old_token_is_revoked_by_its_button(self):
        old = self.renew()
        company = self.company.with_user(self.manager)
        company.action_tiktok_revoke_old_token()
        self.assertEqual(self.deliver(old), "quarantined")
        self.assertEqual(self.deliver(self.company.tiktok_webhook_token), "pending")
        self.assertFalse(company.tiktok_old_token_until)
        with self.assertRaises(UserError):
            company.action_tiktok_revoke_old_token()

    def test_only_its_administrators_revoke_it(self):
        old = self.renew()
        for user in (self.salesman, self.stranger):
            with self.assertRaises(AccessError):
                self.company.with_user(user).action_tiktok_revoke_old_token()
        self.assertEqual(self.deliver(old), "pending")

    def test_an_old_token_is_good_for_its_company_only(self):
        old = self.renew()
        uid = next_uid()
        self.post(body(entry(uid)), token=old, company=self.other_company)
        self.assertEqual(self.event(uid, self.other_company).state, "quarantined")
