from odoo import fields, models
from odoo.exceptions import AccessError

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
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(self.env._("The reader of this digest sees no costs."))
        start, end, _companies = self._get_kpi_compute_parameters()
        for digest in self:
            company = digest.company_id or self.env.company
            report = self.env["tiktok.return.report"].with_company(company)
            domain = [("company_id", "=", company.id)]
            if start:  # outside of a digest that is sent there is no period
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
        menu = self.env.ref("tiktok_leadgen.menu_tiktok_root").id
        action = f"tiktok_ads.tiktok_return_report_action?menu_id={menu}"
        return {**super()._compute_kpis_actions(company, user), "kpi_tiktok_cost": action}
