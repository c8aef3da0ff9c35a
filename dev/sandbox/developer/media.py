"""Pictures that the sandbox itself serves: covers and avatars, on addresses that end."""

import functools
import hashlib
import io
import unicodedata
import zlib

from flask import Blueprint, Response, abort, current_app, request
from PIL import Image, ImageDraw, ImageFont

bp = Blueprint("media", __name__)

COVER_LIFE = 6 * 3600
AVATAR_LIFE = 2 * 3600
COVER, AVATAR = (360, 480), (200, 200)
FONT_SIZE = 30
COLOURS = ((22, 61, 52), (92, 58, 33), (34, 52, 92), (110, 33, 58), (72, 62, 20), (52, 40, 92))
WRAP = 18  # letters in a line of a cover


def _signature(kind, name, expires):
    return hashlib.sha256(f"{kind}/{name}/{expires}/local".encode()).hexdigest()[:24]


def address(world, kind, name, life):
    """Return an address of a picture that works for some time.

    :param str kind: cover or avatar
    :param int life: seconds
    :rtype: str
    """
    expires = int(world.now() + life)
    signature = _signature(kind, name, expires)
    return f"{world.base_url}/cdn/{kind}/{name}.jpg?x-expires={expires}&x-signature={signature}"


@bp.get("/cdn/<kind>/<name>.jpg")
def picture(kind, name):
    """Give a picture, unless its address has ended."""
    world = current_app.config["WORLD"]
    expires = request.args.get("x-expires", 0, type=int)
    if request.args.get("x-signature") != _signature(kind, name, expires):
        abort(403)
    if expires <= world.now():
        abort(403, "The address has expired.")
    if kind == "cover" and name in world.videos:
        return _jpeg(world.videos[name].title, COVER)
    if kind == "avatar" and name in world.creators:
        return _jpeg(world.creators[name].display_name[:1], AVATAR)
    return abort(404)


def _jpeg(text, size):
    return Response(draw(text, size), mimetype="image/jpeg")


@functools.lru_cache(256)
def draw(text, size):
    """Paint a text on a colour that belongs to it.

    :param tuple size: width and height in pixels
    :return: a JPEG
    :rtype: bytes
    """
    colour = COLOURS[zlib.crc32(text.encode()) % len(COLOURS)]
    image = Image.new("RGB", size, colour)
    pen, font = ImageDraw.Draw(image), _font(FONT_SIZE if len(text) > 1 else 110)
    for step in range(0, size[1], 12):
        light = tuple(min(255, part + step // 9) for part in colour)
        pen.rectangle((0, step, size[0], step + 12), fill=light)
    centre = (size[0] / 2, size[1] / 2)
    pen.multiline_text(centre, _wrapped(text), fill="white", font=font, anchor="mm", align="center")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def _font(size):
    try:
        return ImageFont.truetype("DejaVuSans.ttf", size)
    except OSError:
        return ImageFont.load_default(size)


def _wrapped(text):
    plain = "".join(each for each in text if unicodedata.category(each) not in ("So", "Mn"))
    lines = [""]
    for word in plain.split():  # the font has no emoji
        if lines[-1] and len(lines[-1]) + len(word) >= WRAP:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)
