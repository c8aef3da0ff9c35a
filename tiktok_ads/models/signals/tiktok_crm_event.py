import calendar

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.tiktok_leadgen.job_time import read_transaction_clock

from ...tiktok import crm_event
from ...tiktok.hashing import hash_email, hash_phone

SEND_CRON = "tiktok_ads.ir_cron_send_crm_events"
MASS_EDIT_LEADS = 100  # more leads of one write are left to a user to send
STATES = [
    ("pending", "Waiting"),
    ("sent", "Sent"),
    ("refused", "Refused"),
    ("skipped", "Not sent"),
]
REASONS = [
    ("mass_edit", "Changed together with more than 100 leads: send it with the button Send"),
    ("consent", "The lead has no consent"),
    ("objection", "The person objects to TikTok ads"),
    ("no_contact", "Neither an e-mail address nor a phone number is known"),
    ("too_old", "Older than 28 days: TikTok would not attribute it"),
    ("test", "Test lead"),
    ("deleted", "The lead was deleted"),
    ("erased", "Erased at the person's request"),
    ("stopped", "Stopped by a user"),
    ("refused", "TikTok refused the event"),
]
# A lead that moves again is considered again.
RECONSIDERED = ("mass_edit", "consent", "objection")
FINAL = ("deleted", "erased", "test")

INSERT = """
    INSERT INTO tiktok_crm_event (
        event_uid, lead_id, lead_uid, rule_id, event_set_id, company_id, event_name,
        is_lower_funnel, value, currency_id, occurred_at, state, reason,
        create_uid, create_date, write_uid, write_date)
    VALUES %s
    ON CONFLICT DO NOTHING RETURNING event_uid
"""


class TiktokCrmEvent(models.Model):
    """One event of one lead: for ever, however often the lead moves back and forth.

    A row has no personal data: e-mail and phone are read from the lead, and hashed, when it is
    sent.
    """

    _name = "tiktok.crm.event"
    _description = "TikTok CRM Event"
    _inherit = ["tiktok.protected.mixin"]
    _order = "id desc"
    _rec_name = "event_name"

    event_uid = fields.Char("Event ID", required=True, readonly=True)
    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="set null"
    )
    lead_uid = fields.Char("TikTok lead ID", required=True, readonly=True)
    rule_id = fields.Many2one(
        "tiktok.crm.event.rule", readonly=True, index="btree_not_null", ondelete="set null"
    )
    event_set_id = fields.Many2one(
        "tiktok.event.set",
        "Event set",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    event_name = fields.Char("Event", required=True, readonly=True)
    is_lower_funnel = fields.Boolean("Lower funnel", readonly=True)
    value = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    occurred_at = fields.Datetime("Happened on", required=True, readonly=True)
    state = fields.Selection(STATES, "Status", required=True, readonly=True, default="pending")
    reason = fields.Selection(REASONS, readonly=True)
    refusal = fields.Char("TikTok's message", readonly=True)
    sent_at = fields.Datetime("Sent on", readonly=True)
    is_test = fields.Boolean("Sent with a test code", readonly=True)
    has_email = fields.Boolean("With e-mail", readonly=True)
    has_phone = fields.Boolean("With phone", readonly=True)

    _event_uid_uniq = models.UniqueIndex("(event_uid)", "A lead has each event once.")
    _pending_idx = models.Index("(event_set_id, id) WHERE state = 'pending'")
    _signal_idx = models.Index("(event_set_id, sent_at) WHERE state = 'sent'")

    # === SCHEDULED ACTIONS === #

    @api.model
    def _trigger_job(self):
        """Have the job run after this transaction; once for many leads."""
        done = self.env.cr.precommit.data
        if not done.get(SEND_CRON):
            done[SEND_CRON] = True
            self.env["ir.cron"]._tiktok_trigger_job(SEND_CRON)

    # === ACTION METHODS === #

    def action_send(self):
        """Send events that were refused or not sent; consent and objections count as before."""
        self.check_access("read")
        self.event_set_id.check_access("write")
        events = self.sudo().filtered(
            lambda event: event.state in ("refused", "skipped") and event.reason not in FINAL
        )
        events.filtered("lead_id").write({"state": "pending", "reason": False, "refusal": False})
        self._trigger_job()

    def action_stop(self):
        """Do not send events that wait."""
        self.check_access("read")
        self.event_set_id.check_access("write")
        waiting = self.sudo().filtered(lambda event: event.state == "pending")
        waiting.write({"state": "skipped", "reason": "stopped"})

    def action_open_lead(self):
        """Open the lead.

        :return: an action
        :rtype: dict
        """
        self.ensure_one()
        return self.lead_id.get_formview_action()

    # === QUEUE === #

    @api.model
    def _queue_changes(self, leads, before):
        """Queue the events of leads that changed.

        :param leads: crm.lead, with all rights
        :param dict before: where each of them was, of `_tiktok_read_outcomes`
        """
        after = leads._tiktok_read_outcomes()
        changed = leads.filtered(lambda lead: before[lead] != after[lead])
        if not changed:
            return
        companies = {lead: lead._tiktok_get_company() for lead in changed}
        rules = self.env["tiktok.crm.event.rule"].sudo()
        rules = rules._find_active_rules({company.id for company in companies.values()})
        by_company = rules.grouped("company_id")
        pairs = [
            (lead, rule)
            for lead in changed
            for rule in by_company.get(companies[lead], ())
            if rule._match_change(before[lead], after[lead])
        ]
        if pairs:
            self._insert_events(pairs, len(changed) > MASS_EDIT_LEADS)

    @api.model
    def _insert_events(self, pairs, is_mass_edit=False):
        """Store events that are not there yet, and reconsider those that were not sent.

        The rows that the job sends are locked for as long as TikTok takes: they are not waited
        for.

        :param list pairs: of crm.lead and tiktok.crm.event.rule
        :param bool is_mass_edit: leave them to a user to send
        """
        state, reason = ("skipped", "mass_edit") if is_mass_edit else ("pending", None)
        rows, now = {}, read_transaction_clock(self.env)
        log = (self.env.uid, now, self.env.uid, now)
        for lead, rule in pairs:
            values = self._prepare_event(lead, rule)
            rows[values[0]] = SQL("%s", (*values, state, reason, *log))
        query = SQL(INSERT, SQL(", ").join(rows.values()))
        inserted = {event_uid for (event_uid,) in self.env.execute_query(query)}
        self.env["crm.lead"].invalidate_model(["tiktok_crm_event_ids"], flush=False)
        if is_mass_edit:
            return
        if inserted != rows.keys():
            self._reconsider_events(rows.keys() - inserted)
        self._trigger_job()

    @api.model
    def _reconsider_events(self, event_uids):
        """Queue events that were not sent for a reason that may be gone.

        :param set event_uids: of events
        """
        skipped = [("event_uid", "in", list(event_uids)), ("state", "=", "skipped")]
        events = self.sudo().search([*skipped, ("reason", "in", RECONSIDERED)])
        now = read_transaction_clock(self.env)
        events.write({"state": "pending", "reason": False, "occurred_at": now})

    @api.model
    def _prepare_event(self, lead, rule):
        """Return the first columns of `INSERT`.

        :param lead: crm.lead
        :param rule: tiktok.crm.event.rule
        :rtype: tuple
        """
        event_set, company = rule.event_set_id, rule.company_id
        uid = crm_event.build_event_uid(
            lead.tiktok_lead_uid, event_set.event_set_uid, rule.event_name
        )
        value = lead.expected_revenue if rule.on_won else 0.0
        return (
            *(uid, lead.id, lead.tiktok_lead_uid, rule.id, event_set.id, company.id),
            *(rule.event_name, rule.is_lower_funnel, value, company.currency_id.id),
            read_transaction_clock(self.env),
        )

    # === SENDING === #

    def _skip_events(self, reason):
        """Leave events unsent.

        :param str reason: of `REASONS`
        """
        if self:
            self.write({"state": "skipped", "reason": reason})

    def _filter_sendable(self):
        """Skip the events that must not be sent, and return the others.

        :return: of one event set, the oldest first
        :rtype: tiktok.crm.event
        """
        events = self
        for reason, method in (
            ("deleted", "_find_deleted"),
            ("test", "_find_tests"),
            ("objection", "_find_objecting"),
            ("consent", "_find_without_consent"),
            ("no_contact", "_find_without_contact"),
            ("too_old", "_find_too_old"),
        ):
            found = getattr(events, method)()
            found._skip_events(reason)
            events -= found
        return events

    def _find_deleted(self):
        return self.filtered(lambda event: not event.lead_id)

    def _find_tests(self):
        return self.filtered("lead_id.tiktok_is_test")

    def _find_objecting(self):
        objecting = self.env["crm.lead"]._tiktok_find_objections(self.lead_id)
        return self.filtered(lambda event: event.lead_id in objecting)

    def _find_without_consent(self):
        return self.filtered(
            lambda event: (
                not event.company_id._tiktok_allows_reporting(event.lead_id.tiktok_consent)
            )
        )

    def _find_without_contact(self):
        """Return the offline events that tell TikTok no person to match.

        :rtype: tiktok.crm.event
        """
        return self.filtered(
            lambda event: (
                event.event_set_id.source == crm_event.OFFLINE
                and not (event._hash_email() or event._hash_phone())
            )
        )

    def _find_too_old(self):
        oldest = fields.Datetime.subtract(
            read_transaction_clock(self.env), days=crm_event.OFFLINE_DAYS
        )
        return self.filtered(
            lambda event: (
                event.event_set_id.source == crm_event.OFFLINE and event.occurred_at < oldest
            )
        )

    def _hash_email(self):
        return hash_email(self.lead_id.email_normalized)

    def _hash_phone(self):
        return hash_phone(self.lead_id.phone_sanitized)

    def _build_lead_event(self):
        """Return what TikTok is to learn.

        :rtype: crm_event.LeadEvent
        """
        self.ensure_one()
        return crm_event.LeadEvent(
            event_uid=self.event_uid,
            name=self.event_name,
            occurred_at=calendar.timegm(self.occurred_at.timetuple()),
            lead_uid=self.lead_uid,
            email=self.lead_id.email_normalized or "",
            phone=self.lead_id.phone_sanitized or "",
            value=self.value,
            currency=self.currency_id.name or "",
        )

    def _mark_sent(self, is_test):
        """Store that TikTok accepted these events.

        :param bool is_test: whether they had a test code
        """
        sent = {"state": "sent", "sent_at": read_transaction_clock(self.env), "reason": False}
        sent.update(refusal=False, is_test=is_test)
        contacts = self.grouped(
            lambda event: (bool(event._hash_email()), bool(event._hash_phone()))
        )
        for (has_email, has_phone), events in contacts.items():
            events.write({**sent, "has_email": has_email, "has_phone": has_phone})

    def _mark_refused(self, message):
        """Store that TikTok refused these events for good.

        :param str message: TikTok's own
        """
        self.write({"state": "refused", "reason": "refused", "refusal": message})

    # === PRIVACY === #

    @api.model
    def _erase_events(self, leads):
        """Stop the events of erased leads, and clear what they say.

        The rows stay: a lead must not be reported again.

        :param leads: crm.lead
        """
        events = self.sudo().search([("lead_id", "in", leads.ids)])
        if not events:
            return
        unsent = events.filtered(lambda event: event.state != "sent")
        unsent.write({"state": "skipped"})
        events.write(
            {
                "reason": "erased",
                "value": 0,
                "currency_id": False,
                "refusal": False,
                "has_email": False,
                "has_phone": False,
                "lead_id": False,
            }
        )
