from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ... import company_setup, live_updates
from ...event_claims import claim_events
from ..common import TiktokCommon, entry
from ..common_team import TeamCommon

ASSIGN = "tiktok_leadgen.ir_cron_assign_leads"


class SetupCommon(TeamCommon):
    """A company whose administrator opens the page for the first time."""

    def setUp(self):
        super().setUp()
        self.company.tiktok_assignment = "manual"
        self.page = self.company.with_user(self.manager)

    def states(self):
        """Return the states of the four steps."""
        self.env.invalidate_all()
        names = ("method", "lead", "assignment", "mapping")
        return [self.page[f"tiktok_step_{name}"] for name in names]


@tagged("post_install", "-at_install")
class TestSetup(SetupCommon):
    """The four steps tick themselves, and the first choice decides who gets the leads."""

    def test_steps_tick_themselves(self):
        self.assertEqual(self.states(), ["todo"] * 4)
        self.page.action_tiktok_choose_method("relay")
        self.assertEqual(self.states(), ["done", "todo", "done", "todo"])
        lead = self.make(answers={"name": "Zoe Last", "email": "zoe@example.com"})
        self.assertEqual(self.states(), ["done", "done", "done", "todo"])
        self.assertEqual(self.page.tiktok_last_lead_id, lead)
        self.assertEqual(self.page.tiktok_last_lead_name, "Zoe Last")
        lead.tiktok_form_id.action_confirm_all()
        self.assertEqual(self.states(), ["done"] * 4)
        self.assertTrue(self.page.tiktok_setup_is_complete)

    def test_leads_without_a_form_leave_nothing_to_map(self):
        self.page.action_tiktok_choose_method("relay")
        self.make(page_id="", answers={"name": "Zoe Last", "email": "zoe@example.com"})
        self.assertFalse(self.env["tiktok.form"].search([("company_id", "=", self.company.id)]))
        self.assertEqual(self.states(), ["done"] * 4)
        self.assertFalse(self.page.tiktok_mapping_text)

    def test_lead_that_odoo_made_is_no_first_lead(self):
        self.page.action_tiktok_send_test_lead()
        self.assertEqual(self.states()[1], "todo")

    def test_deleted_lead_is_not_shown(self):
        self.make().unlink()
        self.assertEqual(self.states()[1], "todo")
        with self.assertRaises(UserError):
            self.page.action_tiktok_open_last_lead()

    def test_sales_manager_reads_the_steps_and_changes_nothing(self):
        user = new_test_user(
            self.env,
            "tiktok_reader",
            "sales_team.group_sale_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.make()
        page = self.company.with_user(user)
        self.assertEqual(page.tiktok_step_lead, "done")
        self.assertTrue(page.action_tiktok_open_last_lead()["res_id"])
        with self.assertRaises(AccessError):
            page.action_tiktok_choose_method("relay")

    def test_salesman_reads_no_step(self):
        self.make()
        with self.assertRaises(AccessError):
            self.company.with_user(self.salesman).read(["tiktok_last_lead_name"])

    def test_unknown_method_is_refused(self):
        with self.assertRaises(UserError):
            self.page.action_tiktok_choose_method("pigeon")

    # === WHO GETS THEM === #

    def test_first_choice_assigns_round_robin_to_the_team(self):
        action = self.page.action_tiktok_choose_method("relay")
        self.assertEqual(self.company.tiktok_assignment, "round_robin")
        names = "\u2068Ana\u2069, \u2068Boris\u2069, \u2068Chen\u2069"
        self.assertIn(names, action["params"]["message"])
        self.assertEqual(self.make().user_id, self.ana)

    def test_first_choice_assigns_to_the_user_where_the_team_is_empty(self):
        self.team.crm_team_member_ids.unlink()
        action = self.page.action_tiktok_choose_method("import")
        self.assertEqual(self.company.tiktok_assignment, "fixed")
        self.assertEqual(self.company.tiktok_user_id, self.manager)
        self.assertIn(self.manager.name, action["params"]["message"])
        self.assertEqual(self.make().user_id, self.manager)

    def test_later_choice_leaves_the_assignment_as_it_is(self):
        self.page.action_tiktok_choose_method("relay")
        self.company.tiktok_assignment = "manual"
        self.assertIsNone(self.page.action_tiktok_choose_method("ads"))
        self.assertEqual(self.company.tiktok_assignment, "manual")

    def test_assignment_that_reaches_no_salesperson_needs_attention(self):
        self.make()
        self.assertEqual(self.states()[2], "warned")
        self.assertIn("Unassigned", self.page.tiktok_assignment_text)
        self.company.tiktok_assignment = "least_busy"
        self.assertEqual(self.states()[2], "done")
        self.team.crm_team_member_ids.assignment_optout = True
        self.assertEqual(self.states()[2], "warned")
        self.company.write({"tiktok_assignment": "fixed", "tiktok_user_id": self.chen.id})
        self.assertEqual(self.states()[2], "done")
        self.chen.active = False
        self.assertEqual(self.states()[2], "warned")

    def test_waiting_leads_are_assigned_on_request(self):
        leads = self.make_many(5)
        self.assertEqual(self.page.tiktok_unassigned_count, 5)
        with self.assertRaises(UserError):
            self.page.action_tiktok_assign_waiting()
        self.company.tiktok_assignment = "round_robin"
        self.page.action_tiktok_assign_waiting()
        self.assertEqual(set(leads.mapped("tiktok_unassigned_reason")), {"queued"})
        with self.enter_registry_test_mode():
            self.env.ref(ASSIGN).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.counts(leads), [2, 2, 1])
        self.assertFalse(any(leads.mapped("tiktok_unassigned_reason")))
        self.assertEqual(self.page.tiktok_unassigned_count, 0)

    def test_waiting_leads_of_another_company_stay(self):
        lead = self.make(company=self.other_company)
        self.company.tiktok_assignment = "round_robin"
        self.page.action_tiktok_assign_waiting()
        self.assertFalse(lead.tiktok_unassigned_reason)

    # === THE APP'S KEYS === #

    def test_connect_without_keys_opens_the_page(self):
        self.company.tiktok_setup_closed = True
        action = self.env["tiktok.advertiser"].with_user(self.manager).with_company(self.company)
        found = action.action_connect_ads()
        self.assertEqual(found["tag"], "display_notification")
        self.assertEqual(found["params"]["next"]["res_id"], self.company.id)
        self.assertEqual(self.company.tiktok_lead_method, "ads")
        self.assertFalse(self.company.tiktok_setup_closed)

    def test_set_up_is_closed_and_opened_again(self):
        for closed in (True, False):
            self.page.action_tiktok_toggle_setup()
            self.assertEqual(self.company.tiktok_setup_closed, closed)


@tagged("post_install", "-at_install")
class TestLiveUpdates(TiktokCommon):
    """Open pages are told that something changed, and nothing else."""

    def read_messages(self, action):
        """Do something; return the messages that this sends to pages."""
        self.env.cr.precommit.run()
        bus = self.env["bus.bus"].sudo()
        before = bus._bus_last_id()
        action()
        self.env.cr.precommit.run()
        new = bus.search([("id", ">", before), ("message", "like", live_updates.BUS_TYPE)])
        return new.mapped("message")

    def process_batch(self):
        """Process what waits; return the messages that this sends to pages."""
        events = claim_events(self.env)
        return self.read_messages(lambda: events._process_batch(events))

    def channels(self, user):
        """Return what a user gets who asks for the channels of both companies."""
        names = [
            f"{live_updates.CHANNEL}{company.id}" for company in self.company + self.other_company
        ]
        return live_updates.resolve_channels(
            self.env(user=user), ["other", *names], "sales_team.group_sale_manager"
        )

    def test_one_message_for_each_batch_and_company(self):
        self.receive(*(entry() for _ in range(20)))
        self.receive(entry(), company=self.other_company)
        self.assertEqual(len(self.process_batch()), 2)

    def test_a_warning_is_one_message_and_so_is_what_ends_it(self):
        posted = self.read_messages(lambda: self.receive(entry(), entry(), token="wrong"))
        self.assertEqual(len(posted), 1)
        domain = [("company_id", "=", self.company.id), ("state", "=", "quarantined")]
        events = self.events.search(domain).with_user(self.manager)
        for action in (events.action_discard, events.action_restore, events.action_accept):
            self.assertEqual(len(self.read_messages(action)), 1)

    def test_message_holds_the_company_only(self):
        self.receive(entry(answers={"name": "Zoe Secret", "email": "zoe@example.com"}))
        (message,) = self.process_batch()
        payload = f'"payload":{{"company_id":{self.company.id}}}'
        self.assertIn(payload, message)
        self.assertNotIn("Zoe", message)

    def test_page_listens_to_the_companies_of_its_user_only(self):
        own = (self.company, live_updates.SUBCHANNEL)
        self.assertEqual(self.channels(self.manager), ["other", own])
        other = (self.other_company, live_updates.SUBCHANNEL)
        self.assertEqual(self.channels(self.stranger), ["other", other])

    def test_salesman_and_visitor_listen_to_none(self):
        for user in (self.salesman, self.env.ref("base.public_user")):
            self.assertEqual(self.channels(user), ["other"])

    def test_last_lead_of_another_company_is_not_found(self):
        self.make()
        self.assertIsNone(company_setup.find_last_lead(self.other_company.sudo()))
