"""Read the embargo line of a document: its time, or the reason why it is in doubt."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statements.parsing.embargo import Embargo, find_embargo, is_embargo_line
from statements.parsing.text import parse_text

AT = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
LONDON = ZoneInfo("Europe/London")
ONE_PAST_MIDNIGHT = dt.datetime(2026, 12, 2, 0, 1, tzinfo=dt.UTC)


def read(*lines: str) -> Embargo | None:
    return find_embargo(lines, at=AT, zone=LONDON)


@pytest.mark.parametrize(
    "line",
    [
        "STRICTLY EMBARGOED UNTIL 00:01 ON WEDNESDAY 2 DECEMBER 2026",
        "Embargoed until 00.01, Wednesday 2nd December 2026",
        "EMBARGO: 00:01 Wednesday 2 December",
        "Embargo – 00:01 hrs, Wed 2 Dec 2026",
        "Embargoed to 0001hrs Wednesday 2 December 2026",
        "Embargoed till 00:01 on 2 December 2026",
        "Under strict embargo until 00:01 on December 2, 2026",
        "Embargoed until 0001 on 2 December 2026",
        "Embargoed until 12.01am, Wednesday 2 December 2026",
        "Embargoed until 12:01 a.m. GMT on Wednesday, December 2nd, 2026",
        "Embargoed for 00:01 2nd December",
        "EMBARGOED UNTIL 2026-12-02T00:01",
        "EMBARGOED UNTIL 2026-12-02 01:01 UTC+1",
        "Not for publication before 01:01 CET on 2 December 2026",
        "NOT TO BE PUBLISHED BEFORE 00:01 (London time) Wed 2 Dec 2026",
        "Not for release, publication or broadcast until 00:01 UK time, 2 December 2026",
        "Hold for release until 00:01 GMT, Wednesday, December 2",
        "For release at 00:01 on 2 December 2026",
        "Press release – embargoed until 2 December 2026, 00:01 (UK time)",
        "Embargo lifts: 2 December 2026 at 00:01",
        "[EMBARGOED UNTIL 7:01 P.M. EST, TUESDAY 1 DECEMBER 2026]",
        "Embargoed until 1.01am Brussels time, Wednesday 2 December 2026",
        "This press release is strictly embargoed until 00:01 on Wednesday 2 December 2026.",
        "Sous embargo jusqu’au mercredi 2 décembre 2026 à 00h01",
        "Sperrfrist: Mittwoch, 2. Dezember 2026, 00:01 Uhr",
        "Dan embargo tan 00:01 dydd Mercher 2 Rhagfyr 2026",
    ],
)
def test_a_time_in_many_spellings(line):
    assert read(line) == Embargo(line, ONE_PAST_MIDNIGHT)


@pytest.mark.parametrize(
    ("line", "until"),
    [
        ("Embargoed until 2 December 2026", dt.datetime(2026, 12, 2, tzinfo=LONDON)),
        ("Embargoed until 12 noon on 2 December 2026", dt.datetime(2026, 12, 2, 12, tzinfo=LONDON)),
        (
            "Embargoed until 6.30 p.m. on 2 December",
            dt.datetime(2026, 12, 2, 18, 30, tzinfo=LONDON),
        ),
        ("Embargoed until 0630 hours on 1 July", dt.datetime(2027, 7, 1, 5, 30, tzinfo=dt.UTC)),
        ("Embargoed until 09:00 BST on 1 July 2027", dt.datetime(2027, 7, 1, 8, tzinfo=dt.UTC)),
        ("Embargoed until midnight on 1 December 2026", dt.datetime(2026, 12, 2, tzinfo=LONDON)),
        ("Embargoed until 24:00 on 1 December 2026", dt.datetime(2026, 12, 2, tzinfo=LONDON)),
    ],
)
def test_other_times_of_day(line, until):
    assert read(line) == Embargo(line, until)


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        ("STRICTLY EMBARGOED UNTIL 00.01", "It doesn’t name a date."),
        ("Embargoed until Wednesday", "It doesn’t name a date."),
        (
            "Embargoed until 00:01 on Wednesday 3 December 2026",
            "3 December 2026 is a Thursday, and the line names another day.",
        ),
        (
            "Embargoed until 00:01 on 2/12/2026",
            "Its date can be read with the day first or with the month first.",
        ),
        ("Embargoed until 31 November 2026", "Its date doesn’t exist."),
        ("Embargoed until 25:30 on 2 December 2026", "Its time of day doesn’t exist."),
        ("Embargoed until 00:01 IST on 2 December", "We don’t know the time zone “IST”."),
        ("Embargoed until 9am or 10am on 2 December 2026", "It names more than one time."),
        ("Embargoed until 1 December or 2 December 2026", "It names more than one date."),
        ("Embargoed until after the vote on 2 December 2026", "Its time depends on “after”."),
    ],
)
def test_a_time_in_doubt_is_left_open_with_the_reason(line, doubt):
    assert read(line) == Embargo(line, None, doubt)


@pytest.mark.parametrize(
    "line",
    [
        "For immediate release",
        "No embargo",
        "The arms embargo holds until 2 December 2026.",
        "Embargo lifted at 9am on 2 December 2026",
        "Check against delivery",
        "The council met on 2 December 2026.",
    ],
)
def test_other_lines_set_no_embargo(line):
    assert (is_embargo_line(line), read(line)) == (False, None)


def test_a_time_on_the_next_line_belongs_to_the_embargo():
    assert read("STRICTLY EMBARGOED UNTIL", "00:01 on Wednesday 2 December 2026") == Embargo(
        "STRICTLY EMBARGOED UNTIL 00:01 on Wednesday 2 December 2026", ONE_PAST_MIDNIGHT
    )


def test_of_two_embargoes_the_one_that_ends_last_counts_and_an_unknown_end_counts_most():
    first, last = "Embargoed until 1 December 2026", "Embargoed until 2 December 2026"
    assert read(first, last).line == last
    assert read(last, "Embargoed until 00:01", first).line == "Embargoed until 00:01"


def test_an_embargo_in_the_midst_of_a_page_header_is_cut_out():
    assert read("ADCS | 020 7946 0000 | EMBARGOED UNTIL 00:01 ON 2 DECEMBER 2026. Page 1") == (
        Embargo("EMBARGOED UNTIL 00:01 ON 2 DECEMBER 2026", ONE_PAST_MIDNIGHT)
    )


@pytest.mark.parametrize(
    "source",
    [
        "EMBARGOED UNTIL 00:01 ON 2 DECEMBER 2026\n\nHead\n\nIt met.",
        "Head\n\nEMBARGOED UNTIL 00:01 ON 2 DECEMBER 2026\n\nIt met.",
        "Head\n\nIt met.\n\nEMBARGOED UNTIL 00:01 ON 2 DECEMBER 2026",
        "EMBARGOED UNTIL\n\n00:01 ON 2 DECEMBER 2026\n\nHead\n\nIt met.",
    ],
)
def test_the_line_is_no_word_of_the_statement_wherever_it_stands(source):
    draft = parse_text(source)
    assert draft.headline == "Head"
    assert [passage.blocks for passage in draft.passages] == [("<p>It met.</p>",)]
    assert read(*(text for text, _ in draft.leftovers)).until == ONE_PAST_MIDNIGHT


@given(st.text(max_size=200))
def test_no_line_makes_the_reader_fail(text):
    embargo = read(f"Embargoed until {text}")
    assert embargo is None or (embargo.until is None) == bool(embargo.doubt)
