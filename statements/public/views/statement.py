"""One statement: its page, its plain text, and the way onward where it no longer stands."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.urls import reverse
from django.utils import timezone

from statements.content import rendering
from statements.public import json_ld
from statements.public.article import LANGUAGE_NAMES, article, dialled, is_picture, label, reachable
from statements.public.jinja2 import url
from statements.public.responses import (
    FileAddress,
    page,
    plain,
    public_file_address,
    public_page,
)
from statements.published import neighbours
from statements.published.editions import Opened, current, gone, withdrawn
from statements.published.statement_context import (
    Release,
    Surroundings,
    followed_by,
    surroundings,
)
from statements.related.articles import along, related, said_lately

SEPARATOR = "\n\n* * *\n\n"
"""Between the words and the facts of their publication, in the plain text."""


@public_page
def detail(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    """The current edition; under a notice when withdrawn; 410 or a way onward when gone."""
    if opened := standing(slug, at):
        return moved_on(opened, slug, "detail") or statement_page(opened, at)
    return not_standing(slug, at)


@public_page
def text(request: HttpRequest, *, slug: str, at: dt.datetime) -> HttpResponse:
    """The words exactly, then where and when they were published; before all, that they were
    retracted.

    Withdrawn words stand under their notice on the detail page alone: here is the notice.
    """
    opened = standing(slug, at)
    if opened is None:
        return not_standing(slug, at, as_text=True)
    if opened.notice:
        return plain(opened.notice.text + "\n", status=410)
    if moved := moved_on(opened, slug, "text"):
        return moved
    around = surroundings(opened, at=at)
    words = rendering.plain_text(opened.edition.words)
    retracted = [_told(r) for r in around.releases[-1:] if r.amendment == "retraction"]
    facts = _facts(opened, around)
    return plain(SEPARATOR.join([*retracted, words, *_files(opened), facts]) + "\n")


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


def _facts(opened: Opened, around: Surroundings) -> str:
    edition = opened.edition
    address = settings.SITE_URL + url("statements:detail", edition.slug)
    lines = [f"Published by {edition.words['organisation']['name']}"]
    lines += [f"{_spoken(around.releases[0].released)}"] if around.releases else []
    lines += [address]
    if len(around.releases) > 1:
        last = around.releases[-1]
        lines += [f"Edition {last.number}, {_spoken(last.released)}"]
    lines += [
        _told(release)
        for release in around.releases
        if release.note and release.amendment != "typo"
    ]
    return "\n".join(lines)


def _told(release: Release) -> str:
    return f"{release.label}, {_spoken(release.released)}: {release.note}"


def _spoken(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%-d %B %Y, %H:%M %Z}"


# --- Where it stands ------------------------------------------------------------------------------


def standing(slug: str, at: dt.datetime) -> Opened | None:
    """The edition to be read at this address, in force or under a notice of withdrawal."""
    return current(slug, at=at) or withdrawn(slug, at=at)


def moved_on(opened: Opened, slug: str, name: str, **address: Any) -> HttpResponse | None:
    """An old address leads to the present one for ever."""
    if opened.edition.slug == slug:
        return None
    address = {"slug": opened.edition.slug} | address
    return HttpResponsePermanentRedirect(reverse(f"statements:{name}", kwargs=address))


def not_standing(slug: str, at: dt.datetime, *, as_text: bool = False) -> HttpResponse:
    """410 with the reason, or onward: by 302, as a statement that is gone may be restored.

    Raises Http404 for what never was public.
    """
    notice = gone(slug, at=at)
    if notice is None:
        raise Http404
    if notice.target:
        return HttpResponseRedirect(notice.target)
    if as_text:
        return plain(notice.text + "\n", status=410)
    contact = notice.contact and reachable(notice.contact)
    return page("410.html", status=410, notice=notice, contact=contact)


# --- The page -------------------------------------------------------------------------------------


def statement_page(
    opened: Opened,
    at: dt.datetime,
    *,
    preview: bool = False,
    file_address: FileAddress = public_file_address,
    coming: Release | None = None,
    template: str = "statements/detail.html",
    **context: Any,
) -> HttpResponse:
    """The page of any one edition; as a preview without what is told to other machines.

    With `coming`, as if that release of it had followed those that were.
    """
    lately = said_lately(opened, at=at)
    speaker = opened.speaker_id if lately is None else None
    around = surroundings(opened, at=at, along=along, speaker=speaker)
    nearest = neighbours.fetched(around.along) if lately is None else lately
    earlier, later = neighbours.chosen(nearest, opened, at=at)
    if coming:
        around = followed_by(coming, opened, around)
    near = [] if opened.notice else related(opened, around, at=at)
    shown = what_is_shown(opened, around, file_address)
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
        "locale": json_ld.LOCALES.get(opened.edition.language, opened.edition.language),
        "structured": json_ld.news_article(
            opened,
            shown["article"],
            notes=shown["amendments"],
            translations=around.translations,
            retracted=shown["is_retracted"],
        ),
    }


def what_is_shown(
    opened: Opened,
    around: Surroundings,
    file_address: FileAddress = public_file_address,
) -> dict[str, Any]:
    """What the page of a statement and that of an earlier wording have in common."""
    edition = opened.edition
    notes = [r for r in around.releases if r.note and r.amendment != "typo"]
    return {
        "edition": edition,
        "address": settings.SITE_URL + url("statements:detail", edition.slug),
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
