"""Test the daily seal: what it lists, what it must not tell, and what is found when it is forged."""

import hashlib
import io

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from statements import workflow
from statements.audit import seals, verification
from statements.audit.seals import WrittenSeal, format_leaf, hash_text
from statements.integrity import triggers
from statements.models import Edition, Event, Seal, SealedEdition, Statement
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    PASSWORD,
    approve_edition,
    make_statement,
    make_user,
    rewrite_passage,
    submit_statement,
)

pytestmark = pytest.mark.django_db


def release(statement: Statement, ann, ed, *, at=NOON, **fields) -> Edition:
    return approve_edition(
        submit_statement(statement, by=ann, at=at, **fields), by=ed, at=at, release_at=at
    )


@pytest.fixture
def edition(ann, ed) -> Edition:
    return release(make_statement(ann), ann, ed)


def write_seal(at=NOON + HOUR) -> WrittenSeal:
    with transaction.atomic():
        return seals.write_seal(at=at)


def list_editions(seal: Seal) -> list[tuple[Edition, int]]:
    return [(entry.edition, entry.number) for entry in seal.entries.order_by("edition_id")]


def change(model, pk: int, **values) -> None:
    """Change a row as only somebody with the database could."""
    triggers.drop_triggers(connection)
    try:
        model.objects.filter(pk=pk).update(**values)
    finally:
        triggers.create_triggers(connection)


def find_problems() -> list[str]:
    return list(verification.verify())


# --- What a seal lists ----------------------------------------------------------------------------


def test_a_seal_lists_each_edition_released_since_the_last_one(ann, ed, edition):
    first = write_seal().seal
    assert list_editions(first) == [(edition, 1)]
    corrected = release(
        rewrite_passage(edition.statement, "Better.", by=ann),
        ann,
        ed,
        at=NOON + 2 * HOUR,
        amendment="typo",
    )
    other = release(make_statement(ann, "Another"), ann, ed, at=NOON + 2 * HOUR)
    second = write_seal(NOON + 3 * HOUR).seal
    assert list_editions(second) == [(corrected, 2), (other, 1)]
    third = write_seal(NOON + 4 * HOUR).seal
    assert list_editions(third) == []
    assert find_problems() == []


def test_the_document_is_what_a_stranger_can_recompute(edition, ann, ed, settings):
    other = release(make_statement(ann, "Another"), ann, ed)
    seal = write_seal().seal
    leaves = sorted(
        hashlib.sha256(f"{e.uuid} 1 {e.digest}".encode()).hexdigest() for e in (edition, other)
    )
    listed = hashlib.sha256("".join(f"{leaf}\n" for leaf in leaves).encode()).hexdigest()
    assert seal.document == (
        "On the Record: seal, format 1\n"
        f"site: {settings.SITE_URL}\n"
        "number: 1\n"
        "sealed: 2044-03-01T13:00:00Z\n"
        "editions: 2\n"
        f"list: {listed}\n"
        "previous: none\n"
        f"key: {seal.key_id}\n"
    )
    before = hashlib.sha256(seal.document.encode()).hexdigest()
    assert f"\nprevious: {before}\n" in write_seal(NOON + 2 * HOUR).seal.document


def test_a_long_list_is_split_and_one_mail_covers_all(ann, ed, monkeypatch, settings, mailoutbox):
    settings.ANCHOR_EMAIL = "notary@example.com"
    monkeypatch.setattr(seals, "MAX_SEALED_EDITIONS", 2)
    for number in range(5):
        release(make_statement(ann, f"Comment {number}"), ann, ed, at=NOON - 1000 * DAY * 20)
    call_command("anchor_record")
    assert [seal.entries.count() for seal in Seal.objects.all()] == [2, 2, 1]
    assert len(mailoutbox) == 1
    assert "seal: 3\n" in mailoutbox[0].body


@pytest.mark.parametrize("count", [1, 3])
def test_a_seal_costs_the_same_queries_for_any_number(ann, ed, count, django_assert_num_queries):
    for number in range(count):
        release(make_statement(ann, f"Comment {number}"), ann, ed)
    locks = 3 if connection.vendor == "postgresql" else 0
    # What is unsealed, its approvals, its places, the last seal, the seal and its list, the last
    # event by row and by number, the heads and the event, within a savepoint.
    with django_assert_num_queries(12 + locks):
        write_seal()


# --- What a seal must not tell --------------------------------------------------------------------


def test_what_is_not_public_changes_no_byte_of_a_seal(ann, ed, max, edition):
    with transaction.atomic():
        before = seals.write_seal(at=NOON + HOUR).seal
        transaction.set_rollback(True)
    make_statement(ann, "A draft")
    submit_statement(make_statement(ann, "In review"), by=ann)
    approve_edition(
        submit_statement(make_statement(ann, "On hold"), by=ann), by=ed, release_at=None
    )
    scheduled = submit_statement(make_statement(ann, "Scheduled"), by=ann)
    approve_edition(scheduled, by=ed, release_at=NOON + HOUR + MINUTE)
    make_user("new", "Manager")
    after = write_seal().seal
    assert (after.document, after.signature) == (before.document, before.signature)
    later = write_seal(NOON + 2 * HOUR).seal
    assert [e.headline for e, _ in list_editions(later)] == ["Scheduled"]


def test_words_that_were_taken_away_are_in_no_later_list(ann, ed, max):
    erased, gone, suppressed, noticed = (
        release(make_statement(ann, headline), ann, ed)
        for headline in ("Erased", "Gone", "Suppressed", "Noticed")
    )
    release(
        rewrite_passage(suppressed.statement, "Better.", by=ann),
        ann,
        ed,
        at=NOON + MINUTE,
        amendment="typo",
    )
    at = NOON + 2 * MINUTE
    workflow.withdraw(gone, by=ed, at=at, kind="gone", notice="Wrong.")
    workflow.withdraw(erased, by=ed, at=at, kind="gone", notice="Wrong.")
    workflow.withdraw(noticed, by=ed, at=at, kind="notice", notice="Wrong.")
    workflow.suppress(suppressed, by=max, at=at, reason="Wrong.")
    workflow.request_erasure(erased, by=max, at=at, reason="Court.")
    workflow.erase(
        erased, by=make_user("mo", "Manager"), at=at, seen_digest=erased.digest, password=PASSWORD
    )
    listed = [(e.headline, number) for e, number in list_editions(write_seal().seal)]
    assert listed == [("Noticed", 1), ("Suppressed", 2)]


def test_content_without_salt_is_in_no_list(edition):
    """Its hash would confirm a guess after an erasure."""
    old = edition.content.replace('"salt":', '"pepper":')
    change(Edition, edition.pk, content=old, digest=hash_text(old))
    change(Event, edition.statement.events.latest("number").pk, digest=hash_text(old))
    assert list_editions(write_seal().seal) == []


# --- Forgeries ------------------------------------------------------------------------------------


def test_an_edition_that_no_signed_event_approves_is_left_out(edition, ed, capsys, caplog):
    event = edition.statement.events.latest("number")
    change(Event, event.pk, signature="")
    written = write_seal()
    assert (list_editions(written.seal), written.left_out) == ([], [edition])
    assert caplog.messages[-1] == (
        f"Edition {edition.pk} was left out of the seal: no signed event approves it"
    )
    change(Event, event.pk, signature=event.signature, by_name="ann")  # signed, and then changed
    assert write_seal().left_out == [edition]


def test_the_command_names_what_it_left_out(edition, frozen):
    frozen(NOON + HOUR)
    change(Event, edition.statement.events.latest("number").pk, signature="")
    said = io.StringIO()
    call_command("anchor_record", stderr=said)
    assert said.getvalue() == (
        f"Edition 1 of statement {edition.statement_id} is public, and no signed event approves "
        "it, so the seal does not list it. Run: manage.py verify_record\n"
    )


def test_a_changed_document_is_found(edition):
    seal = write_seal().seal
    change(Seal, seal.pk, document=seal.document.replace("editions: 1", "editions: 2"))
    assert find_problems() == ["Seal 1 is not the one that was written: its event says otherwise."]


def test_a_seal_with_a_wrong_signature_is_found(edition):
    first, second = write_seal().seal, write_seal(NOON + 2 * HOUR).seal
    change(Seal, first.pk, signature=second.signature)
    assert find_problems() == ["Seal 1 does not match its signature."]


def test_a_seal_that_was_removed_or_added_is_found(edition, ann, ed):
    seal = write_seal().seal
    change(Seal, seal.pk, number=7)
    assert find_problems() == [
        "Seal 1 is missing.",
        "Seal 7 is not the one that was written: its event says otherwise.",
    ]


def test_a_changed_list_is_found(edition, ann, ed):
    other = release(make_statement(ann, "Another"), ann, ed)
    seal = write_seal().seal
    entry = SealedEdition.objects.get(edition=edition)
    change(SealedEdition, entry.pk, leaf="0" * 64)
    sentence = (
        f"Edition 1 of statement {edition.statement_id} is not the one in the list of seal 1."
    )
    assert find_problems() == [sentence, "The list of seal 1 is not the one that was sealed."]
    change(SealedEdition, entry.pk, leaf=entry.leaf, number=2)
    assert find_problems() == [sentence]
    change(SealedEdition, entry.pk, number=1)
    assert find_problems() == []
    triggers.drop_triggers(connection)
    SealedEdition.objects.filter(edition__in=[edition, other]).delete()
    triggers.create_triggers(connection)
    assert find_problems() == ["The list of seal 1 is not the one that was sealed."]
    assert seal.number == 1


def test_the_days_that_still_held_are_told_from_the_others(edition, ann, ed):
    write_seal(NOON + HOUR)
    event = edition.statement.events.latest("number")
    other = release(make_statement(ann, "Another"), ann, ed, at=NOON + 2 * HOUR)
    write_seal(NOON + DAY)
    change(Event, other.statement.events.latest("number").pk, hash=event.hash)
    problems = find_problems()
    assert "The record before the seal of 2 March 2044 is not what it was that day." in problems
    assert "The record before the seal of 1 March 2044 is not what it was that day." not in problems


def test_a_draft_that_is_saved_after_the_seal_is_no_problem(ann, ed, edition):
    release(make_statement(ann, "Another"), ann, ed)
    write_seal()
    edition.statement.refresh_from_db()
    edition.statement.save(update_fields=["changed_at"])
    assert find_problems() == []


def test_an_erased_edition_keeps_its_place_in_the_list(ann, ed, max, edition):
    write_seal()
    at = NOON + 2 * HOUR
    workflow.withdraw(edition, by=ed, at=at, kind="gone", notice="Wrong.")
    workflow.request_erasure(edition, by=max, at=at, reason="Court.")
    workflow.erase(
        edition, by=make_user("mo", "Manager"), at=at, seen_digest=edition.digest, password=PASSWORD
    )
    assert find_problems() == []


def test_the_database_keeps_seals_as_they_are(edition):
    seal = write_seal().seal
    for command in (
        "UPDATE statements_seal SET document = 'x'",
        "DELETE FROM statements_seal",
        "UPDATE statements_sealededition SET leaf = 'x'",
        "DELETE FROM statements_sealededition",
    ):
        refusal = pytest.raises(DatabaseError, match=r"never change|is ever deleted")
        with refusal, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(command)
    Seal.objects.update(timestamp=b"first")
    with pytest.raises(DatabaseError, match="only the timestamp"), transaction.atomic():
        Seal.objects.update(timestamp=b"second")
    assert bytes(Seal.objects.get(pk=seal.pk).timestamp) == b"first"


def test_a_leaf_names_edition_place_and_digest(edition):
    assert format_leaf(edition, 3) == f"{edition.uuid} 3 {edition.digest}"
