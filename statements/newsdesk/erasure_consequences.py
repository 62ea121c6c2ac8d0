"""Say what an erasure takes away, what it leaves, and where copies stay for a time."""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from statements.content.quotation_marks import quote_headline
from statements.erasure.place import ErasureScope
from statements.erasure.plan import find_scope
from statements.files.storage import find_carrying_editions, find_copies
from statements.models import Edition, Statement

MAX_LISTED_ROWS = 20


def describe_erased_content(edition: Edition) -> list[str]:
    """Return a sentence for each kind of copy that is erased with this edition."""
    scope = find_scope(edition)
    return [
        _(
            "Once it is decided, the words of %(editions)s are erased: headline, summary, "
            "correction note and all."
        )
        % {"editions": _list_editions(scope.editions)},
        *_describe_addresses(scope),
        *_describe_draft(scope),
        *_describe_files(scope),
        _(
            "What may quote the words is emptied as well, on every edition of this statement: "
            "remarks, replies, notes and reasons in the history, unsaved text, and the notice of a "
            "withdrawal of these words. The reason for the erasure stays."
        ),
        *_describe_kept_editions(scope),
    ]


def _list_editions(editions: Iterable[Edition]) -> str:
    numbers = [str(edition.sequence) for edition in editions]
    return (
        _("edition %(numbers)s") % {"numbers": numbers[0]}
        if len(numbers) == 1
        else _("editions %(numbers)s") % {"numbers": _(" and ").join(numbers)}
    )


def _describe_addresses(scope: ErasureScope) -> Iterator[str]:
    for slug in sorted(scope.slugs):
        yield (
            _(
                "The address /statements/%(slug)s/ is erased: if it has been public, it answers "
                "that the words were removed. No statement can have it again."
            )
            % {"slug": slug}
        )
    kept = {edition.slug for edition in scope.editions} - scope.slugs
    for slug in sorted(kept):
        others = [edition for edition in scope.kept_editions if edition.slug == slug]
        said = ngettext(
            "The address /statements/%(slug)s/ stays, because %(editions)s has it.",
            "The address /statements/%(slug)s/ stays, because %(editions)s have it.",
            len(others),
        )
        yield said % {"slug": slug, "editions": _list_editions(others)}


def _describe_draft(scope: ErasureScope) -> Iterator[str]:
    if scope.is_draft_erased:
        yield _("The draft has the same words: it is emptied.")
    else:
        yield (
            _("The draft has other words and stays as it is: read it, and take out what has to go.")
        )


def _describe_files(scope: ErasureScope) -> Iterator[str]:
    """Name what keeps a file, and which drafts of other statements lose one."""
    names = {
        entry["digest"]: entry["name"]
        for content in scope.contents
        for entry in content.get("files", [])
    }
    carrying = find_carrying_editions(names, but_not=scope.editions)
    for digest, editions in carrying.items():
        where = _(" and ").join(_format_edition(edition) for edition in editions)
        yield _("The file %(name)s stays, because %(where)s has it too: erase that as well.") % {
            "name": names[digest],
            "where": where,
        }
    going = [digest for digest in names if digest not in carrying]
    if going:
        said = ngettext(
            "%(count)d file is deleted, however often it was uploaded.",
            "%(count)d files are deleted, however often they were uploaded.",
            len(going),
        )
        yield said % {"count": len(going)}
    for statement in _find_drafts_with(going, scope.statement):
        said = _("The draft of %(headline)s loses a file that is deleted.")
        yield said % {"headline": quote_headline(statement)}


def _format_edition(edition: Edition) -> str:
    return _("edition %(number)s of %(headline)s") % {
        "number": edition.sequence,
        "headline": quote_headline(edition.headline),
    }


def _find_drafts_with(digests: Iterable[str], statement: Statement) -> QuerySet[Statement]:
    files = [file.pk for file in find_copies(digests)]
    others = Statement.objects.filter(attachments__file__in=files).exclude(pk=statement.pk)
    return others.distinct()[:MAX_LISTED_ROWS]


def _describe_kept_editions(scope: ErasureScope) -> Iterator[str]:
    if scope.kept_editions:
        said = ngettext(
            "%(editions)s has other words and stays, with any correction note: ask for another "
            "erasure if it repeats what has to go.",
            "%(editions)s have other words and stay, with any correction note: ask for another "
            "erasure if it repeats what has to go.",
            len(scope.kept_editions),
        )
        yield said % {"editions": _list_editions(scope.kept_editions).capitalize()}
