import os
import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from statements import clock
from statements.demo import cast, load
from statements.models import Statement


class Command(BaseCommand):
    help = (
        "Load the demo: three accounts, organisations and speakers, and about 25 statements of ten "
        "years. A second run changes nothing. DEMO_PASSWORD sets the password."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--beside",
            action="store_true",
            help="load it into a database that has other statements",
        )

    def handle(self, *args: Any, beside: bool, **options: Any) -> None:
        if settings.HTTPS:
            raise CommandError(
                "This is a public installation: SITE_URL is https, and the demo’s statements "
                "could never be deleted. Set DATABASE_URL and SITE_URL for a separate one."
            )
        password = os.environ.get("DEMO_PASSWORD", "")
        if present := load.count_loaded():
            self.stdout.write(f"The demo is loaded already: {present} statements.")
            self._print_accounts(self._reset_password(password))
            return
        self._require_no_conflicts(beside)
        password = password or secrets.token_urlsafe(9)
        load.load_demo(password=password, at=clock.now(), progress=self._print_headline)
        self._print_accounts(f"with the password {password}")

    def _require_no_conflicts(self, beside: bool) -> None:
        if Statement.objects.exists() and not beside:
            raise CommandError(
                "This database has statements that are not the demo’s. Set DATABASE_URL to an "
                "empty database, or add --beside to keep both in this one."
            )
        users = User.objects.filter(username__in=cast.ACCOUNTS)
        if taken := ", ".join(users.order_by("username").values_list("username", flat=True)):
            raise CommandError(
                f"The demo needs user names that exist already: {taken}. Set DATABASE_URL to "
                "another database, or rename these accounts."
            )

    def _print_headline(self, statement: Statement) -> None:
        self.stdout.write(f"  {statement.headline}")

    @transaction.atomic
    def _reset_password(self, password: str) -> str:
        if not password:
            return (
                "with the password that was printed the first time; to set another: "
                "DEMO_PASSWORD=… python manage.py load_demo"
            )
        for user in User.objects.filter(username__in=cast.ACCOUNTS):
            if not user.check_password(password):
                user.set_password(password)
                user.save(update_fields=["password"])
        return "with the password in DEMO_PASSWORD"

    def _print_accounts(self, password: str) -> None:
        self.stdout.write(f"Accounts for /admin/: {', '.join(cast.ACCOUNTS)}, {password}")
