from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.tiktok_leadgen.job_time import read_transaction_clock
from odoo.addons.tiktok_leadgen.models.company.res_company import SALES_MANAGERS
from odoo.addons.tiktok_leadgen.tiktok.values import isolate

from ...tiktok import crm_event

SOURCES = [("crm", "CRM event set"), ("offline", "Offline event set")]
PROBLEMS = [
    ("not_connected", "No token, and the ad account is not connected"),
    ("dead_token", "TikTok no longer accepts the token"),
    ("not_allowed", "The token is not allowed for this event set"),
    ("refused", "TikTok refused the event set"),
    ("unreachable", "TikTok could not be reached"),
    ("key", "The token cannot be decrypted"),
    ("interrupted", "Odoo stopped each time it sent events"),
    ("error", "Internal error"),
]
STATUSES = [
    ("draft", "Not at TikTok yet"),
    ("unchecked", "Not checked"),
    ("ready", "Ready"),
    ("problem", "Problem"),
]
COUNTS = {
    "pending": "waiting_count",
    "sent": "sent_count",
    "refused": "refused_count",
    "skipped": "skipped_count",
}
IDENTITY = {"event_set_uid", "source", "company_id"}


class TiktokEventSet(models.Model):
    """An event set at TikTok, and which events of leads it gets."""

    _name = "tiktok.event.set"
    _description = "TikTok Event Set"
    _inherit = ["tiktok.protected.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    advertiser_id = fields.Many2one(
        "tiktok.advertiser",
        "Ad account",
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        domain="[('company_id', '=', company_id)]",
        help="Its connection is used where the event set has no token of its own.",
    )
    source = fields.Selection(SOURCES, "Type", required=True, default="crm")
    event_set_uid = fields.Char(
        "Event set ID",
        copy=False,
        help="The number that TikTok Events Manager shows. Leave it empty to create the event "
        "set from here.",
    )
    token = fields.Char(
        "Access token",
        store=False,
        copy=False,
        inverse="_inverse_token",
        help="Generate it in TikTok Events Manager for this event set: a token of another one "
        "is refused. It is encrypted when you save and never shown again. Leave it empty to use "
        "the connection of the ad account.",
    )
    token_sealed = fields.Char(
        "Encrypted token", groups=fields.NO_ACCESS, prefetch=False, copy=False
    )
    has_token = fields.Boolean("Token is set", compute="_compute_has_token")
    test_code = fields.Char(
        "Test code",
        copy=False,
        help="From Test Events in TikTok Events Manager. While it is set, all events are sent "
        "with it.",
    )
    event_ids = fields.One2many("tiktok.crm.event", "event_set_id", "CRM events", readonly=True)
    rule_ids = fields.One2many("tiktok.crm.event.rule", "event_set_id", "Events")

    # The queue
    checked_at = fields.Datetime("Last checked", readonly=True, copy=False)
    problem = fields.Selection(PROBLEMS, readonly=True, copy=False)
    problem_message = fields.Char("TikTok's message", readonly=True, copy=False)
    attempt_count = fields.Integer("Failed attempts", readonly=True, copy=False)
    next_try_at = fields.Datetime("Next attempt", readonly=True, copy=False)
    status = fields.Selection(STATUSES, compute="_compute_status")

    # What was sent
    waiting_count = fields.Integer("Waiting", compute="_compute_counts")
    sent_count = fields.Integer("Sent", compute="_compute_counts")
    refused_count = fields.Integer("Refused", compute="_compute_counts")
    skipped_count = fields.Integer("Not sent", compute="_compute_counts")
    signal_count = fields.Integer("Signals of the last 14 days", compute="_compute_signals")
    signal_goal = fields.Integer(compute="_compute_signals")
    email_share = fields.Integer("With e-mail (%)", compute="_compute_signals")
    phone_share = fields.Integer("With phone (%)", compute="_compute_signals")

    reported_count = fields.Integer(
        related="advertiser_id.reported_event_count", groups=SALES_MANAGERS
    )
    reported_at = fields.Datetime(related="advertiser_id.reported_events_at", groups=SALES_MANAGERS)
    reported_of_count = fields.Integer(
        "CRM events sent in 30 days",
        compute="_compute_reported_of_count",
        groups=SALES_MANAGERS,
        help="To all CRM event sets of the ad account, without test events.",
    )

    _event_set_uid_uniq = models.UniqueIndex(
        "(event_set_uid) WHERE event_set_uid IS NOT NULL",
        "This event set is already in Odoo. It may be archived, or of another company.",
    )

    # === COMPUTE AND INVERSE METHODS === #

    def _inverse_token(self):
        """Encrypt what was entered; an empty one removes the token."""
        for event_set in self:
            sealed = self.env["tiktok.secrets"]._seal_secret(event_set.token)
            event_set.sudo().write({"token_sealed": sealed, "problem": False, "checked_at": False})
        # What was entered must not be read back in the same request.
        self.invalidate_recordset(["token"], flush=False)

    @api.depends("token_sealed")
    def _compute_has_token(self):
        for event_set in self:
            event_set.has_token = bool(event_set.sudo().token_sealed)

    @api.depends("event_set_uid", "problem", "checked_at")
    def _compute_status(self):
        for event_set in self:
            if not event_set.event_set_uid:
                event_set.status = "draft"
            elif event_set.problem:
                event_set.status = "problem"
            else:
                event_set.status = "ready" if event_set.checked_at else "unchecked"

    def _compute_counts(self):
        events = self.env["tiktok.crm.event"]
        domain = [("event_set_id", "in", self.ids)]
        groups = events._read_group(domain, ["event_set_id", "state"], ["__count"])
        counts = {(event_set, state): count for event_set, state, count in groups}
        for event_set in self:
            for state, name in COUNTS.items():
                event_set[name] = counts.get((event_set, state), 0)

    def _compute_signals(self):
        """Count the lower-funnel events of the last days, and how TikTok can match them."""
        since = read_transaction_clock(self.env) - timedelta(days=crm_event.SIGNAL_DAYS)
        domain = Domain("event_set_id", "in", self.ids) & Domain("state", "=", "sent")
        domain &= Domain("sent_at", ">=", since)
        groups = self.env["tiktok.crm.event"]._read_group(
            domain, ["event_set_id", "is_lower_funnel", "has_email", "has_phone"], ["__count"]
        )
        for event_set in self:
            own = [each[1:] for each in groups if each[0] == event_set]
            total = sum(count for *_keys, count in own)
            emails = sum(count for _lower, email, _phone, count in own if email)
            phones = sum(count for _lower, _email, phone, count in own if phone)
            event_set.signal_count = sum(count for lower, *_keys, count in own if lower)
            event_set.signal_goal = crm_event.SIGNAL_GOAL
            event_set.email_share = 100 * emails // total if total else 0
            event_set.phone_share = 100 * phones // total if total else 0

    def _compute_reported_of_count(self):
        """Count what TikTok may have matched with the ads until it was asked."""
        for event_set in self:
            until = event_set.reported_at or read_transaction_clock(self.env)
            event_set.reported_of_count = self.env["tiktok.crm.event"].search_count(
                [
                    ("event_set_id.advertiser_id", "=", event_set.advertiser_id.id),
                    ("event_set_id.source", "=", crm_event.CRM),
                    ("state", "=", "sent"),
                    ("is_test", "=", False),
                    ("sent_at", "<=", until),
                    ("sent_at", ">", until - timedelta(days=crm_event.REPORT_DAYS)),
                ]
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("event_set_uid")
    def _check_event_set_uid(self):
        for event_set in self:
            uid = event_set.event_set_uid
            if uid and not (uid.isascii() and uid.isdigit() and len(uid) <= crm_event.MAX_UID):
                raise ValidationError(
                    self.env._("The event set ID has digits only, as TikTok Events Manager shows.")
                )

    @api.constrains("source")
    def _check_source(self):
        self.rule_ids._check_event_name()

    # === CRUD METHODS === #

    def write(self, vals):
        """Keep what events refer to; a new connection is tried immediately.

        :param dict vals: as in `BaseModel.write`
        :return: what Odoo returns
        :raise UserError: if the identity of an event set with events would change
        :raise AccessError: if the user may not write to the new company
        """
        vals = {**vals}
        if "event_set_uid" in vals:
            vals["event_set_uid"] = (vals["event_set_uid"] or "").strip() or False
        if IDENTITY & vals.keys():
            self._check_identity(vals)
        result = super().write(vals)
        if "company_id" in vals:
            self.check_access("write")  # it may be another company's now
        if {"token", "advertiser_id", "event_set_uid"} & vals.keys():
            self.sudo()._resume_sending()
        return result

    def _check_identity(self, vals):
        """Check that a write leaves the identity of event sets with events as it is.

        :param dict vals: as `write` gets them
        :raise UserError: if it does not
        """
        used = [("event_set_id", "in", self.ids)]
        groups = self.env["tiktok.crm.event"].sudo()._read_group(used, ["event_set_id"])
        for (event_set,) in groups:
            known = {
                "event_set_uid": event_set.event_set_uid,
                "source": event_set.source,
                "company_id": event_set.company_id.id,
            }
            if any(known[name] != vals[name] for name in IDENTITY & vals.keys()):
                raise UserError(
                    self.env._(
                        "%s has events: its ID, type and company cannot be changed. Archive it "
                        "and create another one.",
                        isolate(event_set.name),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = [("event_set_id", "in", self.ids)]
        if self.env["tiktok.crm.event"].sudo().search_count(used, limit=1):
            raise UserError(
                self.env._("Events were sent to it, or wait. Archive the event set instead.")
            )

    # === ACTION METHODS === #

    def action_view_events(self):
        """Open the events of this event set.

        :return: an action
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("tiktok_ads.tiktok_crm_event_action")
        action["domain"] = [("event_set_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_suggest_rules(self):
        """Add an event for won leads, and one for Odoo's stage Qualified if it is there."""
        self.ensure_one()
        self.check_access("write")
        offline = self.source == crm_event.OFFLINE
        names = ("SubmitApplication", "Purchase") if offline else ("Qualified", "Converted")
        stage = self.env.ref("crm.stage_lead2", raise_if_not_found=False)
        known = self.with_context(active_test=False).rule_ids
        rules = []
        if stage and stage not in known.stage_id:
            rules.append({"stage_id": stage.id, "event_name": names[0], "sequence": 10})
        if True not in known.mapped("on_won"):
            rules.append({"on_won": True, "event_name": names[1], "sequence": 20})
        self.write({"rule_ids": [Command.create(each) for each in rules]})
