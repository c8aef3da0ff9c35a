from datetime import date, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.tiktok_leadgen.report.tiktok_lead_report import LEAD_FIELDS

RATE_DAYS = 800  # older costs are not there: they are fetched 13 months back, and kept
MONEY = {"currency_field": "currency_id", "readonly": True}
# Sum first, then divide: an average of averages is wrong. Measure: dividend and divisor.
RATIOS = {
    "cost_per_lead:avg": ("cost", "lead_count"),
    "cost_per_contacted:avg": ("cost", "contacted_count"),
    "cost_per_qualified:avg": ("cost", "qualified_count"),
    "cost_per_won:avg": ("cost", "won_count"),
    "roas:avg": ("won_revenue", "cost"),
}


class TiktokReturnReport(models.Model):
    """What ads cost and what their leads brought in, one row a lead or a day without leads.

    A lead has an equal share of what its ad cost on its day; what an ad cost on a day without
    leads is a row of its own, so that the sum is what TikTok reports. Days are those of the ad
    account. Money is in the currency of the reader's company, by Odoo's rate of the day.
    """

    _name = "tiktok.return.report"
    _description = "TikTok Cost and Return"
    _auto = False
    _rec_name = "id"
    _order = "date desc, id desc"

    lead_id = fields.Many2one("crm.lead", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    advertiser_id = fields.Many2one("tiktok.advertiser", "Ad account", readonly=True)
    campaign_id = fields.Many2one("tiktok.ad.entity", readonly=True)
    adgroup_id = fields.Many2one("tiktok.ad.entity", "Ad group", readonly=True)
    ad_id = fields.Many2one("tiktok.ad.entity", readonly=True)
    form_id = fields.Many2one("tiktok.form", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    date = fields.Date("Day", readonly=True)
    is_final = fields.Boolean(
        "Final",
        readonly=True,
        help="TikTok corrects what a day cost at 12:00 UTC of the next day.",
    )
    cost = fields.Monetary(**MONEY)
    impressions = fields.Integer(readonly=True)
    clicks = fields.Integer(readonly=True)
    tiktok_lead_count = fields.Integer(
        "Form submissions (TikTok)",
        readonly=True,
        help="As TikTok counts them: by the day of the click, and without leads that it "
        "attributes to no ad.",
    )
    lead_count = fields.Integer("Leads", readonly=True)
    contacted_count = fields.Integer("Reached", readonly=True, help="Leads with a first contact.")
    qualified_count = fields.Integer("Qualified", readonly=True)
    won_count = fields.Integer("Won", readonly=True)
    expected_revenue = fields.Monetary(
        "Expected revenue", help="Of leads that are won or still open.", **MONEY
    )
    won_revenue = fields.Monetary("Won revenue", **MONEY)
    cost_per_lead = fields.Monetary(
        "Cost per lead", aggregator="avg", help="Cost, divided by the leads received.", **MONEY
    )
    cost_per_contacted = fields.Monetary("Cost per reached lead", aggregator="avg", **MONEY)
    cost_per_qualified = fields.Monetary("Cost per qualified lead", aggregator="avg", **MONEY)
    cost_per_won = fields.Monetary("Cost per won lead", aggregator="avg", **MONEY)
    roas = fields.Float(
        "ROAS", readonly=True, aggregator="avg", help="Won revenue, divided by the cost."
    )

    _depends = {
        "crm.lead": LEAD_FIELDS,
        "crm.stage": ["fold", "sequence", "team_ids"],
        "tiktok.ad.spend": ["advertiser_id", "ad_id", "date", "spend", "currency_id"],
        "tiktok.ad.entity": ["advertiser_id", "company_id", "kind", "uid"],
        "tiktok.advertiser": ["spend_time_zone"],
        "res.currency.rate": ["company_id", "currency_id", "name", "rate"],
    }

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Search with what PostgreSQL needs to be fast.

        Its compiler takes longer than the query it compiles, its memory for sorting is too small,
        and it cannot tell from the day which leads to read.

        :param domain: as of any `_search`
        :param args: as of any `_search`
        :param kwargs: as of any `_search`
        :rtype: odoo.tools.Query
        """
        self.env.cr.execute("SET LOCAL jit = off")
        self.env.cr.execute("SET LOCAL work_mem = '64MB'")
        domain = Domain(domain).optimize_full(self)
        model = self.with_context(tiktok_return_since=_find_first_day(domain))
        return super(TiktokReturnReport, model)._search(domain, *args, **kwargs)

    def _read_group_select(self, aggregate_spec, query):
        """Divide sums by sums.

        :param str aggregate_spec: field and function
        :param odoo.tools.Query query: that is built
        :rtype: SQL
        """
        if aggregate_spec not in RATIOS:
            return super()._read_group_select(aggregate_spec, query)
        dividend, divisor = (
            self._field_to_sql(self._table, name, query) for name in RATIOS[aggregate_spec]
        )
        return SQL("SUM(%s) / NULLIF(SUM(%s), 0)", dividend, divisor)

    # === THE QUERY === #

    @property
    def _table_query(self):
        return SQL(
            """WITH lead AS MATERIALIZED (%(leads)s),
                    same_day AS (SELECT ad_id, date, count(*) AS count, min(id) AS first_id
                                   FROM lead WHERE ad_id IS NOT NULL GROUP BY ad_id, date),
                    rate AS (%(rates)s), revenue_rate AS (%(revenue_rates)s)
               %(select)s %(source)s""",
            leads=self._select_leads(),
            rates=self._select_rates(),
            revenue_rates=self._select_revenue_rates(),
            select=self._select(),
            source=self._from(),
        )

    @api.model
    def _select_leads(self):
        """Return each lead with its ad and its day there.

        :rtype: SQL
        """
        since = self.env.context.get("tiktok_return_since")
        return SQL(
            """SELECT lead.id, lead.company_id, lead.user_id, lead.team_id, lead.form_id,
                      lead.contacted_count, lead.qualified_count, lead.won_count,
                      lead.lost_count, lead.expected_revenue,
                      ad.id AS ad_id, adgroup.id AS adgroup_id, campaign.id AS campaign_id,
                      COALESCE(ad.advertiser_id, account.id) AS advertiser_id,
                      (COALESCE(lead.submitted_at, lead.received_at) AT TIME ZONE 'UTC'
                       AT TIME ZONE COALESCE(owner.spend_time_zone, account.spend_time_zone,
                                             'UTC'))::date AS date
                 FROM (%(leads)s %(since)s) AS lead
                 LEFT JOIN tiktok_ad_entity ad ON ad.kind = 'ad'
                      AND ad.uid = lead.ad_uid AND ad.company_id = lead.company_id
                 LEFT JOIN tiktok_ad_entity adgroup ON adgroup.kind = 'adgroup'
                      AND adgroup.uid = lead.adgroup_uid AND adgroup.company_id = lead.company_id
                 LEFT JOIN tiktok_ad_entity campaign ON campaign.kind = 'campaign'
                      AND campaign.uid = lead.campaign_uid
                      AND campaign.company_id = lead.company_id
                 LEFT JOIN tiktok_advertiser owner ON owner.id = ad.advertiser_id
                 LEFT JOIN tiktok_advertiser account ON account.active
                      AND account.advertiser_uid = lead.advertiser_uid
                      AND account.company_id = lead.company_id""",
            leads=self.env["tiktok.lead.report"]._table_query,
            # A lead is received after it is submitted; time zones differ by less than a day.
            since=SQL("AND lead.tiktok_received_at >= %s", since - timedelta(days=2))
            if since
            else SQL(),
        )

    @api.model
    def _select_rates(self, first=None):
        """Return the rate of each day on which money was spent in another currency.

        :param date first: only from this day on
        :rtype: SQL
        """
        company = self.env.company
        first = first or self.env.context.get("tiktok_return_since")
        return SQL(
            """SELECT day.currency_id, day.date, %(target)s / %(source)s AS factor
                 FROM (SELECT currency.id AS currency_id, date::date
                         FROM (SELECT DISTINCT spend_currency_id AS id FROM tiktok_advertiser
                                WHERE spend_currency_id != %(currency)s) AS currency
                        CROSS JOIN generate_series(%(since)s, CURRENT_DATE + 1, '1 day') AS date
                      ) AS day""",
            target=self._select_rate(SQL("%s", company.currency_id.id)),
            source=self._select_rate(SQL("day.currency_id")),
            currency=company.currency_id.id,
            since=SQL("%s::date", first) if first else SQL("CURRENT_DATE - %s", RATE_DAYS),
        )

    @api.model
    def _select_rate(self, currency):
        """Return Odoo's rate of a currency on a day: the last before it, else the first, else 1.

        :param SQL currency: its id
        :rtype: SQL
        """
        rates = SQL(
            """SELECT rate.rate FROM res_currency_rate rate WHERE rate.currency_id = %s
                  AND (rate.company_id = %s OR rate.company_id IS NULL)""",
            currency,
            self.env.company.root_id.id,
        )
        return SQL(
            """COALESCE(
                   (%(rates)s AND rate.name <= day.date
                     ORDER BY rate.company_id, rate.name DESC LIMIT 1),
                   (%(rates)s ORDER BY rate.company_id, rate.name LIMIT 1), 1.0)""",
            rates=rates,
        )

    @api.model
    def _select_revenue_rates(self):
        """Return today's rate of each company's currency: CRM's revenue is in it.

        :rtype: SQL
        """
        company, today = self.env.company, fields.Date.context_today(self)
        companies = self.env["res.company"].sudo().search([("active", "in", (True, False))])
        rows = [
            SQL(
                "(%s, %s::numeric)",
                each.id,
                self.env["res.currency"]._get_conversion_rate(
                    each.currency_id, company.currency_id, company, today
                ),
            )
            for each in companies
        ]
        return SQL("SELECT * FROM (VALUES %s) AS rate (company_id, factor)", SQL(", ").join(rows))

    @api.model
    def _select(self):
        # Counted once for all leads of the day.
        first = SQL("lead.id IS NOT DISTINCT FROM same_day.first_id")
        return SQL(
            """SELECT COALESCE(lead.id * 2, spend.id * 2 + 1) AS id, lead.id AS lead_id,
                      COALESCE(lead.company_id, spend.company_id) AS company_id,
                      %(currency)s AS currency_id,
                      COALESCE(spend.advertiser_id, lead.advertiser_id) AS advertiser_id,
                      COALESCE(spend.campaign_id, lead.campaign_id) AS campaign_id,
                      COALESCE(spend.adgroup_id, lead.adgroup_id) AS adgroup_id,
                      COALESCE(spend.ad_id, lead.ad_id) AS ad_id,
                      lead.form_id, lead.user_id, lead.team_id,
                      COALESCE(spend.date, lead.date) AS date,
                      COALESCE(spend.is_corrected, FALSE) AS is_final,
                      COALESCE(spend.spend * COALESCE(rate.factor, 1)
                               / COALESCE(same_day.count, 1), 0) AS cost,
                      CASE WHEN %(first)s THEN COALESCE(spend.impressions, 0) ELSE 0 END
                          AS impressions,
                      CASE WHEN %(first)s THEN COALESCE(spend.clicks, 0) ELSE 0 END AS clicks,
                      CASE WHEN %(first)s THEN COALESCE(spend.tiktok_lead_count, 0) ELSE 0 END
                          AS tiktok_lead_count,
                      (lead.id IS NOT NULL)::int AS lead_count,
                      COALESCE(lead.contacted_count, 0) AS contacted_count,
                      COALESCE(lead.qualified_count, 0) AS qualified_count,
                      COALESCE(lead.won_count, 0) AS won_count,
                      CASE WHEN lead.lost_count = 0
                           THEN lead.expected_revenue * revenue_rate.factor ELSE 0 END
                          AS expected_revenue,
                      CASE WHEN lead.won_count = 1
                           THEN lead.expected_revenue * revenue_rate.factor ELSE 0 END
                          AS won_revenue,
                      NULL::numeric AS cost_per_lead, NULL::numeric AS cost_per_contacted,
                      NULL::numeric AS cost_per_qualified, NULL::numeric AS cost_per_won,
                      NULL::numeric AS roas""",
            currency=self.env.company.currency_id.id,
            first=first,
        )

    @api.model
    def _from(self):
        return SQL(
            """FROM lead
               FULL JOIN tiktok_ad_spend spend
                 ON spend.ad_id = lead.ad_id AND spend.date = lead.date
               LEFT JOIN same_day
                 ON same_day.ad_id = lead.ad_id AND same_day.date = lead.date
               LEFT JOIN rate ON rate.currency_id = spend.currency_id AND rate.date = spend.date
               LEFT JOIN revenue_rate ON revenue_rate.company_id = lead.company_id"""
        )

    def action_open_lead(self):
        """Open the lead of this row, or the ad account where there is none.

        :return: an action
        :rtype: dict
        """
        self.ensure_one()
        return (self.lead_id or self.advertiser_id).get_formview_action()


def _find_first_day(domain):
    """Return the first day that a domain lets through.

    :param Domain domain: of the report, optimized
    :return: None if any day may be
    :rtype: date | None
    """
    days, waiting = [], [domain]
    while waiting:
        each = waiting.pop()
        if getattr(each, "OPERATOR", "") == "&":
            waiting += each.children
        elif getattr(each, "field_expr", "") == "date" and each.operator in (">=", ">"):
            days.append(each.value)
    return max((day for day in days if isinstance(day, date)), default=None)
