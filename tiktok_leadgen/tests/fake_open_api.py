"""TikTok's open API as recorded answers; no test reaches a network."""

import json

import requests

BASE = "https://open.tiktokapis.com"
TOKENS = {
    "open_id": "oid_demo",
    "scope": "user.info.basic,user.info.profile,user.info.stats,video.list",
    "access_token": "act.fresh",
    "expires_in": 86400,
    "refresh_token": "rft.fresh",
    "refresh_expires_in": 31536000,
    "token_type": "Bearer",
}
PROFILE = {
    "open_id": "oid_demo",
    "union_id": "union_demo",
    "display_name": "ACME",
    "username": "acme",
    "bio_description": "We make it.",
    "is_verified": True,
    "follower_count": 1200,
    "following_count": 3,
    "likes_count": 4000,
    "video_count": 2,
}
OK = {"code": "ok", "message": "", "log_id": "20261120"}


class FakeOpenApi:
    """Mix it into a test case: what TikTok answers is set by `tiktok_says`, and kept in `calls`."""

    answers = {}
    calls = []
    timeouts = []

    def setUp(self):
        super().setUp()
        cls = type(self)
        cls.calls, cls.timeouts = [], []
        cls.answers = {
            "/v2/oauth/token/": (200, TOKENS, {}),
            "/v2/oauth/revoke/": (200, None, {}),
            "/v2/user/info/": (200, {"data": {"user": PROFILE}, "error": OK}, {}),
        }

    def tiktok_says(self, path, content, status=200, headers=None):
        """Set the answer to a path; an exception is raised instead of one."""
        self.answers[path] = (status, content, headers or {})

    def tiktok_refuses(self, path, code, status, headers=None):
        """Set an error in the envelope of the Display API."""
        error = {"code": code, "message": f"About {code}", "log_id": "20261120"}
        self.tiktok_says(path, {"data": {}, "error": error}, status, headers)

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        if not request.url.startswith(BASE):
            return super()._request_handler(session, request, **kwargs)
        path = request.path_url.partition("?")[0]
        cls.calls.append((path, request))
        cls.timeouts.append(kwargs["timeout"])
        status, content, headers = cls.answers[path]
        if isinstance(content, Exception):
            raise content
        response = requests.Response()
        response.status_code = status
        response.headers.update(headers)
        text = content if isinstance(content, str) else json.dumps(content)
        response._content = b"" if content is None else text.encode()
        response._content_consumed = True
        return response

    def asked(self, path):
        """Return the requests to a path."""
        return [request for called, request in self.calls if called == path]
