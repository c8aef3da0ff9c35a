"""Read what TikTok for Developers posts: one event in each body.

https://developers.tiktok.com/doc/webhooks-overview, https://developers.tiktok.com/doc/webhooks-events
"""

import hashlib
import json
import typing

from . import payload, values
from .errors import UnparsableAnswerError

REMOVED = "authorization.removed"
PING = "tiktok.ping"
KEY = "account:"  # how the keys of all these events begin
# Told and written down. A family is a name that ends in a dot.
LOGGED = (PING, "video.upload.failed", "video.publish.completed", "post.publish.", "portability.")
# About an app rather than an account of its users.
WITHOUT_ACCOUNT = (PING, "portability.")
# TikTok's own pages spell some names in two ways, and others quote a third.
EVENT_ALIASES = {
    "post.publish.publicaly_available": "post.publish.publicly_available",
    "post.publish.no_longer_publicaly_available": "post.publish.no_longer_publicly_available",
    "post.publish.completed": "post.publish.complete",
}
REMOVED_REASONS = {"0", "1", "2", "3", "4", "5"}


class DeveloperEvent(typing.NamedTuple):
    """What one body says."""

    name: str  # in the one spelling we use
    client_key: str
    open_id: str
    created: int | None  # seconds since 1970
    content: dict  # empty where it could not be read
    key: str  # the same for the same event, however often it comes
    raw: str  # JSON in ASCII, or the unreadable text itself
    reason: str = ""  # why it can't be read, one of const.REASONS

    @property
    def is_known(self):
        """Whether we know what to do about it."""
        return self.name == REMOVED or _is_one_of(self.name, LOGGED)

    @property
    def has_account(self):
        """Whether it is about one account."""
        return not _is_one_of(self.name, WITHOUT_ACCOUNT)


def read(body):
    """Read a body; never raises.

    :param bytes | str body: what was posted
    :rtype: DeveloperEvent
    """
    if isinstance(body, str):
        body = body.encode()
    try:
        content = payload.parse_json(body)
        if isinstance(content, dict):
            return _read(content)
        reason = "bad_entry"
    except UnparsableAnswerError as error:
        reason = error.code
    except RecursionError:
        reason = "too_deep"
    raw = values.remove_unstorable(body.decode("utf-8", "backslashreplace"))
    return DeveloperEvent("", "", "", None, {}, f"{KEY}{_digest(raw)}", raw, reason)


def _read(content):
    name = values.parse_uid(content.get("event"))
    client_key = values.parse_uid(content.get("client_key"))
    open_id = values.parse_uid(content.get("user_openid"))
    raw = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    parts = [client_key, name, content.get("create_time"), open_id, content.get("content")]
    return DeveloperEvent(
        name=EVENT_ALIASES.get(name, name),
        client_key=client_key,
        open_id=open_id,
        created=values.parse_moment(content.get("create_time")),
        content=_content(content.get("content")),
        key=f"{KEY}{_digest(json.dumps(parts, sort_keys=True))}",
        raw=raw,
    )


def _content(value):
    """Return the inner object: TikTok writes it as JSON inside a text.

    :param value: of the key ``content``, of any type
    :return: the object; empty if it is none
    :rtype: dict
    """
    if isinstance(value, str):
        try:
            value = payload.parse_json(value.encode("utf-8", "replace"))
        except UnparsableAnswerError:
            return {}
    return value if isinstance(value, dict) else {}


def removed_reason(content):
    """Return why an authorization was removed: ``0``, for unknown, to ``5``.

    :param dict content: of the event
    :rtype: str
    """
    reason = content.get("reason")
    found = str(reason) if isinstance(reason, (int, str)) and not isinstance(reason, bool) else ""
    return found if found in REMOVED_REASONS else "0"


def _is_one_of(name, known):
    return any(name.startswith(one) if one.endswith(".") else name == one for one in known)


def _digest(text):
    return hashlib.sha256(text.encode()).hexdigest()
