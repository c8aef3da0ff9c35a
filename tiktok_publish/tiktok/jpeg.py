"""Convert any picture to what TikTok accepts: an upright JPEG within its limits, no metadata.

TikTok lists JPEG and WebP, "1080p" and 20 MB: https://developers.tiktok.com/doc/content-posting-api-media-transfer-guide
"""

import contextlib
import io
import re
import typing
import warnings

# Odoo registers few formats with Pillow: importing these registers them.
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

_SEGMENT = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")  # a marker that is no part of the picture
_WITHOUT_LENGTH = (0xD8, 0x01)
_END = 0xD9


class PictureError(ValueError):
    """A picture that can't be made a photo.

    :param str code: ``empty``, ``large``, ``unknown``, ``broken``, ``animated`` or ``bomb``
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Jpeg(typing.NamedTuple):
    """A photo as TikTok accepts it."""

    content: bytes
    width: int
    height: int


def convert_picture(content):
    """Return a picture as TikTok accepts it.

    :param bytes content: of any format in `FORMATS`
    :rtype: Jpeg
    :raise PictureError: if it can't be one photo
    """
    if not content:
        raise PictureError("empty")
    if len(content) > MAX_GIVEN_BYTES:
        raise PictureError("large")
    image = _open_picture(content)
    try:
        image.draft("RGB", (2 * MAX_LONG, 2 * MAX_LONG))  # a large JPEG is read at part of its size
        image = _shrink_to_limits(_rotate_upright(image))
        image = _flatten_to_rgb(_convert_to_srgb(image))
    except Exception:  # noqa: BLE001 - Pillow raises many kinds for a broken picture
        raise PictureError("broken") from None
    return _save_without_metadata(image)


def _open_picture(content):
    """Return the picture; its size is checked before any of it is decompressed.

    :param bytes content: of the file
    :rtype: PIL.Image.Image
    :raise PictureError: if it can't be one photo
    """
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
    if not _is_complete_file(image.format, content):
        raise PictureError("broken")
    return image


def _is_animated(image):
    try:
        return getattr(image, "is_animated", False)
    except Exception:  # noqa: BLE001 - it looks for a second frame in what may be broken
        raise PictureError("broken") from None


def _is_complete_file(kind, content):
    """Tell whether the file is complete: as Odoo configures it, Pillow paints the rest grey.

    :param str kind: Pillow's name of the format
    :param bytes content: of the file
    :rtype: bool
    """
    try:
        if kind in ("JPEG", "MPO"):
            return _has_jpeg_end(content)
        if kind == "PNG":
            Image.open(io.BytesIO(content), formats=("PNG",)).verify()
        elif kind in ("GIF", "BMP"):
            parser = ImageFile.Parser()
            parser.feed(content)
            parser.close()
    except Exception:  # noqa: BLE001 - Pillow raises many kinds for a broken picture
        return False
    return True


def _has_jpeg_end(content):
    """Tell whether a JPEG has its end marker; an embedded thumbnail has one of its own.

    :param bytes content: of the file
    :rtype: bool
    """
    at = 0
    while found := _SEGMENT.search(content, at):
        at = found.end()
        mark = found[1][0]
        if mark == _END:
            return True
        if mark not in _WITHOUT_LENGTH:
            at += int.from_bytes(content[at : at + 2], "big")
    return False


def _rotate_upright(image):
    return ImageOps.exif_transpose(image)


def _shrink_to_limits(image):
    """Shrink a picture that is larger than TikTok's 1080p.

    :param PIL.Image.Image image: upright
    :rtype: PIL.Image.Image
    """
    short, long = sorted(image.size)
    scale = min(1, MAX_SHORT / short, MAX_LONG / long)
    if scale == 1:
        return image
    if image.mode in ("P", "1"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    size = [max(1, int(side * scale)) for side in image.size]
    return image.resize(size, Image.Resampling.LANCZOS)


def _convert_to_srgb(image):
    """Convert a picture to sRGB: its colour profile is removed later.

    :param PIL.Image.Image image: of any mode
    :rtype: PIL.Image.Image
    """
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK", "L"):
        return image
    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(
            image, given, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    return image


def _flatten_to_rgb(image):
    """Return a picture in RGB: transparent parts become white.

    :param PIL.Image.Image image: of any mode
    :rtype: PIL.Image.Image
    """
    if image.mode.startswith("I"):  # 16 bits of grey
        return image.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, WHITE)
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB")


def _save_without_metadata(image):
    """Save a picture as a JPEG without any metadata.

    :param PIL.Image.Image image: in RGB
    :rtype: Jpeg
    :raise PictureError: if it is too large even at low quality
    """
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    for quality in (QUALITY, 75, 50):
        out = io.BytesIO()
        bare.save(out, "JPEG", quality=quality, subsampling=FULL_COLOR, optimize=True)
        if out.tell() <= MAX_BYTES:
            return Jpeg(out.getvalue(), *bare.size)
    raise PictureError("large")
