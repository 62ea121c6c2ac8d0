"""Show profile pages of themes, speakers and organisations, and their alphabetical indexes."""

import datetime as dt
from collections.abc import Sequence
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
MAX_START_CHARS = 200
MAX_QUOTED_STATEMENTS = 3


# --- Indexes --------------------------------------------------------------------------------------


@public_view
def themes(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    return _render_index(request, "theme", at)


@public_view
def speakers(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    return _render_index(request, "speaker", at)


@public_view
def organisations(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    return _render_index(request, "organisation", at)


def _render_index(request: HttpRequest, kind: str, at: dt.datetime) -> HttpResponse:
    """List names that have a public edition; `?from=` starts further on in the alphabet.

    Any letters are accepted there, so that no answer shows whether a name exists.
    """
    start = request.GET.get("from", "").replace("\0", "")[:MAX_START_CHARS]
    entries = profiles.load_index(kind, start=start, limit=NAMES_PER_PAGE + 1, at=at)
    next_entries = entries[NAMES_PER_PAGE:]
    return render_page(
        f"statements/{kind}s.html",
        entries=entries[:NAMES_PER_PAGE],
        next_query=urlencode({"from": next_entries[0].sort_key}) if next_entries else "",
        is_later_page=bool(start),
        current_section=f"{kind}s",
    )


# --- Profile pages --------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProfileFilters(Filters):
    """Select the statements of a profile, which the address of the page names already."""

    def to_query_string(self, **changed: str) -> str:
        return urlencode({name: value for name, value in changed.items() if value})


@public_view
def theme(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    profile = _require_profile(profiles.load_theme(slug, at=at))
    if redirect := _redirect_to_current("theme", slug, profile):
        return redirect
    return render_page("statements/theme.html", **_build_context(request, "theme", profile, at))


@public_view
def speaker(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    """Show a speaker's roles, newest quotations and statements."""
    profile = _require_profile(profiles.load_speaker(slug, at=at))
    if redirect := _redirect_to_current("speaker", slug, profile):
        return redirect
    context = _build_context(request, "speaker", profile, at)
    if not context["is_later_page"]:
        context["roles"] = _add_tenures(profiles.load_roles(profile, at=at), at)
        context["quotations"] = _find_quotations(context["page"].rows, profile.public_name, at)
    return render_page("statements/speaker.html", **context)


@public_view
def organisation(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    """Show an organisation's contacts and spokespeople, and what was said by or for it."""
    profile = _require_profile(profiles.load_organisation(slug, at=at))
    if redirect := _redirect_to_current("organisation", slug, profile):
        return redirect
    context = _build_context(request, "organisation", profile, at)
    if not context["is_later_page"]:
        context["spokespeople"] = _add_tenures(profiles.load_spokespeople(profile, at=at), at)
        contacts = profiles.load_contacts(profile)
        context["contacts"] = [contact_with_tel(contact) for contact in contacts]
    return render_page("statements/organisation.html", **context)


ProfileT = TypeVar("ProfileT", bound=profiles.Profile)


def _require_profile(profile: ProfileT | None) -> ProfileT:
    if profile is None:
        raise Http404
    return profile


def _redirect_to_current(kind: str, slug: str, profile: profiles.Profile) -> HttpResponse | None:
    if profile.public_name.slug == slug:
        return None
    kwargs = {"slug": profile.public_name.slug}
    return HttpResponsePermanentRedirect(reverse(f"statements:{kind}", kwargs=kwargs))


def _build_context(
    request: HttpRequest, kind: str, profile: profiles.Profile, at: dt.datetime
) -> dict[str, Any]:
    filters = ProfileFilters({kind: profile.public_name})
    return {
        "current_section": f"{kind}s",
        "profile": profile,
        "page": statement_list.load_page(request.GET, filters, at=at),
        "is_later_page": "older" in request.GET or "newer" in request.GET,
    }


def _add_tenures(roles: list[profiles.Role], at: dt.datetime) -> list[tuple[profiles.Role, str]]:
    today = timezone.localdate(at)
    return [
        (role, tenures.format_tenure(role.starts_on, role.ends_on, today=today)) for role in roles
    ]


def _find_quotations(
    rows: Sequence[Any], speaker: PublicName, at: dt.datetime
) -> list[tuple[Any, QuoteExcerpt]]:
    """Return the newest statements that quote this person, each with its first quotation.

    Retracted ones are left out; their rows in the list below say that they were retracted.
    """
    newest = [row for row in rows if row.amendment != "retraction"][:MAX_QUOTED_STATEMENTS]
    contents = profiles.load_contents([row.id for row in newest], at=at)
    slugs = speaker.former_slugs | {speaker.slug}
    quotations = [
        (row, find_first_quotation(contents[row.id], slugs)) for row in newest if row.id in contents
    ]
    return [(row, quotation) for row, quotation in quotations if quotation]
