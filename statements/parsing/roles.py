"""Split the description of a person into role and organisation, where it says which is which."""

import re

from organisations.name_words import ORGANISATION_WORDS, OTHER_WORDS, ROLE

ARTICLES = re.compile(r"^(?:(?:who is|the|our|an?)\s+)+", re.IGNORECASE)
MODIFIERS = {
    "vice", "deputy", "chief", "immediate", "past", "interim", "acting", "former", "assistant",
    "joint", "co", "senior", "vice-president", "executive", "managing", "council", "prime",
    "first", "general", "shadow", "and", "national", "regional", "global", "artistic", "medical",
    "scientific", "technical", "financial", "clinical", "creative", "corporate", "operating",
    "operations", "marketing", "commercial", "editorial", "programme", "project", "policy",
    "communications", "news", "press", "media", "honorary", "life", "group", "british",
}  # fmt: skip
OFFICES = {"secretary", "minister", "commissioner"}  # "Harbour Secretary" is the whole of a role
QUALIFIERS = set(
    "local public national health housing education justice defence culture trade".split()
)
ROLE_LINKS = {"of", "for", "and", "the", "to", "&"}
ORGANISATION_LINKS = ROLE_LINKS | {"in", "y", "yr", "a", "ac", "de", "du", "des"}
ROLE_LINK = re.compile(r"\b(?:of|for|at|to)\b")
ARTICLE_WITHOUT_LINK = re.compile(r"\b(?!(?:of|for|to|and)\b)[\w’'-]+ the\b")
SECOND_ROLE = re.compile(r"\band (?:[\w-]+ ){1,4}(?:of|at|for)\b")
""""… of the Ports Group and CEO of …": the name of an organisation has ended before."""
WEAK_ORGANISATION_WORDS = ORGANISATION_WORDS & set(
    """services service systems works water trade transport energy media research power post press
    house cross court street rights team office board department directorate international
    campaign programme project community family executive force regulator solutions technologies
    conference watch action age aid concern harbours ports school schools library cancer
    committee group network industries industry insurance partners treasury""".split()
)
"""They name a part of an organisation as well: "Head of Media Services"."""
SPOKESPERSON_FOR = re.compile(
    r"(?:(?<=spokesperson)|(?<=spokesman)|(?<=spokeswoman)) for ", re.IGNORECASE
)
# In Welsh the organisation follows its officer without a link: "Llywydd y Gymdeithas".
WELSH_ROLE = re.compile(
    r"((?:Is-)?[Ll]lywydd|(?:Is-)?[Cc]adeirydd|Prif Weithredwr|Arweinydd|Llefarydd)"
    r"[,]? (?:o |ar ran )?((?:yr? )?[A-ZÂÊÎÔÛŴŶ].*)$"
)
WELSH_ORGANISATIONS = {"cyngor", "cymdeithas", "prifysgol", "adran", "llywodraeth"}


def split_description(description: str) -> tuple[str, str]:
    """Split "Chair of the ADCS" into role and organisation, where a word says which is which."""
    if welsh := WELSH_ROLE.match(description):
        return (welsh[1], welsh[2]) if is_organisation(welsh[2]) else (welsh[1], "")
    if link := re.match(r"(?:of|from|at) (?=\S)", description):
        organisation = description[link.end() :]
        return "", organisation if is_organisation(organisation) else ""
    bare = ARTICLES.sub("", description)
    for pattern in (r" at (?=\S)", SPOKESPERSON_FOR, r" of (?=the )", r" of (?!State\b)", r", "):
        role, link_found, organisation = _split_once(bare, pattern)
        is_pure = pattern != r", " or not ROLE_LINK.search(role)  # not "Member for Schools, Work"
        if link_found and is_pure and is_role(role) and is_organisation(organisation):
            return role, organisation
    has_unknown_link = re.search(r"\b(?:at|of(?! State))\b", bare)  # "President of Y"
    return (bare, "") if is_role(bare) and not has_unknown_link else ("", "")


def _split_once(text: str, pattern: "str | re.Pattern[str]") -> tuple[str, bool, str]:
    match = re.search(pattern, text)
    return (text[: match.start()], True, text[match.end() :]) if match else (text, False, "")


def is_role(text: str) -> bool:
    """Say whether this is a role as printed: "Cabinet Member for Schools".

    "Ports Agency Chairman" is more than that.
    """
    if "," in text or not (match := ROLE.search(text)) or ARTICLE_WITHOUT_LINK.search(text):
        return False
    is_office = match[0].casefold() in OFFICES
    return _is_title(text, ROLE_LINKS | MODIFIERS) and all(
        word.casefold() in MODIFIERS or (is_office and _is_plain_word(word))
        for word in text[: match.start()].split()
    )


def _is_plain_word(word: str) -> bool:
    """Say whether no organisation is in the word: "Harbour", not "TechPorts" or "Port’s"."""
    return (
        word.isalpha()
        and (word.istitle() or word.islower())
        and word.casefold() not in ORGANISATION_WORDS | OTHER_WORDS - QUALIFIERS
    )


def is_organisation(text: str) -> bool:
    """Say whether this can only be an organisation: it says so itself, or is an abbreviation."""
    bare = re.sub(r"^the |\s*\([^()]*\)$", "", text, flags=re.IGNORECASE)
    words = bare.split()
    if not words or "," in bare or ROLE.search(bare) or not _is_title(bare, ORGANISATION_LINKS):
        return False
    if len(words) == 1:
        return len(bare) > 2 and bare.isupper()
    is_definite = text.startswith("the ")
    words_of_kind = ORGANISATION_WORDS - (set() if is_definite else WEAK_ORGANISATION_WORDS)
    kinds = [word.casefold() in words_of_kind or _is_abbreviation(word) for word in words]
    if SECOND_ROLE.search(bare):
        return False
    if is_definite:
        return any(kinds)
    is_head_first = words[1] in ("of", "for", "y") or words[0].casefold() in WELSH_ORGANISATIONS
    return kinds[-1] or (kinds[0] and is_head_first)  # not "Trust Services"


def _is_abbreviation(word: str) -> bool:
    return len(word) > 2 and word.isupper()


def _is_title(text: str, links: set[str]) -> bool:
    words = text.split()
    return len(words) <= 14 and all(
        word[0].isupper() or word.casefold() in links or bool(ROLE.fullmatch(word))
        for word in words
    )
