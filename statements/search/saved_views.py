"""Tell whether a saved view of the list searches for words of a content."""

from collections.abc import Iterable
from urllib.parse import parse_qs

from statements.content.schema import Content
from statements.models import SavedView
from statements.search.query import QueryTerm, parse_query
from statements.search.terms import terms_of_content


def quotes_any(view: SavedView, contents: Iterable[Content]) -> bool:
    """Return whether its name or its search has a word that one of these contents has."""
    texts = [view.name, *parse_qs(view.query).get("q", [])]
    terms = [term for text in texts for term in parse_query(text).terms]
    return any(_has_any(content, terms) for content in contents)


def _has_any(content: Content, terms: Iterable[QueryTerm]) -> bool:
    stems = terms_of_content(content).list_stems()
    phrases = (phrase for term in terms for phrase in term.to_phrases([content["language"]]))
    return any(stems.intersection(phrase) for phrase in phrases)
