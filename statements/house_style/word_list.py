"""Finding the words that a house avoids in a text. Plain words, never patterns; pure functions.

Only the rules that begin with the word at hand are tried, the longest first: 500 rules on a speech
take milliseconds, and no rule can make another one slow.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property


def _list_combining_ranges() -> str:
    """Every combining sign, as the ranges of a character class."""
    codes = [code for code in range(0x300, 0xFE30) if unicodedata.category(chr(code))[0] == "M"]
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


# Letters, figures, and the signs that Python counts to no word: vowel signs, and joiners.
LETTER = rf"[\w{_list_combining_ranges()}\u200c\u200d]"
WORD = re.compile(f"{LETTER}+")
APOSTROPHES = "'’ʼ‘"
# Scripts that put no space between words: there a word ends anywhere.
SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class WordRule:
    """What to avoid, and what to use; `match_case` finds it in exactly these letters alone."""

    avoid: str
    use: str = ""
    why: str = ""
    match_case: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return _compile_phrase(self.avoid, 0 if self.match_case else re.IGNORECASE)

    @cached_property
    def preferred_pattern(self) -> re.Pattern[str]:
        """Where a text says what this rule asks for, in whatever letters."""
        return _compile_phrase(self.use, re.IGNORECASE)


def _compile_phrase(phrase: str, flags: int) -> re.Pattern[str]:
    words = r"\s+".join(_escape_word(word) for word in phrase.split())
    before = f"(?<!{LETTER})" if _has_edge(phrase[0]) else ""
    # “can” is no part of “can’t”; “PHSE” is one of “PHSE’s”.
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
    """Words of a text that a rule avoids, and what may stand there instead."""

    rule: WordRule
    position: int
    words: str
    replacement: str


class WordList:
    """The rules in use, ordered for finding."""

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
        """What is avoided, in order and without overlap; at one place the longest rule speaks."""
        found: list[WordMatch] = []
        end = 0
        for hit in sorted(
            self._iter_candidates(text), key=lambda hit: (hit.position, -len(hit.words))
        ):
            if hit.position >= end:
                found.append(hit)
                end = hit.position + len(hit.words)
        return found

    def _iter_candidates(self, text: str) -> Iterator[WordMatch]:
        for word in WORD.finditer(text):
            for rule in self._by_word.get(word[0].casefold(), ()):
                if (match := rule.pattern.match(text, word.start())) and (
                    hit := _make_match(rule, match)
                ):
                    yield hit
        for rule in self._other_rules:
            for match in rule.pattern.finditer(text):
                if hit := _make_match(rule, match):
                    yield hit


def _make_match(rule: WordRule, match: re.Match[str]) -> WordMatch | None:
    """None where the text says already what the rule asks for, round these very words."""
    if rule.use and _is_already_preferred(rule, match):
        return None
    return WordMatch(rule, match.start(), match[0], _adapt_case(rule, match[0]))


def _adapt_case(rule: WordRule, words: str) -> str:
    """A capital at the start of a sentence stays one."""
    if not rule.match_case and words[:1].isupper() and rule.avoid[:1].islower():
        return _capitalise(rule.use)
    return rule.use


def _is_already_preferred(rule: WordRule, match: re.Match[str]) -> bool:
    wanted = {_normalise_phrase(rule.use)} | (
        {_normalise_phrase(_capitalise(rule.use))} if not rule.match_case else set()
    )
    # Room on both sides for what is asked for to hold these words, with wider spaces in it. With
    # more, each hit would search the rest of the text.
    room = 2 * len(rule.use) + 4
    window = (max(0, match.start() - room), match.end() + room)
    for goal in rule.preferred_pattern.finditer(match.string, *window):
        if goal.start() > match.start():
            return False
        if goal.end() >= match.end() and _normalise_phrase(goal[0]) in wanted:
            return True
    return False


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def _normalise_phrase(text: str) -> str:
    for apostrophe in APOSTROPHES:
        text = text.replace(apostrophe, "'")
    return " ".join(text.split())
