"""Earlier wordings: every edition that was public, and what changed from one to the next."""

import datetime as dt
from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.urls import reverse

from statements.content.diff import diff_content
from statements.public.article import build_article
from statements.public.responses import public_file_url, public_view, render_page
from statements.public.views.statement import (
    base_context,
    gone_response,
    load_readable_statement,
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
    """Every edition that was public, newest first, each with what changed in it."""
    opened = load_readable_statement(slug, at)
    if opened is None:
        return gone_response(slug, at)
    if moved := redirect_to_current(opened, slug, "editions"):
        return moved
    around = load_context(opened, at=at)
    return render_page(
        "statements/editions.html",
        **base_context(opened, around),
        history=_build_history(opened, around, at),
    )


@public_view
def edition(request: HttpRequest, *, slug: str, number: int, at: dt.datetime) -> HttpResponse:
    """An earlier wording, said to be one. The number of the one that stands leads to it."""
    opened = load_readable_statement(slug, at)
    if opened is None:
        return gone_response(slug, at)
    if moved := redirect_to_current(opened, slug, "edition", number=number):
        return moved
    around = load_context(opened, at=at)
    release = next((r for r in around.releases if r.number == number), None)
    if release is None:
        raise Http404
    if release.edition_id == opened.edition.pk:
        # Not for ever: another edition may follow.
        return HttpResponseRedirect(reverse("statements:detail", kwargs={"slug": slug}))
    earlier = load_readable_editions(opened, at=at).get(release.edition_id)
    return render_page(
        "statements/edition.html",
        status=200 if earlier else 410,
        **base_context(opened, around)
        | {
            "article": build_article(earlier.content_data, [], public_file_url)
            if earlier
            else None,
            "release": release,
            "since": [
                r for r in around.releases if r.number > number and r.note and r.amendment != "typo"
            ][::-1],
        },
    )


def _build_history(
    opened: StatementPage, around: StatementContext, at: dt.datetime
) -> list[dict[str, Any]]:
    """Newest first: each release, what changed in it, and whether its words can be read."""
    words = {pk: one.content_data for pk, one in load_readable_editions(opened, at=at).items()}
    found: list[dict[str, Any]] = []
    before: Release | None = None
    for release in around.releases:
        found.append(
            {
                "release": release,
                "is_open": release.edition_id == opened.edition.pk,
                "is_readable": release.edition_id in words,
                "is_first": before is None,
                "can_compare": before is not None
                and {before.edition_id, release.edition_id} <= words.keys(),
                "changes": diff_content(words[before.edition_id], words[release.edition_id])
                if before and {before.edition_id, release.edition_id} <= words.keys()
                else [],
            }
        )
        before = release
    return found[::-1]
