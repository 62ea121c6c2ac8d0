"""Withdrawal, restoring, suppression, erasure."""

import datetime as dt

from django.contrib.auth.models import User
from django.db.models import F

from statements.audit.events import write_event
from statements.content import html
from statements.content.schema import ERASED, ERASED_HEADLINE, canonical, digest_of, erased_columns
from statements.files import storage
from statements.models import (
    Action,
    Amendment,
    Edition,
    EditionAttribution,
    EditionFile,
    Remark,
    SignOff,
    Statement,
    Withdrawal,
)
from statements.notifications import newsdesk
from statements.publicness import released_after
from statements.readiness import Problem
from statements.related import term_vectors
from statements.search import index
from statements.workflow.freezing import find_next_sequence
from statements.workflow.redirect_targets import target_problems
from statements.workflow.rules import in_use_problems
from statements.workflow.scheduling import reconcile
from statements.workflow.submission import replace_in_review
from statements.workflow.transitions import (
    lock_for,
    password_problems,
    raise_if,
    require_text,
    transition,
)


@transition
def withdraw(
    edition: Edition, *, by: User, at: dt.datetime, kind: str, notice: str, target: str = ""
) -> Withdrawal:
    """Take the public edition back: under a notice, or gone. Any one editor may.

    What is scheduled to follow it is held, so that nothing brings the statement back by itself.
    An edition withdrawn with a notice can still be made gone.
    """
    edition = lock_for("withdraw", edition, by=by, at=at)
    notice, target = html.normalise_text(notice).strip(), target.strip()
    raise_if(
        require_text("notice", notice, "Say what readers should know.")
        + target_problems(edition.statement, kind, target, at=at)
    )
    raise_if(_already_withdrawn(edition, kind))
    withdrawal = Withdrawal.objects.create(
        edition=edition,
        statement=edition.statement,
        kind=kind,
        from_at=at,
        notice=notice,
        target=target,
        by=by,
    )
    followers = edition.statement.editions.approved().filter(released_after(at))
    wanted = dict.fromkeys(followers.values_list("pk", flat=True), None)
    for follower in followers:
        write_event(
            edition.statement,
            Action.PUT_ON_HOLD,
            by=by,
            at=at,
            edition=follower,
            note="Held because the public edition was withdrawn.",
        )
        newsdesk.notify(Action.PUT_ON_HOLD, follower, by=by)
    reconcile(edition.statement, by=by, at=at, new_release_times=wanted)
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


def _already_withdrawn(edition: Edition, kind: str) -> list[Problem]:
    last = edition.withdrawals.last()
    if last and last.kind == kind:
        return [Problem("kind", "It is withdrawn in this way already.")]
    return []


@transition
def restore(edition: Edition, *, by: User, at: dt.datetime) -> Edition:
    """Put a withdrawn edition's exact words in review again, as a new edition with its digest.

    It changes no word, so it repeats no note; only words that were retracted come back as such.
    """
    edition = lock_for("restore", edition, by=by, at=at)
    statement = edition.statement
    replace_in_review(statement, by=by, at=at)
    again = ("amendment", "public_note") if edition.amendment == Amendment.RETRACTION else ()
    voices = list(edition.voices.values("speaker_id", "organisation_id", "appointment_id"))
    restored = Edition.objects.create(
        statement=statement,
        sequence=find_next_sequence(statement),
        submitted_by=by,
        submitted_at=at,
        **{
            name: getattr(edition, name)
            for name in (
                *("content", "digest", "headline", "summary", "byline", "kind", "organisation"),
                *("language", "dated_on", "slug", *again),
            )
        },
        # Nobody here wrote what was imported: whoever brings it back stands for it.
        contributors=edition.contributors if edition.contributor_ids else f",{by.pk},",
    )
    EditionAttribution.objects.bulk_create(
        EditionAttribution(edition=restored, statement=statement, **voice) for voice in voices
    )
    EditionFile.objects.bulk_create(
        EditionFile(edition=restored, **file) for file in edition.files.values("file_id", "name")
    )
    write_event(statement, Action.RESTORED, by=by, at=at, edition=restored)
    return restored


@transition
def suppress(edition: Edition, *, by: User, at: dt.datetime, reason: str) -> None:
    """Take an earlier edition's words away from the public for good. One manager may."""
    edition = lock_for("suppress", edition, by=by, at=at)
    raise_if(require_text("reason", reason, "Say why."))
    Edition.objects.filter(pk=edition.pk).update(suppressed_at=at)
    index.update_statement(edition.statement, at=at)
    term_vectors.delete_vectors([edition])
    write_event(edition.statement, Action.SUPPRESSED, by=by, at=at, edition=edition, note=reason)


@transition
def request_erasure(edition: Edition, *, by: User, at: dt.datetime, reason: str) -> None:
    """The first of two managers asks that these words be erased: a court order, data protection."""
    edition = lock_for("request_erasure", edition, by=by, at=at)
    raise_if(require_text("reason", reason, "Name the order or the request."))
    Edition.objects.filter(pk=edition.pk).update(erasure_asked_by=by)
    write_event(
        edition.statement, Action.ERASURE_REQUESTED, by=by, at=at, edition=edition, note=reason
    )


@transition
def erase(edition: Edition, *, by: User, at: dt.datetime, seen_digest: str, password: str) -> None:
    """The second manager erases the words, wherever this digest stands; the digest is kept.

    The working copy is emptied as well when it still holds the same words, and so is what anybody
    remarked or answered on any edition of the statement: it may quote them. The bytes of files
    that nothing else carries are taken away, and so is what was typed here and not saved.
    """
    edition = lock_for("erase", edition, by=by, at=at, seen_digest=seen_digest)
    raise_if(password_problems(by, password))
    statement = edition.statement
    same = statement.editions.filter(digest=edition.digest, erased_at=None)
    raise_if(problem for other in same for problem in in_use_problems(other, at))
    if digest_of(canonical(statement.content())) == edition.digest:
        _empty_draft(statement)
    index.erase_editions(list(same))
    EditionAttribution.objects.filter(edition__in=same).delete()
    storage.erase_files(list(same), at=at)
    term_vectors.delete_vectors(same)
    statement.autosaves.update(data="")  # what somebody typed may repeat the words
    for other in list(same):
        Edition.objects.filter(pk=other.pk).update(
            content=ERASED,
            headline=ERASED_HEADLINE,
            summary="",
            byline="",
            erasure_asked_by=edition.erasure_asked_by,
            erased_by=by,
            erased_at=at,
        )
        write_event(statement, Action.ERASED, by=by, at=at, edition=other)
    for said in (Remark, SignOff):
        quoting = said.objects.filter(edition__statement=statement, text_erased_at=None)
        quoting.exclude(text="").update(text="", text_erased_at=at)


def _empty_draft(statement: Statement) -> None:
    statement.passages.all().delete()
    statement.attachments.all().delete()
    Statement.objects.filter(pk=statement.pk).update(
        **erased_columns(),
        public_note="",
        leftover_text="",
        version=F("version") + 1,
    )
