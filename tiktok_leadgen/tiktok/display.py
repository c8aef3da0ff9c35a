"""The Display API: who an account is, and its public videos.

https://developers.tiktok.com/doc/tiktok-api-v2-get-user-info,
https://developers.tiktok.com/doc/tiktok-api-v2-video-list
"""

from .errors import NotUnderstoodError
from .open_api import OpenApi

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


class DisplayApi(OpenApi):
    """Reads an account with its access token."""

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
        :raise NotUnderstoodError: if there is no list: that is not the same as no videos
        """
        body = {"max_count": max(1, min(int(max_count), MAX_VIDEOS))}
        if cursor:
            body["cursor"] = int(cursor)
        data = self._call("POST", "/v2/video/list/", VIDEO_FIELDS, json=body)
        videos, more = data.get("videos"), data.get("has_more")
        if not isinstance(videos, list) or more is None:
            raise NotUnderstoodError("TikTok's answer has no list of videos in it.", "no_videos")
        objects = [video for video in videos if isinstance(video, dict)]
        return objects, data.get("cursor"), bool(more)

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
        return self.call(method, path, params={"fields": ",".join(names)}, **options)
