from odoo import models


class CrmLead(models.Model):
    """A repeat submission on a lead that is here always reaches a person."""

    _inherit = "crm.lead"

    def _tiktok_replace_owner(self, company):
        """Assign leads whose salesperson left, or that have none, as new ones are assigned.

        :param company: res.company that got the submission
        """
        able = self.user_id._tiktok_able(company)
        orphans = self.filtered(lambda lead: lead.user_id not in able)
        for lead in orphans.filtered("user_id"):
            # Without a salesperson CRM would take the company away.
            lead.write({"user_id": False, "company_id": lead._tiktok_company().id})
        orphans._tiktok_assign(company)

    def _tiktok_call_again(self, company):
        """Ask a person to call now: the salesperson, or else who is responsible for them.

        A call that is planned for later, or for a colleague who left, reaches no one today.

        :param company: res.company that got the submission
        """
        kind = self.env.ref("mail.mail_activity_data_call", raise_if_not_found=False)
        leads = self.filtered("active")
        receivers = {lead: lead._tiktok_receiver(company) for lead in leads}
        model_id = self.env["ir.model"]._get_id(self._name)
        self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": lead.id,
                    "activity_type_id": kind.id,
                    "user_id": user.id,
                    "date_deadline": user._tiktok_today(),
                    "summary": user._tiktok_env()._("Submitted a TikTok form again"),
                }
                for lead, user in receivers.items()
                if kind and user and not lead._tiktok_is_call_due(kind, user)
            ]
        )
        for user in set(receivers.values()):
            if user and user != self.env.user:
                of_user = leads.filtered(lambda lead, who=user: receivers[lead] == who)
                of_user._tiktok_bus(user, "repeat")

    def _tiktok_receiver(self, company):
        """Return who must know of a repeat submission on this lead.

        :param company: res.company that got the submission
        :rtype: res.users
        """
        self.ensure_one()
        for user in (self.user_id, self.team_id.sudo().user_id):
            if user._tiktok_able(company):
                return user
        return company._tiktok_responsible()

    def _tiktok_is_call_due(self, kind, user):
        """Tell whether this user is already asked to call today, or was before.

        :param kind: mail.activity.type of calls
        :param user: res.users
        :rtype: bool
        """
        today = user._tiktok_today()
        return bool(
            self.sudo().activity_ids.filtered(
                lambda activity: (
                    activity.active
                    and activity.activity_type_id == kind
                    and activity.user_id == user
                    and activity.date_deadline <= today
                )
            )
        )
