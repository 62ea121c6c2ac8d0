"""After an erasure and the worker's task, one word is nowhere: in no table, no file, no log.

The word goes into every text that a statement can reach, through the product. Then two managers
erase it, the worker runs, and the files of the database and the storage are read byte by byte.
"""

from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from archive import uploads
from statements import workflow
from statements.audit import verification
from statements.erasure.register import REGISTER
from statements.links import safe_fetch
from statements.management.commands import db_worker
from statements.models import Edition, Statement
from statements.related.tasks import rebuild_suggestions
from statements.signoff import actions, remarks
from tests.archive.samples import make_record, write_json_lines
from tests.cast import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    PASSWORD,
    approve_edition,
    make_organisation,
    make_speaker,
    make_statement,
    make_user,
    refetch_edition,
    submit_statement,
)
from tests.database_files import read_bytes
from tests.make_files import PDF, attach_file, make_picture, make_upload
from tests.statements.newsdesk.form_data import ADD, change_url, open_form

pytestmark = pytest.mark.django_db(transaction=True)

CANARY = "zebrafinkzq"  # a stem of itself, and in nothing else
SENTENCE = f"The {CANARY} sang to the whole council on Thursday."
CANARY_PDF = PDF.replace(b"%%EOF", f"% {CANARY}\n%%EOF".encode())
AUTOSAVE = "/admin/statements/autosave/"


@pytest.fixture
def mia(db) -> User:
    return make_user("mia", "Manager")


@pytest.fixture(autouse=True)
def places_on_disk(settings, tmp_path, monkeypatch):
    """A storage and a folder of imports of its own, and the queue that production has."""
    problem = f"The server of {CANARY} does not answer."
    monkeypatch.setattr(safe_fetch, "check_link", lambda url, **how: problem)
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        }
    }
    settings.IMPORTS_DIR = tmp_path / "imports"
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def run_worker() -> None:
    call_command("db_worker", "--batch", "--queue-name", "*", "--no-startup-delay")


# --- Reading everything ---------------------------------------------------------------------------


def list_files(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def list_database_files() -> list[Path]:
    """Return the files of the test database: of PostgreSQL all but its write-ahead log."""
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        return [path for path in database.parent.glob(f"{database.name}*") if path.is_file()]
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        oid = cursor.fetchone()[0]
        cursor.execute("SHOW data_directory")
        return list_files(Path(cursor.fetchone()[0]) / "base" / str(oid))


def find_in_files(word: str, paths: list[Path]) -> list[str]:
    """Return the files that hold the word, in any case of letters, by content or name."""
    needle = word.encode()
    return sorted(
        str(path)
        for path in paths
        if word in path.name.lower() or needle in read_bytes(path).lower()
    )


def find_in_tables(word: str) -> list[str]:
    """Return the tables that hold the word, also where it is packed or encoded."""
    texts = {name: dump_table(name).lower() for name in list_tables()}
    texts["sessions"] = repr([row.get_decoded() for row in Session.objects.all()]).lower()
    return [name for name in sorted(texts) if word in texts[name]]


def list_tables() -> list[str]:
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


def dump_table(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
        return repr(cursor.fetchall())


# --- Writing it everywhere ------------------------------------------------------------------------


def write_draft(client, ann) -> Statement:
    """Type the word into every field of the form and save twice, as a person would."""
    organisation, speaker = make_organisation(), make_speaker()
    form = open_form(client, ann, ADD)
    form |= {
        "headline": f"{CANARY.title()} speaks",
        "organisation": organisation.pk,
        "summary": f"A summary of the {CANARY}.",
        "notes_to_editors": f"<p>Notes on the {CANARY}.</p>",
        "responds_to_title": f"The {CANARY} report",
        "responds_to_url": f"https://example.org/{CANARY}",
        "passages-0-speaker": speaker.pk,
        "passages-0-heading": f"On the {CANARY}",
        "passages-0-attribution": f"Dave Hill, friend of the {CANARY}, said:",
        "passages-0-body": f'<p>{SENTENCE}</p><p><a href="https://{CANARY}.example/x">Here</a></p>',
    }
    response = client.post(ADD, form)
    assert response.status_code == 302, response.context["adminform"].form.errors
    statement = Statement.objects.get(headline=f"{CANARY.title()} speaks")
    Statement.objects.filter(pk=statement.pk).update(
        leftover_text=f"Left over: {CANARY}",
        embargo_line=f"Embargoed until the {CANARY} sings",
        embargo_until=NOON,
    )
    return statement


def attach_twice(statement: Statement, ann) -> None:
    """The same document under two names, as two uploads; and a picture with narrower copies."""
    about = {
        "title": f"Title of the {CANARY}",
        "credit": f"Photo: {CANARY}",
        "terms": f"Ask the {CANARY}",
    }
    attach_file(statement, ann, f"{CANARY}.pdf", CANARY_PDF, **about)
    attach_file(statement, ann, f"{CANARY}-copy.pdf", CANARY_PDF, **about)
    attach_file(statement, ann, f"{CANARY}.jpg", make_picture(), alt=f"A {CANARY}", **about)


def autosave_everywhere(client, ann, ed, statement: Statement) -> None:
    """Ann leaves a form of the statement open, and Ed pasted its words into a new one."""
    for person, url, pk in ((ann, change_url(statement), statement.pk), (ed, ADD, "")):
        form = open_form(client, person, url)
        form |= {"autosave_user": person.pk, "autosave_statement": pk, "passages-0-body": SENTENCE}
        assert client.post(AUTOSAVE, form | {"headline": f"{CANARY} again"}).status_code == 200


def discuss(edition: Edition, ann) -> None:
    remarks.add_remark(edition, by=ann, at=NOON, text=f"Is {CANARY} right?")
    link, _ = actions.request_signoff(
        edition, by=ann, at=NOON, name="Dame Jane", email="jane@example.org"
    )
    reply = {"agrees": False, "text": f"Not the {CANARY}!"}
    actions.record_reply(link, at=NOON, seen_digest=edition.digest, **reply)


def check_links(client, ann, statement: Statement) -> None:
    """Press “Check the links”: the worker then keeps each link with what was wrong."""
    url = change_url(statement)
    assert client.post(url, open_form(client, ann, url) | {"_check_links": "1"}).status_code == 302


def guess_password(client) -> None:
    """Somebody who is not signed in asks for a search of the newsdesk, and types a wrong password."""
    client.logout()
    search = f"/admin/statements/statement/?q={CANARY}"
    client.post(f"/admin/login/?next={search}", {"username": "ann", "password": "guess"})


def press(client, edition: Edition, decision: str, **fields: str):
    response = client.post(
        reverse("admin:statements_edition_decide", args=[edition.pk, decision]),
        {
            "seen_digest": edition.digest,
            "seen_version": Statement.objects.get(pk=edition.statement_id).version,
        }
        | fields,
    )
    assert response.status_code == 302, response.content.decode()[-3000:]


def relate_another(client, ed, statement: Statement, other: Edition) -> None:
    """The event of another statement, which stays public, names this one."""
    client.force_login(ed)
    url = reverse("admin:statements_statement_related", args=[other.statement_id])
    assert client.post(url, {"do": "pin", "to": statement.pk}).status_code == 302


def erase(client, edition: Edition, *, max, mia) -> None:
    client.force_login(max)
    press(client, edition, "request-erasure", reason="Order 12/44")
    client.force_login(mia)
    press(client, edition, "erase", password=PASSWORD)


def bring_in(tmp_path, max, mia) -> Edition:
    """Import a statement whose identifier, old address and file have the word."""
    record = make_record(
        1,
        id=f"{CANARY}-1",
        title=f"{CANARY.title()} of the old site",
        url=f"https://old.example.org/news/{CANARY}-sang",
        body=f"<p>In 2015 the {CANARY} sang to us.</p>",
    )
    source = write_json_lines(tmp_path, record, name="old.jsonl")
    upload = uploads.receive(make_upload(f"{CANARY}.jsonl", source.read_bytes()), by=max, at=NOON)
    source.unlink()
    run_worker()
    mapping = 'publisher = "Association of Directors"'
    upload.refresh_from_db()
    uploads.repeat_dry_run(upload, f"{upload.mapping}\n{mapping}", by=max, at=NOON)
    run_worker()
    upload.refresh_from_db()
    uploads.approve(upload, seen_digest=upload.digest, by=mia, at=NOON)
    uploads.start(upload, seen_digest=upload.digest, by=max, at=NOON)
    run_worker()
    return Edition.objects.get(headline__contains="old site")


@pytest.fixture
def spread(client, ann, ed, max, mia, frozen, tmp_path, monkeypatch) -> list[Edition]:
    """Editions with the word: public and then corrected, the correction, and an imported one."""
    frozen(NOON)
    monkeypatch.setattr(db_worker, "KEPT_FOR", 50 * 365 * DAY)  # tasks end by the real clock
    other = approve_edition(submit_statement(make_statement(ann, "Another"), by=ann), by=ed)
    statement = write_draft(client, ann)
    attach_twice(statement, ann)
    check_links(client, ann, statement)
    edition = submit_statement(statement, by=ann)
    discuss(edition, ann)
    client.force_login(ed)
    press(client, edition, "send-back", note=f"Is it {CANARY} or not?")
    edition = approve_edition(submit_statement(statement, by=ann), by=ed)
    correction = correct(edition, ann, ed, frozen)
    frozen(NOON + 2 * HOUR)
    relate_another(client, ed, statement, other)
    list(rebuild_suggestions(at=NOON + 2 * HOUR))
    imported = bring_in(tmp_path, max, mia)
    client.force_login(ed)
    fields = {"notice": f"The {CANARY} was wrong.", "target": f"https://example.org/{CANARY}"}
    for public in (correction, imported):
        press(client, refetch_edition(public), "withdraw", kind="gone", **fields)
    again = workflow.restore(refetch_edition(correction), by=ed, at=NOON + 2 * HOUR)
    workflow.cancel(again, by=ed, at=NOON + 2 * HOUR)
    run_worker()
    guess_password(client)
    autosave_everywhere(client, ann, ed, statement)
    ann.saved_views.create(name=f"About the {CANARY}", query=f"q={CANARY}")
    DBTaskResult.objects.update(traceback=f"ValueError: {CANARY}")
    collect_statistics()
    frozen(NOON + DAY)
    return [edition, correction, imported]


def correct(edition: Edition, ann, ed, frozen) -> Edition:
    """Correct one word, with a note that says it once more."""
    statement = edition.statement
    statement.passages.update(body=f"<p>{SENTENCE} Twice.</p>")
    statement.refresh_from_db()
    statement.record_save(by=ann, seen_version=statement.version)
    Statement.objects.filter(pk=statement.pk).update(leftover_text=f"Left over: {CANARY}")
    at = NOON + HOUR
    frozen(at)
    note = {"amendment": "correction", "public_note": f"It was the {CANARY} all along."}
    correction = submit_statement(statement, by=ann, at=at, **note)
    return approve_edition(correction, by=ed, at=at, release_at=at + MINUTE)


def collect_statistics() -> None:
    """PostgreSQL does so by itself, and keeps samples of each column, such as whole headlines."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def find_table(name: str) -> str:
    return apps.get_model(name)._meta.db_table if "." in name else name


UNREADABLE = [
    # Numbers and packed weights, which were made from the words and can be compared with a guess.
    "statements_documentfrequencies",
    "statements_editionattribution",
    "statements_fingerprints",
    "statements_fingerprints_index",
    "statements_suggestion",
    "statements_termposting",
    "statements_termvector",
    # Hashes, an address of e-mail; the admin log has no words since the newsdesk leaves them out.
    "django_admin_log",
    "statements_previewlink",
    "statements_storedfile",
    # Keeps no copy; see statements_draftsearchrow.
    "statements_search_drafts",
    # Rows of what is public or scheduled, which nobody can erase; see statements_searchword.
    "statements_search",
    "statements_searchrow",
    # Read decoded, under a name of its own.
    "django_session",
]


def test_the_word_is_everywhere_that_the_register_names(spread, tmp_path):
    """Otherwise the next test would prove nothing."""
    places = {find_table(name) for name in REGISTER.list_columns()} - {"STORAGES", "IMPORTS_DIR"}
    found = {*find_in_tables(CANARY)}
    assert sorted(places - found - {*UNREADABLE}) == []
    assert find_in_files(CANARY, list_files(tmp_path / "files")) != []
    assert find_in_files(CANARY, list_files(tmp_path / "imports")) != []
    assert find_in_files(CANARY, list_database_files()) != []


def test_after_an_erasure_the_word_is_nowhere(client, spread, max, mia, tmp_path):
    for edition in spread:
        erase(client, refetch_edition(edition), max=max, mia=mia)
    assert find_in_tables(CANARY) == []
    run_worker()
    assert find_in_tables(CANARY) == []
    assert find_in_files(CANARY, list_database_files()) == []
    assert find_in_files(CANARY, list_files(tmp_path)) == []
    assert list_files(tmp_path / "files") == []
    assert list(verification.verify()) == []
