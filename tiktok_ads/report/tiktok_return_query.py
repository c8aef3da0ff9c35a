from bisect import bisect_right
from datetime import date, timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from .tiktok_return_report import OF_LEAD, OF_SPEND, SHARED, SINCE, SUMMARY


class TiktokReturnReport(models.Model):
    """The query: each lead with its share of the cost, and each day of an ad without leads.

    Sums by what costs and leads share are read from both apart, each grouped before they meet.
    PostgreSQL expects one lead in 200 to be of the company and joins them one after the other: what
    ends in OFFSET 0 is joined before it is filtered.
    """

    _inherit = "tiktok.return.report"

    @property
    def _table_query(self):
        summary = self.env.context.get(SUMMARY)
        return self._select_summary(*summary) if summary else self._select_rows()

    # === SUMS === #

    @api.model
    def _select_summary(self, names, measures):
        """Return the sums of costs, and those of leads.

        :param tuple names: of `SHARED`, to group by
        :param tuple measures: of `OF_SPEND` and `OF_LEAD`
        :rtype: SQL
        """
        amount = SQL("spend.spend * COALESCE(rate.factor, 1)")
        spend = {name: SQL.identifier("spend", name) for name in (*SHARED, *OF_SPEND[1:])}
        lead = {name: SQL.identifier("lead", name) for name in (*SHARED, *OF_LEAD)}
        return SQL(
            """WITH rate AS (%(rates)s) %(spend)s
                 FROM tiktok_ad_spend spend
                 LEFT JOIN rate ON rate.currency_id = spend.currency_id AND rate.date = spend.date
                %(spend_group)s
                UNION ALL
               (%(lead)s FROM (%(leads)s) AS lead %(lead_group)s OFFSET 0)""",
            rates=self._select_rates(),
            spend=self._select_sums({**spend, "cost": amount}, names, measures),
            spend_group=_group_by(spend, names),
            lead=self._select_sums(lead, names, measures),
            lead_group=_group_by(lead, names),
            leads=self._select_leads(),
        )

    @api.model
    def _select_sums(self, columns, names, measures):
        """Return the columns of one kind of rows: its own measures are summed, others are zero.

        :param dict columns: SQL by name of the field
        :param tuple names: to group by
        :param tuple measures: to sum
        :rtype: SQL
        """
        sums = [
            SQL("SUM(%s) AS %s", columns[name], SQL.identifier(name))
            if name in columns
            else SQL("0 AS %s", SQL.identifier(name))
            for name in measures
        ]
        grouped = [SQL("%s AS %s", columns[name], SQL.identifier(name)) for name in names]
        currency = SQL("%s AS currency_id", self.env.company.currency_id.id)
        count = SQL("COUNT(*) AS row_count")
        return SQL("SELECT %s", SQL(", ").join([*grouped, *sums, currency, count]))

    # === ROWS === #

    @api.model
    def _select_rows(self):
        """Return each lead with its share of the cost, then what was spent on days without one.

        :rtype: SQL
        """
        return SQL(
            """WITH lead AS MATERIALIZED (%(leads)s),
                    same_day AS MATERIALIZED (
                        SELECT ad_id, date, count(*) AS count, min(id) AS first_id
                          FROM lead WHERE ad_id IS NOT NULL GROUP BY ad_id, date),
                    rate AS (%(rates)s)
               (%(of_leads)s OFFSET 0) UNION ALL (%(of_days)s OFFSET 0)""",
            leads=self._select_leads(),
            rates=self._select_rates(),
            of_leads=self._select_lead_rows(),
            of_days=self._select_leadless_days(),
        )

    @api.model
    def _select_lead_rows(self):
        """Return each lead with its share of what its ad cost on its day.

        :rtype: SQL
        """
        first = SQL("lead.id = same_day.first_id")  # counted once for all leads of the day
        return SQL(
            """SELECT lead.id * 2 AS id, lead.id AS lead_id, lead.company_id,
                      %(currency)s AS currency_id, lead.advertiser_id, lead.campaign_id,
                      lead.adgroup_id, lead.ad_id, lead.form_id, lead.user_id, lead.team_id,
                      lead.date, COALESCE(spend.is_corrected, FALSE) AS is_final,
                      COALESCE(spend.spend * COALESCE(rate.factor, 1) / same_day.count, 0) AS cost,
                      CASE WHEN %(first)s THEN COALESCE(spend.impressions, 0) ELSE 0 END
                          AS impressions,
                      CASE WHEN %(first)s THEN COALESCE(spend.clicks, 0) ELSE 0 END AS clicks,
                      CASE WHEN %(first)s THEN COALESCE(spend.tiktok_lead_count, 0) ELSE 0 END
                          AS tiktok_lead_count,
                      1 AS lead_count, lead.contacted_count, lead.qualified_count, lead.won_count,
                      lead.expected_revenue, lead.won_revenue, %(ratios)s,
                      1 + (%(first)s AND spend.id IS NOT NULL)::int AS row_count
                 FROM lead
                 LEFT JOIN same_day
                   ON same_day.ad_id = lead.ad_id AND same_day.date = lead.date
                 LEFT JOIN tiktok_ad_spend spend
                   ON spend.ad_id = lead.ad_id AND spend.date = lead.date
                 LEFT JOIN rate
                   ON rate.currency_id = spend.currency_id AND rate.date = spend.date""",
            currency=self.env.company.currency_id.id,
            first=first,
            ratios=_RATIOS,
        )

    @api.model
    def _select_leadless_days(self):
        """Return what ads cost on days without a lead of theirs.

        :rtype: SQL
        """
        return SQL(
            """SELECT spend.id * 2 + 1, NULL::integer, spend.company_id, %(currency)s,
                      spend.advertiser_id, spend.campaign_id, spend.adgroup_id, spend.ad_id,
                      NULL::integer, NULL::integer, NULL::integer, spend.date,
                      COALESCE(spend.is_corrected, FALSE), spend.spend * COALESCE(rate.factor, 1),
                      COALESCE(spend.impressions, 0), COALESCE(spend.clicks, 0),
                      COALESCE(spend.tiktok_lead_count, 0), 0, 0, 0, 0, 0, 0, %(ratios)s, 1
                 FROM tiktok_ad_spend spend
                 LEFT JOIN same_day
                   ON same_day.ad_id = spend.ad_id AND same_day.date = spend.date
                 LEFT JOIN rate
                   ON rate.currency_id = spend.currency_id AND rate.date = spend.date
                WHERE same_day.ad_id IS NULL""",
            currency=self.env.company.currency_id.id,
            ratios=_RATIOS,
        )

    @api.model
    def _select_leads(self):
        """Return each lead with its ad and its day there; its ad names its campaign.

        :rtype: SQL
        """
        since = self.env.context.get(SINCE)
        revenue = self._convert_revenue(SQL("lead.company_id"), SQL("lead.expected_revenue"))
        return SQL(
            """SELECT lead.id, lead.company_id, lead.user_id, lead.team_id, lead.form_id,
                      lead.lead_count, lead.contacted_count, lead.qualified_count, lead.won_count,
                      CASE WHEN lead.lost_count = 0 THEN %(revenue)s ELSE 0 END AS expected_revenue,
                      CASE WHEN lead.won_count = 1 THEN %(revenue)s ELSE 0 END AS won_revenue,
                      ad.id AS ad_id, COALESCE(ad.adgroup_id, adgroup.id) AS adgroup_id,
                      COALESCE(ad.campaign_id, campaign.id) AS campaign_id,
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
            revenue=revenue,
            leads=self.env["tiktok.lead.report"]._table_query,
            # A lead is received after it is submitted; time zones differ by less than a day.
            since=SQL("AND lead.tiktok_received_at >= %s", since - timedelta(days=2))
            if isinstance(since, date)
            else SQL(),
        )

    # === CURRENCIES === #

    @api.model
    def _select_rates(self, first=None):
        """Return the rate of each day on which money was spent in another currency.

        :param date first: only from this day on
        :rtype: SQL
        """
        first = first or self.env.context.get(SINCE)
        rows = []
        for currency_id, oldest, end in self._find_foreign_days():
            begin = max(oldest, first) if isinstance(first, date) else oldest
            days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
            rows += [(currency_id, *each) for each in self._list_day_rates(currency_id, days)]
        currencies, days, factors = ([row[n] for row in rows] for n in range(3))
        return SQL(
            """SELECT * FROM unnest(%s::integer[], %s::date[], %s::numeric[])
                   AS rate (currency_id, date, factor)""",
            currencies,
            days,
            factors,
        )

    @api.model
    def _find_foreign_days(self):
        """Find between which days money was spent in each currency but that of the company.

        :return: id of the currency, first and last day
        :rtype: list[tuple[int, date, date]]
        """
        self.env["tiktok.advertiser"].flush_model(["spend_currency_id"])
        query = SQL(
            """SELECT advertiser.spend_currency_id, min(first.date), max(last.date)
                 FROM tiktok_advertiser advertiser
                CROSS JOIN LATERAL (SELECT date FROM tiktok_ad_spend
                                     WHERE advertiser_id = advertiser.id
                                     ORDER BY date LIMIT 1) first
                CROSS JOIN LATERAL (SELECT date FROM tiktok_ad_spend
                                     WHERE advertiser_id = advertiser.id
                                     ORDER BY date DESC LIMIT 1) last
                WHERE advertiser.spend_currency_id != %s GROUP BY 1""",
            self.env.company.currency_id.id,
        )
        return self.env.execute_query(query)

    @api.model
    def _list_day_rates(self, currency_id, days):
        """Return by how much to multiply an amount on each day.

        :param int currency_id: of the amount
        :param list days: in order
        :return: day and factor
        :rtype: list[tuple[date, Decimal]]
        """
        target = self._load_rates(self.env.company.currency_id.id)
        source = self._load_rates(currency_id)
        return [(day, _find_rate(target, day) / _find_rate(source, day)) for day in days]

    @api.model
    def _load_rates(self, currency_id):
        """Load Odoo's rates of a currency: those of the company, and those of all companies.

        :param int currency_id: of the rates
        :return: two lists of days and rates, in order
        :rtype: list[tuple[list, list]]
        """
        self.env["res.currency.rate"].flush_model()
        query = SQL(
            """SELECT company_id IS NULL, name, rate::text FROM res_currency_rate
                WHERE currency_id = %s AND (company_id = %s OR company_id IS NULL) ORDER BY name""",
            currency_id,
            self.env.company.root_id.id,
        )
        rows = self.env.execute_query(query)
        groups = ([row[1:] for row in rows if row[0] is shared] for shared in (False, True))
        return [([day for day, _r in rows], [Decimal(r) for _day, r in rows]) for rows in groups]

    @api.model
    def _convert_revenue(self, company, amount):
        """Convert revenue, which is in the currency of its lead's company, by today's rate.

        :param SQL company: id of the company
        :param SQL amount: of money
        :rtype: SQL
        """
        own, today = self.env.company, fields.Date.context_today(self)
        companies = self.env["res.company"].sudo().search([("active", "in", (True, False))])
        cases = [
            SQL(
                "WHEN %s THEN %s::numeric",
                each.id,
                self.env["res.currency"]._get_conversion_rate(
                    each.currency_id, own.currency_id, own, today
                ),
            )
            for each in companies
            if each.currency_id != own.currency_id
        ]
        if not cases:
            return amount
        return SQL("%s * CASE %s %s ELSE 1 END", amount, company, SQL(" ").join(cases))


_RATIOS = SQL(
    """NULL::numeric AS cost_per_lead, NULL::numeric AS cost_per_contacted,
       NULL::numeric AS cost_per_qualified, NULL::numeric AS cost_per_won, NULL::numeric AS roas"""
)


def _group_by(columns, names):
    """Return the clause that groups by some columns, or makes one row of all.

    :param dict columns: SQL by name of the field
    :param tuple names: to group by
    :rtype: SQL
    """
    if not names:
        return SQL()
    return SQL("GROUP BY %s", SQL(", ").join(columns[name] for name in names))


def _find_rate(rates, day):
    """Return Odoo's rate on a day: the last before it, else the first, else 1.

    :param list rates: of `_load_rates`
    :param date day: of the amount
    :rtype: Decimal
    """
    for days, values in rates:
        number = bisect_right(days, day)
        if number:
            return values[number - 1]
    return next((values[0] for _days, values in rates if values), Decimal(1))
