from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from ..common_speed import NOW, SpeedCommon, seconds


@tagged("post_install", "-at_install")
class TestFirstContact(SpeedCommon, MailCase):
    """The first contact is made by a person's work, and by nothing else."""

    def assertContacted(self, lead, how, user):
        self.assertEqual(lead.tiktok_first_contact_how, how)
        self.assertEqual(lead.tiktok_first_contact_at, NOW + timedelta(minutes=3))
        self.assertEqual(lead.tiktok_first_contact_user_id, user)
        self.assertEqual(lead.tiktok_response_seconds, 5 * 60)

    def open_as_salesperson(self, lead):
        """Return the lead in its salesperson's environment, three minutes later.

        :param lead: crm.lead
        :rtype: crm.lead
        """
        self.frozen.move_to(NOW + timedelta(minutes=3))
        return lead.with_user(lead.user_id).with_context(tracking_disable=False)

    def test_times_until_the_assignment(self):
        lead = self.new_lead()
        self.assertEqual(lead.tiktok_submitted_at, NOW - timedelta(minutes=2))
        self.assertTrue(lead.tiktok_received_at)  # by the clock of the database
        self.assertEqual(lead.tiktok_assigned_at, NOW)
        self.assertFalse(lead.tiktok_first_contact_at or lead.tiktok_response_seconds)

    def test_done_call_is_a_contact(self):
        lead = self.new_lead()
        self.calls(self.open_as_salesperson(lead)).action_feedback("She wants two.")
        self.assertContacted(lead, "call", self.ana)

    def test_done_email_activity_is_a_contact(self):
        lead = self.open_as_salesperson(self.new_lead())
        lead.activity_schedule("mail.mail_activity_data_email").action_done()
        self.assertContacted(lead, "message", self.ana)

    def test_done_meeting_is_a_contact(self):
        lead = self.open_as_salesperson(self.new_lead())
        kind = self.env.ref("mail.mail_activity_data_meeting")
        lead.activity_schedule(kind.get_external_id()[kind.id]).action_done()
        self.assertContacted(lead, "activity", self.ana)

    def test_mass_mail_from_the_list_is_a_contact(self):
        lead = self.open_as_salesperson(self.new_lead())
        composer = self.env["mail.compose.message"].with_user(self.ana)
        composer.create(
            {
                "composition_mode": "mass_mail",
                "model": "crm.lead",
                "res_ids": str(lead.ids),
                "subject": "Hello",
                "body": "<p>Hello</p>",
            }
        )._action_send_mail()
        self.assertContacted(lead, "message", self.ana)

    def test_mass_text_message_from_the_list_is_a_contact(self):
        lead = self.open_as_salesperson(self.new_lead())
        lead._message_log_batch(bodies={lead.id: "Hello"}, message_type="sms")
        self.assertContacted(lead, "message", self.ana)

    def test_mass_note_is_no_contact(self):
        lead = self.open_as_salesperson(self.new_lead())
        lead._message_log_batch(bodies={lead.id: "Hello"})
        self.assertFalse(lead.tiktok_first_contact_at)

    def test_done_to_do_is_no_contact(self):
        lead = self.open_as_salesperson(self.new_lead())
        lead.activity_schedule("mail.mail_activity_data_todo").action_done()
        self.assertFalse(lead.tiktok_first_contact_at)

    def test_message_to_the_customer_is_a_contact(self):
        lead = self.open_as_salesperson(self.new_lead())
        customer = self.env["res.partner"].create({"name": "Ana", "email": "ana@example.com"})
        lead.message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=customer.ids,
        )
        self.assertContacted(lead, "message", self.ana)

    def test_reply_by_email_to_a_follower_is_a_contact(self):
        lead = self.new_lead()
        customer = self.env["res.partner"].create({"name": "Ana", "email": "ana@example.com"})
        lead.message_subscribe(partner_ids=customer.ids)
        self.open_as_salesperson(lead)
        lead.message_post(
            body="Hello",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.ana.partner_id.id,
        )
        self.assertContacted(lead, "message", self.ana)

    def reply_by_email(self, lead, sender, to, cc="alias@example.org", internal=False):
        """Deliver a reply as a mail program sends it, with Odoo's address in copy.

        :param lead: crm.lead
        :param str sender: address
        :param str to: address
        :param str cc: addresses
        :param bool internal: whether it replies to a note
        """
        asked = lead.message_post(
            body="Are you there?",
            message_type="comment",
            subtype_xmlid="mail.mt_note" if internal else "mail.mt_comment",
        )
        text = (
            f"From: {sender}\nTo: {to}\nCc: {cc}\nSubject: Re: your question\n"
            f"Message-ID: <{lead.id}.{sender}>\nIn-Reply-To: {asked.message_id}\n"
            "Content-Type: text/plain; charset=utf-8\n\nHello Ana"
        )
        self.frozen.move_to(NOW + timedelta(minutes=3))
        with self.mock_mail_gateway():
            thread_id = self.env["mail.thread"].message_process("crm.lead", text)
        self.assertEqual(thread_id, lead.id)

    def test_reply_by_email_to_the_customer_is_a_contact(self):
        for internal in (False, True):
            lead = self.new_lead(answers={"name": "Zoe", "email": "zoe@customer.example"})
            lead.user_id = self.ana
            self.reply_by_email(
                lead, self.ana.email, "Zoe <zoe@customer.example>", internal=internal
            )
            self.assertContacted(lead, "message", self.ana)
            self.frozen.move_to(NOW)

    def test_email_to_colleagues_or_from_the_customer_is_no_contact(self):
        lead = self.new_lead(answers={"name": "Zoe", "email": "zoe@customer.example"})
        self.reply_by_email(lead, self.ana.email, self.boris.email)
        self.reply_by_email(
            lead, "zoe@customer.example", self.ana.email, cc="friend@customer.example"
        )
        self.assertFalse(lead.tiktok_first_contact_at)

    def test_stage_changed_by_an_import_is_no_contact(self):
        lead = self.open_as_salesperson(self.new_lead())
        stage = self.env["crm.stage"].search([("id", "!=", lead.stage_id.id)], limit=1)
        for name, key in ((".id", str(lead.id)), ("tiktok_lead_uid", lead.tiktok_lead_uid)):
            lead.with_user(self.env.ref("base.user_root")).stage_id = False
            result = (
                lead.with_user(self.manager)
                .browse()
                .load([name, "stage_id/.id"], [[key, str(stage.id)]])
            )
            self.assertEqual(result["ids"], lead.ids, result["messages"])
            self.assertEqual(lead.stage_id, stage)
        self.assertFalse(lead.tiktok_first_contact_at)

    def test_stage_changed_by_a_merge_is_no_contact(self):
        team = self.env["crm.team"].create({"name": "Others", "company_id": self.company.id})
        stage = self.env["crm.stage"].create(
            {"name": "Theirs", "team_ids": team.ids, "sequence": -9}
        )
        leads = self.new_lead() + self.new_lead()
        leads.stage_id.team_ids = self.team
        result = self.open_as_salesperson(leads[0]).with_user(self.manager)
        result = (result + leads[1].with_user(self.manager)).merge_opportunity(team_id=team.id)
        self.assertEqual(result.stage_id, stage)
        self.assertFalse(result.tiktok_first_contact_at)

    def test_note_or_message_to_colleagues_is_no_contact(self):
        lead = self.open_as_salesperson(self.new_lead())
        lead.message_post(body="To myself", message_type="comment")
        lead.message_post(
            body="Boris, can you?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.boris.partner_id.ids,
        )
        self.assertFalse(lead.tiktok_first_contact_at)

    def test_message_from_the_customer_is_no_contact(self):
        lead = self.new_lead()
        customer = self.env["res.partner"].create({"name": "Ana", "email": "ana@example.com"})
        lead.message_subscribe(partner_ids=customer.ids)
        lead.message_post(
            body="Are you there?",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=customer.id,
        )
        self.assertFalse(lead.tiktok_first_contact_at)

    def test_changed_stage_is_a_contact(self):
        lead = self.open_as_salesperson(self.new_lead())
        lead.stage_id = self.env["crm.stage"].search([("id", "!=", lead.stage_id.id)], limit=1)
        self.assertContacted(lead, "stage", self.ana)

    def test_odoobot_and_automation_rules_are_no_contact(self):
        lead = self.new_lead()
        stages = self.env["crm.stage"].search([("id", "!=", lead.stage_id.id)], limit=2)
        lead.stage_id = stages[0]
        self.calls(lead).action_done()
        self.open_as_salesperson(lead).with_context(__action_done={}).stage_id = stages[1]
        self.assertFalse(lead.tiktok_first_contact_at)

    def test_other_changed_fields_are_no_contact(self):
        lead = self.open_as_salesperson(self.new_lead())
        lead.write({"stage_id": lead.stage_id.id, "description": "x", "priority": "2"})
        self.assertFalse(lead.tiktok_first_contact_at)

    def test_second_contact_does_not_replace_the_first(self):
        lead = self.new_lead()
        self.calls(self.open_as_salesperson(lead)).action_done()
        self.frozen.move_to(NOW + timedelta(minutes=9))
        lead.with_user(self.manager).stage_id = self.env["crm.stage"].search(
            [("id", "!=", lead.stage_id.id)], limit=1
        )
        self.assertContacted(lead, "call", self.ana)

    def test_other_leads_and_tests_have_no_first_contact(self):
        plain = self.env["crm.lead"].create({"name": "Walk-in", "type": "opportunity"})
        stage = self.env["crm.stage"].search([("id", "!=", plain.stage_id.id)], limit=1)
        plain.with_user(self.manager).sudo().stage_id = stage
        self.company.with_user(self.manager).action_tiktok_send_test_lead()
        test = self.leads.search(
            [("tiktok_is_test", "=", True), ("company_id", "=", self.company.id)]
        )
        test.with_user(self.manager).stage_id = stage
        self.assertFalse((plain + test).filtered("tiktok_first_contact_at"))

    def test_future_submission_time_gives_no_negative_response_time(self):
        lead = self.make(create_time=seconds(NOW + timedelta(hours=1)))
        self.calls(self.open_as_salesperson(lead)).action_done()
        self.assertEqual(lead.tiktok_response_seconds, 1)

    def test_average_response_time_excludes_uncontacted_leads(self):
        lead = self.new_lead() + self.new_lead()
        self.calls(self.open_as_salesperson(lead[0])).action_done()
        domain = [("id", "in", lead.ids)]
        [[average]] = self.leads._read_group(domain, [], ["tiktok_response_seconds:avg"])
        self.assertEqual(average, 300)
