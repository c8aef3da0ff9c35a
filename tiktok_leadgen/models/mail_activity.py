from odoo import fields, models

CATEGORIES = {"phonecall": "call", "meeting": "activity"}
EMAIL = "mail.mail_activity_data_email"


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["mail.activity", "tiktok.protected.mixin"]

    tiktok_call = fields.Boolean("Call of a TikTok lead", readonly=True)

    def _action_done(self, feedback=False, attachment_ids=None):
        """See a first contact in a call, an e-mail or a meeting that a person has done."""
        email = self.env.ref(EMAIL, raise_if_not_found=False)
        done = {}
        for activity in self.filtered(lambda activity: activity.res_model == "crm.lead"):
            kind = activity.activity_type_id
            how = "message" if kind == email else CATEGORIES.get(kind.category)
            if how:
                done.setdefault(how, []).append(activity.res_id)
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        for how, lead_ids in done.items():
            self.env["crm.lead"].browse(lead_ids).exists()._tiktok_contacted(how)
        return result
