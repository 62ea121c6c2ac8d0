"""Read a PHP array as text, in which Drupal's node export writes its items by default.

Only literals are read: arrays, objects, texts, numbers and constants. Nothing is run.
"""

import re
from typing import Any

MAX_DEPTH = 60
START = re.compile(
    r"\s*(?:<\?php\s+(?:return\s+|\$\w+\s*=\s*)?(?=array\s*\(|\[)|(?=array\s*\())", re.IGNORECASE
)
SKIPPED = re.compile(r"(?:\s+|/\*.*?\*/|(?://|#)[^\n]*)+", re.DOTALL)
ARRAY_START = re.compile(r"(?:\(object\)\s*)?(?:array\s*\(|\[)", re.IGNORECASE)
OBJECT_START = re.compile(r"\\?(?:stdClass::__set_state|\w+::__set_state)\s*\(", re.IGNORECASE)
SINGLE_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*+)'", re.DOTALL)
DOUBLE_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
CONCATENATION = re.compile(r"\.(?!\d)")
ARROW = re.compile("=>")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
CONSTANT = re.compile(r"true|false|null", re.IGNORECASE)
CONSTANTS = {"true": True, "false": False, "null": None}
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "v": "\v", "f": "\f", "e": "\x1b"}
ESCAPE = re.compile(
    r"\\(?:([nrtvfe\\$\"])|x([0-9A-Fa-f]{1,2})|u\{([0-9A-Fa-f]{1,6})\}|([0-7]{1,3}))"
)


class NoPhpArray(ValueError):
    """The text is no PHP array of literals; the message is a sentence."""


def looks_like_php_array(start: str) -> bool:
    return bool(START.match(start)) and "=>" in start[:4000]


def parse_php_array(text: str) -> Any:
    """Return the array as lists and dicts. Raises NoPhpArray."""
    match = START.match(text)
    if not match:
        raise NoPhpArray("It does not begin with an array.")
    return _Parser(text, match.end()).read_value(0)


class _Parser:
    def __init__(self, text: str, position: int) -> None:
        self.text, self.position = text, position

    def _skip(self) -> None:
        if match := SKIPPED.match(self.text, self.position):
            self.position = match.end()

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        self._skip()
        match = pattern.match(self.text, self.position)
        if match:
            self.position = match.end()
        return match

    def read_value(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise NoPhpArray("It is nested too deep.")
        if match := self._take(ARRAY_START):
            return self._read_items("]" if match[0].endswith("[") else ")", depth)
        if self._take(OBJECT_START):
            value = self.read_value(depth + 1)
            self._expect(")")
            return value
        value = self._read_scalar()
        while isinstance(value, str) and self._take(CONCATENATION):
            value += str(self._read_scalar())
        return value

    def _read_scalar(self) -> Any:
        if match := self._take(SINGLE_QUOTED):
            return re.sub(r"\\([\\'])", r"\1", match[1])
        if match := self._take(DOUBLE_QUOTED):
            return ESCAPE.sub(_unescape, match[1])
        if match := self._take(NUMBER):
            return float(match[0]) if re.search(r"[.eE]", match[0]) else int(match[0])
        if match := self._take(CONSTANT):
            return CONSTANTS[match[0].casefold()]
        line = self.text.count("\n", 0, self.position) + 1
        raise NoPhpArray(f"The array breaks at line {line}: no text, number or array stands there.")

    def _read_items(self, closing: str, depth: int) -> Any:
        items: dict[Any, Any] = {}
        has_keys = False
        while not self._is_at(closing):
            value = self.read_value(depth + 1)
            if self._take(ARROW):
                key, value = value, self.read_value(depth + 1)
                has_keys = has_keys or key != len(items)
            else:
                key = len(items)
            items[key] = value
            if not self._is_at(closing):
                self._expect(",")
        self._expect(closing)
        return (
            {str(key): value for key, value in items.items()} if has_keys else list(items.values())
        )

    def _is_at(self, sign: str) -> bool:
        self._skip()
        return self.text.startswith(sign, self.position)

    def _expect(self, sign: str) -> None:
        if not self._is_at(sign):
            line = self.text.count("\n", 0, self.position) + 1
            raise NoPhpArray(f"The array breaks at line {line}: “{sign}” is missing.")
        self.position += len(sign)


def _unescape(match: re.Match[str]) -> str:
    letter, short_hex, long_hex, octal = match.groups()
    if letter:
        return ESCAPES.get(letter, letter)
    code = int(short_hex or long_hex, 16) if short_hex or long_hex else int(octal, 8)
    return chr(code) if code < 0x110000 else ""
