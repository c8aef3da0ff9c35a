from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.tiktok_leadgen.report.tiktok_lead_report import LEAD_FIELDS

# What both a cost and a lead have: sums by these alone need no lead beside its cost.
SHARED = ("company_id", "advertiser_id", "campaign_id", "adgroup_id", "ad_id", "date")
OF_AD = "form_id"  # on days without a lead it is the form of the ad's leads
ONLY_LEAD = (OF_AD, "user_id", "team_id")  # what else sums are grouped by
OF_SPEND = ("cost", "impressions", "clicks", "tiktok_lead_count")
OF_LEAD = (
    *("lead_count", "contacted_count", "qualified_count", "won_count"),
    *("expected_revenue", "won_revenue"),
)
SUMMARY, SINCE = "tiktok_return_summary", "tiktok_return_since"  # keys of the context
COUNT_ROWS = "tiktok_return_count_rows"  # key of the context
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
        "tiktok.ad.entity": [
            *("adgroup_id", "advertiser_id", "campaign_id", "company_id", "kind", "uid")
        ],
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
        model = self.with_context(**{SINCE: _find_first_day(domain)})
        return super(TiktokReturnReport, model)._search(domain, *args, **kwargs)

    # === SUMS === #

    @api.model
    def web_read_group(
        self, domain, groupby, aggregates=(), limit=None, offset=0, order=None, **options
    ):
        """Group the rows of a list, which counts them.

        :param domain: as of any `web_read_group`
        :param list groupby: fields
        :param list aggregates: fields and functions
        :param int limit: most groups
        :param int offset: groups to leave out
        :param str order: of the groups
        :param options: as of any `web_read_group`
        :rtype: dict
        """
        model = self.with_context(**{COUNT_ROWS: True})
        return super(TiktokReturnReport, model).web_read_group(
            domain, groupby, aggregates, limit, offset, order, **options
        )

    @api.model
    def _read_group(
        self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None
    ):
        """Sum up costs and leads apart where that is possible.

        :param domain: as of any `_read_group`
        :param list groupby: fields
        :param list aggregates: fields and functions
        :param having: domain of the groups
        :param int offset: groups to leave out
        :param int limit: most groups
        :param str order: of the groups
        :rtype: list[tuple]
        """
        model = self if having else self._plan_summary(domain, [groupby], aggregates)
        return super(TiktokReturnReport, model)._read_group(
            domain, groupby, aggregates, having, offset, limit, order
        )

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        """Sum up costs and leads apart where that is possible.

        :param domain: as of any `_read_grouping_sets`
        :param list grouping_sets: lists of fields
        :param list aggregates: fields and functions
        :param str order: of the groups
        :rtype: list[list[tuple]]
        """
        model = self._plan_summary(domain, grouping_sets, aggregates)
        return super(TiktokReturnReport, model)._read_grouping_sets(
            domain, grouping_sets, aggregates, order
        )

    @api.model
    def _plan_summary(self, domain, grouping_sets, aggregates):
        """Return this model with what is to be summed up, if rows are not needed for it.

        :param domain: of the rows
        :param list grouping_sets: lists of fields
        :param list aggregates: fields and functions
        :rtype: tiktok.return.report
        """
        if self.env.context.get(COUNT_ROWS):
            return self
        domain = Domain(domain).optimize_full(self)
        if not self.env.su:
            domain &= self.env["ir.rule"]._compute_domain(self._name, "read")
        names = {each.field_expr.partition(".")[0] for each in domain.iter_conditions()}
        names |= {_parse_name(spec) for groupby in grouping_sets for spec in groupby}
        measures = set()
        for spec in aggregates:
            name, _colon, function = spec.partition(":")
            if spec in RATIOS or (f"{name}:avg" in RATIOS and function == "sum_currency"):
                measures |= {*RATIOS[f"{name}:avg"]}
            elif name in (*SHARED, *ONLY_LEAD):
                names.add(name)
                measures |= set() if function in ("min", "max") else {name}
            elif spec not in ("__count", "currency_id:array_agg_distinct"):
                measures.add(name if function in ("sum", "sum_currency") else spec)
        if not (names <= {*SHARED, *ONLY_LEAD} and measures <= {*OF_SPEND, *OF_LEAD}):
            return self
        return self.with_context(**{SUMMARY: (tuple(sorted(names)), tuple(sorted(measures)))})

    def _read_group_select(self, aggregate_spec, query):
        """Divide sums by sums. All money of a reader is in one currency.

        A pivot counts leads and days of ads with costs, a list its rows.

        :param str aggregate_spec: field and function
        :param odoo.tools.Query query: that is built
        :rtype: SQL
        """
        name, _colon, function = aggregate_spec.partition(":")
        ratio = RATIOS.get(f"{name}:avg") if function in ("avg", "sum_currency") else None
        if ratio:
            dividend, divisor = (self._field_to_sql(self._table, each, query) for each in ratio)
            return SQL("SUM(%s) / NULLIF(SUM(%s), 0)", dividend, divisor)
        if aggregate_spec == "__count" and not self.env.context.get(COUNT_ROWS):
            return SQL("COALESCE(SUM(%s), 0)::bigint", SQL.identifier(self._table, "row_count"))
        if aggregate_spec == "currency_id:array_agg_distinct":
            currency = SQL("ARRAY[%s]", self.env.company.currency_id.id)
            return SQL("CASE WHEN COUNT(*) > 0 THEN %s END", currency)
        if function == "sum_currency":
            return super()._read_group_select(f"{name}:sum", query)
        if function == "sum" and self._fields[name].type == "integer":
            return SQL("SUM(%s)::bigint", self._field_to_sql(self._table, name, query))
        return super()._read_group_select(aggregate_spec, query)

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


def _parse_name(spec):
    """Return the field of a group.

    :param str spec: like ``date:week`` or ``campaign_id.name``
    :rtype: str
    """
    return spec.partition(":")[0].partition(".")[0]
