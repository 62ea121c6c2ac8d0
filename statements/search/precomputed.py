"""What frozen words will be found by, in search and by whoever checks a quotation.

Made of the words alone and without a database, so that any process can; it is most of the work that
an edition takes on its way in.
"""

import json
from dataclasses import dataclass

from statements.quotations.matching import fingerprint_content
from statements.search.terms import SearchTerms, terms_of_content


@dataclass(frozen=True)
class IndexData:
    terms: SearchTerms
    fingerprints: list[int]


def compute_index_data(text: str) -> IndexData:
    """Of the exact text that is hashed."""
    content = json.loads(text)
    return IndexData(terms_of_content(content), sorted(fingerprint_content(content)))
