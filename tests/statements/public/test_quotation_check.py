"""The quotation check answers for pasted words, and reveals nothing that is not public."""

import html
import re
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.utils.html import strip_tags

from statements import workflow
from statements.models import Edition, Fingerprints, Passage
from statements.quotations import fingerprint_index
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    PASSWORD,
    approve_edition,
    make_speaker,
    make_statement,
    make_user,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
WORDS = "We welcome the report, and the 3.5% that it gives to children’s homes – at long last."


@pytest.fixture(autouse=True)
def a_day_after_noon(frozen):
    frozen(NOON + DAY)


@pytest.fixture
def publish(ann, ed):
    """publish(words, …): publish a statement of Dave Hill at noon, or at `at`."""

    def publish(words=WORDS, headline="A comment", *, at=NOON, **fields) -> Edition:
        statement = make_statement(ann, headline, words=words, **fields)
        return approve_edition(
            submit_statement(statement, by=ann, at=at), by=ed, at=at, release_at=at
        )

    return publish


@pytest.fixture
def correct(ann, ed):
    """correct(edition, words): publish another edition, an hour later."""

    def correct(edition, words, amendment="correction", note="The figure was wrong.") -> Edition:
        statement = rewrite_passage(edition.statement, words, by=ann)
        at = refetch_edition(edition).release_at + HOUR
        new = submit_statement(statement, by=ann, at=at, amendment=amendment, public_note=note)
        return approve_edition(new, by=ed, at=at, release_at=at)

    return correct


@dataclass
class CheckedPage:
    """What a reader sees: the verdict, its sentence, and the text of each result."""

    verdict: str
    sentence: str
    results: list[str]
    page: str


@pytest.fixture
def ask(client):
    def ask(words: str) -> CheckedPage:
        response = client.post("/check/", urlencode({"words": words}), content_type=FORM)
        assert response.status_code == 200
        page = response.content.decode()
        section = re.search(r'<section class="verdict .*?</section>', page, re.DOTALL)
        assert section, strip_tags(page)
        title = re.search(r"</span> (.*?)</h2>", section[0])
        return CheckedPage(
            title[1],
            read_text(section[0].split("</h2>")[1]),
            [
                read_text(article)
                for article in re.findall(r'<article class="result.*?</article>', page, re.DOTALL)
            ],
            page,
        )

    return ask


def read_text(source: str) -> str:
    return " ".join(html.unescape(strip_tags(source.replace("</dt>", "</dt> "))).split())


# --- In the record --------------------------------------------------------------------------------


def test_words_that_somebody_said_are_a_yes_with_name_role_day_and_address(publish, ask):
    publish()
    checked = ask("the 3.5% that it gives to children’s homes")
    assert checked.verdict == "Yes, these words are in our record"
    assert checked.results == [
        "We welcome the report, and the 3.5% that it gives to children’s homes – at long last. "
        "Said by Dave Hill, President, Association of Directors "
        "Statement A comment Published 1 March 2044, 12:00 GMT Today Stands The only edition."
    ]
    assert '<a href="/statements/a-comment/#quote-1"' in checked.page
    assert "<mark>the 3.5% that it gives to children’s homes</mark>" in checked.page


@pytest.mark.parametrize(
    "pasted",
    [
        '"we WELCOME the report, and the 3.5%\r\nthat it gives to children\'s homes - at long last"',
        "‘We welcome the re\u00adport, and the 3.5% that  it gives to children‘s homes—at long last",
        "» We welcome the report , and the 3.5% that it gives to children's homes at long last «",
    ],
)
def test_marks_dashes_spaces_and_case_may_differ(publish, ask, pasted):
    publish()
    assert ask(pasted).verdict == "Yes, these words are in our record"


@pytest.mark.parametrize(
    "pasted",
    [
        "We welcomed the report, and the 3.5% that it gives to children’s homes – at long last.",
        "We welcome the report, and the 35% that it gives to children’s homes – at long last.",
        "We welcome the report, and the 3.5 that it gives to children’s homes – at long last.",
        "We welcome the report, and the 3.5% that it gives to childrens homes – at long last.",
        "We welcome report, and the 3.5% that it gives to children’s homes – at long last.",
        "We welcome the report, and the −3.5% that it gives to children’s homes – at long last.",
        "We do not welcome the report, and the 3.5% that it gives to children’s homes.",
    ],
)
def test_near_is_never_a_yes(publish, ask, pasted):
    publish()
    checked = ask(pasted)
    assert checked.verdict == "No, not in these words"
    assert checked.sentence == (
        "These words are not in our record since 1 March 2044; that does not show that they were "
        "not said. Something like them is. Where the two differ is marked."
    )
    assert "Dave Hill" in checked.results[0]
    assert "<mark>" not in checked.page


def test_the_nearest_passage_shows_each_difference(publish, ask):
    publish()
    page = ask("We welcome this report, and the 3.5% it gives to children's homes & schools").page
    asked, recorded = re.findall(r"</h3><p[^>]*>(.*?)</p></div>", page, re.DOTALL)
    hidden = re.compile(r'<span class="visually-hidden">.*?</span>')
    assert hidden.sub("", asked) == (
        "We welcome <del>this</del> report, and the 3.5% it gives to children&#x27;s homes "
        "<del>&amp; schools</del>"
    )
    assert hidden.sub("", recorded) == (
        "We welcome <ins>the</ins> report, and the 3.5% <ins>that</ins> it gives to children’s "
        "homes – <ins>at long</ins>"
    )


def test_what_was_never_said_is_not_found_since_the_first_day(publish, ask):
    publish(at=NOON - DAY)
    publish("Something else altogether was said.", "Another", at=NOON)
    checked = ask("Nobody ever uttered this sentence here")
    assert (checked.verdict, checked.results) == ("Not found in our record", [])
    assert checked.sentence == (
        "These words are not in our record since 29 February 2044; that does not show that they "
        "were not said. They were compared with headlines, summaries, the words themselves and "
        "notes to editors."
    )


def test_before_anything_was_published_nothing_is_found(ask):
    checked = ask("Nobody ever uttered this sentence here")
    assert checked.sentence.startswith("Nothing has been published here yet; that does not show")


def test_words_left_out_are_said_and_shown(publish, ask):
    publish()
    for pasted in (
        "We welcome the report … at long last",
        "We welcome the report [...] long last.",
    ):
        checked = ask(pasted)
        assert checked.verdict == "Yes, with words left out"
        assert "The parts stand in this order, in one passage." in checked.results[0]
    assert "<mark>We welcome the report</mark>, and the 3.5%" in checked.page
    assert ask("at long last … we welcome the report").verdict.startswith("No")


def test_everything_between_the_parts_is_shown(publish, ask):
    between = "Much of it we have said ourselves, and more than once, to whoever would listen. " * 4
    publish(f"We welcome the report.</p><p>{between}</p><p>It comes at a good time.")
    checked = ask("We welcome the report … It comes at a good time")
    assert checked.verdict == "Yes, with words left out"
    assert f"<p>{between.strip()}</p>" in checked.page
    assert "stands between the marked words" in checked.results[0]
    long = "They have said so in many words, and nobody knows why they went on and on. " * 80
    publish(f"We doubt the other one.</p><p>{long}</p><p>It comes at a bad time.", "Another")
    checked = ask("We doubt the other one … It comes at a bad time")
    assert "nobody knows why" not in checked.page
    assert "is long, and marked with …" in checked.results[0]


def test_parts_of_two_voices_or_the_other_way_round_are_not_one_quotation(publish, ask, ann, ed):
    statement = make_statement(ann, "Both", words="We agree with every word. It took a year.")
    other = make_speaker("Ann Jones", role="Chair")
    Passage.objects.create(
        statement=statement, position=1, speaker=other, body="<p>It is a very bad plan.</p>"
    )
    approve_edition(submit_statement(statement, by=ann), by=ed)
    for pasted in (
        "We agree with every word … It is a very bad plan",
        "It is a very bad plan … We agree with every word",
        "It took a year … We agree with every word",
    ):
        checked = ask(pasted)
        assert checked.verdict == "Not as one quotation"
        assert "not in our record" not in checked.page
        assert "<mark>We agree with every word</mark>" in checked.page
    assert "in this order" not in checked.results[0]


def test_an_attribution_is_ignored_and_shown(publish, ask):
    publish()
    for pasted in (
        "“We welcome the report,” said Boris Hill, “and the 3.5% that it gives”",
        "Boris Hill said: We welcome the report, and the 3.5% that it gives",
        "We welcome the report, and the 3.5% that it gives to children’s homes – at long last. "
        "– Boris Hill, President",
    ):
        checked = ask(pasted)
        assert checked.verdict == "Yes, the words of the quotation are in our record"
        assert re.search("Not compared, .* “.*Boris Hill.*”", checked.sentence)
        assert "Dave Hill, President, Association of Directors, said them in" in checked.sentence
        assert "Said by Dave Hill" in checked.results[0]


def test_a_quotation_within_one_names_its_source(publish, ask):
    publish("As the Prime Minister said last week, “no child will be left behind by us”, and yet.")
    checked = ask("no child will be left behind")
    assert checked.verdict == "Yes, but quoted there from somebody else"
    assert (
        "Quoted by Dave Hill, President, Association of Directors, within their statement "
        "Attributed there to the Prime Minister (“As the Prime Minister said last week, …”)"
    ) in checked.results[0]


def test_narration_was_written_and_not_said(publish, ask, ann, ed):
    statement = make_statement(ann, "A comment")
    Passage.objects.create(
        statement=statement, position=1, body="<p>The vote, “a day of shame”, took an hour.</p>"
    )
    approve_edition(submit_statement(statement, by=ann), by=ed)
    checked = ask("The vote, “a day of shame”, took an hour")
    assert checked.verdict == "Yes, these words are in our record"
    assert (
        "Written by Association of Directors, in the text, where nobody is quoted"
        in checked.results[0]
    )
    assert "Said by" not in checked.results[0]


def test_words_of_two_voices_are_not_one_quotation(ask, ann, ed):
    statement = make_statement(ann, "A comment", words="We agree with every word.")
    other = make_speaker("Ann Jones", role="Chair")
    Passage.objects.create(
        statement=statement, position=1, speaker=other, body="<p>It is a very bad plan.</p>"
    )
    approve_edition(submit_statement(statement, by=ann), by=ed)
    checked = ask("with every word. It is a very bad")
    assert checked.verdict == "Not as one quotation"
    assert "nobody said them in one go" in checked.sentence
    assert re.search("Said by Dave Hill.*Said by Ann Jones", checked.results[0])


def test_words_over_two_paragraphs_say_so(publish, ask):
    publish("We welcome the report.</p><p>It comes at a good time.")
    checked = ask("We welcome the report. It comes at a good time.")
    assert checked.verdict == "Yes, these words are in our record"
    assert "These words run over more than one paragraph" in checked.results[0]


def test_other_punctuation_is_mentioned(publish, ask):
    publish("Let us eat, Grandma, before the report.")
    checked = ask("Let us eat Grandma before the report")
    assert "The words are the same; the punctuation is not." in checked.results[0]


def test_words_that_too_many_editions_may_contain_are_never_a_no(publish, ask, monkeypatch):
    publish()
    monkeypatch.setattr("statements.quotations.fingerprint_index.MAX_EDITIONS", 1)
    checked = ask("We welcome the report … we welcome the report")
    assert (checked.verdict, checked.results) == ("We cannot tell", [])
    assert checked.sentence.endswith("Paste a longer piece, as it was said in one go.")


def test_scheduled_editions_take_no_places_of_released_ones(publish, ask, ann, ed, monkeypatch):
    """Even if the limit of editions is reached."""
    publish()
    waiting = make_statement(ann, "Another comment", words=WORDS)
    approve_edition(submit_statement(waiting, by=ann), by=ed, release_at=NOON + 2 * DAY)
    limited = fingerprint_index._WITH_ALL.replace(
        f"LIMIT {fingerprint_index.MAX_FETCHED_EDITIONS}", "LIMIT 1"
    )
    monkeypatch.setattr(fingerprint_index, "_WITH_ALL", limited)
    monkeypatch.setattr(fingerprint_index, "MAX_EDITIONS", 1)
    assert ask(WORDS).verdict == "Yes, these words are in our record"


# --- Still current or not -------------------------------------------------------------------------


def test_a_wording_that_was_corrected_leads_to_its_own_edition(publish, correct, ask):
    correct(publish("We spent 3 million on it."), "We spent 5 million on it.")
    old, new = ask("We spent 3 million on it"), ask("We spent 5 million on it")
    assert old.verdict == "Yes, but this wording was changed since"
    assert (
        "Today Earlier wording Edition 1 of 2. Correction, 1 March 2044: The figure was wrong."
        in old.results[0]
    )
    assert '<a href="/statements/a-comment/editions/1/#quote-1"' in old.page
    assert new.verdict == "Yes, these words are in our record"
    assert "Stands Edition 2 of 2, the current one." in new.results[0]


def test_what_was_retracted_or_withdrawn_says_so(publish, correct, ask, ed):
    first = publish("We spent 3 million on it.")
    correct(first, "We spent 3 million on it. Not so.", "retraction", "It was invented.")
    checked = ask("We spent 3 million on it")
    assert checked.verdict == "Yes, but the statement was retracted"
    assert (
        "Retracted Edition 2 of 2, the current one. Retraction, 1 March 2044: It"
        in checked.results[0]
    )
    second = publish("They spent 4 million on it.", "Another")
    workflow.withdraw(second, by=ed, at=NOON + HOUR, kind="notice", notice="It was not ours.")
    checked = ask("They spent 4 million on it")
    assert checked.verdict == "Yes, but the statement was withdrawn"
    assert "Today Withdrawn The only edition. It was not ours." in checked.results[0]


def test_an_earlier_wording_of_what_was_withdrawn_says_so(publish, correct, ask, ed):
    second = correct(publish("We spent 3 million on it."), "We spent 5 million on it.")
    workflow.withdraw(second, by=ed, at=NOON + 2 * HOUR, kind="notice", notice="It was not ours.")
    checked = ask("We spent 3 million on it")
    assert checked.verdict == "Yes, but the statement was withdrawn"
    assert "Today Withdrawn Edition 1 of 2. It was not ours." in checked.results[0]
    assert '<a href="/statements/a-comment/editions/1/#quote-1"' in checked.page


def test_what_is_copied_from_the_page_with_its_attribution_is_a_yes(publish, ask):
    publish()
    checked = ask(f"Dave Hill, President of the Association of Directors, said: {WORDS}")
    assert checked.verdict == "Yes, the words of the quotation are in our record"


def test_of_several_statements_the_newest_five_are_shown(publish, ask):
    for day in range(7):
        publish("We have always said the same.", f"Day {day}", at=NOON - day * DAY)
    checked = ask("We have always said the same")
    assert [re.search(r"Statement (Day \d)", text)[1] for text in checked.results] == [
        f"Day {day}" for day in range(5)
    ]
    assert "And more: the newest stand here." in checked.page


# --- Not public -----------------------------------------------------------------------------------


def test_until_its_second_and_once_it_is_gone_it_was_never_said(publish, ask, frozen, ed, max, ann):
    publish("Something else altogether was said.", "Public")
    never = ask(WORDS.replace("3.5", "7.5")).page.replace("7.5", "3.5")
    edition = publish(at=NOON + 2 * DAY, headline="Later")
    assert ask(WORDS).page == never
    frozen(NOON + 2 * DAY - MINUTE)
    assert ask(WORDS).page == never
    frozen(NOON + 2 * DAY)
    assert ask(WORDS).verdict == "Yes, these words are in our record"
    workflow.withdraw(refetch_edition(edition), by=ed, at=NOON + 2 * DAY, kind="gone", notice="No.")
    frozen(NOON + 3 * DAY)
    assert ask(WORDS).page == never


def test_suppressed_and_erased_content_leaves_no_fingerprint(publish, correct, ask, ed, max):
    first = publish()
    second = correct(first, "Quite another thing was meant by us.", "typo", "")
    assert Fingerprints.objects.filter(edition=first).exists()
    workflow.suppress(first, by=max, at=NOON + 2 * HOUR, reason="A person is named.")
    assert [*Fingerprints.objects.values_list("edition", flat=True)] == [second.pk]
    assert ask(WORDS).verdict == "Not found in our record"
    at, mia = NOON + 3 * HOUR, make_user("mia", "Manager")
    workflow.withdraw(refetch_edition(second), by=ed, at=at, kind="notice", notice="A court order.")
    workflow.request_erasure(refetch_edition(second), by=max, at=at, reason="The order.")
    workflow.erase(
        refetch_edition(second), by=mia, at=at, seen_digest=second.digest, password=PASSWORD
    )
    assert not Fingerprints.objects.exists()
    assert ask("Quite another thing was meant by us").verdict == "Not found in our record"


def test_fingerprints_are_deleted_with_the_content_in_any_way(publish):
    edition = publish()
    Edition.objects.filter(pk=edition.pk).update(suppressed_at=NOON)
    assert not Fingerprints.objects.exists()


def test_editions_without_fingerprints_are_found_after_reindexing(publish, ask, capsys):
    publish()
    Fingerprints.objects.all().delete()
    assert ask(WORDS).verdict == "Not found in our record"
    for arguments in ([], ["--rebuild"]):
        call_command("reindex_quotations", *arguments)
        assert capsys.readouterr().out == "1 editions indexed.\n"
        assert ask(WORDS).verdict == "Yes, these words are in our record"


# --- The form -------------------------------------------------------------------------------------


def test_the_answer_is_private_and_sets_no_cookie(publish, client):
    publish()
    answer = client.post("/check/", urlencode({"words": WORDS}), content_type=FORM)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
    form = client.get("/check/", {"words": WORDS})
    assert WORDS not in form.content.decode()
    assert form.headers["Cache-Control"] == "no-cache"
    assert not answer.cookies
    assert not form.cookies
    refused = client.put("/check/")
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.parametrize(
    ("words", "status", "problem"),
    [
        ("", 200, "Paste or type the words first."),
        ("Only three words", 200, "Paste at least 4 words that follow one another"),
        ("… ? !! “”", 200, "Paste at least 4 words that follow one another"),
        ("word " * 1001, 200, "This is longer than 5,000 characters."),
        ("We wel\0come the report", 400, "Some of these characters did not arrive as text"),
        ("Ŵ" * 40_000, 413, "This is much longer than 5,000 characters, and was not read."),
    ],
)
def test_what_cannot_be_checked_gets_an_error_message(client, words, status, problem):
    response = client.post("/check/", urlencode({"words": words}), content_type=FORM)
    page = response.content.decode()
    assert response.status_code == status
    assert f"<strong>Not checked.</strong> {problem}" in page
    assert response.headers["Cache-Control"] == "no-store"
