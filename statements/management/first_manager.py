"""Create the first manager of a newsdesk, who then invites everybody else."""

from dataclasses import dataclass, replace

from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from statements.newsdesk.user_names import is_username_taken, make_username
from statements.roles import MANAGER

MANAGER_EXISTS = (
    "This newsdesk has a manager already: {name}. A manager invites other people in the newsdesk, "
    "under Set up, Accounts."
)


@dataclass(frozen=True)
class FirstManager:
    """What somebody gave of themselves; `username` may be empty."""

    name: str
    email: str
    username: str = ""
    password: str = ""

    def with_username(self) -> "FirstManager":
        """Return it with a user name made from the first word of the name, unless one is given."""
        return replace(self, username=self.username or make_username(self.name, fallback="manager"))

    def build_user(self) -> User:
        """Return the account, not saved yet."""
        first, _, last = " ".join(self.name.split()).partition(" ")
        return User(
            username=self.username,
            email=self.email.strip(),
            first_name=first,
            last_name=last,
            is_staff=True,
        )


def find_manager() -> User | None:
    """Return a manager who can sign in, or None."""
    return User.objects.filter(groups__name=MANAGER, is_active=True).order_by("pk").first()


def find_problems(person: FirstManager) -> dict[str, list[str]]:
    """Return what is wrong with a name, an email address or a user name, by field."""
    problems: dict[str, list[str]] = {}
    if not person.name.strip():
        problems["name"] = ["Give a name: it stands beside everything that this person does."]
    if not person.email.strip():
        problems["email"] = ["Give an email address: it gets what is waiting."]
    try:
        person.build_user().clean_fields(exclude=["password", *problems])
    except ValidationError as error:
        columns = {"first_name": "name", "last_name": "name"}
        for column, sentences in error.message_dict.items():
            problems.setdefault(columns.get(column, column), []).extend(sentences)
    if is_username_taken(person.username):
        problems.setdefault("username", []).append(
            f"There is already an account with the user name {person.username}. Choose another."
        )
    return problems


def find_password_problems(person: FirstManager, password: str) -> list[str]:
    try:
        validate_password(password, person.build_user())
    except ValidationError as error:
        return list(error.messages)
    return []


@transaction.atomic
def create_first_manager(person: FirstManager) -> User:
    """Save the account as an active manager with this password."""
    assert find_manager() is None, "The caller refuses with the sentence."
    user = person.build_user()
    user.set_password(person.password)
    user.save()
    user.groups.add(Group.objects.get(name=MANAGER))
    return user
