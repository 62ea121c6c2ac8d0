"""One statement: its page, its plain text, and the way onward where it no longer stands."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.urls import reverse
from django.utils import timezone

from statements.content import rendering
from statements.public import json_ld
from statements.public.article import (
    LANGUAGE_NAMES,
    build_article,
    contact_with_tel,
    format_file_label,
    is_picture,
    tel_href,
)
from statements.public.jinja2 import reverse_path
from statements.public.responses import (
    FileUrlBuilder,
    public_file_url,
    public_view,
    render_page,
    text_response,
)
from statements.published import neighbours
from statements.published.editions import (
    StatementPage,
    load_current_statement,
    load_gone_notice,
    load_withdrawn_statement,
)
from statements.published.statement_context import (
    Release,
    StatementContext,
    load_context,
    with_preview_release,
)
from statements.related.articles import (
    build_extra_queries,
    cached_recent_by_speaker,
    find_related_articles,
)

TEXT_SEPARATOR = "\n\n* * *\n\n"
"""Between the words and the facts of their publication, in the plain text."""


@public_view
def detail(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    """The current edition; under a notice when withdrawn; 410 or a way onward when gone."""
    if opened := load_readable_statement(slug, at):
        return redirect_to_current(opened, slug, "detail") or render_statement_page(opened, at)
    return gone_response(slug, at)


@public_view
def text(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    """The words exactly, then where and when they were published; before all, that they were
    retracted.

    Withdrawn words stand under their notice on the detail page alone: here is the notice.
    """
    opened = load_readable_statement(slug, at)
    if opened is None:
        return gone_response(slug, at, as_text=True)
    if opened.notice:
        return text_response(opened.notice.text + "\n", status=410)
    if moved := redirect_to_current(opened, slug, "text"):
        return moved
    around = load_context(opened, at=at)
    words = rendering.render_plain_text(opened.edition.content_data)
    retracted = [_format_amendment(r) for r in around.releases[-1:] if r.amendment == "retraction"]
    facts = _format_facts(opened, around)
    return text_response(
        TEXT_SEPARATOR.join([*retracted, words, *_format_files(opened), facts]) + "\n"
    )


def _format_files(opened: StatementPage) -> list[str]:
    """Pictures and files by title and address, each on lines of its own; one text, or none."""
    said = [
        "\n".join(
            filter(
                None,
                [
                    f"{file['title'] or file['name']} ({format_file_label(file)})",
                    file["alt"] if is_picture(file) else "",
                    ". ".join(filter(None, [file["credit"], file["terms"]])),
                    settings.SITE_URL + public_file_url(file["digest"], file["name"]),
                ],
            )
        )
        for file in opened.edition.content_data.get("files", [])
    ]
    return ["\n\n".join(said)] if said else []


def _format_facts(opened: StatementPage, around: StatementContext) -> str:
    edition = opened.edition
    address = settings.SITE_URL + reverse_path("statements:detail", edition.slug)
    lines = [f"Published by {edition.content_data['organisation']['name']}"]
    lines += [f"{_format_time(around.releases[0].released_at)}"] if around.releases else []
    lines += [address]
    if len(around.releases) > 1:
        last = around.releases[-1]
        lines += [f"Edition {last.number}, {_format_time(last.released_at)}"]
    lines += [
        _format_amendment(release)
        for release in around.releases
        if release.note and release.amendment != "typo"
    ]
    return "\n".join(lines)


def _format_amendment(release: Release) -> str:
    return f"{release.label}, {_format_time(release.released_at)}: {release.note}"


def _format_time(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%-d %B %Y, %H:%M %Z}"


# --- Where it stands ------------------------------------------------------------------------------


def load_readable_statement(slug: str, at: dt.datetime) -> StatementPage | None:
    """The edition to be read at this address, in force or under a notice of withdrawal."""
    return load_current_statement(slug, at=at) or load_withdrawn_statement(slug, at=at)


def redirect_to_current(
    opened: StatementPage, slug: str, name: str, **address: Any
) -> HttpResponse | None:
    """An old address leads to the present one for ever."""
    if opened.edition.slug == slug:
        return None
    address = {"slug": opened.edition.slug} | address
    return HttpResponsePermanentRedirect(reverse(f"statements:{name}", kwargs=address))


def gone_response(slug: str, at: dt.datetime, *, as_text: bool = False) -> HttpResponse:
    """410 with the reason, or onward: by 302, as a statement that is gone may be restored.

    Raises Http404 for what never was public.
    """
    notice = load_gone_notice(slug, at=at)
    if notice is None:
        raise Http404
    if notice.target:
        return HttpResponseRedirect(notice.target)
    if as_text:
        return text_response(notice.text + "\n", status=410)
    contact = notice.contact and contact_with_tel(notice.contact)
    return render_page("410.html", status=410, notice=notice, contact=contact)


# --- The page -------------------------------------------------------------------------------------


def render_statement_page(
    opened: StatementPage,
    at: dt.datetime,
    *,
    preview: bool = False,
    file_url: FileUrlBuilder = public_file_url,
    preview_release: Release | None = None,
    template: str = "statements/detail.html",
    **context: Any,
) -> HttpResponse:
    """The page of any one edition; as a preview without what is told to other machines.

    With `coming`, as if that release of it had followed those that were.
    """
    lately = cached_recent_by_speaker(opened, at=at)
    speaker = opened.speaker_id if lately is None else None
    around = load_context(opened, at=at, extra_queries=build_extra_queries, speaker=speaker)
    nearest = neighbours.find_neighbour_rows(around.extra_rows) if lately is None else lately
    earlier, later = neighbours.choose_neighbours(nearest, opened, at=at)
    if preview_release:
        around = with_preview_release(preview_release, opened, around)
    near = [] if opened.notice else find_related_articles(opened, around, at=at)
    shown = base_context(opened, around, file_url)
    return render_page(
        template,
        **shown,
        **({} if preview or opened.notice else _machine_context(opened, around, shown)),
        **context,
        related=near,
        earlier=earlier,
        later=later,
        first_speaker=around.speakers[0].name if around.speakers else "",
        preview=preview,
        contact=opened.contact,
        tel={name: tel_href(number) for name, number in opened.contact.items() if "phone" in name},
    )


def _machine_context(
    opened: StatementPage, around: StatementContext, shown: dict[str, Any]
) -> dict[str, Any]:
    """What a page says to other machines than browsers."""
    return {
        "locale": json_ld.LOCALES.get(opened.edition.language, opened.edition.language),
        "structured": json_ld.render_news_article(
            opened,
            shown["article"],
            notes=shown["amendments"],
            translations=around.translations,
            is_retracted=shown["is_retracted"],
        ),
    }


def base_context(
    opened: StatementPage,
    around: StatementContext,
    file_url: FileUrlBuilder = public_file_url,
) -> dict[str, Any]:
    """What the page of a statement and that of an earlier wording have in common."""
    edition = opened.edition
    notes = [r for r in around.releases if r.note and r.amendment != "typo"]
    return {
        "edition": edition,
        "address": settings.SITE_URL + reverse_path("statements:detail", edition.slug),
        "article": build_article(edition.content_data, around.speakers, file_url),
        "publisher_slug": opened.publisher_slug,
        "notice": opened.notice,
        "themes": opened.themes,
        "releases": around.releases,
        "amendments": notes[::-1],
        "updated": notes[-1].released_at if notes else None,
        "is_retracted": bool(around.releases) and around.releases[-1].amendment == "retraction",
        "translations": [(t, LANGUAGE_NAMES[t.language]) for t in around.translations],
    }
