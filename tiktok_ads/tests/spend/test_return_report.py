import itertools
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.tiktok_leadgen.tests.fake_business_api import ONE, TWO

from ...report.tiktok_return_report import OF_LEAD, OF_SPEND
from ..spend_common import AD, OTHER_AD, SpendCommon


@tagged("post_install", "-at_install")
class TestReturnReport(SpendCommon):
    """What leads cost and what they bring in."""

    def sum_up(self, *measures, by=(), domain=()):
        """Return sums of the report.

        :rtype: list[tuple]
        """
        self.env.flush_all()
        return self.report._read_group(list(domain), list(by), list(measures))

    def test_cost_is_divided_by_the_leads_of_the_day(self):
        self.tiktok.spend_on(self.day(3), "30.00", onsite_form="4")
        self.connect_ads()
        self.fetch()
        leads = [self.make_lead(3) for _number in range(3)]
        self.assertEqual([lead.tiktok_cost for lead in leads], [10.0] * 3)
        self.assertEqual(leads[0].tiktok_cost_currency_id.name, "EUR")
        self.assertTrue(leads[0].tiktok_cost_is_final)
        measures = ["cost:sum", "lead_count:sum", "tiktok_lead_count:sum", "cost_per_lead:avg"]
        ((cost, ours, theirs, per_lead),) = self.sum_up(*measures)
        self.assertEqual((round(cost, 2), ours, theirs, round(per_lead, 2)), (30.0, 3, 4, 10.0))

    def test_days_without_a_lead_keep_their_cost(self):
        self.tiktok.spend_on(self.day(3), "30.00")
        self.tiktok.spend_on(self.day(2), "12.00")
        self.connect_ads()
        self.fetch()
        lead = self.make_lead(3)
        self.assertEqual(lead.tiktok_cost, 30.0)
        self.assertEqual(self.sum_up("cost:sum", "cost_per_lead:avg"), [(42.0, 42.0)])
        ((cost,),) = self.sum_up("cost:sum", domain=[("lead_id", "=", False)])
        self.assertEqual(cost, 12.0)

    def test_digest_has_the_costs_of_its_days(self):
        self.tiktok.spend_on(self.day(3), "30.00")
        self.tiktok.spend_on(self.day(6), "12.00")
        self.connect_ads()
        self.fetch()
        times = {"start_datetime": fields.Datetime.now() - timedelta(days=5)}
        times["end_datetime"] = fields.Datetime.now()
        digest = self.env["digest.digest"].create({"name": "Ads", "company_id": self.company.id})
        digest = digest.with_context(**times).with_company(self.company)
        [(cost,)] = self.sum_up("cost:sum", domain=[("date", "=", self.day(3))])
        self.assertTrue(cost)
        self.assertEqual(digest.with_user(self.manager).kpi_tiktok_cost_value, cost)
        digest.invalidate_recordset()
        with self.assertRaises(AccessError):
            _hidden = digest.with_user(self.salesman).kpi_tiktok_cost_value

    def test_leads_without_an_ad_cost_nothing_and_are_shown(self):
        self.tiktok.spend_on(self.day(3), "30.00")
        self.connect_ads()
        self.fetch()
        lead = self.make_lead(3, ad=False, campaign_id=0, adgroup_id=0)
        self.assertFalse(lead.tiktok_cost)
        found = {ad.uid or "": count for ad, count in self.sum_up("lead_count:sum", by=["ad_id"])}
        self.assertEqual(found, {"": 1, AD: 0})

    def test_test_leads_do_not_count(self):
        self.tiktok.spend_on(self.day(3), "30.00")
        self.connect_ads()
        self.fetch()
        real, test = self.make_lead(3), self.make_lead(3)
        test.sudo().tiktok_is_test = True
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((real.tiktok_cost, test.tiktok_cost), (30.0, 0.0))
        self.assertEqual(self.sum_up("cost:sum", "lead_count:sum"), [(30.0, 1)])

    def test_a_day_is_one_of_the_ad_account(self):
        self.tiktok.accounts[ONE] = ("EUR", "Asia/Tokyo", "STATUS_ENABLE")
        self.tiktok.spend_on(self.day(3), "30.00")
        self.tiktok.spend_on(self.day(2), "8.00")
        self.connect_ads()
        self.fetch()
        before, after = self.make_lead(3, hour=14), self.make_lead(3, hour=16)
        self.assertEqual((before.tiktok_cost, after.tiktok_cost), (30.0, 8.0))

    def test_a_day_may_have_25_hours(self):
        advertiser = self.connect_ads().sudo()
        advertiser.spend_time_zone = "Europe/Berlin"
        starts = [
            advertiser._get_day_start(fields.Date.to_date(day))
            for day in ("2026-10-25", "2026-10-26")
        ]
        self.assertEqual(starts[1] - starts[0], timedelta(hours=25))

    def test_sums_are_divided_never_averages(self):
        self.tiktok.spend_on(self.day(3), "30.00")
        self.tiktok.spend_on(self.day(3), "10.00", ad=OTHER_AD)
        self.connect_ads()
        self.fetch()
        for _number in range(3):
            self.make_lead(3)
        self.make_lead(3, ad=OTHER_AD)
        by_ad = {ad.uid: cost for ad, cost in self.sum_up("cost_per_lead:avg", by=["ad_id"])}
        self.assertEqual({ad: round(cost, 2) for ad, cost in by_ad.items()}, {AD: 10, OTHER_AD: 10})
        self.tiktok.spend_on(self.day(3), "50.00", ad=OTHER_AD)
        self.fetch()
        self.assertEqual(round(self.sum_up("cost_per_lead:avg")[0][0], 2), 20.0)

    def test_return_of_leads(self):
        self.tiktok.spend_on(self.day(3), "40.00")
        self.connect_ads()
        self.fetch()
        won, lost, pending = (self.make_lead(3) for _number in range(3))
        (won + lost + pending).write({"expected_revenue": 100.0, "type": "opportunity"})
        won.action_set_won()
        lost.action_set_lost()
        measures = ["won_count:sum", "won_revenue:sum", "expected_revenue:sum", "roas:avg"]
        ((count, revenue, expected, roas),) = self.sum_up(*measures)
        self.assertEqual((count, float(revenue), float(expected)), (1, 100.0, 200.0))
        self.assertEqual(round(roas, 2), 2.5)
        self.assertEqual(round(self.sum_up("cost_per_won:avg")[0][0], 2), 40.0)

    def test_cost_by_salesperson_and_form(self):
        self.tiktok.spend_on(self.day(3), "40.00")
        self.connect_ads()
        self.fetch()
        mine, none = self.make_lead(3), self.make_lead(3)
        mine.user_id, none.user_id = self.salesman, False
        found = {user.login or "": cost for user, cost in self.sum_up("cost:sum", by=["user_id"])}
        self.assertEqual(found, {"tiktok_salesman": 20.0, "": 20.0})
        ((form, cost),) = self.sum_up("cost:sum", by=["form_id"])
        self.assertEqual((form, cost), (mine.tiktok_form_id, 40.0))

    def test_days_without_a_lead_cost_their_form(self):
        for ad, days_ago in ((AD, 3), (AD, 2), (OTHER_AD, 3), (OTHER_AD, 2)):
            self.tiktok.spend_on(self.day(days_ago), "10.00", ad=ad)
        self.connect_ads()
        self.fetch()
        form = self.make_lead(3).tiktok_form_id
        two = [self.make_lead(3, ad=OTHER_AD) for _number in range(2)]
        other = form.copy({"page_uid": "7600000000000000457"})
        two[0].tiktok_form_id = other
        for measures in (["cost:sum"], ["cost:sum", "tiktok_lead_count:max"]):  # apart, by rows
            found = {row[0]: row[1] for row in self.sum_up(*measures, by=["form_id"])}
            none = form.browse()  # the other ad has leads of two forms
            self.assertEqual(found, {form: 25.0, other: 5.0, none: 10.0})
        per_lead = self.sum_up("cost_per_lead:avg", domain=[("form_id", "=", form.id)])
        self.assertEqual(per_lead, [(12.5,)])

    def test_sums_apart_are_those_of_the_rows(self):
        """Costs and leads summed up apart, as a pivot does, are the sums of the rows of a list."""
        for ad, days_ago in ((AD, 3), (AD, 2), (OTHER_AD, 3), (OTHER_AD, 100)):
            self.tiktok.spend_on(self.day(days_ago), f"{10 * days_ago}.07", ad=ad)
        self.connect_ads()
        self.fetch()
        leads = [self.make_lead(3) for _number in range(3)]
        leads += [self.make_lead(3, ad=OTHER_AD), self.make_lead(1), self.make_lead(1, ad=False)]
        leads[0].write({"expected_revenue": 100.0, "type": "opportunity"})
        leads[0].action_set_won()
        names = (*OF_SPEND, *OF_LEAD)
        leads[1].user_id = self.salesman
        leads[3].tiktok_form_id = False
        by = ["advertiser_id", "campaign_id", "adgroup_id", "ad_id", "date:day"]
        by += ["user_id", "form_id", "team_id"]
        self.env.flush_all()
        measures = ["__count", *(f"{name}:sum" for name in names), "cost_per_lead:avg"]
        for group, domain in itertools.product(by, ([], [("date", ">=", self.day(2))])):
            summed = self.report._read_grouping_sets(domain, [[], [group]], measures)
            rows = self.report.with_context(tiktok_return_count_rows=True)
            listed = rows._read_grouping_sets(domain, [[], [group]], measures)
            self.assertEqual(_round(summed), _round(listed), (group, domain))
        self.assertEqual(round(summed[0][0][1], 2), 20.07)

    def test_a_pivot_by_salesperson_is_one_of_all(self):
        self.tiktok.spend_on(self.day(3), "40.00")
        self.tiktok.spend_on(self.day(2), "1.00")
        self.connect_ads()
        self.fetch()
        self.make_lead(3).user_id = self.salesman
        self.env.flush_all()
        sets = [[], ["user_id"]]
        total, by_user = self.report._read_grouping_sets([], sets, ["cost:sum", "__count"])
        by_ad = self.report._read_grouping_sets([], [["ad_id"]], ["cost:sum", "__count"])[0]
        self.assertEqual([each[-2:] for each in (*total, *by_ad)], [(41.0, 3)] * 2)
        self.assertEqual({each[1:] for each in by_user}, {(40.0, 2), (1.0, 1)})

    # === CURRENCIES === #

    def add_rate(self, name, days_ago, rate, company=None):
        """Add a rate of a currency."""
        currency = self.env.ref(f"base.{name}")
        currency.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "name": self.day(days_ago),
                "rate": rate,
                "company_id": (company or self.company).id,
            }
        )
        return currency

    def test_each_day_has_its_rate(self):
        self.tiktok.accounts = {ONE: ("USD", "Etc/UTC", "STATUS_ENABLE")}
        self.tiktok.accounts[TWO] = ("AED", "Asia/Dubai", "STATUS_ENABLE")
        dollar, dirham = self.add_rate("USD", 20, 1.25), self.add_rate("AED", 5, 4.0)
        self.add_rate("USD", 3, 2.0)
        self.tiktok.spend_on(self.day(10), "10.00")
        self.tiktok.spend_on(self.day(3), "10.00")
        self.tiktok.spend_on(self.day(12), "12.00", ad=OTHER_AD, account=TWO)
        first, second = self.connect_ads(ONE, TWO)
        self.fetch()
        rows = self.sum_up("cost:sum", by=["date:day"])
        costs = {day: round(cost, 6) for day, cost in rows}
        company = self.company
        expected = {
            self.day(10): dollar._convert(10, company.currency_id, company, self.day(10)),
            self.day(3): dollar._convert(10, company.currency_id, company, self.day(3)),
            self.day(12): dirham._convert(12, company.currency_id, company, self.day(12)),
        }
        self.assertEqual(list(expected.values()), [8.0, 5.0, 3.0])
        self.assertEqual(costs, expected)
        self.assertFalse(first.lacks_rate or second.lacks_rate)

    def test_a_currency_without_a_rate_is_told(self):
        self.tiktok.accounts[ONE] = ("JPY", "Asia/Tokyo", "STATUS_ENABLE")
        self.env.ref("base.JPY").rate_ids.unlink()
        advertiser = self.connect_ads()
        self.fetch()
        self.assertTrue(advertiser.lacks_rate)

    def test_revenue_of_another_company_is_converted(self):
        self.add_rate("USD", 20, 2.0)
        self.other_company.currency_id = self.env.ref("base.USD")
        lead = self.make(company=self.other_company)
        lead.expected_revenue = 100.0
        ((revenue,),) = self.sum_up(
            "expected_revenue:sum", domain=[("company_id", "=", self.other_company.id)]
        )
        self.assertEqual(float(revenue), 50.0)

    # === RIGHTS === #

    def test_companies_see_their_own_costs(self):
        self.tiktok.spend_on(self.day(3), "40.00")
        self.connect_ads()
        self.fetch()
        for user, expected in ((self.manager, 40.0), (self.stranger, None)):
            report = self.env["tiktok.return.report"].with_user(user)
            ((cost,),) = report._read_group([], [], ["cost:sum"])
            self.assertEqual(round(cost, 2) if cost else None, expected)
            self.assertEqual(bool(self.spend.with_user(user).search([])), bool(expected))

    def test_salespeople_see_no_costs(self):
        lead = self.make_lead(3)
        lead.user_id = self.salesman
        for model in ("tiktok.return.report", "tiktok.ad.spend"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.salesman).search([])
        with self.assertRaises(AccessError):
            lead.with_user(self.salesman).read(["tiktok_cost"])
        self.assertEqual(lead.with_user(self.manager).tiktok_cost, 0.0)

    # === QUERIES === #

    def test_costs_of_many_leads_take_one_query(self):
        self.tiktok.spend_on(self.day(3), "40.00")
        self.connect_ads()
        self.fetch()
        leads = self.env["crm.lead"].union(*(self.make_lead(3) for _number in range(8)))
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            costs = leads._get_tiktok_costs()
        self.assertEqual({float(cost) for cost, *_more in costs.values()}, {5.0})

    def test_a_row_opens_its_lead_or_its_ad_account(self):
        self.tiktok.spend_on(self.day(3), "40.00")
        self.tiktok.spend_on(self.day(2), "40.00")
        advertiser = self.connect_ads()
        self.fetch()
        lead = self.make_lead(3)
        self.env.flush_all()
        opened = {
            (action["res_model"], action["res_id"])
            for action in (row.action_open_lead() for row in self.report.search([]))
        }
        self.assertEqual(opened, {("crm.lead", lead.id), ("tiktok.advertiser", advertiser.id)})

    def test_costs_are_in_the_currency_of_the_reader(self):
        self.assertEqual(self.report.search([]).currency_id, self.env["res.currency"])
        self.tiktok.spend_on(self.day(3), "40.00")
        self.connect_ads()
        self.fetch()
        self.assertEqual(self.report.search([]).currency_id, self.company.currency_id)


def _round(groups):
    """Return groups with rounded sums, without their number of rows, sorted.

    :rtype: list
    """
    return [
        sorted(
            (
                repr(row[: -len(OF_SPEND) - len(OF_LEAD) - 2]),
                [round(float(each or 0), 2) for each in row[-len(OF_SPEND) - len(OF_LEAD) - 1 :]],
            )
            for row in rows
        )
        for rows in groups
    ]
