"""Names in a source -> the people, bodies and themes on the books, else new ones; and a list of
every match for a person to look over.

In a dry run what is new stays out of the database; `save` writes what is new so far.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models, transaction

from archive.issuers import split_issuers
from archive.mapping import Mapping
from archive.readers.row import Label
from organisations.models import Appointment, Organisation, Speaker
from statements.content.slugs import slug_base
from statements.drafting.matching import name_key
from statements.models import Theme
from statements.parsing.attribution import HONORIFICS, POST_NOMINALS

MAX_NAME_CHARS = 200
TITLES = HONORIFICS | {"the", "right", "honourable"}
IGNORED_THEMES = {
    "uncategorized",
    "uncategorised",
    "unkategorisiert",
    "allgemein",
    "general",
    "none",
}


@dataclass
class NameMatch:
    """One name and what became of it."""

    kind: str  # person, role, body, theme
    name: str
    matched_to: str
    how: str  # certain, doubtful, new, left out
    why: str = ""
    times: int = 0
    where: str = ""


@dataclass
class NameMatcher:
    """Asked for each name of a run; the database is read once."""

    mapping: Mapping
    matches: dict[tuple[str, str], NameMatch] = field(default_factory=dict)
    source_organisations: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._unsaved: list[models.Model] = []
        self._speakers: dict[str, list[Speaker]] = {}
        self._speakers_by_bare_name: dict[str, list[Speaker]] = {}
        self._surnames: dict[str, dict[str, str]] = {}  # → bare name → a name as printed
        for speaker in Speaker.objects.order_by("pk"):
            self._register_speaker(speaker)
        self._organisations: dict[str, Organisation] = {}
        for body in Organisation.objects.order_by("-pk"):
            self._register_organisation(body)
        self._roles: dict[tuple, Appointment] = {}
        for role in Appointment.objects.select_related("organisation", "speaker").order_by("-pk"):
            self._roles[_role_key(role)] = role
        self._themes = {name_key(theme.name): theme for theme in Theme.objects.all()}
        self._slugs: dict[type[models.Model], set[str]] = {
            model: set(model._default_manager.values_list("slug", flat=True))
            for model in (Speaker, Organisation, Theme)
        }

    def _register_speaker(self, speaker: Speaker) -> None:
        self._speakers.setdefault(name_key(speaker.name), []).append(speaker)
        bare = strip_titles(speaker.name)
        self._speakers_by_bare_name.setdefault(bare, []).append(speaker)
        self._surnames.setdefault(bare.rpartition(" ")[2], {}).setdefault(bare, speaker.name)

    def _register_organisation(self, body: Organisation) -> None:
        for name in (body.short_name, body.name_in_text, body.name):
            if name:
                self._organisations[name_key(name)] = body

    def pop_new(self) -> list[models.Model]:
        """Those that were found to be new since this was asked last, to be saved in this order."""
        new, self._unsaved = self._unsaved, []
        return new

    @transaction.atomic
    def save(self, new: list[models.Model]) -> None:
        for one in new:
            one.save()

    # --- People ---

    def match_speaker(self, name: str, *, where: str) -> Speaker | None:
        """Whoever is called so; None where the mapping says that it is nobody."""
        said = self.mapping.people.get(name)
        if said == "":
            self._log_match("person", name, "", "left out", "The mapping says so.", where)
            return None
        wanted = said or name
        if exact := self._speakers.get(name_key(wanted)):
            several = len(exact) > 1
            why = f"{len(exact)} are called so: the first was taken." if several else ""
            self._log_match(
                "person", name, exact[0].name, "doubtful" if several else "certain", why, where
            )
            return exact[0]
        near = self._speakers_by_bare_name.get(strip_titles(wanted))
        if near and " " in strip_titles(wanted):  # a surname alone is nobody's
            why = "The names differ in titles or letters after the name."
            self._log_match("person", name, near[0].name, "doubtful", why, where)
            return near[0]
        speaker = Speaker(name=wanted[:MAX_NAME_CHARS], slug=self._make_slug(Speaker, wanted))
        bare = strip_titles(wanted)
        same_surname = self._surnames.get(bare.rpartition(" ")[2], {})
        alike = [
            printed for other, printed in same_surname.items() if _is_similar_name(other, bare)
        ]
        why = f"Perhaps the same person as {', '.join(alike[:3])}." if alike else ""
        self._log_match("person", name, wanted, "doubtful" if alike else "new", why, where)
        self._register_speaker(speaker)
        self._unsaved.append(speaker)
        return speaker

    def match_role(
        self, speaker: Speaker, role: str, body: Organisation, *, where: str
    ) -> Appointment:
        wanted = Appointment(speaker=speaker, organisation=body, role=role[:MAX_NAME_CHARS])
        known = self._roles.get(_role_key(wanted))
        if known is None:
            known = self._roles[_role_key(wanted)] = wanted
            self._unsaved.append(wanted)
            why = "Without dates: check them."
            self._log_match("role", str(wanted), str(wanted), "new", why, where)
        return known

    # --- Bodies ---

    def match_organisation(
        self, name: str, *, where: str, in_text: str = "", publishes: bool = False
    ):
        """The body called so, made where there is none; None where the mapping says so."""
        said = self.mapping.organisations.get(name)
        if said == "":
            self._log_match("body", name, "", "left out", "The mapping says so.", where)
            return None
        wanted = (said or name)[:MAX_NAME_CHARS]
        known = self._organisations.get(name_key(wanted)) or self._organisations.get(
            name_key(in_text or wanted)
        )
        if known is None:
            known = Organisation(
                name=wanted,
                name_in_text=in_text[: MAX_NAME_CHARS + 10] if in_text != wanted else "",
                slug=self._make_slug(Organisation, wanted),
                publishes=publishes,
            )
            self._register_organisation(known)
            self._unsaved.append(known)
            self._log_match("body", name, wanted, "new", "", where)
        else:
            self._log_match("body", name, known.name, "certain", "", where)
        return known

    def is_organisation(self, name: str) -> bool:
        if name in self.source_organisations or name in self.mapping.organisations:
            return True
        return name_key(name) in self._organisations

    def is_known_person(self, name: str) -> bool:
        return name in self.mapping.people or bool(
            self._speakers_by_bare_name.get(strip_titles(name))
        )

    def match_issuers(self, text: str, *, where: str) -> tuple[list[Organisation], list[Speaker]]:
        """The bodies and the people in a text that mixes them."""
        bodies: list[Organisation] = []
        people: list[Speaker] = []
        for one in split_issuers(
            text, is_organisation=self.is_organisation, is_known_person=self.is_known_person
        ):
            if one.is_person:
                people += filter(None, [self.match_speaker(one.name, where=where)])
                continue
            bodies += filter(None, [self.match_organisation(one.name, where=where, publishes=True)])
            match = self.matches[("body", one.name)]
            if one.is_doubtful and match.how == "new":
                match.how, match.why = "doubtful", f"Cut out of “{text[:200]}”."
        return bodies, people

    def find_publisher(self) -> Organisation | None:
        """The mapping's, else the only one that publishes."""
        if self.mapping.publisher:
            return self.match_organisation(
                self.mapping.publisher, where="the mapping", publishes=True
            )
        publishing = {id(body): body for body in self._organisations.values() if body.publishes}
        return next(iter(publishing.values())) if len(publishing) == 1 else None

    # --- Themes ---

    def match_themes(self, labels: Iterable[Label], *, where: str) -> list[Theme]:
        found: dict[int, Theme] = {}
        for label in labels:
            if theme := self._match_theme(label, where):
                found[id(theme)] = theme
        return list(found.values())

    def _match_theme(self, label: Label, where: str) -> Theme | None:
        said = self.mapping.themes.get(label.name)
        wanted = (said if said is not None else label.name)[:100]
        if said == "" or name_key(wanted) in IGNORED_THEMES:
            self._log_match("theme", label.name, "", "left out", "", where)
            return None
        if known := self._themes.get(name_key(wanted)):
            self._log_match("theme", label.name, known.name, "certain", "", where)
            return known
        if said is None and not self.mapping.make_themes:
            self._log_match("theme", label.name, "", "left out", "No theme is called so.", where)
            return None
        theme = Theme(name=wanted, slug=self._make_slug(Theme, wanted))
        self._themes[name_key(wanted)] = theme
        self._unsaved.append(theme)
        self._log_match("theme", label.name, wanted, "new", "", where)
        return theme

    # --- The list to look over ---

    def _log_match(self, sort: str, name: str, to: str, how: str, why: str, where: str) -> None:
        match = self.matches.setdefault((sort, name), NameMatch(sort, name, to, how, why, 0, where))
        match.times += 1

    def _make_slug(self, model: type[models.Model], name: str) -> str:
        root = slug_base(name, default=model.__name__.lower())
        slug, number = root, 1
        while slug in self._slugs[model]:
            number += 1
            slug = f"{root}-{number}"
        self._slugs[model].add(slug)
        return slug


def _role_key(role: Appointment) -> tuple:
    return (name_key(role.speaker.name), name_key(role.organisation.name), name_key(role.role))


def strip_titles(name: str) -> str:
    """A person's name without titles before it and letters after it."""
    words = [word for word in re.split(r"[\s,]+", name) if word]
    while len(words) > 2 and POST_NOMINALS.match(words[-1]):
        words.pop()
    kept = [word for word in words if word.casefold().strip(".") not in TITLES]
    return name_key(" ".join(kept or words))


def _is_similar_name(one: str, other: str) -> bool:
    """The same surname, and first names that could be each other's short form."""
    first, last = one.split(), other.split()
    if len(first) < 2 or len(last) < 2 or first[-1] != last[-1]:
        return False
    a, b = first[0].strip("."), last[0].strip(".")
    return a.startswith(b) or b.startswith(a)
