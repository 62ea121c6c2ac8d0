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
from statements.public.responses import page, public_page
from statements.quotations.input import LONGEST, meanings
from statements.quotations.lookup import answer, since
from statements.quotations.normalise import FEWEST_WORDS
from statements.quotations.verdict import verdict

LARGEST = 100_000  # bytes of a request: LONGEST characters, each escaped as for a form
FORM = "application/x-www-form-urlencoded"
PROBLEMS = {
    "empty": "Paste or type the words first.",
    "short": f"Paste at least {FEWEST_WORDS} words that follow one another: fewer are said by "
    "many, and mean nothing by themselves.",
    "long": f"This is longer than {LONGEST:,} characters. Paste a part of it, best the sentences "
    "in doubt.",
    "large": f"This is much longer than {LONGEST:,} characters, and was not read. Paste a part.",
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
        return _form(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    response = _answer(request, at=clock.now())
    response.headers["Cache-Control"] = "no-store"
    return response


@public_page
def _form(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    return _page()


def _answer(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return _page(status=413, problem=PROBLEMS["large"])
    if request.content_type != FORM:
        return _page(status=400, problem=PROBLEMS["unreadable"])
    # A browser sends every line end as two characters.
    words = request.POST.get("words", "").replace("\r\n", "\n").strip()
    if "\0" in words or "\ufffd" in words:
        words = words.replace("\0", "\ufffd")
        return _page(status=400, problem=PROBLEMS["unreadable"], words=words)
    if not words:
        return _page(problem=PROBLEMS["empty"])
    if len(words) > LONGEST:
        return _page(problem=PROBLEMS["long"], words=words)
    asked = meanings(words)
    if not asked:
        return _page(problem=PROBLEMS["short"], words=words)
    return _page(words=words, verdict=verdict(answer(asked, at=at)), since=since(at=at))


def _page(status: int = 200, words: str = "", **context) -> HttpResponse:
    return page("statements/check.html", status=status, here="check", words=words, **context)
