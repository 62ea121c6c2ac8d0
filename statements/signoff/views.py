"""/preview/<token>/: one exact edition for one named person, without an account.

It belongs neither to the public side, which never meets a working state, nor to the newsdesk,
which is for those who sign in. A token that was never made is answered as any unknown address.
"""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from statements import clock
from statements.files.serving import build_file_response
from statements.models import Edition, PreviewLink, PreviewToken, StaleVersion
from statements.public import preview as public_preview
from statements.publicness import released_by
from statements.signoff import actions
from statements.workflow import Refused

PRIVATE_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the address is the key: no page that it links to learns it
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


# Exempt: no cookie authorises anything here, so that none can be misused. The token in the address
# does, and another site that knew it could open the page as well.
@csrf_exempt
def page(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the words and notes the opening; POST answers. HEAD and the rest do neither."""
    preview = PreviewToken.objects.find_preview(token)
    if preview is None:
        raise Http404
    response = _respond(request, token, preview, at=clock.now())
    for name, value in PRIVATE_HEADERS.items():
        response.headers[name] = value
    return response


@require_safe
def file(request: HttpRequest, token: str, digest: str, name: str) -> HttpResponseBase:
    """A picture or file that this edition carries, as long as the page of this link shows it."""
    at = clock.now()
    preview = PreviewToken.objects.find_preview(token)
    if preview is None or "\0" in name:  # which no database takes
        raise Http404
    if _ended_reason(preview, at) or _public_url(preview.edition, at):
        raise Http404
    carried = preview.edition.files.filter(file__digest=digest, file__erased_at=None, name=name)
    found = carried.select_related("file").first()
    if found is None:
        raise Http404
    response = build_file_response(
        request,
        path=found.file.path,
        name=found.name,
        digest=digest,
        content_type=found.file.content_type,
    )
    for header, value in PRIVATE_HEADERS.items():
        response.headers[header] = value
    return response


def _respond(
    request: HttpRequest, token: str, preview: PreviewLink, *, at: dt.datetime
) -> HttpResponse:
    if request.method == "POST":
        return _post_reply(request, token, preview, at=at)
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
    if address := _public_url(preview.edition, at):
        return HttpResponseRedirect(address)
    if ended := _ended_reason(preview, at):
        return _render_closed(ended, status=410)
    if request.method == "GET":
        actions.log_visit(preview, at=at)
    return _render(token, preview, at=at)


def _public_url(edition: Edition, at: dt.datetime) -> str:
    """Where the public reads these words or newer ones, once it may; else nothing."""
    out = edition.statement.editions.filter(released_by(at), sequence__gte=edition.sequence)
    slug = out.order_by("-release_at").values_list("slug", flat=True).first()
    return reverse("statements:detail", args=[slug]) if slug else ""


def _ended_reason(preview: PreviewLink, at: dt.datetime) -> str:
    """Why this link shows nothing any more; whoever holds it knows that there was something."""
    if preview.revoked_at or preview.edition.erased_at:
        return "This link has been ended by whoever sent it."
    if preview.expires_at <= at:
        return "This link has expired."
    return ""


def _post_reply(
    request: HttpRequest, token: str, preview: PreviewLink, *, at: dt.datetime
) -> HttpResponse:
    """Put the answer down, or say why not beside what was typed."""
    text = request.POST.get("text", "")
    if not _is_same_origin(request):
        return _render_closed("That did not come from the page itself.", status=403, text=text)
    if address := _public_url(preview.edition, at):
        return _render_closed(
            "These words have been published meanwhile.", status=409, text=text, address=address
        )
    if ended := _ended_reason(preview, at):
        return _render_closed(ended, status=410, text=text)
    try:
        actions.record_reply(
            preview,
            at=at,
            seen_digest=request.POST.get("seen_digest", ""),
            agrees=request.POST.get("answer") == "agree",
            text=text,
        )
    except Refused as refused:
        sentences = [str(problem) for problem in refused.problems]
        return _render(token, preview, at=at, errors=sentences, text=text, status=422)
    except StaleVersion as stale:
        return _render(token, preview, at=at, errors=[str(stale)], text=text, status=409)
    # No redirect: it would be one more opening that nobody made. Pressed twice it is one answer.
    return _render(token, preview, at=at, thanks=True)


def _is_same_origin(request: HttpRequest) -> bool:
    """Browsers say where a form was; under no-referrer the origin that they give is `null`."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin", "null")
    return origin == "null" or origin.partition("://")[2] == request.get_host()


def _render(
    token: str,
    preview: PreviewLink,
    *,
    at: dt.datetime,
    errors: list[str] | None = None,
    text: str = "",
    thanks: bool = False,
    status: int = 200,
) -> HttpResponse:
    over = actions.closed_reasons(preview.edition, at)
    response = public_preview.signoff_response(
        preview.edition,
        at=at,
        file_url=lambda digest, name: reverse("preview_file", args=[token, digest, name]),
        reader=preview,
        over=over[0].message if over else "",
        answered=preview.answers.last(),
        errors=errors or [],
        typed=text,
        thanks=thanks,
    )
    response.status_code = status
    return response


def _render_closed(
    sentence: str, *, status: int, text: str = "", address: str = ""
) -> HttpResponse:
    typed = text.strip()
    return public_preview.closed_preview_response(
        status=status, sentence=sentence, typed=typed, address=address
    )
