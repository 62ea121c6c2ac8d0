"""Show earlier editions, and what changed from one edition to the next."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from statements.content.diff import diff_content
from statements.public.article import build_article
from statements.public.responses import public_file_url, public_view, render_page
from statements.public.views.statement import (
    base_context,
    gone_response,
    load_readable_statement,
    noted_releases,
    redirect_to_current,
)
from statements.published.editions import StatementPage
from statements.published.statement_context import (
    Release,
    StatementContext,
    load_context,
    load_readable_editions,
)


@public_view
def editions(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    """List every edition that was public, newest first, with its changes."""
    page = load_readable_statement(slug, at)
    if page is None:
        return gone_response(slug, at)
    if redirect := redirect_to_current(page, slug, "editions"):
        return redirect
    context = load_context(page, at=at)
    return render_page(
        "statements/editions.html",
        **base_context(page, context),
        history=_build_history(page, context, at),
    )


@public_view
def edition(request: HttpRequest, *, slug: str, number: int, at: dt.datetime) -> HttpResponse:
    """Show an earlier edition under a notice; the current one redirects to the statement."""
    page = load_readable_statement(slug, at)
    if page is None:
        return gone_response(slug, at)
    if redirect := redirect_to_current(page, slug, "edition", number=number):
        return redirect
    context = load_context(page, at=at)
    release = next((r for r in context.releases if r.number == number), None)
    if release is None:
        raise Http404
    if release.edition_id == page.edition.pk:
        # Not permanent: another edition may follow.
        return HttpResponseRedirect(reverse("statements:detail", kwargs={"slug": slug}))
    earlier = load_readable_editions(page, at=at).get(release.edition_id)
    article = build_article(earlier.content_data, [], public_file_url) if earlier else None
    notes = [r for r in noted_releases(context) if r.number > number]
    return render_page(
        "statements/edition.html",
        status=200 if earlier else 410,
        **base_context(page, context)
        | {"article": article, "release": release, "later_notes": notes[::-1]},
    )


def _has_proof(page: StatementPage, release: Release, content: dict[str, Any] | None) -> bool:
    """Return whether its proof may be read: see views/verification.py."""
    is_under_notice = page.notice is not None and release.edition_id == page.edition.pk
    return bool(content and content.get("salt")) and not is_under_notice


def _build_history(
    page: StatementPage, context: StatementContext, at: dt.datetime
) -> list[dict[str, Any]]:
    """Return a row for each release, newest first, with its changes where both can be read."""
    readable = load_readable_editions(page, at=at)
    contents = {pk: edition.content_data for pk, edition in readable.items()}
    rows: list[dict[str, Any]] = []
    previous: Release | None = None
    for release in context.releases:
        old = contents.get(previous.edition_id) if previous else None
        new = contents.get(release.edition_id)
        rows.append(
            {
                "release": release,
                "is_current": release.edition_id == page.edition.pk,
                "is_readable": new is not None,
                "has_proof": _has_proof(page, release, new),
                "is_first": previous is None,
                "can_compare": bool(old and new),
                "changes": diff_content(old, new) if old and new else [],
            }
        )
        previous = release
    return rows[::-1]
