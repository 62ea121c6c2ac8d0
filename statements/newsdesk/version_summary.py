"""Say in a few words what one save changed, by comparing the content before and after."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from statements.content.diff import ContentChange, diff_content
from statements.content.schema import Content
from statements.content.slugs import DEFAULT_SLUG, slug_base
from statements.newsdesk.content_labels import translate_label

MAX_PHRASES = 3
WORDS = "Words"
SAID_OTHERWISE = {"Headline", WORDS, "Picture", "File", "Caption"}
"""Labels of changes that have a phrase of their own."""


def compare_drafts(before: Content, after: Content) -> list[ContentChange]:
    """Return every difference, but of an address only where somebody typed one."""
    return diff_content(_with_typed_slug(before), _with_typed_slug(after), with_edition_fields=True)


def _with_typed_slug(content: Content) -> Content:
    is_made = content["slug"] == slug_base(content["headline"], default=DEFAULT_SLUG)
    return {**content, "slug": "" if is_made else content["slug"]}


def summarise_changes(before: Content | None, after: Content) -> str:
    """Return a line such as “Headline shortened. Picture added.”; "" if nothing changed."""
    if before is None:
        return ""
    phrases = [
        *_describe_headline(before, after),
        *_describe_blocks(before, after),
        *_describe_files(before, after),
        *_describe_fields(before, after),
    ]
    shown = [f"{phrase}." for phrase in phrases[:MAX_PHRASES]]
    if more := len(phrases) - len(shown):
        shown.append(
            ngettext("%(count)d more change.", "%(count)d more changes.", more) % {"count": more}
        )
    return " ".join(shown)


def _describe_headline(before: Content, after: Content) -> Iterator[str]:
    old, new = before["headline"], after["headline"]
    if old == new:
        return
    if not old:
        yield _("Headline added")
    elif not new:
        yield _("Headline removed")
    elif len(new) == len(old):
        yield _("Headline changed")
    else:
        yield _("Headline shortened") if len(new) < len(old) else _("Headline lengthened")


def _describe_blocks(before: Content, after: Content) -> Iterator[str]:
    old = {block["id"]: block for block in before["blocks"]}
    new = {block["id"]: block for block in after["blocks"]}
    added = [block for pk, block in new.items() if pk not in old]
    removed = [block for pk, block in old.items() if pk not in new]
    if added:
        yield _describe_count(added, _("%(what)s added"), _("%(count)d passages added"))
    if removed:
        yield _describe_count(removed, _("%(what)s removed"), _("%(count)d passages removed"))
    changed = [block for pk, block in new.items() if pk in old and old[pk] != block]
    if changed:
        yield _describe_count(changed, _("%(what)s changed"), _("%(count)d passages changed"))
    if [pk for pk in old if pk in new] != [pk for pk in new if pk in old]:
        yield _("Order changed")


def _describe_count(blocks: list[Content], one: str, several: str) -> str:
    if len(blocks) > 1:
        return several % {"count": len(blocks)}
    return one % {"what": name_block(blocks[0])}


def name_block(block: Content) -> str:
    """Return what the newsdesk calls a passage, such as “Dave Hill’s quotation”."""
    if block["type"] in ("table", "picture"):
        return _("Table") if block["type"] == "table" else _("Picture")
    if speaker := block.get("speaker"):
        return _("%(name)s’s quotation") % {"name": speaker["name"]}
    return _("Narration")


def _describe_files(before: Content, after: Content) -> Iterator[str]:
    old = {file["digest"]: file for file in before.get("files", [])}
    new = {file["digest"]: file for file in after.get("files", [])}
    for digest, file in new.items():
        if digest not in old:
            yield _("Picture added") if _is_picture(file) else _("File added")
        elif old[digest] != file:
            yield _("Caption changed") if _is_picture(file) else _("File renamed")
    for digest, file in old.items():
        if digest not in new:
            yield _("Picture removed") if _is_picture(file) else _("File removed")


def _is_picture(file: Content) -> bool:
    return str(file["type"]).startswith("image/")


def _describe_fields(before: Content, after: Content) -> Iterator[str]:
    """Yield the labels of the other fields; a block and a file have their phrases already."""
    plain: dict[str, list[Content]] = {"blocks": [], "files": []}
    changes = compare_drafts({**before, **plain}, {**after, **plain})
    for label in dict.fromkeys(change.label for change in changes):
        if label not in SAID_OTHERWISE:
            yield _("%(field)s changed") % {"field": translate_label(label)}
