from odoo import api, models


class TiktokErrorMessages(models.AbstractModel):
    """What the codes of the Marketing API mean for a person."""

    _inherit = "tiktok.error.messages"

    @api.model
    def _for(self, error):
        """Return a sentence for an error; TikTok's own words where only they say what is wrong."""
        sentence = super()._for(error)
        if error.words:
            sentence = self.env._(
                "%(sentence)s TikTok's message: %(words)s", sentence=sentence, words=error.words
            )
        return sentence

    @api.model
    def _by_code(self):
        return {**super()._by_code(), **self._by_business_code()}

    @api.model
    def _by_business_code(self):
        not_allowed = self.env._(
            "TikTok does not allow this. The user who connects must be an Admin of the "
            "ad account, and your app needs the permissions Leads Retrieval and Instant "
            "Page Management. Request their approval in TikTok's portal, then click "
            "Reconnect."
        )
        reconnect = self.env._(
            "TikTok no longer accepts the connection of this ad account. Click Reconnect."
        )
        return {
            **dict.fromkeys(("40001", "40118", "40301"), not_allowed),
            **dict.fromkeys(("40102", "40104", "40105"), reconnect),
            "ads_not_connected": self.env._("The ad account is not connected. Click Connect."),
            "40002": self.env._("TikTok rejected the request."),
            "40007": self.env._("It no longer exists at TikTok. Refresh, then try again."),
            "40101": self.env._(
                "TikTok does not recognize these app keys. Compare the ID and secret in "
                "Settings with those of your app in TikTok API for Business."
            ),
            "40110": self.env._(
                "TikTok rejected the authorization: it was already used, or took too "
                "long. Click Connect again."
            ),
            "40113": self.env._(
                "TikTok does not recognize your app. Compare its ID in Settings with "
                "TikTok's portal."
            ),
            "40115": self.env._(
                "The ad account and your app belong to different companies at TikTok."
            ),
            "40300": self.env._("TikTok no longer knows this ad account, or never did."),
            "unconfirmed": self.env._(
                "TikTok did not confirm that it sends the leads here. Odoo checks it again within "
                "the hour."
            ),
            "truncated": self.env._("TikTok's file was incomplete. It is fetched again."),
            **dict.fromkeys(
                ("bad_zip", "bad_csv"),
                self.env._("TikTok's export file is damaged. Odoo requests a new one."),
            ),
        }
