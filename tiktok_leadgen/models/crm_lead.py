from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .answers_table import answers_table
from .crm_lead_attribution import REPEAT


class CrmLead(models.Model):
    _inherit = "crm.lead"

    # Not read-only: the import leaves out what is, and knows a lead by it; see `load`.
    tiktok_lead_uid = fields.Char("TikTok lead ID", copy=False)
    tiktok_form_id = fields.Many2one(
        "tiktok.form", "TikTok form", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    tiktok_event_id = fields.Many2one(
        "tiktok.event", "TikTok event", readonly=True, copy=False, index="btree_not_null"
    )
    tiktok_event_ids = fields.One2many("tiktok.event", "lead_id", "TikTok events", readonly=True)
    tiktok_event_count = fields.Integer(compute="_compute_tiktok_event_count")
    tiktok_advertiser_uid = fields.Char("TikTok ad account ID", readonly=True)
    tiktok_campaign_uid = fields.Char("TikTok campaign ID", readonly=True)
    tiktok_campaign_name = fields.Char("TikTok campaign", readonly=True)
    tiktok_adgroup_uid = fields.Char("TikTok ad group ID", readonly=True)
    tiktok_adgroup_name = fields.Char("TikTok ad group", readonly=True)
    tiktok_ad_uid = fields.Char("TikTok ad ID", readonly=True)
    tiktok_ad_name = fields.Char("TikTok ad", readonly=True)
    tiktok_submitted_at = fields.Datetime("Submitted at TikTok", readonly=True)
    tiktok_received_at = fields.Datetime("Received from TikTok", readonly=True)
    tiktok_answers = fields.Text(
        "TikTok answers",
        readonly=True,
        help="Every question of the form and its answer, one a line.",
    )
    tiktok_answers_table = fields.Html(
        "Answers", compute="_compute_tiktok_answers_table", sanitize=False
    )
    tiktok_is_test = fields.Boolean(
        "TikTok test lead",
        readonly=True,
        help="Came from a form's preview or a test. It is never assigned and goes after 7 days, "
        "unless somebody works on it.",
    )
    tiktok_earlier_ids = fields.Many2many(
        "crm.lead",
        compute="_compute_tiktok_earlier_ids",
        string="Earlier leads",
        help="Of the same person, by e-mail or phone.",
    )

    _tiktok_lead_uid_uniq = models.UniqueIndex(
        "(company_id, tiktok_lead_uid) WHERE tiktok_lead_uid IS NOT NULL",
        "This TikTok lead is in the company already.",
    )

    # === COMPUTE METHODS === #

    def _compute_tiktok_event_count(self):
        groups = self.env["tiktok.event"]._read_group(
            [("lead_id", "in", self.ids)], ["lead_id"], ["__count"]
        )
        counts = dict(groups)
        for lead in self:
            lead.tiktok_event_count = counts.get(lead, 0)

    @api.depends("tiktok_answers", "tiktok_mapping_notes")
    def _compute_tiktok_answers_table(self):
        for lead in self:
            lines = (line.split(": ", 1) for line in (lead.tiktok_answers or "").splitlines())
            pairs = [line for line in lines if len(line) == 2]
            lead.tiktok_answers_table = pairs and answers_table(
                self.env, pairs, lead._tiktok_notes_by_question()
            )

    def _compute_tiktok_earlier_ids(self):
        for lead in self:
            lead.tiktok_earlier_ids = False
            if not lead.tiktok_lead_uid or lead.tiktok_is_test:
                continue
            person = lead._tiktok_same_person()
            known = Domain("company_id", "in", [lead.company_id.id, False])
            earlier = person & known & Domain("id", "<", lead._origin.id)
            lead.tiktok_earlier_ids = self.with_context(active_test=False).search(
                earlier & Domain("tiktok_is_test", "=", False), limit=10, order="id desc"
            )

    # === ACTION METHODS === #

    def action_tiktok_open_event(self):
        """Open what TikTok sent for this lead."""
        self.ensure_one()
        event = self.tiktok_event_id or self.tiktok_event_ids[:1]
        if not event:
            raise UserError(self.env._("What TikTok sent was removed: it was kept long enough."))
        return event.get_formview_action()

    def action_tiktok_not_a_test(self):
        """Treat a lead like any other: TikTok's mark was wrong."""
        self.check_access("write")
        tag = self.env.ref("tiktok_leadgen.crm_tag_test", raise_if_not_found=False)
        leads = self.sudo().filtered("tiktok_is_test")
        leads._tiktok_place()  # first: on a lead that is none, a moved stage is a first contact
        leads.write({"tiktok_is_test": False, "tag_ids": [Command.unlink(tag.id)] if tag else []})
        leads._tiktok_assign_late()

    # === MERGE === #

    def _merge_get_fields_specific(self):
        """Keep where the lead came from: the first that came from TikTok tells."""
        info = super()._merge_get_fields_specific()
        info.update(dict.fromkeys(self._tiktok_origin_fields(), self._tiktok_merge_origin))
        info.update(dict.fromkeys(REPEAT, self._tiktok_merge_last_touch))
        return info

    @api.model
    def _tiktok_merge_origin(self, name, leads):
        value = leads.filtered("tiktok_lead_uid")[:1][name]
        return value.id if isinstance(value, models.BaseModel) else value

    @api.model
    def _tiktok_origin_fields(self):
        return [
            *("tiktok_form_id", "tiktok_event_id", "tiktok_advertiser_uid", "tiktok_answers"),
            *("tiktok_campaign_uid", "tiktok_campaign_name", "tiktok_adgroup_uid"),
            *("tiktok_adgroup_name", "tiktok_ad_uid", "tiktok_ad_name"),
            *("tiktok_submitted_at", "tiktok_received_at"),
        ]

    def _merge_dependences(self, opportunities):
        """Point the events of the merged leads to the one that stays."""
        result = super()._merge_dependences(opportunities)
        events = opportunities.sudo().tiktok_event_ids
        events.write({"lead_id": self.id})
        if not self.tiktok_lead_uid:
            origin = opportunities.sudo().filtered("tiktok_lead_uid")[:1]
            uid = origin.tiktok_lead_uid
            # The others go right after this; two leads can't have the id at the same time.
            origin.tiktok_lead_uid = False
            origin.flush_recordset(["tiktok_lead_uid"])
            self.sudo().tiktok_lead_uid = uid
        return result
