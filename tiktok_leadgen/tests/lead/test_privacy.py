import csv
import io
import json
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import TiktokCommon, entry, next_uid

PHONE = "+56987654321"
ANA = {"name": "Ana Pérez", "email": "ana@example.com", "phone_number": PHONE, "Dog?": "Rex"}
BO = {"name": "Bo", "email": "bo@example.com", "phone_number": "+56987654322"}


class PrivacyCommon(TiktokCommon):
    """An administrator looks a person up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.env.ref("base.user_admin")

    def officer(self):
        """Return who looks after personal data, and sees the company's leads."""
        groups = "base.group_system,sales_team.group_sale_salesman_all_leads"
        return new_test_user(
            self.env,
            "tiktok_officer",
            groups,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def lookup(self, email="ana@example.com", name="Ana Pérez"):
        wizard = self.env["privacy.lookup.wizard"].with_user(self.admin)
        wizard = wizard.create({"email": email, "name": name})
        wizard.action_lookup()
        return wizard

    def found(self, wizard, model):
        lines = wizard.line_ids.filtered(lambda line: line.res_model == model)
        self.assertEqual(len(lines), len(set(lines.mapped("res_id"))))
        return self.env[model].browse(lines.mapped("res_id"))

    def download(self, wizard, kind="json"):
        action = getattr(wizard, f"action_tiktok_export_{kind}")()
        attachment = self.env["ir.attachment"].browse(
            int(action["url"].split("/")[3].split("?")[0])
        )
        self.assertEqual((attachment.res_model, attachment.res_id), (wizard._name, wizard.id))
        return attachment.raw.decode()

    def selected(self, wizard, model):
        """Return the records that are selected."""
        lines = wizard.line_ids.filtered("tiktok_selected")
        return self.env[model].browse(lines._tiktok_find_line_records(model).ids)

    def select(self, wizard, records):
        """Select some records of any models."""
        chosen = {(record._name, record.id) for record in records}
        wizard.line_ids.filtered(
            lambda line: (line.res_model, line.res_id) in chosen
        ).tiktok_selected = True


@tagged("post_install", "-at_install")
class TestPrivacy(PrivacyCommon):
    """What is held of one person: found, written into a file, erased."""

    def test_leads_and_events_are_found_by_email_and_by_the_phone_it_leads_to(self):
        ana = self.make(answers=ANA)
        by_phone = self.make(answers={"name": "A.", "phone_number": "9 8765 4321"})
        other = self.make(answers=BO)
        uid = next_uid()
        self.receive(entry(uid, answers=ANA), token="wrong")
        wizard = self.lookup()
        self.assertEqual(self.found(wizard, "crm.lead"), ana + by_phone)
        events = self.found(wizard, "tiktok.event")
        self.assertEqual(events, (ana + by_phone).tiktok_event_id + self.event(uid))
        self.assertNotIn(other.tiktok_event_id, events)

    def test_digits_and_letters_of_other_scripts_are_found(self):
        arabic = PHONE.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        self.make(answers=ANA)
        uids = []
        for answers in (
            {"name": "A", "phone_number": arabic},
            {"name": "A", "email": "Ana@example.com"},
        ):
            uids.append(next_uid())
            self.receive(entry(uids[-1], answers=answers), token="wrong")
        found = self.found(self.lookup(), "tiktok.event")
        for uid in uids:
            self.assertIn(self.event(uid), found)
        uid = next_uid()
        self.receive(entry(uid, answers={"name": "Ä", "email": "änä@example.com"}), token="wrong")
        wizard = self.lookup(email="änä@example.com", name="Ä")
        self.assertIn(self.event(uid), self.found(wizard, "tiktok.event"))

    def test_an_id_with_the_digits_of_a_phone_finds_no_person(self):
        self.make(answers=ANA)
        uid = next_uid()
        self.receive(entry(uid, answers=BO, page_id=7600009876543210000), token="wrong")
        self.assertNotIn(self.event(uid), self.found(self.lookup(), "tiktok.event"))

    def test_the_file_has_all_that_is_held(self):
        lead = self.make(answers=ANA)
        lead.message_post(body="She called.")
        content = json.loads(self.download(self.lookup()))
        self.assertEqual(content["leads"][0]["email_from"], "ana@example.com")
        self.assertIn("Rex", content["leads"][0]["tiktok_answers"])
        self.assertIn("She called.", str(content["leads"][0]["notes"]))
        self.assertIn("Rex", str(content["events"][0]["raw_payload"]))

    def test_the_file_has_old_values_file_names_and_activities(self):
        lead = self.make(answers=ANA).with_context(tracking_disable=False)
        lead.email_from = "ana.old@example.com"
        self.env.flush_all()
        self.env.cr.precommit.run()
        lead.email_from = ANA["email"]
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env["ir.attachment"].create(
            {"name": "passport of Ana.pdf", "res_model": "crm.lead", "res_id": lead.id}
        )
        note = self.env["ir.attachment"].create({"name": "contract of Ana.pdf"})
        lead.message_post(body="Signed", attachment_ids=note.ids)
        lead.message_notify(body="Ana is yours.", partner_ids=self.manager.partner_id.ids)
        lead.activity_schedule("mail.mail_activity_data_todo", summary="Ask Ana", note="her dog")
        wizard = self.lookup()
        for kind in ("json", "csv"):
            content = self.download(wizard, kind)
            for words in (
                "ana.old@example.com",
                "passport of Ana.pdf",
                "contract of Ana.pdf",
                "Ana is yours.",
                "Ask Ana",
                "her dog",
            ):
                self.assertIn(words, content)
        changes = json.loads(self.download(wizard))["leads"][0]["changes"]
        self.assertIn(
            ("email_from", "ana.old@example.com", ANA["email"]),
            [(change["field"], change["old"], change["new"]) for change in changes],
        )

    def test_answers_of_merged_leads_are_exported_and_erased(self):
        first, second = self.make(answers=ANA), self.make(answers={**ANA, "Dog?": "Bello"})
        lead = (first + second).merge_opportunity()
        wizard = self.lookup()
        content = json.loads(self.download(wizard))["leads"][0]
        answers = content["tiktok_answers"] + str(content["tiktok_merged_answers"])
        self.assertTrue("Rex" in answers and "Bello" in answers)
        wizard.action_tiktok_erase()
        self.env.invalidate_all()
        self.assertFalse(lead.tiktok_answers or lead.tiktok_merged_answers)

    def test_answers_of_merged_leads_leave_after_the_days_of_the_company(self):
        first, second = self.make(answers=ANA), self.make(answers={**ANA, "Dog?": "Bello"})
        lead = (first + second).merge_opportunity()
        lead.tiktok_received_at -= timedelta(days=91)
        self.env.flush_all()
        self.env["tiktok.privacy"]._gc_lead_answers()
        self.assertFalse(lead.tiktok_answers or lead.tiktok_merged_answers)

    def test_the_table_has_the_same_and_no_formula(self):
        self.make(answers={**ANA, "name": "=1+1"})
        rows = list(csv.reader(io.StringIO(self.download(self.lookup(), "csv").lstrip("\ufeff"))))
        values = {(name, value) for _record, name, value in rows}
        self.assertIn(("email_from", "ana@example.com"), values)
        self.assertIn(("contact_name", "'=1+1"), values)

    def test_erasing_leaves_nothing_of_the_person_and_keeps_the_rows(self):
        self.company.tiktok_repeat_policy = "note"
        lead = self.make(answers=ANA)
        self.receive(entry(answers={**ANA, "Dog?": "Bello"}))
        self.process()
        lead.partner_id = self.env["res.partner"].create(
            {"name": "Ana", "email": "ana@example.com", "phone": PHONE}
        )
        partner = lead.partner_id
        lead.message_post(body="Ana called.", message_type="comment")
        lead.message_notify(body="Ana is yours.", partner_ids=self.manager.partner_id.ids)
        lead.referred = lead.website = "Pérez"
        lead.tiktok_form_id.sudo().mapping_history = {
            "1": {"rules": {"1": {"field": "referred", "last_field": "website"}}, "defaults": []}
        }
        lead.activity_schedule("mail.mail_activity_data_todo", summary="Call Ana")
        uid, events = lead.tiktok_lead_uid, lead.tiktok_event_ids
        wizard = self.lookup()
        wizard.action_tiktok_erase()
        self.env.invalidate_all()
        self.assertEqual(lead.tiktok_lead_uid, uid)
        self.assertEqual(lead.tiktok_campaign_name, "Spring")
        self.assertFalse(lead.active or lead.activity_ids or lead.message_ids)
        about = [("model", "=", "crm.lead"), ("res_id", "=", lead.id)]
        self.assertFalse(self.env["mail.message"].search(about))
        self.env.flush_all()
        self.env.cr.execute("SELECT crm_lead::text FROM crm_lead WHERE id = %s", [lead.id])
        held = self.env.cr.fetchone()[0]
        self.env.cr.execute(
            "SELECT tiktok_event::text FROM tiktok_event WHERE lead_id = %s", [lead.id]
        )
        held += str(self.env.cr.fetchall())
        for word in ("Ana", "Pérez", "ana@", "Rex", "Bello", PHONE[1:]):
            self.assertNotIn(word, held)
        self.assertEqual(set(events.mapped("reason")), {"erased"})
        self.assertEqual(partner.email, "ana@example.com")  # Odoo's own lookup is for contacts
        self.assertIn("Erased", wizard.execution_details)

    def test_a_person_of_whom_only_the_phone_is_known(self):
        first, second = (
            self.make(answers={"name": name, "phone_number": PHONE}) for name in ("Ana", "A.")
        )
        other = self.make(answers=BO)
        with self.assertRaises(AccessError):
            first.with_user(self.manager).action_tiktok_personal_data()
        action = first.with_user(self.officer()).action_tiktok_personal_data()
        wizard = self.env["privacy.lookup.wizard"].with_user(self.admin)
        wizard = wizard.with_context(**action["context"])
        form = Form(wizard)
        self.assertEqual((form.tiktok_phone, form.name), (PHONE, "Ana"))
        wizard = form.save()
        wizard.action_lookup()
        self.assertEqual(self.found(wizard, "crm.lead"), first + second)
        content = json.loads(self.download(wizard))
        self.assertEqual(content["person"], {"name": "Ana", "phone": PHONE})
        self.assertEqual(self.selected(wizard, "crm.lead"), first)
        self.select(wizard, [second, second.tiktok_event_id])
        wizard.action_tiktok_erase()
        self.env.invalidate_all()
        self.assertFalse(first.phone or second.phone or first.active)
        self.assertTrue(other.phone)
        log = self.env["privacy.log"].search([], order="id desc", limit=1)
        self.assertNotIn(PHONE[3:], str(log.read()))

    def test_the_lookup_of_a_lead_goes_by_its_email(self):
        lead = self.make(answers=ANA).with_user(self.officer())
        context = lead.action_tiktok_personal_data()["context"]
        self.assertEqual(context["default_email"], "ana@example.com")
        lead.write({"email_from": False, "phone": False})
        with self.assertRaisesRegex(UserError, "No e-mail address or phone number"):
            lead.action_tiktok_personal_data()

    def test_who_was_erased_never_comes_again(self):
        lead = self.make(answers=ANA)
        uid, event = lead.tiktok_lead_uid, lead.tiktok_event_id
        self.lookup().action_tiktok_erase()
        self.receive(entry(int(uid), answers=ANA))
        # The export may bring the same lead under another key.
        again = event.copy(
            {
                "dedup_key": f"other:{uid}",
                "state": "pending",
                "reason": False,
                "lead_id": False,
                "scrubbed_at": False,
                "raw": json.dumps(entry(int(uid), answers=ANA)),
                "next_try_at": event.received_at,
            }
        )
        self.process()
        self.assertEqual((again.state, again.reason, again.raw), ("ignored", "erased", False))
        self.assertEqual(len(self.lead(uid)), 1)
        self.assertFalse(self.lead(uid).email_from)
        self.assertFalse((event + again).filtered(lambda e: e._is_replayable()))

    def test_a_lead_deleted_by_the_lookup_never_comes_again_either(self):
        lead = self.make(answers=ANA)
        uid, event = lead.tiktok_lead_uid, lead.tiktok_event_id
        wizard = self.lookup()
        for line in wizard.line_ids.filtered(lambda line: line.res_model == "crm.lead"):
            line.action_unlink()
        self.assertFalse(lead.exists())
        self.assertEqual(
            (event.reason, event.raw, event._is_replayable()), ("erased", False, False)
        )
        self.receive(entry(int(uid), answers=ANA))
        self.process()
        self.assertFalse(self.lead(uid))

    def test_deleting_an_event_in_the_lookup_keeps_its_row(self):
        event = self.make(answers=ANA).tiktok_event_id
        line = self.lookup().line_ids.filtered(lambda line: line.res_model == "tiktok.event")
        line.action_unlink()
        self.assertTrue(event.exists())
        self.assertFalse(event.raw)
        self.assertTrue(line.is_unlinked)

    def test_a_quarantined_event_that_was_erased_makes_no_lead(self):
        uid = next_uid()
        self.receive(entry(uid, answers=ANA), token="wrong")
        event = self.event(uid)
        self.lookup().action_tiktok_erase()
        self.assertEqual((event.state, event.reason), ("ignored", "erased"))
        # The real lead of that ID still comes: this delivery was unverified.
        self.receive(entry(uid, answers=BO))
        self.process()
        self.assertEqual(self.lead(uid).contact_name, "Bo")

    def test_only_who_may_look_up_may_erase(self):
        wizard = self.lookup()
        for method in ("action_tiktok_erase", "action_tiktok_export_json"):
            with self.assertRaises(AccessError):
                getattr(wizard.with_user(self.manager), method)()
        with self.assertRaises(AccessError):
            wizard.line_ids.with_user(self.manager).action_tiktok_erase()

    def test_answers_leave_the_lead_and_its_notes_after_the_days_of_the_company(self):
        self.company.tiktok_repeat_policy = "note"
        lead = self.make(answers=ANA)
        self.receive(entry(answers=ANA))
        self.process()
        note = lead.tiktok_event_ids.note_id
        young = self.make(answers=BO)
        lead.tiktok_received_at -= timedelta(days=91)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE tiktok_event SET received_at = received_at - interval '91 days'"
        )
        self.env.invalidate_all()
        self.events._gc_scrub()
        self.env["tiktok.privacy"]._gc_lead_answers()
        self.env["tiktok.privacy"]._gc_repeat_notes()
        self.env.invalidate_all()
        self.assertFalse(lead.tiktok_answers or note.exists())
        self.assertEqual(lead.email_from, "ana@example.com")
        self.assertTrue(young.tiktok_answers)
        self.company.tiktok_retention_days = 0
        young.tiktok_received_at -= timedelta(days=9999)
        self.env.flush_all()
        self.env["tiktok.privacy"]._gc_lead_answers()
        self.assertTrue(young.tiktok_answers)
