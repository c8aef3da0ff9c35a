from datetime import timedelta

import psycopg2.errors

from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from odoo.addons.tiktok_leadgen.tests.common import entry
from odoo.addons.tiktok_leadgen.tests.common_speed import seconds

from ..lead_language import find_language
from .common import NOW, ContactCommon

CRON = "ir_cron_send_first_messages"
NIGHT = NOW.replace(hour=23)


@tagged("post_install", "-at_install")
class TestFirstMessage(ContactCommon):
    """Each new lead is written to once, where the company wants it."""

    def setUp(self):
        super().setUp()
        self.company.tiktok_message_email = True

    def mails(self, lead):
        """Return the e-mails that were queued for a lead.

        :param lead: crm.lead
        :rtype: mail.mail
        """
        mails = self.env["mail.mail"].search([("model", "=", "crm.lead"), ("res_id", "=", lead.id)])
        return mails.filtered(lambda mail: lead.email_normalized in (mail.email_to or ""))

    def assertNotSent(self, lead, reason):
        self.run_own_cron(CRON)
        self.assertEqual(lead.tiktok_first_message_ids.mapped("reason"), [reason])
        self.assertFalse(self.mails(lead))

    def test_off_by_default(self):
        new = self.env["res.company"].create({"name": "New"})
        self.assertFalse(new.tiktok_message_email)
        self.company.tiktok_message_email = False
        self.assertFalse(self.new_lead().tiktok_first_message_ids)

    def test_lead_at_night_is_written_to_immediately(self):
        self.frozen.move_to(NIGHT)
        lead = self.make(create_time=seconds(NIGHT))
        self.run_own_cron(CRON)
        self.assertEqual(lead.tiktok_first_message_ids.state, "sent")
        self.assertEqual(len(self.mails(lead)), 1)
        self.assertIn("We received your request", self.mails(lead).subject)
        self.assertEqual(self.mails(lead).author_id, lead.user_id.partner_id)
        self.assertTrue(lead.message_ids.filtered(lambda m: m.subject == self.mails(lead).subject))
        self.assertFalse(lead.tiktok_first_contact_at)
        same = [("email_normalized", "=", lead.email_normalized)]
        self.assertFalse(self.env["res.partner"].search(same))

    def test_or_at_the_next_opening(self):
        self.company.tiktok_message_timing = "opening"
        self.frozen.move_to(NIGHT)
        lead = self.make(create_time=seconds(NIGHT))
        self.run_own_cron(CRON)
        self.assertEqual(lead.tiktok_first_message_ids.state, "waiting")
        self.assertEqual(str(lead.tiktok_first_message_ids.due_at), "2030-11-21 08:00:00")
        self.frozen.move_to(NIGHT + timedelta(hours=9))
        self.run_own_cron(CRON)
        self.assertEqual(lead.tiktok_first_message_ids.state, "sent")

    def test_never_twice(self):
        lead = self.new_lead()
        for _run in range(2):
            self.run_own_cron(CRON)
            self.env["tiktok.first.message"]._queue_messages(lead.browse())
        self.assertEqual(len(self.mails(lead)), 1)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.cr.savepoint(),
        ):
            lead.tiktok_first_message_ids.copy()

    def test_person_with_two_forms_is_written_to_once(self):
        answers = self.person()
        first, second = self.new_lead(answers=answers), self.new_lead(answers=answers)
        self.run_own_cron(CRON)
        states = (first | second).tiktok_first_message_ids.mapped("state")
        self.assertEqual(sorted(states), ["sent", "skipped"])

    def test_merged_leads_are_written_to_once(self):
        answers = self.person()
        second = self.new_lead(answers=answers)
        second.tiktok_first_message_ids.due_at = NOW + timedelta(hours=1)
        first = self.new_lead(answers=answers)
        self.run_own_cron(CRON)
        sent = (first | second).tiktok_first_message_ids.filtered(lambda m: m.state == "sent")
        self.assertEqual(sent.lead_id, first)
        second.priority = "3"  # CRM keeps the first one by its order
        kept = (first | second).merge_opportunity()
        self.assertEqual(kept.tiktok_first_message_ids, sent)
        self.frozen.move_to(NOW + timedelta(hours=2))
        self.run_own_cron(CRON)
        self.assertEqual(len(self.mails(kept)), 1)

    def test_tests_imports_and_recovered_leads_get_none(self):
        old = self.make(create_time=seconds(NOW - timedelta(hours=25)))
        self.assertFalse(old.tiktok_first_message_ids)
        for source in ("backfill", "import", "test"):
            with self.subTest(source=source):
                one = entry(answers=self.person(), create_time=seconds(NOW))
                self.receive(one, source=source)
                self.process()
                lead = self.lead(one["id"])
                self.assertTrue(lead)
                self.assertFalse(lead.tiktok_first_message_ids)

    def test_opted_out_address(self):
        lead = self.new_lead()
        self.env["mail.blacklist"]._add(lead.email_normalized)
        self.assertNotSent(lead, "opted_out")

    def test_bounced_address(self):
        lead = self.new_lead()
        self.env["res.partner"].create(
            {"name": "Same", "email": lead.email_normalized, "message_bounce": 1}
        )
        self.assertNotSent(lead, "bounced")

    def test_no_address(self):
        lead = self.new_lead(answers={"name": "Ana", "phone_number": "+56911110000"})
        self.run_own_cron(CRON)
        self.assertEqual(lead.tiktok_first_message_ids.reason, "no_address")

    def test_salesperson_was_faster(self):
        lead = self.new_lead()
        self.set_outcome(lead, "reached")
        self.assertNotSent(lead, "contacted")

    def test_lost_lead(self):
        lead = self.new_lead()
        lead.action_set_lost()
        self.assertNotSent(lead, "closed")

    def test_turned_off_since(self):
        lead = self.new_lead()
        self.company.tiktok_message_email = False
        self.assertNotSent(lead, "turned_off")

    def test_form_decides(self):
        lead = self.new_lead()
        lead.tiktok_form_id.first_message = "off"
        self.assertNotSent(lead, "turned_off")
        self.assertFalse(self.new_lead().tiktok_first_message_ids)
        self.company.tiktok_message_email = False
        lead.tiktok_form_id.first_message = "on"
        template = self.env.ref("tiktok_leadgen.mail_template_lead_received").copy()
        template.subject = "Only this form"
        lead.tiktok_form_id.first_message_template_id = template
        other = self.new_lead()
        self.run_own_cron(CRON)
        self.assertEqual(self.mails(other).subject, "Only this form")

    def test_broken_template_stops_no_other_lead(self):
        lead = self.new_lead()
        template = self.env.ref("tiktok_leadgen.mail_template_lead_received").copy()
        self.env["crm.lead"].create({"name": "Odoo checks the template with it", "priority": "3"})
        template.subject = "{{ 1 / (object.id != %s) }}" % lead.id  # noqa: UP031 - it has braces
        lead.tiktok_form_id.first_message_template_id = template
        with self.assertLogs("odoo.addons.tiktok_first_contact", "WARNING"):
            self.run_own_cron(CRON)
        self.assertEqual(lead.tiktok_first_message_ids.reason, "error")
        self.assertEqual(lead.tiktok_first_message_ids.state, "failed")

    def test_language_of_the_phone_or_of_the_form(self):
        self.env["res.lang"]._activate_lang("es_CL")
        self.env["res.lang"]._activate_lang("fr_FR")
        lead = self.new_lead()
        self.assertEqual(lead.lang_id.code, "es_CL")
        lead.tiktok_form_id.first_message_lang_id = self.env["res.lang"]._lang_get("fr_FR")
        self.assertEqual(self.new_lead().lang_id.code, "fr_FR")
        plain = self.env["crm.lead"].new({"phone": "no number"})
        self.assertFalse(find_language(plain))

    def test_whatsapp_text(self):
        self.company.tiktok_message_email = False
        lead = self.new_lead().with_user(self.ana)
        self.assertFalse(lead.tiktok_whatsapp_text)
        self.company.tiktok_whatsapp_text = "Hello {name}, I am {salesperson} of {company}: {form}"
        lead.invalidate_recordset()
        name = lead.contact_name.split()[0]
        self.assertEqual(
            lead.tiktok_whatsapp_text, f"Hello {name}, I am Ana of ACME: Spring quote form"
        )

    def test_copied_database_writes_to_no_one(self):
        lead = self.new_lead()
        self.env.flush_all()
        with file_open("tiktok_first_contact/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertNotSent(lead, "neutralized")
        self.assertFalse(self.company.tiktok_message_email or self.company.tiktok_alert_email)
        self.assertFalse(self.new_lead().tiktok_first_message_ids)
