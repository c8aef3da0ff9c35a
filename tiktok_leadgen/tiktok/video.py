"""What the Display API says of a video, as values to keep.

https://developers.tiktok.com/doc/tiktok-api-v2-video-object
"""

from datetime import datetime, timezone
from typing import NamedTuple

from . import values

COUNTS = ("like_count", "comment_count", "share_count", "view_count")
SIZES = ("duration", "width", "height")
_LINKS = ("share_url", "embed_link")
LARGEST = 2**53  # what a browser still counts exactly
_LARGEST_SIZE = 2**31 - 1


class Video(NamedTuple):
    """One public video.

    :param str uid: TikTok's id
    :param str cover_url: where its cover is for the next hours, or empty
    :param dict values: what is kept, by the name of the field
    """

    uid: str
    cover_url: str
    values: dict


def read_page(page):
    """Return the videos of one page, each once; what has no id is none.

    :param list page: of `display.DisplayApi.videos`
    :rtype: list[Video]
    """
    found = (read(raw) for raw in page)
    return list({video.uid: video for video in found if video.uid}.values())


def read(raw):
    """Read one video, whatever is missing or odd in it.

    :param dict raw: TikTok's video object
    :rtype: Video
    """
    kept = {
        "title": values.line(raw.get("title")),
        "description": values.text(raw.get("video_description")),
        "published_at": published(raw.get("create_time")),
        **{name: link(raw.get(name)) for name in _LINKS},
        **{name: count(raw.get(name), _LARGEST_SIZE) for name in SIZES},
        **{name: count(raw.get(name)) for name in COUNTS},
    }
    return Video(values.uid(raw.get("id")), link(raw.get("cover_image_url")), kept)


def published(value):
    """Return a time without time zone, in UTC; None if it is none.

    :rtype: datetime | None
    """
    seconds = values.moment(value)
    if not seconds:
        return None
    return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)


def count(value, largest=LARGEST):
    """Return a count: what is none is 0.

    :param value: of JSON
    :rtype: int
    """
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 0:
        return 0
    return int(min(value, largest))


def link(value):
    """Return an address of the web, or nothing.

    :rtype: str
    """
    text = values.clean(value).strip() if isinstance(value, str) else ""
    return text if text.startswith(("https://", "http://")) else ""
