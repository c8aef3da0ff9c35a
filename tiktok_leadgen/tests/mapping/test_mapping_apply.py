from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.mapping import tiktok_mapping_run
from ..common_mapping import MappingCommon


@tagged("post_install", "-at_install")
class TestMappingApply(MappingCommon):
    """A new mapping is applied to existing leads; what users changed stays."""

    def setUp(self):
        super().setUp()
        answers = {"name": "Ana", "city": "Lima"}
        self.mine = [self.make(answers={**answers, "Budget?": str(n)}) for n in (100, 200, 300)]
        self.form = self.mine[0].tiktok_form_id.with_user(self.manager)

    def map(self, question, field):
        self.question(question).with_user(self.manager).write(
            {"target": "field", "field_name": field}
        )

    def apply(self):
        action = self.form.action_apply_mapping()
        wizard = self.env["tiktok.mapping.apply"].with_user(self.manager)
        wizard = wizard.with_context(**action["context"]).create({})
        sentence = wizard.sample_text
        wizard.action_apply()
        self.work()
        return sentence

    def work(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("tiktok_leadgen.ir_cron_apply_mapping").method_direct_trigger()
        self.env.invalidate_all()

    def test_empty_fields_are_filled_and_users_values_stay(self):
        _first, second, third = self.mine
        second.expected_revenue = 7
        self.map("Budget?", "expected_revenue")
        sentence = self.apply()
        self.assertIn("Of the last 3 leads, 2 would change.", sentence)
        self.assertIn("Expected Revenue: 2", sentence)
        revenues = [lead.expected_revenue for lead in self.mine]
        self.assertEqual(revenues, [100, 7, 300])
        self.assertEqual(self.form.run_text, "The mapping was applied. Leads changed: 2 of 3.")
        self.assertEqual(third.tiktok_mapping_version, self.form.mapping_version)

    def test_values_of_old_mapping_move_to_new_target(self):
        first, second, _third = self.mine
        second.city = "Cusco"
        self.map("city", "referred")
        self.apply()
        self.assertEqual((first.city, first.referred), (False, "Lima"))
        self.assertEqual((second.city, second.referred), ("Cusco", "Lima"))

    def test_field_emptied_by_user_stays_empty(self):
        first, *_others = self.mine
        first.city = False
        self.map("Budget?", "expected_revenue")
        self.apply()
        self.assertEqual((first.city, first.expected_revenue), (False, 100))

    def test_each_lead_is_compared_with_mapping_that_created_it(self):
        self.map("Budget?", "referred")
        later = self.make(answers={"name": "Eva", "Budget?": "400"})
        self.assertEqual(later.referred, "400")
        self.map("Budget?", "expected_revenue")
        self.apply()
        self.assertEqual((later.referred, later.expected_revenue), (False, 400))
        self.assertEqual(self.mine[0].expected_revenue, 100)

    def test_dialog_counts_and_names_new_tags(self):
        self.env["crm.tag"].create({"name": "200"})
        self.map("Budget?", "tag_ids")
        action = self.form.action_apply_mapping()
        wizard = self.env["tiktok.mapping.apply"].with_user(self.manager)
        sentence = wizard.with_context(**action["context"]).create({}).sample_text
        self.assertIn("Of the last 3 leads, 3 would change.", sentence)
        self.assertIn("Tags: 3", sentence)
        self.assertIn("New tags: 2 (\u2068100\u2069, \u2068300\u2069)", sentence)
        self.assertFalse(self.env["crm.tag"].search([("name", "in", ("100", "300"))]))
        self.apply()
        self.assertEqual([lead.tag_ids.name for lead in self.mine], ["100", "200", "300"])

    def test_tags_set_by_users_stay(self):
        first, *_others = self.mine
        hot = self.env["crm.tag"].create({"name": "Hot"})
        self.map("city", "tag_ids")
        self.apply()
        self.assertEqual(first.tag_ids.name, "Lima")
        first.tag_ids += hot
        self.question("city").with_user(self.manager).target = "city"
        self.apply()
        self.assertEqual((first.tag_ids, first.city), (hot, "Lima"))
        self.form.action_undo_mapping()
        self.work()
        self.assertEqual(set(first.tag_ids.mapped("name")), {"Hot", "Lima"})

    def test_application_can_be_undone(self):
        third = self.mine[-1]
        self.map("Budget?", "expected_revenue")
        self.apply()
        third.expected_revenue = 999
        self.form.action_undo_mapping()
        self.work()
        self.assertEqual([lead.expected_revenue for lead in self.mine], [0, 0, 999])
        self.assertEqual(self.form.run_state, "undone")
        with self.assertRaises(UserError):
            self.form.action_undo_mapping()
        self.apply()
        self.assertEqual([lead.expected_revenue for lead in self.mine], [100, 200, 999])

    @mute_logger("odoo.addons.tiktok_leadgen.models.mapping.tiktok_mapping_run", "odoo.sql_db")
    def test_failed_undo_of_one_lead_stops_no_other(self):
        self.map("Budget?", "expected_revenue")
        for lead in self.mine:
            lead.expected_revenue = 0
        self.apply()
        change = self.form.run_id.sudo().change_ids.filtered(
            lambda change: change.lead_id == self.mine[1]
        )
        country = self.env["res.country"].search([], order="id desc", limit=1).id + 1000
        change.write(
            {
                "values_before": {**change.values_before, "country_id": country},
                "values_after": {**change.values_after, "country_id": self.mine[1].country_id.id},
            }
        )
        self.form.action_undo_mapping()
        self.work()
        self.assertEqual(self.form.run_state, "undone")
        self.assertEqual([lead.expected_revenue for lead in self.mine], [0, 200, 0])
        self.assertIn("Refused by a rule of your CRM: 1.", self.form.run_text)

    def test_a_form_with_many_leads_does_not_hold_up_another_one(self):
        self.patch(tiktok_mapping_run, "BATCH", 1)
        runs, order = self.env["tiktok.mapping.run"], []
        work = type(runs)._process_next_batch
        self.patch(
            type(runs), "_process_next_batch", lambda run: order.append(run.form_id) or work(run)
        )
        other = self.make(page_id=77, page_name="Other form").tiktok_form_id
        for form in (self.form, other):
            runs._start_in_background(form.sudo())
        self.work()
        self.assertEqual(order[:2], [self.form, other])
        self.assertEqual(set(runs.search([]).mapped("state")), {"done"})

    def test_leads_without_answers_are_unchanged_and_counted(self):
        self.mine[0].tiktok_event_id.sudo().raw = False
        self.mine[1].tiktok_event_id.sudo().raw = "damaged"
        self.map("Budget?", "expected_revenue")
        self.apply()
        self.assertEqual([lead.expected_revenue for lead in self.mine], [0, 0, 300])
        self.assertIn("Answers removed before: 2.", self.form.run_text)

    @mute_logger("odoo.addons.tiktok_leadgen.models.mapping.tiktok_mapping_run")
    def test_lead_that_odoo_rejects_stops_no_other(self):
        self.map("Budget?", "expected_revenue")
        write = type(self.leads).write
        refused = self.mine[1].id

        def refuse(leads, vals):
            if refused in leads.ids and "expected_revenue" in vals:
                raise ValueError("no")
            return write(leads, vals)

        self.patch(type(self.leads), "write", refuse)
        self.apply()
        self.assertEqual([lead.expected_revenue for lead in self.mine], [100, 0, 300])
        self.assertIn("Refused by a rule of your CRM: 1.", self.form.run_text)

    def test_user_without_write_access_cannot_apply_mapping(self):
        form = self.form.with_user(self.salesman)
        with self.assertRaises(AccessError):
            form.action_apply_mapping()
        with self.assertRaises(AccessError):
            self.env["tiktok.mapping.apply"].with_user(self.salesman).create({"form_id": form.id})
        wizard = self.env["tiktok.mapping.apply"].with_user(self.stranger)
        with self.assertRaises(AccessError):
            wizard.create({"form_id": form.id}).action_apply()

    def test_dialog_shows_nothing_of_other_companys_form(self):
        form = self.form.sudo()
        form.name = "Secret campaign"
        dialogs = self.env["tiktok.mapping.apply"].with_user(self.stranger)
        mine = self.env["tiktok.mapping.apply"].with_user(self.manager).create({"form_id": form.id})
        theirs = dialogs.create(
            {"form_id": self.make(company=self.other_company).tiktok_form_id.id}
        )
        spec = {
            "form_id": {"fields": {"display_name": {}}},
            "lead_count": {},
            "sample_text": {},
        }
        context = {"default_form_id": form.id}
        for attempt in (
            lambda: dialogs.with_context(**context).default_get(["form_id"]),
            lambda: dialogs.with_context(**context).create({}),
            lambda: dialogs.with_context(**context).onchange({}, [], spec),
            lambda: dialogs.onchange({"form_id": form.id}, ["form_id"], spec),
            lambda: dialogs.create({"form_id": form.id}),
            lambda: dialogs.web_save({"form_id": form.id}, spec),
            lambda: theirs.write({"form_id": form.id}),
            lambda: mine.with_user(self.stranger).web_read(spec),
            lambda: mine.with_user(self.stranger).action_apply(),
        ):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                attempt()

    def test_values_before_are_readable_by_no_user(self):
        self.map("Budget?", "expected_revenue")
        self.apply()
        for user in (self.manager, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.env["tiktok.mapping.change"].with_user(user).search([])
