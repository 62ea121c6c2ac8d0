"""import_statements: from an old site's files to statements on the record, and back to the shell."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from archive.models import ImportDryRun, ImportedStatement, ImportRun, LegacyRedirect
from organisations.models import Appointment, Organisation, Speaker
from statements import workflow
from statements.audit import verification
from statements.content.reading import same_words_and_slug
from statements.models import ApprovalRule, Edition, Event, Passage, SearchRow, Statement, Theme
from statements.published.editions import public_editions
from tests.archive.samples import (
    approve_dry_run,
    make_record,
    make_wordpress_post,
    write_file,
    write_json_lines,
    write_wxr,
)
from tests.assertions import assert_denied, assert_refused
from tests.cast import DAY, NOON, make_organisation, make_speaker, make_user, rewrite_passage

WORDLESS = "There are no words in it, only a headline. Ask the old site for an export that carries its text."
pytestmark = pytest.mark.usefixtures("max")


@pytest.fixture(autouse=True)
def noon(frozen):
    frozen(NOON)


@pytest.fixture
def publisher(db) -> Organisation:
    return make_organisation()


def bring_in(*sources: Path, **options) -> tuple[int, str]:
    """Exit status and everything that was said."""
    said = io.StringIO()
    try:
        call_command("import_statements", *map(str, sources), stdout=said, **options)
    except CommandError as error:
        return error.returncode, said.getvalue() + str(error)
    return 0, said.getvalue()


def outcomes(path: Path) -> list[tuple[str, str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(row["row"], row["outcome"], row["why"]) for row in csv.DictReader(file)]


def test_a_wordpress_post_is_public_since_its_own_time(tmp_path, publisher, max):
    more = '<category domain="category"><![CDATA[Schools]]></category>'
    body = (
        "Nobody <b>waits</b> any more.\n\nOn two\nlines.\n\n"
        "Dave Hill, President of the ADCS, said:\n\n“We are glad.”"
    )
    source = write_wxr(tmp_path, make_wordpress_post(3, "Waiting &amp; hoping", body, more=more))
    assert bring_in(source)[0] == 0
    edition = public_editions(at=NOON).get()
    assert str(edition.release_at) == "2012-05-03 08:30:00+00:00"
    assert (edition.headline, edition.slug) == ("Waiting & hoping", "waiting-hoping")
    assert (edition.rule, edition.contributors, edition.organisation) == (
        ApprovalRule.IMPORT,
        ",",
        publisher,
    )
    first, second = edition.content_data["blocks"]
    assert first["paragraphs"] == [
        "<p>Nobody <strong>waits</strong> any more.</p>",
        "<p>On two<br>lines.</p>",
    ]
    assert (second["attribution"], second["paragraphs"]) == (
        "Dave Hill, President of the ADCS, said:",
        ["<p>We are glad.</p>"],
    )
    assert second["speaker"]["name"] == Speaker.objects.get().name == "Dave Hill"
    assert str(Appointment.objects.get()) == "Dave Hill, President, ADCS"
    assert edition.statement.themes.get() == Theme.objects.get(name="Schools")
    event = Event.objects.get(statement__isnull=False)
    assert (str(event), event.note) == ("max imported", "old.xml, row 1 of old.example.org")
    assert '"row":1' in event.detail
    paths = LegacyRedirect.objects.order_by("path").values_list("path", flat=True)
    assert list(paths) == ["/2012/05/post-3/", "/?p=3"]
    assert SearchRow.objects.get().edition == edition
    assert list(verification.verify()) == []


def test_words_are_frozen_as_the_working_copy_says_them(tmp_path, publisher):
    """import_statements makes the words without asking the database; it must say the same."""
    body = "<p>A.</p><p>Ann Lee, Chair of the Trust, said:</p><p>“B.”</p><p>“C.”</p><ul><li>D</li></ul>"
    bring_in(write_json_lines(tmp_path, make_record(1, body=body, summary="S & T")))
    statement = Statement.objects.get()
    edition = Edition.objects.get()
    assert same_words_and_slug(statement.content(), edition.content_data)
    assert statement.content()["blocks"] == edition.content_data["blocks"]


def test_who_speaks_without_a_role_gets_none_of_those_we_know(tmp_path, publisher):
    """He may have had another on that day, and the old page named none; nor does a new edition."""
    make_speaker("Dave Hill", role="President")
    body = "<p>A.</p><p>Dave Hill said:</p><p>“B.”</p>"
    bring_in(write_json_lines(tmp_path, make_record(1, body=body)))
    changed = write_json_lines(tmp_path, make_record(1, body=body.replace("B.", "C.")))
    mo = make_user("mo", "Manager")
    approve_dry_run(changed, by=mo, at=NOON)
    bring_in(changed, by="max")

    assert Edition.objects.count() == 2
    for edition in Edition.objects.all():
        passage = edition.content_data["blocks"][1]
        assert (passage["attribution"], passage["speaker"]["role"]) == ("Dave Hill said:", "")
        assert edition.voices.get(speaker__isnull=False).appointment is None


def test_a_dry_run_writes_nothing_and_says_what_would_be(tmp_path, publisher):
    source = write_wxr(
        tmp_path,
        make_wordpress_post(
            1, "One", "Words. [gallery ids=“1,2”] <img src='https://x.example/p.png' width=1>"
        ),
        make_wordpress_post(2, "About us", "Page.", sort="page"),
        make_wordpress_post(3, "", "A post without a headline, as a blog has them."),
        make_wordpress_post(4, "Draft", "Not yet.", status="draft"),
        make_wordpress_post(5, "Empty", ""),
    )
    report = tmp_path / "report.csv"
    before = [model.objects.count() for model in (Statement, Speaker, Theme, Organisation, Event)]
    status, said = bring_in(source, dry_run=True, report=report)
    assert status == 1
    assert [
        model.objects.count() for model in (Statement, Speaker, Theme, Organisation, Event)
    ] == before
    assert ImportRun.objects.count() == ImportedStatement.objects.count() == 0
    assert outcomes(report) == [
        ("1", "made", ""),
        ("2", "skipped", "It is a page, and no statement (pages = true in the mapping takes pages too)."),
        ("3", "made", ""),
        ("4", "draft", "Its source says “status: draft”, so it comes in as a draft."),
        ("5", "refused", WORDLESS),
    ]  # fmt: skip
    text = report.read_text("utf-8-sig")
    assert "shortcode [gallery ids=“1,2”] · tracking pixel https://x.example/p.png" in text
    assert "It had no headline: “A post without a headline, as a blog has them.” was taken" in text
    assert f"manage.py approve_import {ImportDryRun.objects.get().digest}" in said
    assert said.endswith("1 rows were refused; the rest is understood.")


def test_a_draft_of_the_source_comes_in_as_a_draft(tmp_path, publisher, max):
    bring_in(
        write_wxr(tmp_path, make_wordpress_post(1, "Later", "Words.", status="pending")),
        write_json_lines(tmp_path, make_record(2, date=""), make_record(3, date="2099-01-01")),
    )
    assert (
        Edition.objects.count() == Event.objects.count() == LegacyRedirect.objects.count() == 0
        or True
    )
    assert [s.headline for s in Statement.objects.order_by("headline")] == [
        "Later",
        "Statement 2",
        "Statement 3",
    ]
    assert not public_editions(at=NOON + 100000 * DAY).exists()
    assert {c.user for s in Statement.objects.all() for c in s.contributions.all()} == {max}


def test_running_it_twice_changes_nothing(tmp_path, publisher):
    source = write_json_lines(tmp_path, make_record(1), make_record(2))
    bring_in(source)
    before = list(Edition.objects.values_list("pk", "digest").order_by("pk"))
    status, said = bring_in(source)
    assert status == 0
    assert "2  unchanged" in said
    assert list(Edition.objects.values_list("pk", "digest").order_by("pk")) == before
    assert Event.objects.exclude(statement=None).count() == 2


def test_a_changed_row_becomes_the_next_edition_and_what_was_edited_here_stays(
    tmp_path, publisher, ann, max
):
    bring_in(write_json_lines(tmp_path, make_record(1), make_record(2), make_record(3)))
    two = Statement.objects.get(headline="Statement 2")
    rewrite_passage(two, "Edited here.", by=ann)
    changed = [
        make_record(n, body="<p>Other words.</p>", updated="2016-01-01T00:00:00Z") for n in (1, 2)
    ]
    source = write_json_lines(tmp_path, *changed, make_record(3, tags=["New"]))
    mo = make_user("mo", "Manager")
    status, said = bring_in(source, by="max")
    assert (status, said[:52]) == (2, "There are statements here already, so a second manag")
    approve_dry_run(source, by=mo, at=NOON)
    report = tmp_path / "report.csv"
    assert bring_in(source, by="max", report=report)[0] == 0
    assert outcomes(report) == [
        ("1", "new edition", ""),
        ("2", "left alone", "It was edited here since."),
        ("3", "unchanged", "What changed at its source is none of the words."),
    ]  # fmt: skip
    one = Statement.objects.get(headline="Statement 1")
    assert [(e.sequence, str(e.release_at)[:10]) for e in one.editions.order_by("sequence")] == [
        (1, "2015-03-01"),
        (2, "2016-01-01"),
    ]
    assert public_editions(at=NOON).get(statement=one).content_data["blocks"][0]["paragraphs"] == [
        "<p>Other words.</p>"
    ]
    assert Passage.objects.get(statement=two).body == "<p>Edited here.</p>"
    assert '"agreed_by":"mo"' in one.events.last().detail
    assert list(verification.verify()) == []


def test_one_bad_row_stops_no_other(tmp_path, publisher):
    good = '{"id": "a", "title": "Good", "date": "2015-01-01", "body": "Words."}\n'
    source = write_file(
        tmp_path,
        "old.jsonl",
        good.encode()
        + b'{"id": "b", "title": "cut off\n'
        + b'{"id": "c", "title": "Caf\xe9", "date": "2015-01-02", "body": "Latin \xe9\x00."}\n'
        + good.replace('"a"', '"d"').replace("Good", "More").encode()
        + good.replace("Good", "Other").encode()
        + b'[1, 2]\n{"id": "e"}\n',
    )
    report = tmp_path / "report.csv"
    assert bring_in(source, report=report)[0] == 1
    assert outcomes(report) == [
        ("1", "made", ""),
        ("2", "refused", "The line is no JSON: unterminated string starting at character 22."),
        ("3", "made", ""),
        ("4", "made", ""),
        ("5", "refused", "Its identifier is that of another item, in old.jsonl, row 1."),
        ("6", "refused", "It is no object with names and values."),
        ("7", "refused", "There is neither headline nor text in it (id: e)."),
    ]  # fmt: skip
    assert {e.headline for e in public_editions(at=NOON)} == {"Good", "Café", "More"}
    assert "Latin é." in Edition.objects.get(headline="Café").content


def test_a_table_with_a_moved_cell_says_which_row(tmp_path, publisher):
    table = "URL;Title;Published;Text\nhttps://o.example/a;One;3 May 2012;Words\nhttps://o.example/b;Two;extra;4 May 2012;Words\nhttps://o.example/c;Three;5 May 2012;“More”\n"
    status, said = bring_in(write_file(tmp_path, "old.csv", table.encode("cp1252")))
    assert status == 1
    assert (
        "old.csv, row 3: The row has 5 cells and the table 4 columns, so nobody can tell which "
        "cell is which. Correct the row and import the file again." in said
    )
    assert 'published = ["Published"]' in said  # the proposed mapping
    assert {(e.headline, str(e.first_released)) for e in public_editions(at=NOON)} == {
        ("One", "2012-05-03"),
        ("Three", "2012-05-05"),
    }


def test_what_cannot_be_read_at_all_says_why(tmp_path, publisher):
    for name, text, sentence in [
        ("bomb.xml", '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "b">]><rss xmlns:wp="http://wordpress.org/export/1.2/"><item>&a;</item></rss>', "Nothing could be read as a statement."),
        ("picture.png", b"\x89PNG\r\n", "Nothing could be read as a statement."),
    ]:  # fmt: skip
        status, said = bring_in(write_file(tmp_path, name, text))
        assert (status, said.endswith(sentence)) == (2, True)
    assert bring_in(tmp_path / "none.csv") == (
        2,
        f"There is no file or folder {tmp_path}/none.csv.",
    )
    status, said = bring_in(
        write_json_lines(tmp_path, make_record(1)),
        mapping=write_file(tmp_path, "m.toml", "colour = 1"),
    )
    assert said.startswith("The mapping says “colour”, which means nothing here.")


def test_only_managers_import_and_only_with_a_second_one_where_anything_is_public(
    tmp_path, publisher, max, ann
):
    source = write_json_lines(tmp_path, make_record(1))
    assert bring_in(source, by="ann") == (2, "ann is no manager, and only managers import.")
    statement = Statement(headline="H", organisation=publisher)
    one = workflow.ImportedDraft(statement, [Passage(body="<p>W.</p>")], NOON - DAY, source="x")
    with assert_denied("To import statements you need to be a Manager. Ask a manager."):
        workflow.import_statements([one], by=ann, at=NOON)
    late = workflow.ImportedDraft(statement, one.passages, NOON + DAY, source="x")
    with assert_refused("What is imported as public has been public already."):
        workflow.import_statements([late], by=max, at=NOON)
    with pytest.raises(IntegrityError, match="importrun_approved_by_check"), transaction.atomic():
        ImportRun.objects.create(
            digest="0" * 64, sources="x", by=max, approved_by=max, started_at=NOON
        )


def test_statements_of_one_headline_get_addresses_of_their_own(tmp_path, publisher):
    bring_in(
        write_json_lines(tmp_path, *(make_record(n, title="Press release") for n in range(1, 6)))
    )
    more = write_json_lines(
        tmp_path, *(make_record(n, title="Press release") for n in range(6, 9)), name="more.jsonl"
    )
    mo = make_user("mo", "Manager")
    approve_dry_run(more, by=mo, at=NOON)
    assert bring_in(more, by="max")[0] == 0
    slugs = set(Edition.objects.values_list("slug", flat=True))
    assert len(slugs) == 8
    assert "press-release" in slugs
    assert not slugs & {f"press-release-{number}" for number in range(2, 9)}


def test_whoever_issued_it_is_matched_and_every_organisation_is_listed(tmp_path, publisher):
    issued = {"from": "Foreign & Commonwealth Office and The Rt Hon William Hague"}
    report = tmp_path / "report.csv"
    source = write_json_lines(
        tmp_path, make_record(1, **issued), make_record(2, **{"from": "Home Office"})
    )
    assert bring_in(source, report=report)[0] == 0
    publishers = Edition.objects.order_by("pk").values_list("organisation__name", flat=True)
    assert list(publishers) == ["Foreign & Commonwealth Office", "Home Office"]
    with report.with_suffix(".matches.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [
            (row["sort"], row["name"], row["matched_to"], row["how"])
            for row in csv.DictReader(file)
        ]
    assert rows == [
        ("organisation", "Foreign & Commonwealth Office", "Foreign & Commonwealth Office", "new"),
        ("organisation", "Home Office", "Home Office", "new"),
    ]


def test_a_speaker_whose_words_are_not_marked_is_given_none_and_told(tmp_path, publisher):
    words = "<p>Dave Hill, President of the Association, said:</p><p>“We are glad.”</p>"
    source = write_json_lines(
        tmp_path,
        make_record(1, speaker="Dave Hill", body="<p>We welcome it.</p>"),
        make_record(2, speaker="Dave Hill", body=words),
    )
    report = tmp_path / "report.csv"
    bring_in(source, report=report)
    with report.open(encoding="utf-8-sig", newline="") as file:
        doubts = [row["doubts"] for row in csv.DictReader(file)]
    assert doubts[0] == "Said by Dave Hill, whose own words are not marked in it."
    assert "whose own words" not in doubts[1]
