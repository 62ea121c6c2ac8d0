"""Kept pages: the same answers as those made anew, at every instant, for less work."""

import datetime as dt
import gzip
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import brotli
import pytest
from django.db import transaction
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
from statements.caching import page_cache, version, versioned_lru
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


def test_a_kept_page_costs_one_question_and_says_the_same(client, live, django_assert_num_queries):
    made = client.get(ADDRESS)

    with django_assert_num_queries(1):  # do the pages still hold?
        kept = client.get(ADDRESS)

    assert (kept.status_code, kept.content, kept.headers) == (200, made.content, made.headers)
    assert b"What is public" in kept.content


def test_a_lease_asks_nothing_while_it_lasts(client, live, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(clock, "MAX_AGE_SECONDS", 600)
    client.get(ADDRESS)

    with django_assert_num_queries(0):
        assert client.get(ADDRESS).status_code == 200


def test_a_lease_steps_at_the_next_change_by_itself(client, frozen, live, ann, ed, monkeypatch):
    rewrite_passage(live.statement, "Better words.", by=ann)
    correction = submit_statement(live.statement, by=ann, at=NOON, amendment="typo")
    approve_edition(correction, by=ed, release_at=NOON + 2 * HOUR)
    monkeypatch.setattr(clock, "MAX_AGE_SECONDS", 600)
    said = []
    for at in (NOON + HOUR, NOON + 2 * HOUR - SECOND, NOON + 2 * HOUR, NOON + HOUR):
        frozen(at)  # and at last the clock is put back
        said += [b"Better words." in client.get(ADDRESS).content]

    assert said == [False, False, True, False]


def test_a_lease_ends_with_the_day(client, frozen, live, monkeypatch):
    """As a page may say who is President today."""
    monkeypatch.setattr(clock, "MAX_AGE_SECONDS", 600)
    today = version.current_snapshot().version
    frozen(NOON.replace(hour=23, minute=59))
    still = version.current_snapshot().version
    frozen(NOON + DAY - 12 * HOUR)

    assert (still, version.current_snapshot().version == today) == (today, False)


def test_what_pages_share_is_asked_once_until_the_record_changes(client, live, ann, ed):
    """The newest of a theme and of a speaker stand beneath every statement that has them."""
    theme = Theme.objects.create(name="Water", slug="water")
    live.statement.themes.add(theme)
    client.get(ADDRESS)
    shared = list(articles.newest_cache._entries)
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


def test_whose_page_it_is_is_asked_once_until_the_record_changes(
    client, live, django_assert_num_queries
):
    live.statement.themes.add(Theme.objects.create(name="Water", slug="water"))
    subjects = {
        "/themes/water/": (Theme, 1),
        "/speakers/dave-hill/": (Speaker, 3),
        "/organisations/association-of-directors/": (Organisation, 3),
    }
    for address, (model, others) in subjects.items():
        client.get(address)
        page_cache.pages.clear()
        with django_assert_num_queries(1 + others):  # does the record still stand as it did?
            client.get(address)
        model.objects.filter(slug=address.split("/")[2]).update(name="Called anew")
        assert b'<h1 dir="auto">Called anew</h1>' in client.get(address).content


def test_who_asks_for_what_is_not_there_pushes_nothing_out(live):
    few: versioned_lru.VersionedLRU[int] = versioned_lru.VersionedLRU(max_size=lambda: 1)
    at = version.current_snapshot().at
    assert few.get_or_make("there", lambda: 1, at=at) == 1
    assert few.get_or_make("not there", lambda: None, at=at) is None
    assert few.get_or_make("there", lambda: 2, at=at) == 1


@pytest.fixture
def at_noon(monkeypatch):
    monkeypatch.setattr(
        page_cache, "snapshot_of", lambda request: version.Snapshot(NOON, version="now")
    )


def test_a_process_makes_two_pages_at_once(rf, at_noon):
    both, busy, most = threading.Barrier(page_cache.MAX_CONCURRENT_RENDERS), [], []

    def make(request):
        busy.append(request)
        both.wait(timeout=10)
        most.append(len(busy))
        both.wait(timeout=10)
        busy.remove(request)
        return HttpResponse()

    answers = page_cache.PageCacheMiddleware(make)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: answers(rf.get(f"/statements/{n}/")), range(8)))

    assert most == [page_cache.MAX_CONCURRENT_RENDERS] * 8


def test_who_had_to_wait_gets_what_another_asked_for_meanwhile(rf, at_noon):
    waiting = threading.Event()
    answers = page_cache.PageCacheMiddleware(
        lambda request: pytest.fail("It was made a second time.")
    )

    def find(key, address):
        waiting.set()
        return type(page_cache.pages).get(page_cache.pages, key, address)

    for _ in range(page_cache.MAX_CONCURRENT_RENDERS):
        page_cache._render_slots.acquire()
    with ThreadPoolExecutor(1) as pool, pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_cache.pages, "find", find)
        answer = pool.submit(answers, rf.get(ADDRESS))
        assert waiting.wait(timeout=10)
        page_cache.pages.set(
            "now", (ADDRESS, ""), page_cache.CachedPage(HttpResponse("As another got it."))
        )
        for _ in range(page_cache.MAX_CONCURRENT_RENDERS):
            page_cache._render_slots.release()
        assert answer.result(timeout=10).content == b"As another got it."


def test_what_is_kept_is_bounded_and_drops_what_was_asked_for_longest_ago(settings, client, live):
    three = (ADDRESS, "/", ADDRESS + "editions/")
    settings.PAGE_CACHE_BYTES = (
        sum(page_cache.CachedPage(client.get(a)).estimate_bytes() for a in three) - 1
    )
    page_cache.pages.clear()
    for address in (ADDRESS, "/", ADDRESS, ADDRESS + "editions/"):
        client.get(address)

    assert [path for path, _ in page_cache.pages._entries] == [ADDRESS, ADDRESS + "editions/"]


def test_only_answers_to_good_questions_are_kept(client, live):
    for address in (
        *("/statements/never-was/", "/statements/what-is-public", "/admin/login/", "/health/live"),
        *("/?q=public", "/?utm_source=x", "/?theme=never-was", "/?year=1999", "/?year=2044&year="),
        *("/?older=what-is-public", "/?kind=comment&year=2044", "/?year=2044&kind=comment"),
    ):
        client.get(address)
        client.head(address)
        client.post(address)

    assert list(page_cache.pages._entries) == [("/", "kind=comment&year=2044")]


def test_a_wrong_host_is_refused_though_the_page_is_kept(client, live):
    client.get(ADDRESS)

    assert client.get(ADDRESS, headers={"Host": "evil.example.org"}).status_code == 400


def test_a_kept_page_is_given_to_everybody_alike(client, live, ed):
    """Whoever is signed in, whatever cookie is sent, and HEAD as well."""
    made = client.get(ADDRESS)
    client.force_login(ed)
    client.cookies["anything"] = "at all"
    kept, head = client.get(ADDRESS), client.head(ADDRESS)

    assert (kept.content, kept.headers) == (made.content, made.headers)
    assert (head.status_code, head.content, head.headers) == (200, b"", made.headers)
    assert not kept.cookies


@pytest.mark.parametrize("warm", [False, True])
def test_each_form_has_a_tag_of_its_own(client, live, warm):
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
    assert ask("gzip", smaller["ETag"]).status_code == 200  # it has another form
    assert ask("br", f'"other", W/{smaller["ETag"]}').status_code == 304


def test_every_public_answer_lives_to_the_end_of_its_second(client, frozen, live):
    """The same for what is there, what is not and what is to come, whatever is scheduled."""
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


def test_what_is_scheduled_moves_no_tag_and_no_lifetime(client, live, ann, ed):
    def headers() -> list:
        return [dict(client.get(a).headers) for a in ("/", ADDRESS, "/statements/to-come/")]

    before = headers()
    to_come = submit_statement(make_statement(ann, "To come", slug="to-come"), by=ann)
    approve_edition(to_come, by=ed, release_at=NOON + HOUR + MINUTE)

    assert headers() == before


def test_what_stands_beside_the_list_is_counted_anew_when_the_record_changes(
    client, frozen, live, ann, ed
):
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


# --- Whatever happens -----------------------------------------------------------------------------

TITLES = ("First", "Second")
ADDRESSES = [
    *("/", "/?theme=water", "/?theme=rain", "/?speaker=dave-hill&year=2044"),
    *("/themes/water/", "/speakers/dave-hill/", "/feeds/statements.atom", "/archive/2044/"),
    *(f"/statements/{title.lower()}/" for title in TITLES),
    *(f"/statements/{title.lower()}.txt" for title in TITLES),
    *(f"/statements/{title.lower()}/editions/" for title in TITLES),
]
which = st.integers(0, 1)


class Warm(RuleBasedStateMachine):
    """Two statements, one of them out, and every kind of thing that the public could see of them."""

    at: ClassVar[dt.datetime] = NOON
    client: ClassVar

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        Warm.at = NOON
        versioned_lru.clear_all()  # the example before was taken back, and this one counts from the same number
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

    def act(self, verb, *arguments, **given) -> None:
        try:
            with transaction.atomic():
                verb(*arguments, at=self.at, **given)
        except Refused:
            pass

    def last(self, number: int, **asked) -> Edition | None:
        editions = self.statements[number].editions
        return editions.filter(**asked).order_by("-sequence").first()

    @rule(seconds=st.sampled_from([1, 59, 60, 3600, 86400]))
    def time_passes(self, seconds: int) -> None:
        Warm.at += dt.timedelta(seconds=seconds)

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
        one, other = self.statements[number], self.statements[1 - number]
        RelatedStatement.objects.filter(statement=one).delete()
        RelatedStatement.objects.create(statement=one, to=other, blocked=blocked)

    @rule(number=which, phone=st.sampled_from(["020 1", "020 2"]))
    def give_a_contact(self, number: int, phone: str) -> None:
        body = Organisation.objects.first()
        contact, _ = Contact.objects.update_or_create(
            organisation=body, name="Desk", defaults={"phone": phone}
        )
        Statement.objects.filter(pk=self.statements[number].pk).update(contact=contact)

    @invariant()
    def what_is_kept_says_what_is_so(self) -> None:
        said = self.answers()
        with override_settings(PAGE_CACHE_BYTES=0):
            made_anew = self.answers()
        wrong = {a: (said[a], made_anew[a]) for a in ADDRESSES if said[a] != made_anew[a]}
        assert wrong == {}

    def answers(self) -> dict:
        told = {address: self.client.get(address) for address in ADDRESSES}
        return {k: (a.status_code, dict(a.headers), a.content) for k, a in told.items()}


def test_no_kept_page_ever_differs_from_one_made_anew(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: Warm.at)
    Warm.client = client
    run_state_machine_as_test(
        Warm,
        settings=hypothesis_settings(
            max_examples=3,
            phases=[Phase.generate],
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
