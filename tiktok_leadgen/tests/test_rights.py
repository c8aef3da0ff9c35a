import json

from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import Form, tagged

from .common import APP_SECRET, TiktokCommon, TiktokHttpCommon, entry, next_uid

MODELS = (
    *(
        "tiktok.event",
        "tiktok.form",
        "tiktok.form.question",
        "tiktok.advertiser",
        "tiktok.location",
    ),
    *("crm.lead", "res.company", "crm.team"),
)
OURS = "odoo.addons.tiktok_leadgen"
# Overrides of what is public in Odoo itself.
INHERITED = {"write", "create", "unlink", "copy", "copy_data", "default_get", "read"}
INHERITED |= {"load", "init"}


@tagged("post_install", "-at_install")
class TestRights(TiktokCommon):
    """Who may see and do what."""

    def setUp(self):
        super().setUp()
        self.mine = self.make()
        self.event_of_lead = self.event(self.mine.tiktok_lead_uid)
        self.admin = self.env.ref("base.user_admin")
        self.admin.company_ids += self.company

    def public_methods(self):
        """Return what we added and RPC could reach, by model."""
        for model in MODELS:
            for cls in type(self.env[model]).__mro__:
                if cls.__module__.startswith(OURS):
                    for name, value in vars(cls).items():
                        if callable(value) and not name.startswith("_"):
                            yield model, name

    def test_rpc_reaches_nothing_of_ours_but_actions(self):
        methods = {name for _model, name in self.public_methods()} - INHERITED
        self.assertIn("action_replay", methods)
        self.assertEqual([name for name in methods if not name.startswith("action_")], [])

    def test_rpc_does_not_reach_the_way_in(self):
        for name in ("_receive", "_receive_webhook", "_cron_process", "_accept_event"):
            self.assertTrue(hasattr(self.events, name))
            with self.assertRaises(AccessError):
                get_public_method(self.events, name)
        with self.assertRaises(AccessError):
            get_public_method(self.leads, "_tiktok_create_or_merge")

    def test_a_salesman_does_not_read_the_raw_entry(self):
        event = self.event_of_lead.with_user(self.salesman)
        self.assertEqual(event.state, "done")
        for name in ("raw", "raw_pretty", "content", "person"):
            self.assertTrue(self.event_of_lead.with_user(self.manager)[name])
            with self.assertRaises(AccessError):
                event.read([name])
            self.assertNotIn(name, event.fields_get())
        with self.assertRaises(AccessError):
            event.search([("raw", "like", "Ana")])
        self.salesman.group_ids += self.env.ref("base.group_allow_export")
        with self.assertRaises(AccessError):
            event.export_data(["raw"])

    def test_a_salesman_of_own_leads_sees_no_event_of_a_colleagues_lead(self):
        self.mine.user_id = self.manager
        event = self.event_of_lead.with_user(self.salesman)
        self.assertFalse(event.search([("id", "=", event.id)]))
        with self.assertRaises(AccessError):
            event.web_read({"lead_id": {"fields": {"display_name": {}}}})
        self.mine.user_id = self.salesman
        self.assertEqual(event.search([("id", "=", event.id)]), event)
        self.mine.user_id = self.manager
        self.salesman.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.assertEqual(event.search([("id", "=", event.id)]), event)

    def test_no_user_writes_events(self):
        for user in (self.manager, self.admin):
            event = self.event_of_lead.with_user(user)
            for vals in ({"state": "pending"}, {"raw": "x"}, {"company_id": self.company.id}):
                with self.assertRaises(UserError):
                    event.write(vals)
            with self.assertRaises(AccessError):
                event.unlink()
            with self.assertRaises(AccessError):
                event.create({"kind": "lead", "dedup_key": "x", "company_id": self.company.id})
            with self.assertRaises(UserError):
                event.copy()
        with self.assertRaises(UserError):
            self.event_of_lead.with_user(self.salesman).write({"state": "pending"})

    def test_who_has_no_sales_rights_reads_nothing(self):
        for model in MODELS[:4]:
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.env.ref("base.public_user")).search([])

    def test_the_sealed_secret_is_read_by_nobody(self):
        self.company.tiktok_app_secret = APP_SECRET
        company = self.company.with_user(self.admin)
        name = "tiktok_app_secret_sealed"
        self.assertNotIn(name, company.fields_get())
        for attempt in (
            lambda: company.read([name]),
            lambda: company.web_read({name: {}}),
            lambda: company.search([(name, "!=", False)]),
            lambda: company.export_data([name]),
            lambda: company.write({name: "x"}),
            lambda: company.search_read([], [name]),
            lambda: company.formatted_read_group([], [name], ["__count"]),
            lambda: company.search([], order=name),
            lambda: company.mapped(name),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_the_secret_is_sealed_and_reading_gives_nothing(self):
        company = self.company.with_user(self.admin)
        read = company.web_save({"tiktok_app_secret": APP_SECRET}, {"tiktok_app_secret": {}})
        self.assertFalse(read[0]["tiktok_app_secret"])
        self.assertTrue(company.has_tiktok_app_secret)
        self.assertFalse(company.read(["tiktok_app_secret"])[0]["tiktok_app_secret"])
        self.assertFalse(company.export_data(["tiktok_app_secret"])["datas"][0][0])
        self.env.flush_all()
        self.env.cr.execute("SELECT row_to_json(c) FROM res_company c WHERE id = %s", [company.id])
        self.assertNotIn(APP_SECRET, json.dumps(self.env.cr.fetchone()))
        sealed = self.company.sudo().tiktok_app_secret_sealed
        self.assertEqual(company._tiktok_open_app_secret(sealed), APP_SECRET)

    def test_a_tiktok_administrator_sets_what_is_tiktoks_and_nothing_else(self):
        company = self.company.with_user(self.manager)
        self.assertTrue(company.tiktok_can_configure)
        company.web_save({"tiktok_assignment": "round_robin"}, {"tiktok_assignment": {}})
        self.assertEqual(self.company.tiktok_assignment, "round_robin")
        for values in (
            {"name": "Mine"},
            {"tiktok_assignment": "manual", "name": "Mine"},
            {"tiktok_app_secret_sealed": "x"},
            {"tiktok_quarantined_since": "2026-01-01 00:00:00"},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                company.write(values)
        with self.assertRaises(AccessError):
            (company + self.other_company.with_user(self.manager)).write({"tiktok_remind": False})
        for user in (self.stranger, self.salesman):
            with self.assertRaises(AccessError):
                self.company.with_user(user).write({"tiktok_remind": False})

    def test_an_empty_secret_forgets_it(self):
        self.company.tiktok_app_secret = APP_SECRET
        self.company.tiktok_app_secret = " "
        self.assertFalse(self.company.has_tiktok_app_secret)
        self.assertFalse(self.company.tiktok_app_secret_sealed)

    def test_saving_the_page_without_touching_the_secret_keeps_it(self):
        self.company.tiktok_app_secret = APP_SECRET
        company = self.company.with_user(self.admin).with_company(self.company)
        view = "tiktok_leadgen.res_company_view_form_tiktok"
        with Form(company, view=view) as form:
            self.assertFalse(form.tiktok_app_secret)
            form.tiktok_retention_days = 30
        self.assertTrue(self.company.tiktok_app_secret_sealed)
        self.assertEqual(self.company.tiktok_retention_days, 30)

    def test_a_key_that_is_none_is_told_and_nothing_is_stored(self):
        self.setting("INTEGRATION_ENCRYPTION_KEY", "hunter2")
        with self.assertRaisesRegex(UserError, "can't be stored safely.*not a Fernet key"):
            self.company.tiktok_app_secret = APP_SECRET

    def test_a_salesman_sees_neither_token_nor_address(self):
        company = self.company.with_user(self.salesman)
        for name in ("tiktok_webhook_token", "tiktok_webhook_url", "tiktok_app_secret"):
            with self.assertRaises(AccessError):
                company.read([name])
        for action in ("new_token", "switch", "send_test_lead", "job_on"):
            with self.assertRaises(AccessError):
                getattr(company, f"action_tiktok_{action}")()

    def test_a_sales_manager_without_the_group_may_replay_and_not_configure(self):
        self.salesman.group_ids += self.env.ref("sales_team.group_sale_manager")
        uid = next_uid()
        self.poison(uid)
        self.receive(entry(uid))
        self.process_failing()
        self.event(uid).with_user(self.salesman).action_replay()
        with self.assertRaises(AccessError):
            self.company.with_user(self.salesman).action_tiktok_new_token()

    def test_a_salesman_can_not_decide_about_events(self):
        self.event_of_lead.state = "failed"
        for action in ("replay", "accept", "discard"):
            with self.assertRaises(UserError):
                getattr(self.event_of_lead.with_user(self.salesman), f"action_{action}")()
        self.assertEqual(self.event_of_lead.state, "failed")

    def test_a_salesman_who_reads_the_lead_sees_its_answers_and_its_event(self):
        lead = self.mine.with_user(self.salesman)
        self.mine.user_id = self.salesman
        self.assertIn("Ana Pérez", lead.tiktok_answers)
        self.assertEqual(lead.tiktok_event_count, 1)
        self.assertEqual(lead.action_tiktok_open_event()["res_id"], self.event_of_lead.id)

    def test_only_who_may_write_the_lead_says_that_it_is_no_test(self):
        lead = self.make(campaign_id=0, campaign_name="test lead: dummy data for x")
        lead.user_id = self.manager
        with self.assertRaises(AccessError):
            lead.with_user(self.stranger).action_tiktok_not_a_test()
        lead.with_user(self.manager).action_tiktok_not_a_test()
        self.assertFalse(lead.tiktok_is_test)
        self.assertFalse(lead.tag_ids)


@tagged("post_install", "-at_install")
class TestRpc(TiktokHttpCommon):
    """The same through JSON-RPC, as a program would try."""

    def call(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        data = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=data,
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    def test_a_program_can_not_call_the_way_in_nor_read_the_secret(self):
        self.company.tiktok_app_secret = APP_SECRET
        self.authenticate("tiktok_manager", "tiktok_manager")
        calls = [
            ("tiktok.event", "_receive", [[]]),
            ("tiktok.event", "_receive_webhook", [[], "{}"]),
            ("tiktok.event", "create", [{"kind": "lead", "dedup_key": "x"}]),
            ("res.company", "_tiktok_open_app_secret", [[self.company.id], "x"]),
            ("res.company", "_tiktok_lead_configs", [[]]),
            ("res.company", "read", [[self.company.id], ["tiktok_app_secret_sealed"]]),
        ]
        for model, method, args in calls:
            with self.assertLogs("odoo.http", "WARNING"):
                error = self.call(model, method, *args)["error"]["data"]
            self.assertEqual(error["name"], "odoo.exceptions.AccessError")
