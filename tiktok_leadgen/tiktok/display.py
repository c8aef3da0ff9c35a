"""The Display API: the profile of an account and its public videos.

https://developers.tiktok.com/doc/tiktok-api-v2-get-user-info,
https://developers.tiktok.com/doc/tiktok-api-v2-video-list
"""

from .open_api import OpenApi
from .shape import missing, require_list, require_object

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
VIDEO_SCOPE = "video.list"
MAX_VIDEOS = 20  # in one answer, and in one query
MAX_PAGES = 5_000  # a hundred thousand videos: a longer list is an endless one


class DisplayApi(OpenApi):
    """Reads an account with its access token."""

    def request_user(self, scopes):
        """Return the fields of the profile that the granted scopes allow.

        :param list scopes: granted ones
        :rtype: dict
        """
        names = [name for scope in scopes for name in USER_FIELDS.get(scope, ())]
        data = self._call_with_fields("GET", "/v2/user/info/", names)
        return require_object(data, "user")

    def request_videos(self, cursor=None, max_count=MAX_VIDEOS):
        """Return one page of public videos, newest first.

        :param int cursor: milliseconds since 1970, of the page before; None for the first
        :param int max_count: 1 to 20
        :return: videos, the cursor of the next page, and whether there is one
        :rtype: tuple[list, int | None, bool]
        :raise UnparsableAnswerError: if there is no list, which is not an empty one
        """
        body = {"max_count": max(1, min(int(max_count), MAX_VIDEOS))}
        if cursor:
            body["cursor"] = int(cursor)
        data = self._call_with_fields("POST", "/v2/video/list/", VIDEO_FIELDS, json=body)
        videos, more = require_list(data, "videos"), data.get("has_more")
        if not isinstance(more, bool):
            raise missing("has_more")
        return videos, data.get("cursor"), more

    def _call_with_fields(self, method, path, names, **options):
        return self.call(method, path, params={"fields": ",".join(names)}, **options)
