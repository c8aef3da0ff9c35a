import contextlib
import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.tiktok_leadgen.log_guard import place_of
from odoo.addons.tiktok_publish import const

_logger = logging.getLogger(__name__)
WATCHED = {
    *("is_published", "website_published", "active", "post_date", "published_date"),
    "tiktok_choice",
}


class BlogPost(models.Model):
    """What happens on TikTok when an article is published, moved or taken back.

    Nothing here may keep an article from being published: what goes wrong is written on its post.
    """

    _inherit = "blog.post"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        articles = super().create(vals_list)
        new = articles.filtered(lambda article: article._tiktok_is_wanted())
        new._tiktok_follow()
        new._tiktok_post_by_itself()
        return articles

    def write(self, vals):
        if not WATCHED & vals.keys():
            return super().write(vals)
        wanted = self.filtered(lambda article: article._tiktok_is_wanted())
        result = super().write(vals)
        still = self.filtered(lambda article: article._tiktok_is_wanted())
        (wanted - still)._tiktok_take_back()
        still._tiktok_follow()
        (still - wanted)._tiktok_post_by_itself()
        return result

    def unlink(self):
        """Take back what would lead to an article that is not there."""
        self._tiktok_take_back()
        return super().unlink()

    # === BUSINESS METHODS === #

    def _tiktok_is_wanted(self):
        """Tell whether the article is published, and on TikTok too."""
        return self.is_published and self.active and self.tiktok_choice != "none"

    def _tiktok_follow(self):
        """Hand over what goes with articles that are published; again and again does no harm."""
        for article in self:
            posts = article.sudo().tiktok_post_ids
            for post in posts.filtered(lambda post: post.with_article and post.state == "queued"):
                post.scheduled_at = article._tiktok_turn(post)
            for post in article._tiktok_waiting(posts):
                article._tiktok_hand_over(post)

    def _tiktok_turn(self, post):
        """Return when it is a post's turn: when the article has appeared, and a person wants it.

        :rtype: datetime.datetime | bool
        """
        times = [time for time in (self.post_date, post.chosen_at) if time]
        return max((time for time in times if time > fields.Datetime.now()), default=False)

    def _tiktok_waiting(self, posts):
        """Return the posts that go when the article does."""
        again = posts.filtered(lambda post: post.with_article and post.state == "cancelled")
        prepared = posts.filtered(lambda post: post.state == "draft" and not post.is_automatic)
        return again | prepared if self.tiktok_choice == "article" else again

    def _tiktok_hand_over(self, post):
        """Hand one post over, or say on it what is missing."""
        try:
            with self.env.cr.savepoint():
                self._tiktok_check_news(post)
                post.write({"scheduled_at": self._tiktok_turn(post), "with_article": True})
                if post.follows_article:
                    post._queue()  # the job fills it: pictures take too long for who publishes
                else:
                    post._enqueue()
                    post.article_digest = self._tiktok_digest(post)
        except UserError as error:
            self._tiktok_tell(post, str(error))

    def _tiktok_check_news(self, post):
        """See that nothing comes back that was changed since it was taken back.

        :raise UserError: if a person must look at it
        """
        if post.state != "cancelled" or post.follows_article:
            return
        if post.article_digest and post.article_digest != self._tiktok_digest(post):
            raise UserError(
                self.env._(
                    "The article was changed since its post was taken back. Look at the post, take "
                    "the article's text and pictures anew if need be, and publish it."
                )
            )

    def _tiktok_tell(self, post, reason):
        """Give whoever is responsible an activity about a post that did not go."""
        user = post.user_id or post.account_id.user_id or self.env.user
        post.activity_unlink([const.ACTIVITY_XMLID])
        post.activity_schedule(
            const.ACTIVITY_XMLID,
            user_id=user.id,
            summary=self.env._("The article is out, its post is not"),
            note=reason,
        )

    def _tiktok_post_by_itself(self):
        """Post articles that were published just now wherever their blog is set to."""
        for article in self.filtered(lambda article: article.tiktok_choice == "blog"):
            for channel in article._tiktok_channels():
                article._tiktok_post_on(channel)

    def _tiktok_channels(self):
        """Return where somebody agreed to have the article posted, and no post of it is yet.

        :rtype: tiktok.blog.channel
        """
        known = self.sudo().tiktok_post_ids.account_id
        agreed = [
            *(("blog_id", "=", self.blog_id.id), ("is_automatic", "=", True)),
            *(("account_id", "not in", known.ids), ("account_id.active", "=", True)),
            # Nobody agreed to what appeared before.
            *(("consent", "=", True), ("consent_at", "<=", self.post_date)),
        ]
        return self.env["tiktok.blog.channel"].sudo().search(agreed)

    def _tiktok_post_on(self, channel):
        try:
            with self.env.cr.savepoint():
                post = self._tiktok_make(channel)
            self._tiktok_hand_over(post)
        except psycopg2.OperationalError:
            raise  # Odoo runs the request again
        except Exception as error:  # noqa: BLE001 - the article is published all the same
            _logger.warning("TikTok: article %s: no post made: %s", self.id, place_of(error))
            self._tiktok_tell_of_fault(channel)

    def _tiktok_tell_of_fault(self, channel):
        """Give whoever agreed to a channel an activity about an article it could not post."""
        channel.account_id.activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=channel.consent_user_id.id,
            summary=self.env._("The article is out, its post is not"),
            note=self.env._(
                "No post could be made of “%s”: a fault of ours. Open the article, press "
                "“Prepare a post” and try it by hand.",
                self.name,
            ),
        )

    def _tiktok_make(self, channel):
        """Make the post that a channel stands for, with the consent that was given for all."""
        company = channel.company_id
        article = self.sudo().with_company(company)
        post = article._tiktok_prepare(
            channel.account_id.with_env(article.env),
            channel.lang,
            **channel._post_values(),
            consent=True,
            is_automatic=True,
            follows_article=True,
            user_id=channel.consent_user_id.id,
        )
        title, description = article._tiktok_texts(post)
        post.write(
            {
                "title": title,  # for who looks into the queue
                "description": description,
                "consent_user_id": channel.consent_user_id.id,
                "consent_at": channel.consent_at,
            }
        )
        return post

    def _tiktok_take_back(self):
        """Cancel what TikTok does not have yet."""
        for post in self.sudo().tiktok_post_ids.filtered(lambda post: post.state == "queued"):
            with contextlib.suppress(UserError):  # it is being handed over right now
                post._cancel()
                post.with_article = True
