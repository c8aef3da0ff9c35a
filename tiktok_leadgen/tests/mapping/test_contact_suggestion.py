from odoo.tests import tagged

from ..common import entry
from ..common_mapping import MappingCommon


@tagged("post_install", "-at_install")
class TestContactSuggestion(MappingCommon):
    """A lead of a form that no user mapped can be called all the same."""

    def test_only_number_and_address_are_taken_in_each_language(self):
        for number, (answers, phone, email) in enumerate(
            (
                (
                    {"whatsapp_para_falar_com_voce": "+5567988887777", "e-mail": "pt@example.com"},
                    "+5567988887777",
                    "pt@example.com",
                ),
                (
                    {
                        "What's your phone number?": "+34600111444",
                        "Where can we write to you?": "en@example.com",
                    },
                    "+34600111444",
                    "en@example.com",
                ),
                ({"¿Cuál es tu número de WhatsApp?": "+34600111445"}, "+34600111445", False),
                ({"ما هو رقم هاتفك؟": "+966512345670"}, "+966512345670", False),
                ({"По какому номеру вам позвонить?": "+79161234560"}, "+79161234560", False),
            )
        ):
            with self.subTest(answers=answers):
                lead = self.make(page_id=100 + number, answers={"name": "Ana", **answers})
                self.assertEqual((lead.phone, lead.email_from), (phone, email))

    def test_question_is_marked_as_a_suggestion(self):
        name = "How do we get back to you?"
        lead = self.make(answers={"name": "Ana", name: "+56987654321"})
        question = self.question(name)
        self.assertEqual(lead.phone, "+56987654321")
        self.assertEqual((question.target, question.is_confirmed), ("phone_number", False))
        self.assertEqual(question.result_text, "+56987654321")
        self.assertGreaterEqual(lead.tiktok_form_id.suggestion_count, 1)

    def test_answer_that_does_not_fit_a_suggestion_stays_an_answer(self):
        name = "How do we get back to you?"
        self.make(answers={"name": "Ana", name: "+56911112222"})
        lead = self.make(answers={"name": "Eva", name: "after five"})
        self.assertFalse(lead.phone)
        self.assertIn("after five", lead.tiktok_answers)
        self.assertEqual(self.question(name).result_text, "Keep as answer only")

    def test_confirmed_suggestion_takes_every_answer(self):
        name = "How do we get back to you?"
        self.make(answers={"name": "Ana", name: "+56911112222"})
        self.question(name).with_user(self.manager).action_confirm()
        lead = self.make(answers={"name": "Eva", name: "9 8765 4321"})
        self.assertEqual(lead.phone, "+56987654321")

    def test_decision_of_a_user_stays(self):
        name = "How do we get back to you?"
        self.make(answers={"name": "Ana", name: "?"})
        question = self.question(name).with_user(self.manager)
        question.target = False
        self.assertTrue(question.is_confirmed)
        lead = self.make(answers={"name": "Ana", name: "+56911112222"})
        self.assertFalse(lead.phone or question.target)

    def test_known_question_claims_the_field(self):
        answers = {"phone_number": "+56911112222", "And at work?": "+56911113333"}
        lead = self.make(answers={"name": "Ana", **answers})
        self.assertEqual(lead.phone, "+56911112222")
        self.assertFalse(self.question("And at work?").target)

    def test_second_number_is_taken_where_the_known_question_is_not_answered(self):
        self.make(answers={"name": "Ana", "phone_number": "+56911112222", "And at work?": "-"})
        lead = self.make(answers={"name": "Ana", "And at work?": "+56911113333"})
        self.assertEqual(lead.phone, "+56911113333")
        self.assertFalse(self.question("And at work?").target)  # the form asks for a phone already

    def test_two_numbers_are_no_suggestion(self):
        answers = {"One?": "+56911112222", "Two?": "+56911113333"}
        lead = self.make(answers={"name": "Ana", **answers})
        self.assertFalse(lead.phone)

    def test_lead_without_a_form_has_its_number_too(self):
        lead = self.make(page_id=0, answers={"name": "Ana", "Get back to you?": "+56911112222"})
        self.assertEqual(lead.phone, "+56911112222")

    def test_leads_without_contact_details_are_counted_and_shown(self):
        company = self.company.with_user(self.manager)
        before = company.tiktok_no_contact_count
        lead = self.make(answers={"name": "Ana", "Rooms?": "2"})
        self.make(answers={"name": "Ana", "email": "ana@example.com"})
        self.make(answers={"name": "Ana", "phone_number": "+56911112222"})
        self.receive(entry(answers={"name": "Test"}), source="test")
        self.process()
        company.invalidate_recordset()
        self.assertEqual(company.tiktok_no_contact_count, before + 1)
        action = company.action_tiktok_view_no_contact()
        self.assertEqual(action["context"]["search_default_tiktok_no_contact"], 1)
        domain = [("phone", "=", False), ("email_from", "=", False), *action["domain"]]
        shown = self.leads.search([*domain, ("tiktok_is_test", "=", False)])
        self.assertEqual(shown, lead)
        lead.company_id = False  # its form's company stays
        company.invalidate_recordset()
        self.assertEqual(company.tiktok_no_contact_count, before + 1)
        lead.phone = "+56911112222"
        company.invalidate_recordset()
        self.assertEqual(company.tiktok_no_contact_count, before)
