"""The Display API: profile and public videos."""

from flask import Blueprint, request

from dev.sandbox.developer import media
from dev.sandbox.developer.api import Refused, creator_of, endpoint, json_body, world
from dev.sandbox.developer.events import open_id_of

bp = Blueprint("display", __name__)

PER_MINUTE = 600
MOST = 20  # videos in one answer
LONGEST_TEXT = 150  # of a video's title, as this API gives it
USER_FIELDS = {
    "user.info.basic": (
        "open_id", "union_id", "avatar_url", "avatar_url_100", "avatar_large_url", "display_name",
    ),
    "user.info.profile": ("bio_description", "profile_deep_link", "is_verified", "username"),
    "user.info.stats": ("follower_count", "following_count", "likes_count", "video_count"),
}  # fmt: skip
VIDEO_FIELDS = (
    "id", "create_time", "cover_image_url", "share_url", "video_description", "duration",
    "height", "width", "title", "embed_html", "embed_link", "like_count", "comment_count",
    "share_count", "view_count",
)  # fmt: skip


def _fields(known):
    fields = [each for each in request.args.get("fields", "").split(",") if each]
    if not fields:
        raise Refused("invalid_params", "fields: name at least one.")
    unknown = [each for each in fields if each not in known]
    if unknown:
        raise Refused("invalid_params", f"fields: {', '.join(unknown)} is not supported.")
    return fields


@endpoint(bp, "GET", "/v2/user/info/", per_minute=PER_MINUTE, per_app=True)
def user_info(token):
    """Give the profile: only fields of granted scopes."""
    scope_of = {field: scope for scope, fields in USER_FIELDS.items() for field in fields}
    fields = _fields(scope_of)
    lacking = sorted({scope_of[field] for field in fields} - set(token.scopes))
    if lacking:
        code = world().settings.user_field_error
        status = 401 if code == "scope_not_authorized" else 400
        raise Refused(code, f"The user did not authorize the scope: {', '.join(lacking)}.", status)
    user = _user(token, creator_of(token))
    return {"user": {field: user[field] for field in fields}}


def _user(token, creator):
    avatar = media.address(world(), "avatar", creator.username, media.AVATAR_LIFE)
    return {
        "open_id": open_id_of(world(), creator, token.client_key),
        "union_id": creator.union_id,
        "avatar_url": avatar,
        "avatar_url_100": avatar,
        "avatar_large_url": avatar,
        "display_name": creator.display_name,
        "bio_description": creator.bio,
        "profile_deep_link": f"{world().base_url}/creators/{creator.username}",
        "is_verified": creator.verified,
        "username": creator.username,
        "follower_count": creator.followers,
        "following_count": creator.following,
        "likes_count": creator.likes,
        "video_count": len(_videos(creator.username)),
    }


def _videos(username):
    """Return an account's public videos, newest first."""
    own = [v for v in world().videos.values() if v.username == username and v.public]
    return sorted(own, key=lambda video: video.create_time, reverse=True)


@endpoint(bp, "POST", "/v2/video/list/", scope="video.list", per_minute=PER_MINUTE, per_app=True)
def video_list(token):
    """List public videos by cursor, a time in milliseconds."""
    fields, body = _fields(VIDEO_FIELDS), json_body()
    count, cursor = body.get("max_count", 10), body.get("cursor")
    if type(count) is not int or not 1 <= count <= MOST:
        raise Refused("invalid_params", f"max_count: must be 1 to {MOST}.")
    if cursor is not None and type(cursor) is not int:
        raise Refused("invalid_params", "cursor: must be a time in milliseconds.")
    if world().settings.video_pages == "short":
        count = max(1, count // 2)
    videos = _videos(token.username)
    if cursor:
        videos = [video for video in videos if video.create_time * 1000 < cursor]
    page = videos[:count]
    last = page[-1].create_time * 1000 if page else cursor or 0
    rows = [_video(video, fields) for video in page]
    return {"videos": rows, "cursor": last, "has_more": len(videos) > len(page)}


@endpoint(bp, "POST", "/v2/video/query/", scope="video.list", per_minute=PER_MINUTE, per_app=True)
def video_query(token):
    """Give some of the account's own videos."""
    fields, filters = _fields(VIDEO_FIELDS), json_body().get("filters")
    ids = filters.get("video_ids") if isinstance(filters, dict) else None
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise Refused("invalid_params", "filters.video_ids: must be a list of texts.")
    if not 1 <= len(ids) <= MOST:
        raise Refused("invalid_params", f"filters.video_ids: must be 1 to {MOST} ids.")
    own = [video for video in _videos(token.username) if video.video_id in ids]
    return {"videos": [_video(video, fields) for video in own]}


def _video(video, fields):
    link = f"{world().base_url}/creators/{video.username}#v{video.video_id}"
    known = {
        "id": video.video_id,
        "create_time": video.create_time,
        "cover_image_url": media.address(world(), "cover", video.video_id, media.COVER_LIFE),
        "share_url": link,
        "video_description": video.title[:LONGEST_TEXT],
        "duration": video.duration,
        "height": video.height,
        "width": video.width,
        "title": video.title[:LONGEST_TEXT],
        "embed_html": f'<blockquote class="tiktok-embed"><a href="{link}"></a></blockquote>',
        "embed_link": link,
        "like_count": video.likes,
        "comment_count": video.comments,
        "share_count": video.shares,
        "view_count": video.views,
    }
    return {field: known[field] for field in fields}
