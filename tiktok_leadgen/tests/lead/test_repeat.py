from odoo.tests import tagged

from ..common import TiktokCommon, TiktokHttpCommon, body, entry, next_uid

ANA = {"name": "Ana Pérez", "email": "ana@example.com", "phone_number": "+56 9 8765 4321"}
PHONE_ONLY = {"name": "A. P.", "phone_number": "9 8765 4321"}
OTHER = {"name": "Bo", "email": "bo@example.com", "phone_number": "+56987654322"}


@tagged("post_install", "-at_install")
class TestRepeatPolicy(TiktokCommon):
    """What becomes of a person who submits a form again."""

    def send(self, *entries, company=None):
        self.receive(*entries, company=company)
        self.process()
        return [self.event(content["id"], company) for content in entries]

    def again(self, policy, **values):
        """Let the same person come twice under a policy.

        :return: the first lead, and the second event
        """
        first = self.make(answers=ANA)
        self.company.tiktok_repeat_policy = policy
        [event] = self.send(entry(**values))
        return first, event

    def test_by_default_there_is_a_new_lead_linked_to_the_earlier_ones(self):
        first, event = self.again("new")
        self.assertNotEqual(event.lead_id, first)
        self.assertEqual(event.lead_id.tiktok_earlier_ids, first)
        self.assertFalse(event.reason)

    def test_noted_on_the_open_lead_with_all_its_answers(self):
        answers = {**ANA, "Budget <b>?": "9,000"}
        first, event = self.again("note", answers=answers)
        self.assertEqual((event.state, event.reason, event.lead_id), ("done", "noted", first))
        self.assertEqual(len(self.leads.search([("tiktok_form_id", "=", event.form_id.id)])), 1)
        self.assertIn(event.note_id, first.message_ids)
        self.assertIn("9,000", event.note_id.body)
        self.assertIn("Budget &lt;b&gt;?", event.note_id.body)
        self.assertIn(str(first.id), event.history)
        self.assertIn("9,000", event.raw)
        self.assertFalse(self.lead(event.lead_uid))

    def test_a_repeat_is_noted_in_the_language_of_who_reads_it(self):
        self.company.tiktok_responsible_id = self.manager
        self.speak_arabic(self.manager)
        _first, event = self.again("note")
        for text in (event.note_id.body, event.history):
            self.assert_arabic(text)

    def test_the_history_of_the_event_holds_no_name(self):
        _first, event = self.again("note")
        self.assertNotIn("Ana", event.history)

    def test_the_same_person_is_known_by_phone_only_however_it_is_written(self):
        first, event = self.again("note", answers=PHONE_ONLY)
        self.assertEqual(event.lead_id, first)

    def test_the_same_person_is_known_by_email_only_in_any_letters(self):
        first, event = self.again("note", answers={"name": "A", "email": "ANA@Example.com"})
        self.assertEqual(event.lead_id, first)

    def test_the_same_person_is_known_by_a_contact_that_has_both(self):
        self.env["res.partner"].create({"name": "Ana", "email": "ana@work.example"})
        first = self.make()
        first.partner_id = self.env["res.partner"].search([("email", "=", "ana@work.example")])
        self.company.tiktok_repeat_policy = "note"
        [event] = self.send(entry(answers={"name": "A", "email": "ana@work.example"}))
        self.assertEqual(event.lead_id, first)

    def test_another_person_gets_a_lead(self):
        first, event = self.again("note", answers=OTHER)
        self.assertNotEqual(event.lead_id, first)
        self.assertEqual(event.lead_id.contact_name, "Bo")

    def test_a_person_without_email_and_phone_is_never_taken_for_another(self):
        self.company.tiktok_repeat_policy = "note"
        events = self.send(*(entry(answers={"name": "Ana", "phone_number": "12"}) for _ in "12"))
        self.assertNotEqual(events[0].lead_id, events[1].lead_id)

    def test_a_lost_or_won_lead_gets_no_note_but_a_new_one_follows(self):
        first = self.make()
        self.company.tiktok_repeat_policy = "note"
        first.action_set_lost()
        [event] = self.send(entry())
        self.assertNotEqual(event.lead_id, first)
        event.lead_id.action_set_won()
        [third] = self.send(entry())
        self.assertFalse(third.lead_id in first + event.lead_id or third.reason)

    def test_the_lost_lead_is_reopened(self):
        first = self.make()
        first.user_id = self.salesman
        first.action_set_lost(lost_reason_id=self.env["crm.lost.reason"].create({"name": "X"}).id)
        self.company.tiktok_repeat_policy = "reopen"
        [event] = self.send(entry())
        self.assertEqual((event.lead_id, event.reason), (first, "reopened"))
        self.assertTrue(first.active)
        self.assertEqual(first.won_status, "pending")
        self.assertFalse(first.lost_reason_id)
        self.assertEqual(first.user_id, self.salesman)
        [again] = self.send(entry())
        self.assertEqual((again.lead_id, again.reason), (first, "noted"))

    def test_who_left_the_company_does_not_get_the_lead_back(self):
        first = self.make()
        first.user_id = self.salesman
        first.action_set_lost()
        self.salesman.active = False
        self.company.tiktok_repeat_policy = "reopen"
        self.send(entry())
        self.assertNotEqual(first.user_id, self.salesman)
        self.assertEqual(first.company_id, self.company)

    def test_the_open_lead_wins_over_the_lost_one(self):
        lost, opened = self.make(), self.make()
        lost.action_set_lost()
        self.company.tiktok_repeat_policy = "reopen"
        [event] = self.send(entry())
        self.assertEqual((event.lead_id, lost.active), (opened, False))

    def test_the_rule_of_the_form_wins_over_the_companys(self):
        first = self.make()
        first.tiktok_form_id.repeat_policy = "note"
        [event] = self.send(entry())
        self.assertEqual(event.lead_id, first)
        [other] = self.send(entry(page_id=77))
        self.assertNotEqual(other.lead_id, first)
        self.assertEqual(other.lead_id.tiktok_earlier_ids, first)

    def test_leads_of_the_same_batch_meet_too(self):
        self.company.tiktok_repeat_policy = "note"
        answers = (ANA, OTHER, PHONE_ONLY, ANA)
        events = self.send(*(entry(answers=one) for one in answers))
        reasons = [event.reason for event in events]
        self.assertEqual(reasons, [False, False, "noted", "noted"])
        self.assertEqual(
            {e.lead_id for e in (events[0], events[2], events[3])}, {events[0].lead_id}
        )
        self.assertEqual(len(events[0].lead_id.message_ids & self.notes(events)), 2)

    def notes(self, events):
        return self.env["mail.message"].union(*(event.note_id for event in events))

    def test_two_of_one_batch_reopen_a_lost_lead_once(self):
        first = self.make()
        first.action_set_lost()
        self.company.tiktok_repeat_policy = "reopen"
        events = self.send(entry(), entry())
        self.assertEqual([e.reason for e in events], ["reopened", "noted"])
        self.assertEqual({e.lead_id for e in events}, {first})

    def test_a_test_lead_is_no_repeat_and_has_none(self):
        test = {"campaign_id": 0, "campaign_name": "", "adgroup_name": "", "ad_name": ""}
        self.company.tiktok_repeat_policy = "reopen"
        [before] = self.send(entry(**test))
        [real] = self.send(entry())
        [after] = self.send(entry(**test))
        self.assertTrue(before.lead_id.tiktok_is_test and after.lead_id.tiktok_is_test)
        self.assertEqual(len({before.lead_id, real.lead_id, after.lead_id}), 3)
        self.assertFalse(real.lead_id.tiktok_earlier_ids or after.lead_id.tiktok_earlier_ids)

    def test_the_lead_of_another_company_is_another_persons(self):
        self.make(company=self.other_company)
        self.company.tiktok_repeat_policy = "note"
        [event] = self.send(entry())
        self.assertEqual(event.lead_id.company_id, self.company)

    def test_the_salesperson_is_asked_to_call_once(self):
        first = self.make()
        first.user_id = self.salesman
        self.company.tiktok_repeat_policy = "note"
        self.send(entry(), entry())
        self.send(entry())
        self.assertEqual(first.activity_ids.mapped("user_id"), self.salesman)
        self.assertEqual(len(first.activity_ids), 1)

    def test_a_person_costs_as_many_queries_among_100_as_among_10(self):
        self.company.tiktok_repeat_policy = "note"

        def lookup(count):
            vals_list = [
                {"email_from": f"p{n}@example.com", "phone": f"+569{n:08}"} for n in range(count)
            ]
            before = self.cr.sql_log_count
            keys = self.env["tiktok.person"]._find_person_keys(self.company, vals_list)
            self.env["tiktok.person"]._find_repeated_leads(self.company, set().union(*keys))
            return self.cr.sql_log_count - before

        lookup(1)
        self.assertEqual(lookup(10), lookup(100))


@tagged("post_install", "-at_install")
class TestLaterDelivery(TiktokHttpCommon):
    """The same delivery again makes nothing new and leaves a trace."""

    def test_each_delivery_after_the_first_is_traced(self):
        content = body(entry())
        uid = content["entry"][0]["id"]
        for _delivery in range(3):
            self.assertEqual(self.post(content).status_code, 200)
        event = self.event(uid)
        self.assertEqual(len(event), 1)
        self.assertEqual(event.repeat_ids.mapped("source"), ["webhook", "webhook"])
        self.assertEqual(event.repeat_ids.company_id, self.company)

    def test_an_unverified_delivery_leaves_no_trace_however_often_it_comes(self):
        content = body(entry())
        for _delivery in range(3):
            self.post(content, token="wrong")
        self.assertFalse(self.env["tiktok.event.repeat"].search([]))

    def come_otherwise(self, event):
        """Deliver a lead in another way: the key does not stop it."""
        key = {"dedup_key": f"other:{event.lead_uid}", "state": "pending", "lead_id": False}
        event.copy({**key, "next_try_at": event.received_at})

    def test_the_id_that_a_merge_lost_is_found_by_its_event(self):
        leads = self.make() + self.make()
        uids = leads.mapped("tiktok_lead_uid")
        survivor = leads.merge_opportunity()
        self.env.flush_all()
        for event in survivor.tiktok_event_ids:
            self.come_otherwise(event)
        self.process()
        events = self.events.search([("lead_uid", "in", uids)])
        self.assertEqual(len(events), 4)
        self.assertEqual(set(events.mapped("lead_id")), {survivor})
        self.assertEqual(set(events.mapped("state")), {"done"})

    def test_a_noted_submission_does_not_come_again_as_a_lead(self):
        first = self.make()
        self.company.tiktok_repeat_policy = "note"
        uid = next_uid()
        self.receive(entry(uid))
        self.process()
        self.company.tiktok_repeat_policy = "new"
        event = self.event(uid)
        self.come_otherwise(event)
        self.process()
        self.assertEqual(self.event(uid).lead_id, first)
        self.assertFalse(self.lead(uid))
