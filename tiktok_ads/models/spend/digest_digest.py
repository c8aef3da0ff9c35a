from odoo import fields, models

from odoo.addons.tiktok_leadgen.digest_figures import build_digest_actions, list_digest_periods

MANAGERS = "sales_team.group_sale_manager"


class DigestDigest(models.Model):
    """What the ads cost, in Odoo's digest."""

    _inherit = "digest.digest"

    kpi_tiktok_cost = fields.Boolean("TikTok Ad Costs")
    kpi_tiktok_cost_value = fields.Monetary(compute="_compute_kpi_tiktok_cost_value")

    def _compute_kpi_tiktok_cost_value(self):
        """Compute what the ads cost in a digest's time, in the company's currency.

        :raise AccessError: if the reader sees no costs: the digest then leaves them out
        """
        for digest, company, start, end in list_digest_periods(self, MANAGERS):
            report = self.env["tiktok.return.report"].with_company(company)
            domain = [("company_id", "=", company.id)]
            if start:
                domain += [("date", ">=", start[:10]), ("date", "<", end[:10])]
            [(cost,)] = report._read_group(domain, [], ["cost:sum"])
            digest.kpi_tiktok_cost_value = cost

    def _compute_kpis_actions(self, company, user):
        """Open costs and return from the figure.

        :param company: res.company
        :param user: res.users
        :return: actions by the name of the figure
        :rtype: dict
        """
        actions = super()._compute_kpis_actions(company, user)
        own = ("tiktok_ads.tiktok_return_report_action", ["kpi_tiktok_cost"])
        return {**actions, **build_digest_actions(self.env, *own)}
