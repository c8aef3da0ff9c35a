from odoo import fields, models

from odoo.addons.tiktok_leadgen.models.company.res_company import SALES_MANAGERS

from ... import const

ALERTED = [("state", "=", "connected"), ("spend_notified", "!=", False)]


class ResCompany(models.Model):
    """From which cost on a company's users are alerted."""

    _inherit = "res.company"

    tiktok_ads_qualified_cost_limit = fields.Monetary(
        "Cost per qualified lead: alert above",
        groups=SALES_MANAGERS,
        help="Of each ad account in the last 30 days, in the currency of the company. "
        "0 turns the alert off.",
    )
    tiktok_ads_spend_without_lead = fields.Monetary(
        "Spend without a lead: alert above",
        default=const.DEFAULT_SPEND_WITHOUT_LEAD,
        groups=SALES_MANAGERS,
        help="Spent by an ad account since its last lead, in the currency of the company: the "
        "webhook or the form may be broken. 0 turns the alert off.",
    )

    tiktok_ads_alert_count = fields.Integer(
        "Ad accounts with a cost alert",
        compute="_compute_tiktok_ads_alert_count",
        groups=SALES_MANAGERS,
    )

    _tiktok_ads_limits_positive = models.Constraint(
        "CHECK(tiktok_ads_qualified_cost_limit >= 0 AND tiktok_ads_spend_without_lead >= 0)",
        "A limit must be at least 0.",
    )

    # === COMPUTE METHODS === #

    def _compute_tiktok_ads_alert_count(self):
        advertisers = self.env["tiktok.advertiser"].sudo()
        domain = [("company_id", "in", self.ids), *ALERTED]
        counts = dict(advertisers._read_group(domain, ["company_id"], ["__count"]))
        allowed = self._tiktok_can_see_overview()
        for company in self:
            company.tiktok_ads_alert_count = counts.get(company._origin, 0) if allowed else 0

    # === ACTION METHODS === #

    def action_tiktok_view_cost_alerts(self):
        """Open the ad accounts with a cost alert.

        :return: the action that opens them
        :rtype: dict
        """
        return self._tiktok_open_own("tiktok_leadgen.tiktok_advertiser_action", *ALERTED)
