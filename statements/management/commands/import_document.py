"""Read a document and make a draft of it, as the newsdesk's “New draft from a document” does."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from statements import clock
from statements.drafting.from_document import create_draft
from statements.parsing.document import parse_document
from statements.parsing.draft import ParseError
from statements.roles import AUTHOR, NEWSDESK, is_in_group


class Command(BaseCommand):
    help = (
        "Make a draft out of a .docx or a plain text: headline, speakers, words, notes to editors."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, metavar="FILE", help="a Word document (.docx) or a plain text"
        )
        parser.add_argument(
            "--by",
            metavar="USERNAME",
            help="who drafts it; may be left out while there is one author",
        )

    def handle(self, *args: Any, file: Path, by: str | None, **options: Any) -> None:
        person = _find_user(by)
        try:
            draft = parse_document(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except ParseError as error:
            raise CommandError(f"{file}: {error}") from error
        drafted = create_draft(draft, by=person, at=clock.now())
        statement = drafted.statement
        self.stdout.write(
            self.style.SUCCESS(f"Draft {statement.pk}: “{statement}”, by {person.get_username()}.")
        )
        if statement.leftover_text:
            self.stdout.write(f"\n{statement.leftover_text}")


def _find_user(name: str | None):
    """Whose hand the draft is counted as. Raises CommandError with a sentence."""
    people = get_user_model().objects.filter(is_active=True)
    if name is None:
        authors = list(people.filter(groups__name=AUTHOR)[:2])
        if len(authors) != 1:
            number = "no author yet" if not authors else "more than one author"
            raise CommandError(f"There is {number}: say who drafts it, with --by USERNAME.")
        return authors[0]
    person = people.filter(username=name).first()
    if person is None:
        raise CommandError(f"Nobody with an active account is called “{name}”.")
    if not is_in_group(person, NEWSDESK):
        raise CommandError(
            f"{name} is neither author, editor nor manager: a manager can change that."
        )
    return person
