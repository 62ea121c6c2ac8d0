"""The address of a new name tells nothing of the names that are here already."""

import re

from organisations.models import FormerSpeakerSlug, Speaker
from statements.drafting.name_slugs import choose_name_slug, find_free_slug
from statements.models import Theme
from tests.cast import make_speaker


def test_a_free_name_is_its_own_address():
    assert (
        choose_name_slug(Speaker, "Dame Eve Draft", words=["Ports"], taken=()) == "dame-eve-draft"
    )
    assert choose_name_slug(Speaker, "港", words=[], taken=()) == "speaker"


def test_a_taken_one_goes_on_with_words_then_with_letters_and_never_with_a_number():
    taken: set[str] = set()
    slugs = []
    for _ in range(6):
        slug = choose_name_slug(Speaker, "Eve Draft", words=["Ports Office", "Chair"], taken=taken)
        taken.add(slug)
        slugs.append(slug)
    assert slugs[:4] == [
        "eve-draft",
        "eve-draft-ports-office",
        "eve-draft-chair",
        "eve-draft-ports-office-chair",
    ]
    assert all(re.fullmatch(r"eve-draft-[0-9a-f]{8}", slug) for slug in slugs[4:])
    assert len(taken) == 6


def test_a_long_name_keeps_its_ending():
    name = "Very Long Name " * 20
    first = choose_name_slug(Speaker, name, words=["Chair"], taken=())
    second = choose_name_slug(Speaker, name, words=["Chair"], taken={first})
    assert second.endswith("-chair")
    assert max(len(first), len(second)) <= 100


def test_the_former_address_of_somebody_is_taken_too(db):
    speaker = make_speaker("Jane Brackley")
    FormerSpeakerSlug.objects.create(speaker=speaker, slug="eve-draft")
    assert find_free_slug(Speaker, "Eve Draft", words=["Chair"]) == "eve-draft-chair"


def test_a_theme_of_a_taken_address_gets_letters(db):
    assert Theme().slugify("Schools") == "schools"
    assert re.fullmatch(r"schools-[0-9a-f]{8}", Theme().slugify("Schools", 1))
    assert Theme().slugify("Schools", 1) != Theme().slugify("Schools", 2)
