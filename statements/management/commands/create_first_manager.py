import getpass
import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from statements.management.first_manager import (
    MANAGER_EXISTS,
    FirstManager,
    create_first_manager,
    find_manager,
    find_password_problems,
    find_problems,
)

PREFIX = "FIRST_MANAGER_"
PASSWORD_VARIABLE = PREFIX + "PASSWORD"
NOT_A_TERMINAL = (
    "Give --name and --email, or FIRST_MANAGER_NAME and FIRST_MANAGER_EMAIL, and the password in "
    "FIRST_MANAGER_PASSWORD; at a terminal this command asks for them."
)


class Command(BaseCommand):
    help = (
        "Create the first manager, who signs in at /admin/ and is led through setting up. Asks at "
        "a terminal for what no option or environment variable gives: FIRST_MANAGER_NAME, "
        "FIRST_MANAGER_EMAIL, FIRST_MANAGER_USERNAME, FIRST_MANAGER_PASSWORD."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", help="first and last name")
        parser.add_argument("--email", help="email address")
        parser.add_argument(
            "--username", help="to sign in with; without it, the first name in small letters"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if manager := find_manager():
            raise CommandError(
                MANAGER_EXISTS.format(name=manager.get_full_name() or manager.username)
            )
        person = FirstManager(*(_read_option(options, key) for key in ("name", "email")))
        username = _read_option(options, "username")
        password = os.environ.get(PASSWORD_VARIABLE, "")
        asks = is_terminal()
        if not asks and not (person.name and person.email and password):
            raise CommandError(NOT_A_TERMINAL)
        person = self._ask_person(person, username) if asks else _check(person, username)
        password = self._choose_password(person, password, asks=asks)
        user = create_first_manager(
            FirstManager(person.name, person.email, person.username, password)
        )
        self.stdout.write(
            f"{user.get_full_name()} is the manager of this newsdesk. Sign in at "
            f"{settings.SITE_URL}/admin/ with the user name {user.get_username()}."
        )

    # --- Questions ---

    def _ask_person(self, given: FirstManager, username: str) -> FirstManager:
        """Ask for what was not given, and again for what is wrong."""
        values = {"name": given.name, "email": given.email, "username": username}
        while True:
            values["name"] = values["name"] or self._ask("Your name: ")
            values["email"] = values["email"] or self._ask("Your email address: ")
            person = FirstManager(**values).with_username()
            problems = find_problems(person)
            if not problems:
                return person
            for field, sentences in problems.items():
                for sentence in sentences:
                    self.stderr.write(sentence)
                values[field] = ""
            if "username" in problems:
                values["username"] = self._ask("User name to sign in with: ")

    def _choose_password(self, person: FirstManager, password: str, *, asks: bool) -> str:
        if password or not asks:
            if problems := find_password_problems(person, password):
                raise CommandError(" ".join(problems))
            return password
        while True:
            password = self._ask("A password: ", is_secret=True)
            problems = find_password_problems(person, password)
            if not problems and self._ask("The same again: ", is_secret=True) != password:
                problems = ["These two are not the same."]
            if not problems:
                return password
            for sentence in problems:
                self.stderr.write(sentence)

    def _ask(self, question: str, *, is_secret: bool = False) -> str:
        """Return an answer; a closed terminal or Ctrl-C ends the command and creates nobody."""
        try:
            return getpass.getpass(question) if is_secret else input(question)
        except (EOFError, KeyboardInterrupt):
            raise CommandError("Stopped. No account was created.") from None


def is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _read_option(options: dict[str, Any], key: str) -> str:
    return str(options[key] or os.environ.get(PREFIX + key.upper(), "")).strip()


def _check(given: FirstManager, username: str) -> FirstManager:
    person = FirstManager(given.name, given.email, username).with_username()
    if problems := find_problems(person):
        raise CommandError(" ".join(sentence for rows in problems.values() for sentence in rows))
    return person
