"""The verbs: the only writer of state.

Each verb locks the statement, asks whether role and state allow it, guards against a stale
screen, writes, derives all times anew (`_reconcile`) and adds its event, in one transaction. It
raises PermissionDenied for the wrong role, Refused with every problem in sentences for a broken
rule, and Stale when somebody was quicker. `at` is an aware datetime, read once from
`statements.clock` at the edge. To go takes two people, to stop takes one.
"""

import datetime as dt
import functools
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from statements import markup, notices, readiness, search_index, sensitive, stored
from statements.clock import FOREVER
from statements.models import (
    ERASED,
    Action,
    Address,
    Amendment,
    Answer,
    Attachment,
    Contribution,
    Edition,
    EditionFile,
    EditionVoice,
    Fingerprints,
    Passage,
    Remark,
    Rule,
    Stale,
    State,
    Statement,
    Theme,
    ThemedStatement,
    Withdrawal,
    canonical,
    digest_of,
)
from statements.onward import target_problems
from statements.readiness import Problem
from statements.record import write_event, write_first_events
from statements.roles import EDITORS, MANAGERS, NEWSDESK, demand, holds
from statements.rules import RULES, obstacles, still_in_use
from statements.suggesting import gists, keeping

HORIZON = dt.timedelta(days=366 * 10)
"""A release further away than this is a slip of the pen: the year 20226."""


class Refused(Exception):
    """A rule says no. `problems` holds every reason at once, each a sentence with its cure."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = list(problems)
        super().__init__(" ".join(str(problem) for problem in self.problems))


def _refuse(problems: Iterable[Problem]) -> None:
    if problems := list(problems):
        raise Refused(problems)


def _verb(function: Callable) -> Callable:
    """One transaction; the last word of a trigger that the clock overtook becomes a sentence."""

    @functools.wraps(function)
    def run(*args, **kwargs):
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except IntegrityError as error:
            if "has passed never moves" not in str(error) and "has ended" not in str(error):
                raise
            raise Refused(
                [Problem("release_at", "Its time came while you were deciding.")]
            ) from error

    return run


# --- Submitting -----------------------------------------------------------------------------------


@_verb
def submit(
    statement: Statement,
    *,
    by,
    at: dt.datetime,
    seen_version: int,
    amendment: str = "",
    public_note: str = "",
) -> Edition:
    """Freeze the working copy as the next numbered edition and hand it to the editors.

    Writing goes on in the working copy and becomes another edition. An edition still in review is
    replaced; a scheduled one stays scheduled. Once something was public, `amendment` says what
    kind of change this is, and all but a typing error carry a public note.
    """
    demand(by, NEWSDESK, "submit a statement")
    statement = _lock(statement)
    if statement.version != seen_version:
        raise Stale("Somebody saved this statement after you opened it. Look again, then submit.")
    _refuse(readiness.walls(readiness.before_submit(statement)))
    text = canonical(statement.content())
    public_note = markup.normalise(public_note).strip()
    _refuse(_submit_problems(statement, text, amendment, public_note, at))
    _replace_in_review(statement, by=by, at=at)
    edition = _freeze(statement, text, by=by, at=at, amendment=amendment, public_note=public_note)
    Statement.objects.filter(pk=statement.pk).update(version=F("version") + 1, slug=edition.slug)
    write_event(
        statement,
        Action.SUBMITTED,
        by=by,
        at=at,
        edition=edition,
        note=public_note,
        detail={"amendment": amendment, "contributors": edition.contributors},
    )
    notices.tell(Action.SUBMITTED, edition, by=by)
    return edition


def _submit_problems(statement, text: str, amendment: str, note: str, at) -> list[Problem]:
    found = []
    contributors = statement.contributions.exists()
    if not contributors:
        found.append(Problem("", "Nobody has written these words yet.", "Save them first."))
    last = statement.editions.exclude(state=State.CANCELLED).order_by("-sequence").first()
    if last and last.digest == digest_of(text) and last.state != State.SENT_BACK:
        found.append(
            Problem("", f"Nothing has changed since edition {last.sequence}.", "Change the words.")
        )
    was_public = statement.editions.filter(release_at__lte=at).exists()
    if was_public and not amendment:
        found.append(
            Problem(
                "amendment",
                "This statement has been public.",
                "Say what kind of change this is: a typing error, a clarification, a correction "
                "or a retraction.",
            )
        )
    if amendment and amendment not in Amendment.values:
        found.append(Problem("amendment", f"“{amendment}” is no kind of amendment."))
    elif amendment and amendment != Amendment.TYPO and not note:
        found.append(
            Problem(
                "public_note",
                f"A {Amendment(amendment).label.lower()} carries a public note.",
                "Say what was wrong and what is right.",
            )
        )
    return found + _slug_problems(statement)


def _slug_problems(statement: Statement) -> list[Problem]:
    taken = Address.objects.filter(slug=statement.slug).exclude(statement=statement)
    return [_slug_taken(statement.slug)] if statement.slug and taken.exists() else []


def _slug_taken(slug: str) -> Problem:
    return Problem(
        "slug",
        f"The address “{slug}” belongs to another statement.",
        "Choose another, or leave it empty.",
    )


def _replace_in_review(statement: Statement, *, by, at) -> None:
    for edition in statement.editions.in_review():
        _cancel(edition, by=by, at=at, note="Replaced by a newer submission.")


def _freeze(
    statement: Statement, text: str, *, by, at, amendment: str, public_note: str, **decision
) -> Edition:
    """Write the edition with its voices and address; everything copied, nothing referred to."""
    contributors = statement.contributions.order_by("user").values_list("user_id", flat=True)
    edition = _frozen(
        statement,
        text,
        sequence=_next_sequence(statement),
        slug=_reserve_address(statement),
        amendment=amendment,
        public_note=public_note,
        submitted_by=by,
        submitted_at=at,
        contributors="," + "".join(f"{pk}," for pk in contributors),
        **decision,
    )
    edition.save(force_insert=True)
    EditionVoice.objects.bulk_create(_voices(edition, statement.passages.in_order()))
    _carry_files(edition, statement)
    return edition


def _frozen(statement: Statement, text: str, **facts) -> Edition:
    """An edition of these words, not yet in the database."""
    assert statement.organisation, "Readiness asks for a publisher before words are frozen."
    content = json.loads(text)
    return Edition(
        statement=statement,
        content=text,
        digest=digest_of(text),
        headline=content["headline"],
        summary=content["summary"],
        byline=_byline(content),
        kind=statement.kind,
        organisation=statement.organisation,
        language=statement.language,
        dated_on=statement.dated_on,
        wanted_at=statement.wanted_at,
        **facts,
    )


def _byline(content: dict) -> str:
    """Who speaks, for lists: one person with the role, several by name."""
    voices = {p["speaker"]["slug"]: p["speaker"] for p in content["passages"] if p["speaker"]}
    if len(voices) == 1:
        voice = next(iter(voices.values()))
        return ", ".join(filter(None, [voice["name"], voice["role"]]))[:500]
    return ", ".join(voice["name"] for voice in voices.values())[:500]


def _next_sequence(statement: Statement) -> int:
    last = statement.editions.order_by("-sequence").values_list("sequence", flat=True).first()
    return (last or 0) + 1


def _voices(edition: Edition, passages: Iterable[Passage]) -> list[EditionVoice]:
    """The lists that the edition is to stand in, with its own times."""
    roles: dict[int, int | None] = {}
    bodies = {edition.organisation_id}
    for passage in passages:
        if passage.speaker_id:
            role = passage.speaking_as()
            roles[passage.speaker_id] = roles.get(passage.speaker_id) or (role.pk if role else None)
            bodies |= {role.organisation_id} if role else set()
    same = {
        "edition": edition,
        "statement": edition.statement,
        "first_release_at": edition.first_release_at,
        "release_at": edition.release_at,
        "live_until": edition.live_until,
    }
    return [
        *(
            EditionVoice(speaker_id=pk, appointment_id=role, **same)
            for pk, role in sorted(roles.items())
        ),
        *(EditionVoice(organisation_id=pk, **same) for pk in sorted(bodies)),
    ]


def _carry_files(edition: Edition, statement: Statement) -> None:
    """Every file of the working copy, and of a picture the narrower ones too."""
    names: dict[int, str] = {}
    for attachment in statement.attachments.in_order():
        for file in (attachment.file, *attachment.file.narrower.all()):
            names.setdefault(file.pk, attachment.name)
    EditionFile.objects.bulk_create(
        EditionFile(edition=edition, file_id=pk, name=name) for pk, name in names.items()
    )


def _reserve_address(statement: Statement) -> str:
    """The writer's own address, else the one it has, else one made from the headline."""
    if statement.slug:
        address, _ = Address.objects.get_or_create(
            slug=statement.slug, defaults={"statement": statement}
        )
        if address.statement_id != statement.pk:  # taken since we looked
            raise Refused([_slug_taken(statement.slug)])
        return statement.slug
    root, number = _root(statement.headline), 1
    while True:
        slug = root if number == 1 else f"{root}-{number}"
        _, made = Address.objects.get_or_create(slug=slug, defaults={"statement": statement})
        if made:
            return slug
        number += 1


# --- Deciding -------------------------------------------------------------------------------------


@_verb
def send_back(edition: Edition, *, by, at: dt.datetime, seen_digest: str, note: str) -> None:
    """Return the words to their writers with a note that says why."""
    edition = _opened("send_back", edition, by=by, at=at, seen_digest=seen_digest)
    _refuse(_needs("note", note, "Say what should change."))
    Edition.objects.filter(pk=edition.pk).update(state=State.SENT_BACK)
    write_event(edition.statement, Action.SENT_BACK, by=by, at=at, edition=edition, note=note)
    notices.tell(Action.SENT_BACK, edition, by=by)


@_verb
def ask(edition: Edition, *, by, at: dt.datetime, seen_digest: str, person) -> None:
    """Ask somebody else on the newsdesk to countersign: it then waits on their front page."""
    edition = _opened("ask", edition, by=by, at=at, seen_digest=seen_digest)
    if person is None or person.pk == by.pk or not holds(person, NEWSDESK):
        _refuse([Problem("person", "Choose somebody else on the newsdesk.")])
    detail = {"person": person.get_username()}
    write_event(edition.statement, Action.ASKED, by=by, at=at, edition=edition, detail=detail)
    notices.tell(Action.ASKED, edition, by=by, person=person)


@_verb
def countersign(edition: Edition, *, by, at: dt.datetime, seen_digest: str) -> None:
    """Agree to exactly these words as a second person, so that one of their writers may approve."""
    edition = _opened("countersign", edition, by=by, at=at, seen_digest=seen_digest)
    Edition.objects.filter(pk=edition.pk).update(countersigned_by=by, countersigned_at=at)
    write_event(edition.statement, Action.COUNTERSIGNED, by=by, at=at, edition=edition)


@_verb
def approve(
    edition: Edition,
    *,
    by,
    at: dt.datetime,
    seen_digest: str,
    release_at: dt.datetime | None,
    seen_version: int | None = None,
    sensitive_reason: str = "",
) -> None:
    """Agree to exactly these words. release_at None means hold: nothing becomes public by itself.

    In order: lock the statement, compare the digest that was on screen (and, where the screen
    showed the working copy too, its version), see that two people stand behind it, set the
    decision, let _reconcile set the time and close the edition before it, write the event.
    A release in a sensitive period needs its reason, which stays on the record.
    """
    edition = _opened("approve", edition, by=by, at=at, seen_digest=seen_digest)
    if seen_version is not None and edition.statement.version != seen_version:
        raise Stale("The words have moved: somebody saved newer ones while you were reading.")
    _refuse(_release_problems(edition, release_at, at, sensitive_reason))
    _decide(edition, by=by, at=at, rule=Rule.ORDINARY, release_at=release_at)
    time = release_at.astimezone(dt.UTC).isoformat() if release_at else None
    write_event(
        edition.statement,
        Action.APPROVED,
        by=by,
        at=at,
        edition=edition,
        note=_kept(sensitive_reason, edition, release_at),
        detail={"release_at": time} | sensitive.on_the_record(edition, release_at),
    )
    notices.tell(Action.APPROVED, edition, by=by)


@_verb
def release_urgently(
    edition: Edition, *, by, at: dt.datetime, seen_digest: str, reason: str, password: str
) -> None:
    """One person puts the words out now. Everybody is told by mail, and a second look is owed."""
    edition = _opened("release_urgently", edition, by=by, at=at, seen_digest=seen_digest)
    _refuse(_needs("reason", reason, "Say why it cannot wait.") + _password_problems(by, password))
    _refuse(time_problems(edition, at, at))
    if edition.state == State.APPROVED:  # two people agreed already: nothing is owed
        _reconcile(edition.statement, by=by, at=at, wanted={edition.pk: at})
    else:
        _decide(edition, by=by, at=at, rule=Rule.URGENT, release_at=at)
    write_event(
        edition.statement,
        Action.RELEASED_URGENTLY,
        by=by,
        at=at,
        edition=edition,
        note=reason,
        detail=sensitive.on_the_record(edition, at),
    )
    notices.tell(Action.RELEASED_URGENTLY, edition, by=by)


@_verb
def second_look(edition: Edition, *, by, at: dt.datetime, seen_digest: str, note: str = "") -> None:
    """Pay the debt of an urgent release: a second person has read what went out."""
    edition = _opened("second_look", edition, by=by, at=at, seen_digest=seen_digest)
    Edition.objects.filter(pk=edition.pk).update(second_look_by=by, second_look_at=at)
    write_event(edition.statement, Action.LOOKED_AT, by=by, at=at, edition=edition, note=note)


def _decide(edition: Edition, *, by, at, rule: Rule, release_at: dt.datetime | None) -> None:
    Edition.objects.filter(pk=edition.pk).update(
        state=State.APPROVED, approved_by=by, approved_at=at, rule=rule
    )
    Statement.objects.filter(pk=edition.statement_id).update(version=F("version") + 1)
    _reconcile(edition.statement, by=by, at=at, wanted={edition.pk: release_at})
    keeping.ask(edition)


# --- Timing ---------------------------------------------------------------------------------------


@_verb
def release_now(
    edition: Edition,
    *,
    by,
    at: dt.datetime,
    seen_digest: str,
    seen_version: int | None = None,
    sensitive_reason: str = "",
) -> None:
    """Put approved words out at this instant. For words in review, approve with release_at=at."""
    edition = _opened("release_now", edition, by=by, at=at, seen_digest=seen_digest)
    _refuse_after_a_stop(edition, seen_version)
    _refuse(_release_problems(edition, at, at, sensitive_reason))
    _reconcile(edition.statement, by=by, at=at, wanted={edition.pk: at})
    write_event(
        edition.statement,
        Action.RELEASED,
        by=by,
        at=at,
        edition=edition,
        note=_kept(sensitive_reason, edition, at),
        detail=sensitive.on_the_record(edition, at),
    )


@_verb
def retime(
    edition: Edition,
    *,
    by,
    at: dt.datetime,
    seen_digest: str,
    release_at: dt.datetime,
    seen_version: int | None = None,
    sensitive_reason: str = "",
) -> None:
    """Give an approved edition that is not out yet another release time."""
    edition = _opened("retime", edition, by=by, at=at, seen_digest=seen_digest)
    _refuse_after_a_stop(edition, seen_version)
    _refuse(_release_problems(edition, release_at, at, sensitive_reason))
    _reconcile(edition.statement, by=by, at=at, wanted={edition.pk: release_at})
    write_event(
        edition.statement,
        Action.RETIMED,
        by=by,
        at=at,
        edition=edition,
        note=_kept(sensitive_reason, edition, release_at),
        detail={
            "from": edition.release_at.isoformat() if edition.release_at else None,
            "to": release_at.astimezone(dt.UTC).isoformat(),
        }
        | sensitive.on_the_record(edition, release_at),
    )


def _refuse_after_a_stop(edition: Edition, seen_version: int | None) -> None:
    """A hold counts a version, so that a screen from before it releases nothing."""
    if seen_version is not None and edition.statement.version != seen_version:
        raise Stale(
            f"Something happened while you were deciding: edition {edition.sequence} is "
            f"{'held' if edition.is_held else 'scheduled'} now. Look again, then decide."
        )


@_verb
def hold(edition: Edition, *, by, at: dt.datetime, note: str = "") -> None:
    """Stop a scheduled edition: it stays approved and waits for a new time. Any one person may."""
    edition = _opened("hold", edition, by=by, at=at)
    Statement.objects.filter(pk=edition.statement_id).update(version=F("version") + 1)
    _reconcile(edition.statement, by=by, at=at, wanted={edition.pk: None})
    write_event(edition.statement, Action.HELD, by=by, at=at, edition=edition, note=note)
    notices.tell(Action.HELD, edition, by=by)


@_verb
def cancel(edition: Edition, *, by, at: dt.datetime, note: str = "") -> None:
    """Drop an edition that is in review, held or scheduled. Any one person may."""
    edition = _opened("cancel", edition, by=by, at=at)
    _cancel(edition, by=by, at=at, note=note)
    _reconcile(edition.statement, by=by, at=at)


def _cancel(edition: Edition, *, by, at, note: str) -> None:
    Edition.objects.filter(pk=edition.pk).update(
        state=State.CANCELLED, release_at=None, live_until=FOREVER, first_release_at=None
    )
    write_event(edition.statement, Action.CANCELLED, by=by, at=at, edition=edition, note=note)


# --- Taking back ----------------------------------------------------------------------------------


@_verb
def withdraw(
    edition: Edition, *, by, at: dt.datetime, kind: str, notice: str, target: str = ""
) -> Withdrawal:
    """Take the public edition back: under a notice, or gone. Any one editor may.

    What is scheduled to follow it is held, so that nothing brings the statement back by itself.
    An edition withdrawn with a notice can still be made gone.
    """
    edition = _opened("withdraw", edition, by=by, at=at)
    notice, target = markup.normalise(notice).strip(), target.strip()
    _refuse(
        _needs("notice", notice, "Say what readers should know.")
        + target_problems(edition.statement, kind, target, at=at)
    )
    _refuse(_withdrawn_twice(edition, kind))
    withdrawal = Withdrawal.objects.create(
        edition=edition,
        statement=edition.statement,
        kind=kind,
        from_at=at,
        notice=notice,
        target=target,
        by=by,
    )
    followers = edition.statement.editions.approved().filter(release_at__gt=at)
    wanted = dict.fromkeys(followers.values_list("pk", flat=True), None)
    for follower in followers:
        write_event(
            edition.statement,
            Action.HELD,
            by=by,
            at=at,
            edition=follower,
            note="Held because the public edition was withdrawn.",
        )
        notices.tell(Action.HELD, follower, by=by)
    _reconcile(edition.statement, by=by, at=at, wanted=wanted)
    write_event(
        edition.statement,
        Action.WITHDRAWN,
        by=by,
        at=at,
        edition=edition,
        note=notice,
        detail={"kind": kind, "target": target},
    )
    return withdrawal


def _withdrawn_twice(edition: Edition, kind: str) -> list[Problem]:
    last = edition.withdrawals.last()
    if last and last.kind == kind:
        return [Problem("kind", "It is withdrawn in this way already.")]
    return []


@_verb
def restore(edition: Edition, *, by, at: dt.datetime) -> Edition:
    """Put a withdrawn edition's exact words in review again, as a new edition with its digest."""
    edition = _opened("restore", edition, by=by, at=at)
    statement = edition.statement
    _replace_in_review(statement, by=by, at=at)
    voices = list(edition.voices.values("speaker_id", "organisation_id", "appointment_id"))
    restored = Edition.objects.create(
        statement=statement,
        sequence=_next_sequence(statement),
        submitted_by=by,
        submitted_at=at,
        **{
            name: getattr(edition, name)
            for name in (
                *("content", "digest", "headline", "summary", "byline", "kind", "organisation"),
                *("language", "dated_on", "slug", "amendment", "public_note"),
            )
        },
        # Nobody here wrote what was imported: whoever brings it back stands for it.
        contributors=edition.contributors if edition.contributor_ids else f",{by.pk},",
    )
    EditionVoice.objects.bulk_create(
        EditionVoice(edition=restored, statement=statement, **voice) for voice in voices
    )
    EditionFile.objects.bulk_create(
        EditionFile(edition=restored, **file) for file in edition.files.values("file_id", "name")
    )
    write_event(statement, Action.RESTORED, by=by, at=at, edition=restored)
    return restored


@_verb
def suppress(edition: Edition, *, by, at: dt.datetime, reason: str) -> None:
    """Take an earlier edition's words away from the public for good. One manager may."""
    edition = _opened("suppress", edition, by=by, at=at)
    _refuse(_needs("reason", reason, "Say why."))
    Edition.objects.filter(pk=edition.pk).update(suppressed_at=at)
    search_index.follow(edition.statement, at=at)
    gists.forget([edition])
    write_event(edition.statement, Action.SUPPRESSED, by=by, at=at, edition=edition, note=reason)


@_verb
def ask_erasure(edition: Edition, *, by, at: dt.datetime, reason: str) -> None:
    """The first of two managers asks that these words be erased: a court order, data protection."""
    edition = _opened("ask_erasure", edition, by=by, at=at)
    _refuse(_needs("reason", reason, "Name the order or the request."))
    Edition.objects.filter(pk=edition.pk).update(erasure_asked_by=by)
    write_event(edition.statement, Action.ERASURE_ASKED, by=by, at=at, edition=edition, note=reason)


@_verb
def erase(edition: Edition, *, by, at: dt.datetime, seen_digest: str, password: str) -> None:
    """The second manager erases the words, wherever this digest stands; the digest is kept.

    The working copy is emptied as well when it still holds the same words, and so is what anybody
    remarked or answered on any edition of the statement: it may quote them. The bytes of files
    that nothing else carries are taken away, and so is what was typed here and not saved.
    """
    edition = _opened("erase", edition, by=by, at=at, seen_digest=seen_digest)
    _refuse(_password_problems(by, password))
    statement = edition.statement
    same = statement.editions.filter(digest=edition.digest, erased_at=None)
    _refuse(problem for other in same for problem in still_in_use(other, at))
    if digest_of(canonical(statement.content())) == edition.digest:
        _empty_working_copy(statement)
    search_index.erase(list(same))
    EditionVoice.objects.filter(edition__in=same).delete()
    stored.erase_files_of(list(same), at=at)
    gists.forget(same)
    statement.autosaves.update(data="")  # what somebody typed may repeat the words
    for other in list(same):
        Edition.objects.filter(pk=other.pk).update(
            content=ERASED,
            headline="[Erased]",
            summary="",
            byline="",
            erasure_asked_by=edition.erasure_asked_by,
            erased_by=by,
            erased_at=at,
        )
        write_event(statement, Action.ERASED, by=by, at=at, edition=other)
    for said in (Remark, Answer):
        quoting = said.objects.filter(edition__statement=statement, text_erased_at=None)
        quoting.exclude(text="").update(text="", text_erased_at=at)


def _empty_working_copy(statement: Statement) -> None:
    statement.passages.all().delete()
    statement.attachments.all().delete()
    Statement.objects.filter(pk=statement.pk).update(
        headline="[Erased]",
        summary="",
        notes_to_editors="",
        responds_to_title="",
        responds_to_url="",
        public_note="",
        unplaced="",
        version=F("version") + 1,
    )


# --- Moving in, and the shelf ---------------------------------------------------------------------


@dataclass
class Incoming:
    """A statement on its way in from elsewhere, with its words; no row of it is in the database.

    `released_at` is when it came out there, None for a draft. `source` and `detail` go on the
    record: file, file digest and row.
    """

    statement: Statement
    passages: list[Passage]
    released_at: dt.datetime | None
    source: str
    detail: dict = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)
    themes: list[Theme] = field(default_factory=list)

    @functools.cached_property
    def text(self) -> str:
        content = self.statement.content(passages=self.passages, attachments=self.attachments)
        return canonical(content)

    def problems(self, at: dt.datetime) -> list[Problem]:
        """Why it could not be published here; a draft may miss anything."""
        if self.released_at is None:
            return []
        return readiness.missing_in(json.loads(self.text)) + _not_public_yet(self.released_at, at)


@_verb
def import_statements(
    incoming: Sequence[Incoming],
    *,
    by,
    at: dt.datetime,
    agreed_by=None,
    known_stems: set[tuple[str, str]] | None = None,
) -> list[Edition | None]:
    """Bring in statements that were public elsewhere, many at a time, each since its own time.

    In order: see that nothing is missing, write the working copies and what lies beside them,
    reserve the addresses, freeze each as an edition by the rule `import`, list it, write the
    events. A draft of the source becomes a draft, with `by` as its first hand. `agreed_by` is the
    second person, who agreed to the whole lot; the caller answers for there being one.
    `known_stems` spares search what earlier calls have kept already.
    """
    demand(by, MANAGERS, "import statements")
    _refuse(problem for one in incoming for problem in one.problems(at))
    public = [one for one in incoming if one.released_at is not None]
    for one, slug in zip(public, _free_addresses([one.statement for one in public]), strict=True):
        one.statement.slug = slug
    _write_working_copies(incoming, by=by)
    Address.objects.bulk_create(
        Address(slug=one.statement.slug, statement=one.statement, public_from=one.released_at)
        for one in public
    )
    editions = Edition.objects.bulk_create(_imported(one, by=by, at=at) for one in public)
    EditionVoice.objects.bulk_create(
        voice
        for one, edition in zip(public, editions, strict=True)
        for voice in _voices(edition, one.passages)
    )
    for one, edition in zip(public, editions, strict=True):
        if one.attachments:
            _carry_files(edition, one.statement)
    write_first_events(
        [
            (edition, one.source, one.detail | _agreed(agreed_by))
            for one, edition in zip(public, editions, strict=True)
        ],
        Action.IMPORTED,
        by=by,
        at=at,
    )
    search_index.write(editions, known_stems)
    Fingerprints.objects.keep(editions)
    of = {edition.statement_id: edition for edition in editions}
    return [of.get(one.statement.pk) for one in incoming]


def _agreed(agreed_by) -> dict:
    return {"agreed_by": agreed_by.get_username()} if agreed_by else {}


def _write_working_copies(incoming: Sequence[Incoming], *, by) -> None:
    for one in incoming:
        one.statement.version = 2
        one.statement.first_release_at = one.released_at
    Statement.objects.bulk_create(one.statement for one in incoming)
    public = [one.statement.pk for one in incoming if one.released_at is not None]
    # They were worked on in their own time, and are no news to the newsdesk.
    Statement.objects.filter(pk__in=public).update(
        created_at=F("first_release_at"), changed_at=F("first_release_at")
    )
    for one in incoming:
        for position, piece in enumerate(one.passages):
            piece.statement, piece.position = one.statement, position
        for attachment in one.attachments:
            attachment.statement = one.statement
    Passage.objects.bulk_create(piece for one in incoming for piece in one.passages)
    Attachment.objects.bulk_create(piece for one in incoming for piece in one.attachments)
    ThemedStatement.objects.bulk_create(
        ThemedStatement(tag=theme, content_object=one.statement, first_release_at=one.released_at)
        for one in incoming
        for theme in one.themes
    )
    Contribution.objects.bulk_create(
        Contribution(statement=one.statement, user=by, version=2)
        for one in incoming
        if one.released_at is None
    )


def _imported(one: Incoming, *, by, at: dt.datetime) -> Edition:
    return _frozen(
        one.statement,
        one.text,
        sequence=1,
        slug=one.statement.slug,
        submitted_by=by,
        submitted_at=at,
        contributors=",",
        state=State.APPROVED,
        approved_by=by,
        approved_at=at,
        rule=Rule.IMPORT,
        release_at=one.released_at,
        first_release_at=one.released_at,
    )


def _free_addresses(statements: Sequence[Statement]) -> list[str]:
    """One each: its own where that is free, else one made from the headline, or numbered."""
    roots = [one.slug or _root(one.headline) for one in statements]
    taken = set(Address.objects.filter(slug__in=set(roots)).values_list("slug", flat=True))
    slugs: list[str] = []
    last: dict[str, int] = {}
    for root in roots:
        slug = root
        if root in taken:
            number = last.get(root) or _last_number(root)
            while (slug := f"{root[:90]}-{number + 1}") in taken:
                number += 1
            last[root] = number + 1
        taken.add(slug)
        slugs.append(slug)
    return slugs


def _root(headline: str) -> str:
    return slugify(headline)[:90].strip("-") or "statement"


def _last_number(root: str) -> int:
    """The highest that stands behind this root among the addresses; 1 where none does.

    Found by doubling and halving: a thousand statements may be called “Press release”.
    """

    def is_taken(number: int) -> bool:
        return Address.objects.filter(slug=f"{root[:90]}-{number}").exists()

    high = 2
    while is_taken(high):
        high *= 2
    low = max(1, high // 2)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_taken(middle) else (low, middle)
    return low


@_verb
def import_edition(
    statement: Statement,
    *,
    by,
    at: dt.datetime,
    released_at: dt.datetime,
    source: str,
    detail: dict | None = None,
    agreed_by=None,
) -> Edition:
    """Freeze the working copy as an edition that was public elsewhere since released_at.

    Rule `import`: no second person, and a release before its approval. `source` names where it
    came from: file, file digest and row. Of many new ones, import_statements is the quick way.
    """
    demand(by, MANAGERS, "import statements")
    statement = _lock(statement)
    _refuse(readiness.walls(readiness.before_submit(statement)) + _slug_problems(statement))
    _refuse(_import_problems(statement, released_at, at))
    text = canonical(statement.content())
    decision = {
        "state": State.APPROVED,
        "approved_by": by,
        "approved_at": at,
        "rule": Rule.IMPORT,
    }
    edition = _freeze(statement, text, by=by, at=at, amendment="", public_note="", **decision)
    Statement.objects.filter(pk=statement.pk).update(version=F("version") + 1, slug=edition.slug)
    _reconcile(statement, by=by, at=at, wanted={edition.pk: released_at})
    write_event(
        statement,
        Action.IMPORTED,
        by=by,
        at=at,
        edition=edition,
        note=source,
        detail=(detail or {}) | _agreed(agreed_by),
    )
    return edition


def _not_public_yet(released_at: dt.datetime, at: dt.datetime) -> list[Problem]:
    if released_at <= at:
        return []
    return [Problem("released_at", "What is imported as public has been public already.")]


def _import_problems(statement: Statement, released_at: dt.datetime, at) -> list[Problem]:
    """The way in is no way round two people: only a statement from elsewhere takes an import."""
    if problems := _not_public_yet(released_at, at):
        return problems
    if statement.editions.exclude(rule=Rule.IMPORT).exists():
        return [Problem("", "This statement was written here.", "Submit the words instead.")]
    if statement.editions.filter(release_at__gte=released_at).exists():
        return [
            Problem(
                "released_at",
                "An edition that came out then or later was imported already.",
                "Import the oldest edition first.",
            )
        ]
    return []


def may_change_shelf(statement: Statement, *, by, at: dt.datetime) -> bool:
    """Themes, related articles and contact are anybody's until release, then the editors'."""
    released = statement.first_release_at is not None and statement.first_release_at <= at
    return holds(by, EDITORS if released else NEWSDESK)


@_verb
def change_shelf(statement: Statement, *, by, at: dt.datetime, change: Callable[[], dict]) -> None:
    """Run change, which alters what stands beside the words and returns what it altered."""
    statement = _lock(statement)
    if not may_change_shelf(statement, by=by, at=at):
        raise PermissionDenied(
            "Once a statement is public, only editors change its themes, contact and related "
            "articles. Ask an editor."
        )
    if detail := change():
        ThemedStatement.objects.filter(content_object=statement).update(
            first_release_at=statement.first_release_at
        )
        search_index.follow(statement, at=at)
        write_event(statement, Action.SHELF_CHANGED, by=by, at=at, detail=detail)


# --- Gates ----------------------------------------------------------------------------------------


def _lock(statement: Statement) -> Statement:
    # no_key: a row that merely refers to this statement, such as a related article of another one,
    # need not wait. Two editors who relate two statements to each other would lock each other out.
    return Statement.objects.select_for_update(no_key=True).get(pk=statement.pk)


def _opened(verb: str, edition: Edition, *, by, at, seen_digest: str | None = None) -> Edition:
    """The edition as it is now, its statement locked; only if role, screen and state allow it."""
    groups, deed, _ = RULES[verb]
    demand(by, groups, deed)
    statement = _lock(edition.statement)
    edition = Edition.objects.get(pk=edition.pk)
    edition.statement = statement
    if seen_digest is not None and seen_digest != edition.digest:
        raise Stale("The words on your screen are not these words. Look again, then decide.")
    _refuse(obstacles(verb, edition, by=by, at=at))
    return edition


def _needs(field: str, text: str, cure: str) -> list[Problem]:
    said = markup.normalise(text).strip()
    return [] if said else [Problem(field, "This needs a reason in words.", cure)]


def _password_problems(by, password: str) -> list[Problem]:
    if by.check_password(password):
        return []
    return [Problem("password", "That is not your password.", "Type it again.")]


def _release_problems(edition: Edition, release_at, at, sensitive_reason: str) -> list[Problem]:
    return time_problems(edition, release_at, at) + sensitive.reason_problems(
        edition, release_at, sensitive_reason
    )


def _kept(reason: str, edition: Edition, release_at) -> str:
    """The reason where one was needed: one that was typed for another time is not kept."""
    return reason if sensitive.periods_at(edition, release_at) else ""


def time_problems(edition: Edition, release_at: dt.datetime | None, at) -> list[Problem]:
    """Why an edition cannot go out then; release_at equal to at means now.

    Asked by the verbs, and by the buttons: what is refused now is refused at any later time.
    """
    if release_at is None:
        return []
    assert timezone.is_aware(release_at), "A release time carries its time zone."
    if release_at < at:
        was = timezone.localtime(release_at)
        return [
            Problem(
                "release_at",
                f"{was:%-d %B %Y, %H:%M} has passed.",
                "Choose a later time, or release now.",
            )
        ]
    if release_at > at + HORIZON:
        return [Problem("release_at", "That is more than ten years away.", "Check the year.")]
    if release_at != at and (release_at.second or release_at.microsecond):
        return [
            Problem("release_at", "A release time is a whole minute.", "Leave out the seconds.")
        ]
    return _unmarked_change(edition, release_at) + _behind_newer(edition, release_at, at)


def _unmarked_change(edition: Edition, release_at) -> list[Problem]:
    """Words that replace public ones say so, also when those came out after the submission."""
    if edition.amendment:
        return []
    before = edition.statement.editions.approved().filter(
        sequence__lt=edition.sequence, release_at__lt=release_at
    )
    if not before.exclude(digest=edition.digest).exists():
        return []
    return [
        Problem(
            "amendment",
            "An earlier edition is public by then, and this one does not say what it changes.",
            "Send it back, so that it is submitted again as a correction, clarification or typo.",
        )
    ]


def _behind_newer(edition: Edition, release_at, at) -> list[Problem]:
    newer = (
        edition.statement.editions.approved()
        .filter(sequence__gt=edition.sequence, release_at__lte=release_at)
        .first()
    )
    if newer is None:
        return []
    return [
        Problem(
            "release_at",
            f"Edition {newer.sequence}, with newer words, goes out first: "
            "older words never replace newer ones.",
            "Cancel one of the two, or choose an earlier time.",
        )
    ]


# --- Deriving the times ---------------------------------------------------------------------------


def _reconcile(
    statement: Statement,
    *,
    by,
    at: dt.datetime,
    wanted: dict[int, dt.datetime | None] | None = None,
) -> None:
    """Derive every edition's times from the approved release times, the wanted ones among them.

    Afterwards each edition ends where the next begins or where it was withdrawn, all carry the
    first release of the statement, and an approved edition that a newer one overtakes before its
    time is cancelled. To stop is not to cancel: what this act takes off the clock waits, whatever
    is to follow it. Closing comes before opening, so that the database sees no overlap.
    """
    wanted = wanted or {}
    editions = list(statement.editions.approved().order_by("sequence"))
    release = {e.pk: wanted.get(e.pk, e.release_at) for e in editions}
    stops = any(e.release_at and release[e.pk] is None for e in editions)
    for edition in [] if stops else _overtaken(editions, release, at):
        _cancel(edition, by=by, at=at, note="Replaced by a newer edition before its time.")
        release.pop(edition.pk)
        editions.remove(edition)
    _write_times(editions, _times(statement, editions, release))
    _copy_times(statement)
    search_index.follow(statement, at=at)
    Fingerprints.objects.keep(Fingerprints.objects.missing().filter(statement=statement))


def _overtaken(editions: list[Edition], release: dict, at) -> list[Edition]:
    """Editions not yet public, held or later than a newer edition."""

    def overtakes(newer: Edition, older: Edition) -> bool:
        theirs, ours = release[newer.pk], release[older.pk]
        if ours is None:
            return True
        return theirs is not None and theirs <= ours

    def waits(edition: Edition) -> bool:
        was_public = edition.release_at is not None and edition.release_at <= at
        return not was_public and edition.rule != Rule.IMPORT

    return [
        older
        for i, older in enumerate(editions)
        if waits(older) and any(overtakes(newer, older) for newer in editions[i + 1 :])
    ]


def _times(statement: Statement, editions: list[Edition], release: dict) -> dict[int, tuple]:
    """Edition id → (release_at, live_until, first_release_at) as they should be."""
    timed = sorted((e for e in editions if release[e.pk]), key=lambda e: release[e.pk])
    first = release[timed[0].pk] if timed else None
    ends = {}
    for withdrawal in statement.withdrawals.order_by("-from_at"):
        ends[withdrawal.edition_id] = withdrawal.from_at  # the earliest one stays
    times = {e.pk: (None, FOREVER, None) for e in editions}
    for edition, following in zip_longest(timed, timed[1:]):
        next_at = release[following.pk] if following else FOREVER
        times[edition.pk] = (
            release[edition.pk],
            min(next_at, ends.get(edition.pk, FOREVER)),
            first,
        )
    return times


def _write_times(editions: list[Edition], times: dict[int, tuple]) -> None:
    names = ("release_at", "live_until", "first_release_at")
    changed = [
        e for e in editions if (e.release_at, e.live_until, e.first_release_at) != times[e.pk]
    ]
    moving = [e for e in changed if e.release_at != times[e.pk][0]]
    for edition in moving:  # out of the way first
        Edition.objects.filter(pk=edition.pk).update(
            release_at=None, live_until=FOREVER, first_release_at=None
        )
    # Then those that stay and end elsewhere, then those that come in anew.
    for edition in sorted(changed, key=lambda e: e in moving):
        values = dict(zip(names, times[edition.pk], strict=True))
        Edition.objects.filter(pk=edition.pk).update(**values)


def _copy_times(statement: Statement) -> None:
    """Let the rows that lists walk follow their editions."""
    first, slugs = None, {}
    for edition in statement.editions.filter(release_at__isnull=False).order_by("-release_at"):
        first, slugs[edition.slug] = edition.first_release_at, edition.release_at
    for edition in statement.editions.all():
        EditionVoice.objects.filter(edition=edition).update(
            release_at=edition.release_at,
            live_until=edition.live_until,
            first_release_at=edition.first_release_at,
        )
    Statement.objects.filter(pk=statement.pk).update(first_release_at=first)
    ThemedStatement.objects.filter(content_object=statement).update(first_release_at=first)
    for address in statement.addresses.all():
        if address.public_from != slugs.get(address.slug):
            address.public_from = slugs.get(address.slug)
            address.save(update_fields=["public_from"])
