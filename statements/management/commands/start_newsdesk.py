import os
from typing import Any

from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand

from statements.demo import load
from statements.management.commands.create_first_manager import is_terminal
from statements.management.first_manager import find_manager

QUESTION = "Start with sample data, or set up your own newsdesk? [sample/own] "


class Command(BaseCommand):
    help = (
        "Fill a new database, for `make run`: with the sample data or, at a terminal, with a "
        "first manager who sets up a newsdesk of their own. A second run changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        wants_demo = bool(os.environ.get("DEMO_PASSWORD")) or load.count_loaded() > 0
        if not wants_demo and find_manager():
            self.stdout.write("This newsdesk is your own. No sample data is loaded.")
        elif not wants_demo and is_terminal() and not User.objects.exists() and self._wants_own():
            call_command("create_first_manager")
        else:
            self.stdout.write("Loading the sample data")
            call_command("load_demo")

    def _wants_own(self) -> bool:
        """Ask until the answer is one of the two; Enter alone, or Ctrl-D, is the sample data."""
        answers = {"": False, "sample": False, "s": False, "own": True, "o": True}
        while True:
            try:
                answer = input(QUESTION).strip().lower()
            except EOFError:
                return False
            if answer in answers:
                return answers[answer]
