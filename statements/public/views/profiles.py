"""Pages of themes, speakers and bodies, and the alphabetical lists of them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone

from organisations import tenures
from statements.content.quote_excerpt import QuoteExcerpt, find_first_quotation
from statements.public.article import contact_with_tel
from statements.public.responses import public_view, render_page
from statements.published import profiles
from statements.published.editions import PublicName
from statements.search import statement_list
from statements.search.filters import Filters

NAMES_PER_PAGE = 200
"""Names on one page of an index."""
MAX_START_CHARS = 200
MAX_QUOTED_STATEMENTS = 3
"""Statements that a speaker's page quotes."""


# --- The lists of names ---------------------------------------------------------------------------


@public_view
def themes(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    return _render_index(request, "theme", at)


@public_view
def speakers(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    return _render_index(request, "speaker", at)


@public_view
def organisations(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    return _render_index(request, "organisation", at)


def _render_index(request: HttpRequest, what: str, at: dt.datetime) -> HttpResponse:
    """Names with a public edition, by the alphabet; `?from=` opens it further on.

    Any letters open it there, so that no answer tells whether somebody is called that.
    """
    start = request.GET.get("from", "").replace("\0", "")[:MAX_START_CHARS]
    names = profiles.load_index(what, start=start, limit=NAMES_PER_PAGE + 1, at=at)
    more = names[NAMES_PER_PAGE:]
    return render_page(
        f"statements/{what}s.html",
        names=names[:NAMES_PER_PAGE],
        further=urlencode({"from": more[0].sort_key}) if more else "",
        started=bool(start),
        here=f"{what}s",
    )


# --- One of them ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProfileFilters(Filters):
    """The statements of the one whose page it is: its address names them already."""

    def to_query_string(self, **changed: str) -> str:
        return urlencode({name: value for name, value in changed.items() if value})


@public_view
def theme(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    """What it is about, and what was said on it. Two queries, three on a later page."""
    found = _require_profile(profiles.load_theme(slug, at=at))
    return _redirect_to_current("theme", slug, found) or render_page(
        "statements/theme.html", **_build_context(request, "theme", found, at)
    )


@public_view
def speaker(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    """Who it is and what they said last, in their own words; then everything. Four queries."""
    found = _require_profile(profiles.load_speaker(slug, at=at))
    if moved := _redirect_to_current("speaker", slug, found):
        return moved
    shown = _build_context(request, "speaker", found, at)
    if not shown["further"]:
        shown["roles"] = _format_tenures(profiles.load_roles(found, at=at), at)
        shown["quoted"] = _find_quotations(shown["page"].rows, found.public_name, at)
    return render_page("statements/speaker.html", **shown)


@public_view
def organisation(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    """Who they are, whom to ring, and what was said by or for them. Four queries."""
    found = _require_profile(profiles.load_organisation(slug, at=at))
    if moved := _redirect_to_current("organisation", slug, found):
        return moved
    shown = _build_context(request, "organisation", found, at)
    if not shown["further"]:
        shown["people"] = _format_tenures(profiles.load_spokespeople(found, at=at), at)
        shown["contacts"] = [contact_with_tel(one) for one in profiles.load_contacts(found)]
    return render_page("statements/organisation.html", **shown)


ProfileT = TypeVar("ProfileT", bound=profiles.Profile)


def _require_profile(subject: ProfileT | None) -> ProfileT:
    if subject is None:
        raise Http404
    return subject


def _redirect_to_current(what: str, slug: str, found: profiles.Profile) -> HttpResponse | None:
    """An address that they had leads to the present one for ever."""
    if found.public_name.slug == slug:
        return None
    address = {"slug": found.public_name.slug}
    return HttpResponsePermanentRedirect(reverse(f"statements:{what}", kwargs=address))


def _build_context(
    request: HttpRequest, what: str, found: profiles.Profile, at: dt.datetime
) -> dict[str, Any]:
    """Statements under this name, older and newer; who it is stands in full beside the newest."""
    return {
        "here": f"{what}s",
        "subject": found,
        "page": statement_list.load_page(
            request.GET, ProfileFilters({what: found.public_name}), at=at
        ),
        "further": "older" in request.GET or "newer" in request.GET,
    }


def _format_tenures(roles: list[profiles.Role], at: dt.datetime) -> list[tuple[profiles.Role, str]]:
    """Each role with when it was held, in words."""
    today = timezone.localdate(at)
    return [(one, tenures.format_tenure(one.starts_on, one.ends_on, today=today)) for one in roles]


def _find_quotations(
    rows: list, speaker: PublicName, at: dt.datetime
) -> list[tuple[Any, QuoteExcerpt]]:
    """The newest statements that quote this person, each with how the quotation begins.

    Words that were retracted are not held up as theirs; the row of their statement says so.
    """
    newest = [row for row in rows if row.amendment != "retraction"][:MAX_QUOTED_STATEMENTS]
    words = profiles.load_contents([row.id for row in newest], at=at)
    addresses = speaker.former_slugs | {speaker.slug}
    found = [
        (row, find_first_quotation(words[row.id], addresses)) for row in newest if row.id in words
    ]
    return [(row, quotation) for row, quotation in found if quotation]
