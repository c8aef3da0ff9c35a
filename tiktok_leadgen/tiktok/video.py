"""Parse the videos of the Display API into values of fields.

https://developers.tiktok.com/doc/tiktok-api-v2-video-object
"""

from datetime import datetime, timezone
from typing import NamedTuple

from . import values
from .shape import missing

COUNTS = ("like_count", "comment_count", "share_count", "view_count")
SIZES = ("duration", "width", "height")
_LINKS = ("share_url", "embed_link")
LARGEST = 2**53  # what a browser still counts exactly
_LARGEST_SIZE = 2**31 - 1


class Video(NamedTuple):
    """One public video.

    :param str uid: TikTok's id
    :param str cover_url: address of its cover for the next hours, or empty
    :param dict values: by the name of the field
    """

    uid: str
    cover_url: str
    values: dict


def parse_page(page):
    """Parse the videos of one page, each once; those without an id are omitted.

    :param list page: of `display.DisplayApi.request_videos`
    :rtype: list[Video]
    :raise UnparsableAnswerError: if none has an id: all that are stored would look deleted
    """
    found = (parse_video(raw) for raw in page)
    videos = list({video.uid: video for video in found if video.uid}.values())
    if page and not videos:
        raise missing("id")
    return videos


def parse_video(raw):
    """Parse one video; missing or invalid values are empty.

    :param dict raw: TikTok's video object
    :rtype: Video
    """
    parsed = {
        "title": values.format_line(raw.get("title")),
        "description": values.join_texts(raw.get("video_description")),
        "published_at": parse_published_at(raw.get("create_time")),
        **{name: parse_link(raw.get(name)) for name in _LINKS},
        **{name: parse_count(raw.get(name), _LARGEST_SIZE) for name in SIZES},
        **{name: parse_count(raw.get(name)) for name in COUNTS},
    }
    return Video(values.parse_uid(raw.get("id")), parse_link(raw.get("cover_image_url")), parsed)


def parse_published_at(value):
    """Parse a time; None if it is invalid.

    :param value: of JSON, seconds since 1970
    :return: without time zone, in UTC
    :rtype: datetime | None
    """
    seconds = values.parse_moment(value)
    if not seconds:
        return None
    return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)


def parse_count(value, largest=LARGEST):
    """Parse a count; an invalid one is 0.

    :param value: of JSON
    :param int largest: what the column holds
    :rtype: int
    """
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 0:
        return 0
    return int(min(value, largest))


def parse_link(value):
    """Parse an address of the web; an invalid one is empty.

    :param value: of JSON
    :rtype: str
    """
    text = values.remove_unstorable(value).strip() if isinstance(value, str) else ""
    return text if text.startswith(("https://", "http://")) else ""
