"""Approve an import as a second manager."""

import getpass
import warnings
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from archive.approval import approve_import
from archive.readers.row import UnreadableSource
from statements import clock
from statements.roles import MANAGERS, is_in_group
from statements.workflow.reauthentication import password_problems

NO_TERMINAL = (
    "There is no terminal here to ask for your password. Run the command where you can type, for "
    "example with ssh -t or docker exec -it, or agree on the newsdesk under Import."
)


class Command(BaseCommand):
    help = "Approve a dry run as a second manager; asks for your password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("digest", metavar="DIGEST", help="as the dry run printed it")
        parser.add_argument("--by", required=True, metavar="USERNAME")

    def handle(self, *args: Any, digest: str, by: str, **options: Any) -> None:
        if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            raise CommandError(f"“{digest}” is no digest: copy the 64 letters of the dry run.")
        user = User.objects.filter(username=by, is_active=True).first()
        if user is None or not is_in_group(user, MANAGERS):
            raise CommandError(f"{by} is no manager, and only a manager agrees to an import.")
        password = _ask_password(by)
        if problems := password_problems(user, password, at=clock.now()):
            raise CommandError(" ".join(str(problem) for problem in problems))
        try:
            approve_import(digest, by=user, at=clock.now())
        except UnreadableSource as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{by} agreed to {digest}.")


def _ask_password(username: str) -> str:
    """Ask without showing what is typed. Without a terminal the password would be read in clear."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(f"Password of {username}: ")
        except (getpass.GetPassWarning, EOFError) as error:
            raise CommandError(NO_TERMINAL) from error
