"""Every type of public page of the demo, for tests that visit them all.

Routes without parameters are found by themselves; every other route needs an address here.
"""

from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from statements.public import responses
from tests.whole_site.routes import PUBLIC

PAGES = (
    "/",
    "/statements/?older=joint-statement-a-warm-room-is-not-a-winter-policy",
    "/statements/?theme=libraries&kind=comment",
    "/statements/?theme=nothing-is-called-that",
    "/statements/cse-and-missing-children-thematic-report-adcs-comment/",
    "/statements/joint-statement-a-warm-room-is-not-a-winter-policy/",  # two voices
    "/statements/digital-first-must-not-mean-digital-only/",  # pictures and files
    "/statements/amser-stori-mewn-dwy-iaith-i-bob-plentyn-tair-oed/",  # Welsh
    "/statements/very-hot-weather-urdu/",  # right to left
    "/statements/record-summer-for-young-readers-in-public-libraries/",  # corrected
    "/statements/record-summer-for-young-readers-in-public-libraries/editions/",
    "/statements/record-summer-for-young-readers-in-public-libraries/editions/1/",
    "/statements/one-library-in-five-opens-fewer-than-15-hours-a-week/",  # withdrawn with a notice
    "/statements/repairs-at-ferry-lane-an-apology-to-the-family/",  # gone
    "/archive/2022/",
    "/archive/2022/10/",
    "/themes/libraries/",
    "/speakers/margaret-oyelaran/",
    "/organisations/institute-of-public-libraries/",
    "/nothing-is-here/",
)
NOT_PAGES = {  # text, feeds, files and what a stranger verifies with
    "statements/<slug:slug>.txt",
    *(f"statements/<slug:slug>/editions/<int:number>/{n}.json" for n in ("proof", "content")),
    *(f"seals/<int:number>/{name}" for name in ("seal.txt", "list.txt")),
    *(f"seals/<int:number>/{name}" for name in ("signature", "timestamp.tsr")),
    *(f".well-known/on-the-record-keys/<slug:key_id>.{form}" for form in ("pem", "sig")),
    "files/<slug:digest>/<str:name>",
    "sitemap-<part:part>.xml",
}
PARAMETER_START = "<"
FORM = "application/x-www-form-urlencoded"
QUOTATIONS = {
    "said": "The report recognises that progress has been made by all agencies",
    "nearly": "The report recognises that much progress has been made by all the agencies",
    "never": "Nobody has ever said any of these words in that order.",
    "empty": "",
}


def page_urls() -> list[str]:
    """Return PAGES and every public route without parameters that is a page."""
    whole = sorted(f"/{route}" for route in PUBLIC if PARAMETER_START not in route)
    known = {urlsplit(address).path for address in PAGES if "?" not in address}
    return [*PAGES, *(url for url in whole if url not in known and is_page(Client().get(url)))]


def is_page(answer: HttpResponse) -> bool:
    return answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")


def render_pages_without_url() -> dict[str, str]:
    """Return pages that no GET address leads to: errors and quotation checks."""
    request = RequestFactory().get("/")
    wrong = Exception("You may not see this page.")
    answers = {
        "400": responses.bad_request(request, wrong),
        "403": responses.forbidden(request, wrong),
        "500": responses.server_error(request),
    }
    answers |= {
        f"check-{name}": Client().post("/check/", urlencode({"words": words}), content_type=FORM)
        for name, words in QUOTATIONS.items()
    }
    return {name: answer.content.decode() for name, answer in answers.items()}


def find_unvisited_routes() -> set[str]:
    """Return routes with parameters that no address of PAGES leads to."""
    visited = {
        resolve(urlsplit(address).path).route for address in PAGES if "nothing" not in address
    }
    return {
        route
        for route in PUBLIC - NOT_PAGES - visited
        if PARAMETER_START in route and not route.endswith("<form:form>")
    }
