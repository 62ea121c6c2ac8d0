"""Show one statement: its page, its plain text, and what replaces it once it is gone."""

import datetime as dt
from dataclasses import replace
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

from statements.content import rendering
from statements.content.byline import describe_publishers
from statements.public import json_ld
from statements.public.article import (
    LANGUAGE_NAMES,
    FileUrlBuilder,
    build_article,
    contact_with_tel,
    format_file_label,
    is_picture,
    list_publisher_links,
)
from statements.public.jinja2 import reverse_path
from statements.public.responses import (
    public_file_url,
    public_view,
    render_page,
    text_response,
)
from statements.published.editions import (
    Notice,
    PublicName,
    StatementPage,
    load_current_statement,
    load_erased_notice,
    load_gone_notice,
    load_withdrawn_statement,
)
from statements.published.joint_contacts import load_joint_contacts
from statements.published.neighbours import find_neighbours
from statements.published.statement_context import (
    Release,
    StatementContext,
    load_context,
    with_preview_release,
)
from statements.related.articles import (
    cached_recent_by_speaker,
    find_related_articles,
)
from statements.release_dates import format_release_date

TEXT_SEPARATOR = "\n\n* * *\n\n"
"""Separates the content from the facts of its publication, in the plain text."""


@public_view
def detail(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    """Show the current edition, or a withdrawn one under its notice, or say that it is gone."""
    if page := load_readable_statement(slug, at):
        return redirect_to_current(page, slug, "detail") or render_statement_page(page, at)
    return gone_response(slug, at)


@public_view
def text(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    """Return the exact content, after a retraction note, before the facts of publication.

    Withdrawn content stays readable under its notice on the detail page alone: here is the notice.
    """
    page = load_readable_statement(slug, at)
    if page is None:
        return gone_response(slug, at, as_text=True)
    if page.notice:
        return text_response(page.notice.text + "\n", status=410)
    if redirect := redirect_to_current(page, slug, "text"):
        return redirect
    context = load_context(page, at=at)
    retraction = [_format_amendment(context.releases[-1])] if _is_retracted(context) else []
    parts = [
        *retraction,
        rendering.render_plain_text(page.edition.content_data),
        *_format_files(page),
        _format_facts(page, context),
    ]
    return text_response(TEXT_SEPARATOR.join(parts) + "\n")


def _format_files(page: StatementPage) -> list[str]:
    """Return one text with a paragraph for each picture and file, or no text at all."""
    paragraphs = [
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
        for file in page.edition.content_data.get("files", [])
    ]
    return ["\n\n".join(paragraphs)] if paragraphs else []


def _format_facts(page: StatementPage, context: StatementContext) -> str:
    edition, releases = page.edition, context.releases
    lines = [f"Published by {describe_publishers(edition.content_data)}"]
    lines += [format_release_date(releases[0].released)] if releases else []
    lines += [settings.SITE_URL + reverse_path("statements:detail", edition.slug)]
    if len(releases) > 1:
        lines += [f"Edition {releases[-1].number}, {format_release_date(releases[-1].released)}"]
    lines += [_format_amendment(release) for release in noted_releases(context)]
    return "\n".join(lines)


def _format_amendment(release: Release) -> str:
    return f"{release.label}, {format_release_date(release.released)}: {release.note}"


# --- Which edition, or what instead ---------------------------------------------------------------


def load_readable_statement(slug: str, at: dt.datetime) -> StatementPage | None:
    """Return the current edition at this address, or a withdrawn one that stays readable."""
    return load_current_statement(slug, at=at) or load_withdrawn_statement(slug, at=at)


def redirect_to_current(
    page: StatementPage, slug: str, name: str, **kwargs: Any
) -> HttpResponse | None:
    """Return a permanent redirect if the slug is a former one."""
    if page.edition.slug == slug:
        return None
    kwargs = {"slug": page.edition.slug} | kwargs
    return HttpResponsePermanentRedirect(reverse(f"statements:{name}", kwargs=kwargs))


def gone_response(slug: str, at: dt.datetime, *, as_text: bool = False) -> HttpResponse:
    """Return 410 with the reason, or a redirect; raise Http404 if it was never public."""
    notice = load_gone_notice(slug, at=at) or load_erased_notice(slug, at=at)
    if notice is None:
        raise Http404
    if notice.target:
        return HttpResponseRedirect(notice.target)  # not permanent: a statement can be restored
    if as_text:
        return text_response(notice.text + "\n", status=410)
    return render_gone_page(notice)


def render_gone_page(notice: Notice) -> HttpResponse:
    """Return the page, with status 410, that stands where a statement was."""
    contact = notice.contact and contact_with_tel(notice.contact)
    return render_page("410.html", status=410, notice=notice, contact=contact)


# --- The page -------------------------------------------------------------------------------------


def render_statement_page(
    page: StatementPage,
    at: dt.datetime,
    *,
    preview: bool = False,
    file_url: FileUrlBuilder = public_file_url,
    preview_release: Release | None = None,
    speakers: list[PublicName] | None = None,
    template: str = "statements/detail.html",
    **extra_context: Any,
) -> HttpResponse:
    """Render the page of one edition; a preview has no metadata for other sites.

    With `preview_release`, the page looks as if that release had followed the others. `speakers`
    are those of an edition that is not in the database.
    """
    context = load_context(page, at=at)
    if speakers is not None:
        context = replace(context, speakers=speakers)
    newest = cached_recent_by_speaker(page, at=at)
    earlier, later = find_neighbours(page, newest=newest, at=at)
    if preview_release:
        context = with_preview_release(preview_release, page, context)
    base = base_context(page, context, file_url)
    return render_page(
        template,
        **base,
        **({} if preview or page.notice else _metadata_context(page, context, base)),
        **extra_context,
        related_articles=[] if page.notice else find_related_articles(page, context, at=at),
        earlier=earlier,
        later=later,
        first_speaker=context.speakers[0].name if context.speakers else "",
        preview=preview,
        contact=contact_with_tel(page.contact),
        joint_contacts=[
            (joint.publisher, contact_with_tel(joint.details))
            for joint in load_joint_contacts(base["article"].publishers, page.contact)
        ],
    )


def _metadata_context(
    page: StatementPage, context: StatementContext, base: dict[str, Any]
) -> dict[str, Any]:
    language = page.edition.language
    return {
        "locale": json_ld.LOCALES.get(language, language),
        "json_ld": json_ld.render_news_article(
            page,
            base["article"],
            notes=[note for note in base["amendments"] if note.amendment != "update"],
            translations=context.translations,
            is_retracted=base["is_retracted"],
        ),
    }


def base_context(
    page: StatementPage,
    context: StatementContext,
    file_url: FileUrlBuilder = public_file_url,
) -> dict[str, Any]:
    """Return the context that the pages of a statement and of its editions share."""
    edition = page.edition
    amendments = noted_releases(context)
    return {
        "edition": edition,
        "statement_url": settings.SITE_URL + reverse_path("statements:detail", edition.slug),
        "article": build_article(edition.content_data, context.speakers, file_url),
        "publishers": list_publisher_links(page),
        "notice": page.notice,
        "themes": page.themes,
        "releases": context.releases,
        "amendments": amendments[::-1],
        "updated_at": amendments[-1].released_at if amendments else None,
        "is_retracted": _is_retracted(context),
        "translations": [(t, LANGUAGE_NAMES[t.language]) for t in context.translations],
    }


def noted_releases(context: StatementContext) -> list[Release]:
    return [r for r in context.releases if r.note and r.amendment != "typo"]


def _is_retracted(context: StatementContext) -> bool:
    return bool(context.releases) and context.releases[-1].amendment == "retraction"
