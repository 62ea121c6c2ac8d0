"""Create the constraints and triggers of the database again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from statements.integrity.catalogue import RulesUnreadable
from statements.integrity.repair import repair_rules


class Command(BaseCommand):
    help = (
        "Create every constraint, trigger and function that is missing, changed or off, as the "
        "code states it. Run verify_record afterwards: rows may have changed in the meantime."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            remaining = repair_rules(connection)
        except RulesUnreadable as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            reason = str(error).strip().splitlines()[0]
            raise CommandError(
                f"Nothing was changed, because the database refused it: {reason}. Rows that break "
                "a rule have to be put right first, and a column that is gone comes from a backup."
            ) from error
        if remaining:
            raise CommandError(" ".join(str(difference) for difference in remaining))
        self.stdout.write("The database holds every rule. Now run verify_record.")
