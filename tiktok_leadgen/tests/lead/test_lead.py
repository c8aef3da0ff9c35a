from odoo import fields
from odoo.tests import tagged

from ...tiktok.lead import TEST_MARK
from ..common import TiktokCommon, entry


@tagged("post_install", "-at_install")
class TestLead(TiktokCommon):
    """What a lead says: who, how to reach them, and every answer."""

    def answer(self, **answers):
        return self.make(answers={"name": "Ana", **answers})

    def test_everything_that_was_asked_is_where_crm_looks_for_it(self):
        lead = self.make(
            answers={
                "Email": "Ana@Example.com",
                "job_title": "Head of it",
                "Company name": "Pérez SpA",
                "name": "Ana Pérez",
                "phone_number": "+56 9 8765 4321",
                "address": "Calle 1",
                "unit": "B",
                "city": "Santiago",
                "postcode": "8320000",
                "website": "https://perez.example",
            }
        )
        self.assertRecordValues(
            lead,
            [
                {
                    "name": "Ana Pérez",
                    "contact_name": "Ana Pérez",
                    "email_from": "Ana@Example.com",
                    "email_normalized": "ana@example.com",
                    "phone": "+56987654321",
                    "partner_name": "Pérez SpA",
                    "function": "Head of it",
                    "street": "Calle 1",
                    "street2": "B",
                    "city": "Santiago",
                    "zip": "8320000",
                    "website": "https://perez.example",
                    "company_id": self.company.id,
                    "user_id": False,
                }
            ],
        )

    def test_first_and_last_name_make_the_contact_in_any_order(self):
        for answers in (
            {"first_name": "Ana", "last_name": "Pérez"},
            {"last_name": "Pérez", "email": "a@b.example", "first_name": "Ana"},
        ):
            lead = self.make(answers=answers)
            self.assertEqual((lead.contact_name, lead.name), ("Ana Pérez", "Ana Pérez"))

    def test_without_a_name_the_e_mail_or_the_phone_is_the_title(self):
        for answers, title in (
            ({"email": "ana@example.com", "phone": "5"}, "ana@example.com"),
            ({"phone_number": "+56911112222"}, "+56911112222"),
        ):
            lead = self.make(answers=answers)
            self.assertEqual((lead.name, lead.contact_name), (title, False))

    def test_without_anything_the_id_is_the_title(self):
        lead = self.make(answers={"Budget": "2"})
        self.assertEqual(lead.name, f"TikTok lead {lead.tiktok_lead_uid}")

    def test_no_phone_is_a_command(self):
        for given, kept in (
            ("**21*+4915112345678#", "21+4915112345678"),
            ("*#06#", "06"),
            ("＊＃06＃", "06"),
            ("#*", False),
        ):
            lead = self.answer(phone_number=given)
            self.assertEqual(lead.phone, kept)
            self.assertIn(given, lead.tiktok_answers)

    def test_names_are_one_line_that_reads_as_it_is_written(self):
        names = ("page_name", "campaign_name", "adgroup_name", "ad_name")
        bad = "Spring\r\n\u202eoffer\x1b"
        lead = self.make(answers={"name": bad, bad: "x"}, **dict.fromkeys(names, bad))
        read = "Spring offer"
        self.assertEqual((lead.name, lead.contact_name), (read, read))
        self.assertEqual(lead.tiktok_form_id.name, read)
        self.assertEqual(lead.campaign_id.name, read)
        self.assertEqual((lead.tiktok_adgroup_name, lead.tiktok_ad_name), (read, read))
        self.assertIn(read, lead.tiktok_form_id.question_ids.mapped("name"))

    def test_every_answer_is_on_the_lead_mapped_or_not(self):
        lead = self.make(
            answers={"name": "Ana", "What is your budget?": "2-4 M", "Colour": ["red", "blue"]}
        )
        self.assertEqual(
            lead.tiktok_answers, "name: Ana\nWhat is your budget?: 2-4 M\nColour: red, blue"
        )

    def test_a_question_asked_twice_is_one_line_with_both_values(self):
        changes = [{"field": "Colour", "value": "red"}, {"field": "Colour", "value": "blue"}]
        lead = self.make(changes=changes)
        self.assertEqual(lead.tiktok_answers, "Colour: red, blue")

    def test_the_table_of_answers_shows_them_escaped(self):
        lead = self.answer(**{"<b>Q</b>": "<script>alert(1)</script>", "a&b": '"x"'})
        table = lead.tiktok_answers_table
        self.assertIn("&lt;script&gt;alert(1)&lt;/script&gt;", table)
        self.assertIn("&lt;b&gt;Q&lt;/b&gt;", table)
        self.assertNotIn("<script>", table)
        content = lead.tiktok_event_id.with_user(self.manager).content
        self.assertNotIn("<script>", content)

    def test_line_breaks_and_colons_keep_a_row_one_row(self):
        answers = {"Time: when?": "at 10: 30", "Note": "a\nb: c\u2028d", "Empty": ""}
        lead = self.make(answers=answers)
        self.assertEqual(len(lead.tiktok_answers.splitlines()), 3)
        table = lead.tiktok_answers_table
        self.assertEqual(table.count("<tr>"), 3)
        self.assertIn("<bdi>Time when?</bdi></th><td><bdi>at 10: 30</bdi>", table)
        self.assertIn("<bdi>a b: c d</bdi>", table)

    def test_html_in_the_name_is_text(self):
        lead = self.make(answers={"name": "<img src=x>", "email": "a@b.example"})
        self.assertEqual(lead.contact_name, "<img src=x>")
        self.assertFalse(lead.description)

    def test_when_it_was_submitted_and_received_is_there(self):
        lead = self.make(create_time=1789901990)
        self.assertEqual(fields.Datetime.to_string(lead.tiktok_submitted_at), "2026-09-20 10:59:50")
        self.assertEqual(lead.tiktok_received_at, lead.tiktok_event_id.received_at)
        self.assertEqual(lead.tiktok_event_id.submitted_at, lead.tiktok_submitted_at)
        self.assertFalse(self.make(create_time="soon").tiktok_submitted_at)

    def test_a_repeat_of_the_same_person_is_a_new_lead_that_points_to_the_earlier_ones(self):
        first = self.make(answers={"name": "A", "email": "ana@example.com"})
        by_phone = self.make(answers={"name": "B", "phone_number": "+56987654321"})
        other = self.make(answers={"name": "C", "email": "eva@example.com"})
        again = self.make(answers={"name": "D", "email": "ANA@example.com", "phone": "9 8765 4321"})
        self.assertEqual(again.tiktok_earlier_ids, first + by_phone)
        self.assertFalse(first.tiktok_earlier_ids or other.tiktok_earlier_ids)
        first.action_set_lost()
        again.invalidate_recordset()
        self.assertIn(first, again.tiktok_earlier_ids)

    def test_a_lead_without_e_mail_and_phone_has_no_earlier_leads(self):
        self.make(answers={"name": "Ana"})
        self.assertFalse(self.make(answers={"name": "Ana"}).tiktok_earlier_ids)

    def test_a_test_lead_is_marked_tagged_and_not_assigned(self):
        lead = self.make(campaign_id=0, campaign_name=f"{TEST_MARK} for campaign_name")
        self.assertTrue(lead.tiktok_is_test)
        self.assertEqual(lead.tag_ids, self.env.ref("tiktok_leadgen.crm_tag_test"))
        self.assertFalse(lead.user_id)
        real = self.make()
        self.assertFalse(real.tiktok_is_test or real.tag_ids)

    def test_crms_own_assignment_skips_test_leads(self):
        parameter = self.env["ir.config_parameter"]
        parameter.set_param("crm.lead.auto.assignment", True)
        team = self.env["crm.team"].create(
            {
                "name": "T",
                "company_id": self.company.id,
                "use_opportunities": True,
                "assignment_domain": "[]",
                "crm_team_member_ids": [
                    (0, 0, {"user_id": self.salesman.id, "assignment_max": 300})
                ],
            }
        )
        self.env["crm.team"].search([("id", "!=", team.id)]).active = False
        real = self.make()
        test = self.make(campaign_id=0, campaign_name=TEST_MARK, answers={"name": "T"})
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET create_date = create_date - interval '1 hour'")
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            team.with_user(self.env.ref("base.user_root"))._action_assign_leads(force_quota=True)
        self.env.invalidate_all()
        self.assertEqual(real.user_id, self.salesman)
        self.assertFalse(test.user_id)

    def test_a_new_lead_has_no_followers_and_no_messages(self):
        lead = self.make()
        self.assertFalse(lead.message_follower_ids)
        self.assertFalse(lead.message_ids)
        self.assertFalse(self.env["mail.mail"].search([("res_id", "=", lead.id)]))

    def test_a_copy_of_a_lead_is_not_the_tiktok_lead(self):
        lead = self.make()
        copy = lead.copy()
        self.assertFalse(copy.tiktok_lead_uid or copy.tiktok_event_id)

    def test_a_direct_message_is_a_lead_of_another_medium(self):
        self.receive(content := entry(lead_source="DIRECT_MESSAGE"))
        self.process()
        self.assertEqual(self.lead(content["id"]).medium_id.name, "TikTok Direct Message")
