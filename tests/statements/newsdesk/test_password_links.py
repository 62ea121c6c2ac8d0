"""Test that nobody sets or learns another person's password: its owner gets a link by mail."""

import re
from io import StringIO

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from config.security import RedactPreviewTokens
from statements.models import Event
from statements.newsdesk import password_links
from statements.roles import EDITOR
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "another horse battery staple"
CHANGED = (
    "Somebody else changed the email address of this account since its owner last signed in, so "
    "a link might reach the wrong person. Its owner signs in once with the current password; "
    "without it, ask whoever runs the server for manage.py changepassword."
)


@pytest.fixture
def root(db) -> User:
    return User.objects.create_superuser("root", "root@example.org", PASSWORD)


@pytest.fixture
def post(client, django_capture_on_commit_callbacks):
    """Post as somebody, let the worker do what was queued, and return the messages."""

    def post_as(user: User, address: str, **fields) -> list[str]:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(address, fields)
        if response.status_code != 302:
            return [f"{response.status_code}"]
        return [str(message) for message in client.get(response.url).context["messages"]]

    return post_as


def send_address(user: User) -> str:
    return reverse("admin:auth_user_send_link", args=[user.pk])


def find_link(mail) -> str:
    (link,) = re.findall(r"https?://[^/\s]+(/admin/set-password/\S+)", mail.body)
    return link


def set_password(client, link: str, password: str = NEW_PASSWORD):
    page = client.get(link, follow=True)
    form = {"new_password1": password, "new_password2": password}
    return client.post(page.wsgi_request.path, form, follow=True)


def list_notes() -> list[tuple[str, str]]:
    events = Event.objects.filter(statement=None).order_by("number")
    return [(event.note, event.by_name) for event in events]


def test_a_manager_sends_a_link_and_never_sees_it(client, post, ann, max, mailoutbox):
    before = len(list_notes())
    assert post(max, send_address(ann)) == ["A link to set a password is on its way to ann."]
    (mail,) = mailoutbox
    assert mail.to == ["ann@example.org"]
    assert mail.subject.endswith(": set your password")
    assert "Max asks you to set a password for your account “ann”:" in mail.body
    assert "The link works once, and for 3 days." in mail.body
    client.logout()
    answer = set_password(client, find_link(mail))
    assert answer.redirect_chain[-1] == ("/admin/login/", 302)
    assert "Your password is set. Sign in with it." in answer.text
    ann.refresh_from_db()
    assert ann.check_password(NEW_PASSWORD)
    assert list_notes()[before:] == [
        ("Link to set a password sent: ann", "max"),
        ("Account changed: ann", "ann"),
    ]
    assert "works any more" not in answer.text
    assert "This link does not work any more" in client.get(find_link(mail), follow=True).text


def test_a_new_account_has_no_password_until_its_owner_sets_one(client, post, max, mailoutbox):
    editors = Group.objects.get(name=EDITOR)
    messages = post(
        max,
        reverse("admin:auth_user_add"),
        username="eve",
        email="eve@example.org",
        groups=editors.pk,
        password1=NEW_PASSWORD,
        password2=NEW_PASSWORD,
        usable_password="true",
    )
    assert "A link to set a password is on its way to eve." in messages
    eve = User.objects.get(username="eve")
    assert (eve.has_usable_password(), eve.is_staff, eve.groups.get()) == (False, True, editors)
    client.logout()
    set_password(client, find_link(mailoutbox[0]))
    signed_in = client.post("/admin/login/", {"username": "eve", "password": NEW_PASSWORD})
    assert signed_in.status_code == 302


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"username": "eve"}, "Fill this in."),
        ({"username": "ANN", "email": "a@b.example"}, "There is already an account with this"),
    ],
)
def test_a_new_account_needs_an_address_and_a_name_of_its_own(client, ann, max, fields, sentence):
    client.force_login(max)
    page = client.post(reverse("admin:auth_user_add"), fields)
    assert sentence in page.context["errors"].as_text()
    assert User.objects.count() == 2


@pytest.mark.parametrize("who", ["max", "root"])
def test_no_page_sets_the_password_of_somebody_else(client, ann, who, request):
    user = request.getfixturevalue(who)
    client.force_login(user)
    with pytest.raises(NoReverseMatch):
        reverse("admin:auth_user_password_change", args=[ann.pk])
    fields = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "password": NEW_PASSWORD}
    address = reverse("admin:auth_user_change", args=[ann.pk])
    client.post(f"/admin/auth/user/{ann.pk}/password/", fields)
    client.post(address, {"username": "ann", "is_active": "on"} | fields)
    page = client.get(address).text
    assert 'type="password"' not in page
    assert f"formaction='{send_address(ann)}'" in page
    ann.refresh_from_db()
    assert ann.check_password(PASSWORD)


def test_only_a_manager_sends_a_link_and_only_a_superuser_to_a_superuser(
    client, post, ann, ed, max, root, mailoutbox
):
    assert post(ed, send_address(ann)) == post(max, send_address(root)) == ["403"]
    assert post(max, "/admin/auth/user/99999/send-password-link/") == ["404"]
    client.force_login(max)
    assert client.get(send_address(ann)).status_code == 405
    assert mailoutbox == []
    assert post(root, send_address(root)) == ["A link to set a password is on its way to root."]


def test_an_account_without_an_address_or_closed_gets_none(post, ann, max, mailoutbox):
    User.objects.filter(pk=ann.pk).update(email="")
    assert post(max, send_address(ann)) == ["This account has no email address. Enter one first."]
    User.objects.filter(pk=ann.pk).update(email="a@b.example", is_active=False)
    assert post(max, send_address(ann)) == ["This account is not active. Open it first."]
    assert mailoutbox == []


def test_nobody_gets_into_an_account_by_changing_its_address(client, post, ann, max, mailoutbox):
    client.post("/admin/login/", {"username": "ann", "password": PASSWORD})
    ann.refresh_from_db()
    fields = {"username": "ann", "groups": [ann.groups.get().pk], "is_active": "on"}
    address = reverse("admin:auth_user_change", args=[ann.pk])
    post(max, address, **fields, email="max@example.org")
    assert post(max, send_address(ann)) == [CHANGED]
    post(max, address, **fields | {"username": "anna"}, email="max@example.org")
    assert post(max, send_address(ann)) == [CHANGED]
    assert mailoutbox == []
    client.post("/admin/login/", {"username": "anna", "password": PASSWORD})
    assert post(max, send_address(ann)) == ["A link to set a password is on its way to anna."]


def test_an_address_changed_while_the_mail_waits_gets_none(ann, max, mailoutbox, caplog):
    ann.last_login = timezone.now()
    ann.save()
    ann.email = "max@example.org"
    ann.save()
    password_links.send_password_link.call(ann.pk, max.pk)
    assert mailoutbox == []
    assert f"No password link was sent to user {ann.pk}" in caplog.text


def test_an_owner_who_changed_their_own_address_gets_a_link(client, post, max, mailoutbox):
    client.post("/admin/login/", {"username": "max", "password": PASSWORD})
    fields = {"username": "max", "groups": [max.groups.get().pk], "is_active": "on"}
    post(max, reverse("admin:auth_user_change", args=[max.pk]), **fields, email="new@example.org")
    post(max, send_address(max))
    assert [mail.to for mail in mailoutbox] == [["new@example.org"]]


def test_the_link_of_a_closed_account_and_nonsense_set_nothing(client, post, ann, max, mailoutbox):
    post(max, send_address(ann))
    link = find_link(mailoutbox[0])
    User.objects.filter(pk=ann.pk).update(is_active=False)
    client.logout()
    for address in (link, "/admin/set-password/x/y/", "/admin/set-password/OTk5OTk5OTk5OQ/a-b/"):
        page = client.get(address, follow=True)
        assert (page.status_code, "This link does not work any more" in page.text) == (200, True)
    ann.refresh_from_db()
    assert ann.check_password(PASSWORD)


def test_a_failed_mail_is_logged_without_the_address_and_tried_again(ann, max, settings, caplog):
    settings.EMAIL_BACKEND = "tests.statements.newsdesk.test_password_links.FailingBackend"
    with pytest.raises(OSError, match="no route"):
        password_links.send_password_link.call(ann.pk, max.pk)
    assert f"Mail to set a password of user {ann.pk} failed: OSError" in caplog.text
    assert "ann@" not in caplog.text


class FailingBackend:
    def __init__(self, **options) -> None:
        pass

    def send_messages(self, mails) -> int:
        raise OSError("no route to ann@example.org")


def test_the_token_stays_out_of_the_log():
    import logging

    line = '"GET /admin/set-password/MQ/abc-def/ HTTP/1.1" 200'
    record = logging.LogRecord("x", logging.INFO, "", 0, line, (), None)
    RedactPreviewTokens().filter(record)
    assert record.getMessage() == '"GET /admin/set-password/MQ/…/ HTTP/1.1" 200'


def test_everybody_still_changes_their_own_password_and_the_command_line_makes_superusers(
    client, ann
):
    client.force_login(ann)
    client.post(
        reverse("admin:password_change"),
        {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD},
    )
    ann.refresh_from_db()
    assert ann.check_password(NEW_PASSWORD)
    call_command(
        "createsuperuser", interactive=False, username="su", email="s@b.example", stdout=StringIO()
    )
    assert User.objects.get(username="su").is_superuser
