from odoo import api, fields, models
from odoo.tools import SQL

from .res_company_repeat import POLICIES


class TiktokForm(models.Model):
    """An Instant Form; it appears by itself with its first lead."""

    _name = "tiktok.form"
    _description = "TikTok Instant Form"
    _inherit = ["tiktok.protected.mixin"]
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
    last_lead_at = fields.Datetime("Last lead", compute="_compute_last_lead_at")
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

    def _compute_last_lead_at(self):
        """Find the newest lead of each form; a stored date would lock the form for each lead."""
        query = SQL(
            "SELECT form.id, %s FROM tiktok_form form WHERE form.id = ANY(%s)",
            self._last_lead_sql("form"),
            self.ids,
        )
        self.env["crm.lead"].flush_model(["tiktok_form_id", "tiktok_received_at", "tiktok_is_test"])
        moments = dict(self.env.execute_query(query))
        for form in self:
            form.last_lead_at = moments.get(form.id)

    @api.model
    def _last_lead_sql(self, alias):
        """Return when a form brought its newest lead, tests left out.

        :param str alias: of the form's table
        :rtype: SQL
        """
        return SQL(
            """(SELECT tiktok_received_at FROM crm_lead
                 WHERE tiktok_form_id = %s AND tiktok_is_test IS NOT TRUE
                   AND tiktok_received_at IS NOT NULL
                 ORDER BY tiktok_received_at DESC LIMIT 1)""",
            SQL.identifier(alias, "id"),
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let forms be sorted by their newest lead."""
        if field_expr == "last_lead_at":
            return self._last_lead_sql(alias)
        return super()._field_to_sql(alias, field_expr, query)

    @api.depends("name", "page_uid")
    def _compute_display_name(self):
        for form in self:
            form.display_name = form.name or form.page_uid

    def action_view_leads(self):
        """Open the leads this form brought."""
        self.ensure_one()
        self.check_access("read")
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
                # Where somebody else holds the form, the next lead brings the name again.
                free = forms[uid].try_lock_for_update(allow_referencing=True)
                free.write({"name": lead.page_name})
        return forms

    @api.model
    def _prepare_values(self, company, lead):
        return {
            "name": lead.page_name or self.env._("Form %s", lead.page_uid),
            "page_uid": lead.page_uid,
            "company_id": company.id,
            "advertiser_uid": lead.advertiser_uid,
        }
