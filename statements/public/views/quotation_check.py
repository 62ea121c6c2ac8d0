"""Check a quotation: paste words, and read whether somebody said them, and whether they stand.

What is pasted is nobody else's business: it comes by POST, so that no address and no log holds it,
and it is kept nowhere.
"""

import datetime as dt

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from statements import clock
from statements.public.responses import public_view, render_page
from statements.quotations.input import MAX_QUOTE_CHARS, list_interpretations
from statements.quotations.lookup import look_up, oldest_release
from statements.quotations.normalise import MIN_QUOTE_WORDS
from statements.quotations.verdict import build_verdict

MAX_REQUEST_BYTES = 100_000  # bytes of a request: LONGEST characters, each escaped as for a form
FORM_CONTENT_TYPE = "application/x-www-form-urlencoded"
PROBLEMS = {
    "empty": "Paste or type the words first.",
    "short": f"Paste at least {MIN_QUOTE_WORDS} words that follow one another: fewer are said by "
    "many, and mean nothing by themselves.",
    "long": f"This is longer than {MAX_QUOTE_CHARS:,} characters. Paste a part of it, best the sentences "
    "in doubt.",
    "large": f"This is much longer than {MAX_QUOTE_CHARS:,} characters, and was not read. Paste a part.",
    "unreadable": "Some of these characters did not arrive as text, so the answer could be wrong. "
    "Type or paste the words again.",
}


# No CSRF token, as it would need a cookie: there is no session to ride on, nothing is changed, and
# another site that sends this form reads nothing of the answer.
@csrf_exempt
@sensitive_post_parameters()
def check(request: HttpRequest) -> HttpResponseBase:
    """The form; by POST, the answer above it. An answer is never stored, not even by a browser."""
    if request.method in ("GET", "HEAD"):
        return _render_empty_form(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    response = _check_words(request, at=clock.now())
    response.headers["Cache-Control"] = "no-store"
    return response


@public_view
def _render_empty_form(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    return _render_check()


def _check_words(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_REQUEST_BYTES:
        return _render_check(status=413, problem=PROBLEMS["large"])
    if request.content_type != FORM_CONTENT_TYPE:
        return _render_check(status=400, problem=PROBLEMS["unreadable"])
    # A browser sends every line end as two characters.
    words = request.POST.get("words", "").replace("\r\n", "\n").strip()
    if "\0" in words or "\ufffd" in words:
        words = words.replace("\0", "\ufffd")
        return _render_check(status=400, problem=PROBLEMS["unreadable"], words=words)
    if not words:
        return _render_check(problem=PROBLEMS["empty"])
    if len(words) > MAX_QUOTE_CHARS:
        return _render_check(problem=PROBLEMS["long"], words=words)
    asked = list_interpretations(words)
    if not asked:
        return _render_check(problem=PROBLEMS["short"], words=words)
    return _render_check(
        words=words, verdict=build_verdict(look_up(asked, at=at)), since=oldest_release(at=at)
    )


def _render_check(status: int = 200, words: str = "", **context) -> HttpResponse:
    return render_page("statements/check.html", status=status, here="check", words=words, **context)
