"""Serve /preview/<token>/: one exact edition for one named person, without an account.

These views are not in `public`, which sees only released editions, and not in `newsdesk`, which
requires an account. An unknown token gets the same 404 as any unknown address.
"""

import datetime as dt
import logging

from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from statements import clock, outages
from statements.files.serving import build_file_response
from statements.models import Edition, PreviewLink, PreviewToken, StaleVersion
from statements.public import preview as public_preview
from statements.publicness import released_by
from statements.signoff import actions
from statements.signoff.rules import closed_reasons
from statements.workflow import Refused

logger = logging.getLogger(__name__)

PRIVATE_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the URL is the key: linked sites must not see it
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


# Exempt from CSRF: the token in the URL gives access here, not a cookie, and a site that knew the
# token could open the page itself.
@csrf_exempt
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the edition and log the visit on GET; record the reply on POST."""
    link = PreviewToken.objects.find_preview(token)
    if link is None:
        raise Http404
    response = _respond(request, token, link, at=clock.now())
    _set_private_headers(response)
    return response


@require_safe
def file(request: HttpRequest, token: str, digest: str, name: str) -> HttpResponseBase:
    """Send a picture or file of this edition, as long as the page of this link shows it."""
    at = clock.now()
    link = PreviewToken.objects.find_preview(token)
    if link is None or "\0" in name:  # which no database accepts
        raise Http404
    if _ended_reason(link, at) or _public_url(link.edition, at):
        raise Http404
    matches = link.edition.files.filter(file__digest=digest, file__erased_at=None, name=name)
    edition_file = matches.select_related("file").first()
    if edition_file is None:
        raise Http404
    response = build_file_response(
        request,
        path=edition_file.file.path,
        name=edition_file.name,
        digest=digest,
        content_type=edition_file.file.content_type,
    )
    _set_private_headers(response)
    return response


def _set_private_headers(response: HttpResponseBase) -> None:
    for name, value in PRIVATE_HEADERS.items():
        response.headers[name] = value


def _respond(
    request: HttpRequest, token: str, link: PreviewLink, *, at: dt.datetime
) -> HttpResponse:
    if request.method == "POST":
        return _post_reply(request, token, link, at=at)
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
    if url := _public_url(link.edition, at):
        return HttpResponseRedirect(url)
    if reason := _ended_reason(link, at):
        return _render_closed(reason, status=410)
    if request.method == "GET":
        _try_to_log_visit(link, at=at)
    return _render(token, link, at=at)


def _try_to_log_visit(link: PreviewLink, *, at: dt.datetime) -> None:
    """Log the visit, if the database can be written to: the page needs only to be read."""
    try:
        with outages.wait_briefly():
            actions.log_visit(link, at=at)
    except Error as error:
        if not outages.describe_outage(error):
            raise
        logger.warning("A visit of preview link %d was not logged: %s", link.pk, error)


def _public_url(edition: Edition, at: dt.datetime) -> str:
    """Return the URL where this or a newer edition is public, or "" before its release."""
    released = edition.statement.editions.filter(released_by(at), sequence__gte=edition.sequence)
    slug = released.order_by("-release_at").values_list("slug", flat=True).first()
    return reverse("statements:detail", args=[slug]) if slug else ""


def _ended_reason(link: PreviewLink, at: dt.datetime) -> str:
    if link.revoked_at or link.edition.erased_at:
        return "This link has been ended by the person who sent it."
    if link.expires_at <= at:
        return "This link has expired."
    return ""


def _post_reply(
    request: HttpRequest, token: str, link: PreviewLink, *, at: dt.datetime
) -> HttpResponse:
    text = request.POST.get("text", "")
    if not is_same_origin(request):
        return _render_closed("That did not come from the page itself.", status=403, text=text)
    if url := _public_url(link.edition, at):
        return _render_closed(
            "These words have been published meanwhile.", status=409, text=text, public_url=url
        )
    if reason := _ended_reason(link, at):
        return _render_closed(reason, status=410, text=text)
    try:
        actions.record_reply(
            link,
            at=at,
            seen_digest=request.POST.get("seen_digest", ""),
            agrees=request.POST.get("answer") == "agree",
            text=text,
        )
    except Refused as refused:
        errors = [str(problem) for problem in refused.problems]
        return _render(token, link, at=at, errors=errors, text=text, status=422)
    except StaleVersion as stale:
        return _render(token, link, at=at, errors=[str(stale)], text=text, status=409)
    # No redirect, which would log one more visit. Sent again, the same reply is not recorded twice.
    return _render(token, link, at=at, show_thanks=True)


def is_same_origin(request: HttpRequest) -> bool:
    """Return whether a form came from a page of this site."""
    # Under the referrer policy above, browsers send the origin `null`.
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin", "null")
    return origin == "null" or origin.partition("://")[2] == request.get_host()


def _render(
    token: str,
    link: PreviewLink,
    *,
    at: dt.datetime,
    errors: list[str] | None = None,
    text: str = "",
    show_thanks: bool = False,
    status: int = 200,
) -> HttpResponse:
    reasons = closed_reasons(link.edition, at)
    response = public_preview.signoff_response(
        link.edition,
        at=at,
        file_url=lambda digest, name: reverse("preview_file", args=[token, digest, name]),
        reader=link,
        closed_reason=reasons[0].message if reasons else "",
        last_reply=link.answers.last(),
        errors=errors or [],
        typed_text=text,
        show_thanks=show_thanks,
    )
    response.status_code = status
    return response


def _render_closed(
    sentence: str, *, status: int, text: str = "", public_url: str = ""
) -> HttpResponse:
    return public_preview.closed_preview_response(
        status=status, sentence=sentence, typed_text=text.strip(), public_url=public_url
    )
