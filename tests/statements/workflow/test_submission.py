"""Test submit: the draft is frozen, word for word, and goes to the editors."""

import datetime as dt

import pytest

from organisations.models import Appointment
from statements import workflow
from statements.content.reading import same_words
from statements.content.schema import canonical, digest_of
from statements.models import (
    Edition,
    EditionAttribution,
    Event,
    Passage,
    State,
    Statement,
    StatementSlug,
)
from statements.workflow import submission
from tests.assertions import assert_refused, assert_stale, read_detail
from tests.cast import (
    DAY,
    HOUR,
    NOON,
    approve_edition,
    make_organisation,
    make_speaker,
    make_statement,
    refetch_edition,
    rewrite_passage,
    set_amendment,
    submit_statement,
)


def test_the_words_are_frozen_as_they_stand(ann):
    statement = make_statement(
        ann, "Schools need funding", summary="In short.", dated_on=NOON.date()
    )
    edition = submit_statement(statement, by=ann)
    added = {key: edition.content_data[key] for key in ("salt", "based_on")}
    assert edition.content == canonical(statement.content() | added)
    assert (len(added["salt"]), added["based_on"]) == (32, "")
    assert edition.digest == digest_of(edition.content)
    assert edition.content_data["blocks"][0]["paragraphs"] == ["<p>We welcome the report.</p>"]
    frozen = Edition.objects.values(
        *("sequence", "headline", "summary", "byline", "kind", "language", "dated_on", "slug"),
        *("state", "amendment", "public_note", "submitted_by", "submitted_at", "contributors"),
        *("approved_by", "release_at", "organisation__slug"),
    ).get()
    assert frozen == {
        "sequence": 1,
        "headline": "Schools need funding",
        "summary": "In short.",
        "byline": "Dave Hill, President",
        "kind": "comment",
        "language": "en",
        "dated_on": dt.date(2044, 3, 1),
        "slug": "schools-need-funding",
        "state": "in_review",
        "amendment": "",
        "public_note": "",
        "submitted_by": ann.pk,
        "submitted_at": NOON,
        "contributors": f",{ann.pk},",
        "approved_by": None,
        "release_at": None,
        "organisation__slug": "association-of-directors",
    }


def test_renaming_a_speaker_a_role_or_a_body_changes_no_byte_of_what_was_submitted(ann):
    edition = submit_statement(make_statement(ann), by=ann)
    make_speaker().appointments.update(role="Past President")
    make_organisation().__class__.objects.update(name="Renamed", boilerplate="New")
    make_speaker().__class__.objects.update(name="Sir Dave Hill")
    assert refetch_edition(edition).content == edition.content
    assert refetch_edition(edition).byline == "Dave Hill, President"


def test_everybody_who_wrote_is_a_contributor_not_only_the_submitter(ann, ed, max):
    statement = rewrite_passage(make_statement(ann), "We regret the report.", by=ed)
    edition = submit_statement(statement, by=max)
    assert edition.contributor_ids == {ann.pk, ed.pk}


def test_a_joint_statement_is_listed_under_each_speaker_and_body_once(ann):
    statement = make_statement(ann)
    council = make_organisation("County Council")
    for name in ("Jane Roe", "Dave Hill"):
        speaker = make_speaker(name, role="Leader", organisation=council)
        Passage.objects.create(
            statement=statement, position=1, speaker=speaker, body="<p>So do we.</p>"
        )
    Passage.objects.create(
        statement=statement, position=2, body="<p>The report came out today.</p>"
    )
    edition = submit_statement(statement, by=ann)
    assert edition.byline == "Dave Hill, Jane Roe"
    voices = EditionAttribution.objects.filter(edition=edition, statement=statement)
    listed = voices.values_list("speaker__name", "organisation__name")
    assert sorted(listed, key=str) == [
        ("Dave Hill", None),
        ("Jane Roe", None),
        (None, "Association of Directors"),
        (None, "County Council"),
    ]


def test_a_byline_of_many_long_names_fits_its_column(ann):
    statement = make_statement(ann)
    for number in range(4):
        speaker = make_speaker(f"{'Very Long Name ' * 13}{number}", role="")
        Passage.objects.create(statement=statement, position=1, speaker=speaker, body="<p>Yes.</p>")
    assert len(refetch_edition(submit_statement(statement, by=ann)).byline) == 500


def test_a_headline_in_decomposed_letters_is_listed_as_it_was_hashed(ann):
    edition = submit_statement(make_statement(ann, "Cafe\u0301"), by=ann)
    assert (edition.headline, edition.content_data["headline"]) == ("Caf\u00e9", "Caf\u00e9")


# --- What prevents it -----------------------------------------------------------------------------


def test_every_missing_piece_is_named_at_once(ann):
    statement = Statement.objects.create()
    statement.record_save(by=ann, seen_version=1)
    with assert_refused(
        "Add a headline. "
        "Choose who publishes this. "
        "Add the words. Write or paste at least one quotation."
    ):
        submit_statement(statement, by=ann)


def test_words_that_nobody_wrote_are_not_submitted(ann):
    statement = Statement.objects.create(headline="Ghost", organisation=make_organisation())
    Passage.objects.create(statement=statement, body="<p>Boo.</p>")
    with assert_refused("Nobody has written these words yet. Save them first."):
        submit_statement(statement, by=ann)


def test_a_screen_that_is_out_of_date_submits_nothing(ann, ed):
    statement = make_statement(ann)
    seen = statement.version
    rewrite_passage(statement, "We regret the report.", by=ed)
    with assert_stale(
        "Somebody saved this statement after you opened it. Look again, then submit."
    ):
        workflow.submit(statement, by=ann, at=NOON, seen_version=seen)


def test_pressing_submit_twice_makes_one_edition(ann):
    statement = make_statement(ann)
    seen = statement.version
    workflow.submit(statement, by=ann, at=NOON, seen_version=seen)
    with assert_stale(
        "Somebody saved this statement after you opened it. Look again, then submit."
    ):
        workflow.submit(statement, by=ann, at=NOON, seen_version=seen)


def test_the_same_words_are_not_submitted_again(ann):
    edition = submit_statement(make_statement(ann), by=ann)
    with assert_refused("Nothing has changed since edition 1. Change the words."):
        submit_statement(edition.statement, by=ann)


def test_after_a_cancelled_edition_the_words_before_it_count(ann):
    statement = make_statement(ann)
    workflow.cancel(submit_statement(statement, by=ann), by=ann, at=NOON)
    assert submit_statement(statement, by=ann).sequence == 2


def test_words_that_were_sent_back_may_come_again_unchanged(ann, ed):
    edition = submit_statement(make_statement(ann), by=ann)
    workflow.send_back(edition, by=ed, at=NOON, seen_digest=edition.digest, note="Is this final?")
    again = submit_statement(edition.statement, by=ann)
    assert again.sequence == 2
    assert same_words(again.content_data, edition.content_data)
    assert again.digest != edition.digest


# --- Over an earlier edition ----------------------------------------------------------------------


def test_an_edition_still_in_review_is_replaced_and_says_so(ann):
    first = submit_statement(make_statement(ann), by=ann)
    second = submit_statement(rewrite_passage(first.statement, "We regret it.", by=ann), by=ann)
    assert (refetch_edition(first).state, refetch_edition(second).state) == (
        State.CANCELLED,
        State.IN_REVIEW,
    )
    events = [(event.action, event.note, event.by_name) for event in first.events.all()]
    assert events == [
        ("submitted", "", "ann"),
        ("cancelled", "Replaced by a newer submission.", "ann"),
    ]


def test_an_edition_already_scheduled_stays_scheduled(ann, ed):
    scheduled = approve_edition(
        submit_statement(make_statement(ann), by=ann), by=ed, release_at=NOON + HOUR
    )
    submit_statement(rewrite_passage(scheduled.statement, "We regret it.", by=ann), by=ann)
    assert refetch_edition(scheduled).release_at == NOON + HOUR


@pytest.fixture
def public(ann, ed) -> Edition:
    return approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)


def test_what_was_public_is_changed_only_by_an_amendment_that_says_its_kind(ann, public):
    statement = rewrite_passage(public.statement, "We regret it.", by=ann)
    with assert_refused(
        "This statement has been public. Say what kind of change this is: "
        "a typo, an update, a clarification, a correction or a retraction."
    ):
        submit_statement(statement, by=ann)
    assert submit_statement(statement, by=ann, amendment="typo").amendment == "typo"


def test_before_its_time_a_scheduled_statement_needs_no_amendment(ann, ed):
    scheduled = approve_edition(
        submit_statement(make_statement(ann), by=ann), by=ed, release_at=NOON + HOUR
    )
    statement = rewrite_passage(scheduled.statement, "We regret it.", by=ann)
    assert submit_statement(statement, by=ann, at=NOON + HOUR / 2).amendment == ""


@pytest.mark.parametrize("note", ["", "  \n", "\0"])
@pytest.mark.parametrize(
    ("kind", "hint"),
    [
        ("update", "Say what is new."),
        ("clarification", "Say what was wrong and what is right."),
        ("correction", "Say what was wrong and what is right."),
        ("retraction", "Say why you take the words back."),
    ],
)
def test_all_but_a_typo_carry_a_correction_note(ann, public, kind, hint, note):
    statement = rewrite_passage(public.statement, "We regret it.", by=ann)
    set_amendment(statement, kind, note, by=ann)
    with assert_refused(f"Add a correction note. {hint}"):
        submit_statement(statement, by=ann)


def test_the_public_note_is_frozen_with_the_words_and_stands_on_the_record(ann, public):
    statement = rewrite_passage(public.statement, "We regret it.", by=ann)
    edition = submit_statement(
        statement, by=ann, amendment="correction", public_note=" Regret,\0 not joy. "
    )
    assert (edition.amendment, edition.public_note) == ("correction", "Regret, not joy.")
    event = edition.events.get()
    assert event.note == "Regret, not joy."
    assert read_detail(event) == {"amendment": "correction"}


def test_an_amendment_of_no_known_kind_is_refused(ann):
    statement = make_statement(ann)
    set_amendment(statement, "rumour", by=ann)
    with assert_refused("“rumour” is no kind of amendment."):
        submit_statement(statement, by=ann)


def test_all_that_is_wrong_with_an_amendment_is_said_at_once(ann, public):
    other = submit_statement(make_statement(ann, "Another"), by=ann)
    Statement.objects.filter(pk=public.statement_id).update(slug=other.slug)
    set_amendment(public.statement, "correction", by=ann)
    with assert_refused(
        "Add a correction note. Say what was wrong and what is right. "
        "The address “another” is taken. "
        "Choose another, or leave it empty: then one is made from the headline."
    ):
        submit_statement(public.statement, by=ann)


# --- Addresses ------------------------------------------------------------------------------------


def test_equal_headlines_get_addresses_of_their_own(ann):
    slugs = [submit_statement(make_statement(ann, "A  Comment!"), by=ann).slug for _ in range(3)]
    assert slugs == [
        "a-comment",
        "a-comment-association-of-directors",
        "a-comment-march-2044",
    ]


def test_when_every_proposal_is_taken_the_address_ends_in_letters_of_the_uuid(ann):
    """A number would tell readers that there is something they cannot see."""
    editions = [submit_statement(make_statement(ann), by=ann) for _ in range(7)]
    assert editions[-1].slug == f"a-comment-{editions[-1].statement.uuid.hex[:6]}"


@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        ("بيان صحفي", "association-of-directors-march-2044"),
        ("Datganiad i’r wasg: ŵy", "datganiad-ir-wasg-wy"),
        ("x" * 300, "x" * 90),
        ("a" * 89 + " b", "a" * 89),
    ],
)
def test_an_address_is_made_from_any_headline(ann, headline, slug):
    assert submit_statement(make_statement(ann, headline), by=ann).slug == slug


def test_the_writers_own_address_is_kept(ann):
    edition = submit_statement(make_statement(ann, slug="report-of-the-year"), by=ann)
    assert edition.slug == "report-of-the-year"
    assert StatementSlug.objects.get().statement == edition.statement


def test_an_address_never_moves_to_another_statement(ann):
    submit_statement(make_statement(ann, slug="ours"), by=ann)
    late = make_statement(ann, slug="ours")
    with assert_refused(
        "The address “ours” is taken. "
        "Choose another, or leave it empty: then one is made from the headline."
    ):
        submit_statement(late, by=ann)


def test_an_address_taken_at_the_last_moment_is_refused_all_the_same(ann, monkeypatch):
    """The look comes before the lock: another statement may be quicker in between."""
    submit_statement(make_statement(ann, slug="ours"), by=ann)
    late = make_statement(ann, slug="ours")
    monkeypatch.setattr(submission, "slug_problems", lambda statement: [])
    with assert_refused(
        "The address “ours” is taken. "
        "Choose another, or leave it empty: then one is made from the headline."
    ):
        submit_statement(late, by=ann)


def test_a_statement_keeps_its_address_when_the_headline_changes(ann):
    first = submit_statement(make_statement(ann, "Before"), by=ann)
    Statement.objects.update(headline="After")
    assert submit_statement(first.statement, by=ann).slug == "before"
    assert [str(address) for address in StatementSlug.objects.all()] == ["before"]


def test_a_changed_address_leaves_the_old_one_to_redirect(ann, ed, public):
    later = NOON + DAY
    statement = rewrite_passage(public.statement, "We regret it.", by=ann)
    Statement.objects.update(slug="better")
    second = submit_statement(statement, by=ann, at=later, amendment="typo")
    answers = dict(StatementSlug.objects.values_list("slug", "public_from"))
    assert answers == {"a-comment": NOON, "better": None}
    approve_edition(second, by=ed, at=later, release_at=later)
    answers = dict(StatementSlug.objects.values_list("slug", "public_from"))
    assert answers == {"a-comment": NOON, "better": later}


def test_submitting_counts_as_a_version_and_keeps_the_slug_in_the_draft(ann):
    statement = make_statement(ann)
    edition = submit_statement(statement, by=ann)
    kept = Statement.objects.values("version", "slug").get()
    assert kept == {"version": statement.version + 1, "slug": edition.slug}


def test_the_role_of_the_day_is_frozen(ann):
    """A handover day belongs to both: with two roles on the books, none is made up."""
    statement = make_statement(ann, dated_on=NOON.date())
    speaker = make_speaker()
    Appointment.objects.create(speaker=speaker, organisation=make_organisation(), role="Mayor")
    edition = submit_statement(statement, by=ann)
    assert edition.byline == "Dave Hill"
    assert edition.content_data["blocks"][0]["attribution"] == "Dave Hill said:"
    assert Event.objects.filter(edition=edition).count() == 1
