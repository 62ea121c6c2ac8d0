"""The first manager of an empty newsdesk, and what `make run` does with a new database."""

import getpass
import io

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from statements.management.commands import create_first_manager, start_newsdesk
from statements.models import Event
from statements.roles import MANAGER
from tests.cast import make_statement

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough sentence"
GIVEN = {"name": "Zoë de Witt", "email": "zoe@example.org"}


def create(**options) -> str:
    out = io.StringIO()
    call_command("create_first_manager", stdout=out, stderr=out, **options)
    return out.getvalue()


class Terminal:
    """Answers questions in turn, and keeps what was asked."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.questions: list[str] = []

    def ask(self, question: str) -> str:
        self.questions.append(question)
        if not self.answers:
            raise EOFError
        return self.answers.pop(0)


@pytest.fixture
def at_terminal(monkeypatch):
    def sit_down(*answers: str) -> Terminal:
        terminal = Terminal(*answers)
        monkeypatch.setattr("builtins.input", terminal.ask)
        monkeypatch.setattr(getpass, "getpass", terminal.ask)
        for module in (create_first_manager, start_newsdesk):
            monkeypatch.setattr(module, "is_terminal", lambda: True)
        return terminal

    return sit_down


@pytest.fixture
def password(monkeypatch):
    monkeypatch.setenv("FIRST_MANAGER_PASSWORD", PASSWORD)


def test_options_and_the_environment_make_a_manager_who_can_sign_in(password, client, settings):
    said = create(**GIVEN)
    user = User.objects.get()
    assert said == (
        f"Zoë de Witt is the manager of this newsdesk. Sign in at {settings.SITE_URL}/admin/ with the "
        "user name zoe.\n"
    )
    assert (user.first_name, user.last_name, user.email) == ("Zoë", "de Witt", "zoe@example.org")
    assert [group.name for group in user.groups.all()] == [MANAGER]
    assert not user.is_superuser
    client.post("/admin/login/", {"username": "zoe", "password": PASSWORD})
    assert client.get("/admin/").status_code == 200
    assert Event.objects.filter(action="account_changed").exists()


def test_everything_may_come_from_the_environment(password, monkeypatch):
    for key, value in {"NAME": "Max", "EMAIL": "m@example.org", "USERNAME": "press"}.items():
        monkeypatch.setenv(f"FIRST_MANAGER_{key}", value)
    create()
    assert User.objects.get().username == "press"


def test_a_second_one_is_refused_in_a_sentence(max, password):
    with pytest.raises(CommandError, match="This newsdesk has a manager already: Max"):
        create(**GIVEN)
    assert User.objects.count() == 1


def test_without_a_terminal_it_says_what_is_missing(password):
    with pytest.raises(CommandError, match="Give --name and --email"):
        create(name="Zoë de Witt")
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"email": "nowhere"}, "Enter an email address like name@example.org"),
        ({"name": "x" * 200}, "at most 150 characters"),
        ({"username": "ANN"}, "already an account with the user name ANN"),
        ({"username": "two words"}, "Enter a valid username"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_created(ann, password, changed, sentence):
    with pytest.raises(CommandError, match=sentence):
        create(**GIVEN | changed)
    assert User.objects.get() == ann


def test_a_weak_password_is_refused(monkeypatch):
    monkeypatch.setenv("FIRST_MANAGER_PASSWORD", "12345")
    with pytest.raises(CommandError, match="too short"):
        create(**GIVEN)


def test_a_terminal_is_asked_again_for_what_is_wrong(ann, at_terminal):
    terminal = at_terminal(
        *("Ann Okafor", "nowhere", "annie", "ann@example.org"),
        *("short", PASSWORD, "another", PASSWORD, PASSWORD),
    )
    said = create()
    assert "Enter an email address like name@example.org" in said
    assert "already an account with the user name ann." in said
    assert "These two are not the same." in said
    assert terminal.answers == []
    assert User.objects.get(username="annie").check_password(PASSWORD)


def test_a_closed_terminal_creates_nobody(at_terminal):
    at_terminal("Ann Okafor")
    with pytest.raises(CommandError, match=r"Stopped\. No account was created\."):
        create()
    assert not User.objects.exists()


def test_a_name_in_other_letters_has_a_user_name_too(password):
    create(name="Ζωή", email="zoe@example.org")
    assert User.objects.get().username == "manager"


# --- make run -------------------------------------------------------------------------------------


@pytest.fixture
def loaded(monkeypatch) -> list[str]:
    """Keep the calls of other commands in place of making 25 statements."""
    calls: list[str] = []
    monkeypatch.setattr(start_newsdesk, "call_command", calls.append)
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    return calls


def test_without_a_terminal_a_new_database_gets_the_sample_data(loaded):
    call_command("start_newsdesk")
    assert loaded == ["load_demo"]


@pytest.mark.parametrize(
    ("answers", "command"),
    [
        ([""], "load_demo"),
        (["sample"], "load_demo"),
        ([], "load_demo"),
        (["own"], "create_first_manager"),
        (["what?", "OWN "], "create_first_manager"),
    ],
)
def test_a_terminal_is_asked_once_about_a_new_database(loaded, at_terminal, answers, command):
    terminal = at_terminal(*answers)
    call_command("start_newsdesk")
    assert loaded == [command]
    assert terminal.answers == []


def test_a_password_for_the_sample_data_is_an_answer(loaded, at_terminal, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    terminal = at_terminal()
    call_command("start_newsdesk")
    assert loaded == ["load_demo"]
    assert terminal.questions == []


def test_a_newsdesk_of_ones_own_never_gets_the_sample_data(max, loaded, at_terminal, capsys):
    terminal = at_terminal()
    make_statement(max)
    call_command("start_newsdesk")
    assert loaded == []
    assert terminal.questions == []
    assert capsys.readouterr().out == "This newsdesk is your own. No sample data is loaded.\n"
