from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ...answers_table import render_answers_table
from ...const import NO_CONTACT_CONTEXT
from ...former_tests import apply_form_settings, assign_former_tests
from ...lead_import import UID, complete_imported_leads, prepare_import_rows
from ...lead_values import (
    ATTRIBUTION,
    MERGED,
    format_question,
    split_answers,
)

SALES_MANAGERS = "sales_team.group_sale_manager"
_MERGED = Markup('<div class="text-muted mt-3 mb-1"><bdi>%s</bdi></div>')


class CrmLead(models.Model):
    """Where a lead came from and what was answered."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "tiktok.protected.mixin"]

    # Not read-only: the import leaves out what is, and knows a lead by it; see `load`. Who may
    # write it is in `_is_protected_field`. A copy is no lead of TikTok: nothing of it is copied.
    tiktok_lead_uid = fields.Char("TikTok lead ID", copy=False)
    tiktok_form_id = fields.Many2one(
        "tiktok.form", "TikTok form", readonly=True, copy=False, ondelete="restrict"
    )
    tiktok_event_id = fields.Many2one(
        "tiktok.event", "TikTok delivery", readonly=True, copy=False, index="btree_not_null"
    )
    tiktok_event_ids = fields.One2many(
        "tiktok.event", "lead_id", "TikTok deliveries", readonly=True
    )
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
        help="Each question of the form with its answer, one per line.",
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
        help="Submitted from a form's preview or a test. It is never assigned and is deleted "
        "after 7 days unless a user edits it.",
    )
    tiktok_earlier_ids = fields.Many2many(
        "crm.lead",
        compute="_compute_tiktok_earlier_ids",
        string="Earlier leads",
        help="Leads of the same person, by e-mail or phone.",
    )

    tiktok_mapping_version = fields.Integer(
        "TikTok mapping",
        readonly=True,
        copy=False,
        help="The version of the form's mapping that created it.",
    )
    tiktok_answer_team_id = fields.Many2one(
        "crm.team", "Team of an answer", readonly=True, copy=False, index="btree_not_null"
    )
    # Questions and reasons only, never an answer.
    tiktok_mapping_notes = fields.Json("Unread TikTok answers", readonly=True, copy=False)
    tiktok_consent = fields.Text(
        "Consent",
        readonly=True,
        copy=False,
        help="Each question with the person's answer.",
    )
    tiktok_consent_at = fields.Datetime("Consent given on", readonly=True, copy=False)
    tiktok_consent_version = fields.Char(
        "Consent given on form",
        readonly=True,
        copy=False,
        help="Identifies the set of questions shown to the person: another set has another ID.",
    )

    tiktok_advertiser_id = fields.Many2one(
        "tiktok.advertiser", "TikTok ad account", compute="_compute_tiktok_advertiser_id"
    )
    tiktok_repeat_at = fields.Datetime(
        "Last submitted again",
        readonly=True,
        copy=False,
        help="When a later submission of the same person was noted on this lead.",
    )
    tiktok_repeat_form_id = fields.Many2one(
        "tiktok.form",
        "Form submitted again",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    tiktok_repeat_campaign_id = fields.Many2one(
        "tiktok.ad.entity",
        "Campaign of the last submission",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _tiktok_lead_uid_uniq = models.UniqueIndex(
        "(company_id, tiktok_lead_uid) WHERE tiktok_lead_uid IS NOT NULL",
        "This TikTok lead is already in the company.",
    )
    # Finds the leads of a form, and the newest of them.
    _tiktok_form_idx = models.Index(
        "(tiktok_form_id, tiktok_received_at) WHERE tiktok_form_id IS NOT NULL"
    )
    _tiktok_received_idx = models.Index("(tiktok_received_at) WHERE tiktok_lead_uid IS NOT NULL")
    _tiktok_waiting_idx = models.Index(
        """(tiktok_received_at) WHERE tiktok_lead_uid IS NOT NULL AND active IS TRUE
           AND tiktok_first_contact_at IS NULL AND won_status = 'pending'"""
    )
    # Finds the few test leads that the figures of deliveries leave out.
    _tiktok_test_idx = models.Index("(id) WHERE tiktok_is_test IS TRUE")
    # Finds the leads that cannot be reached.
    _tiktok_no_contact_idx = models.Index(
        """(company_id) WHERE tiktok_lead_uid IS NOT NULL AND active IS TRUE
           AND phone IS NULL AND email_from IS NULL AND won_status = 'pending'"""
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
            pairs = split_answers(lead.tiktok_answers)
            notes = lead._tiktok_notes_by_question()
            table = render_answers_table(self.env, pairs, notes) if pairs else Markup()
            for form, submitted_at, answers in lead.tiktok_merged_answers or ():
                moment = format_datetime(self.env, submitted_at) if submitted_at else ""
                title = " · ".join(filter(None, (self.env._("Merged lead"), form, moment)))
                table += _MERGED % title + render_answers_table(self.env, split_answers(answers))
            lead.tiktok_answers_table = table or False

    def _tiktok_notes_by_question(self):
        """Return why answers are in no field, by question.

        :rtype: dict[str, list[str]]
        """
        self.ensure_one()
        mapping = self.env["tiktok.mapping"]
        found = {}
        for question, reason, name in self.tiktok_mapping_notes or ():
            found.setdefault(format_question(question), []).append(
                mapping._format_note(reason, name)
            )
        return found

    def _compute_tiktok_earlier_ids(self):
        for lead in self:
            lead.tiktok_earlier_ids = False
            if not lead.tiktok_lead_uid or lead.tiktok_is_test:
                continue
            person = self.env["tiktok.person"]._lead_domain(lead)
            known = Domain("company_id", "in", [lead.company_id.id, False])
            earlier = person & known & Domain("id", "<", lead._origin.id)
            lead.tiktok_earlier_ids = self.with_context(active_test=False).search(
                earlier & Domain("tiktok_is_test", "=", False), limit=10, order="id desc"
            )

    @api.depends("tiktok_advertiser_uid")
    def _compute_tiktok_advertiser_id(self):
        uids = [uid for uid in self.mapped("tiktok_advertiser_uid") if uid]
        found = self.env["tiktok.advertiser"].search([("advertiser_uid", "in", uids)])
        known = {(each.company_id, each.advertiser_uid): each for each in found}
        for lead in self:
            lead.tiktok_advertiser_id = known.get(
                (lead._tiktok_get_company(), lead.tiktok_advertiser_uid)
            )

    # === ACTION METHODS === #

    def action_tiktok_personal_data(self):
        """Look up all that is held of this lead's person, to download it or to erase it.

        :return: an action
        :rtype: dict
        :raise AccessError: if the user may not look people up
        :raise UserError: if neither an e-mail address nor a phone number is known
        """
        self.ensure_one()
        return self.env["tiktok.privacy"]._open_lookup(self)

    def action_tiktok_open_event(self):
        """Open what TikTok sent for this lead.

        :return: an action
        :rtype: dict
        :raise UserError: if the event was deleted after the retention period
        """
        self.ensure_one()
        event = self.tiktok_event_id or self.tiktok_event_ids[:1]
        if not event:
            raise UserError(self.env._("TikTok's data was removed after the retention period."))
        return event.get_formview_action()

    def action_tiktok_not_a_test(self):
        """Treat a lead like any other: TikTok's mark was wrong."""
        self.check_access("write")
        tag = self.env.ref("tiktok_leadgen.crm_tag_test", raise_if_not_found=False)
        leads = self.sudo().filtered("tiktok_is_test")
        # First: on a lead that is no test, a moved stage is a first contact.
        apply_form_settings(leads)
        leads.write({"tiktok_is_test": False, "tag_ids": [Command.unlink(tag.id)] if tag else []})
        assign_former_tests(leads)

    # === PROTECTED FIELDS === #

    @api.model
    def _is_protected_field(self, field):
        """Let a sales manager write TikTok's ID: a file is imported by it.

        A user who can write an ID can keep out the lead that TikTok sends later.

        :param field: of crm.lead
        :rtype: bool
        """
        if field.name == UID:
            return not self.env.user.has_group(SALES_MANAGERS)
        return super()._is_protected_field(field)

    # === IMPORT === #

    @api.model
    def load(self, fields, data):
        """Write on the leads that are there, by their ID at TikTok, and create the others.

        A file that names the records by an ID of Odoo is left alone.

        :param list[str] fields: of the columns
        :param list[list] data: rows
        :return: ids of the records, or messages
        :rtype: dict
        """
        if UID in fields and not {"id", ".id"} & set(fields):
            fields, data, messages = prepare_import_rows(self, fields, data)
            if messages:
                return {"ids": False, "messages": messages, "nextrow": 0}
        result = super(CrmLead, self.with_context(**{NO_CONTACT_CONTEXT: True})).load(fields, data)
        if UID in fields and result["ids"]:
            complete_imported_leads(self.browse(result["ids"]).sudo())
        return result

    # === MERGE === #

    @api.model
    def _merge_get_fields(self):
        """Leave out what the user may not write: `_merge_dependences` writes it.

        :return: names of fields
        :rtype: list[str]
        """
        names = super()._merge_get_fields()
        return [name for name in names if name not in self._tiktok_merged_fields()]

    @api.model
    def _tiktok_merged_fields(self):
        """Return the names of the protected fields that a merge decides about."""
        names = self._merge_get_fields_specific()
        return [name for name in names if self._is_protected_field(self._fields[name])]

    def _merge_get_fields_specific(self):
        """Keep where the lead came from: the first that came from TikTok tells.

        :return: by the name of a field, the function that merges it
        :rtype: dict
        """
        info = super()._merge_get_fields_specific()
        info.update(dict.fromkeys(ATTRIBUTION, self._tiktok_merge_first_lead))
        info.update(MERGED)
        info.update(self._tiktok_merge_speed_fields())
        return info

    @api.model
    def _tiktok_merge_first_lead(self, name, leads):
        """Return a field of the first of merged leads that came from TikTok.

        :param str name: of the field
        :param leads: crm.lead that are merged, the most important one first
        :return: the value, the id of a record
        """
        value = leads.filtered("tiktok_lead_uid")[:1][name]
        return value.id if isinstance(value, models.BaseModel) else value

    def _merge_dependences(self, opportunities):
        """Write on the lead that stays what TikTok said of those that were merged.

        :param opportunities: crm.lead that are merged into this one
        :return: what CRM returns
        """
        leads = self.sudo() | opportunities.sudo()
        merged = leads._merge_data(self._tiktok_merged_fields())
        result = super()._merge_dependences(opportunities)
        self._tiktok_take_over_events(opportunities)
        self.sudo().write(merged)
        return result

    def _tiktok_take_over_events(self, opportunities):
        """Point the events of merged leads to the one that stays.

        :param opportunities: crm.lead that are merged into this one
        """
        self._tiktok_remember_imported(opportunities)
        events = opportunities.sudo().tiktok_event_ids
        events.write({"lead_id": self.id, "found_by_lead": False})
        if not self.tiktok_lead_uid:
            first = opportunities.sudo().filtered("tiktok_lead_uid")[:1]
            uid = first.tiktok_lead_uid
            # The others go right after this; two leads can't have the ID at the same time.
            first.tiktok_lead_uid = False
            first.flush_recordset(["tiktok_lead_uid"])
            self.sudo().tiktok_lead_uid = uid
