"""The Content Posting API for photos: creator info, sending, status, cancellation.

https://developers.tiktok.com/doc/content-posting-api-reference-photo-post
"""

import typing
import urllib.parse

CREATOR_INFO = "/v2/post/publish/creator_info/query/"
PHOTO_INIT = "/v2/post/publish/content/init/"
STATUS = "/v2/post/publish/status/fetch/"
CANCEL = "/v2/post/publish/cancel/"

# Limits of an account over all apps; TikTok reports the others.
SENDS_PER_MINUTE = 6
POSTS_PER_DAY = 15
DRAFTS_PER_DAY = 5  # that wait in the inbox
PUBLISH_SCOPE, UPLOAD_SCOPE = "video.publish", "video.upload"

PRIVACY = ("PUBLIC_TO_EVERYONE", "FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY")
UNAUDITED = "unaudited_client_can_only_post_to_private_accounts"

# Refusals that end by waiting, and how many seconds at least.
WAITS = {
    "rate_limit_exceeded": 60,
    "spam_risk_too_many_posts": 3600,
    "spam_risk_too_many_pending_share": 3600,
    "reached_active_user_cap": 3600,
}
# Refusals of the account itself, sent by creator_info with HTTP 200.
BLOCKED = ("spam_risk_user_banned_from_posting", *WAITS)

DONE = {"PUBLISH_COMPLETE": "published", "SEND_TO_USER_INBOX": "inbox", "FAILED": "failed"}
# Of webhooks, in the one spelling used here.
EVENTS = {
    "post.publish.complete": "published",
    "post.publish.inbox_delivered": "inbox",
    "post.publish.failed": "failed",
    "post.publish.publicly_available": "public",
    "post.publish.no_longer_publicly_available": "gone",
}
MAX_UID = 64
DRAFT_TYPE = "INBOX_SHARE"  # publish_type of drafts; that of direct posts is not documented
_LARGEST = 2**31 - 1


class Creator(typing.NamedTuple):
    """The account that posts, and what it may choose today."""

    username: str
    nickname: str
    avatar_url: str
    privacy_options: tuple
    comment_disabled: bool

    @property
    def is_private(self):
        """Whether only followers see the account: the public is no choice then.

        :rtype: bool
        """
        return bool(self.privacy_options) and "PUBLIC_TO_EVERYONE" not in self.privacy_options


class Status(typing.NamedTuple):
    """How far TikTok is with a post."""

    state: str  # ``processing``, ``published``, ``inbox`` or ``failed``
    fail_reason: str
    post_uids: tuple
    downloaded: int  # bytes


def fetch_creator_info(api):
    """Fetch the name of the account that posts, and what it may choose today.

    :param OpenApi api: of the account
    :rtype: Creator
    :raise ApiError: also if the account can't post now
    """
    data = api.call("POST", CREATOR_INFO, json={})
    options = data.get("privacy_level_options")
    options = options if isinstance(options, list) else ()
    return Creator(
        parse_text(data.get("creator_username")),
        parse_text(data.get("creator_nickname")),
        parse_text(data.get("creator_avatar_url")),
        tuple(level for level in PRIVACY if level in options),
        bool(data.get("comment_disabled")),
    )


def build_body(post, urls):
    """Return the body of the request that sends a photo post.

    :param dict post: ``direct`` or not, title, description, cover, privacy_level, allow_comment,
        auto_add_music, is_own_brand, is_branded_content, is_aigc
    :param list urls: where TikTok finds the photos
    :rtype: dict
    """
    info = {"title": post["title"], "description": post["description"]}
    if post["direct"]:
        info |= {
            "privacy_level": post["privacy_level"],
            "disable_comment": not post["allow_comment"],
            "auto_add_music": post["auto_add_music"],
            "brand_content_toggle": post["is_branded_content"],
            "brand_organic_toggle": post["is_own_brand"],
        }
    return {
        "media_type": "PHOTO",
        "post_mode": "DIRECT_POST" if post["direct"] else "MEDIA_UPLOAD",
        "post_info": info,
        "source_info": {
            "source": "PULL_FROM_URL",
            "photo_cover_index": post["cover"],
            "photo_images": urls,
        },
        # Beside the rest, as TikTok's table has it for photos; for videos it is in post_info.
        **({"is_aigc": True} if post["is_aigc"] else {}),
    }


def begin_post(api, content):
    """Send a post; after any error other than a refusal, TikTok may have it nevertheless.

    :param OpenApi api: of the account
    :param dict content: of `build_body`
    :return: TikTok's publish_id, empty if its answer has none
    :rtype: str
    :raise ApiError: as TikTok refuses
    """
    uid = api.call("POST", PHOTO_INIT, json=content).get("publish_id")
    return uid if isinstance(uid, str) and len(uid) <= MAX_UID else ""


def may_have_arrived(code):
    """Tell whether an error of `begin_post` leaves open whether TikTok has the post.

    :param str code: of the error
    :rtype: bool
    """
    unread = ("not_json", "not_an_object", "no_object", "too_large")
    lost = ("answer_lost", *unread, "internal_error", "")
    return code in lost or code.startswith("http_")


def may_be_photo_post(name, content, *, direct):
    """Tell whether an event may be about a photo post that was sent in a certain mode.

    :param str name: of `EVENTS`
    :param dict content: of the event
    :param bool direct: whether it is published, not put into the inbox
    :rtype: bool
    """
    if parse_text(content.get("publish_id")).startswith("v_"):  # of a video
        return False
    is_draft = content.get("publish_type") == DRAFT_TYPE
    return not is_draft and EVENTS.get(name) != "inbox" if direct else is_draft


def fetch_status(api, publish_uid):
    """Fetch how far TikTok is with a post.

    :param OpenApi api: of the account
    :param str publish_uid: of `begin_post`
    :rtype: Status
    :raise ApiError: as TikTok refuses
    """
    data = api.call("POST", STATUS, json={"publish_id": publish_uid})
    uids = data.get("publicaly_available_post_id")  # TikTok's spelling
    uids = uids if isinstance(uids, list) else [uids]
    downloaded = data.get("downloaded_bytes")
    return Status(
        DONE.get(data.get("status"), "processing"),
        parse_text(data.get("fail_reason"))[:100],
        tuple(found for found in map(parse_uid, uids) if found),
        min(downloaded, _LARGEST) if isinstance(downloaded, int) and downloaded > 0 else 0,
    )


def cancel_post(api, publish_uid):
    """Cancel a post, if there is still time.

    :param OpenApi api: of the account
    :param str publish_uid: of `begin_post`
    :raise ApiError: ``publish_not_cancellable`` where there is none
    """
    api.call("POST", CANCEL, json={"publish_id": publish_uid})


def parse_uid(value):
    """Return an ID as text: TikTok writes it as a number or as a text.

    :param value: of TikTok's JSON
    :return: empty if it is no ID
    :rtype: str
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    good = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 30
    return value if good else ""


def parse_text(value):
    """Return a text without what PostgreSQL can't store: null characters and lone surrogates.

    :param value: of TikTok's JSON
    :return: empty if it is no text
    :rtype: str
    """
    text = value.replace("\0", "") if isinstance(value, str) else ""
    return text.encode("utf-8", "replace").decode("utf-8")


def build_profile_url(username):
    """Return the URL of an account's profile.

    :param str username: of the account
    :return: empty if the name is not known
    :rtype: str
    """
    return f"https://www.tiktok.com/@{urllib.parse.quote(username, safe='')}" if username else ""


def build_post_url(username, post_uid):
    """Return the URL of a post.

    :param str username: of the account
    :param str post_uid: TikTok's ID
    :return: empty if the name of the account is not known
    :rtype: str
    """
    profile = build_profile_url(username)
    return profile and f"{profile}/photo/{post_uid}"
