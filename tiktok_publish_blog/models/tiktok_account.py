from odoo import models

from odoo.addons.tiktok_leadgen.tiktok.values import isolate


class TiktokAccount(models.Model):
    """An account on which articles are posted automatically."""

    _inherit = "tiktok.account"

    def _clear_profile(self):
        """Turn off auto-posting: the consent was given for another TikTok user."""
        channels = self.env["tiktok.blog.channel"].sudo()
        for channel in channels.search([("account_id", "=", self.id), ("consent", "=", True)]):
            user = channel._get_responsible_user()
            channel.write({"consent": False, "is_automatic": False})
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=user.id,
                summary=self.env._("Auto-posting was turned off"),
                note=self.env._(
                    "“%(account)s” was connected as another TikTok user. To post the "
                    "articles of “%(blog)s” there, give your consent again under TikTok "
                    "→ Configuration → Auto-Posting.",
                    account=isolate(self.name),
                    blog=isolate(channel.blog_id.name),
                ),
            )
        return super()._clear_profile()
