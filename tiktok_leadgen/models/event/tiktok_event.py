from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ... import const, delivery_detail
from ...answers_table import render_answers_table
from ...delivery_detail import (
    ADDRESS_CLASSES,
    DECISIONS,
    KINDS,
    SIGNATURES,
    SOURCES,
    STATES,
    VERIFICATIONS,
)
from ...live_updates import notify_pages
from ...tiktok import lead as tiktok_lead
from ...tiktok.redacted import ADDRESS_KEY

MANAGERS = "sales_team.group_sale_manager"


class TiktokEvent(models.Model):
    """One item that was delivered: the record from which each lead can be created again.

    Rows come from `_receive` alone; no user creates or changes one.
    """

    _name = "tiktok.event"
    _description = "TikTok Delivery"
    _order = "received_at desc, id desc"

    state = fields.Selection(STATES, "Status", required=True, readonly=True, default="pending")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    source = fields.Selection(SOURCES, required=True, readonly=True, default="webhook")
    company_id = fields.Many2one("res.company")
    dedup_key = fields.Char(required=True, readonly=True, export_string_translation=False)
    lead_uid = fields.Char("TikTok lead ID", readonly=True, index="btree_not_null")
    advertiser_uid = fields.Char("Ad account ID", readonly=True)
    page_uid = fields.Char("Form ID", readonly=True)
    event_name = fields.Char("Delivery", readonly=True, help="The name used by TikTok.")
    account_id = fields.Many2one(
        "tiktok.account",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=MANAGERS,  # others may not see accounts
    )
    form_id = fields.Many2one("tiktok.form", readonly=True, index="btree_not_null")
    lead_id = fields.Many2one("crm.lead", readonly=True, index="btree_not_null")
    note_id = fields.Many2one(
        "mail.message", "Note on the lead", readonly=True, index="btree_not_null"
    )
    repeat_ids = fields.One2many(
        "tiktok.event.repeat", "event_id", "Repeat submission", readonly=True
    )
    verification = fields.Selection(VERIFICATIONS, required=True, readonly=True, default="none")
    signature = fields.Selection(SIGNATURES, readonly=True, default="unchecked")
    reason = fields.Selection(const.REASONS, readonly=True)
    error = fields.Char("Problem", readonly=True)
    history = fields.Text(readonly=True)
    attempt_count = fields.Integer(readonly=True)
    attempt_ids = fields.One2many(
        "tiktok.event.attempt", "event_id", "Attempts", readonly=True, groups=MANAGERS
    )
    next_try_at = fields.Datetime("Next attempt", readonly=True)
    submitted_at = fields.Datetime("Submitted", readonly=True)
    received_at = fields.Datetime("Received", readonly=True, default=lambda e: e._read_clock())
    done_at = fields.Datetime("Done at", readonly=True)
    raw = fields.Text("Raw payload", readonly=True, groups=MANAGERS)
    # Its lead has each e-mail address and phone number of its answers: a lookup need not read them.
    found_by_lead = fields.Boolean(readonly=True, groups=MANAGERS, export_string_translation=False)
    raw_size = fields.Integer("Size (bytes)", readonly=True, aggregator="sum")
    exported_at = fields.Datetime(
        "Found in TikTok's export",
        readonly=True,
        help="When TikTok's own export first contained it.",
    )
    scrubbed_at = fields.Datetime("Answers removed", readonly=True)
    structure = fields.Char(readonly=True, index="btree_not_null")  # of what no alias knows
    person = fields.Char(compute="_compute_person", groups=MANAGERS)
    content = fields.Html("Payload", compute="_compute_content", sanitize=False, groups=MANAGERS)
    raw_pretty = fields.Text("Raw payload, formatted", compute="_compute_content", groups=MANAGERS)
    lead_ms = fields.Integer(
        "Milliseconds to the lead", compute="_compute_lead_ms", aggregator=None
    )
    timeline = fields.Json(compute="_compute_request", groups=MANAGERS)
    headers_table = fields.Html(
        "Headers", compute="_compute_request", sanitize=False, groups=MANAGERS
    )
    address_class = fields.Selection(
        ADDRESS_CLASSES, "Sent from", compute="_compute_request", groups=MANAGERS
    )

    # The same item is stored once for each company. Unverified items have keys of their own, so
    # that they can't keep a real lead out.
    _dedup_uniq = models.UniqueIndex("(COALESCE(company_id, 0), dedup_key)")
    _pending_idx = models.Index("(id) WHERE state = 'pending'")
    _attention_idx = models.Index(
        "(company_id, state, received_at) WHERE state IN ('failed', 'quarantined')"
    )
    _form_idx = models.Index("(company_id, page_uid, submitted_at) WHERE kind = 'lead'")
    _lookup_idx = models.Index(
        "(id) WHERE raw IS NOT NULL AND state <> 'pending'"
        " AND (lead_id IS NULL OR found_by_lead IS NOT TRUE)"
    )
    _received_idx = models.Index("(company_id, received_at)")

    # === COMPUTE METHODS === #

    @api.depends("kind", "lead_uid", "event_name")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            name = " ".join(filter(None, [kinds[event.kind], event.lead_uid]))
            event.display_name = event.event_name or name

    @api.depends("raw", "kind")
    def _compute_person(self):
        for event in self:
            lead = event._read_shown_lead()
            event.person = (lead and lead.title) or False

    @api.depends("raw", "kind")
    def _compute_content(self):
        for event in self:
            lead = event._read_shown_lead()
            pairs = [(answer.question, answer.text) for answer in lead.answers] if lead else []
            event.content = pairs and render_answers_table(self.env, pairs)
            event.raw_pretty = delivery_detail.format_raw(event.raw or "")

    @api.depends("state", "lead_id", "received_at", "done_at")
    def _compute_lead_ms(self):
        for event in self:
            event.lead_ms = delivery_detail.count_lead_milliseconds(event)

    @api.depends("state", "lead_id", "headers", "attempt_ids", "done_at")
    def _compute_request(self):
        for event in self:
            headers = delivery_detail.read_headers(event)
            event.timeline = delivery_detail.build_timeline(event)
            event.headers_table = delivery_detail.render_headers_table(self.env, headers)
            event.address_class = headers.get(ADDRESS_KEY, False)

    def _read_lead(self):
        """Return what the entry says, or None if it is no lead or was scrubbed.

        :rtype: tiktok.lead.ParsedLead | None
        :raise ValueError: if it can't be read
        """
        self.ensure_one()
        if self.kind != "lead" or not self.raw:
            return None
        return tiktok_lead.parse_lead(self.raw)

    def _read_shown_lead(self):
        """Return what the entry says; one that can't be read hides no other in a list.

        :rtype: tiktok.lead.ParsedLead | None
        """
        try:
            return self._read_lead()
        except ValueError:
            return None

    # === CRUD METHODS === #

    def write(self, vals):
        """Let a user change nothing but the company, as long as there is none.

        :param dict vals: to be written
        :return: True
        :rtype: bool
        :raise UserError: if a user changes anything else
        """
        if not self.env.su and (vals.keys() - {"company_id"} or self.company_id):
            raise UserError(
                self.env._("Deliveries are a record of what happened: they cannot be changed.")
            )
        return super().write(vals)

    # === ACTION METHODS === #

    def action_open_lead(self):
        """Open the lead that was created from it.

        :return: an action
        :rtype: dict
        :raise UserError: if there is no lead
        """
        self.ensure_one()
        if not self.lead_id:
            raise UserError(
                self.env._("No lead was created from it, or the lead was deleted since.")
            )
        return self.lead_id.get_formview_action()

    def action_copy_as_curl(self):
        """Return the command that posts the delivery again, for the clipboard.

        :rtype: str
        :raise UserError: if its answers were removed, or it came to the other webhook
        """
        self.ensure_one()
        self._check_decision_access()
        if not self.raw or self._is_developer_event():
            raise UserError(self.env._("This delivery cannot be posted again."))
        company = self.sudo().company_id or self.env.company.sudo()
        return delivery_detail.build_curl(company.tiktok_webhook_url_masked, self.kind, self.raw)

    def action_replay(self):
        """Process deliveries again, from what was stored.

        :return: the action that shows how many
        :rtype: dict
        :raise UserError: if none of them can be replayed
        """
        self._check_decision_access()
        events = self.filtered(lambda event: event._is_replayable())
        if not events:
            raise UserError(
                self.env._(
                    "None of these deliveries can be replayed: they already became "
                    "leads, are quarantined, or their answers were removed."
                )
            )
        events.sudo()._record_decision("replayed")
        events.sudo()._make_pending()
        off = events.filtered(lambda event: event._is_switched_off())
        if off:
            return delivery_detail.warn_switched_off(off)
        return self._show_message(self.env._("%s will be retried shortly", len(events)))

    def action_accept(self):
        """Accept quarantined deliveries: they are processed like verified ones.

        :return: the action that shows how many
        :rtype: dict
        :raise UserError: if none is quarantined, or one has no answers or no company
        """
        self._check_decision_access()
        events = self._filter_decidable("accept")
        if not events:
            raise UserError(self.env._("None of the selected deliveries is quarantined."))
        if any(event.scrubbed_at for event in events):
            raise UserError(
                self.env._("Its answers were removed after your company's retention period.")
            )
        if any(not event.company_id for event in events):
            raise UserError(
                self.env._(
                    "First choose the company it belongs to: open the delivery and select one."
                )
            )
        for event in events.sudo():
            event._accept_event()
        notify_pages(events.company_id)
        return self._show_message(self.env._("%s accepted", len(events)))

    def action_discard(self):
        """Close quarantined or failed deliveries; `action_restore` undoes it.

        :return: the action that shows how many
        :rtype: dict
        :raise UserError: if none is quarantined or failed
        """
        self._check_decision_access()
        events = self._filter_decidable("discard")
        if not events:
            raise UserError(self.env._("None of the selected deliveries is quarantined or failed."))
        events.sudo()._discard_events()
        notify_pages(events.company_id)
        return self._show_message(self.env._("%s discarded", len(events)))

    def action_restore(self):
        """Give discarded deliveries the status they had.

        :return: the action that shows how many
        :rtype: dict
        :raise UserError: if none can be restored
        """
        self._check_decision_access()
        events = self._filter_decidable("restore")
        if not events:
            raise UserError(
                self.env._(
                    "There is nothing to restore here: these deliveries were not discarded, or "
                    "their answers were removed since."
                )
            )
        events.sudo()._restore_events()
        notify_pages(events.company_id)
        return self._show_message(self.env._("%s restored", len(events)))

    def action_open_decision(self):
        """Ask before deliveries are accepted, discarded or restored; the button says which.

        :return: the action that opens the dialog
        :rtype: dict
        :raise UserError: if the decision fits none of them
        """
        self._check_decision_access()
        decision = self.env.context.get("tiktok_decision")
        if decision not in dict(DECISIONS) or not self._filter_decidable(decision):
            raise UserError(
                self.env._("Nothing of this selection can be accepted, discarded or restored.")
            )
        vals = {"decision": decision, "event_ids": [Command.set(self.ids)]}
        dialog = self.env["tiktok.event.decision"].create(vals)
        return {
            "type": "ir.actions.act_window",
            "name": dict(dialog._fields["decision"]._description_selection(self.env))[decision],
            "res_model": dialog._name,
            "res_id": dialog.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _check_decision_access(self):
        """Check that the user may decide about deliveries of these companies.

        :raise AccessError: if not
        """
        self.check_access("write")

    def _is_switched_off(self):
        """Tell whether lead generation is off for its company: it will be ignored again.

        :rtype: bool
        """
        self.ensure_one()
        company = self.company_id.sudo()
        return self.kind == "lead" and not (company.active and company.tiktok_leadgen_enabled)

    def _show_message(self, message):
        """Return the action that shows a message and reloads the page.

        :param str message: for the user
        :rtype: dict
        """
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
