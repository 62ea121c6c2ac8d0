"""Promise 8: before its time a statement cannot be told from one that does not exist.

Each test fills every field of an unreleased statement with a canary word, in every state. Then it asks
every public address, with every method, and expects the same bytes as before.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisations.models import Appointment, Contact, Organisation, Speaker
from statements import workflow
from statements.caching import versioned_lru
from statements.files import validation
from statements.models import Passage, RelatedStatement, Statement, Theme
from statements.newsdesk import autosave, presence
from statements.signoff import actions
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    approve_edition,
    make_statement,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)
from tests.make_files import PDF, attach_file, make_picture, make_upload, read_body
from tests.whole_site.routes import (
    BY_TOKEN,
    OPERATORS,
    PUBLIC,
    SIGNING_IN,
    STAFF_PREFIX,
    iter_routes,
    machine_urls,
    public_urls,
    search_urls,
)

pytestmark = pytest.mark.usefixtures("kept_pages")
CANARY = "canary"
METHODS = ("get", "head", "options", "post")
# Headers that depend on the moment, not on the record.
VOLATILE = {"Date"}
PICTURE = make_picture(600, 400)
WANTED_AT = NOON + 97 * DAY + 7 * HOUR + 43 * MINUTE  # 6 June 2044: no page may ever show it


def canary_files() -> list[str]:
    """Return the addresses of the canary's files, as somebody with the bytes could guess them."""
    photo = validation.validate_upload(make_upload("canary.jpg", PICTURE))
    pictures = [photo.data, *(picture.data for picture in photo.narrower)]
    named = [(data, "canary.jpg") for data in pictures] + [(PDF, "canary.pdf")]
    return [f"/files/{hashlib.sha256(data).hexdigest()}/{name}" for data, name in named]


def canary(by: User, live: Statement) -> Statement:
    """Make a draft with the canary in every field, and people and themes for it."""
    body = Organisation.objects.create(
        name="Canary body", slug="canary-body", publishes=True, boilerplate="Canary boilerplate"
    )
    speaker = Speaker.objects.create(name="Canary Speaker", slug="canary-speaker")
    role = Appointment.objects.create(speaker=speaker, organisation=body, role="Canary role")
    contact = Contact.objects.create(organisation=body, name="Canary desk", phone="01632 960000")
    statement = Statement.objects.create(
        headline="Canary headline",
        summary="Canary summary",
        organisation=body,
        slug="canary",
        responds_to_title="Canary report",
        responds_to_url="https://canary.example.org/",
        notes_to_editors="<p>Canary note</p>",
        contact=contact,
        dated_on=dt.date(2044, 3, 1),
        requested_release_at=WANTED_AT,
        translation_of=live,
    )
    Passage.objects.create(
        statement=statement,
        heading="Canary heading",
        speaker=speaker,
        appointment=role,
        body="<p>Canary words</p>",
    )
    well_known, public_body = Speaker.objects.get(slug="dave-hill"), live.organisation
    new_role = Appointment.objects.create(
        speaker=well_known, organisation=public_body, role="Canary second role"
    )
    Passage.objects.create(
        statement=statement,
        position=1,
        speaker=well_known,
        appointment=new_role,
        body="<p>The well known sing as a Canary.</p>",
    )
    shared, _ = Theme.objects.get_or_create(name="Shared", slug="shared")
    statement.themes.add(Theme.objects.create(name="Canary theme", slug="canary-theme"), shared)
    RelatedStatement.objects.create(statement=live, to=statement)
    RelatedStatement.objects.create(statement=statement, to=live)
    statement.record_save(by=by, seen_version=1)
    words = {"title": "Canary title", "credit": "Canary credit", "terms": "Canary terms"}
    attach_file(statement, by, "canary.jpg", PICTURE, alt="Canary description", **words)
    attach_file(statement, by, "canary.pdf", PDF, title="Canary report")
    return statement


def draft(statement, ann, ed) -> None:
    pass


def typed_and_not_saved(statement, ann, ed) -> None:
    """Autosave text of the canary, of a public statement and of a new one."""
    live = statement.translation_of
    for key, of in (("canary", statement), ("of-what-is-public", live), ("new-one", None)):
        typed = {"headline": ["Canary headline"], "passages-0-body": ["<p>Canary words</p>"]}
        autosave.save(typed, key=key, statement=of, by=ann, at=NOON)
        if of:
            presence.touch(of, by=ann, at=NOON + HOUR, typed=True)


def in_review(statement, ann, ed) -> None:
    submit_statement(statement, by=ann)


def sent_back(statement, ann, ed) -> None:
    edition = submit_statement(statement, by=ann)
    workflow.send_back(edition, by=ed, at=NOON, seen_digest=edition.digest, note="Canary why")


def on_hold(statement, ann, ed) -> None:
    approve_edition(submit_statement(statement, by=ann), by=ed, release_at=None)


def scheduled(statement, ann, ed) -> None:
    approve_edition(submit_statement(statement, by=ann), by=ed, release_at=NOON + 2 * HOUR)


def cancelled(statement, ann, ed) -> None:
    edition = approve_edition(
        submit_statement(statement, by=ann), by=ed, release_at=NOON + 2 * HOUR
    )
    workflow.cancel(edition, by=ann, at=NOON, note="Canary why")


STATES = [draft, typed_and_not_saved, in_review, sent_back, on_hold, scheduled, cancelled]


@pytest.fixture
def live(ann, ed) -> Statement:
    """Publish a statement that shares a theme with the canary."""
    statement = make_statement(ann, "What is public", language="cy")
    statement.themes.add(Theme.objects.create(name="Shared", slug="shared"))
    approve_edition(
        submit_statement(statement, by=ann, at=NOON - DAY),
        by=ed,
        at=NOON - DAY,
        release_at=NOON - DAY,
    )
    return statement


def answers(client, *addresses: str, methods=METHODS) -> dict[tuple[str, str], tuple]:
    """Map (method, address) to status, headers and body; check that a cold cache says the same."""
    said = {}
    for address in dict.fromkeys(addresses):
        for method in methods:
            said[method, address] = _answer(getattr(client, method)(address))
        versioned_lru.clear_all()
        assert _answer(getattr(client, methods[0])(address)) == said[methods[0], address]
    return said


def _answer(response) -> tuple:
    headers = {k: v for k, v in response.headers.items() if k not in VOLATILE}
    return response.status_code, headers, read_body(response)


def everything(client, live: Statement) -> dict[tuple[str, str], tuple]:
    live.refresh_from_db()
    addresses = [
        *public_urls("what-is-public"),
        *public_urls("canary"),
        *public_urls("canary-headline"),
        *canary_files(),
    ]
    # The query string does not decide which methods a page takes.
    said = answers(client, *_plain(addresses)) | answers(client, *addresses, methods=("get",))
    said |= answers(client, "/check/") | checked(client, *QUOTED)
    return said | answers(client, *machine_urls(), methods=("get",))


# Guesses of the canary's words, in small letters, so that an echo of the question is no leak.
QUOTED = (
    "canary headline canary summary",
    "canary role, of canary body, said: canary words",
    "directors, said: the well known sing as a canary",
)


def _plain(addresses: list[str]) -> list[str]:
    return [address for address in addresses if "?" not in address]


def checked(client, *quotations: str) -> dict[tuple[str, str], tuple]:
    """Map (check, words) to the answer of the quotation check."""
    said = {}
    for words in quotations:
        response = client.post(
            "/check/",
            urlencode({"words": words}),
            content_type="application/x-www-form-urlencoded",
        )
        headers = {k: v for k, v in response.headers.items() if k not in VOLATILE}
        said["check", words] = (response.status_code, headers, read_body(response))
    return said


def test_every_route_of_the_resolver_is_classified():
    unclassified = [
        route
        for route in iter_routes()
        if route not in PUBLIC | BY_TOKEN | OPERATORS and not route.startswith(STAFF_PREFIX)
    ]

    assert unclassified == []


def test_every_staff_route_asks_a_stranger_to_sign_in(client, db):
    asked = {
        route: client.get("/" + _filled(route)).status_code
        for route in iter_routes()
        if route.startswith(STAFF_PREFIX) and route not in SIGNING_IN
    }

    assert {route: status for route, status in asked.items() if status not in (302, 404)} == {}


def _filled(route: str) -> str:
    import re

    route = re.sub(r"<[^>]+>", "1", route)
    return re.sub(r"\(\?P<[^>]+>.*\)\$?", "x", route)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_what_is_not_public_changes_no_answer(client, frozen, live, ann, ed, state: Callable):
    frozen(NOON + HOUR)
    before = everything(client, live)

    state(canary(ann, live), ann, ed)

    assert everything(client, live) == before


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_a_hidden_address_answers_like_one_that_never_was(
    client, frozen, live, ann, ed, state: Callable
):
    frozen(NOON + HOUR)
    state(canary(ann, live), ann, ed)

    files = canary_files()
    hidden = answers(client, *_plain(public_urls("canary")), *files)
    strange = [address.replace("/files/", "/files/0")[:-1] for address in files]
    never = answers(client, *_plain(public_urls("robins")), *strange)

    assert [*hidden.values()] == [*never.values()]
    assert _without_echo(checked(client, *QUOTED), "canary") == _without_echo(
        checked(client, *(words.replace("canary", "robins") for words in QUOTED)), "robins"
    )


def _without_echo(said: dict, word: str) -> list[tuple]:
    return [
        (status, headers, page.replace(word.encode(), b""))
        for status, headers, page in said.values()
    ]


@pytest.mark.parametrize("state", [in_review, scheduled], ids=lambda state: state.__name__)
def test_a_search_for_what_is_not_public_is_one_for_what_nobody_wrote(
    client, frozen, live, ann, ed, state: Callable
):
    """This includes counts, order, facets and spelling suggestions."""
    frozen(NOON + HOUR)
    before = answers(client, *search_urls("canary"), methods=("get",))

    state(canary(ann, live), ann, ed)
    Statement.objects.filter(pk=live.pk).update(headline="Canary headline")
    correction = submit_statement(live, by=ann, amendment="typo")
    approve_edition(correction, by=ed, release_at=NOON + 2 * HOUR)

    after = answers(client, *search_urls("canary"), methods=("get",))
    nobody = answers(client, *search_urls("robins"), methods=("get",))
    assert after == before
    assert [said[2] for said in after.values()] == [
        said[2].replace(b"robins", b"canary").replace(b"robns", b"canry")
        for said in nobody.values()
    ]


def test_a_pending_correction_changes_no_answer(client, frozen, live, ann, ed):
    frozen(NOON + HOUR)
    before = everything(client, live)

    live.refresh_from_db()
    Statement.objects.filter(pk=live.pk).update(headline="Canary headline", slug="canary")
    rewrite_passage(live, "Canary words", by=ann)
    attach_file(live, ann, "canary.jpg", PICTURE, alt="Canary description")
    attach_file(live, ann, "canary.pdf", PDF, title="Canary report")
    correction = submit_statement(live, by=ann, amendment="correction", public_note="Canary note")
    in_review_ = everything(client, live)
    approve_edition(correction, by=ed, release_at=NOON + 2 * HOUR)

    assert (in_review_, everything(client, live)) == (before, before)


def test_no_preview_of_another_statement_says_a_word_of_it(client, frozen, live, ann, ed):
    """This holds for a link to another statement and for a token that never existed."""
    other = submit_statement(make_statement(ann, "Another statement", slug="another"), by=ann)
    _, token = actions.request_signoff(other, by=ann, at=NOON, name="Dame Jane")
    frozen(NOON + HOUR)
    addresses = (f"/preview/{token}/", "/preview/never-made/")

    def read_all():
        opened = [client.post(address, {"step": "open"}).content for address in addresses]
        return answers(client, *addresses), opened

    before = read_all()
    statement = canary(ann, live)
    edition = submit_statement(statement, by=ann)
    actions.request_signoff(
        edition, by=ann, at=NOON, name="Canary reader", email="canary@example.org"
    )
    in_review_ = read_all()
    approve_edition(edition, by=ed, release_at=NOON + 2 * HOUR)

    assert [in_review_, read_all()] == [before, before]
    assert b"Another statement" in before[1][0]


def test_no_public_answer_reads_the_index_of_drafts(client, frozen, live, ann):
    frozen(NOON + HOUR)
    canary(ann, live)
    with CaptureQueriesContext(connection) as queries:
        everything(client, live)
    asked = [query["sql"] for query in queries.captured_queries]
    assert [sql for sql in asked if "statements_searchrow" in sql] != []
    assert [sql for sql in asked if re.search("draftsearchrow|search_drafts", sql)] == []


def test_a_link_that_was_sent_changes_no_public_answer(client, frozen, live, ann, ed):
    """Nobody else sees that a link was sent, opened or answered."""
    frozen(NOON + HOUR)
    edition = submit_statement(canary(ann, live), by=ann)
    before = everything(client, live)
    preview, token = actions.request_signoff(edition, by=ann, at=NOON, name="Canary reader")
    client.post(f"/preview/{token}/", {"step": "open"})
    actions.record_reply(preview, at=NOON, seen_digest=edition.digest, agrees=True)

    assert everything(client, live) == before


def test_a_token_that_was_never_made_is_any_unknown_address(client, frozen, live, ann):
    frozen(NOON + HOUR)
    for route in BY_TOKEN:
        unknown = "/" + re.sub("<slug:[a-z]+>", "x" * 32, route).replace("<str:name>", "x")
        methods = METHODS if route.endswith("/") else ("get", "head")  # the others are 405
        told = {method: answers(client, unknown)[method, unknown] for method in methods}
        never = answers(client, "/never/was/")
        assert told == {method: never[method, "/never/was/"] for method in methods}


def test_the_canary_sings_at_its_second(client, frozen, live, ann, ed):
    """Everything that the tests above could leak is public at its time."""
    scheduled(canary(ann, live), ann, ed)
    frozen(NOON + 2 * HOUR - dt.timedelta(seconds=1))
    before = client.get("/statements/canary/").status_code
    frozen(NOON + 2 * HOUR)
    page = client.get("/statements/canary/").content.decode()
    missing = [
        words
        for words in (
            *("Canary headline", "Canary summary", "Canary Speaker", "Canary role"),
            *(
                "Canary heading",
                "Canary words",
                "Canary second role",
                "The well known sing",
                "Canary note",
                "Canary report",
                "Canary theme",
            ),
            *("Canary desk", "Canary body", "Canary boilerplate", "Canary title", "Canary credit"),
            *("Canary terms", "Canary description", "Canary report", *canary_files()),
        )
        if words not in page
    ]

    assert (before, missing) == (404, [])
    said = everything(client, live)
    assert [
        key for key, (_, _, body) in said.items() if re.search(rb":43|2044-06-06|6 Jun", body)
    ] == []
    assert "Canary headline" in client.get("/").content.decode()
    assert [words for _, words in _with_canary(checked(client, *QUOTED))] == [*QUOTED]
    assert [client.get(address).status_code for address in canary_files()] == [200, 200, 200]


def test_gone_words_are_nowhere(client, frozen, live, ann, ed):
    statement = canary(ann, live)
    Contact.objects.update(name="The desk")  # the removed page names the contact
    edition = approve_edition(submit_statement(statement, by=ann), by=ed, release_at=NOON + MINUTE)
    workflow.withdraw(
        refetch_edition(edition),
        by=ed,
        at=NOON + 2 * MINUTE,
        kind="gone",
        notice="It was not ours to say.",
    )
    frozen(NOON + HOUR)

    said = everything(client, live)

    assert client.get("/statements/canary/").status_code == 410
    assert [client.get(address).status_code for address in canary_files()] == [410, 410, 410]
    assert _with_canary(said) == []


def test_suppressed_words_are_nowhere(client, frozen, live, ann, ed, max):
    live.refresh_from_db()
    rewrite_passage(live, "Canary words", by=ann)
    second = submit_statement(
        live, by=ann, amendment="correction", public_note="The first was wrong."
    )
    second = approve_edition(second, by=ed, release_at=NOON + MINUTE)
    rewrite_passage(live, "Better words", by=ann)
    third = submit_statement(live, by=ann, at=NOON + MINUTE, amendment="typo")
    approve_edition(third, by=ed, at=NOON + MINUTE, release_at=NOON + 2 * MINUTE)
    workflow.suppress(
        refetch_edition(second), by=max, at=NOON + 3 * MINUTE, reason="A person is named."
    )
    frozen(NOON + HOUR)

    assert _with_canary(everything(client, live)) == []


def test_erased_words_are_nowhere(client, frozen, live, ann, ed, max):
    from tests.cast import PASSWORD, make_user

    other = make_user("mia", "Manager")
    statement = canary(ann, live)
    Contact.objects.update(name="The desk")  # the removed page names the contact
    edition = approve_edition(submit_statement(statement, by=ann), by=ed, release_at=NOON + MINUTE)
    at = NOON + 2 * MINUTE
    workflow.withdraw(
        refetch_edition(edition), by=ed, at=at, kind="notice", notice="A court order."
    )
    workflow.request_erasure(refetch_edition(edition), by=max, at=at, reason="The order.")
    workflow.erase(
        refetch_edition(edition), by=other, at=at, seen_digest=edition.digest, password=PASSWORD
    )
    frozen(NOON + HOUR)

    assert _with_canary(everything(client, live)) == []
    assert [client.get(address).status_code for address in canary_files()] == [404, 404, 404]


def test_a_file_uploaded_after_the_release_waits_for_its_own_edition(client, frozen, live, ann, ed):
    """This holds before the release, after it and while a correction is scheduled."""
    frozen(NOON + HOUR)
    before = everything(client, live)
    attach_file(live, ann, "canary.jpg", PICTURE, alt="Canary description")
    uploaded = everything(client, live)
    correction = submit_statement(live, by=ann, amendment="typo", at=NOON + HOUR)
    approve_edition(correction, by=ed, at=NOON + HOUR, release_at=NOON + 2 * HOUR)
    scheduled_ = everything(client, live)
    frozen(NOON + 2 * HOUR)

    assert (uploaded, scheduled_) == (before, before)
    assert [client.get(address).status_code for address in canary_files()] == [200, 200, 404]


def _with_canary(said: dict) -> list[tuple[str, str]]:
    """Return addresses that show the canary's words; a redirect may repeat its slug."""
    return [
        key
        for key, (_, headers, body) in said.items()
        if b"Canary" in body or "Canary" in str(headers)
    ]
