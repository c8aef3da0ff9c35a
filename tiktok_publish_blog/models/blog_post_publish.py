import contextlib
import logging

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.tiktok_leadgen.job_time import read_transaction_clock
from odoo.addons.tiktok_leadgen.log_filters import describe_error
from odoo.addons.tiktok_leadgen.tiktok.values import isolate

_logger = logging.getLogger(__name__)
TRIGGER_FIELDS = {
    *("is_published", "website_published", "active", "post_date", "published_date"),
    "tiktok_choice",
}


class BlogPost(models.Model):
    """What happens on TikTok when an article is published, moved or unpublished.

    Nothing here may keep an article from being published: errors become an activity of its post.
    """

    _inherit = "blog.post"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        articles = super().create(vals_list)
        new = articles.filtered(lambda article: article._tiktok_may_be_posted())
        new._tiktok_queue_posts()
        new._tiktok_post_automatically()
        return articles

    def write(self, vals):
        if not TRIGGER_FIELDS & vals.keys():
            return super().write(vals)
        before = self.filtered(lambda article: article._tiktok_may_be_posted())
        result = super().write(vals)
        after = self.filtered(lambda article: article._tiktok_may_be_posted())
        (before - after)._tiktok_cancel_posts()
        after._tiktok_queue_posts()
        (after - before)._tiktok_post_automatically()
        return result

    def unlink(self):
        """Cancel queued posts that would link to a deleted article.

        :return: what Odoo returns
        """
        self._tiktok_cancel_posts()
        return super().unlink()

    # === BUSINESS METHODS === #

    def _tiktok_may_be_posted(self):
        """Tell whether the article is published and may be posted.

        :rtype: bool
        """
        return self.is_published and self.active and self.tiktok_choice != "none"

    def _tiktok_queue_posts(self):
        """Queue the posts of published articles; calling it again has no effect."""
        for article in self:
            posts = article.sudo().tiktok_post_ids
            for post in posts.filtered(lambda post: post.with_article and post.state == "queued"):
                moment = article._tiktok_find_sending_time(post)
                # The job holds a post that it sends: no article waits for TikTok.
                if post.scheduled_at != moment and post.try_lock_for_update():
                    post.scheduled_at = moment
            for post in article._tiktok_find_waiting_posts(posts):
                article._tiktok_queue_post(post)

    def _tiktok_find_sending_time(self, post):
        """Return when a post is to be sent: at the article's date and not before a user's choice.

        :param post: tiktok.post
        :return: False for now
        :rtype: datetime.datetime | bool
        """
        now, times = read_transaction_clock(self.env), (self.post_date, post.chosen_at)
        return max((time for time in times if time and time > now), default=False)

    def _tiktok_find_waiting_posts(self, posts):
        """Return the posts that are queued when the article is published.

        :param posts: tiktok.post, of the article
        :rtype: tiktok.post
        """
        withdrawn = posts.filtered(lambda post: post.with_article and post.state == "cancelled")
        prepared = posts.filtered(lambda post: post.state == "draft" and not post.is_automatic)
        return withdrawn | prepared if self.tiktok_choice == "article" else withdrawn

    def _tiktok_queue_post(self, post):
        """Queue one post, or create an activity with what is missing.

        :param post: tiktok.post
        """
        try:
            with self.env.cr.savepoint():
                self._tiktok_check_unchanged(post)
                post.write(
                    {"scheduled_at": self._tiktok_find_sending_time(post), "with_article": True}
                )
                if post.follows_article:
                    post._put_in_queue()  # the job adds the slow pictures
                else:
                    post._check_and_queue()
                    post.article_digest = self._tiktok_digest_content(post)
        except UserError as error:
            self._tiktok_notify_problem(post, str(error))

    def _tiktok_check_unchanged(self, post):
        """Check that a withdrawn post still matches its article.

        :param post: tiktok.post
        :raise UserError: if a user must check the post
        """
        if post.state != "cancelled" or post.follows_article:
            return
        if post.article_digest and post.article_digest != self._tiktok_digest_content(post):
            raise UserError(
                self.env._(
                    "The article was changed since its post was withdrawn. Check the "
                    "post, reload the article's text and pictures if needed, and publish "
                    "it."
                )
            )

    def _tiktok_notify_problem(self, post, reason):
        """Give the responsible user an activity about a post that was not queued.

        :param post: tiktok.post
        :param str reason: sentence
        """
        post._schedule_review_activity(
            self.env._("The article is published, its post is not"), reason
        )

    def _tiktok_post_automatically(self):
        """Post newly published articles on the channels of their blog."""
        for article in self.filtered(lambda article: article.tiktok_choice == "blog"):
            for channel in article._tiktok_find_channels():
                article._tiktok_post_on_channel(channel)

    def _tiktok_find_channels(self):
        """Return the channels with consent on whose account the article has no post yet.

        :rtype: tiktok.blog.channel
        """
        known = self.sudo().tiktok_post_ids.account_id
        agreed = [
            *(("blog_id", "=", self.blog_id.id), ("is_automatic", "=", True)),
            *(("account_id", "not in", known.ids), ("account_id.active", "=", True)),
            # The consent does not cover earlier articles.
            *(("consent", "=", True), ("consent_at", "<=", self.post_date)),
        ]
        return self.env["tiktok.blog.channel"].sudo().search(agreed)

    def _tiktok_post_on_channel(self, channel):
        try:
            with self.env.cr.savepoint():
                post = self._tiktok_create_channel_post(channel)
            self._tiktok_queue_post(post)
        except psycopg2.OperationalError:
            raise  # Odoo runs the request again
        except Exception as error:  # noqa: BLE001 - the article is published all the same
            _logger.warning("TikTok: article %s: no post made: %s", self.id, describe_error(error))
            self._tiktok_notify_error(channel)

    def _tiktok_notify_error(self, channel):
        """Give the user who consented an activity about an article that was not posted.

        :param channel: tiktok.blog.channel
        """
        channel.account_id.activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=channel._get_responsible_user().id,
            summary=self.env._("The article is published, its post is not"),
            note=self.env._(
                "No post could be created from “%s”: an internal error occurred. Open "
                "the article, click “Prepare a Post” and try again manually.",
                isolate(self.name),
            ),
        )

    def _tiktok_create_channel_post(self, channel):
        """Create the post of a channel, with the consent given for all of its posts.

        :param channel: tiktok.blog.channel
        :rtype: tiktok.post
        """
        company = channel.company_id
        article = self.sudo().with_company(company)
        post = article._tiktok_create_post(
            channel.account_id.with_env(article.env),
            channel.lang,
            **channel._prepare_post_values(),
            consent=True,
            is_automatic=True,
            follows_article=True,
            user_id=channel.consent_user_id.id,
        )
        title, description = article._tiktok_compose_texts(post)
        post.write(
            {
                "title": title,  # shown in the queue
                "description": description,
                "consent_user_id": channel.consent_user_id.id,
                "consent_at": channel.consent_at,
            }
        )
        return post

    def _tiktok_cancel_posts(self):
        """Cancel the posts that TikTok does not have yet."""
        for post in self.sudo().tiktok_post_ids.filtered(lambda post: post.state == "queued"):
            with contextlib.suppress(UserError):  # the job holds it: it checks the article again
                post._cancel_post()
                post.with_article = True
