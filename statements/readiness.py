"""What is still missing: one list of problems, for the form and for the gate alike."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from organisations.models import Appointment
from statements.models import Edition, Statement

RECOMMENDED_HEADLINE_CHARS = 65
MAX_HEADLINE_CHARS = 300
RECOMMENDED_SUMMARY_CHARS = 160


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what, and what to do. Only a wall stops the way."""

    field: str
    message: str
    hint: str = ""
    blocks: bool = True

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


def submission_problems(statement: Statement) -> list[Problem]:
    """Everything that keeps the working copy from going to an editor, and advice on its files.

    On its words house_style.py advises.
    """
    return [*content_problems(statement.content()), *_file_warnings(statement)]


def blocking(problems: list[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.blocks]


def content_problems(content: dict) -> list[Problem]:
    """Walls alone, of words that need not lie in the database yet."""
    found = []
    if not content["headline"].strip():
        found.append(Problem("headline", "There is no headline.", "Write one."))
    elif len(content["headline"]) > MAX_HEADLINE_CHARS:
        found.append(
            Problem(
                "headline",
                f"The headline has {len(content['headline'])} characters; lists and feeds carry "
                f"{MAX_HEADLINE_CHARS} at most.",
                "Shorten it; the rest can open the summary.",
            )
        )
    if content["organisation"] is None:
        found.append(
            Problem("organisation", "No organisation publishes this.", "Choose the publisher.")
        )
    if not any(passage["blocks"] for passage in content["passages"]):
        found.append(Problem("passages", "There are no words yet.", "Write at least one passage."))
    for number, passage in enumerate(content["passages"], start=1):
        if passage["attribution"] and not passage["blocks"]:
            found.append(
                Problem(
                    f"passages-{number - 1}-body",
                    f"Passage {number} announces a speaker and has no words.",
                    "Write the words, or delete the passage.",
                )
            )
    return found + _alt_text_problems(content)


def _alt_text_problems(content: dict) -> list[Problem]:
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
    found = []
    for index, one in enumerate(statement.attachments.in_order() if statement.pk else []):
        if one.file.is_picture and not one.credit:
            found.append(
                _warning(f"attachments-{index}-credit", f"The picture “{one}” has no credit.")
            )
        if not one.title:
            found.append(
                _warning(f"attachments-{index}-title", f"The file “{one.name}” has no title.")
            )
    return found


def _warning(field: str, message: str, hint: str = "") -> Problem:
    return Problem(field, message, hint, blocks=False)


def release_warnings(edition: Edition, release_at: dt.datetime | None) -> list[Problem]:
    """Advice for the approver: who would no longer, or not yet, hold the role on the day."""
    if release_at is None:
        return []
    day = timezone.localdate(release_at)
    voices = {
        p["speaker"]["slug"]: p["speaker"] for p in edition.content_data["passages"] if p["speaker"]
    }
    return [
        _warning(
            "release_at",
            f"{voice['name']} does not hold the role “{voice['role']}” on "
            f"{day:%-d %B %Y}, the day of release.",
            "Check the attribution line.",
        )
        for slug, voice in voices.items()
        if voice["role"]
        and not Appointment.objects.in_force_on(day)
        .filter(speaker__slug=slug, role=voice["role"])
        .exists()
    ]
