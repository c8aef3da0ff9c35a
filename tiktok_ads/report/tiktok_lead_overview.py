from datetime import timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class TiktokLeadReport(models.Model):
    """What the leads of the overview's period cost."""

    _inherit = "tiktok.lead.report"

    @api.model
    def action_overview(self, days=30):
        """Return the figures of the last days, with their cost for who may see it.

        :param int days: one of the overview's periods
        :rtype: dict
        """
        figures = super().action_overview(days)
        allowed = self.env["tiktok.ad.spend"].has_access("read")
        return {**figures, "cost": self._overview_cost(days) if allowed else None}

    @api.model
    def _overview_cost(self, days):
        """Return what the days cost, and the same number of days before.

        Days are those of the ad accounts, whose time zones may differ from the reader's.

        :param int days: today included
        :return: in the currency of the reader's company
        :rtype: dict
        """
        _days, since = self._overview_since(days)
        local = since.replace(tzinfo=ZoneInfo("UTC")).astimezone(self._overview_zone()).date()
        report = self.env["tiktok.return.report"]
        first = local - timedelta(days=days)
        spend = self.env["tiktok.ad.spend"]._search(Domain("date", ">=", first))
        query = SQL(
            """WITH spend AS (%(spend)s), rate AS (%(rates)s)
               SELECT SUM(amount) FILTER (WHERE date >= %(since)s),
                      SUM(amount) FILTER (WHERE date < %(since)s),
                      MIN(open_day)
                 FROM (SELECT spend.date, spend.spend * COALESCE(rate.factor, 1) AS amount,
                              CASE WHEN spend.is_corrected THEN NULL ELSE spend.date END
                                  AS open_day
                         FROM spend LEFT JOIN rate ON rate.currency_id = spend.currency_id
                              AND rate.date = spend.date) AS converted""",
            spend=spend.select("date", "spend", "currency_id", "is_corrected"),
            rates=report._select_rates(first),
            since=local,
        )
        total, before, open_day = self.env.execute_query(query)[0]
        return {
            "currency_id": self.env.company.currency_id.id,
            "total": float(total or 0),
            "before": float(before or 0),
            "revenue": self._overview_revenue(since),
            "open_day": fields.Date.to_string(open_day) if open_day and open_day >= local else None,
        }

    @api.model
    def _overview_revenue(self, since):
        """Return the revenue of the period's leads that were won.

        :param datetime since: when the period begins, in UTC
        :return: in the currency of the reader's company
        :rtype: float
        """
        won = self._search(Domain("received_at", ">=", since) & Domain("won_count", "=", 1))
        query = SQL(
            "WITH lead AS (%(leads)s) SELECT SUM(%(revenue)s) FROM lead",
            leads=won.select("company_id", "expected_revenue"),
            revenue=self.env["tiktok.return.report"]._convert_revenue(
                SQL("lead.company_id"), SQL("lead.expected_revenue")
            ),
        )
        return float(self.env.execute_query(query)[0][0] or 0)
