"""The filters of the public templates return what Django's own return."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.template import engines
from django.test import override_settings
from django.urls import NoReverseMatch
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from statements.public.jinja2 import format_date, group_by_day, reverse_path
from statements.public.responses import render_page

MOMENT = dt.datetime(2044, 6, 30, 23, 30, tzinfo=dt.UTC)


def filled(template: str, **context: object) -> str:
    return engines["jinja2"].from_string(template).render(context)


@given(
    st.integers(-2_000_000_000, 4_000_000_000).map(lambda s: dt.datetime.fromtimestamp(s, dt.UTC)),
    st.sampled_from(["c", "r", "j F Y", "j F Y, H:i T", "Y-m-d", "H:i T"]),
)
def test_a_time_is_formatted_in_the_sites_time_zone_as_by_django(moment, form):
    django = engines["django"].from_string(f"{{{{ moment|date:'{form}' }}}}")
    assert format_date(moment, form) == django.render({"moment": moment})


def test_a_time_is_formatted_in_the_sites_time_zone_whatever_is_active(settings):
    formatted = [format_date(MOMENT, "j F Y, H:i T")]
    with timezone.override("America/New_York"):
        formatted.append(format_date(MOMENT, "j F Y, H:i T"))
    settings.TIME_ZONE = "America/New_York"
    formatted.append(format_date(MOMENT, "j F Y, H:i T"))
    assert formatted == ["1 July 2044, 00:30 BST"] * 2 + ["30 June 2044, 19:30 EDT"]


def test_no_date_is_nothing():
    assert format_date(None, "j F Y") == ""


@given(st.text())
def test_every_template_escapes_whatever_its_name_ends_with(text):
    django = engines["django"].from_string("{{ text }}").render({"text": text})
    ours = filled("{{ text }}", text=text)
    assert ours == django.replace("&#x27;", "&#39;").replace("&quot;", "&#34;")


def test_lines_of_plain_text_are_escaped_where_they_become_paragraphs():
    assert filled("{{ text|linebreaks }}", text="<b>\n\n&") == "<p>&lt;b&gt;</p>\n\n<p>&amp;</p>"


def test_what_is_not_there_is_empty_as_is_what_would_hang_on_it():
    assert (
        filled("{{ a }}{{ a.b.c }}{% if a.b %}x{% endif %}{% for one in a.b %}x{% endfor %}") == ""
    )


def test_an_address_is_that_of_the_site_and_of_no_page_an_error():
    assert reverse_path("statements:theme", "water") == "/themes/water/"
    with pytest.raises(NoReverseMatch):
        reverse_path("statements:no-such-page")


def test_rows_stand_under_the_days_of_the_sites_time_zone():
    rows = [SimpleNamespace(at=MOMENT - dt.timedelta(minutes=number)) for number in (0, 29, 31)]
    days = [(day, len(those)) for day, those in group_by_day(rows, "at")]
    assert days == [("1 July 2044", 2), ("30 June 2044", 1)]


@pytest.mark.parametrize("name", ["404.html", "400.html"])
def test_a_page_of_an_error_can_be_filled_with_nothing(name):
    with override_settings(SITE_NAME="The Desk"):
        assert b"The Desk" in render_page(name, status=404).content
