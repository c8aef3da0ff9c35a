"""Make what TikTok takes of any picture: an upright JPEG that is not too large and says nothing.

TikTok lists JPEG and WebP, "1080p" and 20 MB: https://developers.tiktok.com/doc/content-posting-api-media-transfer-guide
"""

import contextlib
import io
import re
import typing
import warnings

# Odoo makes Pillow know few formats: these register themselves when they are imported.
from PIL import (
    BmpImagePlugin,  # noqa: F401
    GifImagePlugin,  # noqa: F401
    Image,
    ImageCms,
    ImageFile,
    ImageOps,
    JpegImagePlugin,  # noqa: F401
    MpoImagePlugin,  # noqa: F401
    PngImagePlugin,  # noqa: F401
    TiffImagePlugin,  # noqa: F401
    WebPImagePlugin,  # noqa: F401
)

MAX_SHORT, MAX_LONG = 1080, 1920  # pixels of the sides
MAX_BYTES = 20 * 1024 * 1024
MAX_GIVEN_BYTES = 64 * 1024 * 1024
MAX_PIXELS = 64_000_000  # what needs more memory may be an attack
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")  # a JPEG of several pictures opens as MPO
QUALITY = 92
FULL_COLOR = 0  # Pillow's name for 4:4:4; by default colours have half the size and smear letters
WHITE = (255, 255, 255)

_SEGMENT = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")  # a marker that is no part of the picture
_ALONE = (0xD8, 0x01)  # markers without a length
_END = 0xD9


class PictureError(ValueError):
    """A picture that can't be made a photo.

    :param str code: ``empty``, ``large``, ``unknown``, ``broken``, ``animated`` or ``bomb``
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Jpeg(typing.NamedTuple):
    """A photo as TikTok takes it."""

    content: bytes
    width: int
    height: int


def make(content):
    """Return a picture as TikTok takes it.

    :param bytes content: of any format in `FORMATS`
    :rtype: Jpeg
    :raise PictureError: if it can't be one photo
    """
    if not content:
        raise PictureError("empty")
    if len(content) > MAX_GIVEN_BYTES:
        raise PictureError("large")
    image = _open(content)
    try:
        image.draft("RGB", (2 * MAX_LONG, 2 * MAX_LONG))  # a large JPEG is read at part of its size
        image = _small(_upright(image))
        image = _flat(_srgb(image))
    except Exception:  # noqa: BLE001 - Pillow raises many kinds for a broken picture
        raise PictureError("broken") from None
    return _save(image)


def _open(content):
    """Return the picture, its size checked before anything of it is unpacked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we have our own bound
            image = Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError:
        raise PictureError("bomb") from None
    except Exception:  # noqa: BLE001 - whatever it is, it is no picture
        raise PictureError("unknown") from None
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise PictureError("bomb")
    if image.format != "MPO" and _is_animated(image):  # phones put a second, small one into a JPEG
        raise PictureError("animated")
    if not _is_whole(image.format, content):
        raise PictureError("broken")
    return image


def _is_animated(image):
    try:
        return getattr(image, "is_animated", False)
    except Exception:  # noqa: BLE001 - it looks for a second frame in what may be broken
        raise PictureError("broken") from None


def _is_whole(kind, content):
    """Tell whether nothing is cut off: as Odoo sets it up, Pillow paints the rest grey."""
    try:
        if kind in ("JPEG", "MPO"):
            return _ends(content)
        if kind == "PNG":
            Image.open(io.BytesIO(content), formats=("PNG",)).verify()
        elif kind in ("GIF", "BMP"):
            parser = ImageFile.Parser()
            parser.feed(content)
            parser.close()
    except Exception:  # noqa: BLE001 - Pillow raises many kinds for a broken picture
        return False
    return True


def _ends(content):
    """Tell whether a JPEG comes to its end; the small picture inside it has an end of its own."""
    at = 0
    while found := _SEGMENT.search(content, at):
        at = found.end()
        mark = found[1][0]
        if mark == _END:
            return True
        if mark not in _ALONE:
            at += int.from_bytes(content[at : at + 2], "big")
    return False


def _upright(image):
    return ImageOps.exif_transpose(image)


def _small(image):
    """Shrink what is larger than TikTok's 1080p."""
    short, long = sorted(image.size)
    scale = min(1, MAX_SHORT / short, MAX_LONG / long)
    if scale == 1:
        return image
    if image.mode in ("P", "1"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    size = [max(1, int(side * scale)) for side in image.size]
    return image.resize(size, Image.Resampling.LANCZOS)


def _srgb(image):
    """Keep the colours when their profile goes."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK", "L"):
        return image
    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(
            image, given, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    return image


def _flat(image):
    """Return it in RGB: what is transparent becomes white."""
    if image.mode.startswith("I"):  # 16 bits of grey
        return image.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, WHITE)
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB")


def _save(image):
    """Write it anew, with nothing of what was known about it."""
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    for quality in (QUALITY, 75, 50):
        out = io.BytesIO()
        bare.save(out, "JPEG", quality=quality, subsampling=FULL_COLOR, optimize=True)
        if out.tell() <= MAX_BYTES:
            return Jpeg(out.getvalue(), *bare.size)
    raise PictureError("large")
