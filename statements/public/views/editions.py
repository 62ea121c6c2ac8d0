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

from statements.content.diff import changes
from statements.public.article import article
from statements.public.responses import page, public_file_address, public_page
from statements.public.views.statement import (
    moved_on,
    not_standing,
    standing,
    what_is_shown,
)
from statements.published.editions import Opened
from statements.published.statement_context import (
    Release,
    Surroundings,
    readable,
    surroundings,
)


@public_page
def editions(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    """Every edition that was public, newest first, each with what changed in it."""
    opened = standing(slug, at)
    if opened is None:
        return not_standing(slug, at)
    if moved := moved_on(opened, slug, "editions"):
        return moved
    around = surroundings(opened, at=at)
    return page(
        "statements/editions.html",
        **what_is_shown(opened, around),
        history=_history(opened, around, at),
    )


@public_page
def edition(request: HttpRequest, *, slug: str, number: int, at: dt.datetime) -> HttpResponse:
    """An earlier wording, said to be one. The number of the one that stands leads to it."""
    opened = standing(slug, at)
    if opened is None:
        return not_standing(slug, at)
    if moved := moved_on(opened, slug, "edition", number=number):
        return moved
    around = surroundings(opened, at=at)
    release = next((r for r in around.releases if r.number == number), None)
    if release is None:
        raise Http404
    if release.edition_id == opened.edition.pk:
        # Not for ever: another edition may follow.
        return HttpResponseRedirect(reverse("statements:detail", kwargs={"slug": slug}))
    earlier = readable(opened, at=at).get(release.edition_id)
    return page(
        "statements/edition.html",
        status=200 if earlier else 410,
        **what_is_shown(opened, around)
        | {
            "article": article(earlier.words, [], public_file_address) if earlier else None,
            "release": release,
            "since": [
                r for r in around.releases if r.number > number and r.note and r.amendment != "typo"
            ][::-1],
        },
    )


def _history(opened: Opened, around: Surroundings, at: dt.datetime) -> list[dict[str, Any]]:
    """Newest first: each release, what changed in it, and whether its words can be read."""
    words = {pk: one.words for pk, one in readable(opened, at=at).items()}
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
                "changes": changes(words[before.edition_id], words[release.edition_id])
                if before and {before.edition_id, release.edition_id} <= words.keys()
                else [],
            }
        )
        before = release
    return found[::-1]
