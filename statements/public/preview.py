"""Pages before they are public, as they would be: for the newsdesk, and for whom it asked."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.http import (
    HttpRequest,
    HttpResponse,
)

from statements.public.responses import FileUrlBuilder, public_file_url, render_page
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
    """The page that the public would see of any one edition, its own note included.

    `file_address` says where those who look find its pictures and files before they are public.
    """
    coming = None
    if preview and not is_released(edition, at):
        released = edition.release_at or at
        coming = build_preview_release(
            edition.pk, edition.amendment, edition.public_note, at=released
        )
    return render_statement_page(
        load_statement_page(edition), at, preview=preview, preview_release=coming, file_url=file_url
    )


def signoff_response(
    edition: Any, *, at: dt.datetime, file_url: FileUrlBuilder, **context: Any
) -> HttpResponse:
    """The same page for somebody outside who was asked about it, without a time that is to come."""
    opened = load_statement_page(edition)
    if not is_listed(opened.edition, at):
        opened.edition.first_release_at = None
    coming = build_preview_release(edition.pk, edition.amendment, edition.public_note, at=at)
    return render_statement_page(
        opened,
        at,
        preview=True,
        preview_release=coming,
        file_url=file_url,
        template="statements/preview.html",
        **context,
    )


def closed_preview_response(*, status: int, **context: Any) -> HttpResponse:
    """In place of a page that somebody outside was asked about, and may read no more."""
    return render_page("statements/preview_closed.html", status=status, **context)


def render_preview(edition: Any, *, at: dt.datetime, file_url: FileUrlBuilder) -> str:
    """The page of any one edition, as it would be public."""
    opened = load_statement_page(edition)
    return render_statement_page(opened, at, preview=True, file_url=file_url).content.decode()


def render_with_amendment(edition: Any, amendment: str, note: str, *, at: dt.datetime) -> str:
    """The page of this edition as if it came out now as such a change, with this note."""
    coming = build_preview_release(edition.pk, amendment, note, at=at)
    return render_statement_page(
        load_statement_page(edition), at, preview=True, preview_release=coming
    ).content.decode()


def render_under_notice(edition: Any, text: str, *, at: dt.datetime) -> str:
    """The page of this edition as it would stand under a withdrawal notice."""
    opened = replace(load_statement_page(edition), notice=Notice(text, at))
    return render_statement_page(opened, at, preview=True).content.decode()


def render_gone(text: str, *, at: dt.datetime) -> str:
    """What the address of a statement would answer once its words are gone."""
    return render_page("410.html", notice=Notice(text, at)).content.decode()


def render_removed(edition: Any, *, at: dt.datetime) -> str | None:
    """What would stand in place of this earlier wording; None if it never was public."""
    opened = load_statement_page(edition)
    around = load_context(opened, at=at)
    release = around.find_release(opened.edition)
    if release is None:
        return None
    context = base_context(opened, around) | {"article": None, "release": release}
    return render_page("statements/edition.html", **context).content.decode()
