"""A post's life: begun, pulled, published, public, gone; the clock moves it on."""

from dev.sandbox import images, outgoing, seed
from dev.sandbox.developer import events
from dev.sandbox.records import Post

DAY, HOUR = 86400, 3600
MOST_DRAFTS = 5  # that wait in an inbox, made in 24 hours
PULL_AFTER, FINISH_AFTER = 1, 2  # seconds
RETRY_PULL = 600  # seconds between tries to reach an address, for an hour
SPAM = {
    "spam_risk_too_many_posts": "The daily number of posts is reached.",
    "spam_risk_user_banned_from_posting": "The account may not post.",
    "reached_active_user_cap": "The app's number of active creators is reached.",
}
VIDEO_TIMEOUT = 20
VIDEO_MARKS = ((4, b"ftyp"), (0, b"\x1a\x45\xdf\xa3"))  # MP4 and MOV, WebM


def recent(world, seconds):
    """Return the posts of the last seconds."""
    since = world.now() - seconds
    return [post for post in world.posts.values() if post.created > since]


def pending_drafts(world, creator, seconds):
    """Return an account's drafts that are not published yet."""
    return [
        post
        for post in recent(world, seconds)
        if post.username == creator.username
        and post.mode == "MEDIA_UPLOAD"
        and post.status not in ("PUBLISH_COMPLETE", "FAILED")
    ]


def spam_problem(world, creator):
    """Return code and sentence if this account can't post now, or None; all apps count.

    :rtype: tuple[str, str] | None
    """
    code = "spam_risk_user_banned_from_posting" if creator.banned else creator.spam
    direct = [
        post
        for post in recent(world, DAY)
        if post.username == creator.username
        and post.mode == "DIRECT_POST"
        and post.status != "FAILED"
    ]
    if not code and len(direct) >= world.settings.posts_per_day:
        code = "spam_risk_too_many_posts"
    return (code, SPAM.get(code, "The account can't post now.")) if code in SPAM else None


def begin(world, app, creator, media, mode, info, source):
    """Keep a new post and plan what comes next.

    :param str media: PHOTO or VIDEO
    :param str mode: DIRECT_POST or MEDIA_UPLOAD
    :rtype: Post
    """
    way = "file" if source["source"] == "FILE_UPLOAD" else "url"
    kind = {"PHOTO": "p", "VIDEO": "v"}[media]
    share = "pub" if mode == "DIRECT_POST" else "inbox"
    publish_id = f"{kind}_{share}_{way}~v2.{world.ids.uid()}"
    post = Post(
        publish_id, app.client_key, creator.username, media, mode, dict(info), source, world.now()
    )
    if way == "file":
        post.status = "PROCESSING_UPLOAD"
    else:
        world.scheduler.at(world.now() + PULL_AFTER, "pull", publish_id)
    world.posts[publish_id] = post
    return post


def pull(world, publish_id):
    """Fetch the media, without the lock: the other side may be slow."""
    post = world.posts.get(publish_id)
    if not post or post.status != "PROCESSING_DOWNLOAD":
        return
    try:
        pictures, size = _fetch(world, post)
    except images.Unreachable as error:
        _pull_later(world, post, error)
        return
    except images.Bad as error:
        with world.lock:
            fail(world, post, error.reason, str(error))
        return
    with world.lock:
        post.pictures, post.downloaded = pictures, size
        world.scheduler.at(world.now() + FINISH_AFTER, "finish", publish_id)


def _fetch(world, post):
    if post.media == "VIDEO":
        return [], _fetch_video(world, post.source["video_url"])
    pictures, size = [], 0
    for number, url in enumerate(post.source["photo_images"], 1):
        picture, length = images.pull(world, url, f"Picture {number}")
        pictures.append(picture)
        size += length
    return pictures, size


def _fetch_video(world, url):
    try:
        answer = outgoing.request(world, "GET", url, timeout=VIDEO_TIMEOUT)
    except outgoing.requests.RequestException as error:
        raise images.Unreachable("video_pull_failed", outgoing.reason(error)) from None
    if answer.status_code != 200:
        raise images.Bad(
            "video_pull_failed", f"HTTP {answer.status_code}; redirects aren't followed"
        )
    if not is_video(answer.content):
        raise images.Bad("file_format_check_failed", "neither MP4, MOV nor WebM")
    return len(answer.content)


def is_video(first_bytes):
    """Tell whether bytes begin like an MP4, MOV or WebM."""
    return any(first_bytes[at : at + len(mark)] == mark for at, mark in VIDEO_MARKS)


def _pull_later(world, post, error):
    with world.lock:
        if world.now() + RETRY_PULL > post.created + HOUR:
            fail(world, post, error.reason, f"{error} (tried for an hour)")
            return
        post.explanation = str(error)
        world.scheduler.at(world.now() + RETRY_PULL, "pull", post.publish_id)


def uploaded(world, post):
    """Go on after the last chunk of a file."""
    if not is_video(post.first_bytes):
        fail(world, post, "file_format_check_failed", "neither MP4, MOV nor WebM")
        return
    world.scheduler.at(world.now() + FINISH_AFTER, "finish", post.publish_id)


def finish(world, publish_id):
    """Put a post on the feed, or a draft into the inbox."""
    with world.lock:
        post = world.posts.get(publish_id)
        if not post or post.status not in ("PROCESSING_DOWNLOAD", "PROCESSING_UPLOAD"):
            return
        spam = world.creators[post.username].spam
        if spam:  # spam_risk_text and the like show only now
            fail(world, post, spam, "The account's posts are refused.")
            return
        post.explanation = ""
        if post.mode == "MEDIA_UPLOAD":
            post.status = "SEND_TO_USER_INBOX"
            _send_event(world, post, "post.publish.inbox_delivered")
        else:
            complete(world, post)


def complete(world, post):
    """Publish: immediately for the account, later for the public."""
    post.status = "PUBLISH_COMPLETE"
    post.post_id = post.post_id or world.ids.uid()
    _send_event(world, post, world.settings.hook_complete_event)
    if post.info.get("privacy_level") == "PUBLIC_TO_EVERYONE":
        when = world.now() + world.settings.moderation_seconds
        world.scheduler.at(when, "moderate", post.publish_id)


def finish_draft(world, post, privacy_level):
    """Do what the person does in the app with a draft: post it.

    :param str privacy_level: what the person chooses there
    :raise ValueError: if the draft is not in the inbox any more
    """
    days = world.settings.draft_life_days
    if post.status not in ("SEND_TO_USER_INBOX", "PUBLISH_COMPLETE"):
        raise ValueError(f"the draft is {post.status}")
    if days and post.created < world.now() - days * DAY:
        raise ValueError("the draft is too old: it is gone from the inbox")
    post.info["privacy_level"] = privacy_level
    complete(world, post)


def moderate(world, publish_id):
    """Make a published post public."""
    with world.lock:
        post = world.posts.get(publish_id)
        if not post or post.removed or post.public:
            return
        post.public = True
        if post.media == "VIDEO":
            title, when = post.info.get("title", ""), world.now()
            seed.add_video(world, post.username, title, when, video_id=post.post_id)
        _send_event(world, post, world.settings.hook_public_event, post_id=post.post_id)


def remove(world, post):
    """Do what the person does when deleting a post."""
    was_public, post.removed = post.public, True
    world.videos.pop(post.post_id, None)
    if was_public:
        event = "post.publish.no_longer_publicaly_available"
        _send_event(world, post, event, post_id=post.post_id)


def fail(world, post, reason, explanation):
    """End a post.

    :param str reason: TikTok's ``fail_reason``
    :param str explanation: for people; TikTok says no more than the reason
    """
    post.status, post.fail_reason, post.explanation = "FAILED", reason, explanation
    _send_event(world, post, "post.publish.failed", **{world.settings.hook_fail_key: reason})


def _send_event(world, post, event, **details):
    direct = post.mode == "DIRECT_POST"
    kind = world.settings.hook_publish_type if direct else "INBOX_SHARE"
    content = {"publish_id": post.publish_id, "publish_type": kind, **details}
    creator = world.creators[post.username]
    open_id = events.open_id_of(world, creator, post.client_key)
    events.send(world, post.client_key, event, content, open_id)
