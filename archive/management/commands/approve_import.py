import getpass

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from archive.approval import approve_import
from statements import clock
from statements.roles import MANAGERS, is_in_group


class Command(BaseCommand):
    help = "Agree, as a second manager, to what a dry run said; asks for your password."

    def add_arguments(self, parser) -> None:
        parser.add_argument("digest", metavar="DIGEST", help="as the dry run printed it")
        parser.add_argument("--by", required=True, metavar="USERNAME")

    def handle(self, *args, digest: str, by: str, **options) -> None:
        if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            raise CommandError(f"“{digest}” is no digest: copy the 64 letters of the dry run.")
        person = get_user_model().objects.filter(username=by, is_active=True).first()
        if person is None or not is_in_group(person, MANAGERS):
            raise CommandError(f"{by} is no manager, and only a manager agrees to an import.")
        if not person.check_password(getpass.getpass(f"Password of {by}: ")):
            raise CommandError("That is not the password.")
        approve_import(digest, by=person, at=clock.now())
        self.stdout.write(f"{by} agreed to {digest}.")
