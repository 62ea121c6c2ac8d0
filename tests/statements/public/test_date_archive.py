"""The archive by year and month: what it lists, its queries, and that it leaks nothing."""

import datetime as dt
import re

import pytest

from statements import workflow
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    approve_edition,
    make_statement,
    refetch_edition,
    submit_statement,
)

pytestmark = pytest.mark.django_db
LONDON = "2043-06-30T23:30Z"  # half past midnight on 1 July in the site's time zone


@pytest.fixture(autouse=True)
def an_hour_after_noon(frozen):
    frozen(NOON + HOUR)


def links(client, address) -> list[str]:
    """Return the links of this page into the archive."""
    answer = client.get(address)
    assert answer.status_code == 200
    return re.findall(r'href="(/archive/\d[^"]*)"', answer.content.decode())


def test_a_statement_stands_in_the_month_of_its_first_release_on_the_sites_own_clock(
    client, publish, django_assert_num_queries
):
    publish("Summer", dt.datetime.fromisoformat(LONDON))
    publish("Spring", NOON)
    publish("Long ago", NOON.replace(year=2039))
    with django_assert_num_queries(2):
        assert links(client, "/archive/") == ["/archive/2044/", "/archive/2043/", "/archive/2039/"]
    with django_assert_num_queries(2):
        assert links(client, "/archive/2043/") == [
            *("/archive/2043/07/", "/archive/2044/", "/archive/2039/")
        ]
    with django_assert_num_queries(2):
        assert links(client, "/archive/2043/07/") == [
            *("/archive/2043/", "/archive/2044/03/", "/archive/2039/03/")
        ]
    assert "Summer" in client.get("/archive/2043/07/").content.decode()
    assert "Spring" not in client.get("/archive/2043/07/").content.decode()
    assert client.get("/archive/2043/06/").status_code == 404


def test_a_time_of_which_nothing_is_public_is_an_address_like_any_other(client, publish, ann, ed):
    publish("Public", NOON)
    approve_edition(
        submit_statement(make_statement(ann, "Later"), by=ann), by=ed, release_at=NOON + 40 * DAY
    )
    back = publish("Taken back", NOON - 70 * DAY)
    workflow.withdraw(refetch_edition(back), by=ed, at=NOON, kind="notice", notice="It was wrong.")
    nothing = client.get("/nothing/").content
    for address in (
        *("/archive/2044/04/", "/archive/2043/", "/archive/2043/12/", "/archive/1999/"),
        *("/archive/2044/3/", "/archive/2044/13/", "/archive/0044/", "/archive/3000/"),
        *("/archive/2044/00/", "/archive/2044/03/?older=later", "/archive/2044/?older=%00"),
        "/archive/2044/?older=public",
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (404, nothing), address
    assert links(client, "/archive/") == ["/archive/2044/"]
    assert links(client, "/archive/2044/") == ["/archive/2044/03/"]
    assert links(client, "/archive/2044/03/") == ["/archive/2044/"]


def test_an_empty_record_has_an_empty_archive(client):
    answer = client.get("/archive/")
    assert answer.status_code == 200
    assert "Nothing has been published yet." in answer.content.decode()


def test_a_month_is_paged_older_and_newer(client, publish, django_assert_num_queries):
    for number in range(25):
        publish(f"Number {number:02}", NOON - number * MINUTE)
    first = client.get("/archive/2044/03/").content.decode()
    assert 'href="?older=number-19"' in first
    with django_assert_num_queries(3):
        second = client.get("/archive/2044/03/?older=number-19").content.decode()
    assert second.count("<h3") == 5
    assert 'href="?newer=number-20"' in second
    assert 'content="noindex, follow"' in second
