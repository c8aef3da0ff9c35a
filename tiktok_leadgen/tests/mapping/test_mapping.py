from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import entry
from ..common_mapping import MappingCommon


@tagged("post_install", "-at_install")
class TestMapping(MappingCommon):
    """An answer fills the target that a user chose, or stays an answer."""

    def test_number_fills_numeric_field(self):
        leads = self.send("Budget?", "expected_revenue", "2,000 $", "٥٠٠ ألف", "1.500,50 €")
        self.assertEqual(leads.mapped("expected_revenue"), [2000, 500_000, 1500.5])
        self.assertFalse(any(leads.mapped("tiktok_mapping_notes")))

    def test_text_for_numeric_field_stays_answer_with_note(self):
        (lead,) = self.send("Budget?", "expected_revenue", "about 2k")
        self.assertEqual(lead.expected_revenue, 0)
        self.assertIn("Budget?: about 2k", lead.tiktok_answers)
        self.assertEqual(self.get_reasons(lead), ["not_a_number"])
        note = "Kept as an answer, not written to “Expected Revenue”"
        self.assertIn(note, lead.tiktok_answers_table)

    def test_date_is_parsed_in_order_of_company_country(self):
        """The language of its screens tells nothing about its customers."""
        self.assertEqual(self.company.partner_id.lang, "en_US")
        lead, wrong = self.send("When?", "date_deadline", "5/12/2026", "tomorrow")
        self.assertEqual(lead.date_deadline, date(2026, 12, 5))
        self.assertFalse(wrong.date_deadline)
        self.assertEqual(self.get_reasons(wrong), ["not_a_date"])
        self.env["res.lang"]._activate_lang("es_CL")
        self.company.write({"country_id": self.env.ref("base.us").id})
        self.company.partner_id.lang = "es_CL"
        (lead,) = self.send("When?", "date_deadline", "5/12/2026")
        self.assertEqual(lead.date_deadline, date(2026, 5, 12))

    def test_ambiguous_date_stays_answer_with_note(self):
        self.company.country_id = False
        unclear, clear = self.send("When?", "date_deadline", "5/12/2026", "21/11/2026")
        self.assertEqual(clear.date_deadline, date(2026, 11, 21))
        self.assertFalse(unclear.date_deadline)
        self.assertEqual(self.get_reasons(unclear), ["ambiguous_date"])
        self.assertIn("which number is the month", unclear.tiktok_answers_table)

    def test_other_digits_and_calendars_never_become_wrong_date(self):
        self.company.country_id = self.env.ref("base.th")
        leads = self.send(
            "When?", "date_deadline", "๒๑/๑๑/๒๕๖๙", "21/11/2569", "٢١/١١/٢٠٢٦", "1448-06-11"
        )
        self.assertEqual(leads.mapped("date_deadline"), [date(2026, 11, 21)] * 3 + [False])
        self.assertEqual(self.get_reasons(leads[-1]), ["not_a_date"])

    def test_selection_is_matched_by_label_in_any_language(self):
        leads = self.send("How urgent?", "priority", "Very High", "medium", "2", "soon")
        self.assertEqual(leads.mapped("priority"), ["3", "1", "2", "0"])
        self.assertEqual(self.get_reasons(leads[-1]), ["not_an_option"])

    def test_record_is_matched_by_exact_name(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        leads = self.send("Language", "lang_id", "english (us)", "English", "%")
        self.assertEqual(leads[0].lang_id, self.env.ref("base.lang_en"))
        self.assertFalse(leads[1].lang_id or leads[2].lang_id)
        self.assertEqual(self.get_reasons(leads[1]), ["not_found"])

    def test_two_records_of_one_name_match_none(self):
        self.env["crm.recurring.plan"].create(
            [{"name": name, "number_of_months": 1} for name in ("Gold", "gold", "Silver")]
        )
        leads = self.send("Plan", "recurring_plan", "GOLD", "silver")
        self.assertFalse(leads[0].recurring_plan)
        self.assertEqual(self.get_reasons(leads[0]), ["several"])
        self.assertEqual(leads[1].recurring_plan.name, "Silver")

    def test_every_choice_becomes_one_tag(self):
        kitchen = self.env["crm.tag"].create({"name": "Kitchen"})
        leads = self.send("Rooms", "tag_ids", ["kitchen", "Office"], "Office; Kitchen", "x" * 65)
        self.assertEqual(set(leads[0].tag_ids.mapped("name")), {"Kitchen", "Office"})
        self.assertEqual(leads[0].tag_ids, leads[1].tag_ids)
        self.assertIn(kitchen, leads[0].tag_ids)
        self.assertEqual(self.get_reasons(leads[2]), ["too_long"])

    def test_test_lead_keeps_test_tag_beside_mapped_tags(self):
        self.send("Rooms", "tag_ids")
        lead = self.make(campaign_id=0, campaign_name="", answers={"Rooms": "Kitchen"})
        self.assertFalse(lead.tiktok_is_test)
        test = entry(answers={"name": "T", "Rooms": "Kitchen"})
        self.receive(test, source="test")
        self.process()
        kitchen = lead.tag_ids
        self.assertEqual(kitchen.name, "Kitchen")
        expected = self.env.ref("tiktok_leadgen.crm_tag_test") + kitchen
        self.assertEqual(self.lead(test["id"]).tag_ids, expected)

    def test_html_field_joins_several_answers_and_escapes_them(self):
        self.make(answers={"name": "Ana", "Q1": "1", "Q2": "2"})
        for name in ("Q1", "Q2"):
            row = self.question(name)
            row.write({"target": "field", "field_name": "description"})
        lead = self.make(answers={"name": "Ana", "Q1": "<b>x</b>", "Q2": "y"})
        self.assertEqual(str(lead.description), "<p>Q1: &lt;b&gt;x&lt;/b&gt;</p><p>Q2: y</p>")

    def test_second_answer_for_one_number_is_noted(self):
        self.make(answers={"name": "Ana", "Q1": "1", "Q2": "2"})
        for name in ("Q1", "Q2"):
            row = self.question(name)
            row.write({"target": "field", "field_name": "expected_revenue"})
        lead = self.make(answers={"name": "Ana", "Q1": "10", "Q2": "20"})
        self.assertEqual(lead.expected_revenue, 10)
        self.assertEqual(self.get_reasons(lead), ["taken"])

    def test_field_with_special_parser_keeps_it(self):
        (lead,) = self.send("How do we call you?", "phone", "9 8765 4321")
        self.assertEqual(lead.phone, "+56987654321")

    def test_full_name_is_split_into_two_fields(self):
        self.make(answers={"Who are you?": "?"})
        self.question("Who are you?").write(
            {
                "target": "split_name",
                "field_name": "referred",
                "last_field_name": "website",
            }
        )
        lead = self.make(answers={"Who are you?": "Ana María Pérez"})
        self.assertEqual((lead.referred, lead.contact_name), ("Ana María", "Ana María Pérez"))
        self.assertIn("Pérez", lead.website)

    def test_property_of_own_team_is_filled_and_of_other_team_is_noted(self):
        teams = self.env["crm.team"].create(
            [{"name": name, "company_id": self.company.id} for name in ("A", "B")]
        )
        names = "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"
        for team, name in zip(teams, names, strict=True):
            team.lead_properties_definition = [
                {"name": name, "string": "Rooms", "type": "integer", "default": 7},
                {
                    "name": name[:15] + "0",
                    "string": "Colours",
                    "type": "tags",
                    "tags": [["red", "Red", 1], ["blue", "Blue", 2]],
                },
            ]
        self.company.tiktok_team_id = teams[0]
        answers = {"How many rooms?": "3", "Which colours?": ["red", "Blue"]}
        self.make(answers=answers)
        rooms, colours = (self.question(name) for name in answers)
        rooms.write({"target": "property", "property_name": names[0]})
        colours.write({"target": "property", "property_name": names[0][:15] + "0"})
        lead = self.make(answers={"name": "Ana", **answers})
        self.assertEqual(lead.lead_properties[names[0]], 3)
        self.assertEqual(lead.lead_properties[names[0][:15] + "0"], "Red, Blue")
        self.assertEqual(rooms.result_text, "3")
        self.make(answers={**answers, "And in the attic?": "2"})
        attic = self.question("And in the attic?")
        attic.write({"target": "property", "property_name": names[0]})
        lead = self.make(answers={**answers, "And in the attic?": "2"})
        self.assertEqual(lead.lead_properties[names[0]], 3)
        self.assertEqual(self.get_reasons(lead), ["taken"])
        attic.target = False
        rooms.property_name = names[1]
        lead = self.make(answers={"name": "Ana", **answers})
        self.assertEqual(self.get_reasons(lead), ["no_property"])
        self.assertEqual(lead.lead_properties[names[0]], 7)

    def test_consent_is_stored_with_time_and_form_version(self):
        self.make(answers={"name": "Ana", "May we call you?": "?"})
        self.question("May we call you?").target = "consent"
        lead = self.make(answers={"name": "Ana", "May we call you?": "Yes"})
        self.assertEqual(lead.tiktok_consent, "May we call you?: Yes")
        self.assertEqual(str(lead.tiktok_consent_at), "2026-09-20 10:59:50")
        again = self.make(answers={"name": "Ana", "May we call you?": "Yes"})
        self.assertEqual(again.tiktok_consent_version, lead.tiktok_consent_version)
        other = self.make(answers={"name": "Ana", "May we call you?": "Yes", "Since when?": "1"})
        self.assertNotEqual(other.tiktok_consent_version, lead.tiktok_consent_version)
        self.assertFalse(self.make().tiktok_consent)

    def test_consents_of_merged_leads_are_preserved(self):
        self.make(answers={"name": "Ana", "May we call you?": "?"})
        self.question("May we call you?").target = "consent"
        without = self.make(answers={"name": "Ana"})
        agreed = self.make(answers={"name": "Ana", "May we call you?": "Yes"})
        later = self.make(answers={"name": "Ana", "May we call you?": "At noon"})
        moment = agreed.tiktok_consent_at
        lead = (without + agreed + later).merge_opportunity()
        self.assertIn("May we call you?: Yes", lead.tiktok_consent)
        self.assertIn("May we call you?: At noon", lead.tiktok_consent)
        self.assertEqual(lead.tiktok_consent_at, moment)
        self.assertTrue(lead.tiktok_consent_version)

    def test_default_values_fill_unanswered_fields(self):
        form = self.make().tiktok_form_id
        for name, value in (
            ("city", "Santiago"),
            ("expected_revenue", "1,500"),
            ("tag_ids", "TikTok; Hot"),
            ("country_id", "chile"),
        ):
            self.env["tiktok.form.default"].create(
                {"form_id": form.id, "field_name": name, "value": value}
            )
        lead = self.make(answers={"name": "Ana", "country": "Germany"})
        self.assertEqual((lead.city, lead.expected_revenue), ("Santiago", 1500))
        self.assertEqual(set(lead.tag_ids.mapped("name")), {"TikTok", "Hot"})
        self.assertEqual(lead.country_id.code, "DE")
        lead = self.make(answers={"name": "Ana", "city": "Lima"})
        self.assertEqual((lead.city, lead.country_id.code), ("Lima", "CL"))
        self.assertFalse(self.make(page_id=99).tag_ids)

    def test_zero_is_an_answer(self):
        leads = self.send("Budget?", "expected_revenue", "5")
        self.env["tiktok.form.default"].create(
            {
                "form_id": leads.tiktok_form_id.id,
                "field_name": "expected_revenue",
                "value": "1,500",
            }
        )
        for answer, revenue in (("0", 0), ("about 2k", 1500)):
            lead = self.make(answers={"name": "Ana", "Budget?": answer})
            self.assertEqual(lead.expected_revenue, revenue)

    def test_unparsable_default_value_is_rejected(self):
        form = self.make().tiktok_form_id
        for name, value in (("expected_revenue", "a lot"), ("country_id", "Atlantis")):
            with self.assertRaisesRegex(ValidationError, "cannot be read"):
                self.env["tiktok.form.default"].create(
                    {"form_id": form.id, "field_name": name, "value": value}
                )

    def test_protected_fields_are_no_targets(self):
        self.make(answers={"name": "Ana", "Q": "1"})
        question = self.question("Q").with_user(self.manager)
        offered = dict(question._fields["field_name"]._description_selection(question.env))
        self.assertEqual(offered["expected_revenue"], "Expected Revenue")
        for name in (
            *("stage_id", "user_id", "team_id", "company_id", "type", "active", "probability"),
            *("partner_id", "tiktok_lead_uid", "tiktok_answers", "campaign_id", "won_status"),
            *("email_normalized", "message_ids", "lost_reason_id", "create_uid", "write_date"),
        ):
            self.assertNotIn(name, offered)
            with self.assertRaises(ValidationError):
                question.write({"target": "field", "field_name": name})
        for name in offered:
            self.assertTrue(self.env["tiktok.mapping.target"]._get_field_target(name), name)
        for vals in (
            {"target": "field", "field_name": False},
            {"target": "split_name", "field_name": "referred", "last_field_name": "user_id"},
        ):
            with self.assertRaises(ValidationError):
                question.write(vals)
        default = self.env["tiktok.form.default"].with_user(self.manager)
        with self.assertRaises(ValidationError):
            default.create(
                {"form_id": question.form_id.id, "field_name": "user_id", "value": "Administrator"}
            )

    def test_removed_field_stops_no_lead(self):
        self.send("Q", "expected_revenue")
        self.env.cr.execute(
            "UPDATE tiktok_form_question SET field_name = 'x_gone' WHERE name = 'Q'"
        )
        self.env.invalidate_all()
        self.assertTrue(self.make(answers={"name": "Ana", "Q": "5"}))
