"""Pages of themes, speakers and bodies, and the alphabetical lists of them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone

from organisations import tenures
from statements.content.quote_excerpt import Quotation, first_quotation
from statements.public.article import reachable
from statements.public.responses import page, public_page
from statements.published import profiles
from statements.published.editions import Named
from statements.search import statement_list

NAMES = 200
"""Names on one page of an index."""
LONGEST_START = 200
QUOTED = 3
"""Statements that a speaker's page quotes."""


# --- The lists of names ---------------------------------------------------------------------------


@public_page
def themes(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    return _index(request, "theme", at)


@public_page
def speakers(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    return _index(request, "speaker", at)


@public_page
def organisations(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    return _index(request, "organisation", at)


def _index(request: HttpRequest, what: str, at: dt.datetime) -> HttpResponse:
    """Names with a public edition, by the alphabet; `?from=` opens it further on.

    Any letters open it there, so that no answer tells whether somebody is called that.
    """
    start = request.GET.get("from", "").replace("\0", "")[:LONGEST_START]
    names = profiles.index(what, start=start, most=NAMES + 1, at=at)
    more = names[NAMES:]
    return page(
        f"statements/{what}s.html",
        names=names[:NAMES],
        further=urlencode({"from": more[0].place}) if more else "",
        started=bool(start),
        here=f"{what}s",
    )


# --- One of them ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class OnItsPage(statement_list.Filters):
    """The statements of the one whose page it is: its address names them already."""

    def query(self, **changed: str) -> str:
        return urlencode({name: value for name, value in changed.items() if value})


@public_page
def theme(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    """What it is about, and what was said on it. Two queries, three on a later page."""
    found = _found(profiles.theme(slug, at=at))
    return _moved("theme", slug, found) or page(
        "statements/theme.html", **_shown(request, "theme", found, at)
    )


@public_page
def speaker(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    """Who it is and what they said last, in their own words; then everything. Four queries."""
    found = _found(profiles.speaker(slug, at=at))
    if moved := _moved("speaker", slug, found):
        return moved
    shown = _shown(request, "speaker", found, at)
    if not shown["further"]:
        shown["roles"] = _dated(profiles.roles_of(found, at=at), at)
        shown["quoted"] = _quoted(shown["page"].rows, found.named, at)
    return page("statements/speaker.html", **shown)


@public_page
def organisation(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    """Who they are, whom to ring, and what was said by or for them. Four queries."""
    found = _found(profiles.organisation(slug, at=at))
    if moved := _moved("organisation", slug, found):
        return moved
    shown = _shown(request, "organisation", found, at)
    if not shown["further"]:
        shown["people"] = _dated(profiles.spoke_for(found, at=at), at)
        shown["contacts"] = [reachable(one) for one in profiles.contacts(found)]
    return page("statements/organisation.html", **shown)


SubjectT = TypeVar("SubjectT", bound=profiles.Subject)


def _found(subject: SubjectT | None) -> SubjectT:
    if subject is None:
        raise Http404
    return subject


def _moved(what: str, slug: str, found: profiles.Subject) -> HttpResponse | None:
    """An address that they had leads to the present one for ever."""
    if found.named.slug == slug:
        return None
    address = {"slug": found.named.slug}
    return HttpResponsePermanentRedirect(reverse(f"statements:{what}", kwargs=address))


def _shown(
    request: HttpRequest, what: str, found: profiles.Subject, at: dt.datetime
) -> dict[str, Any]:
    """Statements under this name, older and newer; who it is stands in full beside the newest."""
    return {
        "here": f"{what}s",
        "subject": found,
        "page": statement_list.page(request.GET, OnItsPage({what: found.named}), at=at),
        "further": "older" in request.GET or "newer" in request.GET,
    }


def _dated(roles: list[profiles.Role], at: dt.datetime) -> list[tuple[profiles.Role, str]]:
    """Each role with when it was held, in words."""
    today = timezone.localdate(at)
    return [(one, tenures.in_months(one.starts_on, one.ends_on, today=today)) for one in roles]


def _quoted(rows: list, speaker: Named, at: dt.datetime) -> list[tuple[Any, Quotation]]:
    """The newest statements that quote this person, each with how the quotation begins.

    Words that were retracted are not held up as theirs; the row of their statement says so.
    """
    newest = [row for row in rows if row.amendment != "retraction"][:QUOTED]
    words = profiles.words([row.id for row in newest], at=at)
    addresses = speaker.former | {speaker.slug}
    found = [(row, first_quotation(words[row.id], addresses)) for row in newest if row.id in words]
    return [(row, quotation) for row, quotation in found if quotation]
