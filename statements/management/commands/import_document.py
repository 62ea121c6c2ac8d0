"""Create a draft from a document, as the newsdesk's “Start from a document” does."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from statements import clock
from statements.audit.accounts import acting_user
from statements.drafting.from_document import create_draft
from statements.parsing.document import parse_document
from statements.parsing.draft import ParseError
from statements.roles import AUTHOR, NEWSDESK, is_in_group


class Command(BaseCommand):
    help = "Create a draft from a document: headline, passages, notes to editors."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            type=Path,
            metavar="FILE",
            help="Word, OpenDocument, RTF, PDF, an e-mail, a page of Google Docs or plain text",
        )
        parser.add_argument(
            "--by",
            metavar="USERNAME",
            help="the contributor; optional while there is exactly one author",
        )

    def handle(self, *args: Any, file: Path, by: str | None, **options: Any) -> None:
        contributor = _find_user(by)
        try:
            draft = parse_document(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except ParseError as error:
            raise CommandError(f"{file}: {error}") from error
        with acting_user(contributor):
            drafted = create_draft(draft, by=contributor, at=clock.now())
        statement = drafted.statement
        self.stdout.write(
            self.style.SUCCESS(
                f"Draft {statement.pk}: “{statement}”, by {contributor.get_username()}."
            )
        )
        if statement.leftover_text:
            self.stdout.write(f"\n{statement.leftover_text}")


def _find_user(name: str | None) -> User:
    users = User.objects.filter(is_active=True)
    if name is None:
        authors = list(users.filter(groups__name=AUTHOR)[:2])
        if len(authors) != 1:
            number = "no author yet" if not authors else "more than one author"
            raise CommandError(f"There is {number}: name the contributor with --by USERNAME.")
        return authors[0]
    user = users.filter(username=name).first()
    if user is None:
        raise CommandError(f"No active account has the user name “{name}”.")
    if not is_in_group(user, NEWSDESK):
        raise CommandError(
            f"{name} is in none of the groups of the newsdesk: a manager can add them."
        )
    return user
