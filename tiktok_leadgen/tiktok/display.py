"""The Display API: who an account is, and its public videos.

https://developers.tiktok.com/doc/tiktok-api-v2-get-user-info,
https://developers.tiktok.com/doc/tiktok-api-v2-video-list
"""

from .client import Client
from .errors import (
    NotAllowedError,
    NotUnderstoodError,
    ReconnectError,
    RetryLaterError,
    WrongRequestError,
)

USER_FIELDS = {
    "user.info.basic": ("open_id", "union_id", "avatar_url", "avatar_large_url", "display_name"),
    "user.info.profile": ("bio_description", "profile_deep_link", "is_verified", "username"),
    "user.info.stats": ("follower_count", "following_count", "likes_count", "video_count"),
}
VIDEO_FIELDS = (
    *("id", "create_time", "cover_image_url", "share_url", "video_description", "duration"),
    *("height", "width", "title", "embed_link", "like_count", "comment_count", "share_count"),
    "view_count",
)
MAX_VIDEOS = 20  # in one answer, and in one query
MAX_PAGES = 5_000  # a hundred thousand videos: whatever goes on longer goes in circles

_KINDS = {
    "access_token_invalid": ReconnectError,
    "scope_not_authorized": NotAllowedError,
    "scope_permission_missed": NotAllowedError,
    "rate_limit_exceeded": RetryLaterError,
    "internal_error": RetryLaterError,
}


class DisplayApi:
    """Reads an account with its access token.

    :param str base: of TikTok's open API
    :param str access_token: a valid one
    :param Client client: default: a new one
    """

    def __init__(self, base, access_token, client=None):
        self._base = base.rstrip("/")
        self._headers = {"Authorization": f"Bearer {access_token}"}
        self._client = client or Client()

    def user(self, scopes):
        """Return the fields of the profile that the granted scopes allow.

        :param list scopes: granted ones
        :rtype: dict
        """
        names = [name for scope in scopes for name in USER_FIELDS.get(scope, ())]
        data = self._call("GET", "/v2/user/info/", names)
        user = data.get("user")
        if not isinstance(user, dict):
            raise NotUnderstoodError("TikTok's answer has no profile in it.", "no_user")
        return user

    def videos(self, cursor=None, max_count=MAX_VIDEOS):
        """Return one page of public videos, newest first.

        :param int cursor: milliseconds since 1970, of the page before; None for the first
        :param int max_count: 1 to 20
        :return: videos, the cursor of the next page, and whether there is one
        :rtype: tuple[list, int | None, bool]
        """
        body = {"max_count": max(1, min(int(max_count), MAX_VIDEOS))}
        if cursor:
            body["cursor"] = int(cursor)
        data = self._call("POST", "/v2/video/list/", VIDEO_FIELDS, json=body)
        videos = [video for video in data.get("videos") or () if isinstance(video, dict)]
        return videos, data.get("cursor"), bool(data.get("has_more"))

    def all_videos(self):
        """Yield the pages of all videos; a page may be short and still not the last.

        :rtype: Iterator[list]
        """
        cursor = None
        for _page in range(MAX_PAGES):
            videos, following, more = self.videos(cursor)
            yield videos
            if not more or following in (None, cursor):
                return
            cursor = following

    def _call(self, method, path, names, **options):
        status, content = self._client.call(
            method,
            self._base + path,
            params={"fields": ",".join(names)},
            headers=self._headers,
            **options,
        )
        error = content.get("error")
        code = error.get("code") if isinstance(error, dict) else error
        if code in ("ok", None) and status < 400:
            return content.get("data") or {}
        raise refusal(error, status)


def refusal(error, status):
    """Return the typed error of the developer platform's envelope.

    :param error: ``{"code", "message", "log_id"}``
    :param int status: of HTTP, where there is no code
    :rtype: ApiError
    """
    error = error if isinstance(error, dict) else {}
    code = str(error.get("code") or f"http_{status}")[:100]
    kind = _KINDS.get(code) or (ReconnectError if status == 401 else WrongRequestError)
    return kind(str(error.get("message") or code)[:300], code, str(error.get("log_id") or ""))
