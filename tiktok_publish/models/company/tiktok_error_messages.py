from odoo import api, models

from odoo.addons.tiktok_leadgen.tiktok import errors


class TiktokErrorMessages(models.AbstractModel):
    """Sentences for the codes of the Content Posting API: what they mean and what to do."""

    _inherit = "tiktok.error.messages"

    @api.model
    def _describe_code(self, code):
        """Return a sentence for a code alone, such as the reason of a failed post.

        :param str code: TikTok's; an unknown one is shown as it is
        :rtype: str
        """
        sentence = self._map_codes().get(code)
        if not code:
            return self.env._("TikTok gave no reason.")
        if not sentence:
            return self.env._("TikTok gave an unknown reason: %s", code)
        return f"{sentence} ({code})"

    @api.model
    def _map_codes(self):
        return {
            **super()._map_codes(),
            **self._map_refusals(),
            **self._map_account_refusals(),
            **self._map_failure_reasons(),
            **self._map_rare_codes(),
            **(self._map_retried_codes() if self.env.context.get("tiktok_of_post") else {}),
        }

    @api.model
    def _map_refusals(self):
        """Return sentences for refusals of a post that was sent."""
        return {
            "unaudited_client_can_only_post_to_private_accounts": self.env._(
                "TikTok has not audited your app yet. Until then, set the TikTok account "
                "to private and choose “Only me”, or send a draft to the inbox."
            ),
            "url_ownership_unverified": self.env._(
                "TikTok cannot verify that these photos are yours: the domain of your "
                "Odoo is not verified in your TikTok app. Verify it in TikTok → "
                "Configuration → Domain Verification, then try again."
            ),
            "privacy_level_option_mismatch": self.env._(
                "This account does not offer the selected audience. Choose again."
            ),
            "app_version_check_failed": self.env._(
                "The TikTok app on the phone is too old for drafts. Update it to 31.8 or newer."
            ),
            "invalid_param": self.env._(
                "TikTok rejected part of this post. Check texts, photos and choices."
            ),
            "invalid_params": self.env._(
                "TikTok rejected part of this post. Check texts, photos and choices."
            ),
            "access_token_invalid": self.env._(
                "TikTok no longer accepts the connection. Open the account and click Reconnect."
            ),
        }

    @api.model
    def _map_account_refusals(self):
        """Return sentences for refusals of the account or of spam."""
        return {
            "spam_risk_too_many_posts": self.env._(
                "TikTok accepts no further posts of this account today. The post is retried "
                "automatically."
            ),
            "spam_risk_too_many_pending_share": self.env._(
                "Five drafts are waiting in the TikTok inbox: post or delete one in the "
                "TikTok app. The draft is retried automatically."
            ),
            "reached_active_user_cap": self.env._(
                "Your TikTok app has reached its daily number of posting accounts. The "
                "post is retried automatically."
            ),
            "spam_risk_user_banned_from_posting": self.env._(
                "TikTok has banned this account from posting. See the TikTok app for the reason."
            ),
            "spam_risk_text": self.env._(
                "TikTok treats the text as spam. Change the title, description or hashtags."
            ),
            "spam_risk": self.env._(
                "TikTok treats the post as spam. Change the photos or text, or try tomorrow."
            ),
        }

    @api.model
    def _map_failure_reasons(self):
        """Return sentences for posts that failed after TikTok accepted them."""
        return {
            "file_format_check_failed": self.env._(
                "TikTok could not read a photo. Replace it and try again."
            ),
            "picture_size_check_failed": self.env._(
                "A photo is too large or too small for TikTok. Replace it and try again."
            ),
            "duration_check_failed": self.env._("The video is too short or too long for TikTok."),
            "frame_rate_check_failed": self.env._(
                "TikTok does not support the frame rate of the video."
            ),
            "video_pull_failed": self.env._(
                "TikTok could not fetch the video from your Odoo. Check that its URL is "
                "public, then try again."
            ),
            "photo_pull_failed": self.env._(
                "TikTok could not fetch a photo from your Odoo. Check that its URL is "
                "public, without login or redirect, then try again."
            ),
            "internal": self.env._("An error occurred at TikTok. Try again."),
            "publish_cancelled": self.env._("It was cancelled at TikTok."),
            "auth_removed": self.env._(
                "The permission to post was revoked at TikTok. Reconnect the account."
            ),
        }

    @api.model
    def _map_rare_codes(self):
        """Return sentences for checks, cancellations and lost answers."""
        return {
            "invalid_publish_id": self.env._("TikTok no longer has this post."),
            "token_not_authorized_for_specified_publish_id": self.env._(
                "The post was created with another TikTok account than the one connected now."
            ),
            "publish_not_cancellable": self.env._(
                "It is too late: TikTok has already published or rejected it."
            ),
            "internal_error": self.env._("An error occurred at TikTok."),
        }

    @api.model
    def _map_retried_codes(self):
        """Return sentences for posts that were not sent and that the job tries again."""
        return {
            "rate_limit_exceeded": self.env._(
                "TikTok asks to slow down. Odoo retries automatically."
            ),
            "internal_error": self.env._(
                "An error occurred at TikTok. Odoo retries automatically."
            ),
            **dict.fromkeys(("answer_lost", "unreachable"), self._describe_unreachable()),
        }

    @api.model
    def _describe_kind(self, error):
        is_waiting = isinstance(error, errors.RetryLaterError)
        if is_waiting and self.env.context.get("tiktok_of_post"):
            return self._describe_unreachable()
        return super()._describe_kind(error)

    @api.model
    def _describe_unreachable(self):
        return self.env._("TikTok cannot be reached. Odoo retries automatically.")
