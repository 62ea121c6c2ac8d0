"""Names in a source -> the people, bodies and themes on the books, else new ones; and a list of
every match for a person to look over.

In a dry run what is new stays out of the database; `save` writes what is new so far.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models, transaction
from django.utils.text import slugify

from archive.issuers import cut
from archive.mapping import Mapping
from archive.readers.row import Label
from organisations.models import Appointment, Organisation, Speaker
from statements.drafting.matching import same_name
from statements.models import Theme
from statements.parsing.attribution import HONORIFICS, POST_NOMINALS

LONGEST = 200
TITLES = HONORIFICS | {"the", "right", "honourable"}
NO_THEME = {"uncategorized", "uncategorised", "unkategorisiert", "allgemein", "general", "none"}


@dataclass
class Match:
    """One name and what became of it."""

    sort: str  # person, role, body, theme
    name: str
    to: str
    how: str  # certain, doubtful, new, left out
    why: str = ""
    times: int = 0
    where: str = ""


@dataclass
class Books:
    """Asked for each name of a run; the database is read once."""

    mapping: Mapping
    matches: dict[tuple[str, str], Match] = field(default_factory=dict)
    bodies_of_source: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._new: list[models.Model] = []
        self._speakers: dict[str, list[Speaker]] = {}
        self._bare: dict[str, list[Speaker]] = {}
        self._surnames: dict[str, dict[str, str]] = {}  # → bare name → a name as printed
        for speaker in Speaker.objects.order_by("pk"):
            self._file(speaker)
        self._bodies: dict[str, Organisation] = {}
        for body in Organisation.objects.order_by("-pk"):
            self._file_body(body)
        self._roles: dict[tuple, Appointment] = {}
        for role in Appointment.objects.select_related("organisation", "speaker").order_by("-pk"):
            self._roles[_role_key(role)] = role
        self._themes = {same_name(theme.name): theme for theme in Theme.objects.all()}
        self._slugs: dict[type[models.Model], set[str]] = {
            model: set(model._default_manager.values_list("slug", flat=True))
            for model in (Speaker, Organisation, Theme)
        }

    def _file(self, speaker: Speaker) -> None:
        self._speakers.setdefault(same_name(speaker.name), []).append(speaker)
        bare = bare_name(speaker.name)
        self._bare.setdefault(bare, []).append(speaker)
        self._surnames.setdefault(bare.rpartition(" ")[2], {}).setdefault(bare, speaker.name)

    def _file_body(self, body: Organisation) -> None:
        for name in (body.short_name, body.name_in_text, body.name):
            if name:
                self._bodies[same_name(name)] = body

    def take_new(self) -> list[models.Model]:
        """Those that were found to be new since this was asked last, to be saved in this order."""
        new, self._new = self._new, []
        return new

    @transaction.atomic
    def save(self, new: list[models.Model]) -> None:
        for one in new:
            one.save()

    # --- People ---

    def speaker(self, name: str, *, where: str) -> Speaker | None:
        """Whoever is called so; None where the mapping says that it is nobody."""
        said = self.mapping.people.get(name)
        if said == "":
            self._tell("person", name, "", "left out", "The mapping says so.", where)
            return None
        wanted = said or name
        if exact := self._speakers.get(same_name(wanted)):
            several = len(exact) > 1
            why = f"{len(exact)} are called so: the first was taken." if several else ""
            self._tell(
                "person", name, exact[0].name, "doubtful" if several else "certain", why, where
            )
            return exact[0]
        near = self._bare.get(bare_name(wanted))
        if near and " " in bare_name(wanted):  # a surname alone is nobody's
            why = "The names differ in titles or letters after the name."
            self._tell("person", name, near[0].name, "doubtful", why, where)
            return near[0]
        speaker = Speaker(name=wanted[:LONGEST], slug=self._slug(Speaker, wanted))
        bare = bare_name(wanted)
        same_surname = self._surnames.get(bare.rpartition(" ")[2], {})
        alike = [printed for other, printed in same_surname.items() if _alike(other, bare)]
        why = f"Perhaps the same person as {', '.join(alike[:3])}." if alike else ""
        self._tell("person", name, wanted, "doubtful" if alike else "new", why, where)
        self._file(speaker)
        self._new.append(speaker)
        return speaker

    def role(self, speaker: Speaker, role: str, body: Organisation, *, where: str) -> Appointment:
        wanted = Appointment(speaker=speaker, organisation=body, role=role[:LONGEST])
        known = self._roles.get(_role_key(wanted))
        if known is None:
            known = self._roles[_role_key(wanted)] = wanted
            self._new.append(wanted)
            why = "Without dates: check them."
            self._tell("role", str(wanted), str(wanted), "new", why, where)
        return known

    # --- Bodies ---

    def body(self, name: str, *, where: str, in_text: str = "", publishes: bool = False):
        """The body called so, made where there is none; None where the mapping says so."""
        said = self.mapping.organisations.get(name)
        if said == "":
            self._tell("body", name, "", "left out", "The mapping says so.", where)
            return None
        wanted = (said or name)[:LONGEST]
        known = self._bodies.get(same_name(wanted)) or self._bodies.get(
            same_name(in_text or wanted)
        )
        if known is None:
            known = Organisation(
                name=wanted,
                name_in_text=in_text[: LONGEST + 10] if in_text != wanted else "",
                slug=self._slug(Organisation, wanted),
                publishes=publishes,
            )
            self._file_body(known)
            self._new.append(known)
            self._tell("body", name, wanted, "new", "", where)
        else:
            self._tell("body", name, known.name, "certain", "", where)
        return known

    def is_body(self, name: str) -> bool:
        if name in self.bodies_of_source or name in self.mapping.organisations:
            return True
        return same_name(name) in self._bodies

    def is_known_person(self, name: str) -> bool:
        return name in self.mapping.people or bool(self._bare.get(bare_name(name)))

    def issuers(self, text: str, *, where: str) -> tuple[list[Organisation], list[Speaker]]:
        """The bodies and the people in a text that mixes them."""
        bodies: list[Organisation] = []
        people: list[Speaker] = []
        for one in cut(text, is_body=self.is_body, is_known_person=self.is_known_person):
            if one.is_person:
                people += filter(None, [self.speaker(one.name, where=where)])
                continue
            bodies += filter(None, [self.body(one.name, where=where, publishes=True)])
            match = self.matches[("body", one.name)]
            if one.doubtful and match.how == "new":
                match.how, match.why = "doubtful", f"Cut out of “{text[:200]}”."
        return bodies, people

    def publisher(self) -> Organisation | None:
        """The mapping's, else the only one that publishes."""
        if self.mapping.publisher:
            return self.body(self.mapping.publisher, where="the mapping", publishes=True)
        publishing = {id(body): body for body in self._bodies.values() if body.publishes}
        return next(iter(publishing.values())) if len(publishing) == 1 else None

    # --- Themes ---

    def themes(self, labels: Iterable[Label], *, where: str) -> list[Theme]:
        found: dict[int, Theme] = {}
        for label in labels:
            if theme := self._theme(label, where):
                found[id(theme)] = theme
        return list(found.values())

    def _theme(self, label: Label, where: str) -> Theme | None:
        said = self.mapping.themes.get(label.name)
        wanted = (said if said is not None else label.name)[:100]
        if said == "" or same_name(wanted) in NO_THEME:
            self._tell("theme", label.name, "", "left out", "", where)
            return None
        if known := self._themes.get(same_name(wanted)):
            self._tell("theme", label.name, known.name, "certain", "", where)
            return known
        if said is None and not self.mapping.make_themes:
            self._tell("theme", label.name, "", "left out", "No theme is called so.", where)
            return None
        theme = Theme(name=wanted, slug=self._slug(Theme, wanted))
        self._themes[same_name(wanted)] = theme
        self._new.append(theme)
        self._tell("theme", label.name, wanted, "new", "", where)
        return theme

    # --- The list to look over ---

    def _tell(self, sort: str, name: str, to: str, how: str, why: str, where: str) -> None:
        match = self.matches.setdefault((sort, name), Match(sort, name, to, how, why, 0, where))
        match.times += 1

    def _slug(self, model: type[models.Model], name: str) -> str:
        root = slugify(name)[:90].strip("-") or model.__name__.lower()
        slug, number = root, 1
        while slug in self._slugs[model]:
            number += 1
            slug = f"{root}-{number}"
        self._slugs[model].add(slug)
        return slug


def _role_key(role: Appointment) -> tuple:
    return (same_name(role.speaker.name), same_name(role.organisation.name), same_name(role.role))


def bare_name(name: str) -> str:
    """A person's name without titles before it and letters after it."""
    words = [word for word in re.split(r"[\s,]+", name) if word]
    while len(words) > 2 and POST_NOMINALS.match(words[-1]):
        words.pop()
    kept = [word for word in words if word.casefold().strip(".") not in TITLES]
    return same_name(" ".join(kept or words))


def _alike(one: str, other: str) -> bool:
    """The same surname, and first names that could be each other's short form."""
    first, last = one.split(), other.split()
    if len(first) < 2 or len(last) < 2 or first[-1] != last[-1]:
        return False
    a, b = first[0].strip("."), last[0].strip(".")
    return a.startswith(b) or b.startswith(a)
