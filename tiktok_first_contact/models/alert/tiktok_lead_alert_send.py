import json
from datetime import timedelta

from odoo import api, models

from odoo.addons.tiktok_leadgen.job_time import read_transaction_clock

from ... import const

PUSH_CRON = "mail.ir_cron_web_push_notification"
PUSH_TAG = "tiktok_lead_{}"  # a newer notification of a lead replaces the last one
ICON = "/web/static/img/odoo-icon-192x192.png"


class TiktokLeadAlert(models.Model):
    """How an alert reaches a user: push notifications and e-mails."""

    _inherit = "tiktok.lead.alert"

    @api.model
    def _handle_undelivered_mails(self, mails):
        """Send the alerts again whose e-mails found no mail server.

        :param mails: mail.mail that Odoo's queue could not send
        """
        alerts = self.sudo().search([("mail_id", "in", mails.ids)]).try_lock_for_update()
        domain = [("user_id", "in", alerts.user_id.ids), ("lead_id", "in", alerts.lead_id.ids)]
        queued = alerts.search([*domain, ("done_at", "=", False)])
        known = {(alert.user_id, alert.lead_id, alert.kind) for alert in queued}
        lost = alerts.filtered(lambda a: (a.user_id, a.lead_id, a.kind) not in known)
        lost._postpone_alerts(ConnectionError())

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
                "tag": PUSH_TAG.format(lead.id),
                "data": {"model": "crm.lead", "res_id": lead.id},
            },
        }
        payload = lead._web_push_truncate_payload(payload)
        self.env["mail.push"].sudo().create(
            [
                {"mail_push_device_id": device.id, "payload": json.dumps(payload)}
                for device in devices
            ]
        )
        self.env["ir.cron"]._tiktok_trigger_job(PUSH_CRON)
        return True

    # === E-MAIL === #

    @api.model
    def _is_online(self, user):
        """Tell whether Odoo is open in a browser of a user.

        :param user: res.users
        :rtype: bool
        """
        since = read_transaction_clock(self.env) - timedelta(seconds=const.PRESENCE_SECONDS)
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
        :return: the e-mail, empty if the user has no address
        :rtype: mail.mail
        """
        mails = self.env["mail.mail"].sudo()
        if not user.email_normalized:
            return mails
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
        return mails.create(
            {
                "subject": title,
                "body_html": body,
                "email_from": company.email_formatted or self.env.user.email_formatted,
                "email_to": user.email_formatted,
                "message_type": "user_notification",
                "auto_delete": True,
            }
        )
