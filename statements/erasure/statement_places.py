"""Places of the product itself: editions, the draft, what people said about them, files."""

from django.db.models import F, Q

from statements.audit import texts
from statements.audit.events import write_event
from statements.audit.state import lock_and_read
from statements.content.reading import read_content, same_words_and_slug
from statements.content.schema import ERASED, ERASED_HEADLINE, Content, erased_columns
from statements.erasure.place import Erasure, Place
from statements.erasure.quoting import find_quoting_autosaves
from statements.files import storage
from statements.models import (
    Action,
    Edition,
    LinkCheck,
    Statement,
    Withdrawal,
    hash_slug,
)


def _erase_draft(erasure: Erasure) -> None:
    """Empty the draft if it has the same words; else only what may quote them beside its content.

    The version changes, so that a form that is open cannot bring the words back unnoticed.
    """
    statement, values = erasure.statement, {"leftover_text": "", "embargo_line": ""}
    if erasure.is_draft_erased:
        statement.passages.all().delete()
        statement.attachments.all().delete()
        values |= {**erased_columns(), "public_note": "", "slug": ""}
    if statement.slug in erasure.slugs:
        values["slug"] = ""
    if statement.public_note in {edition.public_note for edition in erasure.editions}:
        values["public_note"] = ""
    if any(getattr(statement, name) != value for name, value in values.items()):
        Statement.objects.filter(pk=statement.pk).update(**values, version=F("version") + 1)
        statement.store_version(by=None)


def _erase_versions(erasure: Erasure) -> None:
    """Empty the saved versions of the draft, but those whose words and address stay.

    Call it after the draft was emptied: its own last version stays.
    """
    draft = Statement.objects.get(pk=erasure.statement.pk).content()
    kept = [draft, *(edition.content_data for edition in erasure.kept_editions)]
    versions = erasure.statement.draft_versions.filter(text_erased_at=None)
    emptied = [
        version.pk
        for version in versions
        if not any(same_words_and_slug(read_content(version.text), content) for content in kept)
        or _has_erased_note(read_content(version.text), erasure)
    ]
    versions.filter(pk__in=emptied).update(text="", text_erased_at=erasure.at)


def _has_erased_note(content: Content, erasure: Erasure) -> bool:
    return content["note"] in {edition.public_note for edition in erasure.editions} - {""}


def _erase_autosaves(erasure: Erasure) -> None:
    erasure.statement.autosaves.update(data="")
    find_quoting_autosaves(erasure.contents).update(data="")


def _erase_remarks(erasure: Erasure) -> None:
    remarks = erasure.statement.remarks.filter(text_erased_at=None)
    remarks.exclude(text="").update(text="", text_erased_at=erasure.at)


def _erase_replies(erasure: Erasure) -> None:
    """Empty reasons, and the addresses of those who read what is erased.

    Call it after the versions of the draft were emptied.
    """
    statement, at = erasure.statement, erasure.at
    replies = statement.answers.filter(text_erased_at=None).exclude(text="", salt="")
    replies.update(text="", salt="", text_erased_at=at)
    is_erased = Q(edition__in=erasure.editions) | Q(draft_version__text_erased_at__isnull=False)
    statement.previews.filter(is_erased).update(email="", phone="")


def _erase_notices(erasure: Erasure) -> None:
    """Empty the notices of these editions, and redirects to an erased address."""
    rows = Withdrawal.objects.filter(text_erased_at=None)
    own = rows.filter(edition__in=erasure.editions)
    own.update(notice="", target="", text_erased_at=erasure.at)
    _erase_redirects_here(erasure)


def _erase_redirects_here(erasure: Erasure) -> None:
    """Empty the target of other statements that were taken away and led to an erased address."""
    rows = Withdrawal.objects.filter(text_erased_at=None)
    for slug in erasure.slugs:
        address = f"/statements/{slug}"
        leading_here = rows.filter(
            Q(target__contains=f"{address}/")
            | Q(target__contains=f"{address}.txt")
            | Q(target__endswith=address)
        )
        for withdrawal in leading_here.select_related("edition"):
            _erase_target(withdrawal, erasure)


def _erase_target(withdrawal: Withdrawal, erasure: Erasure) -> None:
    """Empty the target, and say so in the history of its statement."""
    statement = lock_and_read(withdrawal.statement_id)
    Withdrawal.objects.filter(pk=withdrawal.pk).update(target="", text_erased_at=erasure.at)
    write_event(
        statement,
        Action.ERASED,
        by=erasure.by,
        at=erasure.at,
        edition=withdrawal.edition,
        detail={"what": "target"},
    )
    texts.erase_equal_texts(statement, withdrawal.target)


def _erase_addresses(erasure: Erasure) -> None:
    for address in erasure.statement.addresses.filter(slug__in=erasure.slugs, erased_at=None):
        address.slug, address.erased_at = hash_slug(address.slug), erasure.at
        address.save(update_fields=["slug", "erased_at"])


def _erase_link_checks(erasure: Erasure) -> None:
    """Delete all: no row says whose link it is, and the next check finds the same again."""
    LinkCheck.objects.all().delete()


def _erase_event_texts(erasure: Erasure) -> None:
    texts.erase_texts(erasure.statement)


def _erase_files(erasure: Erasure) -> None:
    storage.erase_files(erasure.editions, digests=erasure.file_digests, at=erasure.at)


def _erase_editions(erasure: Erasure) -> None:
    for edition in erasure.editions:
        Edition.objects.filter(pk=edition.pk).update(
            content=ERASED,
            headline=ERASED_HEADLINE,
            summary="",
            byline="",
            public_note="",
            embargo_line="",
            erasure_asked_by=erasure.asked_by,
            erased_by=erasure.by,
            erased_at=erasure.at,
        )
    erased = erasure.statement.editions.filter(erased_at__isnull=False)
    erased.filter(slug__in=erasure.slugs).update(slug="")


STATEMENT_PLACES = [
    Place(
        "The draft is emptied if it has the same words.",
        {
            "statements.Statement": (
                "headline summary responds_to_title responds_to_url notes_to_editors slug "
                "leftover_text public_note embargo_line"
            ),
            "statements.Passage": "heading attribution body",
            "statements.Attachment": "name title alt credit terms",
        },
        _erase_draft,
    ),
    Place(
        "Saved versions of the draft are emptied, but those with words that stay.",
        {"statements.DraftVersion": "text"},
        _erase_versions,
    ),
    Place(
        "Autosaved text of the statement is emptied, and of a new statement that repeats it.",
        {"statements.Autosave": "data"},
        _erase_autosaves,
    ),
    Place(
        "Remarks on the statement are emptied, on the draft and on all editions.",
        {"statements.Remark": "text"},
        _erase_remarks,
    ),
    Place(
        "Reasons that people gave in their replies are emptied, on all editions.",
        {"statements.SignOff": "text salt", "statements.PreviewLink": "email phone"},
        _erase_replies,
    ),
    Place(
        "Withdrawal notices of the edition are emptied, and redirects to its address.",
        {"statements.Withdrawal": "notice target"},
        _erase_notices,
    ),
    Place(
        "An address that no other edition has is kept as a keyed hash, and answers 410.",
        {"statements.StatementSlug": "slug"},
        _erase_addresses,
    ),
    Place(
        "All results of link checks are deleted.",
        {"statements.LinkCheck": "url problem"},
        _erase_link_checks,
    ),
    Place(
        "Files that no other edition has are deleted, however often they were uploaded.",
        {
            "statements.StoredFile": "digest",
            "statements.EditionFile": "name",
            "STORAGES": "bytes",
        },
        _erase_files,
    ),
    Place(
        "Editions with the same words keep their number, people and times, and nothing else.",
        {"statements.Edition": "content headline summary byline slug public_note embargo_line"},
        _erase_editions,
    ),
    Place(
        "Notes and reasons in the history are emptied, but for the reason of an erasure, and every "
        "text that no column holds any more.",
        {"statements.EventText": "salt text"},
        _erase_event_texts,
        is_history=True,
    ),
]
