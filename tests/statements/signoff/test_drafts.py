"""A draft is shown as it was saved, and an answer to it never counts for an edition."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from statements import workflow
from statements.audit import verification
from statements.models import DraftVersion, PreviewLink, SignOff, Statement, hash_text
from statements.newsdesk import timeline
from statements.signoff import actions
from statements.signoff.subjects import Subject
from tests.assertions import assert_refused
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    PASSWORD,
    make_statement,
    make_user,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

pytestmark = pytest.mark.django_db
LATER = NOON + HOUR


@pytest.fixture
def draft(ann, frozen) -> Statement:
    frozen(NOON)
    return make_statement(ann, "We welcome it")


@pytest.fixture
def version(draft) -> DraftVersion:
    return draft.draft_versions.last()


def reply(link: PreviewLink, *, agrees: bool = True, text: str = "") -> SignOff:
    digest = Subject.of(link).digest
    return actions.record_reply(link, at=LATER, seen_digest=digest, agrees=agrees, text=text)


def ask(row, by, name="Dame Jane", **fields: Any) -> PreviewLink:
    return actions.request_signoff(row, by=by, at=NOON, name=name, **fields)[0]


def test_a_reply_names_the_version_that_was_read(draft, version, ann):
    said = reply(ask(version, ann), agrees=False, text="It was a review.")
    assert (said.edition, said.draft_version, said.statement) == (None, version, draft)
    assert said.digest == hash_text(said.salt, version.text)
    assert said.subject == f"draft version {version.version}"
    lines = [entry.sentence for entry in timeline.list_entries(draft)]
    assert lines == [
        f"Dame Jane objected to draft version {version.version}.",
        f"Ann (ann) asked Dame Jane to sign off draft version {version.version}.",
    ]
    assert list(verification.verify()) == []


def test_a_link_remembers_what_release_was_requested_and_when_to_reply_by(draft, ann):
    Statement.objects.filter(pk=draft.pk).update(requested_release_at=NOON + DAY)
    link = ask(draft.draft_versions.last(), ann, phone=" 020  7946 0218 ", reply_by=LATER)
    assert (link.requested_release_at, link.reply_by) == (NOON + DAY, LATER)
    assert link.phone == "020 7946 0218"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reply_by": NOON}, "That time has passed. Choose a later one."),
        (
            {"reply_by": NOON + 8 * DAY},
            "The link ends before that. Let the link work for longer.",
        ),
        ({"phone": "none"}, "“none” is not a telephone number."),
        ({"phone": "0" * 41}, "That is longer than 40 characters."),
    ],
)
def test_a_request_that_cannot_be_is_refused(version, ann, fields, sentence):
    with assert_refused(sentence):
        ask(version, ann, **fields)


def test_nobody_is_sent_a_draft_that_was_saved_over(draft, version, ann):
    newer = rewrite_passage(draft, "We regret it.", by=ann)
    with assert_refused(
        f"Someone has saved this draft since: it is version {newer.version} now. "
        "Look again, then ask."
    ):
        ask(version, ann)


def test_a_draft_that_was_submitted_is_not_to_be_answered_any_more(draft, version, ann, frozen):
    link = ask(version, ann)
    frozen(NOON + MINUTE)
    submit_statement(draft, by=ann, at=NOON + MINUTE)
    with assert_refused("There is a newer edition of these words: edition 1."):
        reply(link)


def test_an_erasure_takes_what_was_said_of_drafts_too(draft, version, ann, ed, max):
    reply(ask(version, ann, email="jane@example.org", phone="020 7946 0218"))
    edition = submit_statement(draft, by=ann, at=LATER)
    workflow.cancel(edition, by=ann, at=LATER)
    workflow.request_erasure(refetch_edition(edition), by=max, at=LATER, reason="Order 12/44")
    mia = make_user("mia", "Manager")
    workflow.erase(
        refetch_edition(edition), by=mia, at=LATER, seen_digest=edition.digest, password=PASSWORD
    )
    said, link = SignOff.objects.get(), PreviewLink.objects.get()
    assert (said.text, said.salt, said.text_erased_at) == ("", "", LATER)
    assert (link.email, link.phone) == ("", "")
    assert list(verification.verify()) == []


# --- The database ---------------------------------------------------------------------------------


@pytest.fixture
def rows(draft, version, ann) -> dict[str, Any]:
    """An edition and a draft version of one statement, with a link to each, and another's."""
    draft_link = ask(version, ann)
    edition = submit_statement(draft, by=ann, at=NOON + MINUTE)
    other = submit_statement(make_statement(ann, "Another"), by=ann)
    return {
        "statement": draft,
        "edition": edition,
        "version": version,
        "edition_link": ask(edition, ann),
        "draft_link": draft_link,
        "other": other,
    }


def create_reply(**columns: Any) -> SignOff:
    return SignOff.objects.create(
        name="Dame Jane", agrees=True, given_at=LATER, recorded_at=LATER, **columns
    )


def forge_agreement_by_draft_link(rows) -> None:
    create_reply(
        statement=rows["statement"],
        edition=rows["edition"],
        digest=rows["edition"].digest,
        preview=rows["draft_link"],
    )


def forge_reply_by_edition_link(rows) -> None:
    create_reply(
        statement=rows["statement"],
        draft_version=rows["version"],
        digest="0" * 64,
        salt="x",
        preview=rows["edition_link"],
    )


def forge_reply_to_both(rows) -> None:
    create_reply(
        statement=rows["statement"],
        edition=rows["edition"],
        draft_version=rows["version"],
        digest=rows["edition"].digest,
        recorded_by=rows["edition"].submitted_by,
    )


def forge_reply_to_neither(rows) -> None:
    create_reply(
        statement=rows["statement"], digest="0" * 64, recorded_by=rows["edition"].submitted_by
    )


def forge_reply_with_other_digest(rows) -> None:
    create_reply(
        statement=rows["statement"],
        edition=rows["edition"],
        digest=rows["other"].digest,
        recorded_by=rows["edition"].submitted_by,
    )


def forge_reply_of_other_statement(rows) -> None:
    create_reply(
        statement=rows["other"].statement,
        edition=rows["edition"],
        digest=rows["edition"].digest,
        recorded_by=rows["edition"].submitted_by,
    )


def forge_reply_without_salt(rows) -> None:
    create_reply(
        statement=rows["statement"],
        draft_version=rows["version"],
        digest="0" * 64,
        recorded_by=rows["edition"].submitted_by,
    )


def forge_link(rows, **columns: Any) -> None:
    PreviewLink.objects.create(
        **{"statement": rows["statement"], "name": "Nobody", "made_at": NOON}
        | {"made_by": rows["edition"].submitted_by, "expires_at": LATER}
        | columns
    )


def forge_link_to_both(rows) -> None:
    forge_link(rows, edition=rows["edition"], draft_version=rows["version"])


def forge_link_of_other_statement(rows) -> None:
    forge_link(rows, statement=rows["other"].statement, draft_version=rows["version"])


def forge_late_reply_by(rows) -> None:
    forge_link(rows, edition=rows["edition"], reply_by=LATER + MINUTE)


@pytest.mark.parametrize(
    ("forge", "rule"),
    [
        (forge_agreement_by_draft_link, "one to a draft is none to an edition"),
        (forge_reply_by_edition_link, "one to a draft is none to an edition"),
        (forge_reply_to_both, "one_subject_check"),
        (forge_reply_to_neither, "one_subject_check"),
        (forge_reply_with_other_digest, "A reply to an edition has its digest"),
        (forge_reply_of_other_statement, "of its own statement"),
        (forge_reply_without_salt, "signoff_salt_check"),
        (forge_link_to_both, "one_subject_check"),
        (forge_link_of_other_statement, "of its own statement"),
        (forge_late_reply_by, "reply_by_check"),
    ],
)
def test_the_database_refuses_a_reply_that_is_not_about_what_was_read(rows, forge, rule):
    before = SignOff.objects.count(), PreviewLink.objects.count()
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        forge(rows)
    assert (SignOff.objects.count(), PreviewLink.objects.count()) == before


@pytest.mark.parametrize(
    ("model", "column"), [(SignOff, "edition"), (PreviewLink, "edition"), (PreviewLink, "reply_by")]
)
def test_no_reply_or_link_is_moved_from_the_draft_to_an_edition(rows, model, column):
    reply(PreviewLink.objects.get(pk=rows["edition_link"].pk))
    values = {"edition": rows["edition"], "reply_by": LATER}
    row = model.objects.filter(draft_version=rows["version"])
    if model is SignOff:
        row = SignOff.objects.all()
        values["edition"] = rows["other"]
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        row.update(**{column: values[column]})
