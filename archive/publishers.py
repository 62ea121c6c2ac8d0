"""Find who published a row, from the fields that name it."""

import re
from collections.abc import Collection

from archive.matching.name_matcher import NameMatcher
from archive.readers.row import Row
from organisations.models import Organisation
from statements.parsing.name_shapes import is_named_organisation

OWN_OFFICE = re.compile(
    r"(?:the )?(?:corporate |central )?(?:press|media|news|comms|communications?|public relations)"
    r" ?(?:office|team|department|desk|unit|service|centre|room)",
    re.IGNORECASE,
)
"""What every site calls the people who write its news: it names no organisation."""


def find_publishers(
    row: Row,
    name_matcher: NameMatcher,
    *,
    speakers: Collection[str],
    doubts: list[str],
    site: str,
) -> list[Organisation]:
    """Return who publishes the row; nobody where the row names one that is in doubt.

    A row that names nobody has the mapping's publisher, else the only organisation that publishes,
    else the site itself. The title of an old site may be any words, so it must look like a name.
    `speakers` are the names of those who speak in the row.
    """
    organisations, people, publisher_doubts = _match_names(row, name_matcher, speakers)
    doubts += publisher_doubts
    if people:
        doubts.append(f"Issued with {', '.join(people)}, whose own words are not marked in it.")
    if publishers := [named for named in organisations if named.publishes]:
        return _drop_repeated(publishers)
    doubts += [f"{named} does not publish here." for named in organisations]
    matcher = name_matcher.organisations
    if organisations or publisher_doubts:
        publisher = matcher.find_mapped_publisher()
    else:
        is_named = is_named_organisation(row.site_title) or matcher.is_known(row.site_title)
        publisher = matcher.find_publisher(row.site_title if is_named else site, where=row.location)
    return [publisher] if publisher else []


def _drop_repeated(organisations: list[Organisation]) -> list[Organisation]:
    """Return each once, in their order; new ones have no key to go by yet."""
    return [named for n, named in enumerate(organisations) if named not in organisations[:n]]


def _match_names(
    row: Row, name_matcher: NameMatcher, speakers: Collection[str]
) -> tuple[list[Organisation], list[str], list[str]]:
    organisations, people, doubts = [], [], []
    texts = [text for text in row.issuers if not OWN_OFFICE.fullmatch(text)]
    for name in row.organisations:
        if OWN_OFFICE.fullmatch(name):
            continue
        if name_matcher.is_list(name):
            texts.append(name)
            continue
        organisation, why = name_matcher.organisations.match_publisher(name, where=row.location)
        organisations += [organisation] if organisation else []
        doubts += [f"“{name}” published it: {why}"] if why else []
    for text in texts:
        issuing, issuing_people, why_not = name_matcher.match_issuers(
            text, people=speakers, where=row.location
        )
        organisations += issuing
        people += issuing_people
        doubts += why_not
    return organisations, people, doubts
