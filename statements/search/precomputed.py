"""What frozen words will be found by, in search and by whoever checks a quotation.

Made of the words alone and without a database, so that any process can; it is most of the work that
an edition takes on its way in.
"""

import json
from dataclasses import dataclass

from statements.quotations.matching import fingerprints_of
from statements.search.terms import Terms, words_alone


@dataclass(frozen=True)
class FoundBy:
    terms: Terms
    prints: list[int]


def found_by(text: str) -> FoundBy:
    """Of the exact text that is hashed."""
    content = json.loads(text)
    return FoundBy(words_alone(content), sorted(fingerprints_of(content)))
