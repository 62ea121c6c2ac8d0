"""List what is missing from a statement, for both the form and the submission."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.models import Appointment
from organisations.tenures import format_day
from statements import clock
from statements.content.schema import PICTURE, list_passages
from statements.models import Amendment, Edition, Passage, Statement

RECOMMENDED_HEADLINE_CHARS = 65
MAX_HEADLINE_CHARS = 300
RECOMMENDED_SUMMARY_CHARS = 160

Content = dict[str, Any]  # see content/schema.py


@dataclass(frozen=True)
class Problem:
    """Something that is wrong: the field, what is wrong and what to do. Advice does not block."""

    field: str
    message: str
    hint: str = ""
    blocks: bool = True

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


def submission_problems(statement: Statement) -> list[Problem]:
    """Return everything that keeps a draft from submission, and advice on its files and roles.

    Advice on its content comes from house_style/.
    """
    content = statement.content()
    passages = statement.passages.in_order() if statement.pk else ()
    return [
        *content_problems(content),
        *find_unattributed(passages),
        *role_warnings(statement, passages),
        *file_warnings(content),
    ]


def role_warnings(statement: Statement, passages: Iterable[Passage]) -> list[Problem]:
    """Return advice on each chosen role that is not held on the day of the words."""
    day = statement.dated_on or timezone.localdate(statement.requested_release_at or clock.now())
    return [
        _warning(
            f"passages-{index}-appointment",
            _("%(speaker)s does not hold the role “%(role)s” on %(day)s.")
            % {"speaker": passage.speaker, "role": role.role, "day": format_day(day)},
            _("Check the date of the words and the role."),
        )
        for index, passage in enumerate(passages)
        if (role := passage.appointment) and not role.is_in_force_on(day)
    ]


def blocking(problems: list[Problem]) -> list[Problem]:
    """Return the problems that are more than advice."""
    return [problem for problem in problems if problem.blocks]


def content_problems(content: Content, *, is_import: bool = False) -> list[Problem]:
    """Return the blocking problems of content, which need not be in the database."""
    problems = _headline_problems(content["headline"])
    if not content["organisations"]:
        problems.append(Problem("organisation", _("Choose who publishes this.")))
    passages = list_passages(content)
    if not any(passage["paragraphs"] for passage in passages):
        hint = _("Write or paste at least one quotation.")
        problems.append(Problem("passages", _("Add the words."), hint))
    blocks = enumerate(content["blocks"])
    places = [index for index, block in blocks if block["type"] != PICTURE]
    for index, passage in zip(places, passages, strict=True):
        if passage["attribution"] and not passage["paragraphs"]:
            problems.append(Problem(f"passages-{index}-body", _ask_for_words(passage, index)))
    # A source that describes no picture is imported without a description, and none is made up.
    return problems if is_import else problems + _alt_text_problems(content)


def find_unattributed(passages: Iterable[Passage]) -> list[Problem]:
    """Return the quotations whose speaker is not chosen: they would come out as narration."""
    return [
        Problem(
            f"passages-{index}-speaker",
            _("Say who is quoted in passage %(number)s.") % {"number": index + 1},
            _("Choose the speaker, or change it to narration."),
        )
        for index, passage in enumerate(passages)
        if passage.awaits_speaker and passage.body
    ]


def _headline_problems(headline: str) -> list[Problem]:
    if not headline.strip():
        return [Problem("headline", _("Add a headline."))]
    if len(headline) <= MAX_HEADLINE_CHARS:
        return []
    message = _(
        "The headline has %(chars)d characters; lists and feeds carry %(most)d at most."
    ) % {"chars": len(headline), "most": MAX_HEADLINE_CHARS}
    return [Problem("headline", message, _("Shorten it; the rest can open the summary."))]


def _ask_for_words(passage: Content, index: int) -> str:
    if passage["speaker"]:
        name = {"name": passage["speaker"]["name"]}
        return _("Add %(name)s’s words, or remove the quotation.") % name
    return _("Add the words of passage %(number)d, or remove it.") % {"number": index + 1}


def _alt_text_problems(content: Content) -> list[Problem]:
    return [
        Problem(
            f"attachments-{index}-alt",
            _("Describe the picture “%(title)s” for people who cannot see it.")
            % {"title": file["title"] or file["name"]},
        )
        for index, file in enumerate(content.get("files", []))
        if file["type"].startswith("image/") and not file["alt"].strip()
    ]


def missing_kind_problem() -> Problem:
    """Return the problem of a draft that changes what was public without saying how."""
    return Problem(
        "amendment",
        _("This statement has been public."),
        _(
            "Say what kind of change this is: a typo, an update, a clarification, a correction or "
            "a retraction."
        ),
    )


def missing_note_problem(amendment: Amendment) -> Problem:
    """Return the problem of an amendment without the note that readers see above the words."""
    hints = {
        Amendment.UPDATE: _("Say what is new."),
        Amendment.RETRACTION: _("Say why you take the words back."),
    }
    hint = hints.get(amendment, _("Say what was wrong and what is right."))
    return Problem("public_note", _("Add a correction note."), hint)


def file_warnings(content: Content) -> list[Problem]:
    """Return advice on the files of content, in their order."""
    warnings = []
    for index, file in enumerate(content.get("files", [])):
        if file["type"].startswith("image/") and not file["credit"]:
            message = _("Say who made the picture “%(title)s”.")
            title = {"title": file["title"] or file["name"]}
            warnings.append(_warning(f"attachments-{index}-credit", message % title))
        if not file["title"]:
            message = _("Give the file “%(name)s” a title.") % {"name": file["name"]}
            warnings.append(_warning(f"attachments-{index}-title", message))
    return warnings


def _warning(field: str, message: str, hint: str = "") -> Problem:
    return Problem(field, message, hint, blocks=False)


def release_warnings(
    edition: Edition, release_at: dt.datetime | None, *, at: dt.datetime
) -> list[Problem]:
    """Return advice for the approver: speakers who do not hold their role on the release day.

    While no time is chosen, that day is today: the editor should know before choosing one.
    """
    day = timezone.localdate(release_at or at)
    speakers = {
        passage["speaker"]["slug"]: passage["speaker"]
        for passage in list_passages(edition.content_data)
        if passage["speaker"]
    }
    said = (
        _("%(name)s does not hold the role “%(role)s” on %(day)s, the day of release.")
        if release_at
        else _("%(name)s does not hold the role “%(role)s” today, %(day)s.")
    )
    return [
        _warning(
            "release_at",
            said % {"name": speaker["name"], "role": speaker["role"], "day": format_day(day)},
            _("Check the attribution line."),
        )
        for slug, speaker in speakers.items()
        if speaker["role"]
        and not Appointment.objects.in_force_on(day)
        .filter(speaker__slug=slug, role=speaker["role"])
        .exists()
    ]
