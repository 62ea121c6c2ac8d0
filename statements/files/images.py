"""Pictures checked by what they are, and written anew without anything but what they show.

Plain functions over bytes. A picture that is written anew carries no EXIF (no place, no camera, no
thumbnail of what was cropped away) and nothing that hid behind the picture in its file.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps

WIDTHS = (480, 960, 1600)
"""Pixels: a telephone, a column, a column on a fine screen. None is wider than the picture."""

READ = ("JPEG", "PNG", "WEBP", "GIF")
Image.init()  # or it would not know WEBP before it has met one
MOVES = ("PNG", "WEBP", "GIF")  # an MPO holds the views of one moment, of which the first is it
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
SRGB = ImageCms.createProfile("sRGB")


class NotAPicture(ValueError):
    """These bytes are no picture that we take; says why in a sentence."""


@dataclass(frozen=True)
class Picture:
    data: bytes
    content_type: str
    width: int
    height: int


def looks_like_a_picture(data: bytes) -> bool:
    """Whether the first bytes are those of a picture that we might take."""
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")) or (
        data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    )


def written_anew(data: bytes, *, most_pixels: int) -> tuple[Picture, list[Picture]]:
    """The picture in its full size, and in each of the WIDTHS that is narrower than it.

    Turned the way it is to be looked at, in sRGB colours. A photograph stays JPEG; a drawing stays
    PNG and is narrower as WebP. Raises NotAPicture, and nothing else, whatever the bytes.
    """
    image, source = _opened(data, most_pixels)
    lossless = source in ("PNG", "GIF")
    full = _saved(image, "PNG" if lossless else _photo(image, source))
    narrower = [
        _saved(_narrowed(image, width), "WEBP" if lossless else _photo(image, source))
        for width in WIDTHS
        if width < image.width
    ]
    return full, narrower


def _opened(data: bytes, most_pixels: int) -> tuple[Image.Image, str]:
    """Decoded, turned and in sRGB, with the name of the format that it came in."""
    try:
        with warnings.catch_warnings():
            # Pillow warns of a size that is refused below, and of odd metadata that is dropped.
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=READ)
            source = image.format or ""
            _refuse_too_large(image, most_pixels)
            if source in MOVES and getattr(image, "is_animated", False):
                raise NotAPicture("It is a moving picture. Save one still picture of it.")
            image.load()
            return _in_srgb(ImageOps.exif_transpose(image)), source
    except NotAPicture:
        raise
    except Image.DecompressionBombError as error:
        raise NotAPicture(_too_large(most_pixels)) from error
    except Exception as error:  # what decoders of hostile bytes raise is anybody's guess
        raise NotAPicture(
            "It looks like a picture, and is damaged or cut off. Save it again, then attach it."
        ) from error


def _refuse_too_large(image: Image.Image, most_pixels: int) -> None:
    if image.width * image.height > most_pixels:
        raise NotAPicture(_too_large(most_pixels))


def _too_large(most_pixels: int) -> str:
    return (
        f"It has more than {most_pixels // 1_000_000} million pixels. Save it smaller: "
        "4,000 pixels wide is enough for print."
    )


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, given, SRGB, outputMode=mode)
            return _plain(converted or image)
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile that cannot be read says nothing about the colours
    return _plain(image)


def _plain(image: Image.Image) -> Image.Image:
    """Eight bits a colour, and transparency only where there is some."""
    if image.mode.startswith(("I", "F")):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    clear = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    return image.convert("RGBA" if clear else "RGB")


def _photo(image: Image.Image, source: str) -> str:
    return "WEBP" if source == "WEBP" else "JPEG"


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _saved(image: Image.Image, form: str) -> Picture:
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
    return Picture(out.getvalue(), TYPES[form], *bare.size)
