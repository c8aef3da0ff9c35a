from odoo import models


class TiktokAccount(models.Model):
    """An account that articles are posted on by themselves."""

    _inherit = "tiktok.account"

    def _forget_profile(self):
        """Take back what was agreed for all articles: it was another TikTok user."""
        channels = self.env["tiktok.blog.channel"].sudo()
        for channel in channels.search([("account_id", "=", self.id), ("consent", "=", True)]):
            user = channel.consent_user_id
            channel.write({"consent": False, "is_automatic": False})
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=user.id,
                summary=self.env._("Articles are no longer posted by themselves"),
                note=self.env._(
                    "“%(account)s” was connected as another TikTok user. If the articles of "
                    "“%(blog)s” are to be posted there, agree anew under TikTok Automatic Posts.",
                    account=self.name,
                    blog=channel.blog_id.name,
                ),
            )
        return super()._forget_profile()
