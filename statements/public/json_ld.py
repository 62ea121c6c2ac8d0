"""The facts of a statement for search engines and other sites: schema.org, in a block of data.

A browser runs no script of the type application/ld+json, so a Content-Security-Policy without
`unsafe-inline` lets it stand.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from statements.content import rendering
from statements.public.article import Article, Picture, Section, Voice
from statements.public.jinja2 import url
from statements.published.editions import KINDS, Opened
from statements.published.statement_context import Release, Translation

# Inside of a script element nothing but its end is markup, so that no word may look like one; the
# last two end a line for older readers of JavaScript.
ESCAPES = {char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
# As Facebook names them; elsewhere a language does not need a country.
LOCALES = {
    "en": "en_GB", "cy": "cy_GB", "ga": "ga_IE", "gd": "gd_GB", "ar": "ar_AR", "bn": "bn_IN",
    "de": "de_DE", "es": "es_ES", "fa": "fa_IR", "fr": "fr_FR", "he": "he_IL", "pa": "pa_IN",
    "pl": "pl_PL", "ro": "ro_RO", "so": "so_SO", "uk": "uk_UA", "ur": "ur_PK",
}  # fmt: skip


def news_article(
    opened: Opened,
    article: Article,
    *,
    notes: Sequence[Release],
    translations: Sequence[Translation],
    retracted: bool,
) -> SafeString:
    """The statement as a NewsArticle by its publisher, with its quotations by who said them."""
    edition = opened.edition
    address = _detail(edition.slug)
    publisher = {
        "@type": "Organization",
        "name": article.publisher["name"],
        "url": _address("organisation", opened.publisher_slug),
    }
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": address,
        "url": address,
        "mainEntityOfPage": address,
        "headline": article.headline,
        "description": article.summary,
        "articleSection": KINDS[edition.kind],
        "inLanguage": article.language,
        "datePublished": _moment(edition.first_release_at),
        "dateModified": _moment(edition.release_at),
        "author": publisher,
        "publisher": publisher,
        "keywords": [theme.name for theme in opened.themes],
        "image": [_image(one) for one in article.pictures],
        "citation": _responded_to(article),
        "correction": [_correction(one) for one in notes],
        "creativeWorkStatus": "Retracted" if retracted else "",
        "hasPart": [_quotation(one, address) for one in article.sections if one.number],
        "isAccessibleForFree": True,
    }
    return _block(said | _translations(opened, translations))


def _block(said: Mapping[str, Any]) -> SafeString:
    told = {name: value for name, value in said.items() if value}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    for char, escape in ESCAPES.items():  # ten times as fast as str.translate
        text = text.replace(char, escape)
    return mark_safe(text)  # noqa: S308 - nothing is left in it that HTML could take for markup


def _quotation(section: Section, address: str) -> dict[str, Any]:
    """The words with the marks that are printed round them."""
    said: dict[str, Any] = {
        "@type": "Quotation",
        "url": f"{address}#quote-{section.number}",
        "text": rendering.block_text(section.html),
    }
    return said | ({"spokenByCharacter": _person(section.voice)} if section.voice else {})


def _person(voice: Voice) -> dict[str, Any]:
    """In the role of that day, and where readers find more of theirs."""
    said: dict[str, Any] = {"@type": "Person", "name": voice.name}
    if voice.role:
        said["jobTitle"] = voice.role
    if voice.organisation:
        said["affiliation"] = {"@type": "Organization", "name": voice.organisation}
    if voice.slug:
        said["url"] = _address("speaker", voice.slug)
    return said


def _correction(note: Release) -> dict[str, Any]:
    return {
        "@type": "CorrectionComment",
        "name": note.label,
        "text": note.note,
        "datePublished": _moment(note.released),
    }


def _image(picture: Picture) -> dict[str, Any]:
    said = {
        "@type": "ImageObject",
        "url": settings.SITE_URL + picture.address,
        "width": picture.width,
        "height": picture.height,
        "caption": picture.caption,
        "creditText": picture.credit,
    }
    return {name: value for name, value in said.items() if value}


def _responded_to(article: Article) -> dict[str, str]:
    if not article.responds_to:
        return {}
    said = {"@type": "CreativeWork", "name": article.responds_to["title"]}
    return said | ({"url": article.responds_to["url"]} if article.responds_to["url"] else {})


def _translations(opened: Opened, others: Sequence[Translation]) -> dict[str, Any]:
    """Of an original its translations; of a translation the original, where it is public."""
    if opened.original_id is None:
        return {"workTranslation": [_work(one) for one in others]}
    return {"translationOfWork": next((_work(one) for one in others if one.is_original), None)}


def _work(other: Translation) -> dict[str, str]:
    return {
        "@type": "NewsArticle",
        "@id": _detail(other.slug),
        "name": other.headline,
        "inLanguage": other.language,
    }


def _detail(slug: str) -> str:
    return _address("detail", slug)


def _address(name: str, slug: str) -> str:
    return settings.SITE_URL + url(f"statements:{name}", slug)


def _moment(at: dt.datetime | None) -> str:
    return at.isoformat() if at else ""
