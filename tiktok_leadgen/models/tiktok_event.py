import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import const
from ..tiktok import lead as tiktok_lead
from ..tiktok import payload, values
from .answers_table import answers_table

STATES = [
    ("pending", "Waiting"),
    ("done", "Done"),
    ("ignored", "Ignored"),
    ("failed", "Failed"),
    ("quarantined", "Kept aside"),
]
SOURCES = [
    ("webhook", "Webhook"),
    ("backfill", "Backfill"),
    ("test", "Test"),
]
TRUSTS = [
    ("token", "Right token"),
    ("signature", "Right signature"),
    ("both", "Right token and signature"),
    ("open", "None wanted"),
    ("person", "Accepted by a person"),
    ("export", "Proven by TikTok's export"),
    ("internal", "Came from inside"),
    ("none", "No proof"),
]
SIGNATURES = [
    ("right", "Right"),
    ("wrong", "Wrong"),
    ("missing", "Missing"),
    ("unchecked", "Not checked"),
]
MANAGERS = "sales_team.group_sale_manager"
SHOWN_CHARS = 256 * 1024  # of a raw payload, in the form; the rest stays in the database


class TiktokEvent(models.Model):
    """One thing that was delivered: the ledger from which each lead can be made again.

    Rows come from `_receive` alone; nobody creates or changes one by hand.
    """

    _name = "tiktok.event"
    _description = "TikTok Event"
    _order = "received_at desc, id desc"

    state = fields.Selection(STATES, "Status", required=True, readonly=True, default="pending")
    kind = fields.Selection(
        [
            ("lead", "Lead"),
            ("account", "Account event"),
            ("other", "Not a lead"),
            ("unreadable", "Unreadable"),
        ],
        required=True,
        readonly=True,
    )
    source = fields.Selection(SOURCES, "Came by", required=True, readonly=True, default="webhook")
    company_id = fields.Many2one("res.company")
    dedup_key = fields.Char(required=True, readonly=True, export_string_translation=False)
    lead_uid = fields.Char("TikTok lead ID", readonly=True, index="btree_not_null")
    advertiser_uid = fields.Char("Ad account ID", readonly=True)
    page_uid = fields.Char("Form ID", readonly=True)
    form_id = fields.Many2one("tiktok.form", readonly=True, index="btree_not_null")
    lead_id = fields.Many2one("crm.lead", readonly=True, index="btree_not_null")
    note_id = fields.Many2one(
        "mail.message", "Note on the lead", readonly=True, index="btree_not_null"
    )
    repeat_ids = fields.One2many("tiktok.event.repeat", "event_id", "Came again", readonly=True)
    trust = fields.Selection(TRUSTS, "Proof", required=True, readonly=True, default="none")
    signature = fields.Selection(SIGNATURES, readonly=True, default="unchecked")
    reason = fields.Selection(const.REASONS, "Why", readonly=True)
    error = fields.Char("What went wrong", readonly=True)
    history = fields.Text("What was tried", readonly=True)
    tries = fields.Integer(readonly=True)
    next_try_at = fields.Datetime("Next try", readonly=True)
    submitted_at = fields.Datetime("Submitted", readonly=True)
    received_at = fields.Datetime("Received", readonly=True, default=fields.Datetime.now)
    done_at = fields.Datetime("Done at", readonly=True)
    raw = fields.Text("As it came", readonly=True, groups=MANAGERS)
    raw_size = fields.Integer("Size (bytes)", readonly=True, aggregator="sum")
    exported_at = fields.Datetime(
        "Seen in TikTok's export", readonly=True, help="When TikTok's own export named it first."
    )
    scrubbed_at = fields.Datetime("Answers removed", readonly=True)
    person = fields.Char(compute="_compute_person", groups=MANAGERS)
    content = fields.Html("What came", compute="_compute_content", sanitize=False, groups=MANAGERS)

    raw_pretty = fields.Text("As it came, indented", compute="_compute_content", groups=MANAGERS)

    # A company is given the same thing once. What nobody vouches for has keys of its own, so that
    # it can't keep a real lead out.
    _dedup_uniq = models.UniqueIndex("(COALESCE(company_id, 0), dedup_key)")
    _pending_idx = models.Index("(id) WHERE state = 'pending'")
    _attention_idx = models.Index(
        "(company_id, state, received_at) WHERE state IN ('failed', 'quarantined')"
    )
    _form_idx = models.Index("(company_id, page_uid, submitted_at) WHERE kind = 'lead'")
    _received_idx = models.Index("(company_id, received_at)")

    # === COMPUTE METHODS === #

    @api.depends("kind", "lead_uid")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            event.display_name = " ".join(filter(None, [kinds[event.kind], event.lead_uid]))

    @api.depends("raw", "kind")
    def _compute_person(self):
        for event in self:
            lead = event._read_lead()
            event.person = (lead and lead.title) or False

    @api.depends("raw", "kind")
    def _compute_content(self):
        for event in self:
            lead = event._read_lead()
            pairs = [(answer.question, answer.text) for answer in lead.answers] if lead else []
            event.content = pairs and answers_table(self.env, pairs)
            event.raw_pretty = event._pretty_raw()

    def _read_lead(self):
        """Return what the entry says, or None if it is no lead or was scrubbed.

        :rtype: tiktok.lead.Lead | None
        """
        self.ensure_one()
        if self.kind != "lead" or not self.raw:
            return None
        return tiktok_lead.read(self.raw)

    # === ACTION METHODS === #

    def action_replay(self):
        """Try again, from what was stored."""
        self._check_person()
        events = self.filtered(lambda event: event._is_replayable())
        if not events:
            raise UserError(
                self.env._(
                    "There is nothing to try again here: these events became leads already, are "
                    "kept aside, or their answers were removed."
                )
            )
        events.sudo()._make_pending()
        off = events.filtered(lambda event: event._is_switched_off())
        if off:
            return self._notify_off(len(off))
        return self._notify_count(self.env._("%s tried again in a moment", len(events)))

    def _is_replayable(self):
        self.ensure_one()
        if self.scrubbed_at or self.kind == "other" or self.reason == "discarded":
            return False
        if self.trust == "none":
            return False  # a person may accept it, while it is kept aside
        return self.state in ("failed", "ignored", "pending") or (
            self.state == "done" and not self.lead_id
        )

    def action_accept(self):
        """Vouch for what came without proof: it is processed like any other."""
        self._check_person()
        events = self._filter_decidable("accept")
        if not events:
            raise UserError(self.env._("Nothing here is kept aside."))
        if any(event.scrubbed_at for event in events):
            raise UserError(
                self.env._("Its answers were removed after the time your company keeps them.")
            )
        homeless = events.filtered(lambda event: not event.company_id)
        if homeless:
            raise UserError(
                self.env._("Say first which company it belongs to: open the event and choose one.")
            )
        for event in events.sudo():
            event._accept()
        return self._notify_count(self.env._("%s accepted", len(events)))

    def action_discard(self):
        """Close what came without proof, or what can't be mended; `action_restore` undoes it."""
        self._check_person()
        events = self._filter_decidable("discard")
        if not events:
            raise UserError(self.env._("Nothing here is kept aside or failed."))
        events.sudo()._discard()
        return self._notify_count(self.env._("%s discarded", len(events)))

    def action_open_lead(self):
        """Open the lead that was made of it."""
        self.ensure_one()
        if not self.lead_id:
            raise UserError(self.env._("No lead was made of it, or the lead was deleted since."))
        return self.lead_id.get_formview_action()

    def _check_person(self):
        """Let only those decide who may change events of these companies."""
        self.check_access("write")

    def _accept(self):
        """Give it the key of the real thing; if that came meanwhile, it is a repetition."""
        self.ensure_one()
        key = self.dedup_key.split(":", 2)[2]  # see `_kept_key`
        twin = self.search_count(
            [("company_id", "=", self.company_id.id), ("dedup_key", "=", key)], limit=1
        )
        if twin:
            self.write({"state": "ignored", "reason": "repeated", "trust": "person"})
            return
        self.write({"dedup_key": key, "trust": "person"})
        self._make_pending()

    def _make_pending(self):
        vals = {
            "state": "pending",
            "error": False,
            "tries": 0,
            "next_try_at": self._read_clock(),
            "done_at": False,
        }
        self._forget_claims()
        # Why it is not a lead stays true.
        no_leads = self.filtered(lambda event: event.reason in payload.REASONS)
        no_leads.write(vals)
        (self - no_leads).write({**vals, "reason": False})
        self._wake()

    @api.model
    def _read_clock(self):
        """Return the time when this transaction began, by the clock that all nodes share.

        :rtype: datetime.datetime
        """
        return self.env.cr.now().replace(microsecond=0)

    def _notify_count(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === CRUD METHODS === #

    def write(self, vals):
        """Let a person change one thing: whose event it is, as long as nobody's."""
        if not self.env.su and (vals.keys() - {"company_id"} or self.company_id):
            raise UserError(
                self.env._("Events are a record of what happened: they can't be changed.")
            )
        return super().write(vals)

    def _pretty_raw(self):
        self.ensure_one()
        raw = self.raw or ""
        if len(raw) > SHOWN_CHARS:
            return f"{values.clean(raw[:SHOWN_CHARS])} …"
        try:
            return json.dumps(json.loads(raw), indent=2, ensure_ascii=False)
        except (ValueError, RecursionError):
            return values.clean(raw)
