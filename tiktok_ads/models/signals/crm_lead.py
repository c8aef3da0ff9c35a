import typing

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.tiktok_leadgen.const import NO_CONTACT_CONTEXT

WATCHED = {"stage_id", "probability", "active", "lost_reason_id"}
IMPORT_CONTEXT = "import_file"  # set by Odoo's import


class Outcome(typing.NamedTuple):
    """Where a lead is in the pipeline."""

    stage_id: int
    is_won: bool
    lost_reason_id: int  # 0 unless the lead is lost


class CrmLead(models.Model):
    """Notice what happens to leads from TikTok, and which people object to its ads."""

    _inherit = "crm.lead"

    tiktok_crm_event_ids = fields.One2many(
        "tiktok.crm.event",
        "lead_id",
        "Reported to TikTok",
        readonly=True,
        groups="sales_team.group_sale_manager",
    )
    tiktok_ads_objection = fields.Boolean(
        "Objects to TikTok ads",
        copy=False,
        help="The person is no longer reported to TikTok and leaves its audiences.",
    )

    _tiktok_ads_objection_idx = models.Index("(id) WHERE tiktok_ads_objection")

    def write(self, vals):
        """Queue CRM events of the leads whose stage or outcome changed.

        :param dict vals: as in `BaseModel.write`
        :return: what Odoo returns
        """
        leads = self._tiktok_filter_reported(vals)
        before = leads._tiktok_read_outcomes()
        result = super().write(vals)
        if leads:
            self.env["tiktok.crm.event"]._queue_changes(leads, before)
        if vals.get("tiktok_ads_objection"):
            companies = self.sudo().company_id | self.sudo().tiktok_form_id.company_id
            self.env["tiktok.audience"]._request_refresh(companies)
        return result

    def _merge_dependences(self, opportunities):
        """Have the events of merged leads belong to the one that stays.

        :param opportunities: crm.lead that are merged into this one
        :return: what CRM returns
        """
        opportunities.sudo().tiktok_crm_event_ids.write({"lead_id": self.id})
        return super()._merge_dependences(opportunities)

    def _tiktok_filter_reported(self, vals):
        """Return the leads of which a write may have to be reported to TikTok.

        What an import or a merge sets is no decision of a salesperson.

        :param dict vals: as `write` gets them
        :return: with all rights
        :rtype: crm.lead
        """
        context = self.env.context
        if not WATCHED & vals.keys() or context.get(NO_CONTACT_CONTEXT):
            return self.browse()
        if context.get(IMPORT_CONTEXT):
            return self.browse()
        return self.sudo().filtered(lambda lead: lead.tiktok_lead_uid and not lead.tiktok_is_test)

    def _tiktok_read_outcomes(self):
        """Return where these leads are in the pipeline.

        :return: by lead
        :rtype: dict[crm.lead, Outcome]
        """
        return {
            lead: Outcome(
                lead.stage_id.id,
                lead.won_status == "won",
                lead.lost_reason_id.id if lead.won_status == "lost" else 0,
            )
            for lead in self
        }

    @api.model
    def _tiktok_find_objections(self, leads):
        """Return those of some leads whose person objects to TikTok's ads, on any lead.

        :param leads: crm.lead of one company
        :rtype: crm.lead
        """
        keys = [name for name in ("email_normalized", "phone_sanitized") if any(leads.mapped(name))]
        known = Domain.OR(
            Domain(name, "in", [value for value in leads.mapped(name) if value]) for name in keys
        )
        company = Domain("company_id", "in", [*leads.company_id.ids, False])
        own = leads.filtered("tiktok_ads_objection")
        found = self.sudo().with_context(active_test=False)
        found = found.search(Domain("tiktok_ads_objection", "=", True) & company & known)
        emails = set(found.mapped("email_normalized")) - {False}
        phones = set(found.mapped("phone_sanitized")) - {False}
        return own | leads.filtered(
            lambda lead: lead.email_normalized in emails or lead.phone_sanitized in phones
        )
