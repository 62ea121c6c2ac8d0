"""The frame of every page of the newsdesk: bar, menus, messages and Django's own pages."""

import gettext
import re

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string

from statements.models import Theme
from statements.newsdesk.user_names import get_initials

pytestmark = pytest.mark.django_db

STOCK_WORDS = (
    "Authentication and Authorization",
    "LDAP",
    "single sign-on",
    "Single Sign-On",
    "Tasks Database",
    "Django",
    "Log in",
    "Log out",
)
PAGES = (
    "/admin/",
    "/admin/auth/user/",
    "/admin/auth/user/add/",
    "/admin/organisations/contact/",
    "/admin/organisations/organisation/add/",
    "/admin/statements/theme/add/",
    "/admin/password_change/",
)


def list_menu(page: str) -> list[str]:
    """Return the words of the links of the wide bar."""
    nav = page.split("<nav", 1)[1].split("</nav>", 1)[0]
    return [
        re.sub(r"<[^>]+>", "", link).strip() for link in re.findall(r"<a .*?</a>", nav, re.DOTALL)
    ]


def test_a_menu_has_what_its_person_can_open_and_nothing_else(client, ann, max):
    client.force_login(ann)
    for_author = list_menu(client.get("/admin/").text)
    assert {"Dashboard", "Statements", "Speakers", "Press contacts"} <= set(for_author)
    assert not {"Accounts", "Import", "Site pages"} & set(for_author)
    client.force_login(max)
    assert {*for_author, "Accounts", "Import", "Site pages"} <= set(
        list_menu(client.get("/admin/").text)
    )


def test_somebody_without_rights_has_no_empty_menu(client):
    client.force_login(User.objects.create_user("newcomer", is_staff=True))
    page = client.get("/admin/").text
    assert list_menu(page) == ["Dashboard"]
    assert "Set up" not in page
    assert "New statement" not in page


@pytest.mark.parametrize("url", PAGES)
def test_each_page_has_one_main_part_one_heading_and_a_way_past_the_bar(client, max, url):
    client.force_login(max)
    page = client.get(url).text
    assert (page.count("<main"), page.count("<h1")) == (1, 1)
    assert page.index('<a class="skip" href="#content-start">') < page.index("<header")
    assert 'id="content-start"' in page


@pytest.mark.parametrize("url", PAGES)
def test_no_page_speaks_of_the_framework_or_of_other_ways_to_sign_in(client, max, url):
    client.force_login(max)
    text = re.sub(r"<[^>]+>", " ", client.get(url).text)
    assert [words for words in STOCK_WORDS if words in text] == []


@pytest.mark.parametrize(
    ("level", "tone", "icon"),
    [
        (constants.SUCCESS, "good", "check"),
        (constants.WARNING, "care", "warn"),
        (constants.ERROR, "stop", "warn"),
        (constants.INFO, "info", "info"),
        (constants.DEBUG, "info", "info"),
    ],
)
def test_only_what_went_well_has_a_tick(level, tone, icon):
    html = render_to_string("admin/newsdesk/_message.html", {"message": Message(level, "Words")})
    assert f'<li class="alert {tone}">' in html
    assert re.findall(r"#i-(\w+)", html) == [icon]


def test_words_of_a_message_that_look_like_html_stay_words():
    message = Message(constants.WARNING, "<b>Bold</b>")
    html = render_to_string("admin/newsdesk/_message.html", {"message": message})
    assert "&lt;b&gt;Bold&lt;/b&gt;" in html


@pytest.mark.parametrize(
    ("first", "last", "initials"),
    [("Ann", "Archer", "AA"), ("Mary Jane", "Smith Jones", "MJ"), ("", "", "A")],
)
def test_initials_are_of_the_first_and_the_last_name(first, last, initials):
    user = User(username="ann", first_name=first, last_name=last)
    assert get_initials(user) == initials


def test_what_django_says_is_compiled_from_the_text_beside_it():
    folder = settings.BASE_DIR / "locale/en_GB/LC_MESSAGES"
    written = re.findall(
        r'^msgid "(.+)"\nmsgstr "(.+)"$', (folder / "django.po").read_text("utf-8"), re.MULTILINE
    )
    with (folder / "django.mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)
    assert len(written) > 20
    assert [
        (ours, catalogue.gettext(theirs))
        for theirs, ours in written
        if catalogue.gettext(theirs) != ours
    ] == []


def test_a_saved_row_is_named_without_django_s_words(client, max):
    client.force_login(max)
    answer = client.post(
        "/admin/statements/theme/add/", {"name": "Schools", "slug": "schools"}, follow=True
    )
    assert [str(message) for message in answer.context["messages"]] == [
        f'Added “<a href="/admin/statements/theme/{Theme.objects.get().pk}/change/">Schools</a>”.'
    ]
    answer = client.post("/admin/statements/theme/add/", {"name": ""})
    assert answer.context["errors"] == [["Fill this in."]]
    assert "Not saved yet. There is a problem." in answer.text
