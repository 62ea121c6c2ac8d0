"""Test that pictures are encoded again without metadata."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from statements.files.images import InvalidImage, is_image, reencode
from tests.hypothesis_profiles import scale_examples
from tests.make_files import EXIF_PLACE, make_picture

MAX_PIXELS = 50_000_000


def open_image(image) -> Image.Image:
    return Image.open(io.BytesIO(image.data))


@pytest.mark.parametrize(
    ("width", "widths"),
    [(2000, [480, 960, 1600]), (1600, [480, 960]), (481, [480]), (480, []), (1, [])],
)
def test_a_picture_has_three_widths_and_none_wider_than_itself(width, widths):
    full, narrower = reencode(make_picture(width, 300), max_pixels=MAX_PIXELS)
    assert (full.width, full.height) == (width, 300)
    assert [image.width for image in narrower] == widths
    assert [open_image(image).size for image in narrower] == [
        (image.width, image.height) for image in narrower
    ]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_no_metadata_of_the_camera_is_left(form):
    data = make_picture(1000, 600, form)
    assert EXIF_PLACE.encode() in data
    full, narrower = reencode(data, max_pixels=MAX_PIXELS)
    for image in (full, *narrower):
        assert EXIF_PLACE.encode() not in image.data
        assert dict(open_image(image).getexif()) == {}


def test_a_picture_is_turned_upright():
    full, _ = reencode(make_picture(400, 200, orientation=6), max_pixels=MAX_PIXELS)
    assert open_image(full).size == (200, 400)
    red, _, blue = open_image(full).convert("RGB").getpixel((100, 20))
    assert red > 200 > 50 > blue


def test_bytes_after_a_picture_are_dropped():
    hidden = b"<script>alert(1)</script>PK\x03\x04"
    full, narrower = reencode(make_picture() + hidden, max_pixels=MAX_PIXELS)
    assert [image.data for image in (full, *narrower) if b"script" in image.data] == []


def test_a_drawing_stays_exact_and_keeps_transparency():
    image = Image.new("RGBA", (1000, 400), (255, 0, 0, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    full, narrower = reencode(out.getvalue(), max_pixels=MAX_PIXELS)
    assert (full.content_type, open_image(full).getpixel((0, 0))) == ("image/png", (255, 0, 0, 0))
    assert {image.content_type for image in narrower} == {"image/webp"}


@pytest.mark.parametrize("mode", ["L", "CMYK", "P", "1", "LA", "I;16", "RGBA"])
def test_every_colour_mode_becomes_one_that_browsers_know(mode):
    out = io.BytesIO()
    form = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, (500, 300)).save(out, form)
    full, narrower = reencode(out.getvalue(), max_pixels=MAX_PIXELS)
    assert open_image(full).mode in ("RGB", "RGBA")
    assert len(narrower) == 1


def test_colours_are_those_of_the_profile():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    full, _ = reencode(make_picture(icc_profile=profile), max_pixels=MAX_PIXELS)
    assert "icc_profile" not in open_image(full).info
    broken, _ = reencode(make_picture(icc_profile=b"no profile at all"), max_pixels=MAX_PIXELS)
    assert "icc_profile" not in open_image(broken).info


def refusal(data: bytes, max_pixels=MAX_PIXELS) -> str:
    with pytest.raises(InvalidImage) as caught:
        reencode(data, max_pixels=max_pixels)
    return str(caught.value)


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that claims this many pixels."""
    import struct
    import zlib

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + crc

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_000, 10_000, 20_000, 2_000_000_000])
def test_a_picture_of_too_many_pixels_is_not_even_decoded(side):
    assert refusal(bomb(side, side)) == (
        "It has more than 50 million pixels. Save it smaller: "
        "4,000 pixels wide is enough for print."
    )


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_a_moving_picture_is_refused(form):
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, form, save_all=True, append_images=frames[1:])
    assert refusal(out.getvalue()) == "It is a moving picture. Save one still picture of it."


DAMAGED = "It looks like a picture, and is damaged or cut off. Save it again, then attach it."


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("length", [12, 60, 700])
def test_a_picture_that_is_cut_off_is_refused(form, length):
    assert refusal(make_picture(form=form)[:length]) == DAMAGED


@settings(max_examples=scale_examples(60))
@given(st.binary(max_size=300), st.integers(0, 600))
def test_any_bytes_give_a_picture_or_a_sentence(noise, place):
    data = make_picture(60, 40)
    broken = data[:place] + noise + data[place + len(noise) :]
    sentences = []
    for image in (broken, b"\x89PNG\r\n\x1a\n" + noise, b"RIFF" + noise[:4] + b"WEBP" + noise):
        try:
            full, _ = reencode(image, max_pixels=MAX_PIXELS)
            assert is_image(full.data)
        except InvalidImage as refusal:
            sentences.append(str(refusal))
    assert [sentence for sentence in sentences if not sentence.endswith(".")] == []
