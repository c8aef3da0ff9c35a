from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.person_export import export_leads

from ...tiktok.hashing import hash_email
from ..signals_common import OTHER_SET_UID, SignalsCommon


@tagged("post_install", "-at_install")
class TestReportingLimits(SignalsCommon):
    """Consent, objections and erasure: who is never reported."""

    def report(self, lead):
        """Qualify a lead and run the job; return its event."""
        self.qualify(lead)
        self.send()
        return self.events_of(lead)

    def give_consent(self, lead, *lines):
        """Store what a lead answered to the questions about consent."""
        lead.sudo().tiktok_consent = "\n".join(lines)

    def test_only_leads_with_a_given_consent_are_reported(self):
        self.company.write(
            {"tiktok_ads_consent": True, "tiktok_ads_consent_answers": "Yes, نعم , I agree"}
        )
        for lines, state in (
            ((), "skipped"),
            (("May we use your data: for ads?: No",), "skipped"),
            (("May we use your data: for ads?: yes",), "sent"),
            (("هل توافق؟: نعم",), "sent"),
            (("Calls?: Yes", "Ads?: No"), "skipped"),
        ):
            with self.subTest(lines=lines):
                lead = self.make_lead(name=str(lines))
                self.give_consent(lead, *lines)
                event = self.report(lead)
                self.assertEqual(event.state, state)
                self.assertEqual(event.reason, "consent" if state == "skipped" else False)

    def test_only_the_question_that_the_company_names_counts(self):
        self.company.write({"tiktok_ads_consent": True, "tiktok_ads_consent_question": "Ads"})
        lead = self.make_lead()
        self.give_consent(lead, "Calls?: No", "TikTok ads?: Yes")
        self.assertEqual(self.report(lead).state, "sent")

    def test_a_consent_that_comes_later_counts_when_the_lead_moves_again(self):
        self.company.tiktok_ads_consent = True
        lead = self.make_lead()
        self.assertEqual(self.report(lead).reason, "consent")
        self.give_consent(lead, "Ads?: Yes")
        lead.stage_id = self.new_stage
        self.assertEqual(self.report(lead).state, "sent")

    def test_the_setting_needs_answers(self):
        with self.assertRaises(ValidationError):
            self.company.write({"tiktok_ads_consent": True, "tiktok_ads_consent_answers": " , "})

    def test_a_person_who_objects_is_reported_with_no_lead(self):
        first, second = self.make_lead(), self.make_lead()
        other = self.make_lead(name="Eva", email="eva@example.com", phone_number="+56933334444")
        first.tiktok_ads_objection = True
        self.assertEqual(second.email_normalized, first.email_normalized)
        for lead, state in ((first, "skipped"), (second, "skipped"), (other, "sent")):
            self.assertEqual(self.report(lead).state, state)
        self.assertEqual(self.events_of(second).reason, "objection")

    def test_an_objection_outlives_its_lead(self):
        for end in ("deleted", "erased", "merged"):
            with self.subTest(end=end):
                address = f"{end}@example.com"
                lead, other = (self.make_lead(email=address) for _number in range(2))
                lead.tiktok_ads_objection = True
                if end == "merged":
                    other = (lead | other)._merge_opportunity()
                elif end == "erased":
                    self.env["tiktok.privacy"]._erase_leads(lead.sudo())
                else:
                    lead.unlink()
                self.assertTrue(other.tiktok_ads_objection)
                other.unlink()
                later = self.make_lead(email=address)
                self.assertEqual(self.report(later).reason, "objection")

    def test_an_objection_that_is_taken_back_is_forgotten(self):
        lead = self.make_lead()
        lead.tiktok_ads_objection = True
        lead.unlink()
        later = self.make_lead()
        later.tiktok_ads_objection = True
        later.tiktok_ads_objection = False
        self.assertEqual(self.report(later).state, "sent")

    def test_an_objection_counts_in_its_company(self):
        lead = self.make_lead()
        lead.write({"tiktok_ads_objection": True, "company_id": self.other_company.id})
        lead.unlink()
        self.assertEqual(self.report(self.make_lead()).state, "sent")

    def test_who_objected_on_a_lead_that_is_gone_is_in_no_audience(self):
        values = {"name": "Won", "advertiser_id": self.advertiser.id}
        audience = self.env["tiktok.audience"].create({**values, "company_id": self.company.id})
        gone, erased = (self.make_lead(email=f"{name}@example.com") for name in ("bea", "cid"))
        (gone | erased).tiktok_ads_objection = True
        gone.unlink()
        self.env["tiktok.privacy"]._erase_leads(erased.sudo())
        for name in ("bea", "cid", "dan"):
            self.win(self.make_lead(email=f"{name}@example.com"))
        self.assertEqual(list(audience._iter_lines()), [hash_email("dan@example.com") + ","])

    def test_erasing_stops_what_waits_and_clears_what_was_sent(self):
        lead = self.make_lead()
        lead.expected_revenue = 900
        self.win(lead)
        self.send()
        won = self.events_of(lead)
        self.qualify(lead)
        waiting = self.events_of(lead) - won
        self.assertEqual((won.state, waiting.state), ("sent", "pending"))
        self.env["tiktok.privacy"]._erase_leads(lead.sudo())
        self.send()
        self.assertEqual(len(self.tracked()), 1)
        self.assertEqual((won.state, waiting.state), ("sent", "skipped"))
        for event in won | waiting:
            self.assertEqual(event.reason, "erased")
            self.assertFalse(event.lead_id or event.value or event.has_email)
        waiting.with_user(self.manager).action_send()
        self.assertEqual(waiting.state, "skipped")

    def test_an_erased_lead_that_is_moved_is_never_reported_again(self):
        lead = self.make_lead()
        self.qualify(lead)
        self.env["tiktok.privacy"]._erase_leads(lead.sudo())
        lead.write({"active": True, "stage_id": self.new_stage.id})
        self.qualify(lead)
        self.send()
        self.assertFalse(self.tracked())

    def test_a_deleted_lead_is_not_reported(self):
        lead = self.make_lead()
        self.qualify(lead)
        event = self.events_of(lead)
        lead.unlink()
        self.send()
        self.assertEqual((event.state, event.reason), ("skipped", "deleted"))
        self.assertFalse(self.tracked())

    def test_offline_events_need_a_contact_and_are_young(self):
        offline = self.make_event_set(OTHER_SET_UID, name="Shop", source="offline")
        self.make_rules(offline, ("SubmitApplication", "Purchase", "Contact"))
        self.event_set.active = False
        silent = self.make_lead(name="No contact")
        old = self.make_lead(name="Old", email="old@example.com")
        self.qualify(silent | old)
        self.events_of(old).occurred_at = "2026-01-01 00:00:00"
        self.send()
        self.assertEqual(self.events_of(silent).reason, "no_contact")
        self.assertEqual(self.events_of(old).reason, "too_old")
        self.assertFalse(self.tracked())

    def test_the_file_of_a_person_says_what_was_reported(self):
        lead = self.make_lead(email="ana@example.com")
        lead.expected_revenue = 900
        self.win(lead)
        self.send()
        self.qualify(lead)
        [held] = export_leads(lead.sudo())
        found = {event["event"]: event for event in held["reported_to_tiktok"]}
        self.assertEqual(set(found), {"Converted", "Qualified"})
        won, waiting = found["Converted"], found["Qualified"]
        self.assertEqual((won["status"], won["value"], waiting["status"]), ("sent", 900, "pending"))
        self.assertEqual((won["email_hash_sent"], won["phone_hash_sent"]), (True, False))
        self.assertEqual(won["date"], str(self.events_of(lead)[0].sent_at))
        self.assertFalse(held["is_objection_to_ads_remembered"])

    def test_a_user_stops_what_waits(self):
        lead = self.make_lead()
        self.qualify(lead)
        event = self.events_of(lead)
        event.with_user(self.manager).action_stop()
        self.send()
        self.assertEqual((event.state, event.reason), ("skipped", "stopped"))
        self.assertFalse(self.tracked())
