"""Answer the newsdesk's search: drafts and editions, whether or not anything of them is public.

It asks two indexes. The public one has each statement whose edition is public or scheduled; that of
`drafts` has what the first lacks. No public page imports this module.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.utils.safestring import SafeString

from statements.content import schema
from statements.content.languages import LANGUAGES, base_language
from statements.models import SearchRow
from statements.search import backend
from statements.search.backend import Phrase, SearchQuery
from statements.search.drafts import LAST_INSTANT
from statements.search.excerpts import TextMatcher
from statements.search.query import ParsedQuery, QueryTerm, build_clauses, parse_query
from statements.search.spelling import suggest
from statements.search.vocabulary import Vocabulary, load_vocabulary

ALL_LANGUAGES = sorted({base_language(code) for code, _ in LANGUAGES})


@dataclass(frozen=True)
class NewsdeskHits:
    """The statements found, or the `problem` with what was typed.

    There are more than these if `has_more`: the newest are here.
    """

    parsed: ParsedQuery
    statement_ids: list[int] = field(default_factory=list)
    has_more: bool = False


def find_statements(text: str, *, limit: int) -> NewsdeskHits:
    """Return the statements with these words, the newest first, up to this many of each index.

    Two queries load the vocabulary, one to seven the hits of the public index, one those of drafts.
    """
    parsed = parse_query(text)
    if parsed.problem or not parsed.required_terms:
        return NewsdeskHits(parsed)
    query = _build_query(parsed, load_vocabulary())
    found = _find_in_public_index(query, limit)
    drafts = _find_in_drafts(query, limit)
    ids = list(dict.fromkeys([*drafts[:limit], *found[:limit]]))
    return NewsdeskHits(parsed, ids, has_more=max(len(found), len(drafts)) > limit)


def suggest_search(parsed: ParsedQuery, *, at: dt.datetime) -> str:
    """Return another spelling of a search that found nothing; "" if there is none.

    Its words come from what is public: nothing counts the words of drafts.
    """
    suggestion = suggest(parsed, load_vocabulary(), at=at) if parsed.required_terms else None
    text = suggestion.to_query_text() if suggestion else ""
    return text if text and find_statements(text, limit=1).statement_ids else ""


def _build_query(parsed: ParsedQuery, vocabulary: Vocabulary) -> SearchQuery:
    everything = replace(vocabulary, languages=ALL_LANGUAGES)
    return SearchQuery(
        required=tuple(build_clauses(parsed.required_terms, everything)),
        excluded=tuple(build_clauses(parsed.excluded_terms, everything)),
    )


def _find_in_public_index(query: SearchQuery, limit: int) -> list[int]:
    newest = SearchRow.objects.order_by("-first_release_at", "-statement_id")
    until = newest.values_list("first_release_at", flat=True).first()
    if until is None:
        return []
    result = backend.find_newest(replace(query, until=until), limit=limit + 1, at=LAST_INSTANT)
    return [hit.statement_id for hit in result.hits]


POSTGRESQL_SELECT = (
    "SELECT statement_id FROM statements_draftsearchrow WHERE words @@ %s::tsquery "
    "ORDER BY statement_id DESC LIMIT %s"
)
SQLITE_SELECT = (
    "SELECT rowid FROM statements_search_drafts WHERE statements_search_drafts MATCH %s "
    "ORDER BY rowid DESC LIMIT %s"
)


def _find_in_drafts(query: SearchQuery, limit: int) -> list[int]:
    is_postgresql = connection.vendor == "postgresql"
    sql = POSTGRESQL_SELECT if is_postgresql else SQLITE_SELECT
    words = backend.build_match(query)
    with connection.cursor() as cursor:
        cursor.execute(sql, [words, limit + 1])
        return [statement_id for (statement_id,) in cursor.fetchall()]


# --- The sentence found ---------------------------------------------------------------------------


@dataclass(frozen=True)
class FoundSentence:
    """Where a search matches: the part of the text, marked, and who says it."""

    text: SafeString
    speaker: str


def find_sentence(contents: Iterable[Mapping[str, Any]], parsed: ParsedQuery) -> FoundSentence:
    """Return the part of these contents that matches most words of the search; "" if none does.

    Of parts that match as many, it is the first.
    """
    best, best_count, best_speaker = None, 0, ""
    for content in contents:
        if content.get("erased"):
            continue
        terms = _build_phrases(parsed.required_terms, content["language"])
        for text, speaker in _iterate_texts(content):
            matcher = TextMatcher(text, content["language"], terms)
            count = len(matcher.get_matched_terms())
            if count > best_count:
                best, best_count, best_speaker = matcher, count, speaker
    return FoundSentence(best.shorten() if best else SafeString(), best_speaker)


def _build_phrases(terms: list[QueryTerm], language: str) -> list[set[Phrase]]:
    return [term.to_phrases([language]) for term in terms]


def _iterate_texts(content: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Return the texts that search reads, with their speakers: first the passages."""
    for passage in schema.list_passages(content):
        speaker = passage["speaker"]["name"] if passage["speaker"] else ""
        for field_ in schema.PASSAGE_FIELDS:
            if field_.key in ("heading", "paragraphs"):
                yield from ((text, speaker) for text in field_.texts_in(passage))
    for field_ in schema.FIELDS:
        if field_.search in ("summary", "body") and field_.type is not schema.BLOCKS:
            yield from ((text, "") for text in field_.texts_in(content))


def mark_words(text: str, language: str, parsed: ParsedQuery) -> SafeString:
    """Return a headline, escaped, with the words of the search marked."""
    return TextMatcher(text, language, _build_phrases(parsed.required_terms, language)).highlight()
