"""Profile pages of themes, speakers and organisations, and their indexes."""

import datetime as dt
import functools
import re

import pytest
from django.utils.html import strip_tags

from organisations import tenures
from organisations.models import Appointment, Contact, Organisation, Speaker
from statements import workflow
from statements.content.quotation_marks import get_marks
from statements.content.quote_excerpt import (
    MAX_EXCERPT_WORDS,
    cut_first_paragraph,
    find_first_quotation,
)
from statements.models import Passage, Theme
from statements.public.views import profiles
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    approve_edition,
    make_organisation,
    make_speaker,
    make_statement,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

pytestmark = pytest.mark.django_db
PAGES = ("/themes/libraries/", "/speakers/dave-hill/", "/organisations/association-of-directors/")
COSTS = dict(zip(PAGES, (2, 4, 4), strict=True))
"""Queries of an empty cache; three on every later page."""
INDEXES = ("/themes/", "/speakers/", "/organisations/")


@pytest.fixture(autouse=True)
def an_hour_after_noon(frozen):
    frozen(NOON + HOUR)


@pytest.fixture
def publish(publish):
    """As everywhere, and on libraries."""
    return functools.partial(publish, themes=("libraries",))


def seen(client, address) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert page.count("<h1") == 1
    assert not answer.cookies
    return " ".join(strip_tags(page).split())


def test_each_page_says_who_it_is_and_what_was_said(client, publish):
    publish("We welcome it")
    Theme.objects.update(description="Books, and rooms to read them in.")
    Speaker.objects.update(biography="He has been a director for ten years.")
    body = make_organisation()
    body.boilerplate, body.website = "The directors of all councils.", "https://directors.example/"
    body.short_name = "ADX"
    body.save()
    Contact.objects.create(
        organisation=body,
        name="The desk",
        email="desk@directors.example",
        phone="020 7946 0101",
        out_of_hours_phone="020 7946 0102",
    )
    for address, words in zip(
        PAGES,
        (
            ["libraries", "Books, and rooms to read them in."],
            ["Dave Hill", "He has been a director for ten years.", "“We welcome the report.”"],
            [
                *("Association of Directors", "ADX", "The directors of all councils."),
                *("https://directors.example/", "The desk", "Out of hours", "020 7946 0102"),
                "desk@directors.example",
            ],
        ),
        strict=True,
    ):
        page = seen(client, address)
        assert [
            said for said in [*words, "We welcome it", "1 March 2044"] if said not in page
        ] == []
    for index, name in zip(INDEXES, ("libraries", "Hill, Dave", "Association"), strict=True):
        assert name in seen(client, index)
        assert "1 March 2044" in seen(client, index)


def test_a_statement_links_to_its_profile_pages(client, publish):
    page = client.get(f"/statements/{publish().slug}/").content.decode()
    assert [address for address in PAGES if f'href="{address}"' not in page] == []


def test_a_row_links_to_its_only_speaker_and_a_filter_to_its_profile_page(client, publish, ann, ed):
    publish("Alone")
    joint = make_statement(ann, "Together")
    Passage.objects.create(
        statement=joint, position=1, speaker=make_speaker("Another Voice"), body="<p>I agree.</p>"
    )
    approve_edition(submit_statement(joint, by=ann), by=ed)
    listed = client.get("/statements/").content.decode()
    assert re.findall(r'class="byline"[^>]*>(.*?)</p>', listed) == [
        "Dave Hill, Another Voice",
        '<a href="/speakers/dave-hill/">Dave Hill, President</a>',
    ]
    for query, address in zip(
        ("theme=libraries", "speaker=dave-hill", "organisation=association-of-directors"),
        PAGES,
        strict=True,
    ):
        page = client.get(f"/statements/?{query}").content.decode()
        assert f'<p class="quiet"><a href="{address}">The page of ' in page


def test_a_profile_without_public_statements_looks_like_none(client, publish, ann, ed):
    """Neither a new name, nor one of a scheduled or withdrawn statement."""
    publish()
    Theme.objects.create(name="Silence", slug="silence")
    make_speaker("Silent Sam", organisation=make_organisation("Silent body"))
    waits = make_statement(ann, "Later", organisation=make_organisation("Later body"))
    waits.themes.add(Theme.objects.create(name="Later", slug="later"))
    waits.passages.update(speaker=make_speaker("Later Leo", organisation=waits.organisation))
    approve_edition(submit_statement(waits, by=ann), by=ed, release_at=NOON + DAY)
    back = publish("Taken back", themes=["back"], organisation=make_organisation("Back body"))
    workflow.withdraw(back, by=ed, at=NOON + MINUTE, kind="notice", notice="It was wrong.")
    nobody = client.get("/speakers/nobody/")
    assert nobody.status_code == 404
    for address in (
        *("/themes/silence/", "/themes/later/", "/themes/back/"),
        *("/speakers/silent-sam/", "/speakers/later-leo/"),
        *("/organisations/silent-body/", "/organisations/later-body/", "/organisations/back-body/"),
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (404, nobody.content)
    for index in INDEXES:
        assert [
            w for w in ("Silen", "Later", "Back") if w in client.get(index).content.decode()
        ] == []


def test_a_former_slug_redirects_for_ever(client, publish):
    publish()
    theme, speaker, body = Theme.objects.get(), Speaker.objects.get(), Organisation.objects.get()
    theme.slug, speaker.slug, body.slug = "reading", "sir-dave", "directors"
    for renamed in (theme, speaker, body):
        renamed.save()
    new_ones = ("/themes/reading/", "/speakers/sir-dave/", "/organisations/directors/")
    for old, new in zip(PAGES, new_ones, strict=True):
        answer = client.get(old)
        assert (answer.status_code, answer["Location"]) == (301, new)
    assert "“We welcome the report.”" in seen(client, "/speakers/sir-dave/")


def test_a_speaker_is_shown_with_the_roles_in_which_they_spoke(client, publish, ann, ed, max):
    """With no other: neither one of a scheduled statement, nor one that no statement names."""
    publish("First", dated_on=dt.date(2016, 9, 28))
    dave, body = Speaker.objects.get(), Organisation.objects.get()
    president = dave.appointments.get()
    president.starts_on, president.ends_on = dt.date(2016, 4, 1), dt.date(2017, 3, 31)
    president.save()
    role = "President of the Association of Directors, April 2016 to March 2017"
    assert role in seen(client, PAGES[1])
    assert "President, April 2016 to March 2017" in seen(client, PAGES[2])
    before = [client.get(address).content for address in PAGES[1:]]
    chair = Appointment.objects.create(speaker=dave, organisation=body, role="Chair")
    elsewhere = Appointment.objects.create(
        speaker=dave, organisation=make_organisation("Secret body"), role="Adviser"
    )
    for number, role in enumerate((chair, elsewhere)):
        waits = make_statement(ann, f"Waits {number}")
        waits.passages.update(appointment=role)
        approve_edition(submit_statement(waits, by=ann), by=ed, release_at=NOON + 2 * HOUR)
    assert [client.get(address).content for address in PAGES[1:]] == before
    president.organisation = make_organisation("Third body")
    president.save()
    assert "Third body" not in seen(client, PAGES[1])


def test_roles_appear_at_the_release_and_go_with_the_statement(client, publish, ann, ed, frozen):
    dave = make_speaker()
    chair = Appointment.objects.create(speaker=dave, organisation=make_organisation(), role="Chair")
    statement = make_statement(ann, "As chair")
    statement.passages.update(appointment=chair)
    edition = approve_edition(
        submit_statement(statement, by=ann), by=ed, release_at=NOON + 2 * HOUR
    )
    assert client.get(PAGES[1]).status_code == 404
    frozen(NOON + 2 * HOUR)
    assert "Chair of the Association of Directors" in seen(client, PAGES[1])
    publish("As president")
    workflow.withdraw(
        refetch_edition(edition), by=ed, at=NOON + 3 * HOUR, kind="gone", notice="It was wrong."
    )
    frozen(NOON + 3 * HOUR)
    assert "Chair" not in seen(client, PAGES[1])


def test_a_last_day_that_is_still_to_come_is_not_shown():
    day, today = dt.date, dt.date(2044, 3, 1)
    for starts_on, ends_on, tenure in (
        (day(2016, 4, 1), day(2017, 3, 31), "April 2016 to March 2017"),
        (day(2016, 4, 1), day(2016, 4, 30), "April 2016"),
        (day(2043, 4, 1), None, "since April 2043"),
        (day(2043, 4, 1), day(2044, 3, 1), "since April 2043"),
        (day(2043, 4, 1), day(2044, 2, 29), "April 2043 to February 2044"),
        (None, day(2044, 2, 29), "until February 2044"),
        (day(2044, 4, 1), None, "from April 2044"),
        (None, day(2050, 1, 1), ""),
        (None, None, ""),
    ):
        assert tenures.format_tenure(starts_on, ends_on, today=today) == tenure


def test_a_speaker_is_quoted_from_the_newest_three_with_the_address_of_the_quotation(
    client, publish, ann, ed
):
    for number in range(4):
        publish(f"Number {number}", words=f"We said {number}.", at=NOON - number * DAY)
    joint = make_statement(ann, "Together", words="He spoke first.")
    joint.passages.update(speaker=make_speaker("Another Voice"))
    Passage.objects.create(
        statement=joint, position=1, speaker=make_speaker(), body="<p>I agree.</p><p>Wholly.</p>"
    )
    approve_edition(submit_statement(joint, by=ann), by=ed, at=NOON, release_at=NOON + MINUTE)
    page = client.get("/speakers/dave-hill/").content.decode()
    quoted = [said for said in ("“I agree.”", "“We said 0.”", "“We said 1.”") if said in page]
    assert len(quoted) == 3
    assert "We said 2." not in page
    assert 'href="/statements/together/#quote-2"' in page


def test_older_and_newer_show_each_statement_once_and_cost_the_same(
    client, publish, django_assert_num_queries
):
    made = [publish("Number 00").headline]
    for address, cost in COSTS.items():
        with django_assert_num_queries(cost):
            client.get(address)
    made += [publish(f"Number {n:02}").headline for n in range(1, 45)]
    for address, cost in COSTS.items():
        shown, link, pages = [], "", 0
        while link is not None:
            with django_assert_num_queries(3 if link else cost):
                answer = client.get(address + link)
            body = answer.content.decode()
            assert ('content="noindex, follow"' in body) == bool(link)
            shown += re.findall(r">(Number \d\d)</a></h3>", body)
            pages += 1
            further = re.search(r'href="(\?older=[^"]+)" rel="next"', body)
            link = further[1] if further else None
        assert (shown, pages) == (made[::-1], 3)


@pytest.mark.parametrize("withdrawn", [12, 31])
def test_what_was_withdrawn_leaves_no_gap_in_the_list_of_a_theme(client, publish, ed, withdrawn):
    made = [publish(f"Number {n:02}", themes=["a"], at=NOON + n * MINUTE) for n in range(45)]
    for edition in made[::-1][:withdrawn]:
        workflow.withdraw(
            refetch_edition(edition), by=ed, at=NOON + HOUR, kind="gone", notice="Sorry."
        )
    standing = [edition.headline for edition in made[::-1][withdrawn:]]
    for address in ("/themes/a/", "/?theme=a"):
        first = client.get(address).content.decode()
        assert re.findall(r">(Number \d\d)</a></h3>", first) == standing[:20]
        assert ("older=" in first) == (len(standing) > 20)


def test_an_index_is_alphabetical_in_pages_and_costs_one_query(
    client, publish, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(profiles, "NAMES_PER_PAGE", 2)
    for name in ("Cecil", "adam", "Beth"):
        body = make_organisation(f"{name} body")
        statement = publish(f"By {name}", themes=[name], organisation=body).statement
        _spoken_by(statement, make_speaker(f"Mx {name}", organisation=body))
    pages = (
        [["adam", "Beth"], ["Cecil"]],
        [["adam, Mx", "Beth, Mx"], ["Cecil, Mx"]],
        [["adam body", "Association of Directors"], ["Beth body", "Cecil body"]],
    )
    for index, (first, second) in zip(INDEXES, pages, strict=True):
        with django_assert_num_queries(1):
            body = client.get(index).content.decode()
        assert names_on(body) == first
        further = re.search(r'href="(\?from=[^"]+)" rel="next"', body)[1]
        assert names_on(client.get(index + further).content.decode()) == second
        assert "nothing further on" in seen(client, f"{index}?from=zzz")


def names_on(body: str) -> list[str]:
    return re.findall(r'<li><a href="[^"]+" dir="auto">([^<]+)', body)


def _spoken_by(statement, speaker) -> None:
    from statements.models import EditionAttribution

    EditionAttribution.objects.filter(statement=statement, speaker__isnull=False).update(
        speaker=speaker
    )


def test_no_question_breaks_a_page(client, publish):
    publish()
    for address in (
        *(f"{index}?from={what}" for index in INDEXES for what in ("%00", "x" * 5000, "%FF", "😀")),
        *(f"{one}?older={what}" for one in PAGES for what in ("%00", "nothing", "x" * 5000)),
        *(f"{index}{what}/" for index in INDEXES for what in ("%00", "x" * 3000, "%F0%9F%98%80")),
    ):
        assert client.get(address).status_code in (200, 404), address


# --- How a quotation begins -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>“All of it.”</p>", "“All of it.”"),
        ("<p>“The first.</p>\n<p>“The last.”</p>", "“The first.”"),
        ("<p>“He said ‘no’ &amp; <strong>left</strong>.”</p>", "“He said ‘no’ & left.”"),
        (
            f"<p>“{'word ' * MAX_EXCERPT_WORDS}more.”</p>",
            f"“{('word ' * MAX_EXCERPT_WORDS).strip()} …”",
        ),
    ],
)
def test_an_extract_is_the_first_paragraph_between_its_marks(html, said):
    assert cut_first_paragraph(html, "en") == said


def test_an_extract_closes_with_the_mark_of_its_language():
    marks = get_marks("fr")
    assert (
        cut_first_paragraph(f"<p>{marks.opening}Oui.</p>\n<p>Non.</p>", "fr")
        == "«\u202fOui.\u202f»"
    )


def test_nobody_is_quoted_with_another_ones_words():
    passage = {
        "type": "quotation",
        "heading": "",
        "attribution": "",
        "paragraphs": ["<p>Mine.</p>"],
        "speaker": {"slug": "a", "name": "A"},
    }
    content = {"language": "en", "blocks": [passage]}
    assert find_first_quotation(content, {"b"}) is None
    assert find_first_quotation(content, {"a"}).text == "“Mine.”"


def test_retracted_statements_are_not_quoted(client, ann, ed, frozen):
    statement = make_statement(ann, "A claim", words="It was twelve per cent.")
    approve_edition(submit_statement(statement, by=ann), by=ed)
    assert "It was twelve per cent" in client.get("/speakers/dave-hill/").content.decode()
    rewrite_passage(statement, "It was said to be twelve per cent.", by=ann)
    said = {"amendment": "retraction", "public_note": "It was not."}
    at = NOON + MINUTE
    approve_edition(submit_statement(statement, by=ann, at=at, **said), by=ed, at=at, release_at=at)
    page = client.get("/speakers/dave-hill/").content.decode()
    assert ("twelve per cent" in page, "Retraction" in page) == (False, True)
