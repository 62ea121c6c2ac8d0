"""No value that a form accepts makes a page fail.

Every form of the newsdesk is filled with hostile values. What it refuses is put back, and the rest
is sent again until the form accepts it. Then every public and staff page that can show the values
is opened: none may be a server error. An exception in a view fails the test by itself.
"""

import re
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organisations.models import Contact, Organisation, Speaker
from statements.caching import version, versioned_lru
from statements.models import (
    Edition,
    PreviewLink,
    PreviewToken,
    SensitivePeriod,
    SitePage,
    Statement,
    StyleRule,
    Theme,
)
from tests.cast import NOON
from tests.hypothesis_profiles import scale_examples
from tests.statements.newsdesk.form_data import read_form
from tests.whole_site.newsdesk_forms import Newsdesk, change_url, make_newsroom, post
from tests.whole_site.routes import PUBLIC

pytestmark = pytest.mark.django_db

LISTS = (
    *("organisations/organisation", "organisations/speaker", "organisations/contact"),
    *("organisations/appointment", "statements/statement", "statements/theme", "auth/user"),
    *("statements/sensitiveperiod", "statements/stylerule", "statements/sitepage"),
)


def fill_records(desk: Newsdesk, statement: Statement) -> None:
    """Fill the forms of everything that is not a statement, new and as it is."""
    rows = [statement.organisation, statement.passages.get().speaker, Theme.objects.get()]
    rows += [Contact.objects.get(), SensitivePeriod.objects.get(), StyleRule.objects.get()]
    for row in rows + list(SitePage.objects.all()):
        desk.fill(change_url(row))
    for name in ("organisation", "speaker"):
        desk.fill(reverse(f"admin:organisations_{name}_add"))
    for name in ("theme", "sensitiveperiod", "stylerule"):
        desk.fill(reverse(f"admin:statements_{name}_add"))


def publish(desk: Newsdesk, statement: Statement, ann, max) -> None:
    """Fill the statement form and its decisions until it is public."""
    desk.client.force_login(ann)
    desk.fill(change_url(statement))
    if not desk.fill(change_url(statement), _submit="1"):
        post(desk.client, change_url(statement), read_page(desk, statement) | {"_submit": "1"})
    edition = statement.editions.in_review().last()
    if edition is None:
        return
    desk.client.force_login(max)
    fill_review(desk, edition)
    open_previews(desk.client)
    for key in ("hold", "approve-now"):
        decide(desk, edition, key)


def read_page(desk: Newsdesk, statement: Statement) -> dict:
    return read_form(desk.client.get(change_url(statement)))


def fill_review(desk: Newsdesk, edition: Edition) -> None:
    page = desk.client.get(reverse("admin:statements_edition_review", args=[edition.pk]))
    for name, form in (
        ("request_signoff", "request_form"),
        ("phone_reply", "phone_form"),
        ("remark", "remark_form"),
    ):
        url = reverse(f"admin:statements_edition_{name}", args=[edition.pk])
        desk.fill_plain(url, page.context[form])


def decide(desk: Newsdesk, edition: Edition, key: str) -> None:
    edition.refresh_from_db()
    url = reverse("admin:statements_edition_decide", args=[edition.pk, key])
    decision = find_decision(desk, edition, key, url)
    seen = {"seen_digest": edition.digest, "seen_version": edition.statement.version}
    if decision is not None:
        desk.fill_plain(url, decision, **seen)


def find_decision(desk: Newsdesk, edition: Edition, key: str, url: str):
    review = desk.client.get(reverse("admin:statements_edition_review", args=[edition.pk]))
    on_page = {decision.key: decision for decision in review.context["decisions"]}
    if key in on_page and not on_page[key].has_own_page:
        return on_page[key]
    page = desk.client.get(url)
    return page.context["decision"] if page.status_code == 200 else None


def list_public_urls() -> list[str]:
    """Return the addresses of everything that the public can open, from the rows as they are."""
    slugs = {
        "statements": [slug for slug in Statement.objects.values_list("slug", flat=True) if slug],
        "themes": list(Theme.objects.values_list("slug", flat=True)),
        "speakers": list(Speaker.objects.values_list("slug", flat=True)),
        "organisations": list(Organisation.objects.values_list("slug", flat=True)),
    }
    urls = []
    for route in sorted(PUBLIC):
        if "<slug:digest>" in route:
            continue
        for slug in slugs[route.split("/")[0]] if "<slug:slug>" in route else [""]:
            url = route.replace("<slug:slug>", slug).replace("<int:number>", "1")
            url = url.replace("<year:year>", "2044").replace("<month:month>", "03")
            url = url.replace("<part:part>", "pages")
            urls += [
                "/" + url.replace("<form:form>", form)
                for form in (("rss", "atom", "json") if "<form:form>" in url else ("",))
            ]
    facets = ("theme", "speaker", "organisation")
    queries = [{name: slug} for name in facets for slug in slugs[f"{name}s"]]
    queries += [{"q": text[:200]} for text in Statement.objects.values_list("headline", flat=True)]
    return urls + [f"/?{urlencode(query)}" for query in queries]


def list_staff_urls() -> list[str]:
    urls = ["/admin/", "/admin/urgent-publications/", "/admin/statements/statement/add/"]
    for name in LISTS:
        urls += [f"/admin/{name}/", f"/admin/{name}/csv/", f"/admin/{name}/?q=a"]
    for model in (Organisation, Speaker, Contact, Theme, SensitivePeriod, StyleRule, Statement):
        urls += [change_url(row) for row in model.objects.all()]
    for statement in Statement.objects.all():
        urls += [
            reverse(f"admin:statements_statement_{name}", args=[statement.pk])
            for name in ("history", "related", "correct")
        ]
    for edition in Edition.objects.all():
        urls += [
            reverse(f"admin:statements_edition_{name}", args=[edition.pk])
            for name in ("review", "page", "restore")
        ]
        urls += [
            reverse("admin:statements_edition_decide", args=[edition.pk, key])
            for key in ("withdraw", "request-erasure", "suppress", "cancel")
        ]
    return urls


def open_all(client: Client, urls: list[str]) -> None:
    for url in urls:
        response = client.get(url)
        assert response.status_code in (200, 301, 302, 404, 410), (url, response.status_code)
        b"".join(response.streaming_content if response.streaming else [response.content])


def open_previews(client: Client) -> None:
    for link in PreviewLink.objects.all():
        url = reverse("preview", args=[PreviewToken.objects.create_token(link)])
        assert client.get(url).status_code in (200, 302), url  # it leads to the public page
        assert client.post(url, {"step": "open"}).status_code in (200, 409), url


def check_words(client: Client) -> None:
    for edition in Edition.objects.all():
        for words in re.findall(r".{1,400}", edition.content)[:3]:
            post(client, "/check/", {"words": words})


def open_everything(client: Client, max) -> None:
    client.logout()
    open_all(client, list_public_urls())
    check_words(client)
    open_previews(client)
    client.force_login(max)
    open_all(client, list_staff_urls())


@pytest.fixture
def newsroom(ann, max, frozen) -> Statement:
    frozen(NOON)
    return make_newsroom(ann)


@settings(max_examples=scale_examples(1), suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_nothing_that_a_form_accepts_breaks_a_page(client, newsroom, ann, max, data):
    from django.db import transaction

    with transaction.atomic():
        desk = Newsdesk(client, data.draw)
        client.force_login(max)
        fill_records(desk, newsroom)
        publish(desk, newsroom, ann, max)
        open_everything(client, max)
        correct_and_withdraw(desk, newsroom, ann, max)
        open_everything(client, max)
        transaction.set_rollback(True)
    versioned_lru.clear_all()  # the rollback takes the cache version back to an earlier number
    version.reset()


def correct_and_withdraw(desk: Newsdesk, statement: Statement, ann, max) -> None:
    edition = statement.editions.filter(release_at__isnull=False).last()
    if edition is None:
        return
    desk.client.force_login(ann)
    url = reverse("admin:statements_statement_correct", args=[statement.pk])
    page = desk.client.get(url)
    if page.status_code == 200:
        seen = {"seen_version": Statement.objects.get(pk=statement.pk).version}
        desk.fill_plain(url, page.context["form"], **seen)
    publish(desk, statement, ann, max)
    decide(desk, edition, "withdraw")
