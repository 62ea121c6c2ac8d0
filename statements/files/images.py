"""Check pictures and encode them again, from their pixels alone.

Plain functions over bytes. An encoded picture has no EXIF (place, camera, thumbnail of the part
that was cropped) and nothing hidden behind the picture in its file.
"""

import io
import warnings
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

NARROWER_WIDTHS_PX = (480, 960, 1600)
"""For a phone, a column, and a column on a high-resolution screen."""

READABLE_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
Image.init()  # otherwise Pillow does not know WEBP until it opens one
# Not JPEG: an MPO has several views of one moment, and the first one is the picture.
ANIMATED_FORMATS = ("PNG", "WEBP", "GIF")
CONTENT_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
SRGB_PROFILE = ImageCms.createProfile("sRGB")


class InvalidImage(ValueError):
    """The bytes are not a picture that we accept; the message says why."""


@dataclass(frozen=True)
class EncodedImage:
    data: bytes
    content_type: str
    width: int
    height: int


def is_image(data: bytes) -> bool:
    """Say whether the first bytes are those of a picture format."""
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")) or (
        data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    )


def reencode(data: bytes, *, max_pixels: int) -> tuple[EncodedImage, list[EncodedImage]]:
    """Return the picture in full size and in each narrower width.

    It is turned upright and converted to sRGB. A photograph stays JPEG; a drawing stays PNG, with
    narrower versions in WebP. Raises only InvalidImage, for any bytes.
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
    try:
        with warnings.catch_warnings():
            # Pillow warns of sizes that are refused below and of metadata that is dropped.
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=READABLE_FORMATS)
            source = image.format or ""
            _check_size(image, max_pixels)
            _check_still(image)
            image.load()
            return _convert_to_srgb(ImageOps.exif_transpose(image)), source
    except InvalidImage:
        raise
    except Image.DecompressionBombError as error:
        raise InvalidImage(_too_large_message(max_pixels)) from error
    except Exception as error:  # decoders raise almost anything on hostile bytes
        raise InvalidImage(
            _("It looks like a picture, and is damaged or cut off. Save it again, then attach it.")
        ) from error


def _check_size(image: Image.Image, max_pixels: int) -> None:
    if image.width * image.height > max_pixels:
        raise InvalidImage(_too_large_message(max_pixels))


def _check_still(image: Image.Image) -> None:
    if image.format in ANIMATED_FORMATS and getattr(image, "is_animated", False):
        raise InvalidImage(_("It is a moving picture. Save one still picture of it."))


def _too_large_message(max_pixels: int) -> str:
    return _(
        "It has more than %(most)s million pixels. Save it smaller: 4,000 pixels wide is enough "
        "for print."
    ) % {"most": max_pixels // 1_000_000}


def _convert_to_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            source_profile = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source_profile, SRGB_PROFILE, outputMode=mode
            )
            return _normalise_mode(converted or image)
        except (ImageCms.PyCMSError, OSError):
            pass  # an unreadable profile says nothing about the colours
    return _normalise_mode(image)


def _normalise_mode(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    clear = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    return image.convert("RGBA" if clear else "RGB")


def _photo_format(image: Image.Image, source: str) -> str:
    return "WEBP" if source == "WEBP" else "JPEG"


def _resize(image: Image.Image, width: int) -> Image.Image:
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _encode(image: Image.Image, image_format: str) -> EncodedImage:
    """Encode a copy of the pixels: the image itself would bring its metadata along."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    out = io.BytesIO()
    if image_format == "JPEG":
        bare.convert("RGB").save(out, image_format, quality=88, optimize=True, progressive=True)
    elif image_format == "WEBP":
        bare.save(out, image_format, quality=86, method=4)
    else:
        bare.save(out, image_format, optimize=True)
    return EncodedImage(out.getvalue(), CONTENT_TYPES[image_format], *bare.size)
