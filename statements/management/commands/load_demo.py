import os
import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from statements import clock
from statements.demo import cast, load
from statements.models import Statement


class Command(BaseCommand):
    help = (
        "Load the demonstration: three accounts, several bodies and people, and some two dozen "
        "statements of ten years. Run again, it changes nothing. DEMO_PASSWORD sets the password."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--beside",
            action="store_true",
            help="load it into a database that holds other statements as well",
        )

    def handle(self, *args: Any, beside: bool, **options: Any) -> None:
        if settings.HTTPS:
            raise CommandError(
                "This is a public installation: SITE_URL is https, and the demonstration’s "
                "statements could never be deleted. Give it a DATABASE_URL and SITE_URL of its own."
            )
        password = os.environ.get("DEMO_PASSWORD", "")
        if present := load.count_loaded():
            self.stdout.write(f"The demonstration is loaded already: {present} statements.")
            self._print_accounts(self._reset_password(password))
            return
        self._require_no_conflicts(beside)
        password = password or secrets.token_urlsafe(9)
        load.load_demo(password=password, at=clock.now(), progress=self._print_headline)
        self._print_accounts(f"with the password {password}")

    def _require_no_conflicts(self, beside: bool) -> None:
        if Statement.objects.exists() and not beside:
            raise CommandError(
                "This database holds statements that are not the demonstration's. Point "
                "DATABASE_URL at an empty one, or add --beside to load it beside them."
            )
        names = get_user_model().objects.filter(username__in=cast.ACCOUNTS)
        if taken := ", ".join(names.order_by("username").values_list("username", flat=True)):
            raise CommandError(
                f"The demonstration would make accounts that exist already: {taken}. Point "
                "DATABASE_URL at another database, or rename them."
            )

    def _print_headline(self, statement: Statement) -> None:
        self.stdout.write(f"  {statement.headline}")

    @transaction.atomic
    def _reset_password(self, password: str) -> str:
        """Set the password where one is given and is not theirs yet; what to say about it."""
        if not password:
            return (
                "with the password that was printed the first time; to set another: "
                "DEMO_PASSWORD=… python manage.py load_demo"
            )
        for user in get_user_model().objects.filter(username__in=cast.ACCOUNTS):
            if not user.check_password(password):
                user.set_password(password)
                user.save(update_fields=["password"])
        return "with the password in DEMO_PASSWORD"

    def _print_accounts(self, password: str) -> None:
        self.stdout.write(f"Accounts for /admin/: {', '.join(cast.ACCOUNTS)}, {password}")
