from odoo.tests import TransactionCase, tagged

from .. import reconciliation_common
from ..reconciliation_common import ReconciliationCommon

POOR = {"campaign_name": "", "ad_name": "", "adgroup_name": "", "campaign_id": 0, "ad_id": 0}


@tagged("post_install", "-at_install")
class TestReconciliationMerge(ReconciliationCommon, TransactionCase):
    """The same lead by webhook and by export is one lead, and the richer one wins."""

    def poorer(self, lead, **values):
        """Have the webhook bring a lead with less than TikTok has of it."""
        self.receive({**lead, **values})
        self.process()
        return self.lead(lead["id"])

    def only(self, lead, *fields):
        """Return the answers to these questions only."""
        return {"changes": [change for change in lead["changes"] if change["field"] in fields]}

    def test_the_campaign_comes_later(self):
        (lead,) = self.tiktok.submit(1)
        found = self.poorer(lead, campaign_name="", ad_name="")
        self.assertFalse(found.campaign_id)
        run = self.reconcile()
        self.assertEqual((run.new_count, run.more_count), (0, 1))
        self.assertEqual(found, self.lead(lead["id"]))
        self.assertEqual((found.tiktok_campaign_name, found.tiktok_ad_name), ("Spring", "Video 1"))
        self.assertEqual(found.campaign_id.name, "Spring")
        self.assertEqual(self.reconcile().more_count, 0)
        self.assertEqual(self.day().webhook_count, 1)

    def test_a_russian_form_asks_for_parts_of_the_name_only(self):
        labels = {"first_name": "Имя", "last_name": "Фамилия"}
        self.patch(reconciliation_common, "LABELS", labels)
        questions = self.env["tiktok.form.question"]
        questions._prefetch_questions(self.form, list(labels.values()))
        self.tiktok.submit(1, answers={"first_name": "Анна", "last_name": "Иванова"})
        (second,) = self.tiktok.submit(1, answers={"first_name": "Ольга", "last_name": "Ким"})
        self.receive(second)
        self.process()
        self.reconcile()
        leads = self.leads.search([("tiktok_form_id", "=", self.form.id)], order="contact_name")
        self.assertEqual(leads.mapped("contact_name"), ["Анна Иванова", "Ольга Ким"])
        targets = sorted(self.form.question_ids.mapped("target"))
        self.assertEqual(targets, ["first_name", "last_name"])

    def test_a_deleted_lead_is_not_imported_again(self):
        (lead,) = self.tiktok.submit(1)
        self.reconcile()
        self.lead(lead["id"]).unlink()
        self.receive(lead)
        self.process()
        self.reconcile()
        self.assertFalse(self.lead(lead["id"]))

    def test_who_was_erased_is_not_filled_in_again(self):
        (lead,) = self.tiktok.submit(1)
        uid = str(lead["id"])
        leads = self.env["crm.lead"].with_user(self.manager)
        found = leads.load(["name", "tiktok_lead_uid", "email_from"], [["Ana", uid, "a@b.co"]])
        imported = self.leads.browse(found["ids"])
        imported.company_id = self.company
        imported.env["tiktok.privacy"]._erase_leads(imported)
        self.reconcile()
        self.receive(lead)
        self.process()
        self.assertFalse(imported.email_from or imported.phone or imported.tiktok_answers)
        self.assertEqual(len(self.lead(uid)), 1)

    def test_who_was_erased_may_have_come_while_the_company_was_off(self):
        (lead,) = self.tiktok.submit(1)
        uid = str(lead["id"])
        self.company.tiktok_leadgen_enabled = False
        self.receive(lead)
        self.process()
        self.company.tiktok_leadgen_enabled = True
        leads = self.env["crm.lead"].with_user(self.manager)
        found = leads.load(["name", "tiktok_lead_uid", "email_from"], [["Ana", uid, "a@b.co"]])
        imported = self.leads.browse(found["ids"])
        imported.company_id = self.company
        imported.env["tiktok.privacy"]._erase_leads(imported)
        event = self.event(lead["id"])
        self.assertEqual((event.reason, event.raw), ("erased", False))
        self.reconcile()
        self.assertFalse(imported.email_from or imported.phone)

    def test_answers_come_later(self):
        answers = {"name": "Ana", "email": "ana@example.com", "What is your budget?": "2-4 M"}
        (lead,) = self.tiktok.submit(1, answers=answers)
        found = self.poorer(lead, **self.only(lead, "name"))
        self.assertFalse(found.email_from)
        self.reconcile()
        self.assertEqual(found.email_from, "ana@example.com")
        self.assertIn("What is your budget?: 2-4 M", found.tiktok_answers)
        self.assertEqual(found.tiktok_answers.count("Ana\n"), 1)

    def test_what_a_person_wrote_stays(self):
        (lead,) = self.tiktok.submit(1)
        found = self.poorer(lead, **self.only(lead, "name"))
        found.email_from = "boss@example.com"
        self.reconcile()
        self.assertEqual(found.email_from, "boss@example.com")
        self.assertIn("ana@example.com", found.tiktok_answers)
        self.assertEqual(found.phone, "+56911112222")

    def test_what_a_person_removed_stays_removed(self):
        (lead,) = self.tiktok.submit(1)
        found = self.poorer(lead, campaign_name="")
        found.write({"phone": False, "email_from": False, "contact_name": False})
        self.reconcile()
        self.assertEqual(found.tiktok_campaign_name, "Spring")
        self.assertFalse(found.phone or found.email_from or found.contact_name)

    def test_the_title_of_a_lead_without_a_name(self):
        (lead,) = self.tiktok.submit(1)
        found = self.poorer(lead, changes=[])
        self.assertIn(str(lead["id"]), found.name)
        self.reconcile()
        self.assertEqual((found.name, found.contact_name), ("Ana Pérez", "Ana Pérez"))

    def test_removed_answers_do_not_come_back(self):
        (lead,) = self.tiktok.submit(1)
        found = self.poorer(lead, **self.only(lead, "name"))
        self.event(lead["id"]).write({"raw": False, "scrubbed_at": "2026-01-01 00:00:00"})
        self.reconcile()
        self.assertFalse(found.email_from)

    def test_the_webhook_after_the_export(self):
        numbers = {"Ihre Zahl": "+56911112222", "Andere Zahl": "+56911113333"}
        (lead,) = self.tiktok.submit(1, answers=numbers)
        self.reconcile()
        found = self.lead(lead["id"])
        self.assertFalse(found.phone)
        late = {**lead, "changes": [{"field": "phone_number", "value": "+56911112222"}]}
        self.receive(late)
        self.receive(late)
        self.process()
        self.assertEqual(self.lead(lead["id"]), found)
        self.assertEqual(found.phone, "+56911112222")
        self.assertEqual(found.tiktok_answers.count("+56911112222"), 1)
        self.assertEqual(found.tiktok_event_count, 2)
        self.reconcile()
        self.assertEqual((self.day().odoo_count, self.day().recovered_count), (1, 1))

    def test_both_wait_at_the_same_time(self):
        (lead,) = self.tiktok.submit(1)
        self.poison(lead["id"])
        with self.assertLogs("odoo.addons.tiktok_leadgen", "WARNING"):
            self.reconcile()
        self.receive(lead)
        self.env.cr.execute("UPDATE tiktok_event SET next_try_at = received_at")
        self.doCleanups_of_poison()
        self.process()
        self.assertEqual(len(self.lead(lead["id"])), 1)
        states = self.event(lead["id"]).mapped("state")
        self.assertEqual(states, ["done", "done"])

    def doCleanups_of_poison(self):
        """Cure the leads that were poisoned."""
        self._cleanups.pop()[0]()

    def test_a_poisonous_lead_costs_itself(self):
        leads = self.tiktok.submit(5)
        self.poison(leads[2]["id"])
        with self.assertLogs("odoo.addons.tiktok_leadgen", "WARNING"):
            run = self.reconcile()
        self.assertEqual((run.state, run.new_count), ("done", 5))
        day = self.day()
        self.assertEqual((day.odoo_count, day.waiting_count, day.missing_count), (4, 1, 0))

    # === UNVERIFIED DELIVERIES === #

    def test_what_tiktok_proves_is_accepted(self):
        (lead,) = self.tiktok.submit(1)
        self.receive(lead, token="wrong")
        kept = self.event(lead["id"])
        self.assertEqual(kept.state, "quarantined")
        run = self.reconcile()
        self.assertEqual((run.new_count, run.accepted_count), (0, 1))
        self.assertEqual((kept.state, kept.verification, kept.reason), ("done", "export", False))
        self.assertEqual(kept.lead_id, self.lead(lead["id"]))
        self.assertEqual((self.day().odoo_count, self.day().webhook_count), (1, 1))

    def test_what_another_company_has_is_not_accepted_too(self):
        (lead,) = self.tiktok.submit(1)
        self.receive(lead, company=self.other_company)
        self.receive(lead, token="wrong")
        kept = self.event(lead["id"])
        run = self.reconcile()
        self.assertEqual((run.new_count, run.accepted_count), (0, 0))
        self.assertEqual((kept.state, kept.reason), ("ignored", "repeated"))
        self.assertFalse(self.lead(lead["id"]))

    def test_what_tiktok_disproves_is_not(self):
        (lead,) = self.tiktok.submit(1)
        false = {**lead, "changes": [{"field": "name", "value": "Eve"}]}
        self.receive(false, token="wrong")
        kept = self.event(lead["id"])
        run = self.reconcile()
        self.assertEqual((run.new_count, run.accepted_count), (1, 0))
        self.assertEqual((kept.state, kept.reason), ("ignored", "disproved"))
        self.assertEqual(self.lead(lead["id"]).contact_name, "Ana Pérez")

    def test_of_no_company_and_twice(self):
        (lead,) = self.tiktok.submit(1)
        self.receive(lead, token="wrong")
        self.receive({**lead, "page_name": "x"}, token="wrong")
        first, second = self.event(lead["id"]).sorted("id")
        first.company_id = False
        self.reconcile()
        self.assertEqual((first.state, first.company_id), ("done", self.company))
        self.assertEqual((second.state, second.reason), ("ignored", "repeated"))
        self.assertEqual(len(self.lead(lead["id"])), 1)
