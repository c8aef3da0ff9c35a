from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ..common import TiktokCommon, entry, next_uid

MODELS = ("tiktok.event", "tiktok.form", "tiktok.form.question", "tiktok.advertiser")


@tagged("post_install", "-at_install")
class TestCompanies(TiktokCommon):
    """Two companies in one database never see each other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["tiktok.advertiser"].create(
            {"name": "A", "advertiser_uid": "1", "company_id": cls.company.id}
        )

    def setUp(self):
        super().setUp()
        self.mine = self.make()

    def test_the_stranger_finds_nothing_of_ours(self):
        for model in MODELS:
            with self.subTest(model=model):
                ours = self.env[model].search([("company_id", "=", self.company.id)])
                self.assertTrue(ours)
                self.assertTrue(ours.with_user(self.manager).search([]) & ours)
                found = ours.with_user(self.stranger).search([])
                self.assertFalse(found.sudo().filtered(lambda r: r.company_id == self.company))
                with self.assertRaises(AccessError):
                    ours.with_user(self.stranger).read(["display_name"])

    def test_the_stranger_sees_no_lead_of_ours(self):
        self.assertFalse(self.leads.with_user(self.stranger).search([("id", "=", self.mine.id)]))
        with self.assertRaises(AccessError):
            self.mine.with_user(self.stranger).read(["tiktok_answers"])

    def test_the_stranger_sees_neither_our_token_nor_our_address(self):
        company = self.company.with_user(self.stranger)
        for name in ("tiktok_webhook_token", "tiktok_webhook_url", "tiktok_app_id"):
            with self.assertRaises(AccessError):
                company.read([name])

    def test_the_stranger_can_not_act_for_our_company(self):
        company = self.company.with_user(self.stranger)
        token = self.company.tiktok_webhook_token
        for action in ("new_token", "switch", "send_test_lead"):
            with self.assertRaises(AccessError):
                getattr(company, f"action_tiktok_{action}")()
        self.assertEqual(self.company.tiktok_webhook_token, token)
        self.assertTrue(self.company.tiktok_leadgen_enabled)

    def test_the_stranger_can_not_replay_or_open_our_events(self):
        event = self.event(self.mine.tiktok_lead_uid)
        event.state = "failed"
        with self.assertRaises(AccessError):
            event.with_user(self.stranger).action_replay()
        with self.assertRaises(AccessError):
            event.with_user(self.stranger).action_open_lead()

    def test_the_counters_of_one_company_count_nothing_of_the_other(self):
        mine = self.company.with_user(self.manager)
        theirs = self.other_company.with_user(self.stranger)
        self.assertEqual((mine.tiktok_received_today, mine.tiktok_created_today), (1, 1))
        self.assertEqual((theirs.tiktok_received_today, theirs.tiktok_created_today), (0, 0))
        self.assertTrue(mine.tiktok_last_received_at)
        self.assertFalse(theirs.tiktok_last_received_at)

    def test_the_same_lead_id_may_be_in_both_companies(self):
        uid = int(self.mine.tiktok_lead_uid)
        self.receive(entry(uid), company=self.other_company)
        self.process()
        self.assertEqual(len(self.lead(uid)), 1)
        theirs = self.lead(uid, self.other_company)
        self.assertEqual(len(theirs), 1)
        self.assertNotEqual(theirs.tiktok_form_id, self.mine.tiktok_form_id)
        self.assertEqual(theirs.tiktok_form_id.company_id, self.other_company)

    def test_one_run_makes_the_leads_of_both_companies(self):
        one, two = next_uid(), next_uid()
        self.receive(entry(one))
        self.receive(entry(two), company=self.other_company)
        self.process()
        self.assertEqual(self.lead(one).company_id, self.company)
        self.assertEqual(self.lead(two, self.other_company).company_id, self.other_company)

    def test_a_poisonous_company_does_not_stop_the_other(self):
        one, two = next_uid(), next_uid()
        self.poison(one)
        self.receive(entry(one))
        self.receive(entry(two), company=self.other_company)
        self.process_failing()
        self.assertEqual(self.event(one).attempt_count, 1)
        self.assertTrue(self.lead(two, self.other_company))

    def test_earlier_leads_of_a_person_are_those_of_the_company(self):
        theirs = self.make(company=self.other_company)
        self.assertFalse(theirs.tiktok_earlier_ids & self.mine)

    def test_each_company_has_a_token_of_its_own_from_the_beginning(self):
        companies = self.env["res.company"].with_context(active_test=False).search([])
        tokens = self.env["tiktok.webhook.token"].search([("expires_at", "=", False)])
        self.assertFalse(companies - tokens.company_id)
        self.assertEqual(len(set(tokens.mapped("token_hash"))), len(companies))
        own = (self.company + self.other_company).mapped("tiktok_webhook_token")
        self.assertGreaterEqual(min(map(len, own)), 43)

    def test_who_has_no_access_to_sales_makes_and_changes_companies(self):
        administrator = new_test_user(self.env, "tiktok_database", "base.group_system")
        company = self.env["res.company"].with_user(administrator).create({"name": "Third"})
        company.write({"name": "Fourth"})
        with Form(company) as form:
            form.name = "Fifth"
        self.assertTrue(company.sudo().tiktok_webhook_token)

    def test_a_row_without_a_company_is_seen_by_database_administrators_only(self):
        uid = next_uid()
        self.events._receive_webhook(b'{"name": "Ana", "lead_id": "%d"}' % uid, token="x")
        row = self.events.search([("lead_uid", "=", str(uid))])
        self.assertFalse(row.company_id)
        admin = self.env.ref("base.user_admin")
        self.assertTrue(row.with_user(admin).search([("id", "=", row.id)]))
        for user in (self.manager, self.salesman):
            self.assertFalse(row.with_user(user).search([("id", "=", row.id)]))
