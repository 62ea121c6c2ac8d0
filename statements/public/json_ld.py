"""Describe a statement for search engines and other sites, as schema.org data in JSON-LD.

A browser does not run a script of type application/ld+json, so a Content-Security-Policy without
`unsafe-inline` accepts it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from statements.content import rendering
from statements.public.article import (
    Article,
    ArticlePicture,
    ArticleSection,
    ArticleVoice,
    list_publisher_links,
)
from statements.public.jinja2 import reverse_path
from statements.published.editions import KIND_LABELS, StatementPage
from statements.published.statement_context import Release, Translation
from statements.release_dates import ReleaseDate

# In a script element only its end is markup, and no text may look like one. The last two characters
# end a line for old JavaScript parsers.
JSON_ESCAPES = {char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
# Open Graph locales, which need a country.
LOCALES = {
    "en": "en_GB", "cy": "cy_GB", "ga": "ga_IE", "gd": "gd_GB", "ar": "ar_AR", "bn": "bn_IN",
    "de": "de_DE", "es": "es_ES", "fa": "fa_IR", "fr": "fr_FR", "he": "he_IL", "pa": "pa_IN",
    "pl": "pl_PL", "ro": "ro_RO", "so": "so_SO", "uk": "uk_UA", "ur": "ur_PK",
}  # fmt: skip


def render_news_article(
    page: StatementPage,
    article: Article,
    *,
    notes: Sequence[Release],
    translations: Sequence[Translation],
    is_retracted: bool,
) -> SafeString:
    """Render the statement as a NewsArticle of its publisher, with its attributed quotations."""
    edition = page.edition
    url = _statement_url(edition.slug)
    publishers = [
        {"@type": "Organization", "name": name, "url": _page_url("organisation", slug)}
        for slug, name in list_publisher_links(page)
    ]
    publisher = publishers if len(publishers) > 1 else publishers[0]
    properties = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": url,
        "url": url,
        "mainEntityOfPage": url,
        "headline": article.headline,
        "description": article.summary,
        "articleSection": KIND_LABELS[edition.kind],
        "inLanguage": article.language,
        "datePublished": _format_time(edition.first_released),
        "dateModified": _format_time(edition.released),
        "author": publisher,
        "publisher": publisher,
        "keywords": [theme.name for theme in page.themes],
        "image": [_build_image(picture) for picture in article.pictures],
        "citation": _build_citation(article),
        "correction": [_build_correction(note) for note in notes],
        "creativeWorkStatus": "Retracted" if is_retracted else "",
        "hasPart": [
            _build_quotation(section, url) for section in article.sections if section.number
        ],
        "isAccessibleForFree": True,
    }
    return _render_json(properties | _build_translations(page, translations))


def _render_json(properties: Mapping[str, Any]) -> SafeString:
    present = {name: value for name, value in properties.items() if value}
    text = json.dumps(present, ensure_ascii=False, separators=(",", ":"))
    for char, escape in JSON_ESCAPES.items():  # ten times as fast as str.translate
        text = text.replace(char, escape)
    return mark_safe(text)  # noqa: S308 - JSON_ESCAPES left no markup


def _build_quotation(section: ArticleSection, url: str) -> dict[str, Any]:
    speaker = {"spokenByCharacter": _build_person(section.voice)} if section.voice else {}
    return {
        "@type": "Quotation",
        "url": f"{url}#quote-{section.number}",
        "text": rendering.render_block_as_text(section.html),
        **speaker,
    }


def _build_person(voice: ArticleVoice) -> dict[str, Any]:
    person: dict[str, Any] = {"@type": "Person", "name": voice.name}
    if voice.role:
        person["jobTitle"] = voice.role
    if voice.organisation:
        person["affiliation"] = {"@type": "Organization", "name": voice.organisation}
    if voice.slug:
        person["url"] = _page_url("speaker", voice.slug)
    return person


def _build_correction(note: Release) -> dict[str, Any]:
    return {
        "@type": "CorrectionComment",
        "name": note.label,
        "text": note.note,
        "datePublished": _format_time(note.released_at),
    }


def _build_image(picture: ArticlePicture) -> dict[str, Any]:
    properties = {
        "@type": "ImageObject",
        "url": settings.SITE_URL + picture.url,
        "width": picture.width,
        "height": picture.height,
        "caption": picture.caption,
        "creditText": picture.credit,
    }
    return {name: value for name, value in properties.items() if value}


def _build_citation(article: Article) -> dict[str, str]:
    if not article.responds_to:
        return {}
    citation = {"@type": "CreativeWork", "name": article.responds_to["title"]}
    return citation | ({"url": article.responds_to["url"]} if article.responds_to["url"] else {})


def _build_translations(page: StatementPage, translations: Sequence[Translation]) -> dict[str, Any]:
    """Link an original to its translations, or a translation to its original if that is public."""
    if page.original_id is None:
        return {"workTranslation": [_build_work(work) for work in translations]}
    return {
        "translationOfWork": next(
            (_build_work(work) for work in translations if work.is_original), None
        )
    }


def _build_work(work: Translation) -> dict[str, str]:
    return {
        "@type": "NewsArticle",
        "@id": _statement_url(work.slug),
        "name": work.headline,
        "inLanguage": work.language,
    }


def _statement_url(slug: str) -> str:
    return _page_url("detail", slug)


def _page_url(name: str, slug: str) -> str:
    return settings.SITE_URL + reverse_path(f"statements:{name}", slug)


def _format_time(at: ReleaseDate | None) -> str:
    return at.isoformat() if at else ""
