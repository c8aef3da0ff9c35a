from odoo import api, fields, models

from .res_company_repeat import POLICIES


class TiktokForm(models.Model):
    """An Instant Form; it appears by itself with its first lead."""

    _name = "tiktok.form"
    _description = "TikTok Instant Form"
    _order = "last_lead_at desc nulls last, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, help="The form's name as TikTok sends it.")
    page_uid = fields.Char("Form ID", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda s: s.env.company
    )
    active = fields.Boolean(default=True)
    advertiser_uid = fields.Char("Ad account ID", readonly=True)
    question_ids = fields.One2many("tiktok.form.question", "form_id", "Questions")
    lead_count = fields.Integer("Leads", compute="_compute_lead_count")
    last_lead_at = fields.Datetime("Last lead", readonly=True)
    repeat_policy = fields.Selection(
        POLICIES,
        "When somebody comes again",
        help="Empty: as the company does.",
    )

    _page_uid_uniq = models.Constraint(
        "UNIQUE(company_id, page_uid)", "This form is there already."
    )

    def _compute_lead_count(self):
        counts = dict(
            self.env["crm.lead"]
            .with_context(active_test=False)
            ._read_group([("tiktok_form_id", "in", self.ids)], ["tiktok_form_id"], ["__count"])
        )
        for form in self:
            form.lead_count = counts.get(form, 0)

    @api.depends("name", "page_uid")
    def _compute_display_name(self):
        for form in self:
            form.display_name = form.name or form.page_uid

    def action_view_leads(self):
        """Open the leads this form brought."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("tiktok_leadgen.crm_lead_action_tiktok")
        action["domain"] = [("tiktok_form_id", "=", self.id)]
        action["context"] = {"create": False, "active_test": False}  # as they are counted
        return action

    # === BUSINESS METHODS === #

    @api.model
    def _of_leads(self, company, leads):
        """Return the forms of these leads, making the ones that are new.

        :param company: res.company
        :param list leads: `tiktok.lead.Lead`
        :return: form by its id at TikTok
        :rtype: dict
        """
        wanted = {lead.page_uid: lead for lead in leads if lead.page_uid}
        domain = [("company_id", "=", company.id), ("page_uid", "in", list(wanted))]
        found = self.with_context(active_test=False).search(domain) if wanted else self
        forms = {form.page_uid: form for form in found}
        new = [uid for uid in wanted if uid not in forms]
        created = self.create([self._prepare_values(company, wanted[uid]) for uid in new])
        forms.update(zip(new, created, strict=True))
        for uid, lead in wanted.items():
            if lead.page_name and lead.page_name != forms[uid].name:
                forms[uid].name = lead.page_name
        return forms

    @api.model
    def _prepare_values(self, company, lead):
        return {
            "name": lead.page_name or self.env._("Form %s", lead.page_uid),
            "page_uid": lead.page_uid,
            "company_id": company.id,
            "advertiser_uid": lead.advertiser_uid,
        }
