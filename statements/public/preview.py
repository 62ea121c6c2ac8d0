"""Render pages before they are public, for the newsdesk and for people outside."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse

from statements.public.article import FileUrlBuilder
from statements.public.responses import public_file_url, render_page
from statements.public.views.statement import base_context, render_statement_page
from statements.publicness import is_listed, is_released
from statements.published.editions import Notice, load_statement_page
from statements.published.statement_context import build_preview_release, load_context


def detail_response(
    request: HttpRequest,
    edition: Any,
    *,
    at: dt.datetime,
    preview: bool,
    file_url: FileUrlBuilder = public_file_url,
) -> HttpResponse:
    """Return the page of any edition as the public would see it, with its own correction note."""
    release = None
    if preview and not is_released(edition, at):
        release = build_preview_release(
            edition.pk, edition.amendment, edition.public_note, at=edition.release_at or at
        )
    return render_statement_page(
        load_statement_page(edition),
        at,
        preview=preview,
        preview_release=release,
        file_url=file_url,
    )


def signoff_response(
    edition: Any, *, at: dt.datetime, file_url: FileUrlBuilder, **context: Any
) -> HttpResponse:
    """Return the same page for somebody outside, without any time in the future."""
    page = load_statement_page(edition)
    if not is_listed(page.edition, at):
        page.edition.first_release_at = None
    release = build_preview_release(edition.pk, edition.amendment, edition.public_note, at=at)
    return render_statement_page(
        page,
        at,
        preview=True,
        preview_release=release,
        file_url=file_url,
        template="statements/preview.html",
        **context,
    )


def closed_preview_response(*, status: int, **context: Any) -> HttpResponse:
    """Return the page that replaces a preview which somebody outside may no longer read."""
    return render_page("statements/preview_closed.html", status=status, **context)


def render_preview(edition: Any, *, at: dt.datetime, file_url: FileUrlBuilder) -> str:
    page = load_statement_page(edition)
    return render_statement_page(page, at, preview=True, file_url=file_url).content.decode()


def render_with_amendment(edition: Any, amendment: str, note: str, *, at: dt.datetime) -> str:
    """Render the page as if the edition came out now as this amendment, with this note."""
    release = build_preview_release(edition.pk, amendment, note, at=at)
    return render_statement_page(
        load_statement_page(edition), at, preview=True, preview_release=release
    ).content.decode()


def render_under_notice(edition: Any, text: str, *, at: dt.datetime) -> str:
    """Render the page as it would look under a withdrawal notice."""
    page = replace(load_statement_page(edition), notice=Notice(text, at))
    return render_statement_page(page, at, preview=True).content.decode()


def render_gone(text: str, *, at: dt.datetime) -> str:
    """Render what the address would answer once the statement is removed."""
    return render_page("410.html", notice=Notice(text, at)).content.decode()


def render_removed(edition: Any, *, at: dt.datetime) -> str | None:
    """Render what would replace this earlier edition, or return None if it was never public."""
    page = load_statement_page(edition)
    context = load_context(page, at=at)
    release = context.find_release(page.edition)
    if release is None:
        return None
    base = base_context(page, context) | {"article": None, "release": release}
    return render_page("statements/edition.html", **base).content.decode()
