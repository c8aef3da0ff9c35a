import json
import logging
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.tiktok_leadgen.concurrency import (
    UnfinishedError,
    delete_unlocked,
    process_each,
    retry_on_serialization_failure,
)
from odoo.addons.tiktok_leadgen.const import GC_BATCH
from odoo.addons.tiktok_leadgen.tiktok.values import isolate

from ... import const

_logger = logging.getLogger(__name__)
PUSH_CRON = "mail.ir_cron_web_push_notification"
ICON = "/web/static/img/odoo-icon-192x192.png"


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

    _waiting_uniq = models.UniqueIndex("(lead_id, user_id, kind) WHERE done_at IS NULL")
    _due_idx = models.Index("(user_id, due_at) WHERE done_at IS NULL")

    # === QUEUE === #

    @api.model
    def _queue_alerts(self, leads, user, kind, is_popup_due=False):
        """Queue the alerts of a user about leads; outside of working hours they wait.

        :param leads: crm.lead
        :param user: res.users
        :param str kind: of `const.ALERT_KINDS`
        :param bool is_popup_due: whether the pop-up was not shown yet
        """
        now, vals_list = fields.Datetime.now(), []
        domain = [("user_id", "=", user.id), ("kind", "=", kind), ("done_at", "=", False)]
        known = self.sudo().search([*domain, ("lead_id", "in", leads.ids)]).lead_id
        groups = (leads.sudo() - known).grouped(
            lambda lead: (lead._tiktok_get_company(), lead.team_id)
        )
        for (company, team), alike in groups.items():
            if not company or not (
                is_popup_due or company.tiktok_alert_push or company.tiktok_alert_email
            ):
                continue
            due_at = user._tiktok_get_hours(company, team).find_opening(now)
            shared = {"user_id": user.id, "company_id": company.id, "kind": kind, "due_at": due_at}
            # What pops up at night may be gone in the morning.
            shared["is_popup_due"] = is_popup_due or due_at > now
            vals_list += [{**shared, "lead_id": lead.id} for lead in alike]
        if vals_list:
            self.sudo().create(vals_list)
            self._trigger_job(min(vals["due_at"] for vals in vals_list))

    @api.model
    def _trigger_job(self, at):
        """Have the job run when the first alert is due.

        :param datetime at: UTC
        """
        cron = self.env.ref(const.ALERT_CRON_XMLID, raise_if_not_found=False)
        if cron:
            cron.sudo()._tiktok_trigger(at)

    # === THE JOB === #

    @api.model
    @retry_on_serialization_failure
    def _cron_send_alerts(self):
        """Send the alerts that are due, user by user, and wake up for the next one."""
        waiting, now = [("done_at", "=", False)], fields.Datetime.now()
        domain = [*waiting, ("due_at", "<=", now)]
        users = self.env["res.users"].browse(
            user.id for (user,) in self._read_group(domain, ["user_id"])
        )
        process_each(users, self._send_user_alerts, self._handle_error, job=const.ALERT_JOB)
        later = self.search([*waiting, ("due_at", ">", now)], order="due_at", limit=1)
        if later:
            self._trigger_job(later.due_at)

    @api.model
    def _send_user_alerts(self, user):
        """Send all alerts of one user that are due.

        :param user: res.users
        :raise UnfinishedError: if other transactions hold all of them
        """
        domain = [("user_id", "=", user.id), ("done_at", "=", False)]
        due = self.search([*domain, ("due_at", "<=", fields.Datetime.now())], order="id")
        alerts = due.try_lock_for_update()
        if due and not alerts:
            raise UnfinishedError
        alerts.done_at = fields.Datetime.now()
        for (company, kind), alike in alerts.grouped(lambda a: (a.company_id, a.kind)).items():
            current = alike.filtered(lambda alert: alert._is_current())
            if current and user.active:
                current._send_alike(user, company, kind)
        if alerts != due:  # those that are held come later; an error would undo the others
            self._trigger_job(fields.Datetime.now() + timedelta(minutes=1))

    @api.model
    def _handle_error(self, user, error):
        """Give up the alerts of a user that cannot be sent.

        :param user: res.users
        :param Exception error: of the attempt; its text may hold personal data
        """
        _logger.warning("TikTok alerts of user %s: %s", user.id, type(error).__name__)
        domain = [("user_id", "=", user.id), ("done_at", "=", False)]
        self.search([*domain, ("due_at", "<=", fields.Datetime.now())]).write(
            {"done_at": fields.Datetime.now()}
        )

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
        popups = self.filtered("is_popup_due").lead_id
        if popups:
            self.env["tiktok.lead.notification"]._send_bus_popup(popups, user, kind)
        title = self._describe_leads(user, leads, kind)
        if company.tiktok_alert_push:
            self.is_pushed = self._push_leads(user, leads, title)
        if company.tiktok_alert_email and kind in const.MAILED_KINDS and not self._is_online(user):
            self.is_mailed = self._mail_leads(user, company, leads, title)

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
        who = isolate(leads.contact_name or leads.partner_name or leads.name)
        return {
            "claim": env._("New TikTok lead to claim: %s", who),
            "escalated": env._("No one called this TikTok lead: %s", who),
            "retry": env._("Call again: %s", who),
            "repeat": env._("%s submitted a TikTok form again", who),
            "reminder": env._("%s waits for a call", who),
        }.get(kind) or env._("New TikTok lead: %s", who)

    # === WEB PUSH === #

    @api.model
    def _push_leads(self, user, leads, title):
        """Put a push notification into Odoo's queue for each device of a user.

        :param user: res.users
        :param leads: crm.lead
        :param str title: of the notification
        :return: whether there is a device
        :rtype: bool
        """
        devices, private_key, _public = leads[:1]._web_push_get_partners_parameters(
            user.partner_id.ids
        )
        if not devices or not private_key:
            return False
        lead = leads[-1:]
        form = lead.tiktok_form_id.name or ""
        payload = {
            "title": title,
            "options": {
                "body": form,
                "icon": ICON,
                "tag": f"tiktok_lead_{lead.id}",
                "data": {"model": "crm.lead", "res_id": lead.id},
            },
        }
        self.env["mail.push"].sudo().create(
            [
                {"mail_push_device_id": device.id, "payload": json.dumps(payload)}
                for device in devices
            ]
        )
        cron = self.env.ref(PUSH_CRON, raise_if_not_found=False)
        if cron:
            cron.sudo()._tiktok_trigger()
        return True

    # === E-MAIL === #

    @api.model
    def _is_online(self, user):
        """Tell whether Odoo is open in a browser of a user.

        :param user: res.users
        :rtype: bool
        """
        since = fields.Datetime.now() - timedelta(seconds=const.PRESENCE_SECONDS)
        presences = user.sudo().presence_ids
        return bool(
            presences.filtered(lambda one: one.status != "offline" and one.last_poll >= since)
        )

    @api.model
    def _mail_leads(self, user, company, leads, title):
        """Put an e-mail about leads into the queue.

        :param user: res.users
        :param company: res.company
        :param leads: crm.lead
        :param str title: its subject
        :return: whether the user has an address
        :rtype: bool
        """
        if not user.email_normalized:
            return False
        shown = leads[: const.LEADS_IN_EMAIL]
        body = self.env["ir.qweb"]._render(
            "tiktok_first_contact.alert_email",
            {
                "title": title,
                "links": [(lead, lead._notify_get_action_link("view")) for lead in shown],
                "more": len(leads) - len(shown),
                "company": company,
            },
            lang=user.lang,
        )
        self.env["mail.mail"].sudo().create(
            {
                "subject": title,
                "body_html": body,
                "email_from": company.email_formatted or self.env.user.email_formatted,
                "email_to": user.email_formatted,
                "message_type": "user_notification",
                "auto_delete": True,
            }
        )
        return True

    # === CLEANUP === #

    @api.autovacuum
    def _gc_alerts(self):
        """Delete alerts that were sent long ago.

        :return: how many were deleted, and whether to look for more
        :rtype: tuple[int, int]
        """
        oldest = fields.Datetime.now() - timedelta(days=const.ALERT_DAYS)
        return delete_unlocked(self.search([("done_at", "<", oldest)], limit=GC_BATCH))
