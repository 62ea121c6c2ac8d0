"""Dates in the forms that sources have them: an instant, a day, or a doubt with its reason."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from archive.readers.numeric_dates import DateOrder, InvalidDate
from archive.readers.paths_with_dates import find_day_in_path
from archive.readers.times import parse_time, read_date

LONDON = ZoneInfo("Europe/London")
MAY = dt.date(2012, 5, 3)  # a Thursday


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("2012-05-03T09:30:00+02:00", "2012-05-03 07:30"),
        ("2012-05-03 09:30:00", "2012-05-03 08:30"),
        ("2012-05-03T09:30:00Z", "2012-05-03 09:30"),
        ("20120503T093000+0000", "2012-05-03 09:30"),
        ("2012-05-03 09:30:00 -0400", "2012-05-03 13:30"),
        ("2012-05-03 09:30 Europe/Paris", "2012-05-03 07:30"),
        ("Thu, 03 May 2012 09:30:00 +0000", "2012-05-03 09:30"),
        ("Thu, 3 May 2012 09:30:00 GMT", "2012-05-03 09:30"),
        ("Thu, 3 May 2012 09:30:00 EST", "2012-05-03 14:30"),  # as RFC 822 says
        ("Thu, 3 May 2012 09:30:00 AEST", "2012-05-02 23:30"),
        ("Thu May  3 09:30:00 2012", "2012-05-03 08:30"),
        ("Thu May  3 09:30:00 GMT 2012", "2012-05-03 09:30"),
        ("THU 3 MAY 2012 09:30 GMT", "2012-05-03 09:30"),
        ("3 May 2012 09:30 BST", "2012-05-03 08:30"),  # London’s own
        ("3 May 2012 09:30 AEDT", "2012-05-02 22:30"),
        (1336037400, "2012-05-03 09:30"),
        ("1336037400000", "2012-05-03 09:30"),
        ("/Date(1336037400000)/", "2012-05-03 09:30"),
        ("20120503103000", "2012-05-03 09:30"),
        ("41032.3958333333", "2012-05-03 08:30"),  # as Excel counts days
        ("3 May 2012 at 9.30am", "2012-05-03 08:30"),
        ("3 May 2012 12:00 AM", "2012-05-02 23:00"),
        ("3 May 2012, 12:00 PM", "2012-05-03 11:00"),
        ("May 3, 2012 12 noon", "2012-05-03 11:00"),
        ("Posted on May 3, 2012 at 2:30 p.m.", "2012-05-03 13:30"),
        ("Jeudi 3 mai 2012 à 10h30", "2012-05-03 09:30"),
        ({"$date": "2012-05-03T09:30:00Z"}, "2012-05-03 09:30"),
        (
            {"date": "2012-05-03 11:30:00.0", "timezone_type": 3, "timezone": "Europe/Paris"},
            "2012-05-03 09:30",
        ),
        ('<time datetime="2012-05-03T09:30:00Z">Thursday</time>', "2012-05-03 09:30"),
        ("Thu, 05/03/2012 - 10:30", "2012-05-03 09:30"),  # the weekday tells the order
        ("2012-05-03", MAY),
        (MAY, MAY),
        ("20120503", MAY),
        (20120503, MAY),
        ("2012.05.03", MAY),
        ("2012/5/3", MAY),
        ("2012-W18-4", MAY),
        ("2012年5月3日", MAY),
        ("41032", MAY),
        (41032, MAY),
        ("3 May 2012", MAY),
        ("03-MAY-12", MAY),
        ("Thursday 3rd May 2012", MAY),
        ("3rd of May, 2012", MAY),
        ("May 3, 2012", MAY),
        ("Published: 3 Mai 2012", MAY),
        ("3. Mai 2012", MAY),
        ("3 de mayo de 2012", MAY),
        ("3 Bealtaine 2012", MAY),
        ("1er août 2012", dt.date(2012, 8, 1)),
        ("05/13/2012", dt.date(2012, 5, 13)),
        ("13.05.2012", dt.date(2012, 5, 13)),
        ("05/05/2012", dt.date(2012, 5, 5)),
        ("12/30/20", dt.date(2020, 12, 30)),
        ("30/12/98", dt.date(1998, 12, 30)),
    ],
)
def test_a_date_in_any_form(said, means):
    found = parse_time(said, zone=LONDON)
    if isinstance(means, str):
        found = f"{found.astimezone(dt.UTC):%Y-%m-%d %H:%M}"
    assert found == means


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "There is no date."),
        (None, "There is no date."),
        (True, "There is no date."),
        (9e99, "“9e+99” is no date that we can tell."),
        ("soon", "“soon” is no date that we can tell."),
        ("2012", "“2012” is no date that we can tell."),
        ("May 2012", "“May 2012” is no date that we can tell."),
        ("31 February 2012", "“31 February 2012” is no date that we can tell."),
        ("31/02/2012", "“31/02/2012” is no date that we can tell."),
        ("0000-00-00 00:00:00", "“0000-00-00 00:00:00” is no date."),
        (0, "“0” is no date."),
        (86400, "“86400” is no date that we can tell."),
        ("/Date(-1)/", "“/Date(-1)/” is no date that we can tell."),
        (
            "1970-01-01T00:00:00Z",
            "“1970-01-01T00:00:00Z” is what programs store where they know no date.",
        ),
        ("3 May 0012", "“3 May 0012” is no date of a statement."),
        (
            "Friday 3 May 2012",
            "“Friday 3 May 2012” names another weekday than that of 3 May 2012.",
        ),
        (
            "03/05/2012",
            "“03/05/2012” can be 3 May 2012 or 5 March 2012: say in the mapping, month_first = "
            "true or false.",
        ),
        (
            "30/12/20",
            "“30/12/20” can be 30 December 2020 or 20 December 2030: say in the mapping, "
            "month_first = true or false.",
        ),
        (
            "3 May 2012 and 5 May 2012",
            "“3 May 2012 and 5 May 2012” says more than when it came out, so nobody can be sure "
            "of it.",
        ),
        ("1" * 5000, f"“{'1' * 60}…” is no date that we can tell."),
    ],
)
def test_what_is_no_certain_date_says_why(said, why):
    with pytest.raises(InvalidDate) as error:
        parse_time(said, zone=LONDON)
    assert str(error.value) == why


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("3 May 2012 25:00", "“25:00” is no time of day. Its day is kept."),
        ("3 May 2012, midnight", "“Midnight” can begin or end a day. Its day is kept."),
        (
            "3 May 2012 10:00 EST",
            "The time zone “EST” has several meanings, or none that we know. Its day is kept.",
        ),
        ("3 May 2012 10:00 +9900", "“+9900” is no time zone. Its day is kept."),
        ("3 May 2012 15:00 AM", "“15:00 AM” is no time of day. Its day is kept."),
    ],
)
def test_of_a_time_that_nobody_can_tell_the_day_is_kept(said, why):
    found = read_date(said, zone=LONDON)
    assert (found.value, found.messages) == (MAY, (why,))


def test_an_abbreviation_that_the_source_uses_itself_is_certain():
    found = parse_time("3 May 2012 10:00 EST", zone=ZoneInfo("America/New_York"))
    assert found == dt.datetime(2012, 5, 3, 15, 0, tzinfo=dt.UTC)


def test_month_and_day_in_the_order_that_the_mapping_says():
    assert parse_time("03/05/2012", zone=LONDON, month_first=True) == dt.date(2012, 3, 5)
    assert parse_time("03/05/2012", zone=LONDON, month_first=False) == MAY
    with pytest.raises(InvalidDate) as error:
        parse_time("30/05/2012", zone=LONDON, month_first=True)
    assert str(error.value) == "“30/05/2012” is no date that we can tell with the month first."


@pytest.mark.parametrize(
    ("said", "proposed"),
    [
        ("07 Apr 2022 Posted in Press releases", dt.date(2022, 4, 7)),
        ("Embargoed until 3 May 2012", None),
        ("Updated 3 May 2012", None),
    ],
)
def test_a_day_among_other_words_is_only_proposed(said, proposed):
    found = read_date(said, zone=LONDON)
    assert (found.value, found.proposed) == (None, proposed)


# --- The order of a whole source ------------------------------------------------------------------


def make_order(*numbers: str) -> DateOrder:
    order = DateOrder()
    for place, text in enumerate(numbers, 1):
        order.add(text, f"row {place}")
    return order


@pytest.mark.parametrize(
    ("numbers", "decision"),
    [
        (["12/30/2020", "02/12/2021", "07/23/2021"], True),
        (["30/12/2020", "02/12/2021"], False),
        (["30.12.98", "02.12.99"], False),
        (["12/30/20", "02/12/21"], True),
        (["30/12/20", "02/12/21"], None),  # perhaps 20 December 2030
        (["30/12/2020", "12/30/2020", "02/12/2021"], None),
        (["02/12/2021"], None),
        (["05/05/2012"], None),
        ([], None),
    ],
)
def test_one_decision_for_all_dates(numbers, decision):
    assert make_order(*numbers).decision is decision


def test_the_decision_gives_its_reason():
    assert make_order("02/12/2021", "12/30/2020").describe() == (
        "Dates in numbers were read with the month first, as 12/30/2020 (row 2) shows."
    )
    assert make_order("02/12/2021").describe() == (
        "Dates such as 02/12/2021 (row 1) can be read in two ways, 1 in all: no date of the source "
        "tells whether the day or the month is first. Such rows come in as drafts until the "
        "mapping says month_first = true or false."
    )
    assert make_order("02/12/2021", "30/12/2020", "12/30/2020").describe() == (
        "Dates such as 02/12/2021 (row 1) can be read in two ways, 1 in all: 30/12/2020 (row 2) "
        "has the day first and 12/30/2020 (row 3) the month. Such rows come in as drafts until the "
        "mapping says month_first = true or false."
    )
    assert make_order("30/12/2020").describe() == ""


# --- Names of files -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2006-05-10-title.html", dt.date(2006, 5, 10)),
        ("20060510_title.docx", dt.date(2006, 5, 10)),
        ("releases/10May2006.doc", dt.date(2006, 5, 10)),
        ("10-May-2006 quay.pdf", dt.date(2006, 5, 10)),
        ("May 10, 2006.txt", dt.date(2006, 5, 10)),
        ("news/2024/0309/story.html", dt.date(2024, 3, 9)),
        ("https://o.example/2012/05/03/the-quay/", MAY),
        ("https://o.example/2012/5/3/the-quay/", MAY),
        ("30-12-2020.txt", dt.date(2020, 12, 30)),
        ("02-12-2020.txt", None),  # in either order
        ("2012/05/the-quay.html", None),  # no day
        ("2012/13/45/x.html", None),
        ("20121345.html", None),
        ("report-201205031.pdf", None),
        ("quay.html", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_a_day_in_a_path(path, day):
    assert find_day_in_path(path) == day
