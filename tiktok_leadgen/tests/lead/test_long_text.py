"""Text of any length becomes a lead: what no index of the database takes stays an answer.

The text is random: PostgreSQL compresses "yyy…" until it fits.
"""

import random
import string

from odoo.tests import tagged

from ...tiktok import values
from ...tiktok.standard import KEYS
from ..common import entry
from ..common_mapping import MappingCommon

NAMES = ("campaign", "adgroup", "ad", "page", "advertiser")
WIDE = [chr(code) for code in range(0x1F300, 0x1F600)]  # 4 bytes each


def noise(seed, length=6000, alphabet=string.ascii_letters + string.digits):
    """Return text that can't be compressed, the same for the same seed."""
    return "".join(random.Random(seed).choices(alphabet, k=length))  # noqa: S311


@tagged("post_install", "-at_install")
class TestLongText(MappingCommon):
    def notes(self, lead):
        """Return question, reason and field of each note."""
        return {tuple(note) for note in lead.tiktok_mapping_notes or ()}

    def test_each_standard_question_takes_any_text(self):
        entries = {}
        for key in KEYS:
            for form in (77, 0):  # a lead without a form too
                answers = {"city": "Lima", key: noise(key)}
                entries[key, form] = entry(answers=answers, page_id=form)
        self.receive(*entries.values())
        self.process()
        for (key, form), content in entries.items():
            with self.subTest(key=key, form=form):
                lead = self.lead(content["id"])
                self.assertTrue(lead, "there is no lead")
                self.assertIn(noise(key), lead.tiktok_answers)
        lead = self.lead(entries["email", 77]["id"])
        self.assertFalse(lead.email_from)
        self.assertEqual(self.notes(lead), {("email", "too_long_text", "email_from")})
        note = "Kept as an answer, not written to “Email”: too long."
        self.assertIn(note, lead.tiktok_answers_table)

    def test_an_email_and_a_phone_with_a_long_part_stay_answers(self):
        email, phone = f"ana@{noise('domain')}.com", "+5691111" + noise(1, 6000, string.digits)
        lead = self.make(answers={"name": "Ana", "email": email, "phone_number": phone})
        self.assertFalse(lead.email_from or lead.phone)
        self.assertIn(email, lead.tiktok_answers)
        self.assertIn(phone, lead.tiktok_answers)
        self.assertEqual(lead.contact_name, "Ana")

    def test_a_name_of_many_parts_is_no_title(self):
        answers = {
            "first_name": noise(1, 200),
            "last_name": noise(2, 200),
            "email": "a@example.com",
        }
        lead = self.make(answers=answers)
        self.assertFalse(lead.contact_name)
        self.assertEqual(lead.name, "a@example.com")
        expected = {(key, "too_long_text", "contact_name") for key in ("first_name", "last_name")}
        self.assertEqual(self.notes(lead), expected)

    def test_each_long_name_is_shortened_and_stays_whole_among_the_answers(self):
        content = entry(**{f"{what}_name": noise(what) for what in NAMES}, page_id=78)
        self.receive(content)
        self.process()
        lead = self.lead(content["id"])
        self.assertTrue(lead)
        for what in NAMES[:3]:
            short = lead[f"tiktok_{what}_name"]
            self.assertEqual(short, noise(what)[: values.MAX_NAME - 1] + "…")
            self.assertIn(f"{what}_name: {noise(what)}", lead.tiktok_answers)
        self.assertEqual(lead.campaign_id.name, lead.tiktok_campaign_name)
        self.assertEqual(len(lead.tiktok_form_id.name), values.MAX_NAME)
        self.assertIn(("ad_name", "shortened", "tiktok_ad_name"), self.notes(lead))
        self.assertIn("Shortened in “TikTok campaign”: too long.", lead.tiktok_answers_table)
        self.assertIn("<bdi>TikTok ad group</bdi>", lead.tiktok_answers_table)
        again = entry(content["id"], **{f"{what}_name": noise(what) for what in NAMES}, page_id=78)
        self.receive(again)
        self.process()
        self.assertEqual(lead.tiktok_answers.count("ad_name:"), 1)
        self.assertEqual(self.lead(content["id"]), lead)

    def test_a_campaign_renamed_to_a_long_name_is_found_under_it(self):
        first = self.make(campaign_name="Spring")
        second = self.make(campaign_name=noise("new", alphabet=WIDE), create_time=1789901999)
        self.assertEqual(second.tiktok_campaign_uid, first.tiktok_campaign_uid)
        self.assertEqual(len(second.campaign_id.name), values.MAX_NAME)

    def test_a_question_of_any_length_is_answered(self):
        question = noise("question")
        lead = self.make(answers={"name": "Ana", question: "Yes"})
        self.assertIn(f"{question}: Yes", lead.tiktok_answers)

    def test_each_field_that_can_be_mapped_takes_any_text(self):
        names = [name for name, _label in self.env["tiktok.mapping.target"]._get_field_choices()]
        asked = {f"Question {name}?": noise(name) for name in names}
        self.make(answers={"name": "Ana", **asked})
        for question, name in zip(asked, names, strict=True):
            self.question(question).write({"target": "field", "field_name": name})
        each = {
            name: entry(answers={"name": "Ana", question: noise(name)})
            for question, name in zip(asked, names, strict=True)
        }
        whole = entry(answers={"name": "Ana", **asked})
        self.receive(whole, *each.values())
        self.process()
        self.assertTrue(self.lead(whole["id"]))
        for name, content in each.items():
            with self.subTest(field=name):
                lead = self.lead(content["id"])
                self.assertTrue(lead, "there is no lead")
                self.assertIn(noise(name), lead.tiktok_answers)
                kind = self.env["crm.lead"]._fields[name].type
                is_filled = noise(name) in str(lead[name] or "")
                self.assertTrue(is_filled or self.notes(lead), (name, kind))

    def test_a_field_with_an_index_takes_a_line_and_no_more(self):
        for index in ("btree", "btree_not_null"):
            self.patch(self.env["crm.lead"]._fields["referred"], "index", index)
            self.patch(self.env["crm.lead"]._fields["city"], "index", index)
            long, short, city = self.send(
                "Who sent you?", "referred", noise("referred"), noise("short", values.MAX_LINE)
            ) | self.make(answers={"name": "Ana", "city": noise("city")})
            self.assertFalse(long.referred or city.city)
            self.assertEqual(self.get_reasons(long), ["too_long_text"])
            self.assertEqual(self.get_reasons(city), ["too_long_text"])
            self.assertEqual(short.referred, noise("short", values.MAX_LINE))

    def test_two_answers_that_fit_do_not_fit_together(self):
        self.patch(self.env["crm.lead"]._fields["referred"], "index", "btree")
        asked = {question: noise(question, 200) for question in ("Q1", "Q2")}
        self.make(answers={"name": "Ana", **asked})
        for question in asked:
            self.question(question).write({"target": "field", "field_name": "referred"})
        lead = self.make(answers={"name": "Ana", **asked})
        self.assertEqual(lead.referred, noise("Q1", 200))
        self.assertEqual(self.get_reasons(lead), ["too_long_text"])

    def test_the_longest_names_that_are_taken_become_a_contact(self):
        """Odoo indexes them joined; a character may have 4 bytes."""
        person, company = (noise(n, values.MAX_LINE, WIDE) for n in (1, 2))
        lead = self.make(answers={"name": person, "company": company, "email": "w@example.com"})
        self.assertEqual((lead.contact_name, lead.partner_name), (person, company))
        lead._handle_partner_assignment(create_missing=True)
        self.env.flush_all()
        self.assertIn(person, lead.partner_id.complete_name)

    def test_a_repeat_with_long_text_is_noted(self):
        self.company.tiktok_repeat_policy = "note"
        lead = self.make()
        answers = {"name": noise("name"), "email": "ana@example.com", "company": noise("company")}
        content = entry(answers=answers, campaign_name=noise("campaign"))
        self.receive(content)
        self.process()
        self.assertEqual(self.event(content["id"]).lead_id, lead)

    def test_an_import_refuses_a_text_that_is_no_id(self):
        rows = [["Ana", noise("uid")], ["Bea", "7600000000000009999"]]
        leads = self.env["crm.lead"].with_user(self.manager).with_company(self.company)
        result = leads.load(["name", "tiktok_lead_uid"], rows)
        self.assertFalse(result["ids"])
        self.assertEqual([m["record"] for m in result["messages"]], [0])
        self.assertIn("Row 1 has no TikTok lead ID", result["messages"][0]["message"])
