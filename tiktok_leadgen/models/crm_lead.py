from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from .answers_table import answers_table
from .crm_lead_attribution import REPEAT

_MERGED = Markup('<div class="text-muted mt-3 mb-1"><bdi>%s</bdi></div>')


class CrmLead(models.Model):
    _inherit = "crm.lead"

    # Not read-only: the import leaves out what is, and knows a lead by it; see `load`. Who may
    # write it is in `_is_protected_field`. A copy is no lead of TikTok: nothing of it is copied.
    tiktok_lead_uid = fields.Char("TikTok lead ID", copy=False)
    tiktok_form_id = fields.Many2one(
        "tiktok.form", "TikTok form", readonly=True, copy=False, ondelete="restrict"
    )
    tiktok_event_id = fields.Many2one(
        "tiktok.event", "TikTok event", readonly=True, copy=False, index="btree_not_null"
    )
    tiktok_event_ids = fields.One2many("tiktok.event", "lead_id", "TikTok events", readonly=True)
    tiktok_event_count = fields.Integer(compute="_compute_tiktok_event_count")
    tiktok_advertiser_uid = fields.Char("TikTok ad account ID", readonly=True, copy=False)
    tiktok_campaign_uid = fields.Char("TikTok campaign ID", readonly=True, copy=False)
    tiktok_campaign_name = fields.Char("TikTok campaign", readonly=True, copy=False)
    tiktok_adgroup_uid = fields.Char("TikTok ad group ID", readonly=True, copy=False)
    tiktok_adgroup_name = fields.Char("TikTok ad group", readonly=True, copy=False)
    tiktok_ad_uid = fields.Char("TikTok ad ID", readonly=True, copy=False)
    tiktok_ad_name = fields.Char("TikTok ad", readonly=True, copy=False)
    tiktok_submitted_at = fields.Datetime("Submitted at TikTok", readonly=True, copy=False)
    tiktok_received_at = fields.Datetime("Received from TikTok", readonly=True, copy=False)
    tiktok_answers = fields.Text(
        "TikTok answers",
        readonly=True,
        copy=False,
        help="Every question of the form and its answer, one a line.",
    )
    # Of leads that were merged into this one: the form, when it was submitted, and the answers.
    tiktok_merged_answers = fields.Json("Answers of merged TikTok leads", readonly=True, copy=False)
    tiktok_answers_table = fields.Html(
        "Answers", compute="_compute_tiktok_answers_table", sanitize=False
    )
    tiktok_is_test = fields.Boolean(
        "TikTok test lead",
        readonly=True,
        copy=False,
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

    # Finds the leads of a form, and the newest of them.
    _tiktok_form_idx = models.Index(
        "(tiktok_form_id, tiktok_received_at) WHERE tiktok_form_id IS NOT NULL"
    )

    # === COMPUTE METHODS === #

    def _compute_tiktok_event_count(self):
        groups = self.env["tiktok.event"]._read_group(
            [("lead_id", "in", self.ids)], ["lead_id"], ["__count"]
        )
        counts = dict(groups)
        for lead in self:
            lead.tiktok_event_count = counts.get(lead, 0)

    @api.depends("tiktok_answers", "tiktok_mapping_notes", "tiktok_merged_answers")
    def _compute_tiktok_answers_table(self):
        for lead in self:
            pairs = self._tiktok_answer_pairs(lead.tiktok_answers)
            notes = lead._tiktok_notes_by_question()
            table = answers_table(self.env, pairs, notes) if pairs else Markup()
            for form, submitted_at, answers in lead.tiktok_merged_answers or ():
                moment = format_datetime(self.env, submitted_at) if submitted_at else ""
                title = " · ".join(filter(None, (self.env._("Merged lead"), form, moment)))
                pairs = self._tiktok_answer_pairs(answers)
                table += _MERGED % title + answers_table(self.env, pairs)
            lead.tiktok_answers_table = table or False

    @api.model
    def _tiktok_answer_pairs(self, answers):
        """Return questions and answers, as `_tiktok_answers_text` writes them.

        :param str answers: one question and its answer a line, or False
        :rtype: list[list[str]]
        """
        lines = (line.split(": ", 1) for line in (answers or "").splitlines())
        return [line for line in lines if len(line) == 2]

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
        info["tiktok_merged_answers"] = self._tiktok_merge_answers
        return info

    @api.model
    def _tiktok_merge_origin(self, name, leads):
        value = leads.filtered("tiktok_lead_uid")[:1][name]
        return value.id if isinstance(value, models.BaseModel) else value

    @api.model
    def _tiktok_merge_answers(self, name, leads):
        """Return the answers of all leads but the first that came from TikTok.

        :param str name: the field that gets them
        :param leads: crm.lead that are merged, the most important one first
        :return: form, time of submission and answers of each, or False
        :rtype: list[list] | bool
        """
        origin = leads.filtered("tiktok_lead_uid")[:1]
        found = []
        for lead in leads:
            if lead.tiktok_answers and lead != origin:
                moment = lead.tiktok_submitted_at or lead.tiktok_received_at
                form = lead.sudo().tiktok_form_id.name or ""
                found.append([form, str(moment or ""), lead.tiktok_answers])
            found += lead[name] or []
        return found or False

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
