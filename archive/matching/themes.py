"""Match the labels of a source with themes."""

from collections.abc import Iterable

from archive.mapping import Mapping
from archive.matching.match_log import CERTAIN, LEFT_OUT, NEW, THEME, MatchLog, NameMatch
from archive.matching.new_objects import NewObjects
from archive.readers.row import Label
from statements.drafting.matching import name_key
from statements.models import Theme

MAX_THEME_CHARS = 100
IGNORED_THEMES = {
    "uncategorized",
    "uncategorised",
    "unkategorisiert",
    "allgemein",
    "general",
    "none",
}


class ThemeMatcher:
    """Know every theme by name; the database is read once."""

    def __init__(self, mapping: Mapping, log: MatchLog, new_objects: NewObjects) -> None:
        self.mapping, self.log, self.new_objects = mapping, log, new_objects
        self._by_name: dict[str, Theme] = {
            name_key(theme.name): theme for theme in Theme.objects.all()
        }

    def match(self, labels: Iterable[Label], *, where: str) -> list[Theme]:
        themes: dict[int, Theme] = {}
        for label in labels:
            if theme := self._match_label(label, where):
                themes[id(theme)] = theme
        return list(themes.values())

    def _match_label(self, label: Label, where: str) -> Theme | None:
        mapped = self.mapping.themes.get(label.name)
        wanted = (mapped if mapped is not None else label.name)[:MAX_THEME_CHARS]
        if mapped == "" or name_key(wanted) in IGNORED_THEMES:
            self._log(label.name, LEFT_OUT, where)
            return None
        if known := self._by_name.get(name_key(wanted)):
            self._log(label.name, CERTAIN, where, known.name)
            return known
        if mapped is None and not self.mapping.make_themes:
            self._log(label.name, LEFT_OUT, where, why="No theme is called so.")
            return None
        theme = Theme(name=wanted, slug=self.new_objects.choose_slug(Theme, wanted))
        self._by_name[name_key(wanted)] = theme
        self.new_objects.add(theme)
        self._log(label.name, NEW, where, wanted)
        return theme

    def _log(self, name: str, how: str, where: str, matched_to: str = "", *, why: str = "") -> None:
        self.log.add(NameMatch(THEME, name, matched_to, how, why, where=where))
