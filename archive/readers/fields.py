"""A record with names of its own -> a Row: by the mapping, else by what such names usually mean."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Names
from datetime import datetime
from typing import Any

from archive.mapping import FIELDS, Mapping
from archive.readers.decoding import mended
from archive.readers.row import Beside, Item, Label, NothingToRead, Refused, Row
from archive.readers.times import NoDate, read_time
from statements.content import schema
from statements.content.html import normalise
from statements.parsing.attribution import POST_NOMINALS

USUAL = {
    "identifier": "identifier id guid uuid uri nid number url link permalink slug base_path",
    "body": (
        "body body_html body_text content content_html content.rendered content_text details.body "
        "articlebody html text full_text fulltext article words release statement message "
        "post_content texte texto testun inhalt"
    ),
    "published": (
        "published date published_at first_published_at date_published datepublished publish_date "
        "published_on publication_date pub_date pubdate release_date released released_at "
        "date_gmt datetime issued posted posted_on public_updated_at created created_at post_date "
        "day firstcreated versioncreated datum fecha dyddiad"
    ),
    "updated": "updated updated_at modified modified_at date_modified last_modified modified_gmt",
    "people": (
        "links.speaker links.people speaker speakers spokesperson person people prime_minister "
        "minister said_by"
    ),
    "authors": "_embedded.author author authors by byline creator writer",
    "bodies": (
        "links.organisations organisation organisations organization organizations body_name "
        "department agency ministry office publisher issuing_office components institution "
        "abteilung"
    ),
    "issuers": "from issuer issued_by source_organisation",
    "labels": (
        "_embedded.wp:term links.related_policies links.policy_areas links.topical_events tags "
        "topics themes theme topic subjects keywords categories labels"
    ),
    "addresses": ("url link permalink old_url path old_address base_path aliases redirect_from"),
    "beside": (
        "_embedded.wp:featuredmedia attachments files enclosures pictures images image attachment "
        "featured_image feature_image cover_image thumbnail photo photos picture pdf"
    ),
    "draft": "draft status state post_status",
}
USUAL |= {field.key: field.import_names for field in schema.FIELDS if field.import_names}
NAMES = {name: USUAL[name].split() for name in FIELDS}
DRAFT = {
    "draft", "pending", "private", "future", "auto-draft", "scheduled", "in review", "in_review",
    "unpublished", "true", "yes", "1",
}  # fmt: skip
SWITCH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_TAG = re.compile(r"<[^>]*>")
NEVER = {"trash", "deleted", "spam"}


ENDINGS = {
    "headline": "title headline heading",
    "published": "date published",
    "body": "text body content html",
    "summary": "summary excerpt",
    "labels": "tags topics themes keywords categories",
    "addresses": "url link",
}
"""“Press release title” is one, where nothing is called so outright."""
WRAPPINGS = {"attributes", "fields", "properties", "_source", "acf", "node"}


def guess(names: Iterable[str]) -> dict[str, list[str]]:
    """Our field → the names among these that usually mean it, the likeliest first."""
    known: dict[str, str] = {}
    for name in names:
        outer, _, inner = name.partition(".")
        known.setdefault(_bare(inner if outer in WRAPPINGS and inner else name), name)
    found: dict[str, list[str]] = {}
    for field, usual in NAMES.items():
        if hits := [known[_bare(name)] for name in usual if _bare(name) in known]:
            found[field] = hits
    for field in ENDINGS.keys() - found.keys():
        ends = tuple(f"_{ending}" for ending in ENDINGS[field].split())
        own = [name for bare, name in known.items() if bare.endswith(ends)]
        found |= {field: own[:1]} if own else {}
    if "identifier" not in found:
        own = [name for name in known.values() if _bare(name).endswith("_id")]
        found |= {"identifier": own[:1]} if own else {}
    if "body" not in found and "description" in known:
        found["body"] = ["description"]
        found.pop("summary", None)
    return found


def _bare(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().casefold())


def paths(record: dict[str, Any]) -> set[str]:
    """Every name in the record, with those one step below as outer.inner."""
    found = set(record)
    for name, value in record.items():
        if isinstance(value, dict):
            found |= {f"{name}.{inner}" for inner in value}
    return found


class Reader:
    """Makes rows of the records of one file. Raises NothingToRead where no field is a text."""

    def __init__(self, file: str, mapping: Mapping, fields: Names[str, list[str]]) -> None:
        if not fields.keys() & {"headline", "body"}:
            raise NothingToRead(
                f"{file}: none of its fields is a headline or a text by its name. Say which they "
                "are in a mapping, under [fields]."
            )
        self.file, self.mapping, self.fields = file, mapping, fields

    def row(self, record: dict[str, Any], number: int, told: Iterable[str] = ()) -> Item:
        doubts = list(told)
        said = {field: self._all(record, names) for field, names in self.fields.items()}
        one = {field: _text(values[0]) if values else "" for field, values in said.items()}
        identifier, headline = one.get("identifier", ""), plain(one.get("headline", ""))
        status = one.get("draft", "").casefold()
        if status in NEVER:
            return Refused(self.file, number, "It was thrown away.", identifier, headline)
        body = one.get("body", "")
        if not (headline or body):
            return Refused(self.file, number, _empty(record), identifier)
        texts: dict[str, Any] = {
            field.key: plain(one.get(field.key, "")) for field in schema.IMPORTED_TEXTS
        }
        published = self._time(said.get("published", []), doubts)
        updated = self._time(said.get("updated", []), [])
        return Row(
            self.file,
            number,
            identifier=identifier,
            body=body,
            form="html" if looks_like_html(body) else "text",
            published=published,
            updated=updated if isinstance(updated, datetime) else None,
            people=tuple(map(_in_order, _names(said.get("people", [])))),
            authors=_names(said.get("authors", [])),
            bodies=_names(said.get("bodies", [])),
            issuers=tuple(_text(value) for value in said.get("issuers", [])[:1]),
            labels=tuple(map(Label, _names(said.get("labels", []), split=True))),
            addresses=_texts(said.get("addresses", [])),
            language=one.get("language", ""),
            kind=one.get("kind", ""),
            beside=tuple(_beside(said.get("beside", []))),
            draft=self._is_draft(record, status) or self._is_withdrawn(record, doubts),
            told=tuple(doubts),
            **texts,
        )

    def _is_draft(self, record: dict[str, Any], said: str) -> bool:
        """“draft: true” says so, and “status: 1” says that it is out, as Drupal has it."""
        names = [name for name in self.fields.get("draft", []) if _at(record, name) is not None]
        if names and _bare(names[0].rpartition(".")[2]) != "draft" and said in SWITCH:
            return not SWITCH[said]
        return said in DRAFT

    def _is_withdrawn(self, record: dict[str, Any], doubts: list[str]) -> bool:
        if not (record.get("withdrawn_notice") or record.get("withdrawn_at")):
            return False
        doubts.append("It was withdrawn at its source, so it comes in as a draft.")
        return True

    def _all(self, record: dict[str, Any], names: list[str]) -> list[Any]:
        return [value for name in names if (value := _at(record, name)) not in (None, "", [], {})]

    def _time(self, values: list[Any], doubts: list[str]):
        for value in values[:1]:
            try:
                return read_time(
                    value, zone=self.mapping.zone, month_first=self.mapping.month_first
                )
            except NoDate as error:
                doubts.append(str(error))
        return None


def _at(record: Any, path: str) -> Any:
    if isinstance(record, dict) and path in record:
        return record[path]
    for step in path.split("."):
        if not isinstance(record, dict) or step not in record:
            return None
        record = record[step]
    return record


def _text(value: Any) -> str:
    """Whatever stands there as a normalised text; of several values the first."""
    if isinstance(value, list):
        value = next((one for one in value if one), "")
    if isinstance(value, dict):
        value = next(
            (
                value[key]
                for key in ("rendered", "name", "title", "value", "content", "url", "alias")
                if key in value
            ),
            json.dumps(value, ensure_ascii=False),
        )
    return "" if value is None else normalise(mended(str(value))).strip()


def _texts(values: list[Any]) -> tuple[str, ...]:
    """Each of them, and each of those that stand together in a list."""
    flat = (one for value in values for one in (value if isinstance(value, list) else [value]))
    return tuple(text for one in flat if (text := _text(one)))


def plain(text: str) -> str:
    """One line of text; tags and references of HTML read, as titles often hold them."""
    if "<" in text or "&" in text:
        text = html.unescape(_TAG.sub(" ", re.sub(r"<(?![a-zA-Z/])", "&lt;", text)))
    return re.sub(r"\s+", " ", normalise(text)).strip()


def looks_like_html(text: str) -> bool:
    return bool(
        re.search(
            r"</(?:p|div|a|li|h\d|span|strong|em|b|i|td)>|<(?:p|br|hr)\b[^>]*>", text, re.IGNORECASE
        )
    )


def _names(values: list[Any], *, split: bool = False) -> tuple[str, ...]:
    found: list[str] = []
    for one in _each(values):
        text = plain(_text(one))
        parts = re.split(r"\s*[|;]\s*|\s*,\s*" if split else r"\s*[|;]\s*", text)
        found += [part.strip(" .") if split else part for part in parts if part.strip(" .")]
    return tuple(dict.fromkeys(found))


def _each(values: list[Any]) -> Iterator[Any]:
    """Out of lists in lists; a number is a row of the old database, and no name."""
    for value in values:
        if isinstance(value, list):
            yield from _each(value)
        elif not isinstance(value, int):
            yield value


def _in_order(name: str) -> str:
    """“Howard, John” as he is called."""
    last, comma, first = name.partition(", ")
    swapped = (
        comma and "," not in first and not POST_NOMINALS.match(first) and len(first.split()) < 4
    )
    return f"{first} {last}" if swapped and first[:1].isupper() and len(last.split()) < 3 else name


def _beside(values: list[Any]) -> Iterable[Beside]:
    for value in values:
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                address = next(
                    (
                        one[key]
                        for key in ("source_url", "url", "href", "src", "path")
                        if key in one
                    ),
                    "",
                )
                title = next(
                    (one[key] for key in ("label", "title", "name", "caption") if one.get(key)), ""
                )
                alt = one.get("alt_text") or one.get("alt") or ""
                if address:
                    yield Beside(_text(address), plain(_text(title)), plain(_text(alt)))
            elif text := _text(one):
                yield Beside(text)


def _empty(record: dict[str, Any]) -> str:
    known = {name: str(value)[:60] for name, value in record.items() if value}
    inside = "; ".join(f"{name}: {value}" for name, value in list(known.items())[:2])
    return f"There is neither headline nor text in it{f' ({inside})' if inside else ''}."
