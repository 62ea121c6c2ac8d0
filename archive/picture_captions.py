"""Find the captions of the pictures in a text, which describe those that have no description."""

import html
import re

from statements.content.source_html import change_up_to_last
from statements.parsing.html_paragraphs import TAG

MAX_CAPTION_CHARS = 1000
FIGURE = re.compile(r"<figure\b[^>]*>(.*?)</figure", re.DOTALL | re.IGNORECASE)
FIGCAPTION = re.compile(r"<figcaption\b[^>]*>(.*)", re.DOTALL | re.IGNORECASE)
SHORTCODE = re.compile(r"\[caption\b[^\]]*\](.*?)\[/caption\]", re.DOTALL | re.IGNORECASE)
IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
SOURCE = re.compile(r"""\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
FILE_NAME = re.compile(
    r"[^.]*\.(?:jpe?g|png|gif|webp|tiff?|bmp)|(?:img|dsc[nf]?|image|photo|picture)?[\W_\d]*",
    re.IGNORECASE,
)


def find_captions(source: str) -> dict[str, str]:
    """Return the caption of each picture that has one, by the address of the picture."""
    captions: dict[str, str] = {}
    if "<img" not in source:
        return captions

    def collect(part: str) -> str:
        for figure in [*FIGURE.finditer(part), *SHORTCODE.finditer(part)]:
            image = IMAGE.search(figure[1])
            match = SOURCE.search(image[0]) if image else None
            if image and match and (text := _read_caption(figure[1][image.end() :])):
                captions.setdefault(html.unescape(match[1] or match[2] or ""), text)
        return part

    if "<figcaption" in source:
        change_up_to_last("</figure", source, collect)
    if "[/caption]" in source:
        change_up_to_last("[/caption]", source, collect)
    return captions


def _read_caption(after_image: str) -> str:
    figcaption = FIGCAPTION.search(after_image)
    text = TAG.sub(" ", figcaption[1] if figcaption else after_image)
    return " ".join(html.unescape(text).split())[:MAX_CAPTION_CHARS]


def is_description(text: str) -> bool:
    """Return whether a text can describe a picture: the name of its file does not."""
    return bool(text.strip()) and not FILE_NAME.fullmatch(text.strip())
