from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.tiktok_leadgen.models.company.res_company import SALES_MANAGERS

_COSTS = """
   SELECT lead.id, spend.spend / GREATEST(others.count, 1), spend.currency_id,
          spend.is_corrected
     FROM crm_lead lead
     LEFT JOIN tiktok_form form ON form.id = lead.tiktok_form_id
     JOIN tiktok_ad_entity ad
       ON ad.kind = 'ad' AND ad.uid = lead.tiktok_ad_uid
      AND ad.company_id = COALESCE(lead.company_id, form.company_id)
     JOIN tiktok_advertiser advertiser ON advertiser.id = ad.advertiser_id
    CROSS JOIN LATERAL (
        SELECT COALESCE(advertiser.spend_time_zone, 'UTC') AS name) zone
    CROSS JOIN LATERAL (
        SELECT (COALESCE(lead.tiktok_submitted_at, lead.tiktok_received_at)
                AT TIME ZONE 'UTC' AT TIME ZONE zone.name)::date AS date) day
     JOIN tiktok_ad_spend spend
       ON spend.advertiser_id = advertiser.id AND spend.ad_uid = ad.uid
      AND spend.date = day.date
    CROSS JOIN LATERAL (
        SELECT count(*) FROM crm_lead other
          LEFT JOIN tiktok_form form ON form.id = other.tiktok_form_id
         WHERE other.tiktok_ad_uid = ad.uid AND other.tiktok_lead_uid IS NOT NULL
           AND other.tiktok_is_test IS NOT TRUE
           AND COALESCE(other.company_id, form.company_id) = ad.company_id
           AND COALESCE(other.tiktok_submitted_at, other.tiktok_received_at)
               >= day.date::timestamp AT TIME ZONE zone.name AT TIME ZONE 'UTC'
           AND COALESCE(other.tiktok_submitted_at, other.tiktok_received_at)
               < (day.date + 1)::timestamp AT TIME ZONE zone.name AT TIME ZONE 'UTC'
    ) others
    WHERE lead.id = ANY(%s) AND lead.tiktok_lead_uid IS NOT NULL
      AND lead.tiktok_is_test IS NOT TRUE
"""


class CrmLead(models.Model):
    """What a lead cost: the spend of its ad on its day, divided by the leads of that day."""

    _inherit = "crm.lead"

    tiktok_cost = fields.Monetary(
        "Cost of the lead",
        compute="_compute_tiktok_cost",
        currency_field="tiktok_cost_currency_id",
        groups=SALES_MANAGERS,
        help="What the lead's ad cost on the day it was submitted, divided by the leads of the "
        "ad on that day. Days are those of the ad account.",
    )
    tiktok_cost_currency_id = fields.Many2one(
        "res.currency",
        "Currency of the cost",
        compute="_compute_tiktok_cost",
        groups=SALES_MANAGERS,
        help="Of the ad account at TikTok.",
    )
    tiktok_cost_is_final = fields.Boolean(
        "Cost is final",
        compute="_compute_tiktok_cost",
        groups=SALES_MANAGERS,
        help="TikTok corrects what a day cost at 12:00 UTC of the next day.",
    )

    # Finds the leads of an ad on a day.
    _tiktok_ad_day_idx = models.Index(
        """(tiktok_ad_uid, COALESCE(tiktok_submitted_at, tiktok_received_at))
           WHERE tiktok_lead_uid IS NOT NULL AND tiktok_is_test IS NOT TRUE"""
    )

    # === COMPUTE METHODS === #

    def _compute_tiktok_cost(self):
        costs = self._get_tiktok_costs()
        for lead in self:
            found = costs.get(lead._origin.id, (False, False, False))
            lead.tiktok_cost, lead.tiktok_cost_currency_id, lead.tiktok_cost_is_final = found

    # === BUSINESS METHODS === #

    def _get_tiktok_costs(self):
        """Return what these leads cost, with one query.

        :return: by id of the lead: cost, id of its currency, and whether it is final; leads whose
            ad cost nothing on their day are left out
        :rtype: dict[int, tuple]
        """
        if not self.ids:
            return {}
        self.flush_model()
        query = SQL(_COSTS, self.ids)
        return {
            lead_id: (cost, currency_id, is_final)
            for lead_id, cost, currency_id, is_final in self.env.execute_query(query)
        }
