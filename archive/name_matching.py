"""Match names in a source with known people, organisations and themes, or create new ones.

Every match is listed for a person to check. New objects stay in memory until `save` writes them,
so a dry run writes nothing.
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

RoleKey = tuple[str, str, str]
MAX_NAME_CHARS = 200
MAX_THEME_CHARS = 100
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
    """One name and what it was matched to."""

    kind: str  # person, role, organisation, theme
    name: str
    matched_to: str
    how: str  # certain, doubtful, new, left out
    why: str = ""
    times: int = 0
    where: str = ""


@dataclass
class NameMatcher:
    """Match each name of a run; the database is read once."""

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
        for organisation in Organisation.objects.order_by("-pk"):
            self._register_organisation(organisation)
        self._roles: dict[RoleKey, Appointment] = {}
        for role in Appointment.objects.select_related("organisation", "speaker").order_by("-pk"):
            self._roles[_role_key(role)] = role
        self._themes: dict[str, Theme] = {
            name_key(theme.name): theme for theme in Theme.objects.all()
        }
        self._slugs: dict[type[models.Model], set[str]] = {
            model: set(model._default_manager.values_list("slug", flat=True))  # noqa: SLF001 - public in Django, despite its name
            for model in (Speaker, Organisation, Theme)
        }

    def _register_speaker(self, speaker: Speaker) -> None:
        self._speakers.setdefault(name_key(speaker.name), []).append(speaker)
        bare = strip_titles(speaker.name)
        self._speakers_by_bare_name.setdefault(bare, []).append(speaker)
        self._surnames.setdefault(bare.rpartition(" ")[2], {}).setdefault(bare, speaker.name)

    def _register_organisation(self, organisation: Organisation) -> None:
        for name in (organisation.short_name, organisation.name_in_text, organisation.name):
            if name:
                self._organisations[name_key(name)] = organisation

    def pop_new(self) -> list[models.Model]:
        """Return the new objects since the last call, in the order in which to save them."""
        new, self._unsaved = self._unsaved, []
        return new

    @transaction.atomic
    def save(self, new: list[models.Model]) -> None:
        for new_object in new:
            new_object.save()

    # --- People ---

    def match_speaker(self, name: str, *, where: str) -> Speaker | None:
        """Return the speaker of this name; None where the mapping says that it is nobody."""
        mapped = self.mapping.people.get(name)
        if mapped == "":
            self._log_match("person", name, "", "left out", "The mapping says so.", where)
            return None
        wanted = mapped or name
        if known := self._find_speaker(name, wanted, where):
            return known
        speaker = Speaker(name=wanted[:MAX_NAME_CHARS], slug=self._make_slug(Speaker, wanted))
        bare = strip_titles(wanted)
        same_surname = self._surnames.get(bare.rpartition(" ")[2], {})
        similar = [
            printed for other, printed in same_surname.items() if _is_similar_name(other, bare)
        ]
        why = f"Perhaps the same person as {', '.join(similar[:3])}." if similar else ""
        self._log_match("person", name, wanted, "doubtful" if similar else "new", why, where)
        self._register_speaker(speaker)
        self._unsaved.append(speaker)
        return speaker

    def _find_speaker(self, name: str, wanted: str, where: str) -> Speaker | None:
        if exact := self._speakers.get(name_key(wanted)):
            several = len(exact) > 1
            why = f"{len(exact)} are called so: the first was taken." if several else ""
            how = "doubtful" if several else "certain"
            self._log_match("person", name, exact[0].name, how, why, where)
            return exact[0]
        similar = self._speakers_by_bare_name.get(strip_titles(wanted))
        if similar and " " in strip_titles(wanted):  # a surname alone is not enough
            why = "The names differ in titles or letters after the name."
            self._log_match("person", name, similar[0].name, "doubtful", why, where)
            return similar[0]
        return None

    def match_role(
        self, speaker: Speaker, role: str, organisation: Organisation, *, where: str
    ) -> Appointment:
        wanted = Appointment(speaker=speaker, organisation=organisation, role=role[:MAX_NAME_CHARS])
        known = self._roles.get(_role_key(wanted))
        if known is None:
            known = self._roles[_role_key(wanted)] = wanted
            self._unsaved.append(wanted)
            why = "Without dates: check them."
            self._log_match("role", str(wanted), str(wanted), "new", why, where)
        return known

    # --- Organisations ---

    def match_organisation(
        self, name: str, *, where: str, in_text: str = "", publishes: bool = False
    ) -> Organisation | None:
        """Return the organisation of this name, new if unknown; None where the mapping says so."""
        mapped = self.mapping.organisations.get(name)
        if mapped == "":
            self._log_match("organisation", name, "", "left out", "The mapping says so.", where)
            return None
        wanted = (mapped or name)[:MAX_NAME_CHARS]
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
            self._log_match("organisation", name, wanted, "new", "", where)
        else:
            self._log_match("organisation", name, known.name, "certain", "", where)
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
        """Return the organisations and the people in a text that mixes them."""
        organisations: list[Organisation] = []
        people: list[Speaker] = []
        for issuer in split_issuers(
            text, is_organisation=self.is_organisation, is_known_person=self.is_known_person
        ):
            if issuer.is_person:
                people += filter(None, [self.match_speaker(issuer.name, where=where)])
                continue
            if organisation := self.match_organisation(issuer.name, where=where, publishes=True):
                organisations.append(organisation)
            match = self.matches[("organisation", issuer.name)]
            if issuer.is_doubtful and match.how == "new":
                match.how, match.why = "doubtful", f"Cut out of “{text[:200]}”."
        return organisations, people

    def find_publisher(self) -> Organisation | None:
        """Return the mapping's publisher, else the only organisation that publishes."""
        if self.mapping.publisher:
            return self.match_organisation(
                self.mapping.publisher, where="the mapping", publishes=True
            )
        publishing = {
            id(organisation): organisation
            for organisation in self._organisations.values()
            if organisation.publishes
        }
        return next(iter(publishing.values())) if len(publishing) == 1 else None

    # --- Themes ---

    def match_themes(self, labels: Iterable[Label], *, where: str) -> list[Theme]:
        themes: dict[int, Theme] = {}
        for label in labels:
            if theme := self._match_theme(label, where):
                themes[id(theme)] = theme
        return list(themes.values())

    def _match_theme(self, label: Label, where: str) -> Theme | None:
        mapped = self.mapping.themes.get(label.name)
        wanted = (mapped if mapped is not None else label.name)[:MAX_THEME_CHARS]
        if mapped == "" or name_key(wanted) in IGNORED_THEMES:
            self._log_match("theme", label.name, "", "left out", "", where)
            return None
        if known := self._themes.get(name_key(wanted)):
            self._log_match("theme", label.name, known.name, "certain", "", where)
            return known
        if mapped is None and not self.mapping.make_themes:
            self._log_match("theme", label.name, "", "left out", "No theme is called so.", where)
            return None
        theme = Theme(name=wanted, slug=self._make_slug(Theme, wanted))
        self._themes[name_key(wanted)] = theme
        self._unsaved.append(theme)
        self._log_match("theme", label.name, wanted, "new", "", where)
        return theme

    # --- The list of matches ---

    def _log_match(
        self, kind: str, name: str, matched_to: str, how: str, why: str, where: str
    ) -> None:
        match = self.matches.setdefault(
            (kind, name), NameMatch(kind, name, matched_to, how, why, 0, where)
        )
        match.times += 1

    def _make_slug(self, model: type[models.Model], name: str) -> str:
        root = slug_base(name, default=model.__name__.lower())
        slug, number = root, 1
        while slug in self._slugs[model]:
            number += 1
            slug = f"{root}-{number}"
        self._slugs[model].add(slug)
        return slug


def _role_key(role: Appointment) -> RoleKey:
    return (name_key(role.speaker.name), name_key(role.organisation.name), name_key(role.role))


def strip_titles(name: str) -> str:
    """Return a person's name without titles before it and letters after it."""
    words = [word for word in re.split(r"[\s,]+", name) if word]
    while len(words) > 2 and POST_NOMINALS.match(words[-1]):
        words.pop()
    name_words = [word for word in words if word.casefold().strip(".") not in TITLES]
    return name_key(" ".join(name_words or words))


def _is_similar_name(name: str, other: str) -> bool:
    """Return whether surnames are equal and first names could be each other's short form."""
    words, other_words = name.split(), other.split()
    if len(words) < 2 or len(other_words) < 2 or words[-1] != other_words[-1]:
        return False
    first, other_first = words[0].strip("."), other_words[0].strip(".")
    return first.startswith(other_first) or other_first.startswith(first)
