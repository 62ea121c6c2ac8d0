"""Serve /preview/<token>/: one exact edition or draft for one named person, without an account.

A GET shows who asks and one button, and none of the words: programs that fetch links in mail see
nothing and count as nobody. Each screen after it is the answer to a POST. These views are not in
`public`, which sees only released editions, and not in `newsdesk`, which requires an account. An
unknown token gets the same 404 as any unknown address.
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
from statements.models import PreviewLink, PreviewToken, StaleVersion
from statements.signoff import actions, screens
from statements.signoff.subjects import Subject, find_public_slug
from statements.workflow import Refused

logger = logging.getLogger(__name__)

PRIVATE_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the URL is the key: linked sites must not see it
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
OPEN, WORDS, NOT_YET = "open", "words", "not-yet"
"""What a button of the page asks for: to count as seen, to read again, to say why not yet."""


# Exempt from CSRF: the token in the URL gives access here, not a cookie, and a site that knew the
# token could open the page itself.
@csrf_exempt
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Say who asks on GET; show the words, or record the reply, on POST."""
    link = PreviewToken.objects.find_preview(token)
    if link is None:
        raise Http404
    response = _respond(request, token, link, at=clock.now())
    _set_private_headers(response)
    return response


@require_safe
def file(request: HttpRequest, token: str, digest: str, name: str) -> HttpResponseBase:
    """Send a picture or file of these words, as long as the page of this link shows it."""
    at = clock.now()
    link = PreviewToken.objects.find_preview(token)
    if link is None or "\0" in name:  # which no database accepts
        raise Http404
    if _has_ended(link, at) or _public_url(link, at):
        raise Http404
    stored = Subject.of(link).find_file(digest, name)
    if stored is None:
        raise Http404
    response = build_file_response(
        request, path=stored.path, name=name, digest=digest, content_type=stored.content_type
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
        return _post(request, token, link, at=at)
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
    if url := _public_url(link, at):
        return HttpResponseRedirect(url)
    if _has_ended(link, at):
        return screens.render_ended(link, status=410)
    return screens.render_first(link)


def _public_url(link: PreviewLink, at: dt.datetime) -> str:
    """Return the URL where these or newer words are public, or "" before their release."""
    slug = find_public_slug(Subject.of(link), at)
    return reverse("statements:detail", args=[slug]) if slug else ""


def _has_ended(link: PreviewLink, at: dt.datetime) -> bool:
    return not link.is_active(at) or Subject.of(link).is_erased


# --- Buttons --------------------------------------------------------------------------------------


def _post(request: HttpRequest, token: str, link: PreviewLink, *, at: dt.datetime) -> HttpResponse:
    text = request.POST.get("text", "").strip()
    if not is_same_origin(request):
        return screens.render_ended(link, status=403, typed_text=text, is_foreign=True)
    if url := _public_url(link, at):
        return screens.render_ended(link, status=409, typed_text=text, public_url=url)
    if _has_ended(link, at):
        return screens.render_ended(link, status=410, typed_text=text)
    step = request.POST.get("step")
    if step == NOT_YET:
        return screens.render_reason(link, at=at)
    if step in (OPEN, WORDS):
        _try_to_log_visit(link, step, at=at)
        return screens.render_words(token, link, at=at)
    return _post_reply(request, token, link, text, at=at)


def _try_to_log_visit(link: PreviewLink, step: str, *, at: dt.datetime) -> None:
    """Count as seen, if the database can be written to: the page needs only to be read."""
    try:
        with outages.wait_briefly():
            if step == OPEN or not link.openings.exists():
                actions.log_visit(link, at=at)
    except Error as error:
        if not outages.describe_outage(error):
            raise
        logger.warning("A visit of preview link %d was not logged: %s", link.pk, error)


def _post_reply(
    request: HttpRequest, token: str, link: PreviewLink, text: str, *, at: dt.datetime
) -> HttpResponse:
    agrees = request.POST.get("answer") == "agree"
    try:
        reply = actions.record_reply(
            link,
            at=at,
            seen_digest=request.POST.get("seen_digest", ""),
            agrees=agrees,
            text=text,
        )
    except Refused as refused:
        errors, status = [str(problem) for problem in refused.problems], 422
    except StaleVersion as stale:
        errors, status = [str(stale)], 409
    else:
        # No redirect, which would lead to the first screen.
        return screens.render_thanks(link, reply)
    if agrees:
        return screens.render_words(token, link, at=at, errors=errors, status=status)
    return screens.render_reason(link, at=at, errors=errors, typed_text=text, status=status)


def is_same_origin(request: HttpRequest) -> bool:
    """Return whether a form came from a page of this site."""
    # Under the referrer policy above, browsers send the origin `null`.
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin", "null")
    return origin == "null" or origin.partition("://")[2] == request.get_host()
