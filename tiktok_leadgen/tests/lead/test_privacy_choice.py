import json
import time
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import entry, next_uid
from .test_privacy import ANA, BO, PHONE, PrivacyCommon

# Two of one household: they share the phone, and each has an e-mail address.
EVA = {"name": "Eva", "email": "eva@example.com", "phone_number": PHONE}


@tagged("post_install", "-at_install")
class TestPrivacyChoice(PrivacyCommon):
    """Erasing one person leaves the data of another who shares something with them."""

    def assert_untouched(self, lead):
        self.env.invalidate_all()
        self.assertEqual((lead.active, lead.email_from), (True, EVA["email"]))
        self.assertIn("Eva", lead.tiktok_answers)
        self.assertIn("Eva", lead.tiktok_event_id.raw)

    def test_another_person_with_the_same_phone_is_listed_and_not_selected(self):
        ana, eva = self.make(answers=ANA), self.make(answers=EVA)
        wizard = self.lookup()
        self.assertEqual(self.found(wizard, "crm.lead"), ana + eva)
        self.assertEqual(self.selected(wizard, "crm.lead"), ana)
        self.assertEqual(self.selected(wizard, "tiktok.event"), ana.tiktok_event_id)
        lines = wizard.line_ids.filtered(lambda line: line.res_id == eva.id)
        self.assertIn("phone", lines.mapped("tiktok_match"))
        content = self.download(wizard)
        self.assertNotIn("eva@", content)
        wizard.action_tiktok_erase()
        self.assert_untouched(eva)
        self.assertFalse(ana.active or ana.email_from or ana.tiktok_event_id.raw)

    def test_another_person_with_the_same_phone_can_be_selected(self):
        self.make(answers=ANA)
        eva = self.make(answers=EVA)
        wizard = self.lookup()
        self.select(wizard, eva)
        self.assertIn("eva@", self.download(wizard))
        wizard.action_tiktok_erase()
        self.env.invalidate_all()
        self.assertFalse(eva.active or eva.email_from)

    def test_meetings_with_the_person_are_exported_and_erased(self):
        ana, eva = self.make(answers=ANA), self.make(answers=EVA)
        times = {"start": "2026-11-20 10:00:00", "stop": "2026-11-20 11:00:00"}
        meetings = self.env["calendar.event"].create(
            [
                {**times, "name": "Visit Ana", "opportunity_id": ana.id, "privacy": "private"},
                {**times, "name": "Old visit", "opportunity_id": ana.id, "active": False},
                {**times, "name": "Visit Eva", "opportunity_id": eva.id},
            ]
        )
        meetings[0].description = "<p>Her dog bites.</p>"
        wizard = self.lookup()
        found = json.loads(self.download(wizard))["leads"][0]["meetings"]
        self.assertEqual({each["name"] for each in found}, {"Visit Ana", "Old visit"})
        self.assertIn("Her dog bites.", [each["description"] for each in found])
        self.assertIn("Her dog bites.", self.download(wizard, "csv"))
        wizard.action_tiktok_erase()
        self.assertEqual(meetings.exists().mapped("name"), ["Visit Eva"])

    def test_messages_to_be_sent_later_are_exported_and_erased(self):
        ana, eva = self.make(answers=ANA), self.make(answers=EVA)
        to_send = self.env["mail.scheduled.message"].create(
            [
                {
                    "model": "crm.lead",
                    "res_id": lead.id,
                    "author_id": self.manager.partner_id.id,
                    "scheduled_date": fields.Datetime.now() + timedelta(days=2),
                    "subject": subject,
                    "body": "<p>Your dog Rex can come along.</p>",
                }
                for lead, subject in ((ana, "Dear Ana"), (eva, "Dear Eva"))
            ]
        )
        wizard = self.lookup()
        (found,) = json.loads(self.download(wizard))["leads"][0]["scheduled_messages"]
        self.assertEqual(found["subject"], "Dear Ana")
        self.assertEqual(found["text"], "Your dog Rex can come along.")
        wizard.action_tiktok_erase()
        self.assertEqual(to_send.exists().mapped("subject"), ["Dear Eva"])

    def test_another_person_of_the_same_name_is_not_selected(self):
        ana = self.make(answers=ANA)
        other = self.make(answers={**BO, "name": ANA["name"]})
        wizard = self.lookup()
        self.assertEqual(self.found(wizard, "crm.lead"), ana + other)
        wizard.action_tiktok_erase()
        self.env.invalidate_all()
        self.assertEqual((other.active, other.email_from), (True, BO["email"]))

    def test_an_address_that_ends_with_the_persons_is_not_found(self):
        self.make(answers=ANA)
        uid = next_uid()
        self.receive(entry(uid, answers={**BO, "email": "diana@example.com"}), token="wrong")
        wizard = self.lookup()
        self.assertNotIn(self.event(uid), self.found(wizard, "tiktok.event"))

    def noted_on_ana(self):
        """Return Ana's lead, on which Eva's submission is noted, and its event."""
        self.company.tiktok_repeat_policy = "note"
        ana = self.make(answers=ANA)
        self.receive(entry(answers={**EVA, "Dog?": "Bello"}))
        self.process()
        noted = ana.tiktok_event_ids - ana.tiktok_event_id
        self.assertIn("Bello", noted.note_id.body)
        return ana, noted

    def test_a_submission_of_another_person_noted_on_the_lead_stays(self):
        ana, noted = self.noted_on_ana()
        self.lookup().action_tiktok_erase()
        self.env.invalidate_all()
        self.assertFalse(ana.email_from or ana.tiktok_event_id.raw)
        self.assertIn("Bello", noted.raw)
        self.assertIn("Bello", noted.note_id.body)

    def test_a_submission_of_another_person_stays_when_the_lead_is_deleted(self):
        ana, noted = self.noted_on_ana()
        event = ana.tiktok_event_id
        lines = self.lookup().line_ids
        lines.filtered(lambda line: line.res_model == "crm.lead").action_unlink()
        self.env.invalidate_all()
        self.assertFalse(ana.exists() or event.raw)
        self.assertIn("Bello", noted.raw)

    def test_a_text_that_cannot_be_read_and_names_others_is_not_selected(self):
        events = []
        for text in ("ana@example.com", "ana@example.com eva@example.com"):
            values = {"dedup_key": text, "kind": "unreadable", "lead_id": False, "raw": text}
            events.append(self.make(answers=BO).tiktok_event_id.copy(values))
        wizard = self.lookup()
        self.assertEqual(self.selected(wizard, "tiktok.event"), events[0])
        self.assertIn(events[1], self.found(wizard, "tiktok.event"))

    def test_without_a_selection_nothing_is_erased_or_downloaded(self):
        ana = self.make(answers=ANA)
        wizard = self.lookup()
        wizard.line_ids.tiktok_selected = False
        for method in ("action_tiktok_erase", "action_tiktok_export_csv"):
            with self.assertRaisesRegex(UserError, "Nothing is selected"):
                getattr(wizard, method)()
        self.assertEqual(ana.email_from, ANA["email"])

    def test_a_long_word_of_a_stranger_does_not_hold_up_a_lookup(self):
        text = f"ana@example.com {'a' * 60_000}"
        self.events._receive_webhook(
            text.encode(), company=str(self.company.id), token="wrong", form={}
        )
        event = self.events.search([("kind", "=", "unreadable")], order="id desc", limit=1)
        began = time.monotonic()
        self.assertIn(event, self.selected(self.lookup(), "tiktok.event"))
        self.assertLess(time.monotonic() - began, 10)  # the square of its length takes a minute

    def test_an_imported_lead_that_is_deleted_here_does_not_come_again(self):
        uid = next_uid()
        values = {"name": "Ana", "email_from": ANA["email"], "tiktok_lead_uid": str(uid)}
        lead = self.leads.create({**values, "company_id": self.company.id})
        lines = self.lookup().line_ids
        lines.filtered(lambda line: line.res_model == "crm.lead").action_unlink()
        self.assertFalse(lead.exists())
        self.receive(entry(uid, answers=ANA))
        self.process()
        events = self.event(uid)
        self.assertEqual(set(events.mapped("reason")), {"erased"})
        self.assertFalse(self.lead(uid) or any(events.mapped("raw")))
