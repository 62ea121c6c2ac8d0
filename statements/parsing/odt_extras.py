"""Collect what lies beside the words of an OpenDocument text, as docx_extras.py does for Word."""

from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from statements.parsing.odt_styles import expand_name
from statements.parsing.wording import (
    REMOVED_WORDS,
    describe_notes,
    describe_pictures,
    describe_tables,
    format_authors,
    format_count,
)

PAGE_PARTS = {
    expand_name(f"style:{part}{which}"): part
    for part in ("header", "footer")
    for which in ("", "-left", "-first")
}
INDEXED = "It was a table of contents or an index."
REMOVED_TEXTS = REMOVED_WORDS | {
    INDEXED: (
        "A table of contents or an index was left out; its words are under “Left out of the draft”."
    ),
}
PARAGRAPH_TAGS = (expand_name("text:p"), expand_name("text:h"))


@dataclass
class OdtExtras:
    """Texts that belong to no passage, each with the reason, and counts for the messages."""

    leftovers: list[tuple[str, str]] = field(default_factory=list)
    tables: int = 0
    pictures: int = 0
    objects: int = 0
    boxes: int = 0
    notes: dict[str, int] = field(default_factory=dict)
    insertions: list[str] = field(default_factory=list)
    deletions: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    page_parts: set[str] = field(default_factory=set)

    def leave_over(self, element: ET.Element, reason: str) -> None:
        self.leave_over_text(join_text(element), reason)

    def leave_over_text(self, text: str, reason: str) -> None:
        if text.strip():
            self.leftovers.append((text, reason))

    def collect_headers_and_footers(self, root: ET.Element) -> None:
        for element in root.iter():
            if (part := PAGE_PARTS.get(element.tag)) and (text := join_text(element)):
                self.page_parts.add(part)
                entry = (text, f"It was the {part} of each page.")
                if entry not in self.leftovers:
                    self.leftovers.append(entry)

    def collect_tracked_changes(self, body: ET.Element) -> None:
        """Keep the deleted words, which the document holds apart from the others."""
        for region in body.iter(expand_name("text:changed-region")):
            for change in region:
                author = _find_author(change)
                if change.tag == expand_name("text:insertion"):
                    self.insertions.append(author)
                elif change.tag == expand_name("text:deletion") and (text := join_text(change)):
                    self.deletions.append(author)
                    who = author or "somebody"
                    self.leftovers.append((text, f"It was deleted by {who} as a tracked change."))

    def collect_note(self, note: ET.Element) -> None:
        kind = "endnote" if note.get(expand_name("text:note-class")) == "endnote" else "footnote"
        self.notes[kind] = self.notes.get(kind, 0) + 1
        body = note.find(expand_name("text:note-body"))
        if body is not None and (text := join_text(body)):
            self.leftovers.append((text, f"It was {kind} {self.notes[kind]}."))

    def collect_comment(self, comment: ET.Element) -> None:
        author = _find_author(comment)
        if text := join_text(comment):
            self.comments.append(author)
            who = author or "somebody"
            self.leftovers.append((text, f"A comment by {who}, never published."))

    def write_messages(self) -> list[str]:
        """Return a sentence about each kind of thing that was changed or left out."""
        messages = [*self._describe_changes(), *self._describe_notes(), *self._describe_removed()]
        if self.page_parts:
            messages.append(
                "Headers and footers of the pages were left out; their words are under “Left out "
                "of the draft”."
            )
        messages += describe_tables(self.tables)
        if self.boxes:
            messages.append(
                f"The words of {format_count(self.boxes, 'text box', 'text boxes')} were put among "
                "the others: see that they are in the right place."
            )
        messages += describe_pictures(self.pictures)
        if self.objects:
            messages.append(
                f"{format_count(self.objects, 'embedded object')} (a formula, chart or the like) "
                "could not be kept."
            )
        return messages

    def _describe_removed(self) -> list[str]:
        reasons = {reason for _, reason in self.leftovers}
        return [sentence for reason, sentence in REMOVED_TEXTS.items() if reason in reasons]

    def _describe_changes(self) -> list[str]:
        messages = []
        for authors, noun, outcome in (
            (self.insertions, "tracked insertion", "taken as accepted."),
            (
                self.deletions,
                "tracked deletion",
                "carried out; the words are under “Left out of the draft”.",
            ),
            (
                self.comments,
                "comment",
                "taken out of the words and kept under “Left out of the draft”.",
            ),
        ):
            if authors:
                were = "was" if len(authors) == 1 else "were"
                people = format_authors(filter(None, authors))
                messages.append(f"{format_count(len(authors), noun)}{people} {were} {outcome}")
        return messages

    def _describe_notes(self) -> list[str]:
        return [
            message for kind, count in self.notes.items() for message in describe_notes(count, kind)
        ]


def join_text(element: ET.Element) -> str:
    """Return the text of all paragraphs in an element, without who wrote it and when."""
    texts = [
        " ".join("".join(paragraph.itertext()).split())
        for paragraph in element.iter()
        if paragraph.tag in PARAGRAPH_TAGS
    ]
    return " ".join(filter(None, texts or [" ".join("".join(element.itertext()).split())]))


def _find_author(element: ET.Element) -> str:
    return " ".join(
        (next(element.iter(expand_name("dc:creator")), ET.Element("none")).text or "").split()
    )
