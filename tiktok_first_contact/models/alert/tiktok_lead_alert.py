import logging
import textwrap
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.tiktok_leadgen.concurrency import (
    InterruptedAttemptsError,
    UnfinishedError,
    delete_unlocked,
    process_each,
    process_with_bisection,
    retry_on_serialization_failure,
)
from odoo.addons.tiktok_leadgen.const import GC_BATCH, REMINDER_MINUTES
from odoo.addons.tiktok_leadgen.job_time import backoff, read_transaction_clock
from odoo.addons.tiktok_leadgen.tiktok.values import isolate

from ... import const

_logger = logging.getLogger(__name__)


class TiktokLeadAlert(models.Model):
    """One lead that one user is to be alerted of, when their work begins at the latest.

    Alerts that are due together are sent together: one push notification and one e-mail.
    """

    _name = "tiktok.lead.alert"
    _description = "TikTok Lead Alert"
    _inherit = ["tiktok.protected.mixin"]
    _order = "id desc"
    _rec_name = "kind"

    lead_id = fields.Many2one(
        "crm.lead", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    kind = fields.Selection(const.ALERT_KINDS, required=True, readonly=True)
    due_at = fields.Datetime("Due", required=True, readonly=True)
    is_popup_due = fields.Boolean("With a pop-up", readonly=True)
    done_at = fields.Datetime("Done", readonly=True)
    is_pushed = fields.Boolean("Pushed", readonly=True)
    is_mailed = fields.Boolean("E-mailed", readonly=True)
    mail_id = fields.Many2one(
        "mail.mail",
        "E-mail",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )
    failure_count = fields.Integer("Failures", readonly=True)

    _waiting_uniq = models.UniqueIndex("(lead_id, user_id, kind) WHERE done_at IS NULL")
    _due_idx = models.Index("(user_id, due_at) WHERE done_at IS NULL")

    # === QUEUE === #

    @api.model
    def _queue_alerts(self, leads, user, kind):
        """Queue the alerts of a user about leads; outside of their working hours all of it waits.

        :param leads: crm.lead
        :param user: res.users
        :param str kind: of `const.ALERT_KINDS`
        :return: the leads whose pop-up is to be shown now
        :rtype: crm.lead
        """
        now, shown, vals_list = read_transaction_clock(self.env), leads.browse(), []
        domain = [("user_id", "=", user.id), ("kind", "=", kind), ("done_at", "=", False)]
        known = self.sudo().search([*domain, ("lead_id", "in", leads.ids)]).lead_id
        groups = leads.sudo().grouped(lambda lead: (lead._tiktok_get_company(), lead.team_id))
        for (company, team), alike in groups.items():
            if not company:
                shown |= alike
                continue
            due_at = user._tiktok_get_hours(company, team).find_opening(now)
            is_late = due_at > now
            if not is_late:
                shown |= alike
            if is_late or company.tiktok_alert_push or company.tiktok_alert_email:
                shared = {"user_id": user.id, "company_id": company.id, "kind": kind}
                shared |= {"due_at": due_at, "is_popup_due": is_late}
                vals_list += [{**shared, "lead_id": lead.id} for lead in alike - known]
        self._create_alerts(vals_list, user)
        return shown

    @api.model
    def _create_alerts(self, vals_list, user):
        """Create the alerts of a user, unless another transaction holds the user's row.

        The job that makes leads waits for no such row: the others of the team are alerted.

        :param list[dict] vals_list: of the alerts
        :param user: res.users
        """
        if vals_list and user._tiktok_filter_unlocked():
            self.sudo().create(vals_list)
            first = min(vals["due_at"] for vals in vals_list)
            self.env["ir.cron"]._tiktok_trigger_job(const.ALERT_CRON_XMLID, first)

    # === THE JOB === #

    @api.model
    @retry_on_serialization_failure
    def _cron_send_alerts(self):
        """Send the alerts that are due, user by user, and wake up for the next one."""
        waiting, now = [("done_at", "=", False)], read_transaction_clock(self.env)
        domain = [*waiting, ("due_at", "<=", now)]
        users = self.env["res.users"].browse(
            user.id for (user,) in self._read_group(domain, ["user_id"])
        )
        process_each(users, self._send_user_alerts, self._handle_error, job=const.ALERT_JOB)
        later = self.search([*waiting, ("due_at", ">", now)], order="due_at", limit=1)
        if later:
            self.env["ir.cron"]._tiktok_trigger_job(const.ALERT_CRON_XMLID, later.due_at)

    @api.model
    def _send_user_alerts(self, user):
        """Send all alerts of one user that are due; one that fails holds up no other.

        :param user: res.users
        :raise UnfinishedError: if other transactions hold all of them
        """
        now = read_transaction_clock(self.env)
        due = self.search(self._get_due_domain(user, now), order="id")
        alerts = due.try_lock_for_update()
        if due and not alerts:
            raise UnfinishedError
        alerts.done_at = now
        for (company, kind), alike in alerts.grouped(lambda a: (a.company_id, a.kind)).items():

            def send_alerts(some, company=company, kind=kind):
                some.mail_id.filtered(lambda mail: mail.state == "exception").unlink()
                some._filter_current(user)._send_alike(user, company, kind)

            process_with_bisection(alike, send_alerts, type(self)._postpone_alerts)
        if alerts != due:  # those that are held come later; an error would undo the others
            soon = now + timedelta(minutes=1)
            self.env["ir.cron"]._tiktok_trigger_job(const.ALERT_CRON_XMLID, soon)

    @api.model
    def _get_due_domain(self, user, now):
        """Return the domain of a user's alerts that are due.

        :param user: res.users
        :param datetime now: UTC
        :rtype: list
        """
        return [("user_id", "=", user.id), ("done_at", "=", False), ("due_at", "<=", now)]

    @api.model
    def _handle_error(self, user, error):
        """Try the alerts of a user again later; what ended its process each time is given up.

        :param user: res.users
        :param Exception error: of the attempt; its text may hold personal data
        """
        now = read_transaction_clock(self.env)
        due = self.search(self._get_due_domain(user, now))
        if isinstance(error, InterruptedAttemptsError):
            _logger.warning("TikTok alerts of user %s: %s", user.id, type(error).__name__)
            due.done_at = now
        else:
            due._postpone_alerts(error)

    def _postpone_alerts(self, error):
        """Try alerts again later, each time after a longer wait, and then give them up.

        :param Exception error: of the attempt; its text may hold personal data
        """
        now = read_transaction_clock(self.env)
        for alert in self:
            number = alert.failure_count + 1
            is_last = number >= const.MOST_ALERT_FAILURES
            wait = backoff(number, const.FIRST_RETRY_SECONDS, const.LONGEST_RETRY_SECONDS)
            later = {"done_at": False, "due_at": now + wait}
            alert.write({"failure_count": number, **({"done_at": now} if is_last else later)})
            _logger.warning(
                "TikTok alert %s, failure %s: %s", alert.id, number, type(error).__name__
            )

    def _filter_current(self, user):
        """Return the alerts that still say something to a user who may read their leads.

        :param user: res.users
        :rtype: tiktok.lead.alert
        """
        current = self.filtered(lambda alert: user.active and alert._is_current())
        readable = current.lead_id.with_user(user)._filtered_access("read")
        return current.filtered(lambda alert: alert.lead_id.id in readable.ids)

    def _is_current(self):
        """Tell whether an alert still says something.

        :rtype: bool
        """
        lead = self.lead_id
        if not lead._tiktok_filter_open():
            return False
        if self.kind == "claim":
            return not lead.user_id
        if self.kind == "repeat":
            return True
        if lead.tiktok_first_contact_at:
            return False
        return self.kind == "escalated" or lead.user_id == self.user_id

    def _send_alike(self, user, company, kind):
        """Send alerts of one kind as a pop-up, a push notification and an e-mail.

        :param user: res.users
        :param company: res.company
        :param str kind: of `const.ALERT_KINDS`
        """
        leads = self.lead_id
        if not leads:
            return
        title = self._describe_leads(user, leads, kind)
        if company.tiktok_alert_push and not all(self.mapped("is_pushed")):
            self.is_pushed = self._push_leads(user, leads, title)
        if company.tiktok_alert_email and kind in const.MAILED_KINDS and not self._is_online(user):
            self.mail_id = self._mail_leads(user, company, leads, title)
            self.is_mailed = bool(self.mail_id)
        popups = self.filtered("is_popup_due").lead_id
        if popups:  # last: what another step refuses is undone, a pop-up is not
            values = {"minutes": self._get_reminder_minutes(popups)} if kind == "reminder" else {}
            self.env["tiktok.lead.notification"]._send_bus_popup(popups, user, kind, **values)
            self.is_popup_due = False

    @api.model
    def _get_reminder_minutes(self, leads):
        """Return how long leads have waited at least, by the last reminder.

        :param leads: crm.lead
        :rtype: int
        """
        number = min(leads.mapped("tiktok_reminded"))
        return REMINDER_MINUTES[max(number, 1) - 1]

    @api.model
    def _describe_leads(self, user, leads, kind):
        """Return an alert in one line, in the user's language.

        :param user: res.users
        :param leads: crm.lead
        :param str kind: of `const.ALERT_KINDS`
        :rtype: str
        """
        env, count = user._tiktok_localized_env(), len(leads)
        if count > 1:
            return {
                "claim": env._("TikTok leads to claim: %s", count),
                "escalated": env._("TikTok leads that no one called: %s", count),
                "retry": env._("TikTok leads to call again: %s", count),
                "repeat": env._("TikTok forms submitted again: %s", count),
                "reminder": env._("TikTok leads that wait for a call: %s", count),
            }.get(kind) or env._("New TikTok leads: %s", count)
        who = isolate(
            textwrap.shorten(
                leads.contact_name or leads.partner_name or leads.name,
                const.MOST_NAME_CHARACTERS,
                placeholder="…",
            )
        )
        return {
            "claim": env._("New TikTok lead to claim: %s", who),
            "escalated": env._("No one called this TikTok lead: %s", who),
            "retry": env._("Call again: %s", who),
            "repeat": env._("%s submitted a TikTok form again", who),
            "reminder": env._("%s waits for a call", who),
        }.get(kind) or env._("New TikTok lead: %s", who)

    # === CLEANUP === #

    @api.autovacuum
    def _gc_alerts(self):
        """Delete alerts that were sent long ago.

        :return: how many were deleted, and whether to look for more
        :rtype: tuple[int, int]
        """
        oldest = read_transaction_clock(self.env) - timedelta(days=const.ALERT_DAYS)
        return delete_unlocked(self.search([("done_at", "<", oldest)], limit=GC_BATCH))
