"""Turn an edition's content into plain data for the templates, without queries."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from statements.content import rendering
from statements.content.blocks import list_picture_places
from statements.content.byline import describe_speaker
from statements.content.languages import LANGUAGES, get_text_direction
from statements.content.schema import list_passages
from statements.files.document_types import format_size, get_type_label
from statements.published.editions import PublicName, StatementPage

LANGUAGE_NAMES = dict(LANGUAGES)
CREDIT_LABEL = re.compile(
    r"(?:picture|photo(?:graph(?:er|s|y)?)?|image|illustration|graphic|chart|credit|©)\W|©",
    re.IGNORECASE,
)
"""A credit that says itself what it is: “Photograph: J. Smith”."""
FileUrlBuilder = Callable[[str, str], str]
"""Return the URL of the file with this digest and name, for those who look at the page."""


@dataclass(frozen=True)
class ArticleSection:
    """A quotation or narration, with its heading and attribution.

    `number` counts the quotations; `source` names the speaker, role and organisation. `pictures`
    stand after it.
    """

    heading: str
    attribution: str
    speaker: str
    source: str
    number: int | None
    html: SafeString
    voice: "ArticleVoice | None" = None
    pictures: "tuple[ArticlePicture, ...]" = ()


@dataclass(frozen=True)
class ArticleVoice:
    """A speaker as named on the day; `slug` is empty where there is no public profile page."""

    name: str
    role: str
    organisation: str
    slug: str


@dataclass(frozen=True)
class ArticlePicture:
    """A picture with a URL for each of its widths, and one to download."""

    url: str
    srcset: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str
    has_credit_label: bool
    terms: str
    download_url: str
    label: str


@dataclass(frozen=True)
class ArticleDocument:
    url: str
    title: str
    credit: str
    terms: str
    label: str
    accessible: list["ArticleDocument"] = field(default_factory=list)
    """The same in a form that more people can read; without one, readers can ask for it."""


@dataclass(frozen=True)
class Article:
    language: str
    direction: str
    headline: str
    summary: str
    dated_on: str
    publishers: list[Mapping[str, str]]
    responds_to: Mapping[str, str] | None
    voices: list[ArticleVoice]
    sections: list[ArticleSection]
    notes: SafeString
    gallery: list[ArticlePicture]
    documents: list[ArticleDocument]

    @property
    def pictures(self) -> list[ArticlePicture]:
        """Every picture in the order of the page: those between the words, then the gallery."""
        placed = [picture for section in self.sections for picture in section.pictures]
        return placed + self.gallery


def build_article(
    content: Mapping[str, Any], speakers: list[PublicName], file_url: FileUrlBuilder
) -> Article:
    """Build the article from frozen content.

    `speakers` are those with a public profile page; `file_url` gives the URL of a digest and name.
    """
    files = content.get("files", [])
    slugs = _current_slugs(speakers)
    pictures = {
        file["digest"]: _build_picture(file, file_url) for file in files if is_picture(file)
    }
    places = list_picture_places(content["blocks"])
    placed = {digest for digests in places.values() for digest in digests}
    return Article(
        language=content["language"],
        direction=get_text_direction(content["language"]),
        headline=content["headline"],
        summary=content["summary"],
        dated_on=content["dated_on"],
        publishers=content["organisations"],
        responds_to=content["responds_to"],
        voices=_collect_voices(content, slugs),
        sections=_build_sections(
            content,
            slugs,
            {
                passage: tuple(pictures[digest] for digest in digests if digest in pictures)
                for passage, digests in places.items()
            },
        ),
        notes=rendering.render_notes(content),
        gallery=[
            _build_picture(file, file_url)
            for file in files
            if is_picture(file) and file["digest"] not in placed
        ],
        documents=_list_documents(files, file_url),
    )


def list_publisher_links(page: StatementPage) -> list[tuple[str, str]]:
    """Return the slug and the name of each publisher.

    The name is as frozen. The slug of the first is that of today; a former one redirects.
    """
    names = [
        (frozen["slug"], frozen["name"]) for frozen in page.edition.content_data["organisations"]
    ]
    return [(page.publisher_slug, name) for _, name in names[:1]] + names[1:]


def is_picture(file: Mapping[str, Any]) -> bool:
    return str(file["type"]).startswith("image/")


def format_file_label(file: Mapping[str, Any]) -> str:
    """Return type and size, for the link to a download: “JPEG, 2.3 MB”."""
    return f"{get_type_label(file['type'])}, {format_size(file['size'])}"


def _build_picture(file: Mapping[str, Any], file_url: FileUrlBuilder) -> ArticlePicture:
    sizes = file["narrower"] or [file]
    default = sizes[min(1, len(sizes) - 1)]  # about as wide as a column
    return ArticlePicture(
        url=file_url(default["digest"], file["name"]),
        srcset=", ".join(
            f"{file_url(size['digest'], file['name'])} {size['width']}w" for size in sizes
        ),
        width=default["width"],
        height=default["height"],
        alt=file["alt"],
        caption=file["title"],
        credit=file["credit"],
        has_credit_label=bool(CREDIT_LABEL.match(file["credit"])),
        terms=file["terms"],
        download_url=file_url(file["digest"], file["name"]),
        label=format_file_label(file),
    )


def _list_documents(
    files: Sequence[Mapping[str, Any]], file_url: FileUrlBuilder
) -> list[ArticleDocument]:
    """Return the documents, each with the accessible versions that follow it."""
    documents: list[ArticleDocument] = []
    for file in files:
        if is_picture(file):
            continue
        document = _build_document(file, file_url)
        if documents and file.get("is_accessible_version"):
            documents[-1].accessible.append(document)
        else:
            documents.append(document)
    return documents


def _build_document(file: Mapping[str, Any], file_url: FileUrlBuilder) -> ArticleDocument:
    return ArticleDocument(
        url=file_url(file["digest"], file["name"]),
        title=file["title"] or file["name"],
        credit=file["credit"],
        terms=file["terms"],
        label=format_file_label(file),
    )


def _current_slugs(speakers: list[PublicName]) -> dict[str, str]:
    former = {slug: speaker.slug for speaker in speakers for slug in speaker.former_slugs}
    return former | {speaker.slug: speaker.slug for speaker in speakers}


def _collect_voices(content: Mapping[str, Any], slugs: Mapping[str, str]) -> list[ArticleVoice]:
    voices = {}
    for passage in list_passages(content):
        if passage["speaker"]:
            voice = _build_voice(passage["speaker"], slugs)
            voices[voice.name, voice.role, voice.organisation] = voice
    return list(voices.values())


def _build_voice(speaker: Mapping[str, Any], slugs: Mapping[str, str]) -> ArticleVoice:
    organisation = (speaker["organisation"] or {}).get("name", "")
    slug = slugs.get(speaker["slug"], "")
    return ArticleVoice(speaker["name"], speaker["role"], organisation, slug)


def _build_sections(
    content: Mapping[str, Any],
    slugs: Mapping[str, str],
    pictures: Mapping[int, tuple[ArticlePicture, ...]],
) -> list[ArticleSection]:
    """Build a section for each passage, joining passages that continue one quotation.

    The pictures after a passage come with its section: one inside a quotation comes after it.
    """
    sections: list[ArticleSection] = []
    if first := pictures.get(-1):
        sections.append(ArticleSection("", "", "", "", None, SafeString(""), pictures=first))
    for position, passage in enumerate(rendering.render_passages(content)):
        after = pictures.get(position, ())
        if passage.is_quoted and passage.number is None and sections:
            last = sections.pop()
            html = mark_safe(f"{last.html}\n{passage.html}")  # noqa: S308 - made by content.rendering
            sections.append(replace(last, html=html, pictures=last.pictures + after))
        else:
            sections.append(
                ArticleSection(
                    heading=passage.heading,
                    attribution=passage.attribution,
                    speaker=passage.speaker["name"] if passage.speaker else "",
                    source=describe_speaker(passage.speaker) if passage.speaker else "",
                    number=passage.number,
                    html=passage.html,
                    voice=_build_voice(passage.speaker, slugs) if passage.speaker else None,
                    pictures=after,
                )
            )
    return sections


def tel_href(phone: str) -> str:
    """Return a printed telephone number as a tel: URL needs it: 020 7946 0000 → 02079460000."""
    return re.sub(r"[^+0-9]", "", phone.replace("(0)", "") if "+" in phone else phone)


def contact_with_tel(contact: Mapping[str, str]) -> dict[str, str]:
    """Add to a press contact, for each printed number, the one for a tel: URL."""
    numbers = {f"{name}_href": tel_href(contact[name]) for name in contact if "phone" in name}
    return dict(contact) | numbers
