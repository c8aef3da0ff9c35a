from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.tiktok_leadgen.const import CALL_MINUTES
from odoo.addons.tiktok_leadgen.digest_figures import build_digest_actions, list_digest_periods

SALESPEOPLE = "sales_team.group_sale_salesman"


class DigestDigest(models.Model):
    """TikTok's leads in Odoo's digest: how many, and how soon they were called."""

    _inherit = "digest.digest"

    kpi_tiktok_leads = fields.Boolean("TikTok Leads")
    kpi_tiktok_leads_value = fields.Integer(compute="_compute_kpi_tiktok_values")
    kpi_tiktok_reached = fields.Boolean("TikTok Leads Reached in Time (%)")
    kpi_tiktok_reached_value = fields.Integer(compute="_compute_kpi_tiktok_values")
    kpi_tiktok_response = fields.Boolean("Median Minutes to First Contact")
    kpi_tiktok_response_value = fields.Float(compute="_compute_kpi_tiktok_values")
    kpi_tiktok_waiting = fields.Boolean("TikTok Leads Waiting for a Call")
    kpi_tiktok_waiting_value = fields.Integer(compute="_compute_kpi_tiktok_values")

    def _compute_kpi_tiktok_values(self):
        """Compute the figures of a digest's time, with the rights of its reader.

        :raise AccessError: if the reader sees no leads: the digest then leaves them out
        """
        for digest, company, start, end in list_digest_periods(self, SALESPEOPLE):
            domain = self.env["tiktok.assignment"]._get_company_domain(company)
            domain &= Domain("tiktok_lead_uid", "!=", False) & Domain("tiktok_is_test", "=", False)
            if start:
                domain &= Domain("tiktok_received_at", ">=", start)
                domain &= Domain("tiktok_received_at", "<", end)
            digest.update(self._read_tiktok_figures(company, domain))

    def _read_tiktok_figures(self, company, domain):
        """Read the figures of some leads.

        :param company: res.company
        :param Domain domain: of crm.lead
        :return: values of the digest
        :rtype: dict
        """
        leads = self.env["crm.lead"].with_context(active_test=False)
        limit = 60 * (company.sudo().tiktok_call_minutes or CALL_MINUTES)
        query = leads._search(domain, bypass_access=False)
        seconds = SQL.identifier("crm_lead", "tiktok_response_work_seconds")
        contact = SQL.identifier("crm_lead", "tiktok_first_contact_at")
        won, active = (SQL.identifier("crm_lead", name) for name in ("won_status", "active"))
        leads.flush_model()
        [(count, reached, median, waiting)] = self.env.execute_query(
            query.select(
                SQL("count(*)"),
                SQL("count(*) FILTER (WHERE %s <= %s)", seconds, limit),
                SQL("percentile_cont(0.5) WITHIN GROUP (ORDER BY %s)", seconds),
                SQL(
                    "count(*) FILTER (WHERE %s IS NULL AND %s = 'pending' AND %s)",
                    contact,
                    won,
                    active,
                ),
            )
        )
        return {
            "kpi_tiktok_leads_value": count,
            "kpi_tiktok_reached_value": round(100 * reached / count) if count else 0,
            "kpi_tiktok_response_value": (median or 0) / 60,
            "kpi_tiktok_waiting_value": waiting,
        }

    def _compute_kpis_actions(self, company, user):
        """Open the leads from each figure.

        :param company: res.company
        :param user: res.users
        :return: actions by the name of the figure
        :rtype: dict
        """
        actions = super()._compute_kpis_actions(company, user)
        names = [f"kpi_tiktok_{name}" for name in ("leads", "reached", "response", "waiting")]
        own = build_digest_actions(self.env, "tiktok_leadgen.crm_lead_action_tiktok", names)
        return {**actions, **own}
