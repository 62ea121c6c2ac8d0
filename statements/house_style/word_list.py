"""Find the words that the organisation avoids in a text. Pure functions; rules are plain words.

At each word, only the rules that begin with it are tried. So 500 rules on a speech take
milliseconds, and no rule can make another one slow.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property


def _list_combining_ranges() -> str:
    codes = [code for code in range(0x300, 0xFE30) if unicodedata.category(chr(code))[0] == "M"]
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


# Letters, digits, and the signs that \w does not match: vowel signs and joiners.
LETTER = rf"[\w{_list_combining_ranges()}\u200c\u200d]"
WORD = re.compile(f"{LETTER}+")
APOSTROPHES = "'’ʼ‘"
# Scripts without spaces between words: a word may end anywhere.
SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class WordRule:
    """What to avoid and what to use instead; `match_case` matches exactly these letters only."""

    avoid: str
    use: str = ""
    why: str = ""
    match_case: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return _compile_phrase(self.avoid, 0 if self.match_case else re.IGNORECASE)

    @cached_property
    def preferred_pattern(self) -> re.Pattern[str]:
        """Matches text that already says what this rule asks for, in any case."""
        return _compile_phrase(self.use, re.IGNORECASE)


def _compile_phrase(phrase: str, flags: int) -> re.Pattern[str]:
    words = r"\s+".join(_escape_word(word) for word in phrase.split())
    before = f"(?<!{LETTER})" if _has_edge(phrase[0]) else ""
    # “can” does not match in “can’t”; “PHSE” matches in “PHSE’s”.
    after = (
        rf"(?!{LETTER}|[{APOSTROPHES}](?!s(?!{LETTER})){LETTER})" if _has_edge(phrase[-1]) else ""
    )
    return re.compile(before + words + after, flags)


def _escape_word(word: str) -> str:
    return "".join(f"[{APOSTROPHES}]" if c in APOSTROPHES else re.escape(c) for c in word)


def _has_edge(char: str) -> bool:
    return re.match(LETTER, char) is not None and not SPACELESS.match(char)


@dataclass(frozen=True)
class WordMatch:
    """Words of a text that a rule avoids, and their replacement."""

    rule: WordRule
    position: int
    words: str
    replacement: str


class WordList:
    """The active rules, by their first word and longest first."""

    def __init__(self, rules: Iterable[WordRule]) -> None:
        self._by_word: dict[str, list[WordRule]] = {}
        self._other_rules: list[WordRule] = []
        for rule in sorted(rules, key=lambda rule: -len(rule.avoid)):
            first = WORD.match(rule.avoid)
            if first and not SPACELESS.match(rule.avoid):
                self._by_word.setdefault(first[0].casefold(), []).append(rule)
            else:
                self._other_rules.append(rule)

    def find_matches(self, text: str) -> list[WordMatch]:
        """Return what to avoid, in order, without overlap; the longest rule at a place wins."""
        matches: list[WordMatch] = []
        end = 0
        for match in sorted(
            self._iter_candidates(text), key=lambda match: (match.position, -len(match.words))
        ):
            if match.position >= end:
                matches.append(match)
                end = match.position + len(match.words)
        return matches

    def _iter_candidates(self, text: str) -> Iterator[WordMatch]:
        for word in WORD.finditer(text):
            for rule in self._by_word.get(word[0].casefold(), ()):
                if match := rule.pattern.match(text, word.start()):
                    yield from _make_matches(rule, match)
        for rule in self._other_rules:
            for match in rule.pattern.finditer(text):
                yield from _make_matches(rule, match)


def _make_matches(rule: WordRule, match: re.Match[str]) -> Iterator[WordMatch]:
    if not rule.use or not _is_already_preferred(rule, match):
        yield WordMatch(rule, match.start(), match[0], _adapt_case(rule, match[0]))


def _adapt_case(rule: WordRule, words: str) -> str:
    if not rule.match_case and words[:1].isupper() and rule.avoid[:1].islower():
        return _capitalise(rule.use)
    return rule.use


def _is_already_preferred(rule: WordRule, match: re.Match[str]) -> bool:
    """Tell whether the match is part of the preferred words: “ensure” in “ensure that”."""
    accepted = {_normalise_phrase(rule.use)}
    if not rule.match_case:
        accepted.add(_normalise_phrase(_capitalise(rule.use)))
    # Enough of the text to contain the preferred words, even with wide spaces. Without a limit,
    # each match would search the rest of the text.
    margin = 2 * len(rule.use) + 4
    window = (max(0, match.start() - margin), match.end() + margin)
    for preferred in rule.preferred_pattern.finditer(match.string, *window):
        if preferred.start() > match.start():
            return False
        if preferred.end() >= match.end() and _normalise_phrase(preferred[0]) in accepted:
            return True
    return False


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def _normalise_phrase(text: str) -> str:
    for apostrophe in APOSTROPHES:
        text = text.replace(apostrophe, "'")
    return " ".join(text.split())
