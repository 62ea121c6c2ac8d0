"""Guess what the field names of a source mean, however they are written."""

import re
from collections.abc import Iterable
from typing import Any

from archive.mapping import FIELDS
from archive.readers.status_names import is_status_path, strip_accents
from statements.content import schema

USUAL_NAMES = {
    "identifier": (
        "identifier id guid uuid uri nid node_id post_id article_id number reference "
        "reference_number url link permalink slug base_path"
    ),
    "body": (
        "body_html html_body content_html html_content body body_text content contents "
        "content.rendered content_text details.body article_body html text full_text full_content "
        "fulltext body_copy body_content main_content main_text main_body rich_text long_text "
        "sections long_description article article_text article_content words release release_text "
        "release_body "
        "release_content press_release press_release_text statement statement_text message copy "
        "markdown plaintext post_content post_body page_content story lexical mobiledoc blocks "
        "paragraphs texte texto testun inhalt contenu contenido cuerpo tekst treść "
        "corps corff corpo المحتوى"
    ),
    "published": (
        "published date published_at first_published_at first_publication_date date_published "
        "publish_date published_date "
        "published_on published_time publication_date date_of_publication pub_date release_date "
        "date_of_release date_released released released_at release_time date_gmt datetime "
        "date_time article_date publish_up issued issue_date date_issued issued_at posted "
        "posted_on posted_at post_date posted_date news_date go_live_date live_date "
        "public_updated_at created created_at date_created creation_date authored_on "
        "day firstcreated versioncreated datum fecha date_de_publication dyddiad "
        "veröffentlicht_am veröffentlichungsdatum erscheinungsdatum mise_en_ligne "
        "date_de_mise_en_ligne fecha_de_publicación dyddiad_cyhoeddi"
    ),
    "updated": (
        "updated updated_at modified modified_at date_modified date_updated last_modified "
        "last_updated modified_gmt changed"
    ),
    "people": (
        "links.speaker links.people speaker speakers spokesperson person people prime_minister "
        "minister said_by"
    ),
    "authors": "_embedded.author author authors by byline creator writer author_name",
    "organisations": (
        "links.organisations organisation organisations organization organizations body_name "
        "department departments agency ministry office publisher issuing_office components "
        "institution abteilung"
    ),
    "issuers": "from issuer issued_by source_organisation",
    "labels": (
        "_embedded.wp:term links.related_policies links.policy_areas links.topical_events tags "
        "topics themes theme topic tag subjects keywords categories labels"
    ),
    "addresses": (
        "url link permalink old_url page_url canonical_url path old_address base_path aliases "
        "redirect_from path_alias url_alias"
    ),
    "files": (
        "_embedded.wp:featuredmedia attachments files enclosures pictures images image attachment "
        "file featured_image feature_image featured_media cover_image hero_image lead_image "
        "thumbnail photo photos picture pdf documents downloads"
    ),
    "draft": "",  # by its kind: see archive/readers/publicness.py
}
USUAL_NAMES |= {field.key: field.import_names for field in schema.FIELDS if field.import_names}
NAMES_BY_FIELD = {name: USUAL_NAMES[name].split() for name in FIELDS}
NAME_ENDINGS = {
    "headline": "title headline heading",
    "published": "date published",
    "body": "text body content html",
    "summary": "summary excerpt",
    "labels": "tags topics themes keywords categories",
    "addresses": "url link",
}
"""“Press release title” is a headline, where no field has one of the usual names."""
WRAPPER_NAMES = {
    "attributes", "fields", "properties", "_source", "acf", "node", "data", "article", "post",
    "item", "entry", "story", "document", "content", "sys", "frontmatter", "front_matter",
}  # fmt: skip
CAMEL_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
PREFIX = re.compile(r"^(?:@|(?:dc|dcterms|schema|og|article|sys|cms):)", re.IGNORECASE)
INDEX_ENDING = re.compile(r"_(?:s|t|ss|ws|txt|dt|tdt|pdt|en)$")
"""Search indexes write the type of a field at the end of its name: “title_s”."""
DRUPAL_PREFIX = "field_"


def guess_fields(names: Iterable[str]) -> dict[str, list[str]]:
    """Return for each of our fields the names that usually mean it, the likeliest first."""
    known = _index_names(list(names))
    guess: dict[str, list[str]] = {}
    for field, usual in NAMES_BY_FIELD.items():
        keys = dict.fromkeys(map(_join_words, usual))
        if hits := [known[key] for key in keys if key in known]:
            guess[field] = hits
    dates = guess.get("published", [])
    statuses = [name for name in known.values() if is_status_path(name)]
    guess["draft"] = [name for name in dict.fromkeys(statuses) if name not in dates]
    _add_by_ending(guess, known.values())
    if "body" not in guess and "description" in known:
        guess["body"] = [known["description"]]
        guess["summary"] = [name for name in guess["summary"] if name not in guess["body"]]
    return {field: hits for field, hits in guess.items() if hits}


def _index_names(names: list[str]) -> dict[str, str]:
    """Return the names by their bare spelling; names in a wrapper come after those outside."""
    known: dict[str, str] = {}
    for name in names:
        known.setdefault(_join_words(name), name)
    for name in names:
        outer, _, inner = name.partition(".")
        if inner and outer.casefold() in WRAPPER_NAMES:
            known.setdefault(_join_words(inner), name)
    for name in names:
        words = split_words(name.rpartition(".")[2])
        if words.startswith(DRUPAL_PREFIX):
            known.setdefault(_join_words(words.removeprefix(DRUPAL_PREFIX)), name)
    for name in names:
        bare = INDEX_ENDING.sub("", split_words(name))
        known.setdefault(_join_words(bare), name)
    return known


def _add_by_ending(guess: dict[str, list[str]], names: Iterable[str]) -> None:
    words = {name: split_words(name) for name in names}
    endings = {field: value.split() for field, value in NAME_ENDINGS.items()}
    for field, field_endings in (endings | {"identifier": ["id"]}).items():
        if field in guess:
            continue
        ends = tuple(f"_{ending}" for ending in field_endings)
        if own := [name for name, bare in words.items() if bare.endswith(ends)]:
            guess[field] = own[:1]


def split_words(name: str) -> str:
    """Return “datePublished”, “Date published” and “date-published” as “date_published”."""
    words = CAMEL_HUMP.sub("_", PREFIX.sub("", strip_accents(name.strip())))
    return re.sub(r"[^\w.]+|_+", "_", words).strip("_").casefold()


def _join_words(name: str) -> str:
    return split_words(name).replace("_", "")


def list_paths(record: dict[str, Any]) -> set[str]:
    """Return every name in a record, and the names one level below as outer.inner."""
    paths = set(record)
    for name, value in record.items():
        if isinstance(value, dict):
            paths |= {f"{name}.{inner}" for inner in value}
    return paths
