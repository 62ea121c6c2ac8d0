"""Two speakers, or two themes, that are one."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from organisations.models import Appointment, FormerSpeakerSlug, Speaker
from statements.audit import verification
from statements.models import (
    Action,
    Edition,
    EditionAttribution,
    Event,
    FormerThemeSlug,
    Passage,
    Statement,
    Theme,
)
from statements.newsdesk import merge
from statements.workflow import Refused, merging
from tests.cast import (
    NOON,
    approve_edition,
    make_organisation,
    make_speaker,
    make_statement,
    submit_statement,
)


@pytest.fixture
def dave(db) -> Speaker:
    return make_speaker("Dave Hill")


@pytest.fixture
def david(db) -> Speaker:
    speaker = make_speaker("David Hill", role="")
    Appointment.objects.create(speaker=speaker, organisation=make_organisation(), role="President")
    Appointment.objects.create(speaker=speaker, organisation=make_organisation(), role="Chair")
    return speaker


def frozen_words() -> list[tuple]:
    fields = ("pk", "content", "digest", "headline", "summary", "byline", "contributors")
    return list(Edition.objects.order_by("pk").values_list(*fields))


def spoken_by_david(ann, david) -> Statement:
    statement = make_statement(ann)
    term = david.appointments.get(role="President")
    statement.passages.update(speaker=david, appointment=term)
    return statement


def public(ann, ed, statement) -> Edition:
    return approve_edition(submit_statement(statement, by=ann), by=ed)


def test_everything_moves_and_no_frozen_byte_does(ann, ed, max, dave, david):
    statement = spoken_by_david(ann, david)
    edition = public(ann, ed, statement)
    before = frozen_words()
    merging.merge_speakers(david, dave, by=max, at=NOON)
    assert frozen_words() == before
    assert list(verification.verify()) == []
    passage = Passage.objects.get(statement=statement)
    assert (passage.speaker, passage.appointment) == (dave, dave.appointments.get(role="President"))
    assert sorted(dave.appointments.values_list("role", flat=True)) == ["Chair", "President"]
    assert list(edition.voices.filter(speaker__isnull=False).values_list("speaker")) == [(dave.pk,)]
    assert list(Speaker.objects.all()) == [dave]


def test_an_edition_in_which_both_speak_lists_the_one_once(ann, ed, max, dave, david):
    statement = make_statement(ann)
    Passage.objects.create(statement=statement, speaker=david, body="<p>And so do I.</p>")
    edition = public(ann, ed, statement)
    assert EditionAttribution.objects.filter(edition=edition, speaker__isnull=False).count() == 2
    merging.merge_speakers(david, dave, by=max, at=NOON)
    assert list(edition.voices.filter(speaker__isnull=False).values_list("speaker")) == [(dave.pk,)]


def test_a_person_with_the_draft_open_is_asked_to_look_again(ann, max, dave, david):
    statement = spoken_by_david(ann, david)
    other = make_statement(ann, "Another")
    versions = dict(Statement.objects.values_list("pk", "version"))
    merging.merge_speakers(david, dave, by=max, at=NOON)
    assert dict(Statement.objects.values_list("pk", "version")) == {
        statement.pk: versions[statement.pk] + 1,
        other.pk: versions[other.pk],
    }


def test_it_stands_on_the_record(max, dave, david):
    merging.merge_speakers(david, dave, by=max, at=NOON)
    event = Event.objects.get(action=Action.MERGED)
    assert (event.statement, event.by, event.note) == (
        None,
        max,
        "The speaker David Hill was merged into Dave Hill.",
    )
    assert list(verification.verify()) == []


def test_only_managers_merge(ann, ed, dave, david):
    for person in (ann, ed):
        with pytest.raises(PermissionDenied, match="To merge two speakers you need to be a Manag"):
            merging.merge_speakers(david, dave, by=person, at=NOON)
    assert Speaker.objects.count() == 2


def test_the_chosen_biography_is_kept(max, dave, david):
    Speaker.objects.filter(pk=david.pk).update(biography="Long.")
    merging.merge_speakers(david, dave, by=max, at=NOON, biography_of=david)
    assert Speaker.objects.get().biography == "Long."


def test_nothing_that_points_to_a_speaker_is_forgotten():
    """A new table that names speakers has to be thought of in merge_speakers, then here."""
    pointing = {relation.related_model._meta.label for relation in Speaker._meta.related_objects}
    assert pointing == {
        "organisations.Appointment",
        "organisations.FormerSpeakerSlug",
        "statements.EditionAttribution",
        "statements.Passage",
        "statements.ProposedName",
    }
    pointing = {relation.related_model._meta.label for relation in Theme._meta.related_objects}
    assert pointing == {
        *("statements.FormerThemeSlug", "statements.ThemedStatement"),
        "statements.ProposedName",
        "statements.Statement",  # by way of ThemedStatement
    }


# --- Addresses ------------------------------------------------------------------------------------


def test_the_old_address_leads_on_for_ever(client, ann, ed, max, dave, david, frozen):
    public(ann, ed, spoken_by_david(ann, david))
    frozen(NOON)
    merging.merge_speakers(david, dave, by=max, at=NOON)
    response = client.get("/statements/?speaker=david-hill&year=2044")
    assert (response.status_code, response["Location"]) == (
        301,
        "/statements/?speaker=dave-hill&year=2044",
    )
    page = client.get("/statements/a-comment/").content.decode()
    assert 'href="/speakers/dave-hill/"' in page
    assert "?speaker=david-hill" not in page


def test_before_anything_is_public_old_and_new_are_as_unknown(client, ann, max, dave, david):
    submit_statement(spoken_by_david(ann, david), by=ann)
    merging.merge_speakers(david, dave, by=max, at=NOON)
    unknown = client.get("/statements/?speaker=nobody")
    for slug in ("david-hill", "dave-hill"):
        response = client.get(f"/statements/?speaker={slug}")
        assert (response.status_code, response.content) == (200, unknown.content)


def test_a_renamed_speaker_is_found_by_the_old_address_and_it_stays_theirs(db, dave):
    dave.slug = "sir-dave"
    dave.save()
    assert list(FormerSpeakerSlug.objects.values_list("slug", "speaker")) == [
        ("dave-hill", dave.pk)
    ]
    with pytest.raises(Exception, match="was the address of another speaker"):
        Speaker(name="Other", slug="dave-hill").full_clean()
    dave.slug = "dave-hill"
    dave.save()
    assert list(FormerSpeakerSlug.objects.values_list("slug", flat=True)) == ["sir-dave"]


def test_former_addresses_travel_with_the_second_merger(max, dave, david):
    jane = make_speaker("Jane", role="")
    merging.merge_speakers(david, dave, by=max, at=NOON)
    merging.merge_speakers(dave, jane, by=max, at=NOON)
    assert set(FormerSpeakerSlug.objects.values_list("slug", "speaker")) == {
        ("david-hill", jane.pk),
        ("dave-hill", jane.pk),
    }


# --- Themes ---------------------------------------------------------------------------------------


def test_themes_become_one(client, ann, ed, max, frozen):
    goes = Theme.objects.create(name="Kids", slug="kids")
    stays = Theme.objects.create(name="Children", slug="children")
    both, one = make_statement(ann), make_statement(ann, "Another")
    both.themes.add(goes, stays)
    one.themes.add(goes)
    public(ann, ed, one)
    before = frozen_words()
    merging.merge_themes(goes, stays, by=max, at=NOON)
    frozen(NOON)
    assert frozen_words() == before
    assert set(stays.items.values_list("content_object", flat=True)) == {both.pk, one.pk}
    assert list(FormerThemeSlug.objects.values_list("slug", "theme")) == [("kids", stays.pk)]
    assert client.get("/statements/?theme=kids")["Location"] == "/statements/?theme=children"
    assert list(verification.verify()) == []


GONE = (
    "is gone: somebody merged or deleted it in the meantime. Nothing was merged. Look at the list "
    "as it is now, and choose again."
)


@pytest.mark.parametrize("goes", ["source", "target"])
def test_a_merge_with_an_entry_that_is_gone_says_so_and_merges_nothing(max, dave, david, goes):
    gone = Speaker.objects.get(pk={"source": david, "target": dave}[goes].pk)
    name = str(gone)
    gone.delete()
    with pytest.raises(Refused) as refusal:
        merging.merge_speakers(david, dave, by=max, at=NOON)
    assert str(refusal.value) == f"{name} {GONE}"
    assert Speaker.objects.count() == 1
    assert not Event.objects.filter(action=Action.MERGED).exists()


def test_two_merges_at_once_end_with_a_sentence_for_the_later_one(
    client, max, dave, david, monkeypatch
):
    """The other manager's merge lands between the page's own look and its lock."""
    merge_unpatched = merging.merge_speakers

    def merge_after_another(source, target, **options):
        merge_unpatched(Speaker.objects.get(pk=target.pk), source, by=max, at=NOON)
        merge_unpatched(source, target, **options)

    kind = replace(merge.SPEAKERS, merge=merge_after_another)
    monkeypatch.setattr(merge, "SPEAKERS", kind)
    client.force_login(max)
    response = client.post(
        f"/admin/organisations/speaker/{david.pk}/merge/", {"into": dave.pk}, follow=True
    )
    assert response.redirect_chain == [("/admin/organisations/speaker/", 302)]
    assert [str(message) for message in response.context["messages"]] == [f"Dave Hill {GONE}"]
    assert list(Speaker.objects.all()) == [david]
