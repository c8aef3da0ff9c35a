from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import TiktokCommon, TiktokHttpCommon, entry


@tagged("post_install", "-at_install")
class TestPhone(TiktokCommon):
    """The phone number of a lead, and what is done where its country is not known."""

    def setUp(self):
        super().setUp()
        self.emirates, self.saudi = self.env.ref("base.ae"), self.env.ref("base.sa")
        self.form = self.make().tiktok_form_id

    def answer(self, phone, **answers):
        return self.make(answers={"name": "Ana", "phone_number": phone, **answers})

    def test_a_phone_is_written_internationally_by_the_companys_country(self):
        for given, expected in (
            ("9 8765 4321", "+56987654321"),
            ("+56 9 8765 4321", "+56987654321"),
            ("0056987654321", "+56987654321"),
            ("+1 415 555 2671", "+14155552671"),
            ("966512345678", "+966512345678"),
            ("٩٨٧٦٥٤٣٢١", "+56987654321"),
        ):
            lead = self.answer(given)
            self.assertEqual((lead.phone, lead.phone_sanitized), (expected, expected))
            self.assertFalse(lead.tiktok_phone_issue)

    def test_the_leads_country_is_tried_before_the_forms_and_the_companys(self):
        self.form.default_country_id = self.saudi
        for country, expected in (
            ("UAE", "+971501234567"),
            ("", "+966501234567"),
            ("India", "+966501234567"),
        ):
            self.assertEqual(self.answer("0501234567", country=country).phone, expected)
        self.assertEqual(self.answer("9 8765 4321").phone, "+56987654321")  # the company's

    def test_a_phone_that_can_not_be_read_stays_as_it_was_written(self):
        for given in ("call me", "12", "+56 9 8765 4321 or 3", "٠٥٠"):
            lead = self.answer(given)
            self.assertEqual((lead.phone, lead.tiktok_phone_issue), (given, "number"))
            self.assertFalse(lead.phone_sanitized)

    def test_no_number_is_recognized_in_what_could_be_several(self):
        # Odoo alone reads +41 55 555 26 71 of Switzerland.
        for given in ("4155552671", "0501234567"):
            lead = self.answer(given)
            self.assertEqual((lead.phone, lead.tiktok_phone_issue), (given, "country"))
            self.assertFalse(lead.phone_sanitized)
        self.assertFalse(self.answer("0501234567").tiktok_earlier_ids)

    def test_a_lead_without_a_number_has_no_issue_with_it(self):
        self.assertFalse(self.answer("").tiktok_phone_issue)
        other = self.env["crm.lead"].create({"name": "B", "phone": "0501234567"})
        self.assertFalse(other.tiktok_phone_issue)

    def test_a_number_that_a_user_corrects_is_valid(self):
        lead = self.answer("0501234567").with_user(self.salesman)
        lead.sudo().user_id = self.salesman
        lead.phone = "+971 50 123 4567"
        self.assertFalse(lead.tiktok_phone_issue)
        self.assertEqual(lead.phone_sanitized, "+971501234567")
        lead.phone = "0501234567"
        self.assertEqual(lead.tiktok_phone_issue, "country")
        with Form(lead) as form:
            form.country_id = self.emirates
        self.assertFalse(lead.tiktok_phone_issue)
        self.assertEqual(lead.phone_sanitized, "+971501234567")

    def test_the_countries_to_choose_from_are_those_of_the_number(self):
        self.answer("+966512345678", country="KSA")
        lead = self.answer("0501234567")
        self.assertEqual(lead.tiktok_phone_country_ids[0], self.saudi)
        self.assertIn(self.emirates, lead.tiktok_phone_country_ids)
        self.assertLessEqual(len(lead.tiktok_phone_country_ids), 12)
        self.assertFalse(lead.tiktok_phone_country_id)
        self.assertFalse(self.answer("+971501234567").tiktok_phone_country_ids)

    def test_the_chosen_country_counts_for_later_leads_of_the_form(self):
        lead = self.answer("0501234567")
        lead.user_id = self.salesman
        lead.with_user(self.salesman).tiktok_phone_country_id = self.emirates
        self.assertEqual((lead.phone, lead.phone_sanitized), ("+971501234567", "+971501234567"))
        self.assertEqual(lead.country_id, self.emirates)
        self.assertFalse(lead.tiktok_phone_issue)
        self.assertEqual(self.form.default_country_id, self.emirates)
        self.assertEqual(self.answer("050 765 4321").phone, "+971507654321")
        other = self.make(page_id=32, answers={"phone_number": "0507654321"})
        self.assertEqual(other.tiktok_phone_issue, "country")

    def test_the_choice_keeps_the_country_that_the_person_named(self):
        lead = self.answer("0501234567", country="Peru")
        lead.tiktok_phone_country_id = self.emirates
        self.assertEqual((lead.phone, lead.country_id.code), ("+971501234567", "PE"))

    def test_a_salesperson_does_not_replace_the_default_country_of_a_form(self):
        self.form.default_country_id = self.env.ref("base.pe")
        lead = self.answer("0501234567")
        lead.user_id = self.salesman
        lead.with_user(self.salesman).tiktok_phone_country_id = self.emirates
        self.assertEqual(lead.phone, "+971501234567")
        self.assertEqual(self.form.default_country_id.code, "PE")
        lead = self.answer("0507654321")
        lead.with_user(self.manager).tiktok_phone_country_id = self.emirates
        self.assertEqual(self.form.default_country_id, self.emirates)

    def test_a_country_in_which_the_number_is_none_is_refused(self):
        lead = self.answer("0501234567")
        with self.assertRaisesRegex(
            UserError, "no valid phone number in \u2068United States\u2069"
        ):
            lead.tiktok_phone_country_id = self.env.ref("base.us")
        self.assertFalse(self.form.default_country_id)

    def test_a_form_has_the_country_of_its_ad_account(self):
        advertiser = self.env["tiktok.advertiser"].create(
            {"name": "A", "advertiser_uid": "77", "company_id": self.company.id}
        )
        advertiser.country_id = self.emirates
        lead = self.make(page_id=33, advertiser_id=77, answers={"phone_number": "0501234567"})
        self.assertEqual(lead.tiktok_form_id.default_country_id, self.emirates)
        self.assertEqual(lead.phone, "+971501234567")
        lead.tiktok_form_id.default_country_id = self.saudi
        advertiser.country_id = self.env.ref("base.us")
        self.assertEqual(lead.tiktok_form_id.default_country_id, self.saudi)

    def test_applying_the_mapping_reads_earlier_leads_by_the_new_default_country(self):
        unsure, sure, edited = self.answer("0501234567"), self.answer("9 8765 4321"), None
        edited = self.answer("0501111111")
        edited.phone = "+56911111111"
        self.form.default_country_id = self.emirates
        self.assertEqual(self.form.mapping_version, 2)
        run = self.env["tiktok.mapping.run"]._start_in_background(self.form)
        with self.enter_registry_test_mode():
            self.env.ref("tiktok_leadgen.ir_cron_apply_mapping").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(run.state, "done")
        self.assertEqual(unsure.phone, "+971501234567")
        self.assertFalse(unsure.tiktok_phone_issue)
        self.assertEqual((sure.phone, edited.phone), ("+56987654321", "+56911111111"))

    def test_a_number_with_and_without_the_argentine_nine_is_one_person(self):
        self.company.tiktok_repeat_policy = "note"
        first = self.answer("+5491123456701")
        again = entry(answers={"name": "Ana", "phone_number": "+541123456701"})
        self.receive(again)
        self.process()
        event = self.event(again["id"])
        self.assertEqual((event.reason, event.lead_id), ("noted", first))
        other = self.make(answers={"phone_number": "+541123456702"})
        self.assertNotEqual(other, first)
        partner = self.env["res.partner"].create({"name": "Ana", "phone": "+54 11 2345-6701"})
        self.assertEqual(partner._tiktok_find_leads(), first)

    def test_a_contact_with_an_older_number_is_the_same_person(self):
        for contact, answered in (
            ("+52 1 55 1234 5678", "+52 55 1234 5678"),
            ("+55 11 8765-4321", "(11) 98765-4321"),
        ):
            partner = self.env["res.partner"].create({"name": "Ana", "phone": contact})
            country = "Mexico" if contact.startswith("+52") else "Brazil"
            lead = self.answer(answered, country=country)
            self.assertEqual(partner._tiktok_find_leads(), lead)
            self.assertIn(partner, self.find_contacts(lead))

    def find_contacts(self, lead):
        """Return the contacts that are known to be the person of a lead."""
        keys = self.env["tiktok.person"]._find_person_keys(self.company, [{"phone": lead.phone}])
        partners = self.env["res.partner"]
        return partners.browse(value for kind, value in keys[0] if kind == "partner")

    def test_the_preview_of_a_question_says_what_is_missing(self):
        lead = self.answer("0501234567", email="ana@@example.com")
        questions = {q.name: q for q in lead.tiktok_form_id.question_ids.with_user(self.manager)}
        self.assertIn("country of the number is unknown", questions["phone_number"].result_text)
        self.assertIn("not an e-mail address", questions["email"].result_text)
        self.form.default_country_id = self.emirates
        questions["phone_number"].invalidate_recordset()
        self.assertEqual(questions["phone_number"].result_text, "+971501234567")


@tagged("post_install", "-at_install")
class TestEmail(TiktokCommon):
    """The e-mail address and the name of a lead, however they were typed."""

    def test_an_address_is_found_however_it_was_typed(self):
        for number, given in enumerate(
            (
                "Eva{}@example.com.",
                "\u200beva{}@example.com",
                "eva{}＠example.com",
                "mailto:eva{}@example.com",
                "Eva <eva{}@example.com>, ana@example.com",
            )
        ):
            lead = self.make(answers={"email": given.format(number)})
            self.assertEqual(lead.email_normalized, f"eva{number}@example.com")
            self.assertIn(given.format(number).strip("\u200b"), lead.tiktok_answers)
            self.assertFalse(lead.tiktok_mapping_notes)

    def test_what_can_not_be_an_address_stays_an_answer(self):
        lead = self.make(answers={"name": "Ana", "email": "ana@@example.com"})
        self.assertFalse(lead.email_from or lead.email_normalized)
        self.assertIn("email: ana@@example.com", lead.tiktok_answers)
        self.assertEqual(lead.tiktok_mapping_notes, [["email", "not_an_email", "email_from"]])
        self.assertIn("not an e-mail address", lead.tiktok_answers_table)

    def test_a_persons_name_is_there_once(self):
        for answers in (
            {"first_name": "Ana Pérez", "last_name": "Pérez"},
            {"first_name": "Ana\n", "last_name": "Pérez", "full_name": "anita_99"},
        ):
            self.assertEqual(self.make(answers=answers).contact_name, "Ana Pérez")


@tagged("post_install", "-at_install")
class TestPhoneScreen(TiktokHttpCommon):
    """The same on the lead's screen, in a real browser."""

    def test_a_salesperson_chooses_the_country_with_one_click(self):
        lead = self.make(answers={"name": "Ana", "phone_number": "0501234567"})
        lead.user_id = self.salesman
        self.start_tour(
            f"/odoo/crm.lead/{lead.id}", "tiktok_leadgen_phone_country", login="tiktok_salesman"
        )
        self.env.invalidate_all()
        self.assertEqual(lead.phone_sanitized, "+971501234567")
        self.assertEqual(lead.tiktok_form_id.default_country_id.code, "AE")

    def test_whatsapp_gets_the_number_that_it_knows(self):
        lead = self.make(answers={"name": "Juan", "phone_number": "+54 11 2345-6701"})
        lead.user_id = self.salesman
        self.assertEqual(lead.phone_sanitized, "+541123456701")
        self.start_tour(
            f"/odoo/crm.lead/{lead.id}", "tiktok_leadgen_phone_argentina", login="tiktok_salesman"
        )
