"""Pictures that are pulled: real HTTP, no redirect, JPEG or WebP, bounded."""

import io

import requests
from PIL import Image, UnidentifiedImageError

from dev.sandbox import outgoing

MOST_BYTES = 20 * 1024 * 1024
TIMEOUT = 20  # seconds
SHOWN = (720, 960)  # what is kept for the feed


class Bad(Exception):
    """A picture is refused; ``reason`` is TikTok's ``fail_reason``."""

    def __init__(self, reason, text):
        super().__init__(text)
        self.reason = reason


class Unreachable(Bad):
    """No answer yet: TikTok tries for an hour."""


def pull(world, url, name):
    """Fetch and check one picture.

    :param str name: names it in an error
    :return: a small JPEG for the feed, and the length of the original in bytes
    :rtype: tuple[bytes, int]
    :raise Bad: if TikTok would refuse it
    """
    content = _download(world, url, name)
    try:
        image = Image.open(io.BytesIO(content))
        image.load()
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        raise Bad("file_format_check_failed", f"{name} is not a picture.") from None
    _check_format(world, image, name)
    _check_pixels(world, image.size, name)
    return _small(image), len(content)


def _download(world, url, name):
    try:
        answer = outgoing.request(world, "GET", url, timeout=TIMEOUT, stream=True)
        with answer:
            _check_answer(answer, name)
            content = answer.raw.read(MOST_BYTES + 1, decode_content=True)
    except requests.RequestException as error:
        raise Unreachable("photo_pull_failed", f"{name}: {outgoing.reason(error)}.") from None
    if len(content) > MOST_BYTES:
        raise Bad("picture_size_check_failed", f"{name} has more than 20 MB.")
    return content


def _check_answer(answer, name):
    status = answer.status_code
    if 300 <= status < 400:
        raise Bad("photo_pull_failed", f"{name} redirects (HTTP {status}): that is not allowed.")
    if status >= 500:
        raise Unreachable("photo_pull_failed", f"{name}: HTTP {status}.")
    if status != 200:
        raise Bad("photo_pull_failed", f"{name}: HTTP {status}.")


def _check_format(world, image, name):
    allowed = {"JPEG", "WEBP"} | ({"PNG"} if world.settings.png == "accepted" else set())
    if image.format not in allowed:
        raise Bad("file_format_check_failed", f"{name} is {image.format}: JPEG or WebP only.")


def _check_pixels(world, size, name):
    short, long = sorted(size)
    most = {
        "1920x1080": (1080, 1920),
        "short_1080": (1080, long),
        "long_1080": (1080, 1080),
    }[world.settings.picture_limit]
    if short > most[0] or long > most[1]:
        raise Bad("picture_size_check_failed", f"{name} is {size[0]} x {size[1]}: too large.")
    if short < world.settings.picture_min:
        raise Bad("picture_size_check_failed", f"{name} is {size[0]} x {size[1]}: too small.")


def _small(image):
    image = image.convert("RGB")
    image.thumbnail(SHOWN)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()
