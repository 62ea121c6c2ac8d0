"""Test, round the Python, that the database keeps a release group together."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from statements.integrity.triggers import find_refusing_rule
from statements.models import Edition, ReleaseGroup, State, Statement
from tests.cast import DAY, HOUR, NOON, make_statement, refetch_edition, submit_statement

pytestmark = pytest.mark.django_db

ON_TIME = "edition_has_the_time_of_its_group_on_update"


def refuse(change) -> str:
    """Return which trigger refuses this change; "" if a constraint does."""
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        change()
    return find_refusing_rule(raised.value)


def change(row, **columns) -> None:
    type(row).objects.filter(pk=row.pk).update(**columns)


def approve(edition: Edition, by, **columns) -> None:
    change(edition, state="approved", approved_by=by, approved_at=NOON, rule="ordinary", **columns)


@pytest.fixture
def group(db) -> ReleaseGroup:
    return ReleaseGroup.objects.create()


@pytest.fixture
def editions(ann, group) -> list[Edition]:
    """Two statements in review, in one group."""
    found = []
    for language in ("en", "cy"):
        statement = make_statement(ann, f"Bridge {language}", language=language)
        edition = submit_statement(statement, by=ann)
        change(statement, release_group=group)
        found.append(edition)
    return found


@pytest.fixture
def scheduled(editions, group, ed) -> list[Edition]:
    for edition in editions:
        approve(edition, ed, release_group=group)
    change(group, release_at=NOON + DAY)
    return [refetch_edition(edition) for edition in editions]


def read_times(group: ReleaseGroup) -> list[tuple]:
    return list(group.editions.order_by("pk").values_list("release_at", "first_release_at"))


def test_the_time_of_the_group_is_that_of_all_members(scheduled, group):
    assert read_times(group) == [(NOON + DAY, NOON + DAY)] * 2

    change(group, release_at=NOON + HOUR)
    assert read_times(group) == [(NOON + HOUR, NOON + HOUR)] * 2

    change(group, release_at=None)
    assert read_times(group) == [(None, None)] * 2


@pytest.mark.parametrize("time", [None, NOON + HOUR])
def test_no_member_has_a_time_of_its_own(scheduled, time):
    rule = refuse(lambda: change(scheduled[0], release_at=time, first_release_at=time))
    assert rule == ON_TIME


def test_not_even_by_sql(scheduled):
    def run():
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE statements_edition SET release_at = %s WHERE id = %s",
                [NOON + HOUR, scheduled[1].pk],
            )

    assert refuse(run) == ON_TIME


def test_a_group_has_no_time_until_all_its_members_are_approved(editions, group, ed):
    approve(editions[0], ed, release_group=group)
    rule = refuse(lambda: change(group, release_at=NOON + DAY))
    assert rule == "releasegroup_time_takes_all_approvals"

    approve(editions[1], ed, release_group=group)
    change(group, release_at=NOON + DAY)
    assert read_times(group) == [(NOON + DAY, NOON + DAY)] * 2


def test_no_member_is_approved_alone(editions, ed):
    rule = refuse(lambda: approve(editions[0], ed))
    assert rule == "edition_never_approved_without_its_group"


def test_a_correction_of_what_the_group_released_is_approved_alone(scheduled, ann, ed):
    statement = scheduled[0].statement
    statement.passages.update(body="<p>Better words.</p>")
    correction = submit_statement(statement, by=ann)
    approve(correction, ed)

    assert refetch_edition(correction).release_group is None


def test_a_newer_edition_of_a_member_never_stands_beside_the_older_one(scheduled, group, ann, ed):
    statement = scheduled[0].statement
    statement.passages.update(body="<p>Better words.</p>")
    newer = submit_statement(statement, by=ann)
    change(group, release_at=None)

    assert refuse(lambda: approve(newer, ed, release_group=group)) == ""
    change(scheduled[0], state=State.CANCELLED)
    approve(newer, ed, release_group=group)
    assert group.editions.approved().count() == 2


def test_an_approver_with_a_hand_in_it_is_refused_in_a_group_too(editions, group, ann):
    assert refuse(lambda: approve(editions[0], ann, release_group=group)) == ""


def test_an_edition_keeps_its_group_for_ever(scheduled):
    other = ReleaseGroup.objects.create(release_at=NOON + DAY)
    for new in (None, other):
        rule = refuse(lambda new=new: change(scheduled[0], release_group=new))
        assert rule == "edition_joins_its_group_when_approved"


def test_an_edition_is_in_the_group_of_its_statement_and_no_other(editions, group, ed):
    other = ReleaseGroup.objects.create()
    joins = "edition_joins_its_group_when_approved"
    assert refuse(lambda: approve(editions[0], ed, release_group=other)) == joins
    assert refuse(lambda: change(editions[0], release_group=group)) == joins


def test_an_inserted_edition_has_the_time_of_its_group(scheduled):
    edition = scheduled[0]
    edition.pk, edition.uuid, edition.sequence = None, uuid.uuid4(), 9
    edition.release_at = edition.first_release_at = NOON + HOUR
    rule = refuse(lambda: Edition.objects.bulk_create([edition]))
    assert rule == "edition_has_the_time_of_its_group_on_insert"


def test_nothing_joins_once_somebody_has_approved(scheduled, group, ann, ed):
    joins = "statement_joins_a_group_before_approval"
    late = make_statement(ann, "Late")
    assert refuse(lambda: change(late, release_group=group)) == joins

    approve(submit_statement(late, by=ann), ed)
    new = ReleaseGroup.objects.create()
    assert refuse(lambda: change(late, release_group=new)) == joins


def test_what_was_approved_leaves_only_when_it_is_cancelled(scheduled):
    edition = scheduled[0]
    rule = refuse(lambda: change(edition.statement, release_group=None))
    assert rule == "statement_leaves_a_group_before_approval"

    change(edition, state=State.CANCELLED, release_at=None, first_release_at=None)
    change(edition.statement, release_group=None)
    assert Statement.objects.get(pk=edition.statement_id).release_group is None


def test_a_discarded_draft_is_in_no_group(ann, group):
    draft = make_statement(ann)
    change(draft, release_group=group)

    assert refuse(lambda: change(draft, discarded_at=NOON, discarded_by=ann)) == ""
    change(draft, discarded_at=NOON, discarded_by=ann, release_group=None)


@pytest.mark.skipif(connection.vendor == "postgresql", reason="Only SQLite replaces rows.")
def test_no_group_is_replaced(scheduled, group):
    def run():
        with connection.cursor() as cursor:
            cursor.execute("INSERT OR REPLACE INTO statements_releasegroup (id) VALUES (%s)", [1])

    ReleaseGroup.objects.filter(pk=1).exists() or ReleaseGroup.objects.create(pk=1)
    assert refuse(run) == "releasegroup_never_replaced"


# --- Translations ---------------------------------------------------------------------------------


def test_a_language_is_translated_into_once(ann):
    original = make_statement(ann)
    make_statement(ann, "Pont", translation_of=original, language="cy")
    assert (
        refuse(lambda: make_statement(ann, "Y bont", translation_of=original, language="cy")) == ""
    )
    french = make_statement(ann, "Le pont", translation_of=original, language="fr")

    assert refuse(lambda: change(french, language="cy")) == ""


def test_a_translation_in_the_bin_does_not_count_until_it_is_taken_back(ann):
    original = make_statement(ann)
    first = make_statement(ann, "Pont", translation_of=original, language="cy")
    change(first, discarded_at=NOON, discarded_by=ann)
    make_statement(ann, "Y bont", translation_of=original, language="cy")

    assert refuse(lambda: change(first, discarded_at=None, discarded_by=None)) == ""


def test_a_translation_is_in_another_language_than_its_original(ann):
    original = make_statement(ann)
    welsh = make_statement(ann, "Pont", translation_of=original, language="cy")
    own = "statement_translation_in_another_language_on_"

    assert refuse(lambda: make_statement(ann, translation_of=original)) == f"{own}insert"
    assert refuse(lambda: change(welsh, language="en")) == f"{own}update"
    assert (
        refuse(lambda: change(original, language="cy")) == "statement_original_in_another_language"
    )
