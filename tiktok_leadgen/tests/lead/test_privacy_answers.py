import json
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ... import person_lookup
from ..common import entry, next_uid
from ..common_mapping import MappingCommon
from .test_privacy import ANA, BO, PrivacyCommon


@tagged("post_install", "-at_install")
class TestPrivacyAnswers(PrivacyCommon, MappingCommon):
    """What a mapping made of answers is erased with the person, and listed in the file."""

    def map_question(self, question, field):
        """Map a question of the form to a field."""
        self.make(answers={**BO, question: "?"})
        row = self.question(question).with_user(self.manager)
        row.write({"target": "field", "field_name": field})

    def make_tagged(self, person, answer):
        """Return a lead whose tags are an answer."""
        return self.make(answers={**person, "Dog?": answer})

    def test_tags_of_answers_are_in_the_file(self):
        self.map_question("Dog?", "tag_ids")
        self.make_tagged(ANA, "Rex; Grey")
        content = json.loads(self.download(self.lookup()))
        self.assertEqual(sorted(content["leads"][0]["tags"]), ["Grey", "Rex"])

    def test_tags_of_answers_are_erased_and_deleted_where_nothing_else_uses_them(self):
        self.map_question("Dog?", "tag_ids")
        kept = self.env["crm.tag"].create([{"name": "Villa"}, {"name": "VIP"}, {"name": "Grey"}])
        villa, vip, grey = kept
        lead = self.make_tagged(ANA, "Rex; Grey; Bo; Old")
        other = self.make_tagged(BO, "Bo")
        lead.tiktok_form_id.tag_ids = villa
        lead.tag_ids += villa + vip
        other.tiktok_form_id.tag_ids += lead.tag_ids.filtered(lambda tag: tag.name == "Old")
        rex = lead.tag_ids.filtered(lambda tag: tag.name == "Rex")
        shared = other.tag_ids & lead.tag_ids
        self.assertEqual((rex.name, shared.name), ("Rex", "Bo"))
        self.lookup().action_tiktok_erase()
        self.assertLessEqual(villa + vip, lead.tag_ids)
        self.assertEqual(set(lead.tag_ids.mapped("name")), {"Villa", "VIP", "Old"})
        self.assertFalse(rex.exists())
        self.assertEqual((shared + grey).exists(), shared + grey)
        self.assertEqual(other.tag_ids, shared)

    def test_tags_stay_erasable_after_the_answers_were_removed(self):
        self.map_question("Dog?", "tag_ids")
        lead = self.make_tagged(ANA, "Rex")
        lead.tiktok_event_ids.write({"raw": False})
        rex = lead.tag_ids
        self.lookup().action_tiktok_erase()
        self.assertFalse(lead.tag_ids or rex.exists())

    def test_a_deleted_lead_leaves_no_tag_of_its_answers(self):
        self.map_question("Dog?", "tag_ids")
        lead = self.make_tagged(ANA, "Rex")
        rex = lead.tag_ids
        line = self.lookup().line_ids.filtered(lambda line: line.res_model == "crm.lead")
        line.action_unlink()
        self.assertFalse(lead.exists() or rex.exists())

    def test_tags_of_answers_go_with_the_last_lead_and_tags_of_people_stay(self):
        self.map_question("Dog?", "tag_ids")
        old = self.make_tagged(ANA, "Rex").tag_ids
        used = self.make_tagged(BO, "Bo").tag_ids
        unused = self.env["crm.tag"].create({"name": "Villa"})
        self.env.cr.execute("UPDATE crm_tag SET create_date = create_date - interval '2 days'")
        self.env.invalidate_all()
        self.leads.search([("tag_ids", "in", old.ids)]).unlink()
        self.env["tiktok.privacy"]._gc_answer_tags()
        self.assertEqual((old + used + unused).exists(), used + unused)

    def test_whatever_type_an_answer_was_mapped_to_it_is_erased(self):
        for name, field, answer in (
            ("Urgent?", "priority", "High"),
            ("Speaks?", "lang_id", "English (US)"),
            ("Budget?", "expected_revenue", "1500"),
        ):
            with self.subTest(field=field):
                self.map_question(name, field)
                lead = self.make(answers={**ANA, name: answer})
                self.assertTrue(lead[field])
                self.lookup().action_tiktok_erase()
                self.assertIn(lead[field], (False, 0, self.env["res.lang"], "0"))

    def test_answers_of_leads_without_a_company_or_a_time_leave_too(self):
        nowhere, untimed, young = (self.make(answers=ANA) for _number in range(3))
        nowhere.tiktok_received_at -= timedelta(days=91)
        untimed.tiktok_received_at = False
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET company_id = NULL, tiktok_form_id = NULL WHERE id = %s",
            [nowhere.id],
        )
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = create_date - interval '91 days' WHERE id = %s",
            [untimed.id],
        )
        self.env.invalidate_all()
        self.env["tiktok.privacy"]._gc_lead_answers()
        self.assertFalse(nowhere.tiktok_answers or untimed.tiktok_answers)
        self.assertTrue(young.tiktok_answers)


@tagged("post_install", "-at_install")
class TestPrivacyLookup(PrivacyCommon):
    """A lookup reads few payloads, and what was deleted stays deleted."""

    def find(self, email, phones=(ANA["phone_number"],)):
        """Return the deliveries of a person without leads."""
        return person_lookup.find_person_events(self.env, email, phones, [])

    def test_a_number_that_the_lead_has_is_not_searched_in_its_payload(self):
        self.make(answers=ANA)
        arabic = BO["phone_number"].translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        other = self.make(answers={**BO, "phone_number": arabic})
        self.assertEqual(other.phone_sanitized, BO["phone_number"])
        with patch.object(person_lookup, "match_person_event", return_value=None) as match:
            self.find("ana@example.com")
        tried = [call.args[0] for call in match.call_args_list]
        self.assertNotIn(other.tiktok_event_id, tried)

    def test_a_number_that_a_user_changed_is_still_found(self):
        lead = self.make(answers={"name": "A", "phone_number": "9 8765 4321"})
        event = lead.tiktok_event_id
        lead.with_context(tracking_disable=False).phone = "+56911111111"
        self.env.flush_all()
        self.env.cr.precommit.run()
        found = self.find("x@example.com")
        self.assertEqual(found, event)

    def test_a_number_is_one_person_however_it_is_spelled(self):
        self.company.country_id = self.env.ref("base.ar")
        phones = ("+5491123456789", "+541123456789")
        first, second = (self.make(answers={"name": "A", "phone_number": p}) for p in phones)
        self.assertNotEqual(first.phone_sanitized, second.phone_sanitized)
        first.email_from = "ana@example.com"
        self.assertEqual(self.found(self.lookup(), "crm.lead"), first + second)

    def test_headers_of_a_request_are_in_the_file_and_erased(self):
        lead = self.make(answers=ANA)
        headers = json.dumps({"user-agent": "Ana's browser"})
        lead.tiktok_event_id.headers = headers
        content = json.loads(self.download(self.lookup()))
        self.assertEqual(content["events"][0]["headers"], headers)
        self.lookup().action_tiktok_erase()
        self.assertFalse(lead.tiktok_event_id.headers)
        old = self.make(answers=BO).tiktok_event_id
        old.headers = headers
        old.received_at -= timedelta(days=91)
        self.env.flush_all()
        self.events._gc_scrub()
        self.assertFalse(old.headers or old.raw)

    def test_a_deleted_lead_of_odoos_own_import_does_not_come_again(self):
        uid = next_uid()
        values = {"name": "Ana", "email_from": "ana@example.com", "company_id": self.company.id}
        lead = self.leads.create({**values, "tiktok_lead_uid": uid})
        lead.unlink()
        event = self.event(uid)
        self.assertEqual((event.state, event.raw, event.lead_id.id), ("done", False, False))
        for source in ("webhook", "backfill"):
            self.receive(entry(uid, answers=ANA), source=source)
            self.process()
        self.assertFalse(self.lead(uid))
