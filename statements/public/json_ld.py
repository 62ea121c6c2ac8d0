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
from statements.public.article import Article, ArticlePicture, ArticleSection, ArticleVoice
from statements.public.jinja2 import reverse_path
from statements.published.editions import KIND_LABELS, StatementPage
from statements.published.statement_context import Release, Translation

# Inside of a script element nothing but its end is markup, so that no word may look like one; the
# last two end a line for older readers of JavaScript.
JSON_ESCAPES = {char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
# As Facebook names them; elsewhere a language does not need a country.
LOCALES = {
    "en": "en_GB", "cy": "cy_GB", "ga": "ga_IE", "gd": "gd_GB", "ar": "ar_AR", "bn": "bn_IN",
    "de": "de_DE", "es": "es_ES", "fa": "fa_IR", "fr": "fr_FR", "he": "he_IL", "pa": "pa_IN",
    "pl": "pl_PL", "ro": "ro_RO", "so": "so_SO", "uk": "uk_UA", "ur": "ur_PK",
}  # fmt: skip


def render_news_article(
    opened: StatementPage,
    article: Article,
    *,
    notes: Sequence[Release],
    translations: Sequence[Translation],
    is_retracted: bool,
) -> SafeString:
    """The statement as a NewsArticle by its publisher, with its quotations by who said them."""
    edition = opened.edition
    address = _statement_url(edition.slug)
    publisher = {
        "@type": "Organization",
        "name": article.publisher["name"],
        "url": _page_url("organisation", opened.publisher_slug),
    }
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": address,
        "url": address,
        "mainEntityOfPage": address,
        "headline": article.headline,
        "description": article.summary,
        "articleSection": KIND_LABELS[edition.kind],
        "inLanguage": article.language,
        "datePublished": _format_time(edition.first_release_at),
        "dateModified": _format_time(edition.release_at),
        "author": publisher,
        "publisher": publisher,
        "keywords": [theme.name for theme in opened.themes],
        "image": [_build_image(one) for one in article.pictures],
        "citation": _build_citation(article),
        "correction": [_build_correction(one) for one in notes],
        "creativeWorkStatus": "Retracted" if is_retracted else "",
        "hasPart": [_build_quotation(one, address) for one in article.sections if one.number],
        "isAccessibleForFree": True,
    }
    return _render_json(said | _build_translations(opened, translations))


def _render_json(said: Mapping[str, Any]) -> SafeString:
    told = {name: value for name, value in said.items() if value}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    for char, escape in JSON_ESCAPES.items():  # ten times as fast as str.translate
        text = text.replace(char, escape)
    return mark_safe(text)  # noqa: S308 - nothing is left in it that HTML could take for markup


def _build_quotation(section: ArticleSection, address: str) -> dict[str, Any]:
    """The words with the marks that are printed round them."""
    said: dict[str, Any] = {
        "@type": "Quotation",
        "url": f"{address}#quote-{section.number}",
        "text": rendering.render_block_as_text(section.html),
    }
    return said | ({"spokenByCharacter": _build_person(section.voice)} if section.voice else {})


def _build_person(voice: ArticleVoice) -> dict[str, Any]:
    """In the role of that day, and where readers find more of theirs."""
    said: dict[str, Any] = {"@type": "Person", "name": voice.name}
    if voice.role:
        said["jobTitle"] = voice.role
    if voice.organisation:
        said["affiliation"] = {"@type": "Organization", "name": voice.organisation}
    if voice.slug:
        said["url"] = _page_url("speaker", voice.slug)
    return said


def _build_correction(note: Release) -> dict[str, Any]:
    return {
        "@type": "CorrectionComment",
        "name": note.label,
        "text": note.note,
        "datePublished": _format_time(note.released_at),
    }


def _build_image(picture: ArticlePicture) -> dict[str, Any]:
    said = {
        "@type": "ImageObject",
        "url": settings.SITE_URL + picture.url,
        "width": picture.width,
        "height": picture.height,
        "caption": picture.caption,
        "creditText": picture.credit,
    }
    return {name: value for name, value in said.items() if value}


def _build_citation(article: Article) -> dict[str, str]:
    if not article.responds_to:
        return {}
    said = {"@type": "CreativeWork", "name": article.responds_to["title"]}
    return said | ({"url": article.responds_to["url"]} if article.responds_to["url"] else {})


def _build_translations(opened: StatementPage, others: Sequence[Translation]) -> dict[str, Any]:
    """Of an original its translations; of a translation the original, where it is public."""
    if opened.original_id is None:
        return {"workTranslation": [_build_work(one) for one in others]}
    return {
        "translationOfWork": next((_build_work(one) for one in others if one.is_original), None)
    }


def _build_work(other: Translation) -> dict[str, str]:
    return {
        "@type": "NewsArticle",
        "@id": _statement_url(other.slug),
        "name": other.headline,
        "inLanguage": other.language,
    }


def _statement_url(slug: str) -> str:
    return _page_url("detail", slug)


def _page_url(name: str, slug: str) -> str:
    return settings.SITE_URL + reverse_path(f"statements:{name}", slug)


def _format_time(at: dt.datetime | None) -> str:
    return at.isoformat() if at else ""
