"""Read the style sheets of a page as far as they matter: classes and tags with their looks."""

import re
from dataclasses import dataclass, field

MAX_RULES = 5_000
MAX_LIST_LEVEL = 9
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"([^{}]{1,2000})\{([^{}]{0,5000})\}")
SELECTOR = re.compile(r"(?P<tag>[a-z][a-z0-9]*)?(?:\.(?P<class>[\w-]+))?", re.IGNORECASE)
KEPT_PROPERTIES = {
    "font-weight", "font-style", "font-size", "text-decoration", "text-decoration-line",
    "vertical-align", "display", "visibility", "mso-hide", "mso-list", "mso-element",
    "mso-text-raise", "list-style-type", "list-style",
}  # fmt: skip
GOOGLE_LIST_CLASS = re.compile(r"lst-[\w-]+-(\d)\b")
GOOGLE_COUNTER = re.compile(
    r"\.(lst-[\w-]+-\d)\s*>\s*li:before\s*\{[^}]{0,200}counter\([\w-]+,\s*([\w-]+)\)", re.IGNORECASE
)
COUNTER_TYPES = {
    "decimal": "1", "lower-latin": "a", "lower-alpha": "a", "upper-latin": "A", "upper-alpha": "A",
    "lower-roman": "i", "upper-roman": "I",
}  # fmt: skip


@dataclass
class PageStyles:
    """What the style sheets of a page say, by tag, by class, and by both."""

    rules: dict[tuple[str, str], str] = field(default_factory=dict)
    counters: dict[str, str] = field(default_factory=dict)
    """The class of a list of Google Docs to the type of its numbers: 1, a, A, i or I."""

    def read(self, sheet: str) -> None:
        sheet = CSS_COMMENT.sub("", sheet.replace("<!--", "").replace("-->", ""))
        for name, kind in GOOGLE_COUNTER.findall(sheet):
            self.counters[name] = COUNTER_TYPES.get(kind.casefold(), "1")
        for selectors, declarations in RULE.findall(sheet)[:MAX_RULES]:
            if not (kept := _keep_declarations(declarations)):
                continue
            for selector in selectors.split(",")[:50]:
                if (match := SELECTOR.fullmatch(selector.strip())) and match[0]:
                    key = ((match["tag"] or "").casefold(), match["class"] or "")
                    self.rules[key] = f"{self.rules.get(key, '')}{kept}"[:5000]

    def find(self, tag: str, classes: list[str], inline: str) -> str:
        """Return the declarations that are in force for a tag, the strongest last."""
        keys = [(tag, ""), *(("", name) for name in classes), *((tag, name) for name in classes)]
        found = [rule for key in keys if (rule := self.rules.get(key))]
        return "".join([*found, inline])

    def find_list_level(self, classes: list[str]) -> int | None:
        """Return the level of a list that Google Docs has written, which does not nest them."""
        for name in classes:
            if match := GOOGLE_LIST_CLASS.fullmatch(name):
                return min(int(match[1]), MAX_LIST_LEVEL - 1) + 1
        return None


def _keep_declarations(text: str) -> str:
    kept = []
    for declaration in text.split(";"):
        name, _, value = declaration.partition(":")
        if name.strip().casefold() in KEPT_PROPERTIES and value.strip():
            kept.append(f"{name.strip().casefold()}:{value.strip()};")
    return "".join(kept)
