"""Pages before they are public, as they would be: for the newsdesk, and for whom it asked."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.http import (
    HttpRequest,
    HttpResponse,
)

from statements.public.responses import FileAddress, page, public_file_address
from statements.public.views.statement import statement_page, what_is_shown
from statements.publicness import is_listed, is_released
from statements.published.editions import Notice, open_edition
from statements.published.statement_context import coming_release, surroundings


def detail_response(
    request: HttpRequest,
    edition: Any,
    *,
    at: dt.datetime,
    preview: bool,
    file_address: FileAddress = public_file_address,
) -> HttpResponse:
    """The page that the public would see of any one edition, its own note included.

    `file_address` says where those who look find its pictures and files before they are public.
    """
    coming = None
    if preview and not is_released(edition, at):
        released = edition.release_at or at
        coming = coming_release(edition.pk, edition.amendment, edition.public_note, at=released)
    return statement_page(
        open_edition(edition), at, preview=preview, coming=coming, file_address=file_address
    )


def outside_response(
    edition: Any, *, at: dt.datetime, file_address: FileAddress, **context: Any
) -> HttpResponse:
    """The same page for somebody outside who was asked about it, without a time that is to come."""
    opened = open_edition(edition)
    if not is_listed(opened.edition, at):
        opened.edition.first_release_at = None
    coming = coming_release(edition.pk, edition.amendment, edition.public_note, at=at)
    return statement_page(
        opened,
        at,
        preview=True,
        coming=coming,
        file_address=file_address,
        template="statements/preview.html",
        **context,
    )


def closed_response(*, status: int, **context: Any) -> HttpResponse:
    """In place of a page that somebody outside was asked about, and may read no more."""
    return page("statements/preview_closed.html", status=status, **context)


def page_of(edition: Any, *, at: dt.datetime, file_address: FileAddress) -> str:
    """The page of any one edition, as it would be public."""
    opened = open_edition(edition)
    return statement_page(opened, at, preview=True, file_address=file_address).content.decode()


def page_with_amendment(edition: Any, amendment: str, note: str, *, at: dt.datetime) -> str:
    """The page of this edition as if it came out now as such a change, with this note."""
    coming = coming_release(edition.pk, amendment, note, at=at)
    return statement_page(open_edition(edition), at, preview=True, coming=coming).content.decode()


def page_under_notice(edition: Any, text: str, *, at: dt.datetime) -> str:
    """The page of this edition as it would stand under a withdrawal notice."""
    opened = replace(open_edition(edition), notice=Notice(text, at))
    return statement_page(opened, at, preview=True).content.decode()


def page_when_gone(text: str, *, at: dt.datetime) -> str:
    """What the address of a statement would answer once its words are gone."""
    return page("410.html", notice=Notice(text, at)).content.decode()


def page_when_removed(edition: Any, *, at: dt.datetime) -> str | None:
    """What would stand in place of this earlier wording; None if it never was public."""
    opened = open_edition(edition)
    around = surroundings(opened, at=at)
    release = around.release_of(opened.edition)
    if release is None:
        return None
    context = what_is_shown(opened, around) | {"article": None, "release": release}
    return page("statements/edition.html", **context).content.decode()
