"""withdraw, restore, suppress: one person takes back, two bring back."""

import pytest

from statements import workflow
from statements.clock import FOREVER
from statements.content.reading import same_words_and_slug
from statements.content.schema import digest_of
from statements.models import Edition, Withdrawal
from statements.published.editions import (
    gone_editions,
    past_editions,
    public_editions,
    removed_editions,
    withdrawn_editions,
)
from statements.workflow.rules import problems_for
from tests.assertions import assert_denied, assert_refused, read_detail
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    approve_edition,
    make_statement,
    refetch_edition,
    rewrite_passage,
    submit_statement,
)

LATER = NOON + HOUR
EVENING = NOON + 6 * HOUR


@pytest.fixture
def public(ann, ed) -> Edition:
    return approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)


@pytest.fixture
def other(ann, ed) -> Edition:
    return approve_edition(
        submit_statement(make_statement(ann, "Other", slug="other"), by=ann), by=ed
    )


def withdrawn(edition: Edition, *, by, kind="notice", at=LATER, notice="Sorry.", target=""):
    return workflow.withdraw(edition, by=by, at=at, kind=kind, notice=notice, target=target)


def amended(edition: Edition, words: str, *, ann, at=NOON) -> Edition:
    return submit_statement(
        rewrite_passage(edition.statement, words, by=ann), by=ann, at=at, amendment="typo"
    )


def shown(at) -> dict[str, list[int]]:
    """Statement numbers of the editions that each function of the door lets out."""
    door = (public_editions, withdrawn_editions, gone_editions, past_editions, removed_editions)
    found = {
        opened.__name__.removesuffix("_editions"): [
            e.sequence for e in opened(at=at).order_by("pk")
        ]
        for opened in door
    }
    return {name: sequences for name, sequences in found.items() if sequences}


# --- Withdrawn ------------------------------------------------------------------------------------


def test_under_a_notice_the_words_stand_on_their_own_page_alone(public, ed):
    withdrawn(public, by=ed, notice="We had the wrong figures.")
    assert shown(NOON) == {"public": [1]}
    assert shown(LATER) == {"withdrawn": [1]}
    assert refetch_edition(public).live_until == LATER
    taken = Withdrawal.objects.values("edition", "kind", "from_at", "notice", "target", "by").get()
    assert taken == {
        "edition": public.pk,
        "kind": "notice",
        "from_at": LATER,
        "notice": "We had the wrong figures.",
        "target": "",
        "by": ed.pk,
    }
    event = public.events.last()
    assert (str(event), event.note, event.digest, read_detail(event)) == (
        "ed withdrew",
        "We had the wrong figures.",
        public.digest,
        {"kind": "notice"},
    )


def test_gone_takes_the_words_away(public, max):
    withdrawn(public, by=max, kind="gone", target=" /statements/?kind=comment ")
    assert shown(LATER) == {"gone": [1]}
    assert Withdrawal.objects.get().target == "/statements/?kind=comment"


def test_what_stands_under_a_notice_can_still_be_made_gone(public, ed):
    withdrawn(public, by=ed)
    with assert_refused("It is withdrawn in this way already."):
        withdrawn(public, by=ed, at=EVENING)
    withdrawn(public, by=ed, kind="gone", at=EVENING)
    assert (shown(LATER), shown(EVENING)) == ({"withdrawn": [1]}, {"gone": [1]})
    assert refetch_edition(public).live_until == LATER
    with assert_refused("Only what is public can be withdrawn."):
        withdrawn(public, by=ed, kind="gone", at=EVENING)
    with assert_refused("Only what is public can be withdrawn."):
        withdrawn(public, by=ed, at=EVENING)


def test_an_author_cannot_withdraw(public, ann):
    with assert_denied(
        "To withdraw a statement you need to be an Editor or a Manager. Ask a manager."
    ):
        withdrawn(public, by=ann)


def test_only_what_is_public_can_be_withdrawn(ann, ed):
    edition = submit_statement(make_statement(ann), by=ann)
    with assert_refused("Only what is public can be withdrawn."):
        withdrawn(edition, by=ed)
    approve_edition(edition, by=ed, release_at=LATER)
    with assert_refused("Only what is public can be withdrawn."):
        withdrawn(edition, by=ed, at=NOON)


def test_an_earlier_edition_is_not_withdrawn_but_suppressed(public, ann, ed):
    withdrawn(public, by=ed)
    again = workflow.restore(public, by=ed, at=LATER)
    approve_edition(again, by=ed, at=EVENING, release_at=EVENING)
    with assert_refused("Only what is public can be withdrawn."):
        withdrawn(public, by=ed, kind="gone", at=EVENING)


@pytest.mark.parametrize(
    ("kind", "notice", "target", "sentence"),
    [
        ("notice", " ", "", "This needs a reason in words. Say what readers should know."),
        ("gone", "\0", "", "This needs a reason in words. Say what readers should know."),
        ("", "Sorry.", "", "Choose whether the words stay under the notice or are gone."),
        ("hidden", "Sorry.", "", "Choose whether the words stay under the notice or are gone."),
        (
            "notice",
            "Sorry.",
            "/elsewhere/",
            "Only a statement that is gone can send its readers elsewhere.",
        ),
        (
            "hidden",
            "",
            "",
            "This needs a reason in words. Say what readers should know. "
            "Choose whether the words stay under the notice or are gone.",
        ),
    ],
)
def test_a_withdrawal_says_what_readers_should_know(public, ed, kind, notice, target, sentence):
    with assert_refused(sentence):
        withdrawn(public, by=ed, kind=kind, notice=notice, target=target)


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "http://plain.example/",
        "HTTPS//x",
        "https:evil.example",
        "elsewhere",
        "/two words",
        "/\t/evil.example",
        "/a\n//evil.example",
        "/a\r\nSet-Cookie: x",
        "/a\0b",
        "/\u2028evil",
        "/a\u00a0b",
        "/\u202egpj.exe",
    ],
)
def test_readers_are_sent_nowhere_hostile(public, ed, target):
    with assert_refused(
        f"“{target}” is neither a path on this site nor an https address. Begin with / or https://."
    ):
        withdrawn(public, by=ed, kind="gone", target=target)


def test_an_address_too_long_for_its_column_is_refused(public, ed):
    with assert_refused("That address is longer than 300 characters."):
        withdrawn(public, by=ed, kind="gone", target="/" + "x" * 300)
    withdrawn(public, by=ed, kind="gone", target="/" + "x" * 299)


@pytest.mark.parametrize(
    "target",
    ["/", "/statements/other/?b=c#d", "/statements/?theme=care", "https://www.example.org/a"],
)
def test_readers_are_sent_on_within_the_site_or_by_https(public, other, ed, target):
    assert withdrawn(public, by=ed, kind="gone", target=target).target == target


@pytest.mark.parametrize("target", ["{}", "{}editions/", "https://on-the-record.example{}"])
def test_readers_are_not_sent_round_in_a_circle(public, ed, settings, target):
    settings.SITE_URL = "https://on-the-record.example"
    target = target.format(f"/statements/{public.slug}/")
    with assert_refused(
        f"“{target}” is this statement’s own address: readers would go in a circle. "
        "Send them elsewhere, or nowhere."
    ):
        withdrawn(public, by=ed, kind="gone", target=target)


def test_readers_are_not_sent_round_over_another_statement_that_is_gone(public, other, ed):
    own = f"/statements/{public.slug}/"
    withdrawn(other, by=ed, kind="gone", target=own, at=LATER)
    with assert_refused(
        "“/statements/other/” leads back to this statement: readers would go in a circle. "
        "Send them elsewhere, or nowhere."
    ):
        withdrawn(public, by=ed, kind="gone", target="/statements/other/", at=LATER + MINUTE)


def test_readers_are_not_sent_through_more_redirects_than_are_followed(
    public, other, ed, monkeypatch
):
    monkeypatch.setattr("statements.workflow.redirect_targets.MAX_HOPS", 0)
    with assert_refused(
        "“/statements/other/” leads back to this statement: readers would go in a circle. "
        "Send them elsewhere, or nowhere."
    ):
        withdrawn(public, by=ed, kind="gone", target="/statements/other/", at=LATER)


def test_readers_are_sent_to_what_stands(public, other, ann, ed):
    with assert_refused(
        "No public statement stands at “/statements/typed-wrong/” now. "
        "Check the address, or send readers elsewhere."
    ):
        withdrawn(public, by=ed, kind="gone", target="/statements/typed-wrong/")
    waiting = approve_edition(
        submit_statement(make_statement(ann, "Waiting", slug="waiting"), by=ann),
        by=ed,
        release_at=EVENING,
    )
    with assert_refused(
        "No public statement stands at “/statements/waiting/” now. "
        "Check the address, or send readers elsewhere."
    ):
        withdrawn(public, by=ed, kind="gone", target=f"/statements/{waiting.slug}/")
    withdrawn(other, by=ed, kind="gone")
    with assert_refused(
        "The statement at “/statements/other/” is gone itself. Send readers to one that stands."
    ):
        withdrawn(public, by=ed, kind="gone", target="/statements/other/", at=LATER + MINUTE)


def test_what_was_to_follow_is_put_on_hold_and_nothing_comes_back_by_itself(public, ann, ed):
    second = approve_edition(amended(public, "Two", ann=ann), by=ed, release_at=EVENING)
    third = approve_edition(amended(public, "Three", ann=ann), by=ed, release_at=EVENING + HOUR)
    withdrawn(public, by=ed)
    assert [(e.state, e.release_at) for e in map(refetch_edition, (second, third))] == [
        ("approved", None),
        ("approved", None),
    ]
    assert shown(NOON + 1000 * DAY) == {"withdrawn": [1]}
    for follower in (second, third):
        event = follower.events.last()
        assert (event.action, event.by, event.digest, event.note) == (
            "held",
            ed,
            follower.digest,
            "Put on hold because the public edition was withdrawn.",
        )


def test_after_a_withdrawal_the_correction_can_be_released(public, ann, ed):
    second = approve_edition(amended(public, "Two", ann=ann), by=ed, release_at=EVENING)
    withdrawn(public, by=ed)
    workflow.publish_now(second, by=ed, at=EVENING, seen_digest=second.digest)
    assert shown(EVENING) == {"public": [2], "past": [1]}
    assert refetch_edition(public).live_until == LATER  # nothing was public in between
    assert shown(EVENING - HOUR) == {"withdrawn": [1]}


# --- Restored -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["notice", "gone"])
def test_the_same_words_come_back_as_a_new_edition_by_two_people(public, ann, ed, max, kind):
    withdrawn(public, by=ed, kind=kind)
    again = workflow.restore(public, by=max, at=LATER)
    assert again.sequence == 2
    assert same_words_and_slug(again.content_data, public.content_data)
    assert again.content_data["based_on"] == str(public.uuid)
    assert again.digest == digest_of(again.content) != public.digest
    assert (again.submitted_by, again.submitted_at, again.state) == (max, LATER, "in_review")
    same = (
        *("headline", "summary", "byline", "kind", "organisation", "language", "dated_on", "slug"),
        *("amendment", "public_note", "contributors"),
    )
    assert [getattr(again, n) for n in same] == [getattr(public, n) for n in same]
    assert list(again.voices.values_list("speaker", "organisation")) == list(
        public.voices.values_list("speaker", "organisation")
    )
    assert shown(EVENING) == ({"withdrawn": [1]} if kind == "notice" else {"gone": [1]})
    assert str(again.events.get()) == "max restored"
    with assert_refused("These words are in review already."):
        workflow.restore(public, by=ed, at=LATER)
    approve_edition(again, by=ed, at=EVENING, release_at=EVENING)
    assert public_editions(at=EVENING).get() == again
    assert (refetch_edition(again).first_release_at, refetch_edition(public).live_until) == (
        NOON,
        LATER,
    )
    with assert_refused("A later edition is out: there is nothing to restore."):
        workflow.restore(public, by=ed, at=EVENING)


@pytest.mark.parametrize(
    ("amendment", "said"), [("correction", ("", "")), ("retraction", ("retraction", "It is two."))]
)
def test_what_comes_back_repeats_no_correction(public, ann, ed, max, amendment, said):
    newer = rewrite_passage(public.statement, "Two.", by=ann)
    note = {"amendment": amendment, "public_note": "It is two."}
    at = NOON + MINUTE
    newer = approve_edition(
        submit_statement(newer, by=ann, at=at, **note), by=ed, at=at, release_at=at
    )
    withdrawn(newer, by=ed)
    again = workflow.restore(newer, by=max, at=LATER)
    assert (again.amendment, again.public_note) == said


def test_restoring_is_no_way_to_approve_ones_own_words(ann, ed, max):
    public = approve_edition(submit_statement(make_statement(max), by=ann), by=ed)
    withdrawn(public, by=max)
    again = workflow.restore(public, by=max, at=LATER)
    assert [problem.message for problem in problems_for("approve", again, by=max, at=LATER)] == [
        "You had a hand in these words, so somebody else has to agree to them as well."
    ]


def test_restoring_replaces_what_is_in_review(public, ann, ed):
    waiting = amended(public, "Two", ann=ann)
    withdrawn(public, by=ed)
    workflow.restore(public, by=ed, at=LATER)
    assert (refetch_edition(waiting).state, waiting.events.last().note) == (
        "cancelled",
        "Replaced by a newer submission.",
    )


def test_what_was_never_withdrawn_is_not_restored(public, ed):
    with assert_refused("Only what was withdrawn can be restored."):
        workflow.restore(public, by=ed, at=LATER)


# --- Suppressed -----------------------------------------------------------------------------------


@pytest.fixture
def earlier(public, ann, ed) -> Edition:
    approve_edition(amended(public, "Two", ann=ann), by=ed, at=LATER, release_at=LATER)
    return refetch_edition(public)


def test_one_manager_takes_an_earlier_wording_away_for_good(earlier, ed, max):
    assert shown(EVENING) == {"public": [2], "past": [1]}
    with assert_denied("To suppress an earlier wording you need to be a Manager. Ask a manager."):
        workflow.suppress(earlier, by=ed, at=EVENING, reason="Names a child.")
    workflow.suppress(earlier, by=max, at=EVENING, reason="Names a child.")
    assert shown(EVENING) == {"public": [2], "removed": [1]}
    event = earlier.events.last()
    assert (str(event), event.note) == (
        "max removed from the site",
        "Names a child.",
    )
    with assert_refused("These words were taken away already."):
        workflow.suppress(earlier, by=max, at=EVENING, reason="Names a child.")
    assert refetch_edition(earlier).content == earlier.content  # kept, for the record


def test_suppressing_needs_a_reason(earlier, max):
    with assert_refused("This needs a reason in words. Say why."):
        workflow.suppress(earlier, by=max, at=EVENING, reason="")


def test_what_is_public_or_was_never_out_is_not_suppressed(public, ann, max):
    waiting = amended(public, "Two", ann=ann)
    for edition in (public, waiting):
        with assert_refused(
            "Only an earlier edition can be suppressed. Correct or withdraw this one."
        ):
            workflow.suppress(edition, by=max, at=NOON, reason="Names a child.")


def test_suppressed_words_are_not_restored(public, ed, max):
    withdrawn(public, by=ed)
    workflow.suppress(public, by=max, at=EVENING, reason="Names a child.")
    assert shown(EVENING) == {"gone": [1]}
    with assert_refused("These words were taken away for good."):
        workflow.restore(public, by=ed, at=EVENING)
    assert refetch_edition(public).live_until != FOREVER
