from odoo import api, models

from odoo.addons.tiktok_leadgen.concurrency import retry_on_serialization_failure
from odoo.addons.tiktok_leadgen.job_time import read_transaction_clock

from ... import const


class TiktokLeadNotification(models.AbstractModel):
    """Alert those whom a pop-up may not reach, and remind of the next try."""

    _inherit = "tiktok.lead.notification"

    @api.model
    def _send_lead_popup(self, leads, user, kind, **values):
        """Queue an alert with each pop-up that asks for a call; at night the pop-up waits, too.

        :param leads: crm.lead
        :param user: res.users
        :param str kind: of the pop-up
        :param values: further values of the message
        :return: nothing, as the method that it extends
        """
        if user and kind in dict(const.ALERT_KINDS):
            leads = self.env["tiktok.lead.alert"]._queue_alerts(leads, user, kind)
        return super()._send_lead_popup(leads, user, kind, **values) if leads else None

    @api.model
    @retry_on_serialization_failure
    def _cron_follow_up_leads(self):
        """Remind of the next tries that are due as well."""
        result = super()._cron_follow_up_leads()
        self._process_due_leads(
            "tiktok_try_remind_at",
            read_transaction_clock(self.env),
            lambda leads, _now: self._remind_of_next_try(leads),
        )
        return result

    @api.model
    def _remind_of_next_try(self, leads):
        """Notify the salespeople of leads that did not answer and are to be called again.

        :param leads: crm.lead whose next try is due
        """
        leads.with_context(tracking_disable=True).tiktok_try_remind_at = False
        waiting = leads._tiktok_filter_open().filtered("user_id")
        for user, of_user in waiting.grouped("user_id").items():
            self._send_lead_popup(of_user, user, "retry")
