"""Any picture in, TikTok's JPEG out."""

import io
import struct
import time
import zlib

import pytest
from PIL import Image, ImageCms, ImageFile
from tiktok import jpeg


@pytest.fixture(autouse=True)
def _as_odoo_sets_pillow_up(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)


def picture(mode="RGB", size=(64, 48), color=(200, 30, 30), kind="PNG", **options):
    """Return a picture of one colour."""
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, kind, **options)
    return out.getvalue()


def noise(kind, **options):
    out = io.BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def opened(made):
    image = Image.open(io.BytesIO(made.content))
    image.load()
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (made.width, made.height))
    return image


def near(pixel, color):
    return all(abs(one - other) < 12 for one, other in zip(pixel, color, strict=True))


def refused(content):
    with pytest.raises(jpeg.PictureError) as caught:
        jpeg.convert_picture(content)
    return caught.value.code


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "BMP", "TIFF", "JPEG"])
def test_each_format_becomes_a_jpeg(kind):
    image = opened(jpeg.convert_picture(picture(kind=kind)))
    assert near(image.getpixel((5, 5)), (200, 30, 30))


@pytest.mark.parametrize(
    ("mode", "color"), [("RGBA", (0, 0, 0, 0)), ("LA", (0, 0)), ("RGBA", (255, 0, 0, 0))]
)
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_transparent_parts_become_white(mode, color, kind):
    image = opened(jpeg.convert_picture(picture(mode, color=color, kind=kind)))
    assert near(image.getpixel((5, 5)), (255, 255, 255))


def test_a_palette_with_a_transparent_colour():
    image = Image.new("P", (20, 20), 3)
    image.putpalette([0, 0, 0] * 256)
    out = io.BytesIO()
    image.save(out, "PNG", transparency=3)
    assert near(opened(jpeg.convert_picture(out.getvalue())).getpixel((3, 3)), (255, 255, 255))


def test_cmyk_becomes_rgb():
    image = opened(
        jpeg.convert_picture(picture("CMYK", color=(0, 255, 255, 0), kind="JPEG", quality=95))
    )
    assert near(image.getpixel((5, 5)), (255, 0, 0))


def test_sixteen_bit_grey_keeps_its_brightness():
    image = opened(jpeg.convert_picture(picture("I;16", color=32768)))
    assert near(image.getpixel((5, 5)), (128, 128, 128))


def test_colour_profile_is_applied_and_removed():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = jpeg.convert_picture(picture(kind="JPEG", icc_profile=profile))
    assert near(opened(made).getpixel((5, 5)), (200, 30, 30))
    assert not Image.open(io.BytesIO(made.content)).info.get("icc_profile")


def test_broken_profile_is_ignored():
    opened(jpeg.convert_picture(picture(kind="JPEG", icc_profile=b"no profile at all")))


def test_rotation_is_applied_and_metadata_removed():
    image = Image.new("RGB", (60, 40), (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, 30, 40))
    exif = image.getexif()
    exif[0x0112] = 6  # turn it to the right
    exif[0x010E] = "Ana's house"
    exif[0x8825] = {1: "N", 2: (47.0, 22.0, 0.0)}
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, quality=95, comment=b"secret note")
    made = jpeg.convert_picture(out.getvalue())
    assert (made.width, made.height) == (40, 60)
    assert near(opened(made).getpixel((20, 5)), (255, 0, 0))
    assert near(opened(made).getpixel((20, 55)), (0, 0, 255))
    assert not Image.open(io.BytesIO(made.content)).getexif()
    for secret in (b"Exif", b"Ana", b"secret note"):
        assert secret not in made.content


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((4000, 3000), (1440, 1080)),
        ((3000, 4000), (1080, 1440)),
        ((1080, 1920), (1080, 1920)),
        ((5000, 500), (1920, 192)),
        ((1081, 1081), (1080, 1080)),
        ((30, 20), (30, 20)),
        ((9000, 3), (1920, 1)),
    ],
)
def test_sides_are_limited_and_never_enlarged(size, expected):
    made = jpeg.convert_picture(picture(size=size, kind="PNG"))
    assert (made.width, made.height) == expected


def test_a_large_jpeg_is_read_at_part_of_its_size():
    made = jpeg.convert_picture(picture(size=(8000, 6000), kind="JPEG"))
    assert (made.width, made.height) == (1440, 1080)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_animations_are_refused(kind):
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    assert refused(out.getvalue()) == "animated"


def test_the_second_picture_of_a_phone_is_no_animation():
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "MPO", save_all=True, append_images=frames[1:])
    assert near(opened(jpeg.convert_picture(out.getvalue())).getpixel((5, 5)), (255, 0, 0))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
def test_truncated_files_are_refused(kind):
    content = noise(kind)
    assert refused(content[: len(content) // 2]) in ("broken", "unknown")


def test_truncated_progressive_jpeg_is_refused():
    content = noise("JPEG", progressive=True)
    opened(jpeg.convert_picture(content))
    assert refused(content[: len(content) // 2]) == "broken"


def test_end_of_the_embedded_thumbnail_is_not_the_end():
    content = noise("JPEG", exif=b"Exif\0\0" + noise("JPEG", quality=10))
    assert b"\xff\xd9" in content[: len(content) // 2]
    opened(jpeg.convert_picture(content))
    assert refused(content[: int(len(content) * 0.8)]) == "broken"


def test_a_long_fill_without_a_marker_is_read_in_one_pass():
    content = picture(kind="JPEG")
    began = time.monotonic()
    assert refused(content[:-2] + b"\xff" * 200_000 + b"\0") == "broken"
    assert time.monotonic() - began < 5  # the square of this length takes minutes


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"hello", "unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unknown"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "unknown"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "unknown"),
    ],
)
def test_other_files_are_refused(content, code):
    assert refused(content) == code


@pytest.mark.parametrize("side", [9_000, 60_000])
def test_decompression_bomb_is_refused_before_decompression(side):
    def chunk(name, data):
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    assert refused(bomb + chunk(b"IEND", b"")) == "bomb"


def test_too_many_bytes_are_refused(monkeypatch):
    monkeypatch.setattr(jpeg, "MAX_GIVEN_BYTES", 100)
    assert refused(noise("PNG")) == "large"


def test_large_pictures_are_saved_with_less_quality(monkeypatch):
    content = noise("PNG")
    best = len(jpeg.convert_picture(content).content)
    monkeypatch.setattr(jpeg, "MAX_BYTES", best - 1)
    assert len(jpeg.convert_picture(content).content) < best
    monkeypatch.setattr(jpeg, "MAX_BYTES", 10)
    assert refused(content) == "large"


def test_small_letters_stay_sharp():
    label = Image.new("RGB", (64, 64), (255, 255, 255))
    for x in range(0, 64, 4):  # lines as thin as those of small print
        label.paste((220, 0, 0), (x, 0, x + 1, 64))
    out = io.BytesIO()
    label.save(out, "PNG")
    image = opened(jpeg.convert_picture(out.getvalue()))
    for x in range(20, 44):
        pixel, wanted = image.getpixel((x, 30)), label.getpixel((x, 30))
        assert max(abs(a - b) for a, b in zip(pixel, wanted, strict=True)) < 40, x
