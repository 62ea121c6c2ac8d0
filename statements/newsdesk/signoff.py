"""Who was asked to sign off an edition or a draft, and what they answered: for the panel."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from statements.content.reading import read_content, same_words
from statements.content.schema import list_passages
from statements.models import DraftVersion, Edition, PreviewLink, PreviewVisit, SignOff
from statements.newsdesk.signoff_forms import (
    AskAllForm,
    PhoneReplyForm,
    RemarkForm,
    SignoffRequestForm,
)
from statements.newsdesk.time_format import format_long
from statements.objections import find_standing, make_person_key
from statements.signoff.subjects import Subject, closed_reasons

MAX_PREVIEW_LINKS = 100
MAX_VISITS = 200

# --- One person -----------------------------------------------------------------------------------


@dataclass
class SignoffRow:
    """A person outside who was asked or replied, with what counts for these words."""

    subject: Subject
    name: str
    on_behalf_of: str
    display_name: str
    replies: list[SignOff]
    preview_link: PreviewLink | None = None
    visits: list[str] = field(default_factory=list)
    visit_count: int = 0
    link_status: str = ""
    can_resend: bool = False
    can_revoke: bool = False
    resend_url: str = ""
    revoke_url: str = ""
    phone: str = ""
    email: str = ""

    def __post_init__(self) -> None:
        self.objection = find_standing(self.replies)
        about_this = [reply for reply in self.replies if self._is_about_this(reply)]
        newest = about_this or self.replies
        self.reply: SignOff | None = self.objection or (newest[-1] if newest else None)

    @property
    def objects(self) -> bool:
        return self.objection is not None

    @property
    def agrees(self) -> bool:
        reply = self.reply
        return reply is not None and reply.agrees and self._is_about_this(reply)

    @property
    def state(self) -> str:
        if self.objects:
            return "objects"
        if self.agrees:
            return "agreed"
        if self._is_asked:
            return "seen" if self.visit_count else "asked"
        return "not-asked"

    @property
    def status_label(self) -> str:
        return {
            "objects": _("Objects"),
            "agreed": _("Agreed"),
            "seen": _("Seen"),
            "asked": _("Asked"),
            "not-asked": _("Not asked yet"),
        }[self.state]

    @property
    def tone(self) -> str:
        """The class of its flag, and the name of its icon."""
        return {"objects": "objection", "agreed": "fine"}.get(self.state, "")

    @property
    def phone_href(self) -> str:
        return "tel:" + "".join(sign for sign in self.phone if sign.isdecimal() or sign == "+")

    @property
    def sentence(self) -> str:
        """Say what they answered, to which words, when and how."""
        reply = self.reply
        if reply is None:
            return ""
        values = {
            "subject": _("this text") if self._is_about_this(reply) else reply.subject,
            "when": format_long(reply.given_at),
            "name": reply.recorded_by,
        }
        if reply.recorded_by:
            said = (
                _("Agreed to %(subject)s on %(when)s, by telephone to %(name)s.")
                if reply.agrees
                else _("Objected to %(subject)s on %(when)s, by telephone to %(name)s.")
            )
        else:
            said = (
                _("Agreed to %(subject)s on %(when)s.")
                if reply.agrees
                else _("Objected to %(subject)s on %(when)s.")
            )
        return " ".join(filter(None, [said % values, self._describe_difference(reply)]))

    def _describe_difference(self, reply: SignOff) -> str:
        if self._is_about_this(reply):
            return ""
        if self.objects:
            return _("They have not answered again.")
        if self.subject.draft_version:
            return _("This draft has another text.")
        if reply.draft_version_id:
            return _("An answer to a draft does not count for an edition.")
        return _("This edition has another text.")

    @property
    def _is_asked(self) -> bool:
        return self.preview_link is not None and self._is_link_to_this(self.preview_link)

    def _is_link_to_this(self, link: PreviewLink) -> bool:
        edition, version = self.subject.edition, self.subject.draft_version
        return link.edition_id == (edition.pk if edition else None) and link.draft_version_id == (
            version.pk if version else None
        )

    def _is_about_this(self, reply: SignOff) -> bool:
        """Tell whether the reply is to these words, in this edition or in another."""
        edition, version = self.subject.edition, self.subject.draft_version
        if version:
            return reply.draft_version_id == version.pk
        if edition is None or reply.edition is None:
            return False
        return reply.digest == edition.digest or same_words(
            reply.edition.content_data, edition.content_data
        )

    def add_link(self, link: PreviewLink, visits: list[str], visit_count: int) -> None:
        """Let the newest link count, but prefer one to these words over one to others."""
        self.phone, self.email = link.phone or self.phone, link.email or self.email
        if self._is_asked and not self._is_link_to_this(link):
            return
        self.preview_link = link
        self.visits, self.visit_count = visits, visit_count

    def describe_link(self, at: dt.datetime) -> None:
        link = self.preview_link
        if link is None:
            return
        self.can_revoke = link.is_active(at)
        values = {"subject": "" if self._is_link_to_this(link) else link.subject}
        if link.revoked_at:
            values["when"] = format_long(link.revoked_at)
            said, about = (
                _("Link cancelled on %(when)s."),
                _("Link for %(subject)s cancelled on %(when)s."),
            )
        else:
            values["when"] = format_long(link.expires_at)
            said, about = (
                (
                    _("Link works until %(when)s."),
                    _("Link for %(subject)s works until %(when)s."),
                )
                if link.is_active(at)
                else (
                    _("Link ended on %(when)s."),
                    _("Link for %(subject)s ended on %(when)s."),
                )
            )
        self.link_status = (about if values["subject"] else said) % values
        if link.reply_by and self.state in ("asked", "seen"):
            asked = _("Asked to reply by %(when)s.") % {"when": format_long(link.reply_by)}
            self.link_status = f"{asked} {self.link_status}"


@dataclass(frozen=True)
class MissingSignoff:
    """A speaker of these words who was not asked for a sign-off."""

    name: str
    role: str
    on_behalf_of: str
    form: SignoffRequestForm

    @property
    def display_name(self) -> str:
        facts = ", ".join(filter(None, [self.role, self.on_behalf_of]))
        return f"{self.name} ({facts})" if facts else self.name


# --- The panel ------------------------------------------------------------------------------------


def build_context(
    row: Edition | DraftVersion, *, at: dt.datetime, bound: forms.Form | None = None
) -> dict[str, Any]:
    """Return the context of the sign-off section; the queries are constant."""
    subject = Subject.of(row)
    closed = closed_reasons(subject, at)
    rows = _build_rows(subject, at=at, is_closed=bool(closed))
    missing = [] if closed else _find_missing_signoffs(subject, rows)
    return {
        "signoff_rows": rows,
        "agreed_count": sum(row.agrees for row in rows),
        "missing_signoffs": missing,
        "ask_all_form": bound if isinstance(bound, AskAllForm) else _make_ask_all_form(missing),
        "ask_all_url": _make_url(subject, "request_signoffs"),
        "signoff_closed": closed[0].message if closed else "",
        "signoff_subject": subject,
        "request_url": _make_url(subject, "request_signoff"),
        "phone_url": _make_url(subject, "phone_reply"),
        "request_form": bound if isinstance(bound, SignoffRequestForm) else SignoffRequestForm(),
        "phone_form": bound if isinstance(bound, PhoneReplyForm) else PhoneReplyForm(),
        "refused_form": bound,
        "remark_form": bound if isinstance(bound, RemarkForm) else RemarkForm(),
    }


def _make_url(subject: Subject, button: str, *args: int) -> str:
    if subject.edition:
        return reverse(f"admin:statements_edition_{button}", args=[subject.edition.pk, *args])
    return reverse(f"admin:statements_statement_{button}", args=[subject.statement.pk, *args])


def _build_rows(subject: Subject, *, at: dt.datetime, is_closed: bool) -> list[SignoffRow]:
    links, replies = _load_links(subject), _load_replies(subject)
    visits = _load_visits(subject)
    by_person: dict[Any, list[SignOff]] = defaultdict(list)
    for reply in replies:
        by_person[make_person_key(reply)].append(reply)
    rows: dict[Any, SignoffRow] = {}
    for person in (*links, *replies):
        key = make_person_key(person)
        if key not in rows:
            rows[key] = SignoffRow(
                subject, person.name, person.on_behalf_of, person.display_name, by_person[key]
            )
    for link in links:
        row = rows[make_person_key(link)]
        row.add_link(link, visits.get(link.pk, []), link.visit_count)
        row.can_resend = not is_closed
    for row in rows.values():
        row.describe_link(at)
        if row.preview_link:
            row.resend_url = _make_url(subject, "resend_link", row.preview_link.pk)
            row.revoke_url = _make_url(subject, "revoke_link", row.preview_link.pk)
    return sorted(rows.values(), key=lambda row: not row.objects)


def _load_links(subject: Subject) -> list[Any]:
    links = (
        PreviewLink.objects.filter(statement=subject.statement)
        .select_related("edition", "draft_version")
        .defer("edition__content", "draft_version__text")
        .annotate(visit_count=Count("openings"))
    )
    return list(links.order_by("-pk")[:MAX_PREVIEW_LINKS])[::-1]


def _load_replies(subject: Subject) -> list[SignOff]:
    replies = (
        SignOff.objects.filter(statement=subject.statement)
        .select_related("edition", "draft_version", "recorded_by")
        .defer("edition__content", "draft_version__text")
    )
    return list(replies.order_by("-pk")[:MAX_PREVIEW_LINKS])[::-1]


def _load_visits(subject: Subject) -> dict[int, list[str]]:
    visits = PreviewVisit.objects.filter(preview__statement=subject.statement)
    times: dict[int, list[str]] = {}
    for visit in visits.order_by("-pk")[:MAX_VISITS]:
        times.setdefault(visit.preview_id, []).append(format_long(visit.at))
    return times


def _find_missing_signoffs(subject: Subject, rows: list[SignoffRow]) -> list[MissingSignoff]:
    """Return the speakers who were not asked, and whose organisation was not asked either."""
    names = {row.name.casefold() for row in rows}
    organisations = {row.on_behalf_of.casefold() for row in rows if row.on_behalf_of}
    missing: dict[tuple[str, str], MissingSignoff] = {}
    for passage in list_passages(_read_words(subject)):
        if not (speaker := passage["speaker"]):
            continue
        name, organisation = speaker["name"], (speaker["organisation"] or {}).get("name", "")
        if name.casefold() not in names and organisation.casefold() not in organisations:
            initial = {"name": name, "on_behalf_of": organisation, "days": 7}
            form = SignoffRequestForm(initial=initial, number=len(missing) + 1)
            missing.setdefault(
                (name, organisation), MissingSignoff(name, speaker["role"], organisation, form)
            )
    return list(missing.values())


def _make_ask_all_form(missing: list[MissingSignoff]) -> AskAllForm | None:
    """Return the form to ask several people in one press, if there are several."""
    if len(missing) < 2:
        return None
    return AskAllForm(people=[(person.name, person.on_behalf_of) for person in missing])


def _read_words(subject: Subject) -> dict[str, Any]:
    if subject.edition:
        return subject.edition.content_data
    assert subject.draft_version, "A subject is one of the two."
    return read_content(subject.draft_version.text)
