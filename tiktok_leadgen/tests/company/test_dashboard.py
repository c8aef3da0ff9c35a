from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import TiktokCommon, TiktokHttpCommon, entry, freeze_clock


class DashboardCommon(TiktokCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["tiktok.lead.report"]

    def overview(self, days=30, user=None):
        self.env.flush_all()
        report = self.report.with_user(user or self.manager)
        return report.with_context(tz="UTC").action_overview(days)

    def contacted(self, lead, seconds, user=None):
        lead.write(
            {
                "user_id": (user or self.salesman).id,
                "tiktok_first_contact_at": lead.tiktok_received_at + timedelta(seconds=seconds),
                "tiktok_response_seconds": seconds,
            }
        )


@tagged("post_install", "-at_install")
class TestDashboard(DashboardCommon):
    """The figures of the overview."""

    def test_leads_are_counted_by_day_form_campaign_and_ad(self):
        for campaign in ("Spring", "Spring", "Fall"):
            self.make(campaign_name=campaign, campaign_id=len(campaign))
        found = self.overview()
        self.assertEqual(found["total"]["leads"], 3)
        self.assertEqual(len(found["series"]), 30)
        self.assertEqual(found["series"][-1]["leads"], 3)
        names = [(row["name"], row["leads"]) for row in found["groups"]["campaign"]]
        self.assertEqual(names, [("Spring", 2), ("Fall", 1)])
        self.assertEqual(found["groups"]["form"][0]["name"], "Spring quote form")
        self.assertEqual(found["groups"]["ad"][0]["name"], "Video 1")

    def test_campaigns_of_one_name_and_two_ids_are_two(self):
        self.make(campaign_id=11)
        self.make(campaign_id=12)
        self.assertEqual([r["leads"] for r in self.overview()["groups"]["campaign"]], [1, 1])

    def test_a_lead_that_moved_to_another_company_is_shown_with_its_form(self):
        lead = self.make()
        form = self.make(company=self.other_company).tiktok_form_id
        name = form.name
        lead.tiktok_form_id = form
        lead.tiktok_received_at -= timedelta(days=40)  # it waits, and is in no other figure
        self.env.flush_all()
        self.env.invalidate_all()
        waiting = self.overview(user=self.manager)["waiting"]
        self.assertEqual([row["form"] for row in waiting["leads"]], [name])

    def test_figures_of_events_open_what_they_count(self):
        self.make()
        self.receive(entry())
        report = self.report.with_user(self.manager)
        found = self.overview()["events"]
        for only, count in found.items():
            action = report.action_open_events(30, only)
            self.assertEqual(self.events.search_count(action["domain"]), count, only)
        self.assertEqual((found["received"], found["created"], found["waiting"]), (2, 1, 1))

    def test_leads_are_grouped_by_form_without_a_query_for_each(self):
        self.make()
        statements, execute = [], self.cr.execute

        def note(query, *args, **kwargs):
            statements.append(str(getattr(query, "code", query)))
            return execute(query, *args, **kwargs)

        with patch.object(self.cr, "execute", note):
            for model, field in ((self.report, "form_id"), (self.leads, "tiktok_form_id")):
                model.with_user(self.manager).formatted_read_group([], [field], ["__count"])
        self.assertTrue(statements)
        self.assertFalse([each for each in statements if "tiktok_received_at DESC" in each])

    def test_forms_are_listed_by_their_newest_lead(self):
        old, new = self.make(page_id=1), self.make(page_id=2)
        old.tiktok_received_at -= timedelta(days=1)
        silent = self.env["tiktok.form"].create(
            {"name": "Silent", "page_uid": "3", "company_id": self.company.id}
        )
        self.env.flush_all()
        forms = (old + new).tiktok_form_id + silent
        found = forms.search([("id", "in", forms.ids)], order="last_lead_at desc")
        self.assertEqual(found, new.tiktok_form_id + old.tiktok_form_id + silent)

    def test_tests_are_left_out(self):
        self.make(campaign_id=0, campaign_name="", adgroup_name="", ad_name="")
        self.assertFalse(self.overview()["total"]["leads"])

    def test_qualified_is_won_or_moved_on_by_a_person(self):
        stages = self.env["crm.stage"].search([("team_ids", "=", False)])
        leads = [self.make() for _lead in range(4)]
        self.assertEqual(self.overview()["total"]["qualified"], 0)
        leads[0].stage_id = stages[1]
        leads[1].action_set_won()
        leads[2].stage_id = stages[1]
        leads[2].action_set_lost()
        found = self.overview()["total"]
        self.assertEqual((found["leads"], found["qualified"], found["won"]), (4, 3, 1))

    def test_the_first_stage_is_the_first_of_the_leads_own_team(self):
        team = self.env["crm.team"].create({"name": "Mine", "company_id": self.company.id})
        late = {"sequence": 99, "team_ids": team.ids}
        self.env["crm.stage"].search([("team_ids", "=", False)]).team_ids = self.env[
            "crm.team"
        ].create({"name": "Else"})
        self.env["crm.stage"].create([{**late, "name": "A"}, {**late, "name": "B"}])
        self.company.tiktok_team_id = team
        lead = self.make()
        self.assertEqual(lead.stage_id.name, "A")
        self.assertEqual(self.overview()["total"]["qualified"], 0)

    def test_medians_by_person_and_team_not_means(self):
        for seconds in (60, 120, 6000):
            self.contacted(self.make(), seconds)
        self.make()
        found = self.overview()
        self.assertEqual(found["median"], 120)
        rows = {row["name"]: row for row in found["groups"]["user"]}
        self.assertEqual(rows[self.salesman.name]["median"], 120)
        self.assertEqual(rows[None]["median"], None)
        self.assertEqual(found["groups"]["team"][0]["median"], 120)

    def test_a_lead_without_form_and_salesperson_has_no_text_for_them(self):
        """The page would print false."""
        self.make(page_id=0)
        (row,) = self.overview()["waiting"]["leads"]
        self.assertEqual((row["form"], row["user"]), ("", ""))

    def test_who_waits_now_the_longest_first(self):
        contacted, first, second = self.make(), self.make(), self.make()
        self.contacted(contacted, 10)
        first.tiktok_received_at = fields.Datetime.now() - timedelta(days=400)
        lost = self.make()
        lost.action_set_lost()
        found = self.overview(1)["waiting"]
        self.assertEqual((found["count"], found["late"]), (2, 1))
        self.assertEqual([lead["id"] for lead in found["leads"]], [first.id, second.id])

    def test_received_is_compared_with_what_was_made_of_it(self):
        self.company.tiktok_repeat_policy = "note"
        self.make()
        self.make(answers={"name": "Bo", "email": "bo@example.com"})
        self.receive(entry())
        self.receive(entry(), token="wrong")
        self.process()
        self.receive(entry())
        found = self.overview()["events"]
        expected = {"received": 5, "created": 2, "earlier": 1, "waiting": 1, "none": 1}
        self.assertEqual(found, expected)

    def test_the_period_is_told_apart_from_the_one_before(self):
        old = self.make()
        old.tiktok_received_at -= timedelta(days=10)
        self.make()
        found = self.overview(7)
        self.assertEqual((found["total"]["leads"], found["before"]["leads"]), (1, 1))
        self.assertEqual(self.overview(30)["total"]["leads"], 2)
        self.assertEqual(len(self.overview(365)["series"]), 53)
        with self.assertRaises(UserError):
            self.overview(5)

    def test_the_day_is_the_readers(self):
        lead = self.make()
        lead.tiktok_received_at = "2026-09-19 23:30:00"
        self.env.flush_all()
        with freeze_clock("2026-09-20 10:00:00"):
            report = self.report.with_user(self.manager)
            dubai = report.with_context(tz="Asia/Dubai").action_overview(1)
            lisbon = report.with_context(tz="America/Santiago").action_overview(1)
        self.assertEqual((dubai["total"]["leads"], lisbon["total"]["leads"]), (1, 0))

    def test_what_a_figure_opens_are_its_leads(self):
        spring, autumn = self.make(), self.make(campaign_id=7, campaign_name="Autumn")
        autumn.action_set_won()
        report = self.report.with_user(self.manager)
        self.env.flush_all()

        def opened(*args):
            action = report.action_open_leads(30, *args)
            return self.leads.with_user(self.manager).search(action["domain"])

        self.assertEqual(opened(), autumn + spring)
        self.assertEqual(opened("campaign", "7"), autumn)
        self.assertEqual(opened("form", spring.tiktok_form_id.id), autumn + spring)
        self.assertEqual(opened("user", False), autumn + spring)
        self.assertEqual(opened(None, None, "won"), autumn)
        self.assertEqual(opened(None, None, "qualified"), autumn)
        self.assertEqual(opened(None, None, "waiting"), spring)


@tagged("post_install", "-at_install")
class TestDashboardRights(DashboardCommon):
    """Users count only what they may see."""

    def test_another_companys_leads_are_not_counted(self):
        self.make()
        found = self.overview(user=self.stranger)
        self.assertFalse(found["total"]["leads"] or found["waiting"]["count"])
        self.assertFalse(any(found["groups"].values()))
        self.assertFalse(found["events"]["received"])

    def test_a_lead_that_lost_its_company_stays_with_its_forms(self):
        lead = self.make()
        lead.company_id = False
        self.assertEqual(self.overview()["total"]["leads"], 1)
        self.assertEqual(self.overview(user=self.stranger)["total"]["leads"], 0)

    def test_a_salesperson_counts_own_leads_and_nobodys(self):
        mine, theirs, _nobodys = self.make(), self.make(), self.make()
        mine.user_id, theirs.user_id = self.salesman, self.manager
        found = self.overview(user=self.salesman)
        self.assertEqual(found["total"]["leads"], 2)
        self.assertEqual(found["waiting"]["count"], 2)
        self.assertIsNone(found["events"])
        everyone = self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.salesman.group_ids += everyone
        self.assertEqual(self.overview(user=self.salesman)["total"]["leads"], 3)

    def test_who_does_not_sell_sees_nothing(self):
        clerk = new_test_user(self.env, "tiktok_clerk", "base.group_user")
        for method in ("action_overview", "action_open_leads"):
            with self.assertRaises(AccessError):
                getattr(self.report.with_user(clerk), method)()


@tagged("post_install", "-at_install")
class TestDashboardTour(TiktokHttpCommon):
    """The page itself, in a real browser."""

    def test_the_first_open_shows_the_set_up(self):
        self.make(campaign_id=0, campaign_name="", adgroup_name="", ad_name="")  # a test lead
        tour = "tiktok_leadgen_first_open"
        self.start_tour("/odoo/tiktok-overview", tour, login="tiktok_manager")

    def test_a_period_without_leads_shows_the_overview(self):
        self.make().tiktok_received_at -= timedelta(days=400)
        tour = "tiktok_leadgen_empty_period"
        self.start_tour("/odoo/tiktok-overview", tour, login="tiktok_manager")

    def test_the_overview_shows_the_figures_and_leads_to_the_leads(self):
        admin = self.env.ref("base.user_admin")
        admin.write({"company_ids": [(4, self.company.id)], "company_id": self.company.id})
        self.make()
        self.make(campaign_id=7, campaign_name="Autumn")
        self.start_tour("/odoo/tiktok-overview", "tiktok_leadgen_dashboard", login="admin")
