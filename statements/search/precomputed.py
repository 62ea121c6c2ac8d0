"""Compute the search terms and fingerprints of content that is about to be imported.

This needs no database, so that other processes can do it. It is most of the work of an import.
"""

from dataclasses import dataclass

from statements.content.reading import read_content
from statements.quotations.matching import fingerprint_content
from statements.search.terms import SearchTerms, terms_of_content


@dataclass(frozen=True)
class IndexData:
    terms: SearchTerms
    fingerprints: list[int]


def compute_index_data(text: str) -> IndexData:
    """Return the index data of content, given as the exact text that is hashed."""
    content = read_content(text)
    return IndexData(terms_of_content(content), sorted(fingerprint_content(content)))
