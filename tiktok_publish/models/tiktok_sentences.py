from odoo import api, models

from odoo.addons.tiktok_leadgen.tiktok import errors


class TiktokSentences(models.AbstractModel):
    """What TikTok's codes of the Content Posting API mean, and what to do."""

    _inherit = "tiktok.sentences"

    @api.model
    def _of(self, code):
        """Return a sentence for a code alone, such as the reason of a failed post.

        :param str code: TikTok's; what we don't know is shown as it is
        :rtype: str
        """
        sentence = self._by_code().get(code)
        if not code:
            return self.env._("TikTok did not say why.")
        if not sentence:
            return self.env._("TikTok gives a reason we don't know: %s", code)
        return f"{sentence} ({code})"

    @api.model
    def _by_code(self):
        return {
            **super()._by_code(),
            **self._by_refusal(),
            **self._by_spam(),
            **self._by_reason(),
            **self._by_rare_code(),
            **(self._by_wait() if self.env.context.get("tiktok_of_post") else {}),
        }

    @api.model
    def _by_refusal(self):
        """Return what TikTok says before it begins."""
        return {
            "unaudited_client_can_only_post_to_private_accounts": self.env._(
                "TikTok has not audited your app yet. Until then the TikTok account must be set to "
                "private and “Only me” must be chosen, or send it as a draft into the inbox."
            ),
            "url_ownership_unverified": self.env._(
                "TikTok does not know that these photos come from you: the address of your Odoo is "
                "not verified in your TikTok app. Verify it in Settings → TikTok, then try again."
            ),
            "privacy_level_option_mismatch": self.env._(
                "This account does not offer that choice of who can see it. Choose again."
            ),
            "app_version_check_failed": self.env._(
                "The TikTok app on the phone is too old for drafts. Update it to 31.8 or newer."
            ),
            "invalid_param": self.env._(
                "TikTok did not take something in this post. Check texts, photos and choices."
            ),
            "invalid_params": self.env._(
                "TikTok did not take something in this post. Check texts, photos and choices."
            ),
            "access_token_invalid": self.env._(
                "TikTok takes the connection no more. Open the account and press Reconnect."
            ),
        }

    @api.model
    def _by_spam(self):
        """Return what TikTok says of an account."""
        return {
            "spam_risk_too_many_posts": self.env._(
                "TikTok takes no more posts of this account today. It is tried again by itself."
            ),
            "spam_risk_too_many_pending_share": self.env._(
                "Five drafts wait in the TikTok inbox: post or delete one in the TikTok app. It is "
                "tried again by itself."
            ),
            "reached_active_user_cap": self.env._(
                "Your TikTok app has reached its number of posting accounts for today. It is tried "
                "again by itself."
            ),
            "spam_risk_user_banned_from_posting": self.env._(
                "TikTok has banned this account from posting. Look in the TikTok app for why."
            ),
            "spam_risk_text": self.env._(
                "TikTok takes the text for spam. Change title, description or hashtags."
            ),
            "spam_risk": self.env._(
                "TikTok takes the post for spam. Change photos or text, or try tomorrow."
            ),
        }

    @api.model
    def _by_reason(self):
        """Return why a post failed after it was begun."""
        return {
            "file_format_check_failed": self.env._(
                "TikTok could not read a photo. Replace it and try again."
            ),
            "picture_size_check_failed": self.env._(
                "A photo is too large or too small for TikTok. Replace it and try again."
            ),
            "duration_check_failed": self.env._("The video is too short or too long for TikTok."),
            "frame_rate_check_failed": self.env._(
                "TikTok does not take the frame rate of the video."
            ),
            "video_pull_failed": self.env._(
                "TikTok could not fetch the video from your Odoo. See that its address is open to "
                "the internet, then try again."
            ),
            "photo_pull_failed": self.env._(
                "TikTok could not fetch a photo from your Odoo. See that its address is open to "
                "the internet, without a login or redirect, then try again."
            ),
            "internal": self.env._("Something went wrong at TikTok. Try again."),
            "publish_cancelled": self.env._("It was cancelled at TikTok."),
            "auth_removed": self.env._(
                "The permission to post was taken back at TikTok. Reconnect the account."
            ),
        }

    @api.model
    def _by_rare_code(self):
        """Return what is said of a post that TikTok is asked about, or of a lost answer."""
        return {
            "invalid_publish_id": self.env._("TikTok does not know this post any more."),
            "token_not_authorized_for_specified_publish_id": self.env._(
                "The post was made with another TikTok account than the one connected now."
            ),
            "publish_not_cancellable": self.env._(
                "It is too late: TikTok has published it or given it up already."
            ),
            "internal_error": self.env._("Something went wrong at TikTok."),
        }

    @api.model
    def _by_wait(self):
        """Return what is said of a post that was not sent: the job tries it again."""
        return {
            "rate_limit_exceeded": self.env._(
                "TikTok asks to slow down. Odoo tries again automatically."
            ),
            "internal_error": self.env._(
                "Something went wrong at TikTok. Odoo tries again automatically."
            ),
            **dict.fromkeys(
                ("answer_lost", "unreachable"),
                self.env._("TikTok can't be reached. Odoo tries again automatically."),
            ),
        }

    @api.model
    def _by_kind(self, error):
        is_waiting = isinstance(error, errors.RetryLaterError)
        if is_waiting and self.env.context.get("tiktok_of_post"):
            return self.env._("TikTok can't be reached. Odoo tries again automatically.")
        return super()._by_kind(error)
