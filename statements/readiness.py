"""List what is missing from a statement, for both the form and the submission."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from organisations.models import Appointment
from statements.content.schema import list_passages
from statements.models import Edition, Statement

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
    """Return everything that keeps a draft from submission, and advice on its files.

    Advice on its content comes from house_style/.
    """
    return [*content_problems(statement.content()), *_file_warnings(statement)]


def blocking(problems: list[Problem]) -> list[Problem]:
    """Return the problems that are more than advice."""
    return [problem for problem in problems if problem.blocks]


def content_problems(content: Content, *, is_import: bool = False) -> list[Problem]:
    """Return the blocking problems of content, which need not be in the database."""
    problems = []
    if not content["headline"].strip():
        problems.append(Problem("headline", "There is no headline.", "Write one."))
    elif len(content["headline"]) > MAX_HEADLINE_CHARS:
        problems.append(
            Problem(
                "headline",
                f"The headline has {len(content['headline'])} characters; lists and feeds carry "
                f"{MAX_HEADLINE_CHARS} at most.",
                "Shorten it; the rest can open the summary.",
            )
        )
    if not content["organisations"]:
        problems.append(
            Problem("organisation", "No organisation publishes this.", "Choose the publisher.")
        )
    passages = list_passages(content)
    if not any(passage["paragraphs"] for passage in passages):
        problems.append(
            Problem("passages", "There are no words yet.", "Write at least one passage.")
        )
    for number, passage in enumerate(passages, start=1):
        if passage["attribution"] and not passage["paragraphs"]:
            problems.append(
                Problem(
                    f"passages-{number - 1}-body",
                    f"Passage {number} announces a speaker and has no words.",
                    "Write the words, or delete the passage.",
                )
            )
    # A source that describes no picture is imported without a description, and none is made up.
    return problems if is_import else problems + _alt_text_problems(content)


def _alt_text_problems(content: Content) -> list[Problem]:
    return [
        Problem(
            f"attachments-{index}-alt",
            f"The picture “{file['title'] or file['name']}” has no description.",
            "Write what it shows, for those who cannot see it.",
        )
        for index, file in enumerate(content.get("files", []))
        if file["type"].startswith("image/") and not file["alt"].strip()
    ]


def _file_warnings(statement: Statement) -> list[Problem]:
    warnings = []
    for index, attachment in enumerate(statement.attachments.in_order() if statement.pk else []):
        if attachment.file.is_picture and not attachment.credit:
            message = f"The picture “{attachment}” has no credit."
            warnings.append(_warning(f"attachments-{index}-credit", message))
        if not attachment.title:
            message = f"The file “{attachment.name}” has no title."
            warnings.append(_warning(f"attachments-{index}-title", message))
    return warnings


def _warning(field: str, message: str, hint: str = "") -> Problem:
    return Problem(field, message, hint, blocks=False)


def release_warnings(edition: Edition, release_at: dt.datetime | None) -> list[Problem]:
    """Return advice for the approver: speakers who do not hold their role on the release day."""
    if release_at is None:
        return []
    day = timezone.localdate(release_at)
    speakers = {
        passage["speaker"]["slug"]: passage["speaker"]
        for passage in list_passages(edition.content_data)
        if passage["speaker"]
    }
    return [
        _warning(
            "release_at",
            f"{speaker['name']} does not hold the role “{speaker['role']}” on "
            f"{day:%-d %B %Y}, the day of release.",
            "Check the attribution line.",
        )
        for slug, speaker in speakers.items()
        if speaker["role"]
        and not Appointment.objects.in_force_on(day)
        .filter(speaker__slug=slug, role=speaker["role"])
        .exists()
    ]
