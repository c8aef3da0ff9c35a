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
        lifted = self.browse()
        if not vals.get("tiktok_ads_objection", True):
            lifted = self.sudo().filtered("tiktok_ads_objection")
        result = super().write(vals)
        if leads:
            self.env["tiktok.crm.event"]._queue_changes(leads, before)
        if vals.get("tiktok_ads_objection"):
            companies = self.sudo().company_id | self.sudo().tiktok_form_id.company_id
            self.env["tiktok.audience"]._request_refresh(companies)
        if lifted:  # an erased lead has no address any more: its objection stays
            self.env["tiktok.ads.objection"]._delete_objections(lifted)
        return result

    def unlink(self):
        """Remember who objects to TikTok's ads.

        :return: what Odoo returns
        """
        self.check_access("unlink")
        self._tiktok_keep_objections()
        return super().unlink()

    def _merge_get_fields_specific(self):
        """Keep the objection of any of the merged leads.

        :return: by the name of a field, the function that merges it
        :rtype: dict
        """
        return {
            **super()._merge_get_fields_specific(),
            "tiktok_ads_objection": lambda name, leads: any(leads.mapped(name)),
        }

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

    # === OBJECTIONS === #

    def _tiktok_keep_objections(self):
        """Keep the objections of leads that go: as digests, and on other leads of the person."""
        objecting = self.sudo().filtered("tiktok_ads_objection")
        for company, leads in objecting.grouped("company_id").items():
            own = Domain("company_id", "=", company.id) if company else Domain.TRUE
            others = objecting.with_context(active_test=False).search(
                leads._tiktok_person_domain() & own & Domain("tiktok_ads_objection", "=", False)
            )
            others.write({"tiktok_ads_objection": True})
        if objecting:
            objecting = self.sudo().filtered("tiktok_ads_objection")
            self.env["tiktok.ads.objection"]._store_objections(objecting)

    def _tiktok_person_domain(self):
        """Return which leads have an e-mail address or a phone number of these.

        :rtype: Domain
        """
        keys = ("email_normalized", "phone_sanitized")
        known = {name: [value for value in self.mapped(name) if value] for name in keys}
        return Domain.OR(Domain(name, "in", values) for name, values in known.items() if values)

    @api.model
    def _tiktok_find_objections(self, leads):
        """Return those of some leads whose person objects to TikTok's ads, or did on any lead.

        :param leads: crm.lead of one company
        :rtype: crm.lead
        """
        companies = leads.company_id | leads.sudo().tiktok_form_id.company_id
        company = Domain("company_id", "in", [*companies.ids, False])
        own = leads.filtered("tiktok_ads_objection")
        own |= self.env["tiktok.ads.objection"]._filter_objecting(leads, companies)
        found = self.sudo().with_context(active_test=False)
        known = leads._tiktok_person_domain()
        found = found.search(Domain("tiktok_ads_objection", "=", True) & company & known)
        emails = set(found.mapped("email_normalized")) - {False}
        phones = set(found.mapped("phone_sanitized")) - {False}
        return own | leads.filtered(
            lambda lead: lead.email_normalized in emails or lead.phone_sanitized in phones
        )
