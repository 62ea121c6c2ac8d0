"""Pictures checked by what they are, and written anew without anything but what they show.

Plain functions over bytes. A picture that is written anew carries no EXIF (no place, no camera, no
thumbnail of what was cropped away) and nothing that hid behind the picture in its file.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps

NARROWER_WIDTHS_PX = (480, 960, 1600)
"""Pixels: a telephone, a column, a column on a fine screen. None is wider than the picture."""

READABLE_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
Image.init()  # or it would not know WEBP before it has met one
ANIMATED_FORMATS = (
    "PNG",
    "WEBP",
    "GIF",
)  # an MPO holds the views of one moment, of which the first is it
CONTENT_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
SRGB_PROFILE = ImageCms.createProfile("sRGB")


class InvalidImage(ValueError):
    """These bytes are no picture that we take; says why in a sentence."""


@dataclass(frozen=True)
class EncodedImage:
    data: bytes
    content_type: str
    width: int
    height: int


def is_image(data: bytes) -> bool:
    """Whether the first bytes are those of a picture that we might take."""
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")) or (
        data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    )


def reencode(data: bytes, *, max_pixels: int) -> tuple[EncodedImage, list[EncodedImage]]:
    """The picture in its full size, and in each of the WIDTHS that is narrower than it.

    Turned the way it is to be looked at, in sRGB colours. A photograph stays JPEG; a drawing stays
    PNG and is narrower as WebP. Raises NotAPicture, and nothing else, whatever the bytes.
    """
    image, source = _decode(data, max_pixels)
    lossless = source in ("PNG", "GIF")
    full = _encode(image, "PNG" if lossless else _photo_format(image, source))
    narrower = [
        _encode(_resize(image, width), "WEBP" if lossless else _photo_format(image, source))
        for width in NARROWER_WIDTHS_PX
        if width < image.width
    ]
    return full, narrower


def _decode(data: bytes, max_pixels: int) -> tuple[Image.Image, str]:
    """Decoded, turned and in sRGB, with the name of the format that it came in."""
    try:
        with warnings.catch_warnings():
            # Pillow warns of a size that is refused below, and of odd metadata that is dropped.
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=READABLE_FORMATS)
            source = image.format or ""
            _check_size(image, max_pixels)
            if source in ANIMATED_FORMATS and getattr(image, "is_animated", False):
                raise InvalidImage("It is a moving picture. Save one still picture of it.")
            image.load()
            return _convert_to_srgb(ImageOps.exif_transpose(image)), source
    except InvalidImage:
        raise
    except Image.DecompressionBombError as error:
        raise InvalidImage(_too_large_message(max_pixels)) from error
    except Exception as error:  # what decoders of hostile bytes raise is anybody's guess
        raise InvalidImage(
            "It looks like a picture, and is damaged or cut off. Save it again, then attach it."
        ) from error


def _check_size(image: Image.Image, max_pixels: int) -> None:
    if image.width * image.height > max_pixels:
        raise InvalidImage(_too_large_message(max_pixels))


def _too_large_message(max_pixels: int) -> str:
    return (
        f"It has more than {max_pixels // 1_000_000} million pixels. Save it smaller: "
        "4,000 pixels wide is enough for print."
    )


def _convert_to_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, given, SRGB_PROFILE, outputMode=mode)
            return _normalise_mode(converted or image)
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile that cannot be read says nothing about the colours
    return _normalise_mode(image)


def _normalise_mode(image: Image.Image) -> Image.Image:
    """Eight bits a colour, and transparency only where there is some."""
    if image.mode.startswith(("I", "F")):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    clear = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    return image.convert("RGBA" if clear else "RGB")


def _photo_format(image: Image.Image, source: str) -> str:
    return "WEBP" if source == "WEBP" else "JPEG"


def _resize(image: Image.Image, width: int) -> Image.Image:
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _encode(image: Image.Image, form: str) -> EncodedImage:
    """From the pixels alone: what came with them stays behind."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    out = io.BytesIO()
    if form == "JPEG":
        bare.convert("RGB").save(out, form, quality=88, optimize=True, progressive=True)
    elif form == "WEBP":
        bare.save(out, form, quality=86, method=4)
    else:
        bare.save(out, form, optimize=True)
    return EncodedImage(out.getvalue(), CONTENT_TYPES[form], *bare.size)
