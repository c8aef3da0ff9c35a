"""Base of the tests of posts: an account that may post, and TikTok's recorded answers."""

import base64
import io
import json
from datetime import timedelta
from unittest.mock import patch

from PIL import Image

from odoo import fields

from odoo.addons.tiktok_leadgen.job_time import read_clock
from odoo.addons.tiktok_leadgen.tests.common_account import AccountCommon
from odoo.addons.tiktok_leadgen.tests.fake_open_api import OK, FakeOpenApi
from odoo.addons.tiktok_leadgen.tiktok import developer_event

from .. import const
from ..tiktok import posting

PUBLISH_UID = "p_pub_url~v2.7600000000000000001"
POST_UID = 7512345678901234567


def picture(color="red", kind="PNG", size=(40, 60), **options):
    """Return a photo in base64."""
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, kind, **options)
    return base64.b64encode(out.getvalue())


def moving():
    """Return an animated GIF in base64."""
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return base64.b64encode(out.getvalue())


def start_attempt(post, started_at=None):
    """Return a new attempt of a post, which becomes the current one.

    :param post: tiktok.post
    :param started_at: datetime.datetime, by default now
    :rtype: tiktok.post.attempt
    """
    post = post.sudo()
    attempts = post.env["tiktok.post.attempt"]
    post.attempt_id = attempts._start_attempt(post, f"token{post.id}")
    if started_at:
        post.attempt_id.started_at = started_at
    return post.attempt_id


class PostCommon(FakeOpenApi, AccountCommon):
    """A connected account of an audited app, and TikTok's answers."""

    def setUp(self):
        super().setUp()
        self.connect()
        scopes = self.env["tiktok.scope"].search([])
        self.account.write({"granted_scope_ids": [(6, 0, scopes.ids)], "username": "acme"})
        self.company.write({"tiktok_publish_audited": True, "tiktok_client_key": "ck_demo"})
        self.company.tiktok_media_url = "https://shop.example.com"
        self.set_creator_info(*posting.PRIVACY)
        self.accept_next_post()
        self.set_remote_status("PROCESSING_DOWNLOAD")
        # A token is made in a cursor of its own, which sees nothing of a test.
        tokens = patch.object(
            type(self.account),
            "_get_access_token",
            lambda _account, refused="": "act.newer" if refused else "act.fake",
        )
        tokens.start()
        self.addCleanup(tokens.stop)
        self.posts = self.env["tiktok.post"].with_user(self.manager)

    # === ANSWERS OF TIKTOK === #

    def set_creator_info(self, *levels, **values):
        """Let TikTok say who posts and what may be chosen."""
        data = {
            "creator_username": "acme",
            "creator_nickname": "ACME",
            "privacy_level_options": levels,
            "comment_disabled": False,
            **values,
        }
        self.tiktok_says(posting.CREATOR_INFO, {"data": data, "error": OK})

    def accept_next_post(self, uid=PUBLISH_UID):
        """Let TikTok accept the next post."""
        self.tiktok_says(posting.PHOTO_INIT, {"data": {"publish_id": uid}, "error": OK})

    def set_remote_status(self, status, fail_reason="", post_uids=(), downloaded=0):
        """Let TikTok say how far a post is."""
        data = {
            "status": status,
            "fail_reason": fail_reason,
            "publicaly_available_post_id": list(post_uids),
            "downloaded_bytes": downloaded,
        }
        self.tiktok_says(posting.STATUS, {"data": data, "error": OK})

    def sent_bodies(self):
        """Return the bodies of the requests that sent posts."""
        return [json.loads(request.body) for request in self.asked(posting.PHOTO_INIT)]

    def media_token(self):
        """Return the token in the photo URLs of the last request."""
        (url, *_others) = self.sent_bodies()[-1]["source_info"]["photo_images"]
        return url.split("/")[-2]

    # === WEBHOOKS === #

    def process_webhook(self, name, uid=PUBLISH_UID, **content):
        """Let TikTok send a webhook about a post; the job processes it."""
        event = self.make_webhook(name, uid, **content)
        self.env.flush_all()
        self.process()
        return event

    def make_webhook(self, name, uid=PUBLISH_UID, client_key="ck_demo", open_id=None, **content):
        """Return a webhook that the job has not processed yet."""
        content = {"publish_id": uid, "publish_type": "DIRECT_PUBLISH", **content}
        raw = {
            "client_key": client_key,
            "event": name,
            "create_time": 1789902000,
            "user_openid": open_id or self.account.open_id,
            "content": json.dumps(content),
        }
        return self.events.create(
            {
                "state": "pending",
                "kind": "account",
                "account_id": self.account.id,
                "company_id": self.company.id,
                "event_name": name,
                "dedup_key": f"{developer_event.KEY}test{len(self.events.search([]))}",
                "raw": json.dumps(raw),
                "received_at": read_clock(self.env),  # not that of the test's transaction
                "next_try_at": fields.Datetime.now(),
            }
        )

    def fetch_photos(self, post):
        """Let TikTok fetch all photos of a post."""
        post.sudo().image_ids._mark_fetched()
        self.env.flush_all()

    # === POSTS === #

    def make_post(self, **values):
        """Return a post that is ready to be published."""
        values = {
            "account_id": self.account.id,
            "title": "Spring offer",
            "description": "Longer text #spring",
            "privacy_level": "PUBLIC_TO_EVERYONE",
            "consent": True,
            "image_ids": [(0, 0, {"name": "a.png", "image": picture()})],
            **values,
        }
        return self.posts.create(values)

    def run_job(self):
        """Run the scheduled action."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(const.CRON_XMLID).method_direct_trigger()
        self.env.invalidate_all()

    def publish(self, **values):
        """Return a post that was sent to TikTok."""
        post = self.make_post(**values)
        post.action_publish()
        self.run_job()
        return post

    def let_minutes_pass(self):
        """Let some minutes pass since the last posts were sent."""
        for attempt in self.env["tiktok.post.attempt"].search([]):
            attempt.started_at -= timedelta(minutes=10)
        self.shift_permits(600)

    def shift_permits(self, seconds):
        """Let time pass for the limit of TikTok's minute alone.

        :param float seconds: to the microsecond
        """
        self.env.cr.execute(
            "UPDATE tiktok_send_permit SET free_at = free_at - %s * interval '1 second'", [seconds]
        )

    def poll(self, post):
        """Check the status, as the job does when it is due."""
        post.sudo().attempt_id.poll_at = "2020-01-01 00:00:00"
        self.run_job()
