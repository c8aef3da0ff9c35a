from odoo import api, models


class TiktokSentences(models.AbstractModel):
    """What the codes of the Marketing API mean for a person."""

    _inherit = "tiktok.sentences"

    @api.model
    def _for(self, error):
        """Return a sentence for an error; TikTok's own words where only they say what is wrong."""
        sentence = super()._for(error)
        if error.words:
            sentence = self.env._(
                "%(sentence)s It says: %(words)s", sentence=sentence, words=error.words
            )
        return sentence

    @api.model
    def _by_code(self):
        return {**super()._by_code(), **self._by_business_code()}

    @api.model
    def _by_business_code(self):
        not_allowed = self.env._(
            "TikTok does not allow this. Whoever connected must be Admin of the ad account, and "
            "your app needs the permissions Leads Retrieval and Instant Page Management. Have "
            "them approved in TikTok's portal, then press Reconnect."
        )
        reconnect = self.env._(
            "TikTok takes the connection of this ad account no more. Press Reconnect."
        )
        return {
            **dict.fromkeys(("40001", "40118", "40301"), not_allowed),
            **dict.fromkeys(("40102", "40104", "40105"), reconnect),
            "ads_not_connected": self.env._("The ad account is not connected. Press Connect."),
            "40002": self.env._("TikTok does not take the request."),
            "40007": self.env._("TikTok has it no more. Refresh, then try again."),
            "40101": self.env._(
                "TikTok does not know these app keys. Compare the ID and secret in Settings with "
                "the ones of your app in TikTok API for Business."
            ),
            "40110": self.env._(
                "TikTok did not take the login: it was used before, or took too long. Press "
                "Connect again."
            ),
            "40113": self.env._(
                "TikTok does not know your app. Compare its ID in Settings with TikTok's portal."
            ),
            "40115": self.env._(
                "The ad account and your app belong to different companies at TikTok."
            ),
            "40300": self.env._("TikTok does not know this ad account (any more)."),
            "unconfirmed": self.env._(
                "TikTok did not confirm that it sends the leads here. Odoo checks it again within "
                "the hour."
            ),
            "truncated": self.env._("TikTok's file did not come whole. It is fetched again."),
            **dict.fromkeys(
                ("bad_zip", "bad_csv"),
                self.env._("TikTok's export file is damaged. Odoo requests a new one."),
            ),
        }
