"""Match the names of organisations with known ones, and tell when a new one is certain."""

import re

from archive.mapping import Mapping
from archive.matching.match_log import (
    CERTAIN,
    DOUBTFUL,
    LEFT_OUT,
    NEW,
    ORGANISATION,
    MatchLog,
    NameMatch,
)
from archive.matching.new_objects import MAX_NAME_CHARS, NewObjects
from organisations.models import Organisation
from statements.drafting.matching import name_key
from statements.parsing.name_shapes import is_named_organisation, is_titled

NO_NAME = re.compile(r"@|://|^\W*$|^[\d\W]+$")


class OrganisationMatcher:
    """Know every organisation by name; the database is read once.

    `source_names` stand alone in a field for organisations of the source; `names_alone` also in
    one that people share.
    """

    def __init__(self, mapping: Mapping, log: MatchLog, new_objects: NewObjects) -> None:
        self.mapping, self.log, self.new_objects = mapping, log, new_objects
        self.source_names: set[str] = set()
        self.names_alone: set[str] = set()
        self._by_name: dict[str, Organisation] = {}
        for organisation in Organisation.objects.order_by("-pk"):
            self._register(organisation)
        self._former_publishers = list(Organisation.objects.filter(publishes=True)[:2])

    def match_publisher(self, name: str, *, where: str) -> tuple[Organisation | None, str]:
        """Match what the source gives as an organisation of its own, such as its publisher."""
        doubt = ""
        if is_titled(name):
            doubt = "It may be a person."
        elif NO_NAME.search(name) or len(name) > MAX_NAME_CHARS:
            doubt = "It does not look like a name."
        return self._match(name, doubt=doubt, where=where, publishes=True)

    def match_of_role(
        self, name: str, *, in_text: str, where: str
    ) -> tuple[Organisation | None, str]:
        """Match the organisation of a role; its name must be certain by itself."""
        is_certain = name_key(name) in self.names_alone or is_named_organisation(name, in_text)
        doubt = "" if is_certain else "Nothing else in the source says that it is an organisation."
        publishes = name_key(name) in self.names_alone
        return self._match(name, in_text=in_text, doubt=doubt, where=where, publishes=publishes)

    def add_doubt(self, name: str, why: str, *, where: str) -> None:
        """List a name that may be an organisation, unless the mapping leaves it out."""
        is_left_out = self.mapping.organisations.get(name) == ""
        self._log(name, LEFT_OUT if is_left_out else DOUBTFUL, where, why=why)

    def is_known(self, name: str) -> bool:
        key = name_key(name)
        return (
            name in self.mapping.organisations or key in self.source_names or key in self._by_name
        )

    def find_publisher(self, site: str, *, where: str) -> Organisation | None:
        """Return who publishes what names nobody, as the database was before the import.

        That is the mapping's publisher, else the only organisation that publishes, else the site
        itself where nobody published yet.
        """
        if mapped := self.find_mapped_publisher():
            return mapped
        if len(self._former_publishers) == 1:
            return self._former_publishers[0]
        known_site = self._by_name.get(name_key(site))
        if known_site is not None and known_site.publishes:
            return known_site
        return None if self._former_publishers else self.make_publisher(site, where=where)

    def find_mapped_publisher(self) -> Organisation | None:
        if not self.mapping.publisher:
            return None
        return self.make_publisher(self.mapping.publisher, where="the mapping")

    def make_publisher(self, name: str, *, where: str) -> Organisation:
        """Return the organisation that a person has named: the mapping, or the site's settings."""
        known = self._by_name.get(name_key(name[:MAX_NAME_CHARS]))
        if known is None:
            known = self._create(name, publishes=True)
            self._log(name, NEW, where, known.name)
        else:
            self._log(name, CERTAIN, where, known.name)
        return known

    def _match(
        self, name: str, *, doubt: str, where: str, in_text: str = "", publishes: bool = False
    ) -> tuple[Organisation | None, str]:
        mapped = self.mapping.organisations.get(name)
        if mapped == "":
            self._log(name, LEFT_OUT, where, why="The mapping says so.")
            return None, ""
        wanted = (mapped or name)[:MAX_NAME_CHARS]
        known = self._by_name.get(name_key(wanted)) or (
            self._by_name.get(name_key(in_text)) if in_text and not mapped else None
        )
        if known is not None:
            self._log(name, CERTAIN, where, known.name)
            return known, ""
        if not mapped and not doubt and not self.mapping.make_names:
            doubt = "The mapping makes no new organisation."
        if doubt and not mapped:
            self._log(name, DOUBTFUL, where, why=doubt)
            return None, doubt
        known = self._create(wanted, in_text=in_text, publishes=publishes)
        self._log(name, NEW, where, known.name)
        return known, ""

    def _create(self, name: str, *, publishes: bool, in_text: str = "") -> Organisation:
        name = name[:MAX_NAME_CHARS]
        organisation = Organisation(
            name=name,
            name_in_text=in_text[: MAX_NAME_CHARS + 10] if in_text != name else "",
            slug=self.new_objects.choose_slug(Organisation, name),
            publishes=publishes,
        )
        self._register(organisation)
        self.new_objects.add(organisation)
        return organisation

    def _register(self, organisation: Organisation) -> None:
        for name in (organisation.short_name, organisation.name_in_text, organisation.name):
            if name:
                self._by_name[name_key(name)] = organisation

    def _log(self, name: str, how: str, where: str, matched_to: str = "", *, why: str = "") -> None:
        self.log.add(NameMatch(ORGANISATION, name, matched_to, how, why, where=where))
