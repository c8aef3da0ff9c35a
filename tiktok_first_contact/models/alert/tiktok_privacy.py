from odoo import api, models
from odoo.fields import Domain

from .tiktok_lead_alert_send import PUSH_TAG


class TiktokPrivacy(models.AbstractModel):
    """What is held of the contact with a person: alerts that name them, calls, first messages."""

    _inherit = "tiktok.privacy"

    @api.model
    def _erase_linked_records(self, leads):
        """Delete the alerts that name the person; calls and first messages hold times only.

        :param leads: crm.lead, in sudo
        :return: nothing, as the method that it extends
        """
        alerts = self.env["tiktok.lead.alert"].sudo().search([("lead_id", "in", leads.ids)])
        alerts.mail_id.unlink()
        tags = [f'"{PUSH_TAG.format(lead_id)}"' for lead_id in leads.ids]
        pushes = Domain.OR(Domain("payload", "like", tag) for tag in tags)
        self.env["mail.push"].sudo().search(pushes).unlink()
        alerts.unlink()
        return super()._erase_linked_records(leads)

    @api.model
    def _export_linked_records(self, lead):
        """Return the calls, first messages and alerts of a lead as well.

        :param lead: crm.lead, in sudo
        :return: lists by their names in the file
        :rtype: dict
        """
        alerts = self.env["tiktok.lead.alert"].sudo().search([("lead_id", "=", lead.id)])
        return {
            **super()._export_linked_records(lead),
            "contact_attempts": [
                {
                    "date": str(attempt.started_at),
                    "channel": attempt.channel,
                    "outcome": attempt.outcome or "",
                    "salesperson": attempt.user_id.name,
                }
                for attempt in lead.tiktok_attempt_ids
            ],
            "first_messages": [
                {
                    "date": str(message.sent_at or message.due_at),
                    "channel": message.channel,
                    "status": message.state,
                    "reason": message.reason or "",
                }
                for message in lead.tiktok_first_message_ids
            ],
            "alerts": [
                {"date": str(alert.due_at), "kind": alert.kind, "user": alert.user_id.name}
                for alert in alerts
            ],
        }
