"""Render pages before they are public, for the newsdesk and for people outside."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse

from statements.public.article import FileUrlBuilder
from statements.public.responses import public_file_url, render_page
from statements.public.views.statement import base_context, render_statement_page
from statements.publicness import is_listed, is_released
from statements.published.editions import (
    ERASED_NOTICE,
    Notice,
    PublicName,
    StatementPage,
    load_statement_page,
)
from statements.published.statement_context import build_preview_release, load_context


def detail_response(
    request: HttpRequest,
    edition: Any,
    *,
    at: dt.datetime,
    preview: bool,
    file_url: FileUrlBuilder = public_file_url,
) -> HttpResponse:
    """Return the page of any edition as the public would see it, with its own correction note.

    A withdrawn one stands under its notice, also where the public reads the notice alone.
    """
    release = None
    if preview and not is_released(edition, at):
        release = build_preview_release(
            edition.pk, edition.amendment, edition.public_note, at=edition.release_at or at
        )
    page = load_statement_page(edition)
    if withdrawal := edition.withdrawals.last():
        notice = Notice(withdrawal.notice or ERASED_NOTICE, withdrawal.from_at)
        page = replace(page, notice=notice)
    return render_statement_page(
        page,
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


def signoff_draft_response(
    page: StatementPage, *, at: dt.datetime, file_url: FileUrlBuilder, **context: Any
) -> HttpResponse:
    """Return the page of a draft for somebody outside, without any time in the future."""
    edition = page.edition
    if not is_listed(edition, at):
        edition.first_release_at = None
    return draft_response(
        page, speakers=[], at=at, file_url=file_url, template="statements/preview.html", **context
    )


def preview_screen_response(*, status: int, **context: Any) -> HttpResponse:
    """Return a screen of a preview link that shows nothing of the words."""
    return render_page("statements/preview_screen.html", status=status, **context)


def draft_response(
    page: StatementPage,
    *,
    speakers: list[PublicName],
    at: dt.datetime,
    file_url: FileUrlBuilder,
    **context: Any,
) -> HttpResponse:
    """Return the page of a draft as the public would see it once it is released.

    `page` comes from `published.draft_pages`: nothing of it needs to be in the database.
    """
    edition = page.edition
    release = build_preview_release(
        edition.pk, edition.amendment, edition.public_note, at=edition.first_release_at or at
    )
    return render_statement_page(
        page,
        at,
        preview=True,
        preview_release=release if edition.amendment else None,
        speakers=speakers,
        file_url=file_url,
        **context,
    )


def render_preview(edition: Any, *, at: dt.datetime, file_url: FileUrlBuilder) -> str:
    page = load_statement_page(edition)
    return render_statement_page(page, at, preview=True, file_url=file_url).content.decode()


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
