"""The Content Posting API: who may post, photos, videos, status, cancel."""

from flask import Blueprint

from dev.sandbox import publishing
from dev.sandbox.developer import media, upload
from dev.sandbox.developer.api import (
    Refused,
    check_scope,
    creator_of,
    endpoint,
    json_body,
    world,
)
from dev.sandbox.developer.checks import (
    DAY,
    boolean,
    bounded_text,
    check_account,
    check_privacy,
    check_url,
    check_users,
    privacy_options,
)

bp = Blueprint("publish", __name__)

INVALID = "invalid_param"
INIT_PER_MINUTE, INFO_PER_MINUTE, STATUS_PER_MINUTE = 6, 20, 30
MOST_PHOTOS = 35
PHOTO_TITLE, PHOTO_DESCRIPTION, VIDEO_TITLE = 90, 4000, 2200  # UTF-16 units
LONGEST_VIDEO = 600  # seconds
MOST_VIDEO_BYTES = 4 * 1024**3


@endpoint(
    bp,
    "POST",
    "/v2/post/publish/creator_info/query/",
    scope="video.publish",
    per_minute=INFO_PER_MINUTE,
)
def creator_info(token):
    """Tell what the account may choose; spam answers come with HTTP 200 on purpose."""
    creator = creator_of(token)
    problem = publishing.spam_problem(world(), creator)
    if problem:
        raise Refused(*problem, 200)
    return {
        "creator_avatar_url": media.address(world(), "avatar", creator.username, media.AVATAR_LIFE),
        "creator_username": creator.username,
        "creator_nickname": creator.display_name,
        "privacy_level_options": privacy_options(creator),
        "comment_disabled": creator.comment_disabled,
        "duet_disabled": creator.private,
        "stitch_disabled": creator.private,
        "max_video_post_duration_sec": LONGEST_VIDEO,
    }


@endpoint(bp, "POST", "/v2/post/publish/content/init/", per_minute=INIT_PER_MINUTE)
def photo_init(token):
    """Begin a photo post."""
    body = json_body(INVALID)
    info, source = _part(body, "post_info"), _part(body, "source_info")
    if body.get("media_type") != "PHOTO":
        raise Refused(INVALID, "media_type: must be PHOTO.")
    mode = body.get("post_mode")
    if mode not in ("DIRECT_POST", "MEDIA_UPLOAD"):
        raise Refused(INVALID, "post_mode: must be DIRECT_POST or MEDIA_UPLOAD.")
    check_scope(token, "video.publish" if mode == "DIRECT_POST" else "video.upload")
    bounded_text(info, "title", PHOTO_TITLE)
    bounded_text(info, "description", PHOTO_DESCRIPTION)
    photos = _photos(source)
    for name in ("disable_comment", "auto_add_music"):
        boolean(info, name)
    _check_brand(info, mode)
    _check_photo_aigc(body)
    creator, app = creator_of(token), world().developer_apps[token.client_key]
    _check_may_post(app, creator, mode, info)
    for url in photos:
        check_url(world(), app, url)
    if mode == "MEDIA_UPLOAD":
        info = {key: info[key] for key in ("title", "description") if key in info}
    post = publishing.begin(world(), app, creator, "PHOTO", mode, info, source)
    post.info["is_aigc"] = _aigc(body)
    return {"publish_id": post.publish_id}


def _part(body, name):
    part = body.get(name, {})
    if not isinstance(part, dict):
        raise Refused(INVALID, f"{name}: must be an object.")
    return part


def _photos(source):
    if source.get("source") != "PULL_FROM_URL":
        raise Refused(INVALID, "source_info.source: photos are PULL_FROM_URL only.")
    photos = source.get("photo_images")
    if not isinstance(photos, list) or not all(isinstance(each, str) for each in photos):
        raise Refused(INVALID, "source_info.photo_images: must be a list of addresses.")
    if not 1 <= len(photos) <= MOST_PHOTOS:
        raise Refused(INVALID, f"source_info.photo_images: must be 1 to {MOST_PHOTOS}.")
    cover = source.get("photo_cover_index")
    if type(cover) is not int or not 0 <= cover < len(photos):
        raise Refused(INVALID, "source_info.photo_cover_index: must be the place of a photo.")
    return photos


def _check_brand(info, mode):
    required = mode == "DIRECT_POST" and world().settings.brand_toggles == "required"
    for name in ("brand_content_toggle", "brand_organic_toggle"):
        boolean(info, name, required=required)


def _check_photo_aigc(body):
    for part in (body, body.get("post_info", {})):
        boolean(part, "is_aigc")


def _aigc(body):
    part = body if world().settings.aigc_position == "body" else body.get("post_info", {})
    return bool(part.get("is_aigc"))


def _check_may_post(app, creator, mode, info):
    problem = publishing.spam_problem(world(), creator)
    if problem:
        raise Refused(*problem, 403)
    if mode == "DIRECT_POST":
        check_privacy(app, creator, info)
    else:
        if creator.old_app:
            raise Refused("app_version_check_failed", "The TikTok app must be 31.8 or newer.")
        check_account(world(), app, creator)
        if len(publishing.pending_drafts(world(), creator, DAY)) >= publishing.MOST_DRAFTS:
            raise Refused(
                "spam_risk_too_many_pending_share",
                f"More than {publishing.MOST_DRAFTS} drafts wait in the inbox.",
                403,
            )
    check_users(world(), app, creator)


@endpoint(
    bp,
    "POST",
    "/v2/post/publish/video/init/",
    scope="video.publish",
    per_minute=INIT_PER_MINUTE,
)
def video_init(token):
    """Begin a direct video post."""
    body = json_body(INVALID)
    info = _part(body, "post_info")
    bounded_text(info, "title", VIDEO_TITLE)
    for name in ("disable_duet", "disable_stitch", "disable_comment", "is_aigc"):
        boolean(info, name)
    _check_brand(info, "DIRECT_POST")
    return _video(token, "DIRECT_POST", info, _part(body, "source_info"))


@endpoint(
    bp,
    "POST",
    "/v2/post/publish/inbox/video/init/",
    scope="video.upload",
    per_minute=INIT_PER_MINUTE,
)
def inbox_video_init(token):
    """Begin a video draft."""
    return _video(token, "MEDIA_UPLOAD", {}, _part(json_body(INVALID), "source_info"))


def _video(token, mode, info, source):
    app, creator = world().developer_apps[token.client_key], creator_of(token)
    kind = source.get("source")
    if kind not in ("FILE_UPLOAD", "PULL_FROM_URL"):
        raise Refused(INVALID, "source_info.source: must be FILE_UPLOAD or PULL_FROM_URL.")
    if kind == "FILE_UPLOAD":
        upload.check_chunks(source)
    _check_may_post(app, creator, mode, info)
    if kind == "PULL_FROM_URL":
        if not isinstance(source.get("video_url"), str):
            raise Refused(INVALID, "source_info.video_url: missing.")
        check_url(world(), app, source["video_url"])
    post = publishing.begin(world(), app, creator, "VIDEO", mode, info, source)
    data = {"publish_id": post.publish_id}
    if kind == "FILE_UPLOAD":
        data["upload_url"] = upload.address(world(), post)
    return data


def _post(token):
    publish_id = json_body(INVALID).get("publish_id")
    post = world().posts.get(publish_id) if isinstance(publish_id, str) else None
    days = world().settings.publish_id_days
    if not post or (days and post.created < world().now() - days * DAY):
        raise Refused("invalid_publish_id", "publish_id: there is no such post.")
    if (post.client_key, post.username) != (token.client_key, token.username):
        raise Refused(
            "token_not_authorized_for_specified_publish_id", "The post is of another account."
        )
    return post


@endpoint(bp, "POST", "/v2/post/publish/status/fetch/", per_minute=STATUS_PER_MINUTE)
def status_fetch(token):
    """Tell how far a post is."""
    check_scope(token, "video.publish", "video.upload")
    post = _post(token)
    number = int if world().settings.post_ids == "number" else str
    public = post.public and not post.removed
    return {
        "status": post.status,
        "fail_reason": post.fail_reason,
        "publicaly_available_post_id": [number(post.post_id)] if public else [],
        "uploaded_bytes": post.uploaded,
        "downloaded_bytes": post.downloaded,
    }


@endpoint(bp, "POST", "/v2/post/publish/cancel/", per_minute=STATUS_PER_MINUTE)
def cancel(token):
    """Stop a post, if there is still time."""
    check_scope(token, "video.publish", "video.upload")
    post = _post(token)
    if post.status in ("PUBLISH_COMPLETE", "FAILED"):
        raise Refused("publish_not_cancellable", f"The post is {post.status} already.")
    publishing.fail(world(), post, "publish_cancelled", "The app cancelled it.")
    return {}
