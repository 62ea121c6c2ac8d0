"""Test the newsdesk pages of translations and release groups, from the first draft to withdrawal."""

import html

import pytest
from django.urls import reverse

from statements import workflow
from statements.models import Edition, ReleaseGroup, Statement
from statements.published.editions import public_editions
from statements.signoff import actions
from tests.cast import (
    HOUR,
    MINUTE,
    NOON,
    make_statement,
    make_user,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)
from tests.statements.newsdesk.test_confirm import decide_url, load, read_hidden_fields

pytestmark = pytest.mark.django_db

TONIGHT = NOON + 6 * HOUR


@pytest.fixture(autouse=True)
def at_noon(frozen):
    frozen(NOON)


@pytest.fixture
def pair(ann) -> list[Statement]:
    english = make_statement(ann, "Bridge", requested_release_at=TONIGHT)
    welsh = make_statement(ann, "Pont", language="cy", translation_of=english)
    workflow.publish_together(welsh, english, by=ann, at=NOON)
    return [english, welsh]


@pytest.fixture
def editions(pair, ann) -> list[Edition]:
    return [submit_statement(statement, by=ann) for statement in pair]


@pytest.fixture
def scheduled(editions, client, ed) -> list[Edition]:
    client.force_login(ed)
    confirm(client, editions[0], "approve-and-schedule")
    return [refetch_edition(edition) for edition in editions]


def page_url(name: str, row) -> str:
    return reverse(f"admin:statements_{name}", args=[row.pk])


def show(client, url: str) -> str:
    answer = client.get(url, follow=True)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def confirm(client, edition: Edition, key: str, **more):
    """Press the button of the confirmation, which sends back what it showed."""
    return client.post(
        decide_url(edition, key), read_hidden_fields(load(client, edition, key)) | more, follow=True
    )


def read_messages(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def read_public(at) -> list[str]:
    return list(public_editions(at=at).order_by("pk").values_list("headline", flat=True))


# --- Translations ---------------------------------------------------------------------------------


def test_a_translation_is_added_from_the_page_of_a_statement(client, ann):
    original = make_statement(ann, "Bridge")
    submit_statement(original, by=ann)
    client.force_login(ann)
    assert page_url("statement_translate", original) in show(
        client, page_url("statement_hub", original)
    )
    answer = client.post(
        page_url("statement_translate", original), {"language": "cy", "together": "on"}, follow=True
    )

    welsh = Statement.objects.get(language="cy")
    assert answer.redirect_chain[-1][0] == page_url("statement_change", welsh)
    assert read_messages(answer) == [
        "This is a new draft with the words of the original. Translate them here."
    ]
    assert "Goes public with “Bridge”" in html.unescape(answer.content.decode())
    assert welsh.release_group == Statement.objects.get(pk=original.pk).release_group
    page = show(client, page_url("statement_hub", original))
    assert "Cymraeg" in page
    assert page_url("statement_change", welsh) in page


def test_without_the_tick_each_goes_by_itself(client, ann):
    original = make_statement(ann, "Bridge")
    client.force_login(ann)
    client.post(page_url("statement_translate", original), {"language": "cy"})

    assert Statement.objects.get(language="cy").translation_of == original
    assert not ReleaseGroup.objects.exists()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("cy", "There is one in this language already."),
        ("en", "There is one in this language already."),
        ("xx", "There is one in this language already."),
        ("", "Choose a language."),
    ],
)
def test_a_language_is_translated_into_once(client, pair, ann, language, sentence):
    client.force_login(ann)
    answer = client.post(page_url("statement_translate", pair[0]), {"language": language})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"language": [sentence]}
    assert Statement.objects.count() == 2


def test_the_checklist_names_what_is_still_as_in_the_original(client, pair, ann):
    client.force_login(ann)
    assert "Still as in the original: 1 passage." in show(
        client, page_url("statement_change", pair[1])
    )
    rewrite_passage(pair[1], "Croeso.", by=ann)
    assert "Translated words" in show(client, page_url("statement_change", pair[1]))


@pytest.mark.parametrize("page", ["statement_translate", "statement_together"])
def test_who_only_reads_adds_nothing(client, pair, sam, page):
    sam.is_staff = True
    sam.save()
    client.force_login(sam)
    for answer in (client.get(page_url(page, pair[0])), client.post(page_url(page, pair[0]))):
        assert answer.status_code == 403
        assert b"Bridge" not in answer.content
    assert client.post(page_url("statement_take_out", pair[0])).status_code == 403


# --- Together -------------------------------------------------------------------------------------


def test_two_statements_are_put_together_and_taken_apart(client, ann):
    first, second = make_statement(ann, "First"), make_statement(ann, "Second")
    submit_statement(first, by=ann)
    client.force_login(ann)
    answer = client.post(page_url("statement_together", first), {"other": second.pk}, follow=True)
    assert read_messages(answer) == [
        "They go public together now: one approval and one time for all."
    ]
    assert "Second" in answer.content.decode()
    assert "<b>Goes public" not in answer.content.decode()

    answer = client.post(page_url("statement_take_out", first), follow=True)
    assert read_messages(answer) == ["It is decided on by itself now."]
    assert not Statement.objects.exclude(release_group=None).exists()


@pytest.mark.parametrize("other", ["", "0", "x", "99999999999999999999"])
def test_a_choice_that_is_none_gets_a_sentence(client, pair, ann, other):
    client.force_login(ann)
    answer = client.post(page_url("statement_together", pair[0]), {"other": other})

    assert answer.status_code == 422
    assert "Choose a statement." in answer.content.decode()


def test_what_is_approved_says_why_it_joins_nothing(client, scheduled, pair, ann):
    client.force_login(ann)
    page = show(client, page_url("statement_together", pair[0]))
    assert "“Bridge” is approved already, or goes public with what is." in page
    answer = client.post(page_url("statement_take_out", pair[0]), follow=True)
    assert read_messages(answer) == [
        "“Bridge” is approved already, or goes public with what is. Only statements that nobody "
        "has approved yet are put into a group."
    ]


# --- The review and the confirmation --------------------------------------------------------------


def test_the_review_shows_every_member_with_its_hands_and_sign_off(client, editions, ann, ed):
    actions.record_phone_reply(
        editions[1],
        by=ann,
        at=NOON,
        seen_digest=editions[1].digest,
        name="Gwilym",
        agrees=False,
        text="Not yet.",
    )
    client.force_login(ed)
    for edition in editions:
        page = show(client, page_url("edition_review", edition))
        assert "These go public together, or not at all." in page
        assert [headline in page for headline in ("Bridge", "Pont")] == [True, True]
        assert page.count("You did not help write it") == 2
        assert "1 objection" in page
        assert "Approve both…" in page
        assert "Publish urgently" not in page


def test_one_confirmation_approves_both_for_one_time(client, editions, ed):
    client.force_login(ed)
    page = load(client, editions[1], "approve-and-schedule")
    assert "Together with" in page
    assert "One time for both. You decide on both at once." in page
    answer = confirm(client, editions[0], "approve-and-schedule")

    assert read_messages(answer) == [
        "Approved. Edition 1 goes public on Tuesday 1 March 2044 at 18:00. You do not need to do "
        "anything else. The same holds for “Pont”."
    ]
    assert read_public(TONIGHT - MINUTE) == []
    assert read_public(TONIGHT) == ["Bridge", "Pont"]


def test_the_objection_to_another_member_is_ticked_too(client, editions, ann, ed):
    reply = actions.record_phone_reply(
        editions[1],
        by=ann,
        at=NOON,
        seen_digest=editions[1].digest,
        name="Gwilym",
        agrees=False,
        text="Not yet.",
    )
    client.force_login(ed)
    answer = confirm(client, editions[0], "approve-now")
    assert answer.status_code == 422
    assert "Read the objection of Gwilym, then tick it." in answer.content.decode()

    confirm(client, editions[0], "approve-now", objections_read=[reply.pk])
    assert read_public(NOON) == ["Bridge", "Pont"]


def test_who_helped_write_one_approves_neither(client, pair, ann, ed):
    rewrite_passage(pair[1], "Y bont.", by=ed)
    editions = [submit_statement(statement, by=ann) for statement in pair]
    client.force_login(ed)
    page = show(client, page_url("edition_review", editions[0]))

    assert "“Pont”: You had a hand in these words" in page
    assert "You helped write it" in page
    assert "Approve both…" not in page


def test_a_member_that_changed_since_is_shown_again(client, editions, pair, ann, ed):
    client.force_login(ed)
    fields = read_hidden_fields(load(client, editions[0], "approve-and-schedule"))
    rewrite_passage(pair[1], "Y bont.", by=ann)
    submit_statement(pair[1], by=ann)
    answer = client.post(decide_url(editions[0], "approve-and-schedule"), fields)

    assert answer.status_code == 409
    assert "Someone changed what goes public together since you opened this page." in (
        answer.content.decode()
    )
    assert not Edition.objects.approved().exists()


@pytest.mark.parametrize("seen", ["", "x", "1:2:3", ":::,,,", "9" * 400])
def test_a_form_without_the_members_approves_nothing(client, editions, ed, seen):
    client.force_login(ed)
    fields = read_hidden_fields(load(client, editions[0], "approve-and-schedule"))
    answer = client.post(
        decide_url(editions[0], "approve-and-schedule"), fields | {"seen_members": seen}
    )

    assert answer.status_code == 409
    assert not Edition.objects.approved().exists()


def test_hold_and_a_new_time_go_for_both(client, scheduled, pair, ann, ed):
    page = show(client, page_url("statement_hub", pair[1]))
    assert "Put both on hold" in page
    assert "Change time for both…" in page
    answer = client.post(
        decide_url(scheduled[1], "hold"), {"seen_digest": scheduled[1].digest}, follow=True
    )
    assert read_messages(answer) == [
        "Edition 1 is on hold. Nothing is published until someone sets a time. The same holds for "
        "“Bridge”."
    ]
    assert set(Edition.objects.values_list("release_at", flat=True)) == {None}

    confirm(client, scheduled[0], "publish-now")
    assert read_public(NOON) == ["Bridge", "Pont"]


# --- After the release ----------------------------------------------------------------------------


def test_withdrawing_one_lists_the_others_ticked(client, scheduled, frozen):
    frozen(TONIGHT + HOUR)
    page = show(client, decide_url(scheduled[0], "withdraw"))
    assert "Withdraw these as well?" in page
    box = page[page.index('name="together"') :]
    assert f'value="{scheduled[1].pk}"' in box[: box.index(">")]
    assert "checked" in box[: box.index(">")]


@pytest.mark.parametrize(("ticked", "left"), [(True, []), (False, ["Pont"])])
def test_what_stays_ticked_is_withdrawn_too(client, scheduled, frozen, ticked, left):
    frozen(TONIGHT + HOUR)
    together = {"together": [scheduled[1].pk]} if ticked else {}
    answer = client.post(
        decide_url(scheduled[0], "withdraw"),
        {"kind": "notice", "notice": "We were wrong.", **together},
    )

    assert answer.status_code == 302
    assert read_public(TONIGHT + HOUR) == left
    page = show(client, page_url("statement_hub", scheduled[0].statement))
    assert ("The same holds for “Pont”." in page) == ticked


def test_what_was_unticked_stays_so_while_readers_page_is_looked_at(client, scheduled, frozen):
    frozen(TONIGHT + HOUR)
    url = decide_url(scheduled[0], "withdraw")
    answer = client.post(url, {"kind": "notice", "notice": "Wrong.", "_preview": "1"})
    box = answer.content.decode().partition('name="together"')[2]
    assert "checked" not in box[: box.index(">")]
    answer = client.post(url, {"notice": "", "_preview": "1", "together": [scheduled[1].pk]})
    box = answer.content.decode().partition('name="together"')[2]
    assert "checked" in box[: box.index(">")]


@pytest.mark.parametrize("together", ["0", "x", "99999"])
def test_nothing_else_is_withdrawn_by_the_way(client, scheduled, frozen, together):
    frozen(TONIGHT + HOUR)
    answer = client.post(
        decide_url(scheduled[0], "withdraw"),
        {"kind": "notice", "notice": "We were wrong.", "together": together},
    )

    assert answer.status_code == 422
    assert read_public(TONIGHT + HOUR) == ["Bridge", "Pont"]


def test_to_remove_what_is_withdrawn_offers_the_others_no_more(client, scheduled, frozen):
    frozen(TONIGHT + HOUR)
    url = decide_url(scheduled[0], "withdraw")
    client.post(url, {"kind": "notice", "notice": "We were wrong."})

    assert "Withdraw these as well?" not in show(client, url)


def test_cancelling_one_says_that_the_other_stays(client, scheduled):
    assert "It leaves its release group. “Pont” stays as it is." in show(
        client, decide_url(scheduled[0], "cancel")
    )


def test_the_page_afterwards_says_what_was_published_together(client, scheduled, pair, frozen):
    frozen(TONIGHT + HOUR)
    page = show(client, page_url("statement_hub", pair[0]))

    assert "Published together" in page
    assert "Put both on hold" not in page


def test_three_are_called_all(client, pair, ann, max):
    third = make_statement(ann, "Le pont", language="fr", translation_of=pair[0])
    workflow.publish_together(third, pair[0], by=ann, at=NOON)
    editions = [submit_statement(statement, by=ann) for statement in (*pair, third)]
    client.force_login(max)

    assert "Approve all 3…" in show(client, page_url("edition_review", editions[2]))


def test_a_countersignature_stands_beside_its_member(client, pair, ann, ed):
    rewrite_passage(pair[1], "Y bont.", by=ed)
    editions = [submit_statement(statement, by=ann) for statement in pair]
    workflow.countersign(
        editions[1], by=make_user("sian", "Author"), at=NOON, seen_digest=editions[1].digest
    )
    client.force_login(ed)
    page = show(client, page_url("edition_review", editions[0]))

    assert "Countersigned by Sian" in page
    assert "Approve both…" in page


@pytest.mark.parametrize("page", ["/admin/", "/admin/calendar/", "/admin/statements/statement/"])
def test_lists_say_with_what_a_statement_goes_public(client, scheduled, frozen, page):
    said = show(client, page)
    assert "With “Pont”" in said
    assert "With “Bridge”" in said

    frozen(TONIGHT)
    assert "With “" not in show(client, page)


def test_the_review_shows_an_objection_to_the_other_in_red(client, editions, ann, ed):
    actions.record_phone_reply(
        editions[1],
        by=ann,
        at=NOON,
        seen_digest=editions[1].digest,
        name="Gwilym",
        agrees=False,
        text="Not yet.",
    )
    client.force_login(ed)

    assert "Gwilym objects to “Pont”, which goes public together with this" in show(
        client, page_url("edition_review", editions[0])
    )
