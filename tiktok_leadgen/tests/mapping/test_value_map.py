import secrets

import psycopg2.errors

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import make_users
from ..common_mapping import MappingCommon


@tagged("post_install", "-at_install")
class TestValueMap(MappingCommon):
    """A chosen answer becomes another value, tags or a priority."""

    def setUp(self):
        super().setUp()
        self.first = self.answer("Over 3,000")
        self.form = self.first.tiktok_form_id.with_user(self.manager)
        self.tag = self.env["crm.tag"].create({"name": "Rich"})

    def answer(self, text, question="Budget?"):
        """Return the lead of a person who gave an answer."""
        return self.make(answers={"name": "Ana", "email": "", question: text})

    def map_budget(self):
        """Map the question to the expected revenue."""
        values = {"target": "field", "field_name": "expected_revenue"}
        self.question("Budget?").with_user(self.manager).write(values)

    def add_value(self, answer, question="Budget?", **values):
        """Return what an answer becomes."""
        return (
            self.env["tiktok.form.value"]
            .with_user(self.manager)
            .create(
                {
                    "form_id": self.form.id,
                    "question_id": self.question(question).id,
                    "answer": answer,
                    **values,
                }
            )
        )

    def test_answer_becomes_a_number(self):
        self.map_budget()
        lead = self.answer("Over 3,000 or so")
        self.assertEqual((lead.expected_revenue, self.get_reasons(lead)), (0, ["not_a_number"]))
        row = self.add_value("Over 3,000 or so", value="3000")
        self.assertEqual(row.result_text, "3,000")
        lead = self.answer("over 3,000  OR so")
        self.assertEqual((lead.expected_revenue, self.get_reasons(lead)), (3000, []))
        self.assertEqual(self.answer("4,000").expected_revenue, 4000)

    def test_answer_becomes_tags_and_a_priority_also_without_a_field(self):
        row = self.add_value("Over 3,000", tag_ids=self.tag.ids, priority="3")
        self.assertIn("Rich", row.result_text)
        lead = self.answer("Over 3,000")
        self.assertEqual((lead.tag_ids, lead.priority), (self.tag, "3"))
        self.assertIn("Budget?: Over 3,000", lead.tiktok_answers)
        other = self.answer("Less")
        self.assertEqual((other.tag_ids.ids, other.priority), ([], "0"))

    # === THE SALES TEAM === #

    def create_team(self, **values):
        """Return a team of the company, with a member."""
        team = self.env["crm.team"].create(
            {"name": "Villas", "company_id": self.company.id, **values}
        )
        salesman = ("tiktok_dora", "sales_team.group_sale_salesman", self.company)
        (user,) = make_users(self.env, salesman)
        self.env["crm.team.member"].create({"user_id": user.id, "crm_team_id": team.id})
        return team

    def test_answer_chooses_the_team_before_the_form(self):
        team, other = self.create_team(), self.env["crm.team"].create({"name": "Forms"})
        self.form.write({"team_id": other.id, "user_id": self.manager.id})
        self.company.tiktok_assignment = "round_robin"
        row = self.add_value("Over 3,000", team_id=team.id)
        self.assertEqual(row.result_text, "Villas")
        lead = self.answer("over 3,000")
        self.assertEqual((lead.team_id, lead.tiktok_answer_team_id), (team, team))
        self.assertEqual(lead.user_id, team.crm_team_member_ids.user_id)
        less = self.answer("Less")
        self.assertEqual((less.team_id, less.user_id), (other, self.manager))
        self.assertFalse(less.tiktok_answer_team_id)

    def test_lead_that_waits_is_assigned_within_the_team_of_its_answer(self):
        team = self.create_team()
        member = team.crm_team_member_ids.user_id
        self.form.team_id = self.env["crm.team"].create({"name": "Forms"})
        self.company.tiktok_assignment = "round_robin"
        self.add_value("Over 3,000", team_id=team.id)
        member.active = False
        lead = self.answer("Over 3,000")
        self.assertEqual((lead.team_id, lead.user_id.ids), (team, []))
        member.active = True
        self.env["tiktok.assignment"]._assign_leads(lead)
        self.assertEqual((lead.team_id, lead.user_id), (team, member))

    def test_known_person_keeps_a_salesperson_of_the_team_only(self):
        team = self.create_team()
        self.company.tiktok_assignment = "round_robin"
        self.add_value("Over 3,000", team_id=team.id)
        person = {"name": "Ana", "email": "ana.known@example.com"}
        known = self.make(answers={**person, "Budget?": "Less"})
        known.user_id = self.salesman
        again = self.make(answers={**person, "Budget?": "Less"})
        self.assertEqual(again.user_id, self.salesman)
        lead = self.make(answers={**person, "Budget?": "Over 3,000"})
        self.assertEqual((lead.team_id, lead.user_id), (team, team.crm_team_member_ids.user_id))

    def test_archived_team_is_not_chosen_and_the_result_says_so(self):
        team = self.create_team()
        row = self.add_value("Over 3,000", team_id=team.id)
        team.active = False
        self.assertIn("archived", row.result_text)
        lead = self.answer("Over 3,000")
        self.assertNotEqual(lead.team_id, team)
        self.assertFalse(lead.tiktok_answer_team_id)

    def test_team_of_another_company_is_refused_and_never_chosen(self):
        theirs = self.env["crm.team"].create(
            {"name": "Theirs", "company_id": self.other_company.id}
        )
        with self.assertRaises(UserError):
            self.add_value("Over 3,000", team_id=theirs.id)
        team = self.create_team()
        self.add_value("Over 3,000", team_id=team.id)
        self.env.flush_all()
        # A team that moved to the other company since.
        self.cr.execute(
            "UPDATE crm_team SET company_id = %s WHERE id = %s", [self.other_company.id, team.id]
        )
        self.env.invalidate_all()
        lead = self.answer("Over 3,000")
        self.assertTrue(lead)
        self.assertNotEqual(lead.team_id, team)

    def test_test_lead_stays_with_the_team_of_tests(self):
        team = self.create_team()
        self.add_value("Over 3,000", team_id=team.id)
        lead = self.make(answers={"name": "Ana", "Budget?": "Over 3,000"}, is_test=True)
        self.assertNotEqual(lead.team_id, team)

    def test_team_of_leads_that_are_here_stays(self):
        team = self.first.team_id
        self.add_value("Over 3,000", team_id=self.create_team().id, priority="2")
        action = self.form.action_apply_mapping()
        wizard = self.env["tiktok.mapping.apply"].with_user(self.manager)
        wizard.with_context(**action["context"]).create({}).action_apply()
        self.work()
        self.assertEqual((self.first.team_id, self.first.priority), (team, "2"))

    def test_result_is_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("ar_001")
        labels = self.env["ir.model.fields.selection"].search(
            [("field_id.model", "=", "crm.lead"), ("field_id.name", "=", "priority")]
        )
        high = labels.filtered(lambda each: each.value == "2")
        high.with_context(lang="ar_001").name = "مرتفع"
        row = self.add_value("Over 3,000", priority="2")
        self.assertEqual(row.with_context(lang="en_US").result_text, "High")
        row.invalidate_recordset()
        self.assertEqual(row.with_context(lang="ar_001").result_text, "مرتفع")

    def test_preview_of_the_question_shows_it(self):
        self.map_budget()
        self.add_value("Over 3,000", value="3500")
        question = self.question("Budget?")
        question.invalidate_recordset()
        self.assertEqual(question.result_text, "3,500")

    def test_value_that_the_field_cannot_take_is_refused(self):
        with self.assertRaises(ValidationError):
            self.add_value("Over 3,000", value="3000")  # the question maps to no field
        self.map_budget()
        with self.assertRaises(ValidationError):
            self.add_value("Over 3,000", value="a lot")

    def test_map_is_applied_to_existing_leads_and_undone(self):
        self.map_budget()
        self.add_value("Over 3,000", value="3000", tag_ids=self.tag.ids, priority="2")
        action = self.form.action_apply_mapping()
        wizard = self.env["tiktok.mapping.apply"].with_user(self.manager)
        wizard.with_context(**action["context"]).create({}).action_apply()
        self.work()
        changed = (self.first.expected_revenue, self.first.tag_ids, self.first.priority)
        self.assertEqual(changed, (3000, self.tag, "2"))
        self.form.action_undo_mapping()
        self.work()
        restored = (self.first.expected_revenue, self.first.tag_ids.ids, self.first.priority)
        self.assertEqual(restored, (0, [], "0"))

    def test_priority_that_a_user_chose_stays(self):
        self.first.priority = "1"
        self.add_value("Over 3,000", priority="3")
        action = self.form.action_apply_mapping()
        wizard = self.env["tiktok.mapping.apply"].with_user(self.manager)
        wizard.with_context(**action["context"]).create({}).action_apply()
        self.work()
        self.assertEqual(self.first.priority, "1")

    def test_answers_seen_are_added_once(self):
        for text in ("Over 3,000", "Less", "less"):
            self.answer(text)
        for number in range(13):
            self.answer(f"Text {number}", question="Anything else?")
        self.form.action_add_seen_answers()
        rows = self.form.value_ids
        self.assertEqual(set(rows.mapped("answer")), {"Over 3,000", "less"})
        self.assertFalse(any(rows.mapped("result_text")))
        with self.assertRaises(UserError):
            self.form.action_add_seen_answers()

    def test_values_of_many_questions_cost_a_batch_few_queries(self):
        def cost():
            before = self.cr.sql_log_count
            self.answer("Over 3,000")
            self.env.flush_all()
            return self.cr.sql_log_count - before

        cost()
        plain = cost()
        for number in range(5):
            self.add_value(f"Answer {number}", priority="1")
        self.add_value("Over 3,000", tag_ids=self.tag.ids)
        cost()
        self.env.flush_all()
        self.assertLessEqual(cost() - plain, 6)

    def work(self):
        """Run the scheduled action that applies and undoes mappings."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("tiktok_leadgen.ir_cron_apply_mapping").method_direct_trigger()
        self.env.invalidate_all()

    def test_answer_of_any_length(self):
        text = secrets.token_urlsafe(6000)  # no compression makes it fit into an index
        row = self.add_value(text, tag_ids=self.tag.ids)
        self.assertEqual(row.answer, text)
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"):
            self.add_value(text, tag_ids=self.tag.ids)
