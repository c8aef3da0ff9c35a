from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import entry
from ..common_mapping import MappingCommon


@tagged("post_install", "-at_install")
class TestMappingForm(MappingCommon):
    """The form's page: questions, suggestions and the preview of the last lead."""

    def names(self, form):
        return form.question_ids.sorted("id").mapped("name")

    def test_key_and_label_are_one_question(self):
        form = self.make(answers={"name": "A", "phone_number": "1", "Budget?": "5"}).tiktok_form_id
        lead = self.make(answers={"Name": "A", "Phone number": "9 8765 4321", "budget": "6"})
        self.assertEqual(self.names(form), ["name", "phone_number", "Budget?"])
        self.assertEqual(lead.phone, "+56987654321")
        lead = self.make(answers={"الاسم": "أنا", "رقم الهاتف": "9 8765 4321"})
        self.assertEqual(self.names(form), ["name", "phone_number", "Budget?"])
        self.assertEqual((lead.contact_name, lead.phone), ("أنا", "+56987654321"))
        phone = form.question_ids.filtered(lambda q: q.name == "phone_number")
        self.assertEqual(phone.aliases, ["Phone number", "رقم الهاتف"])

    def test_chosen_target_applies_to_each_alias(self):
        self.make(answers={"name": "A", "phone_number": "1"})
        self.question("phone_number").write({"target": "field", "field_name": "referred"})
        lead = self.make(answers={"Name": "A", "Phone number": "5"})
        self.assertEqual((lead.referred, lead.phone), ("5", False))

    def test_two_answers_of_one_lead_are_two_questions(self):
        form = self.make(answers={"phone_number": "1"}).tiktok_form_id
        self.make(answers={"WhatsApp number": "2"})
        self.assertEqual(self.names(form), ["phone_number"])
        lead = self.make(answers={"WhatsApp number": "9 1111 1111", "phone_number": "9 8765 4321"})
        self.assertEqual(self.names(form), ["phone_number", "WhatsApp number"])
        self.assertFalse(form.question_ids.filtered(lambda q: q.name == "phone_number").aliases)
        self.make(answers={"Phone number": "2", "Whatsapp number": "3"})
        self.assertEqual(self.names(form), ["phone_number", "WhatsApp number"])
        self.assertEqual(lead.tiktok_answers.count("\n"), 1)

    def test_too_many_questions_stop_no_lead(self):
        lead = self.make(answers={"name": "A", "q" * 6000: "1"})
        self.assertEqual(self.names(lead.tiktok_form_id), ["name"])
        self.assertIn("q" * 6000, lead.tiktok_answers)
        many = self.make(answers={f"Question {number}": "1" for number in range(300)}, page_id=5)
        self.assertEqual(len(many.tiktok_form_id.question_ids), 200)
        self.assertEqual(many.tiktok_answers.count("\n"), 299)

    def test_suggestion_stays_until_user_confirms(self):
        form = self.make(answers={"Nombre": "A", "Budget?": "5"}).tiktok_form_id
        self.assertEqual(form.suggestion_count, 2)
        self.assertEqual(self.question("Nombre").target, "name")
        self.question("Budget?").with_user(self.manager).target = "city"
        self.assertEqual(form.suggestion_count, 1)
        form.with_user(self.manager).action_confirm_all()
        self.assertEqual(form.suggestion_count, 0)
        with self.assertRaises(AccessError):
            form.with_user(self.salesman).action_confirm_all()

    def test_preview_changes_with_chosen_target(self):
        form = self.make(
            answers={"full name": "Ana Pérez", "phone_number": "9 8765 4321", "Budget?": "about 2k"}
        ).tiktok_form_id
        with Form(form.with_user(self.manager)) as view:
            for index, read in enumerate(("Ana Pérez", "+56987654321", "Keep as answer only")):
                with view.question_ids.edit(index) as line:
                    self.assertEqual(line.result_text or "", read)
            with view.question_ids.edit(2) as line:
                self.assertEqual(line.last_answer, "about 2k")
                line.target = "field"
                line.field_name = "expected_revenue"
                self.assertEqual(line.result_text, "⚠ Kept as an answer: not a single number")
                self.assertTrue(line.is_unparsable)
                line.field_name = "referred"
                self.assertEqual(line.result_text, "about 2k")
        self.assertTrue(self.question("Budget?").is_confirmed)

    def test_preview_shows_last_real_lead(self):
        form = self.make(answers={"city": "Lima"}).tiktok_form_id
        test = entry(answers={"city": "Quito"})
        self.receive(test, source="test")
        self.process()
        self.assertEqual(form.question_ids.last_answer, "Lima")
        self.assertEqual(form.sample_text, "Each question shows its last answer.")
        self.events.sudo().search([]).raw = False
        self.env.invalidate_all()
        self.assertFalse(form.question_ids.last_answer)
        self.assertIn("No lead can be shown", form.sample_text)

    def test_each_question_shows_its_last_answer(self):
        form = self.make(answers={"city": "Lima", "Budget?": "2,000"}).tiktok_form_id
        self.make(answers={"city": "Cusco", "Budget?": ""})
        self.make(answers={"city": "Quito"})
        self.question("Budget?").write({"target": "field", "field_name": "expected_revenue"})
        rows = {row.name: row for row in form.question_ids}
        self.assertEqual((rows["city"].last_answer, rows["city"].result_text), ("Quito", "Quito"))
        self.assertEqual(rows["Budget?"].last_answer, "2,000")
        self.assertEqual(rows["Budget?"].result_text, "2,000")
        test = entry(answers={"city": "Test", "Since when?": "May"})
        self.receive(test, source="test")
        self.process()
        self.assertEqual(self.question("Since when?").last_answer, "May")
        self.assertEqual(self.question("city").last_answer, "Quito")

    def test_a_question_without_any_answer_costs_no_search_for_each_lead(self):
        form = self.make(answers={"city": "Lima", "Budget?": ""}).tiktok_form_id
        for _number in range(5):
            self.make(answers={"city": "Cusco"})
        locations, calls = type(self.env["tiktok.location"]), []
        resolve = locations._resolve_locations
        self.patch(locations, "_resolve_locations", lambda *args: calls.append(1) or resolve(*args))
        self.env.invalidate_all()
        self.assertIn(False, form.question_ids.mapped("last_answer"))
        self.assertEqual(len(calls), 1)

    def test_preview_creates_no_tag(self):
        self.make(answers={"Rooms": "Never seen before"})
        question = self.question("Rooms")
        question.write({"target": "field", "field_name": "tag_ids"})
        self.assertEqual(question.result_text, "Never seen before")
        self.assertFalse(self.env["crm.tag"].search([("name", "=", "Never seen before")]))

    def test_user_without_access_to_answers_has_no_preview(self):
        form = self.make(answers={"city": "Lima"}).tiktok_form_id.with_user(self.salesman)
        self.assertEqual(form.question_ids.target, "city")
        for name in ("last_answer", "result_text"):
            with self.assertRaises(AccessError):
                form.question_ids.read([name])

    def test_user_of_other_company_reads_no_form_or_question(self):
        form = self.make().tiktok_form_id
        default = self.env["tiktok.form.default"].create(
            {"form_id": form.id, "field_name": "city", "value": "Lima"}
        )
        for record in (form, form.question_ids, default):
            with self.assertRaises(AccessError):
                record.with_user(self.stranger).read(["display_name"])
