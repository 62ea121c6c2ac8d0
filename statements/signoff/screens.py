"""The screens of a preview link: who asks, the words, why not yet, thanks, and the end."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from statements.content.reading import read_content
from statements.models import PreviewLink, SignOff
from statements.public import preview
from statements.public.article import contact_with_tel
from statements.published.draft_pages import build_draft_page
from statements.published.editions import contact_details
from statements.signoff.subjects import Subject, closed_reasons


def render_first(link: PreviewLink) -> HttpResponse:
    """Say who asks and until when, and nothing of the words, not even the headline."""
    return _render("first", link)


def render_words(
    token: str,
    link: PreviewLink,
    *,
    at: dt.datetime,
    errors: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show exactly these words on the public page, with the two answers."""

    def file_url(digest: str, name: str) -> str:
        return reverse("preview_file", args=[token, digest, name])

    context = _build_context(link) | _find_end(link, at) | {"errors": errors or []}
    context |= {"last_reply": link.answers.last(), "newer_version": _find_newer_version(link)}
    if link.edition:
        response = preview.signoff_response(link.edition, at=at, file_url=file_url, **context)
    else:
        response = _render_draft(link, at=at, file_url=file_url, **context)
    response.status_code = status
    return response


def _render_draft(link: PreviewLink, *, at: dt.datetime, **context: Any) -> HttpResponse:
    assert link.draft_version, "A constraint holds that it is one of the two."
    content = read_content(link.draft_version.text)
    page = build_draft_page(link.statement, content, themes=link.statement.themes.all())
    return preview.signoff_draft_response(page, at=at, **context)


def render_reason(
    link: PreviewLink,
    *,
    at: dt.datetime,
    errors: list[str] | None = None,
    typed_text: str = "",
    status: int = 200,
) -> HttpResponse:
    """Ask what needs to change; keep what was typed where the answer was not taken."""
    context = _find_end(link, at) | {"errors": errors or [], "typed_text": typed_text}
    return _render("reason", link, status=status, **context)


def render_thanks(link: PreviewLink, reply: SignOff) -> HttpResponse:
    return _render("agreed" if reply.agrees else "objected", link, reply=reply)


def render_ended(link: PreviewLink, *, status: int, **context: Any) -> HttpResponse:
    """Say that the link no longer works; what was typed is given back."""
    is_erased = Subject.of(link).is_erased
    return _render("ended", link, status=status, is_erased=is_erased, **context)


def _render(screen: str, link: PreviewLink, *, status: int = 200, **context: Any) -> HttpResponse:
    return preview.preview_screen_response(
        screen=screen, status=status, **_build_context(link), **context
    )


def _build_context(link: PreviewLink) -> dict[str, Any]:
    statement, asker = link.statement, link.made_by
    organisation = statement.organisation
    contact = statement.contact or (organisation.default_contact if organisation else None)
    return {
        "reader": link,
        "subject": link.subject,
        "seen_digest": Subject.of(link).digest,
        "asker": asker.get_full_name() or asker.get_username(),
        "asking_organisation": organisation.name if organisation else "",
        "asker_contact": contact_with_tel(contact_details(contact)) if contact else None,
    }


def _find_end(link: PreviewLink, at: dt.datetime) -> dict[str, str]:
    reasons = closed_reasons(Subject.of(link), at)
    return {"closed_reason": reasons[0].message if reasons else ""}


def _find_newer_version(link: PreviewLink) -> bool:
    version = link.draft_version
    return bool(version and version.version < link.statement.version)
