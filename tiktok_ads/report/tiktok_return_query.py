from datetime import date, timedelta

from odoo import api, models
from odoo.tools import SQL

from .tiktok_return_report import OF_AD, OF_LEAD, OF_SPEND, SHARED, SINCE, SUMMARY


class TiktokReturnReport(models.Model):
    """The query: each lead with its share of the cost, and each day of an ad without leads.

    Sums by what costs and leads share are read from both apart, each grouped before they meet.
    PostgreSQL expects one lead in 200 to be of the company and joins them one after the other: what
    ends in OFFSET 0 is joined before it is filtered.
    """

    _inherit = "tiktok.return.report"

    @property
    def _table_query(self):
        names, measures = self.env.context.get(SUMMARY) or (None, None)
        if names is None:
            return self._select_rows()
        if not set(names) <= {*SHARED}:
            return self._select_lead_summary(names)
        return self._select_summary(names, measures)

    # === SUMS === #

    @api.model
    def _select_summary(self, names, measures):
        """Return the sums of costs, and those of leads.

        :param tuple names: of `SHARED`, to group by
        :param tuple measures: of `OF_SPEND` and `OF_LEAD`
        :rtype: SQL
        """
        lead = {name: SQL.identifier("lead", name) for name in (*SHARED, *OF_LEAD)}
        return SQL(
            """WITH rate AS (%(rates)s) %(spend)s UNION ALL
               (%(lead)s FROM (%(leads)s) AS lead %(lead_group)s OFFSET 0)""",
            rates=self._select_rates(),
            spend=self._select_spend_sums(names, measures),
            lead=self._select_sums(lead, names, measures),
            lead_group=_group_by(lead, names),
            leads=self._select_leads(),
        )

    @api.model
    def _select_lead_summary(self, names):
        """Return the sums of leads with their shares of the cost, and what is left of the cost.

        What days without a lead cost is the cost of all days without those shares. A share is
        taken from the form of its ad, which is that of the days without a lead.

        :param tuple names: of `SHARED` and `ONLY_LEAD`, to group by
        :rtype: SQL
        """
        kept = [name for name in names if name in (*SHARED, OF_AD)]
        summed = (*OF_SPEND, *OF_LEAD, "row_count")
        sums = {name: SQL("SUM(%s)", SQL.identifier(name)) for name in summed}
        rest = {name: SQL("NULL::integer") for name in names}
        rest |= {name: SQL.identifier(name) for name in kept}
        rest |= {**sums, **{name: SQL("0") for name in OF_LEAD}}
        less = [SQL.identifier("ad_form_id" if name == OF_AD else name) for name in kept]
        less += [SQL("-%s", SQL.identifier(name)) for name in OF_SPEND]
        return SQL(
            """WITH %(base)s,
                    of_lead AS MATERIALIZED (SELECT %(names)s, ad_form_id, %(sums)s
                                               FROM (%(rows)s) AS lead_row
                                              GROUP BY %(names)s, ad_form_id)
               SELECT %(names)s, %(summed)s, %(currency)s AS currency_id FROM of_lead
                UNION ALL
               SELECT %(rest)s, %(currency)s
                 FROM (%(spend)s UNION ALL
                       SELECT %(less)s, NULL, lead_count - row_count FROM of_lead) AS rest
                %(group)s HAVING SUM(row_count) > 0""",
            base=self._select_base(),
            names=_join_names(names),
            sums=SQL(", ").join(SQL("%s AS %s", sums[n], SQL.identifier(n)) for n in summed),
            rows=self._select_lead_rows(with_ad_form=OF_AD in names),
            summed=_join_names(summed),
            currency=self.env.company.currency_id.id,
            rest=SQL(", ").join(rest[name] for name in (*names, *summed)),
            spend=self._select_spend_sums(kept, OF_SPEND),
            less=SQL(", ").join(less),
            group=_group_by(rest, kept),
        )

    @api.model
    def _select_spend_sums(self, names, measures):
        """Return the sums of costs.

        :param names: of `SHARED` and `OF_AD`, to group by
        :param measures: to sum; those of leads are zero
        :rtype: SQL
        """
        columns = {name: SQL.identifier("spend", name) for name in (*SHARED, *OF_SPEND)}
        columns["cost"] = SQL("spend.spend * COALESCE(rate.factor, 1)")
        columns[OF_AD] = SQL.identifier("ad_form", OF_AD)
        ad_form = SQL("LEFT JOIN ad_form ON ad_form.ad_id = spend.ad_id")
        return SQL(
            """%s FROM tiktok_ad_spend spend
                 LEFT JOIN rate ON rate.currency_id = spend.currency_id AND rate.date = spend.date
               %s %s""",
            self._select_sums(columns, names, measures),
            ad_form if OF_AD in names else SQL(),
            _group_by(columns, names),
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
            "WITH %s (%s OFFSET 0) UNION ALL (%s OFFSET 0)",
            self._select_base(),
            self._select_lead_rows(),
            self._select_leadless_days(),
        )

    @api.model
    def _select_base(self):
        """Return what rows are made of: leads, how many an ad had on a day, exchange rates.

        The form of an ad is that of its leads, unless they have several.

        :rtype: SQL
        """
        return SQL(
            """lead AS MATERIALIZED (%s),
               same_day AS MATERIALIZED (
                   SELECT ad_id, date, count(*) AS count, min(id) AS first_id
                     FROM lead WHERE ad_id IS NOT NULL GROUP BY ad_id, date),
               ad_form AS MATERIALIZED (
                   SELECT ad_id, min(form_id) AS form_id FROM lead
                    WHERE ad_id IS NOT NULL GROUP BY ad_id HAVING min(form_id) = max(form_id)),
               rate AS (%s)""",
            self._select_leads(),
            self._select_rates(),
        )

    @api.model
    def _select_lead_rows(self, with_ad_form=True):
        """Return each lead with its share of what its ad cost on its day.

        :param bool with_ad_form: whether the form of its ad is needed
        :rtype: SQL
        """
        first = SQL("lead.id = same_day.first_id")  # counted once for all leads of the day
        ad_form_id, ad_form = _AD_FORM if with_ad_form else _NO_AD_FORM
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
                      1 + (%(first)s AND spend.id IS NOT NULL)::int AS row_count,
                      %(ad_form_id)s AS ad_form_id
                 FROM lead
                 LEFT JOIN same_day
                   ON same_day.ad_id = lead.ad_id AND same_day.date = lead.date
                 %(ad_form)s
                 LEFT JOIN tiktok_ad_spend spend
                   ON spend.ad_id = lead.ad_id AND spend.date = lead.date
                 LEFT JOIN rate
                   ON rate.currency_id = spend.currency_id AND rate.date = spend.date""",
            currency=self.env.company.currency_id.id,
            first=first,
            ratios=_RATIOS,
            ad_form_id=ad_form_id,
            ad_form=ad_form,
        )

    @api.model
    def _select_leadless_days(self):
        """Return what ads cost on days without a lead of theirs.

        :rtype: SQL
        """
        return SQL(
            """SELECT spend.id * 2 + 1, NULL::integer, spend.company_id, %(currency)s,
                      spend.advertiser_id, spend.campaign_id, spend.adgroup_id, spend.ad_id,
                      ad_form.form_id, NULL::integer, NULL::integer, spend.date,
                      COALESCE(spend.is_corrected, FALSE), spend.spend * COALESCE(rate.factor, 1),
                      COALESCE(spend.impressions, 0), COALESCE(spend.clicks, 0),
                      COALESCE(spend.tiktok_lead_count, 0), 0, 0, 0, 0, 0, 0, %(ratios)s, 1,
                      ad_form.form_id
                 FROM tiktok_ad_spend spend
                 LEFT JOIN ad_form ON ad_form.ad_id = spend.ad_id
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


# The form of a lead's ad, and where it comes from
_AD_FORM = (SQL("ad_form.form_id"), SQL("LEFT JOIN ad_form ON ad_form.ad_id = lead.ad_id"))
_NO_AD_FORM = (SQL("NULL::integer"), SQL())
_RATIOS = SQL(
    """NULL::numeric AS cost_per_lead, NULL::numeric AS cost_per_contacted,
       NULL::numeric AS cost_per_qualified, NULL::numeric AS cost_per_won, NULL::numeric AS roas"""
)


def _join_names(names):
    """Return columns of the same names.

    :param names: of fields
    :rtype: SQL
    """
    return SQL(", ").join(map(SQL.identifier, names))


def _group_by(columns, names):
    """Return the clause that groups by some columns, or makes one row of all.

    :param dict columns: SQL by name of the field
    :param tuple names: to group by
    :rtype: SQL
    """
    if not names:
        return SQL()
    return SQL("GROUP BY %s", SQL(", ").join(columns[name] for name in names))
