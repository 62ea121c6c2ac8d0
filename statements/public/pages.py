"""The public pages. The clock is read once, here, and everything is asked through the door.

Templates are rendered without the request: a page depends on its address, the clock and the
record, and on nobody's session.
"""

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from statements import wording
from statements.changes import changes
from statements.public import beside, cache, search, structured
from statements.public import listing as lists
from statements.public.article import LANGUAGE_NAMES, article, dialled, is_picture, label, reachable
from statements.public.door import neighbours
from statements.public.door.around import (
    Release,
    Surroundings,
    coming_release,
    followed_by,
    readable,
    surroundings,
)
from statements.public.editions import Notice, Opened, current, gone, open_edition, withdrawn
from statements.public.related import related

SEPARATOR = "\n\n* * *\n\n"
"""Between the words and the facts of their publication, in the plain text."""


# --- Every page -----------------------------------------------------------------------------------


def public_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """GET and HEAD only, as at one instant, never stored without asking; see cache.py."""

    @functools.wraps(view)
    def answer(request: HttpRequest, **address: Any) -> HttpResponseBase:
        cache.keep(request)
        at = cache.instant_of(request).at
        return cache.public(request, require_safe(view)(request, at=at, **address))

    return answer


def page(template: str, status: int = 200, **context: Any) -> HttpResponse:
    """A template filled without the request: nothing of a session or an address gets in."""
    shown = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL} | context
    return HttpResponse(render_to_string(template, shown), status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """The same bytes for what never was and for what is not public yet."""
    return cache.public(request, page("404.html", status=404))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return cache.public(request, page("400.html", status=400))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return cache.public(request, page("403.html", status=403, reason=str(exception)))


def server_error(request: HttpRequest) -> HttpResponseBase:
    return cache.public(request, page("500.html", status=500))


# --- The list -------------------------------------------------------------------------------------


@public_page
def listing(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    """The newest first, 20 a page; filters combine, and an unknown value has no answers."""
    wanted = lists.filters(request.GET, at=at)
    if moved := lists.moved(request.GET, wanted):
        return HttpResponsePermanentRedirect(f"{request.path}?{moved}")
    found = search.found(request.GET, wanted, at=at) if wanted.q else None
    answers = None if found else beside.answers(wanted, at=at)
    rows = found or lists.page(request.GET, wanted, at=at, answers=answers)
    if rows.rows and not wanted.q:  # else anybody could fill what is kept with questions
        cache.keep(request, wanted.query())  # which is never the query of a later page
    return page(
        "statements/list.html",
        status=400 if found and found.asked.problem else 200,
        page=rows,
        search=found,
        filters=wanted,
        beside=found.beside if found else beside.beside(wanted, answers, at=at),
        on_a_later_page=any(name in request.GET for name in ("older", "newer", "page")),
        here="statements",
    )


FileAddress = Callable[[str, str], str]
"""Where the bytes of this digest, under this name, are to be had by whoever looks."""


def public_file_address(digest: str, name: str) -> str:
    return reverse("statements:file", kwargs={"digest": digest, "name": name})


# --- One statement --------------------------------------------------------------------------------


@public_page
def detail(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    """The current edition; under a notice when withdrawn; 410 or a way onward when gone."""
    if opened := _found(slug, at):
        return _moved(opened, slug, "detail") or _detail(opened, at)
    return _gone(slug, at)


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
    if preview and (edition.release_at is None or edition.release_at > at):
        released = edition.release_at or at
        coming = coming_release(edition.pk, edition.amendment, edition.public_note, at=released)
    return _detail(
        open_edition(edition), at, preview=preview, coming=coming, file_address=file_address
    )


def outside_response(
    edition: Any, *, at: dt.datetime, file_address: FileAddress, **context: Any
) -> HttpResponse:
    """The same page for somebody outside who was asked about it, without a time that is to come."""
    opened = open_edition(edition)
    if opened.edition.first_release_at and opened.edition.first_release_at > at:
        opened.edition.first_release_at = None
    coming = coming_release(edition.pk, edition.amendment, edition.public_note, at=at)
    return _detail(
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


@public_page
def text(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    """The words exactly, then where and when they were published.

    Withdrawn words stand under their notice on the detail page alone: here is the notice.
    """
    opened = _found(slug, at)
    if opened is None:
        return _gone(slug, at, as_text=True)
    if opened.notice:
        return plain(opened.notice.text + "\n", status=410)
    if moved := _moved(opened, slug, "text"):
        return moved
    around = surroundings(opened, at=at)
    words = wording.plain_text(opened.edition.words)
    return plain(SEPARATOR.join([words, *_files(opened), _facts(opened, around)]) + "\n")


def _files(opened: Opened) -> list[str]:
    """Pictures and files by title and address, each on lines of its own; one text, or none."""
    said = [
        "\n".join(
            filter(
                None,
                [
                    f"{file['title'] or file['name']} ({label(file)})",
                    file["alt"] if is_picture(file) else "",
                    ". ".join(filter(None, [file["credit"], file["terms"]])),
                    settings.SITE_URL + public_file_address(file["digest"], file["name"]),
                ],
            )
        )
        for file in opened.edition.words.get("files", [])
    ]
    return ["\n\n".join(said)] if said else []


# --- What would be public, for the newsdesk -------------------------------------------------------


def page_of(edition: Any, *, at: dt.datetime, file_address: FileAddress) -> str:
    """The page of any one edition, as it would be public."""
    opened = open_edition(edition)
    return _detail(opened, at, preview=True, file_address=file_address).content.decode()


def page_with_amendment(edition: Any, amendment: str, note: str, *, at: dt.datetime) -> str:
    """The page of this edition as if it came out now as such a change, with this note."""
    coming = coming_release(edition.pk, amendment, note, at=at)
    return _detail(open_edition(edition), at, preview=True, coming=coming).content.decode()


def page_under_notice(edition: Any, text: str, *, at: dt.datetime) -> str:
    """The page of this edition as it would stand under a withdrawal notice."""
    opened = replace(open_edition(edition), notice=Notice(text, at))
    return _detail(opened, at, preview=True).content.decode()


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
    context = _shown(opened, around) | {"article": None, "release": release}
    return page("statements/edition.html", **context).content.decode()


def _found(slug: str, at: dt.datetime) -> Opened | None:
    return current(slug, at=at) or withdrawn(slug, at=at)


def _moved(opened: Opened, slug: str, name: str, **address: Any) -> HttpResponse | None:
    """An old address leads to the present one for ever."""
    if opened.edition.slug == slug:
        return None
    address = {"slug": opened.edition.slug} | address
    return HttpResponsePermanentRedirect(reverse(f"statements:{name}", kwargs=address))


def _gone(slug: str, at: dt.datetime, *, as_text: bool = False) -> HttpResponse:
    """410 with the reason, or onward: by 302, as a statement that is gone may be restored."""
    notice = gone(slug, at=at)
    if notice is None:
        raise Http404
    if notice.target:
        return HttpResponseRedirect(notice.target)
    if as_text:
        return plain(notice.text + "\n", status=410)
    contact = notice.contact and reachable(notice.contact)
    return page("410.html", status=410, notice=notice, contact=contact)


def _detail(
    opened: Opened,
    at: dt.datetime,
    *,
    preview: bool = False,
    file_address: FileAddress = public_file_address,
    coming: Release | None = None,
    template: str = "statements/detail.html",
    **context: Any,
) -> HttpResponse:
    around = surroundings(opened, at=at, along=neighbours.nearest)
    earlier, later = neighbours.chosen(around.along, opened, at=at)
    if coming:
        around = followed_by(coming, opened, around)
    near = [] if opened.notice else related(opened, around.speakers, at=at)
    shown = _shown(opened, around, file_address)
    return page(
        template,
        **shown,
        **({} if preview or opened.notice else _for_machines(opened, around, shown)),
        **context,
        related=near,
        earlier=earlier,
        later=later,
        first_speaker=around.speakers[0].name if around.speakers else "",
        preview=preview,
        contact=opened.contact,
        tel={name: dialled(number) for name, number in opened.contact.items() if "phone" in name},
    )


def _for_machines(opened: Opened, around: Surroundings, shown: dict[str, Any]) -> dict[str, Any]:
    """What a page says to other machines than browsers."""
    return {
        "locale": structured.LOCALES.get(opened.edition.language, opened.edition.language),
        "structured": structured.news_article(
            opened,
            shown["article"],
            notes=shown["amendments"],
            translations=around.translations,
            retracted=shown["is_retracted"],
        ),
    }


def _shown(
    opened: Opened,
    around: Surroundings,
    file_address: FileAddress = public_file_address,
) -> dict[str, Any]:
    """What the page of a statement and that of an earlier wording have in common."""
    edition = opened.edition
    notes = [r for r in around.releases if r.note and r.amendment != "typo"]
    return {
        "edition": edition,
        "address": settings.SITE_URL + reverse("statements:detail", kwargs={"slug": edition.slug}),
        "article": article(edition.words, around.speakers, file_address),
        "publisher_slug": opened.publisher_slug,
        "notice": opened.notice,
        "themes": opened.themes,
        "releases": around.releases,
        "amendments": notes[::-1],
        "updated": notes[-1].released if notes else None,
        "is_retracted": bool(around.releases) and around.releases[-1].amendment == "retraction",
        "translations": [(t, LANGUAGE_NAMES[t.language]) for t in around.translations],
    }


def _facts(opened: Opened, around: Surroundings) -> str:
    edition = opened.edition
    address = settings.SITE_URL + reverse("statements:detail", kwargs={"slug": edition.slug})
    lines = [f"Published by {edition.words['organisation']['name']}"]
    lines += [f"{_spoken(around.releases[0].released)}"] if around.releases else []
    lines += [address]
    if len(around.releases) > 1:
        last = around.releases[-1]
        lines += [f"Edition {last.number}, {_spoken(last.released)}"]
    lines += [
        f"{release.label}, {_spoken(release.released)}: {release.note}"
        for release in around.releases
        if release.note and release.amendment != "typo"
    ]
    return "\n".join(lines)


def _spoken(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%-d %B %Y, %H:%M %Z}"


def file_gone() -> HttpResponse:
    """At the address of a file that was public, and was taken back with what carried it."""
    return plain("This file was taken back by those who published it.\n", status=410)


def plain(body: str, status: int = 200) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="text/plain; charset=utf-8")


# --- Earlier wordings -----------------------------------------------------------------------------


@public_page
def editions(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    """Every edition that was public, newest first, each with what changed in it."""
    opened = _found(slug, at)
    if opened is None:
        return _gone(slug, at)
    if moved := _moved(opened, slug, "editions"):
        return moved
    around = surroundings(opened, at=at)
    return page(
        "statements/editions.html",
        **_shown(opened, around),
        history=_history(opened, around, at),
    )


@public_page
def edition(request: HttpRequest, *, slug: str, number: int, at: dt.datetime) -> HttpResponse:
    """An earlier wording, said to be one. The number of the one that stands leads to it."""
    opened = _found(slug, at)
    if opened is None:
        return _gone(slug, at)
    if moved := _moved(opened, slug, "edition", number=number):
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
        **_shown(opened, around)
        | {
            "article": article(earlier.words, [], public_file_address) if earlier else None,
            "release": release,
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
