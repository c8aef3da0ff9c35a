"""TikTok as the tests need it: answers in its documented shape, and no unexpected call."""

import io
import json
from urllib.parse import urlsplit

from PIL import Image
from requests import Response

from odoo.tests import TransactionCase

from ..tiktok.login import Tokens
from .common import TiktokCommon

API = "https://open.tiktokapis.com"
CDN = "https://p16-sign.tiktokcdn-us.com"
SCOPES = ("user.info.basic", "user.info.profile", "user.info.stats", "video.list")
NEWEST = 1_789_900_000  # when the newest video was published
USER = {
    "open_id": "fake-open-id",
    "union_id": "fake-union-id",
    "display_name": "ACME",
    "username": "acme",
    "bio_description": "We make everything.",
    "is_verified": True,
    "profile_deep_link": "https://vm.tiktok.com/ZMfake/",
    "follower_count": 1200,
    "following_count": 7,
    "likes_count": 3_000_000_000,
    "video_count": 45,
}


def picture(kind="JPEG", size=(36, 64)):
    """Return a small picture."""
    out = io.BytesIO()
    Image.new("RGB", size, (92, 58, 33)).save(out, kind)
    return out.getvalue()


def video(number, **values):
    """Return a video as the Display API gives it; the larger the number, the older."""
    uid = str(7_600_000_000_000_000_000 - number)
    return {
        "id": uid,
        "create_time": NEWEST - number * 3600,
        "cover_image_url": f"{CDN}/tos-maliva/{uid}~c5.jpeg?x-expires=1&x-signature=a",
        "share_url": f"https://www.tiktok.com/@acme/video/{uid}",
        "embed_link": f"https://www.tiktok.com/player/v1/{uid}",
        "title": f"Video {number}",
        "video_description": f"Video {number} #acme",
        "duration": 15,
        "width": 576,
        "height": 1024,
        "like_count": 10 + number,
        "comment_count": 2,
        "share_count": 1,
        "view_count": 1000 + number,
        **values,
    }


class FakeTikTok:
    """What TikTok holds, and what it was asked.

    :param int videos: how many it shows
    """

    def __init__(self, videos=0):
        self.user = dict(USER)
        self.videos = [video(number) for number in range(videos)]
        self.sizes = {}  # how many videos an answer has, by its number; default: what was asked for
        self.pictures = {}  # status and body, by path
        self.refusals = []  # (status, code) of the next lists of videos, None for a good answer
        self.calls = []  # path and body of each call

    def paths(self, beginning="/v2/video/list/"):
        """Return the paths that were asked, those which begin so."""
        return [path for path, _body in self.calls if path.startswith(beginning)]

    def answer(self, request):
        """Answer as TikTok does, or fail the test."""
        parts = urlsplit(request.url)
        if parts.path == "/v2/oauth/token/":
            return self._refresh()
        body = json.loads(request.body or b"{}") if request.method == "POST" else {}
        self.calls.append((parts.path, body))
        if request.url.startswith(CDN):
            return self._picture(parts.path)
        if not request.url.startswith(API):
            raise AssertionError(f"Unexpected call to {parts.netloc}{parts.path}")
        if request.headers.get("Authorization") != "Bearer fake-access":
            return self.refuse(401, "access_token_invalid")
        if parts.path == "/v2/user/info/":
            return self.ok({"user": self.user})
        if parts.path == "/v2/video/list/":
            return self._list(body)
        raise AssertionError(f"Unexpected call to {parts.path}")

    def _list(self, body):
        refusal = self.refusals.pop(0) if self.refusals else None
        if refusal:
            return self.refuse(*refusal)
        cursor = body.get("cursor")
        left = [v for v in self.videos if not cursor or v["create_time"] * 1000 < cursor]
        count = self.sizes.get(len(self.paths()), body["max_count"])
        page = left[:count]
        last = page[-1]["create_time"] * 1000 if page else cursor
        return self.ok({"videos": page, "cursor": last, "has_more": len(left) > count})

    def _refresh(self):
        self.calls.append(("/v2/oauth/token/", {}))
        refusal = {"error": "invalid_grant", "error_description": "No.", "log_id": "fake-log"}
        return response(400, json.dumps(refusal).encode())

    def _picture(self, path):
        status, content = self.pictures.get(path, (200, None))
        return response(status, picture() if content is None else content)

    @staticmethod
    def ok(data):
        """Return TikTok's envelope of a good answer."""
        error = {"code": "ok", "message": "", "log_id": "fake"}
        return response(200, json.dumps({"data": data, "error": error}).encode())

    @staticmethod
    def refuse(status, code):
        """Return TikTok's envelope of a refusal."""
        error = {"code": code, "message": "No.", "log_id": "fake-log"}
        return response(status, json.dumps({"data": {}, "error": error}).encode())


def response(status, content):
    """Return an answer of the library `requests`, with or without streaming."""
    made = Response()
    made.status_code = status
    made.raw = io.BytesIO(content)
    return made


class FakeTikTokCase(TiktokCommon, TransactionCase):
    """Tests that talk to a fake TikTok; any other address fails them."""

    @classmethod
    def _request_handler(cls, session, request, /, **_options):
        """Answer in TikTok's place."""
        return cls.tiktok.answer(request)

    def setUp(self):
        super().setUp()
        type(self).tiktok = FakeTikTok()
        self.setting("TIKTOK_OPEN_API_BASE_URL", API)
        self.setting("INTEGRATION_ENCRYPTION_KEY", "A" * 43 + "=")
        self.company.write({"tiktok_client_key": "ck_demo", "tiktok_client_secret": "cs_demo"})
        self.account = self.connected("ACME at TikTok")

    def connected(self, name, *, scopes=SCOPES, token="fake-access", **values):
        """Return an account that was connected, without asking TikTok."""
        account = self.env["tiktok.account"].create(
            {"name": name, "company_id": self.company.id, **values}
        )
        account._connect_account(
            Tokens(
                open_id=f"open-{account.id}",
                access_token=token,
                refresh_token="fake-refresh",
                expires_in=86400,
                refresh_expires_in=365 * 86400,
                scopes=list(scopes),
            )
        )
        return account

    def sync(self):
        """Run the scheduled action."""
        with self.enter_registry_test_mode():
            self.env.ref("tiktok_leadgen.ir_cron_sync_accounts").method_direct_trigger()
        self.env.invalidate_all()

    def videos(self, account=None):
        """Return the videos of an account, archived ones too."""
        account = account or self.account
        videos = self.env["tiktok.video"].with_context(active_test=False)
        return videos.search([("account_id", "=", account.id)])
