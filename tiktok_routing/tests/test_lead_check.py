import time
from unittest.mock import patch

import psycopg2.errors

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.tiktok_leadgen import assignment_check
from odoo.addons.tiktok_leadgen.person_export import export_leads
from odoo.addons.tiktok_leadgen.tests.common import CommittedCommon, entry, next_uid
from odoo.addons.tiktok_leadgen.tests.common_team import TeamCommon

from .. import disposable_email
from ..models.tiktok_lead_check import is_name


@tagged("post_install", "-at_install")
class TestLeadCheck(TeamCommon):
    """Likely junk waits for a person, who is not asked twice."""

    def setUp(self):
        super().setUp()
        self.company.tiktok_check_junk = True

    def make_with(self, **answers):
        """Return the lead of a new person with some other answers."""
        return self.make(answers={**self.person(), **answers})

    def test_lead_of_a_person_passes(self):
        lead = self.make()
        self.assertEqual((lead.tiktok_check_reason, lead.user_id), (False, self.ana))

    def test_each_kind_of_junk_is_held_with_its_reason(self):
        cases = (
            ("phone", {"phone_number": "123"}),
            ("email", {"email": "ana at example"}),
            ("name", {"name": "12345"}),
            ("name", {"name": "aaaa"}),
            ("name", {"name": "www.example.com"}),
        )
        for reason, answers in cases:
            with self.subTest(answers=answers):
                lead = self.make_with(**answers)
                self.assertEqual(lead.tiktok_check_reason, reason)
                self.assertFalse(lead.user_id or lead.activity_ids or lead.tiktok_remind_at)
                self.assertTrue(lead.active)

    def test_disposable_address_is_held_where_the_library_is(self):
        with patch.object(disposable_email, "blocklist", {"disposable.example"}):
            lead = self.make_with(email="ana@mail.disposable.example")
        self.assertEqual(lead.tiktok_check_reason, "disposable")
        self.assertFalse(self.make_with(email="ana@kept.example").tiktok_check_reason)

    def test_third_submission_within_minutes_is_held(self):
        answers = self.person()
        reasons = [self.make(answers=answers).tiktok_check_reason for _number in range(3)]
        self.assertEqual(reasons, [False, False, "repeat"])
        self.assertFalse(self.make().tiktok_check_reason)

    def test_submissions_of_several_days_that_come_together_are_no_repeats(self):
        answers, now = self.person(), int(time.time())
        entries = [
            entry(next_uid(), answers=answers, create_time=now - days * 86400)
            for days in (40, 9, 0)
        ]
        self.receive(*entries)
        self.process()
        reasons = [self.lead(each["id"]).tiktok_check_reason for each in entries]
        self.assertEqual(reasons, [False] * 3)

    def test_submissions_that_lost_their_company_count_as_repeats(self):
        answers = self.person()
        first = self.make(answers=answers) | self.make(answers=answers)
        first.write({"company_id": False, "team_id": False})
        self.assertEqual(self.make(answers=answers).tiktok_check_reason, "repeat")

    def test_names_of_people_are_names(self):
        for name in ("Ana María Pérez", "李", "محمد", "O'Neil 2nd", "Li", "Jo", "", "Aa"):
            with self.subTest(name=name):
                self.assertTrue(is_name(name))
        for name in ("...", "5551234", "xxxx", "buy@now", "https://spam.example"):
            with self.subTest(name=name):
                self.assertFalse(is_name(name))

    def test_nothing_is_held_unless_the_company_wants_it(self):
        self.company.tiktok_check_junk = False
        lead = self.make_with(phone_number="123")
        self.assertEqual((lead.tiktok_check_reason, lead.user_id), (False, self.ana))

    # === WHILE IT IS HELD === #

    def test_held_lead_is_not_unassigned_and_no_one_assigns_it(self):
        lead = self.make_with(phone_number="123")
        unassigned = assignment_check.find_unassigned_domain(self.company.sudo())
        self.assertNotIn(lead, self.leads.search(unassigned))
        self.run_cron("ir_cron_assign_leads")
        self.assertFalse(lead.user_id)
        domain = self.team._get_lead_to_assign_domain()
        self.assertNotIn(lead, self.leads.search(domain))

    def test_overview_does_not_show_a_held_lead_as_waiting(self):
        self.make_with(name="aaaa")
        waiting = self.make()
        self.env.flush_all()
        report = self.env["tiktok.lead.report"].with_user(self.manager).with_company(self.company)
        found = report.action_overview(30)["waiting"]
        self.assertEqual([lead["id"] for lead in found["leads"]], waiting.ids)
        self.assertEqual(found["count"], 1)
        opened = report.action_open_leads(only="waiting")
        self.assertEqual(self.leads.search(opened["domain"]), waiting)

    def test_salesperson_whom_a_user_sets_ends_the_check(self):
        lead = self.make_with(phone_number="123")
        lead.user_id = self.boris
        self.assertFalse(lead.tiktok_check_reason)

    # === DECISIONS === #

    def test_fine_lead_is_assigned_and_the_person_is_not_checked_again(self):
        answers = {**self.person(), "phone_number": "123"}
        lead = self.make(answers=answers)
        lead.with_user(self.manager).action_tiktok_check_fine()
        self.assertFalse(lead.tiktok_check_reason)
        self.assertEqual(lead.user_id, self.ana)
        self.assertTrue(lead.tiktok_call_due_at)
        again = self.make(answers=answers)
        self.assertEqual((again.tiktok_check_reason, again.user_id), (False, self.ana))

    def test_junk_is_lost_with_a_reason_and_the_person_is_held_again(self):
        answers = {**self.person(), "name": "aaaa"}
        lead = self.make(answers=answers)
        lead.with_user(self.manager).action_tiktok_check_junk()
        self.assertEqual(lead.lost_reason_id, self.env.ref("tiktok_routing.crm_lost_reason_junk"))
        self.assertTrue(lead.exists() and not lead.active)
        again = self.make(answers={**answers, "name": "Ana"})
        self.assertEqual(again.tiktok_check_reason, "junk_before")

    def test_last_decision_counts(self):
        answers = {**self.person(), "name": "aaaa"}
        self.make(answers=answers).with_user(self.manager).action_tiktok_check_junk()
        self.make(answers=answers).with_user(self.manager).action_tiktok_check_fine()
        self.assertFalse(self.make(answers=answers).tiktok_check_reason)

    def test_decision_of_another_company_does_not_count(self):
        answers = {**self.person(), "name": "aaaa"}
        self.make(answers=answers).with_user(self.manager).action_tiktok_check_junk()
        self.other_company.tiktok_check_junk = True
        lead = self.make(company=self.other_company, answers={**answers, "name": "Ana"})
        self.assertFalse(lead.tiktok_check_reason)

    def test_decision_holds_no_address(self):
        answers = {**self.person(), "name": "aaaa"}
        self.make(answers=answers).with_user(self.manager).action_tiktok_check_junk()
        self.env.flush_all()
        self.cr.execute("SELECT to_jsonb(tiktok_lead_check)::text FROM tiktok_lead_check")
        stored = "".join(text for (text,) in self.cr.fetchall())
        self.assertTrue(stored)
        self.assertNotIn(answers["email"], stored)
        self.assertNotIn(answers["phone_number"].lstrip("+"), stored)

    def test_salesperson_decides_about_leads_that_may_be_written_only(self):
        lead = self.make_with(phone_number="123")
        lead.message_subscribe(partner_ids=self.salesman.partner_id.ids)
        stranger = lead.with_user(self.stranger)
        with self.assertRaises(AccessError):
            stranger.action_tiktok_check_junk()
        self.assertTrue(lead.active)

    def test_lead_that_is_released_is_treated_as_a_new_one(self):
        released = []
        owners = self.env.registry["tiktok.lead.owner"]
        assign = owners._assign_released_leads

        def watch_leads(model, leads):
            released.extend(leads.ids)
            return assign(model, leads)

        fine, taken, plain = (self.make_with(phone_number=number) for number in ("12", "13", ""))
        plain.user_id = False
        with patch.object(owners, "_assign_released_leads", watch_leads):
            fine.with_user(self.manager).action_tiktok_check_fine()
            taken.with_user(self.boris).user_id = self.boris
            plain.user_id = self.boris
        self.assertEqual(released, [fine.id, taken.id])

    # === PERSONAL DATA === #

    def test_decision_is_exported_and_erased_with_the_person(self):
        answers = {**self.person(), "name": "aaaa"}
        lead = self.make(answers=answers)
        lead.with_user(self.manager).action_tiktok_check_junk()
        [held] = export_leads(lead.sudo())
        self.assertTrue(held["check_decisions"])
        self.assertTrue(all(check["is_junk"] for check in held["check_decisions"]))
        self.env["tiktok.privacy"]._erase_leads(lead.sudo())
        self.assertFalse(self.env["tiktok.lead.check"].search([]))
        self.assertFalse(self.make(answers={**answers, "name": "Ana"}).tiktok_check_reason)


@tagged("post_install", "-at_install")
class TestDecisionRace(CommittedCommon):
    """Two users decide about one person at the same time, on connections of their own."""

    def decide(self, env, is_junk):
        """Store a decision about the person.

        :param odoo.api.Environment env: of one of the users
        :param bool is_junk: the decision
        """
        company = env.ref("base.main_company").id
        lead = env["crm.lead"].new({"email_from": "race@example.com", "company_id": company})
        env["tiktok.lead.check"]._store_decision(lead, is_junk)

    def forget_decisions(self):
        """Delete what was committed."""
        with self.cursor() as env:
            env["tiktok.lead.check"].search([]).unlink()

    def test_the_second_decision_is_repeated_and_counts(self):
        self.addCleanup(self.forget_decisions)
        with self.cursor() as one, self.cursor() as other:
            other.cr.execute("SELECT")  # its snapshot begins
            self.decide(one, is_junk=True)
            one.cr.commit()
            # Odoo repeats a request after this one, and after no unique violation.
            with (
                self.assertRaises(psycopg2.errors.SerializationFailure),
                mute_logger("odoo.sql_db"),
            ):
                self.decide(other, is_junk=False)
            other.cr.rollback()
            self.decide(other, is_junk=False)
            self.assertEqual(other["tiktok.lead.check"].search([]).mapped("is_junk"), [False])
            other.cr.rollback()
