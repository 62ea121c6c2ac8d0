"""No hostile request of somebody on the newsdesk makes a page fail.

These are the pages that test_accepted_values.py does not fill: imports, merges, accounts,
autosaves, autocomplete, uploads and confirmations. An exception in a view fails the test by itself.
"""

import contextlib
import json
import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.models import Upload
from organisations.models import Contact, Speaker
from statements.caching import version, versioned_lru
from statements.models import Attachment, Autosave, SensitivePeriod, Statement, Theme
from tests.archive.samples import make_record
from tests.cast import NOON, make_speaker, make_user, submit_statement
from tests.hypothesis_profiles import IS_NIGHTLY, scale_examples
from tests.make_files import PDF
from tests.statements.newsdesk.form_data import read_form
from tests.whole_site.hostile_values import HOSTILE_LINES
from tests.whole_site.newsdesk_forms import Newsdesk, change_url, make_newsroom, post

pytestmark = pytest.mark.django_db

IMPORT = "/admin/import/"
AUTOSAVE = "/admin/statements/autosave/"
MANY_WORDS = "a " * 1_900
"""As many words as fit into an address: the server reads 4,094 bytes of it."""
TERMS = (MANY_WORDS, *HOSTILE_LINES)
NUMBERS = ("", "0", "-1", "9" * 30, "9" * 18, "1.5", "x", "²", "٣", "\0", "1,2")
KEY_FIELDS = re.compile(
    r"(?:^|-)(?:id|speaker|appointment|to|translation_of|themes|organisations?)$"
)
"""Fields that hold the key of a row."""
AUTOCOMPLETES = (
    ("statements", "passage", "speaker"),
    ("statements", "passage", "appointment"),
    ("statements", "statement", "translation_of"),
    ("statements", "relation", "to"),
    ("statements", "themedstatement", "tag"),
    ("organisations", "contact", "organisation"),
)
SEARCHES = (
    *("organisations/organisation", "organisations/speaker", "organisations/appointment"),
    *("organisations/contact", "statements/statement", "statements/theme", "auth/user"),
)


@pytest.fixture
def newsroom(ann, frozen) -> Statement:
    frozen(NOON)
    return make_newsroom(ann)


@pytest.fixture
def manager(client, newsroom, max) -> Client:
    client.force_login(max)
    return client


def open_page(client: Client, url: str, **query) -> None:
    response = client.get(f"{url}?{urlencode(query, errors='surrogatepass')}" if query else url)
    assert response.status_code in (200, 302, 400, 403, 404), (url, query, response.status_code)


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Take back what one example changed."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    versioned_lru.clear_all()  # the rollback takes the cache version back to an earlier number
    version.reset()


def choose(values: Sequence[str], count: int) -> Sequence[str]:
    """Return all values in the nightly run, and else some from all over the list."""
    return values if IS_NIGHTLY else values[:: max(1, len(values) // count)]


# --- Searches and merges --------------------------------------------------------------------------


@pytest.mark.parametrize("field", AUTOCOMPLETES, ids=".".join)
def test_no_search_term_breaks_autocomplete(manager, field):
    names = dict(zip(("app_label", "model_name", "field_name"), field, strict=True))
    for term in choose(TERMS, 15):
        open_page(manager, "/admin/autocomplete/", term=term, **names)
    for page in NUMBERS:
        open_page(manager, "/admin/autocomplete/", term="a", page=page, **names)


@pytest.mark.parametrize("name", SEARCHES)
def test_no_search_term_breaks_a_list_of_the_newsdesk(manager, name):
    for term in choose(TERMS, 15):
        open_page(manager, f"/admin/{name}/", q=term)


def make_merge_urls() -> list[str]:
    speaker, theme = Speaker.objects.first(), Theme.objects.get(slug="water")
    assert speaker is not None
    return [
        reverse("admin:merge_speaker", args=[speaker.pk]),
        reverse("admin:merge_theme", args=[theme.pk]),
    ]


def test_no_search_and_no_choice_breaks_a_merge_page(manager):
    for url in make_merge_urls():
        for term in choose(TERMS, 15):
            open_page(manager, url, q=term)
        for number in NUMBERS:
            open_page(manager, url, into=number)
            post(manager, url, {"into": number, "biography": "\ud800"})


@settings(max_examples=scale_examples(1), suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_name_that_a_form_accepts_breaks_a_merge(manager, data):
    with undone():
        desk = Newsdesk(manager, data.draw)
        theme = Theme.objects.create(name="Rivers", slug="rivers")
        for url, row in zip(make_merge_urls(), (make_speaker("Jo Fox"), theme), strict=True):
            desk.fill(change_url(row))
            open_page(manager, url, into=row.pk)
            post(manager, url, {"into": row.pk, "biography": "source"})
            open_page(manager, change_url(row))


# --- Accounts -------------------------------------------------------------------------------------


@settings(max_examples=scale_examples(2), suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_account_that_a_form_accepts_breaks_a_page(manager, data):
    with undone():
        desk, account = Newsdesk(manager, data.draw), make_user("jo", "Author")
        desk.fill(reverse("admin:auth_user_add"))
        desk.fill(change_url(account))
        for url in ("/admin/auth/user/", "/admin/auth/user/csv/", change_url(account), "/admin/"):
            open_page(manager, url)


# --- Imports --------------------------------------------------------------------------------------

MAPPINGS = (
    *("", "\0", "\x01", "x", "=", "[", "[fields]\n" * 2, "[[fields]]", "fields = 1", "fetch = 1"),
    *("[fields]\nheadline = 1", "[fields]\nheadline = true", "[fields]\nheadline = {a = 1}"),
    *("[fields]\nheadline = [1, [2]]", "[fields]\nheadline = []", '[fields]\nheadline = ""'),
    *("[fields]\nheadline = 2026-01-01", "[fields]\nnosuch = 'a'", "[fields]\nbodies = 'a'"),
    *('[fields]\nheadline = ["\\u0000"]', '[fields]\nheadline = "a.b.c..."', "a.b.c = 1"),
    *("x = " + "[" * 5_000, "x = " + "9" * 5_000, "x = 1e999", "x = 2026-99-99", "x = '''a"),
    *("a." * 5_000 + "b = 1", "x = " + "{a=" * 2_000, "time_zone = ''", "time_zone = '../../etc'"),
    *("time_zone = 'Europe'", 'time_zone = "\\u0000"', f"time_zone = '{'A' * 300}'"),
    *("time_zone = '/'", "time_zone = 'posixrules'", "time_zone = 'tzdata.zi'", "time_zone = '.'"),
    *('source = "\\u0000"', f"source = '{'A' * 900}'", 'source = "\\u202e"', "source = '\\ud800'"),
    *("kind = 'nosuch'", 'kind = "\\u0000"', "language = 'nosuch'", 'language = "\\u0000"'),
    *('publisher = "\\u0000"', f"publisher = '{'A' * 900}'", "publisher = ' '", "pages = true"),
    *("fetch = ['[']", "fetch = [1, {a = 1}]", "fetch = ['\u202e']", 'fetch = ["\\u0000"]'),
    *('[kinds]\nnews = "nosuch"', '[kinds]\n"" = ""', '[kinds]\nnews = "\\u0000"', "[kinds]\na=1"),
    *('[themes]\nWater = "\\u0000"', f'[themes]\nWater = "{"A" * 900}"', '[themes]\nWater = "[["'),
    *('[people]\n"Jo Fox" = "\\u0000"', f'[people]\n"Jo Fox" = "{"A" * 900}"'),
    *('[people]\n"Jo Fox" = "Jo Fox"', '[people]\n"Jo Fox" = " "', '[people]\n"Jo Fox" = "\\n"'),
    *('[organisations]\n"Board" = "\\u0000"', f'[organisations]\n"Board" = "{"A" * 900}"'),
    *('[organisations]\n"Board" = "\\u202e"', '[organisations]\n"\\u0000" = "Board"'),
)
"""Some are no mapping; what a dry run makes of the others is shown on its page."""
RECORD = {"people": ["Jo Fox"], "organisations": ["Board"], "tags": ["Water"], "kind": "news"}


@pytest.fixture
def send(manager, settings, tmp_path, django_capture_on_commit_callbacks):
    """Send a form with the worker at once at what it was given; open the page that follows."""
    settings.IMPORTS_DIR = tmp_path / "imports"

    def send_form(url: str, **data):
        with django_capture_on_commit_callbacks(execute=True):
            response = manager.post(url, data)
        assert response.status_code in (200, 302, 404), (url, response.status_code)
        if response.status_code == 302:
            open_page(manager, response.url)
        return response

    return send_form


def make_file(name: str, text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode("utf-8", "surrogatepass"))


def check_mapping(send, upload: Upload, mapping: str) -> None:
    """Ask for a dry run with this mapping; open what it leads to."""
    send(f"{IMPORT}{upload.pk}/do/check/", mapping=mapping)
    upload.refresh_from_db()
    assert "fault of ours" not in upload.problem, mapping


def open_import_pages(client: Client, upload: Upload) -> None:
    for page in ("1", *NUMBERS):
        open_page(client, f"{IMPORT}{upload.pk}/", page=page)
    for name in ("report.csv", "matches.csv", "nosuch", "\0"):
        url = reverse("imports:download", args=[upload.pk, name])
        response = client.get(url)
        assert response.status_code in (200, 404), url
        b"".join(response.streaming_content if response.streaming else [])
    open_page(client, IMPORT)


def test_no_mapping_breaks_an_import(manager, send):
    send(IMPORT, file=make_file("old.jsonl", json.dumps(make_record(1, **RECORD))))
    upload = Upload.objects.get()
    proposed = upload.mapping
    for mapping in choose(MAPPINGS, 30):
        check_mapping(send, upload, mapping)
        check_mapping(send, upload, f"{mapping}\n{proposed}")
    open_import_pages(manager, upload)


def make_hostile_files() -> list[SimpleUploadedFile]:
    """Return one file of each of three formats with all hostile lines as all values."""
    records = [
        make_record(1, **dict.fromkeys(RECORD | {"title": "", "body": "", "summary": ""}, line))
        | {"id": f"{number} {line}", "url": line, "attachments": [{"url": line, "title": line}]}
        for number, line in enumerate(HOSTILE_LINES)
    ]
    json_lines = "\n".join(map(json.dumps, records))
    rows = ["title,body,date,tags,url", *(",".join([quote(line)] * 5) for line in HOSTILE_LINES)]
    items = "".join(f"<item><title><![CDATA[{line}]]></title></item>" for line in HOSTILE_LINES)
    return [
        make_file("old.jsonl", json_lines),
        make_file("old.csv", "\n".join(rows)),
        make_file("old.xml", f"<?xml version='1.0'?><list>{items}</list>"),
    ]


def quote(line: str) -> str:
    return '"' + line.replace('"', '""') + '"'


def test_no_value_in_a_file_breaks_an_import(manager, send):
    for file in make_hostile_files():
        send(IMPORT, file=file)
        upload = Upload.objects.first()
        assert "fault of ours" not in upload.problem, file.name
        open_import_pages(manager, upload)
        send(f"{IMPORT}{upload.pk}/do/agree/", seen_digest="\0")
        send(f"{IMPORT}{upload.pk}/do/nosuch/")
        send(f"{IMPORT}{upload.pk}/do/forget/")


# --- Names of files -------------------------------------------------------------------------------

FILE_NAMES = (
    "\U00020000" * 60 + "." + "\U00020000" * 60,
    *HOSTILE_LINES,
    *(
        "\U00020000" * 100 + ".csv",
        "a." + "\U00020000" * 60,
        "\U00020000" * 60 + "." + "\U00020000" * 60,
        "中" * 200 + ".jsonl",
        "e\u0301" * 90,
    ),
    *(
        "a" * 300 + ".pdf",
        ".pdf",
        "..",
        "con",
        "a.pdf.",
        "-.pdf",
        "½.pdf",
        "a" + "." * 90,
        "CON.pdf",
    ),
)


def test_no_name_of_a_file_breaks_an_import(manager, send):
    for name in choose(FILE_NAMES, 30):
        send(IMPORT, file=name_file(name, b'{"title": "A", "body": "B"}\n'))
    open_page(manager, IMPORT)


def name_file(name: str, data: bytes) -> SimpleUploadedFile:
    """Return a file as a browser sends it: no name has half a character or ends a header."""
    clean = name.encode("utf-8", "replace").decode().translate({10: "-", 13: "-", 34: "-"})
    file = SimpleUploadedFile("a", data)
    file._name = clean  # the setter would make it safe, which a browser does not
    return file


def test_no_name_of_an_attachment_breaks_a_page(manager, newsroom):
    url = change_url(newsroom)
    names = choose(FILE_NAMES, 20)
    data = read_form(manager.get(url))
    first = int(data["attachments-TOTAL_FORMS"]) - 1
    data["attachments-TOTAL_FORMS"] = first + len(names)
    data |= {
        f"attachments-{first + number}-upload": name_file(name, PDF + b"%d" % number)
        for number, name in enumerate(names)
    }
    assert manager.post(url, data).status_code == 302
    assert Attachment.objects.count() > first + len(names) / 2  # Django drops some without a name
    open_page(manager, url)
    for attachment in Attachment.objects.select_related("file"):
        file = [attachment.file.digest, attachment.name]
        response = manager.get(reverse("admin:statements_file", args=file))
        assert response.status_code == 200, attachment.name
        b"".join(response.streaming_content)


# --- Autosaves and confirmations ------------------------------------------------------------------


def test_no_autosave_breaks_the_form_that_offers_it(manager, newsroom, max):
    url = change_url(newsroom)
    saved = read_form(manager.get(url))
    own = {"autosave_user": str(max.pk), "autosave_statement": str(newsroom.pk)}
    own |= {"autosave_key": "a-key-of-mine"}
    counts = {name: value for name, value in saved.items() if name.endswith("_FORMS")}
    for value, kept in [*((term, counts) for term in choose(TERMS, 4)), ("-1", {}), ("x", {})]:
        post(manager, AUTOSAVE, dict.fromkeys(saved, value) | kept | own)
        restore_autosave(manager, url)


def restore_autosave(client: Client, url: str) -> None:
    row = Autosave.objects.get()
    open_page(client, "/admin/")
    open_page(client, url)
    post(client, url, {"_restore": str(row.pk)})


def test_no_value_breaks_the_endpoint_that_autosaves(manager, newsroom, max):
    own = {"autosave_user": str(max.pk), "autosave_key": "a-key-of-mine"}
    for value in (*choose(TERMS, 10), *NUMBERS, "a" * 40):
        for name in ("autosave_user", "autosave_key", "autosave_statement", "autosave_do"):
            post(manager, AUTOSAVE, own | {name: value})
        for do in ("presence", "leave", "unchanged", "leftover", ""):
            data = own | {"autosave_statement": str(newsroom.pk), "seen_version": value}
            post(manager, AUTOSAVE, data | {"autosave_do": do, value: value})
    for number in NUMBERS:
        post(manager, change_url(newsroom), {"_restore": number})


def test_no_value_breaks_a_confirmation_or_a_restored_edition(manager, newsroom, ann):
    edition = submit_statement(newsroom, by=ann)
    submit = reverse("admin:statements_statement_submit", args=[newsroom.pk])
    restore = reverse("admin:statements_edition_restore", args=[edition.pk])
    for value in (*choose(TERMS, 4), *choose(NUMBERS, 4)):
        for seen in (value, str(Statement.objects.get(pk=newsroom.pk).version)):
            post(manager, submit, {"seen_version": seen, "confirmed": value})
            post(manager, restore, {"seen_version": seen})
        open_page(manager, submit)
        open_page(manager, restore)


def test_no_key_of_a_row_breaks_a_form(manager, newsroom):
    rows = [newsroom, Contact.objects.get(), SensitivePeriod.objects.get(), make_speaker("Jo Fox")]
    for url in (*map(change_url, rows), reverse("admin:organisations_appointment_add")):
        data = read_form(manager.get(url))
        keys = [name for name in data if KEY_FIELDS.search(name)]
        assert keys, url
        for value in ("x", *NUMBERS):
            post(manager, url, data | dict.fromkeys(keys, value))
