"""Check a pasted quotation: find who said it, when, and whether it is still public.

What people paste is private. It comes by POST, so that no address and no log holds it, and it is
not stored.
"""

import datetime as dt
from typing import Any

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

MAX_REQUEST_BYTES = 100_000  # MAX_QUOTE_CHARS, each escaped for a form
FORM_CONTENT_TYPE = "application/x-www-form-urlencoded"
PROBLEMS = {
    "empty": "Paste or type the words first.",
    "short": f"Paste at least {MIN_QUOTE_WORDS} words that follow one another: fewer are said by "
    "many, and mean nothing by themselves.",
    "long": f"This is longer than {MAX_QUOTE_CHARS:,} characters. Paste a part of it, best the "
    "sentences in doubt.",
    "large": f"This is much longer than {MAX_QUOTE_CHARS:,} characters, and was not read. "
    "Paste a part.",
    "unreadable": "Some of these characters did not arrive as text, so the answer could be wrong. "
    "Type or paste the words again.",
}


# No CSRF token, which would need a cookie: there is no session to misuse, nothing is changed, and
# another site that sends this form cannot read the answer.
@csrf_exempt
@sensitive_post_parameters()
def check(request: HttpRequest) -> HttpResponseBase:
    """Show the form, and after POST the answer above it, which no browser may store."""
    if request.method in ("GET", "HEAD"):
        return _render_empty_form(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    response = _check_quotation(request, at=clock.now())
    response.headers["Cache-Control"] = "no-store"
    return response


@public_view
def _render_empty_form(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    return _render_check()


def _check_quotation(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    if int(request.headers.get("content-length") or 0) > MAX_REQUEST_BYTES:
        return _render_check(status=413, problem=PROBLEMS["large"])
    if request.content_type != FORM_CONTENT_TYPE:
        return _render_check(status=400, problem=PROBLEMS["unreadable"])
    # A browser sends every line end as two characters.
    text = request.POST.get("words", "").replace("\r\n", "\n").strip()
    if "\0" in text or "\ufffd" in text:
        text = text.replace("\0", "\ufffd")
        return _render_check(status=400, problem=PROBLEMS["unreadable"], text=text)
    candidates = [] if len(text) > MAX_QUOTE_CHARS else list_interpretations(text)
    if not candidates:
        problem = "long" if len(text) > MAX_QUOTE_CHARS else "short" if text else "empty"
        return _render_check(problem=PROBLEMS[problem], text=text)
    verdict = build_verdict(look_up(candidates, at=at))
    return _render_check(text=text, verdict=verdict, record_since=oldest_release(at=at))


def _render_check(status: int = 200, text: str = "", **context: Any) -> HttpResponse:
    return render_page(
        "statements/check.html", status=status, current_section="check", text=text, **context
    )
