"""What a draft proposes is on no public page, and approval confirms what the edition uses."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q

from organisations.models import Appointment, Organisation, Speaker
from statements import workflow
from statements.drafting.proposals import (
    Proposer,
    discard_proposed_names,
    find_proposed_names,
)
from statements.models import (
    Edition,
    EditionAttribution,
    Passage,
    ProposedName,
    Statement,
    Theme,
    ThemedStatement,
    is_confirmed,
    is_usable_in,
)
from statements.workflow import merging
from tests.cast import (
    HOUR,
    NOON,
    PASSWORD,
    approve_edition,
    make_organisation,
    make_speaker,
    make_statement,
    submit_statement,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(ann) -> Statement:
    """A draft in which Gareth Pugh speaks, whom nobody knew, in a role at a new organisation."""
    return make_draft(ann)


def make_draft(by, headline: str = "The bridge opens") -> Statement:
    statement = make_statement(by, headline)
    proposer = Proposer(statement, by=by, at=NOON)
    speaker = proposer.propose_speaker("Gareth Pugh")
    organisation = proposer.propose_organisation("Aberwen Council")
    role = proposer.propose_appointment(speaker, "Head of Roads", organisation, from_on=NOON.date())
    statement.themes.add(proposer.propose_theme("Bridges"))
    Passage.objects.create(
        statement=statement,
        position=1,
        speaker=speaker,
        appointment=role,
        body="<p>It is safe.</p>",
    )
    statement.record_save(by=by, seen_version=statement.version)
    return statement


def count_proposals() -> dict[str, int]:
    kinds = [proposal.kind for proposal in ProposedName.objects.all()]
    return {kind: kinds.count(kind) for kind in kinds}


ALL_FOUR = {"speaker": 1, "organisation": 1, "appointment": 1, "theme": 1}


def test_a_proposed_name_is_usable_in_its_draft_alone(draft, ann):
    other = make_statement(ann, "Another")
    for model in (Speaker, Organisation, Appointment, Theme):
        rows = model.objects
        own = set(rows.filter(is_usable_in(draft.pk))) - set(rows.filter(is_usable_in(other.pk)))
        assert len(own) == 1
        assert list(rows.filter(is_usable_in(None))) == list(rows.filter(is_confirmed()))


def test_approval_confirms_what_the_edition_uses_and_says_so_by_ids(draft, ann, ed):
    unused = Proposer(draft, by=ann, at=NOON).propose_speaker("Nobody Quoted")
    edition = submit_statement(draft, by=ann)
    assert count_proposals() == ALL_FOUR | {"speaker": 2}
    approve_edition(edition, by=ed)
    assert [proposal.name for proposal in find_proposed_names(draft)] == [unused]
    event = draft.events.get(action="approved")
    speaker = Speaker.objects.get(name="Gareth Pugh")
    assert json.loads(event.detail)["confirmed"] == {
        "appointment": [speaker.appointments.get().pk],
        "organisation": [Organisation.objects.get(name="Aberwen Council").pk],
        "speaker": [speaker.pk],
        "theme": [Theme.objects.get().pk],
    }
    assert "Pugh" not in event.detail


def test_a_hold_confirms_and_a_theme_added_since_is_confirmed_when_it_is_published(draft, ann, ed):
    edition = approve_edition(submit_statement(draft, by=ann), by=ed, release_at=None)
    assert count_proposals() == {}
    draft.themes.add(Proposer(draft, by=ann, at=NOON).propose_theme("Roads"))
    assert count_proposals() == {"theme": 1}
    workflow.publish_now(edition, by=ed, at=NOON + HOUR, seen_digest=edition.digest)
    assert count_proposals() == {}


def test_an_urgent_publication_confirms_as_well(draft, ann, ed):
    edition = submit_statement(draft, by=ann)
    workflow.publish_urgently(
        edition, by=ed, at=NOON, seen_digest=edition.digest, reason="Snow.", password=PASSWORD
    )
    assert count_proposals() == {}


def test_a_cancelled_edition_confirms_nothing(draft, ann, ed):
    edition = submit_statement(draft, by=ann)
    workflow.cancel(edition, by=ed, at=NOON)
    assert count_proposals() == ALL_FOUR


def test_a_second_role_of_one_speaker_is_confirmed_too(draft, ann, ed):
    proposer = Proposer(draft, by=ann, at=NOON)
    speaker = Speaker.objects.get(name="Gareth Pugh")
    place = Organisation.objects.get(name="Aberwen Council")
    role = proposer.propose_appointment(speaker, "Chair", place, from_on=None)
    Passage.objects.create(
        statement=draft, position=2, speaker=speaker, appointment=role, body="<p>And I chair.</p>"
    )
    draft.refresh_from_db()
    draft.record_save(by=ann, seen_version=draft.version)
    approve_edition(submit_statement(draft, by=ann), by=ed)
    assert count_proposals() == {}


def test_no_public_page_names_what_is_proposed(draft, ann, ed, client, frozen):
    """Dave Hill is public; a proposed role of his, and everything new, is not."""
    public = make_statement(ann, "Already out")
    approve_edition(submit_statement(public, by=ann), by=ed)
    proposer = Proposer(draft, by=ann, at=NOON)
    place = Organisation.objects.get(name="Aberwen Council")
    proposer.propose_appointment(make_speaker(), "Bridge Master", place, from_on=None)
    submit_statement(draft, by=ann)
    frozen(NOON + HOUR)
    names = ("Gareth Pugh", "gareth-pugh", "Aberwen", "aberwen", "Bridge", "bridges", "Roads")
    pages = [
        *("/", "/speakers/", "/organisations/", "/themes/", "/speakers/dave-hill/", "/?q=Pugh"),
        *(
            "/statements/already-out/",
            "/feeds/statements.atom",
            "/sitemap.xml",
            "/sitemap-2044-03.xml",
        ),
        "/organisations/association-of-directors/",
    ]
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200, page
        text = response.content.decode().replace("/?q=Pugh", "").replace('"Pugh"', "")
        assert [name for name in names if name in text] == [], page
    for page in ("/speakers/gareth-pugh/", "/organisations/aberwen-council/", "/themes/bridges/"):
        assert client.get(page).status_code == 404, page


def test_a_role_that_another_draft_proposes_decides_no_attribution(draft, ann):
    """Dave Hill still holds the one role that is confirmed."""
    place = Organisation.objects.get(name="Aberwen Council")
    proposer = Proposer(draft, by=ann, at=NOON)
    proposer.propose_appointment(make_speaker(), "Bridge Master", place, from_on=None)
    other = make_statement(ann, "Another")
    role = other.passages.get().resolve_appointment()
    assert role is not None
    assert role.role == "President"
    assert draft.passages.order_by("pk")[0].resolve_appointment() is None  # two roles here


# --- The database ---------------------------------------------------------------------------------


def refuse(change) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        change()
    return str(error.value)


def test_the_database_releases_nothing_that_names_a_proposal(draft, ann):
    edition = submit_statement(draft, by=ann)
    voices = EditionAttribution.objects.filter(edition=edition)
    for condition in (Q(speaker__name="Gareth Pugh"), Q(organisation__name="Aberwen Council")):
        rows = voices.filter(condition)
        assert "names_no_proposal" in refuse(lambda rows=rows: rows.update(release_at=NOON))
    themed = ThemedStatement.objects.filter(content_object=draft)
    assert "names_no_proposal" in refuse(lambda: themed.update(first_release_at=NOON))
    voices.filter(speaker__name="Dave Hill").update(release_at=NOON)


def test_the_database_proposes_nothing_that_is_released(draft, ann, ed):
    approve_edition(submit_statement(draft, by=ann), by=ed)
    other = make_statement(ann, "Another")
    for columns in (
        {"speaker": Speaker.objects.get(name="Gareth Pugh")},
        {"appointment": Appointment.objects.get(role="Head of Roads")},
        {"organisation": Organisation.objects.get(name="Aberwen Council")},
        {"theme": Theme.objects.get()},
    ):
        refused = refuse(
            lambda columns=columns: ProposedName.objects.create(
                statement=other, by=ann, at=NOON, **columns
            )
        )
        assert "proposedname_is_not_released" in refused


def test_the_database_keeps_a_proposal_as_it_is(draft):
    proposals = ProposedName.objects.filter(speaker__isnull=False)
    assert "A proposal never changes." in refuse(
        lambda: proposals.update(speaker=Speaker.objects.get(name="Dave Hill"))
    )
    both = {"organisation": make_organisation(), "theme": Theme.objects.get()}
    refuse(lambda: ProposedName.objects.create(statement=draft, by_id=1, at=NOON, **both))


# --- Merging and discarding -----------------------------------------------------------------------


def test_a_proposed_speaker_is_merged_into_one_who_is_known(draft, ann, ed, max):
    dave = make_speaker()
    merging.merge_speakers(Speaker.objects.get(name="Gareth Pugh"), dave, by=max, at=NOON)
    assert count_proposals() == {"organisation": 1, "appointment": 1, "theme": 1}
    draft.refresh_from_db()
    edition = submit_statement(draft, by=ann)
    approve_edition(edition, by=ed)
    assert count_proposals() == {}


def test_a_known_speaker_is_merged_into_a_proposed_one_who_is_known_then(draft, ann, ed, max):
    approve_edition(submit_statement(make_statement(ann, "Already out"), by=ann), by=ed)
    gareth = Speaker.objects.get(name="Gareth Pugh")
    merging.merge_speakers(make_speaker(), gareth, by=max, at=NOON)
    assert not gareth.proposals.exists()


def test_two_proposals_merged_are_one_in_both_drafts(draft, ann, ed, max):
    other = make_draft(ann, "The other bridge opens")
    first, second = Speaker.objects.filter(name="Gareth Pugh").order_by("pk")
    merging.merge_speakers(first, second, by=max, at=NOON)
    assert set(second.proposals.values_list("statement", flat=True)) == {draft.pk, other.pk}
    draft.refresh_from_db()
    approve_edition(submit_statement(draft, by=ann), by=ed)
    assert [str(row) for row in find_proposed_names(other)] == []


def test_two_drafts_share_an_organisation_and_a_theme_of_one_name(draft, ann):
    make_draft(ann, "The other bridge opens")
    assert Organisation.objects.filter(name="Aberwen Council").count() == 1
    assert Theme.objects.count() == 1
    assert Speaker.objects.filter(name="Gareth Pugh").count() == 2  # maybe two people


def test_a_discarded_draft_takes_what_it_alone_proposed(draft, ann):
    other = make_draft(ann, "The other bridge opens")
    draft.passages.all().delete()
    draft.themes.clear()
    discard_proposed_names(draft)
    assert find_proposed_names(draft) == []
    assert len(find_proposed_names(other)) == 4
    assert Speaker.objects.filter(name="Gareth Pugh").count() == 1
    assert Organisation.objects.filter(name="Aberwen Council").exists()


def test_a_statement_that_proposes_is_not_deleted_by_chance(draft):
    """Its names would become confirmed."""
    assert Edition.objects.count() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.filter(pk=draft.pk).delete()
