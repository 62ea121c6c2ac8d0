"""The page cache: the same responses as rendering each time, at every instant, for less work."""

import datetime as dt
import gzip
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import brotli
import pytest
from django.db import OperationalError, transaction
from django.http import HttpResponse
from django.test import override_settings
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from organisations.models import Contact, Organisation, Speaker
from statements import clock, workflow
from statements.caching import headers, page_cache, version, versioned_lru
from statements.models import Edition, RelatedStatement, Statement, Theme
from statements.related import articles
from statements.workflow import Refused
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    approve_edition,
    make_statement,
    make_user,
    rewrite_passage,
    submit_statement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_pages")]
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def live(frozen, ann, ed) -> Edition:
    """Public since NOON, and it is an hour later."""
    frozen(NOON + HOUR)
    return approve_edition(submit_statement(make_statement(ann, "What is public"), by=ann), by=ed)


ADDRESS = "/statements/what-is-public/"


def test_a_cached_page_costs_one_query_and_is_the_same(client, live, django_assert_num_queries):
    rendered = client.get(ADDRESS)

    with django_assert_num_queries(1):  # the cache version
        cached = client.get(ADDRESS)

    assert (cached.status_code, cached.content) == (200, rendered.content)
    assert cached.headers == rendered.headers
    assert b"What is public" in cached.content


def test_a_fresh_version_costs_no_query(client, live, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(clock, "MAX_AGE_SECONDS", 600)
    client.get(ADDRESS)

    with django_assert_num_queries(0):
        assert client.get(ADDRESS).status_code == 200


def test_a_version_ends_at_the_next_release_by_itself(client, frozen, live, ann, ed, monkeypatch):
    rewrite_passage(live.statement, "Better words.", by=ann)
    correction = submit_statement(live.statement, by=ann, at=NOON, amendment="typo")
    approve_edition(correction, by=ed, release_at=NOON + 2 * HOUR)
    monkeypatch.setattr(clock, "MAX_AGE_SECONDS", 600)
    answers = []
    for at in (NOON + HOUR, NOON + 2 * HOUR - SECOND, NOON + 2 * HOUR, NOON + HOUR):
        frozen(at)  # the last one: the clock is put back
        answers += [b"Better words." in client.get(ADDRESS).content]

    assert answers == [False, False, True, False]


def test_a_version_ends_with_the_day(client, frozen, live, monkeypatch):
    """A page may say who is President today."""
    monkeypatch.setattr(clock, "MAX_AGE_SECONDS", 600)
    at_noon = version.current_snapshot().version
    frozen(NOON.replace(hour=23, minute=59))
    at_night = version.current_snapshot().version
    frozen(NOON + DAY - 12 * HOUR)

    assert at_night == at_noon
    assert version.current_snapshot().version != at_noon


def test_shared_data_is_read_once_until_the_record_changes(client, live, ann, ed):
    """The newest statements of a theme and of a speaker are on the page of each of theirs."""
    theme = Theme.objects.create(name="Water", slug="water")
    live.statement.themes.add(theme)
    client.get(ADDRESS)
    shared = articles.newest_cache.keys()
    another = make_statement(ann, "Another")
    another.themes.add(theme)
    another = approve_edition(submit_statement(another, by=ann), by=ed)
    page_cache.pages.clear()
    page = client.get(ADDRESS).content

    assert [reason for reason, _ in shared] == [articles.THEME, articles.SPEAKER]
    assert b"Also on Water" in page
    articles.newest_cache.set(version.current_snapshot().version, shared[0], [])
    articles.newest_cache.set(version.current_snapshot().version, shared[1], [])
    page_cache.pages.clear()
    assert b"Also on Water" not in client.get(ADDRESS).content


def test_a_profile_is_read_once_until_the_record_changes(client, live, django_assert_num_queries):
    live.statement.themes.add(Theme.objects.create(name="Water", slug="water"))
    subjects = {
        "/themes/water/": (Theme, 1),
        "/speakers/dave-hill/": (Speaker, 3),
        "/organisations/association-of-directors/": (Organisation, 3),
    }
    for address, (model, others) in subjects.items():
        client.get(address)
        page_cache.pages.clear()
        with django_assert_num_queries(1 + others):  # one for the cache version
            client.get(address)
        model.objects.filter(slug=address.split("/")[2]).update(name="New name")
        assert b'<h1 dir="auto">New name</h1>' in client.get(address).content


def test_requests_for_what_does_not_exist_push_nothing_out(live):
    cache: versioned_lru.VersionedLRU[int] = versioned_lru.VersionedLRU(max_size=lambda: 1)
    at = version.current_snapshot().at
    assert cache.get_or_make("there", lambda: 1, at=at) == 1
    assert cache.get_or_make("not there", lambda: None, at=at) is None
    assert cache.get_or_make("there", lambda: 2, at=at) == 1


def test_a_value_larger_than_the_cache_is_not_stored():
    cache = versioned_lru.VersionedLRU[bytes](max_size=lambda: 3, getsizeof=len)
    cache.set("version", "small", b"abc")
    cache.set("version", "large", b"abcd")

    assert cache.keys() == ["small"]


def test_no_value_of_another_version_is_returned():
    cache = versioned_lru.VersionedLRU[int](max_size=lambda: 10)
    cache.set("first", "key", 1)
    assert [cache.get("first", "key"), cache.get("second", "key"), cache.get(None, "key")] == [
        *(1, None, None)
    ]
    cache.set(None, "key", 2)
    cache.set("second", "other", 3)
    assert cache.keys() == ["other"]


# --- Rendering at the same time -------------------------------------------------------------------


@pytest.fixture
def at_noon(monkeypatch):
    """A cache version that needs no database, which these threads do not have."""
    snapshot = version.Snapshot(NOON, version="now")
    monkeypatch.setattr(page_cache, "_read_snapshot", lambda: snapshot)


def test_a_process_renders_two_pages_at_once(rf, at_noon):
    both, running, counts = threading.Barrier(page_cache.MAX_CONCURRENT_RENDERS), [], []

    def render(environ, start_response):
        running.append(environ)
        both.wait(timeout=10)
        counts.append(len(running))
        both.wait(timeout=10)
        running.remove(environ)
        return []

    application = page_cache.PageCache(render)
    environs = [rf.get(f"/statements/{n}/").environ for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda environ: application(environ, None), environs))

    assert counts == [page_cache.MAX_CONCURRENT_RENDERS] * 8


def test_a_request_that_waited_gets_the_page_that_another_one_rendered(rf, at_noon, monkeypatch):
    is_waiting = threading.Event()
    application = page_cache.PageCache(lambda *_: pytest.fail("It was rendered a second time."))
    get = page_cache.pages.get

    def note_and_get(version, key):
        is_waiting.set()
        return get(version, key)

    monkeypatch.setattr(page_cache.pages, "get", note_and_get)
    for _ in range(page_cache.MAX_CONCURRENT_RENDERS):
        page_cache._render_slots.acquire()
    with ThreadPoolExecutor(1) as pool:
        chunks = pool.submit(application, rf.get(ADDRESS).environ, lambda *_: None)
        assert is_waiting.wait(timeout=10)
        page = page_cache.CachedPage(HttpResponse("As another got it."))
        page_cache.pages.set("now", (ADDRESS, ""), page)
        for _ in range(page_cache.MAX_CONCURRENT_RENDERS):
            page_cache._render_slots.release()

        assert b"".join(chunks.result(timeout=10)) == b"As another got it."


# --- What is stored -------------------------------------------------------------------------------


def test_the_cache_is_bounded_and_drops_the_least_recently_used(settings, client, live):
    three = (ADDRESS, "/", ADDRESS + "editions/")
    settings.PAGE_CACHE_BYTES = (
        sum(page_cache.CachedPage(client.get(a)).estimate_bytes() for a in three) - 1
    )
    page_cache.pages.clear()
    for address in (ADDRESS, "/", ADDRESS, ADDRESS + "editions/"):
        client.get(address)

    paths_and_queries = page_cache.pages.keys()
    assert paths_and_queries == [(ADDRESS, ""), (ADDRESS + "editions/", "")]


@pytest.mark.parametrize("change", ["private", "other query", "cookie", "status"])
def test_only_a_public_response_that_its_view_allows_is_stored(rf, live, change):
    """Whatever a view does by mistake, what one person got is not sent to another."""

    def view(request):
        response = HttpResponse("For one person.", status=404 if change == "status" else 200)
        headers.allow_caching(request, "a=1" if change == "other query" else "")
        if change == "cookie":
            response.set_cookie("session", "secret")
        return response if change == "private" else headers.mark_public(request, response)

    request = rf.get(ADDRESS)
    page_cache.PublicResponseMiddleware(view)(request)

    assert page_cache.PAGE_KEY not in request.META


def test_the_same_response_without_a_mistake_is_stored(rf, live):
    def view(request):
        headers.allow_caching(request)
        return headers.mark_public(request, HttpResponse("For everybody."))

    request = rf.get(ADDRESS)
    page_cache.PublicResponseMiddleware(view)(request)

    assert request.META[page_cache.PAGE_KEY].body == b"For everybody."


def test_only_found_pages_without_search_are_stored(client, live):
    for address in (
        *("/statements/never-was/", "/statements/what-is-public", "/admin/login/", "/health/live"),
        *("/?q=public", "/?utm_source=x", "/?theme=never-was", "/?year=1999", "/?year=2044&year="),
        *("/?older=what-is-public", "/?kind=comment&year=2044", "/?year=2044&kind=comment"),
    ):
        client.get(address)
        client.head(address)
        client.post(address)

    assert page_cache.pages.keys() == [("/", "kind=comment&year=2044")]


def test_a_wrong_host_is_refused_although_the_page_is_cached(client, live):
    client.get(ADDRESS)

    assert client.get(ADDRESS, headers={"Host": "evil.example.org"}).status_code == 400


def test_http_is_redirected_to_https_although_the_page_is_cached(client, live, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(ADDRESS, secure=True).status_code == 200

    assert client.get(ADDRESS)["Location"] == f"https://testserver{ADDRESS}"


def test_everybody_gets_the_same_cached_page(client, live, ed):
    """With or without a session or cookies, and by HEAD as well."""
    rendered = client.get(ADDRESS)
    client.force_login(ed)
    client.cookies["anything"] = "at all"
    cached, head = client.get(ADDRESS), client.head(ADDRESS)

    assert (cached.content, cached.headers) == (rendered.content, rendered.headers)
    assert (head.status_code, head.content, head.headers) == (200, b"", rendered.headers)
    assert not cached.cookies


def test_head_stores_the_page_for_get(client, live, django_assert_num_queries):
    client.head(ADDRESS)

    with django_assert_num_queries(1):
        assert b"What is public" in client.get(ADDRESS).content


def test_withdrawn_content_is_gone_with_the_next_version(client, live, ed):
    before = client.get(ADDRESS).content
    workflow.withdraw(live, by=ed, at=NOON + HOUR, kind="gone", notice="It was wrong.")
    after = client.get(ADDRESS)

    assert b"We welcome" in before
    assert after.status_code == 410
    assert b"We welcome" not in after.content


def test_a_failing_database_is_left_to_django(client, live, monkeypatch):
    def fail():
        raise OperationalError

    client.get(ADDRESS)
    monkeypatch.setattr(page_cache, "_read_snapshot", fail)

    assert client.get(ADDRESS).status_code == 200


@pytest.mark.parametrize("warm", [False, True])
def test_each_encoding_has_its_own_etag(client, live, warm):
    def ask(accepted: str, tag: str = ""):
        if not warm:
            page_cache.pages.clear()
        headers = {"Accept-Encoding": accepted} | ({"If-None-Match": tag} if tag else {})
        return client.get(ADDRESS, headers=headers)

    plain, small, smaller = ask("identity"), ask("gzip, br;q=0"), ask("gzip, deflate, br")
    tag = plain["ETag"].strip('"')

    assert gzip.decompress(small.content) == brotli.decompress(smaller.content) == plain.content
    assert [a.get("Content-Encoding") for a in (plain, small, smaller)] == [None, "gzip", "br"]
    assert [small["ETag"], smaller["ETag"]] == [f'"{tag}-gzip"', f'"{tag}-br"']
    assert {a["Vary"] for a in (plain, small, smaller)} == {"Accept-Encoding"}
    assert int(smaller["Content-Length"]) == len(smaller.content) < len(plain.content) / 2
    assert ask("br", smaller["ETag"]).status_code == 304
    assert ask("gzip", smaller["ETag"]).status_code == 200  # the client has another encoding
    assert ask("br", f'"other", W/{smaller["ETag"]}').status_code == 304


def test_every_public_response_lives_to_the_end_of_its_second(client, frozen, live):
    """The same for pages that exist, that do not, and that are to come."""
    frozen(NOON + HOUR + SECOND / 2)
    second = str(int((NOON + HOUR).timestamp()))
    for address in (
        ADDRESS,
        "/",
        "/?q=x",
        "/statements/never-was/",
        "/never/was",
        "/statements/X/",
    ):
        for _ in "12":
            assert client.get(address)["X-Accel-Expires"] == f"@{second}", address

    assert [client.get(a).get("X-Accel-Expires") for a in ("/admin/login/", "/health/live")] == [
        None,
        None,
    ]


def test_a_scheduled_release_changes_no_etag_and_no_lifetime(client, live, ann, ed):
    def headers() -> list:
        return [dict(client.get(a).headers) for a in ("/", ADDRESS, "/statements/to-come/")]

    before = headers()
    to_come = submit_statement(make_statement(ann, "To come", slug="to-come"), by=ann)
    approve_edition(to_come, by=ed, release_at=NOON + HOUR + MINUTE)

    assert headers() == before


def test_facets_are_counted_again_when_the_record_changes(client, frozen, live, ann, ed):
    def counted() -> list[str]:
        pages = [client.get(a).content.decode() for a in ("/", "/statements/")]
        return [re.search(r"Comment \((\d+)\)", page)[1] for page in pages]

    to_come = submit_statement(make_statement(ann, "To come"), by=ann)
    approve_edition(to_come, by=ed, release_at=NOON + HOUR + MINUTE)
    assert counted() == ["1", "1"]
    frozen(NOON + HOUR + MINUTE)
    assert counted() == ["2", "2"]
    workflow.withdraw(live, by=ed, at=NOON + HOUR + MINUTE, kind="gone", notice="It was wrong.")
    assert counted() == ["1", "1"]


# --- Any sequence of changes ---------------------------------------------------------------------

TITLES = ("First", "Second")
ADDRESSES = [
    *("/", "/?theme=water", "/?theme=rain", "/?speaker=dave-hill&year=2044"),
    *("/themes/water/", "/speakers/dave-hill/", "/feeds/statements.atom", "/archive/2044/"),
    *(f"/statements/{title.lower()}/" for title in TITLES),
    *(f"/statements/{title.lower()}.txt" for title in TITLES),
    *(f"/statements/{title.lower()}/editions/" for title in TITLES),
]
which = st.integers(0, 1)


class RecordMachine(RuleBasedStateMachine):
    """Change two statements, one of them public, in every way that the public could see."""

    at: ClassVar[dt.datetime] = NOON
    client: ClassVar

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        RecordMachine.at = NOON
        versioned_lru.clear_all()  # the rollback of the last example took the version back
        version.reset()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize()
    def open(self) -> None:
        self.ann, self.ed = make_user("a", "Author"), make_user("e", "Editor")
        self.max = make_user("m", "Manager")
        self.statements = [make_statement(self.ann, title) for title in TITLES]
        self.theme = Theme.objects.create(name="Water", slug="water")
        self.times = 0
        self.agree_to_other_words(0, 0)
        self.file_under_a_theme(0, has_theme=True)

    def act(self, transition, *arguments, **fields) -> None:
        try:
            with transaction.atomic():
                transition(*arguments, at=self.at, **fields)
        except Refused:
            pass

    def last(self, number: int, **conditions) -> Edition | None:
        editions = self.statements[number].editions
        return editions.filter(**conditions).order_by("-sequence").first()

    @rule(seconds=st.sampled_from([1, 59, 60, 3600, 86400]))
    def time_passes(self, seconds: int) -> None:
        RecordMachine.at += dt.timedelta(seconds=seconds)

    @rule(number=which, minutes=st.sampled_from([None, 0, 1, 60]))
    def agree_to_other_words(self, number: int, minutes: int | None) -> None:
        self.times += 1
        statement = rewrite_passage(self.statements[number], f"Words {self.times}.", by=self.ann)
        change = {"amendment": "correction", "public_note": f"Note {self.times}."}
        was_public = statement.editions.filter(release_at__lte=self.at).exists()
        edition = submit_statement(
            statement, by=self.ann, at=self.at, **(change if was_public else {})
        )
        coming = self.at.replace(second=0) + MINUTE * ((minutes or 0) + 1)
        release_at = {None: None, 0: self.at}.get(minutes, coming)
        seen = edition.digest
        self.act(workflow.approve, edition, by=self.ed, seen_digest=seen, release_at=release_at)

    @rule(number=which)
    def hold(self, number: int) -> None:
        if edition := self.last(number, release_at__gt=self.at):
            self.act(workflow.hold, edition, by=self.ann, note="Wait.")

    @rule(number=which, kind=st.sampled_from(["notice", "gone"]))
    def withdraw(self, number: int, kind: str) -> None:
        if edition := self.last(number, release_at__lte=self.at, live_until__gt=self.at):
            self.act(workflow.withdraw, edition, by=self.ed, kind=kind, notice="It was wrong.")

    @rule(number=which)
    def suppress(self, number: int) -> None:
        if edition := self.last(number, live_until__lte=self.at, suppressed_at=None):
            self.act(workflow.suppress, edition, by=self.max, reason="A person is named.")

    @rule(number=which, has_theme=st.booleans())
    def file_under_a_theme(self, number: int, has_theme: bool) -> None:
        themes = self.statements[number].themes
        (themes.add if has_theme else themes.remove)(self.theme)

    @rule(slug=st.sampled_from(["water", "rain"]))
    def rename_the_theme(self, slug: str) -> None:
        self.theme.slug, self.theme.name = slug, slug.title()
        self.theme.save()

    @rule(name=st.sampled_from(["Dave Hill", "Sir Dave Hill"]))
    def rename_the_speaker(self, name: str) -> None:
        Speaker.objects.update(name=name)

    @rule(number=which, blocked=st.booleans())
    def relate(self, number: int, blocked: bool) -> None:
        statement, target = self.statements[number], self.statements[1 - number]
        RelatedStatement.objects.filter(statement=statement).delete()
        RelatedStatement.objects.create(statement=statement, to=target, blocked=blocked)

    @rule(number=which, phone=st.sampled_from(["020 1", "020 2"]))
    def give_a_contact(self, number: int, phone: str) -> None:
        organisation = Organisation.objects.first()
        contact, _ = Contact.objects.update_or_create(
            organisation=organisation, name="Press office", defaults={"phone": phone}
        )
        Statement.objects.filter(pk=self.statements[number].pk).update(contact=contact)

    @invariant()
    def cached_pages_equal_rendered_ones(self) -> None:
        cached = self.answers()
        with override_settings(PAGE_CACHE_BYTES=0):
            rendered = self.answers()
        wrong = {a: (cached[a], rendered[a]) for a in ADDRESSES if cached[a] != rendered[a]}
        assert wrong == {}

    def answers(self) -> dict:
        responses = {address: self.client.get(address) for address in ADDRESSES}
        return {a: (r.status_code, dict(r.headers), r.content) for a, r in responses.items()}


def test_no_cached_page_ever_differs_from_a_rendered_one(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: RecordMachine.at)
    RecordMachine.client = client
    run_state_machine_as_test(
        RecordMachine,
        settings=hypothesis_settings(
            max_examples=3,
            phases=[Phase.generate],
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
