"""Test that an import brings in exactly what the approved dry run said, whatever happens between."""

import getpass
import hashlib
import io

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from archive.approval import OTHER_DRY_RUN, approve_import, compute_digest, start_run
from archive.import_source import load_source
from archive.mapping import Mapping
from archive.models import (
    ImportApproval,
    ImportDryRun,
    ImportedStatement,
    ImportRun,
    Upload,
)
from archive.outcomes import HASH_BYTES, OTHERWISE
from archive.readers.row import UnreadableSource
from archive.readers.source import find_files
from archive.tasks import process_upload
from organisations.models import Organisation, Speaker
from statements.models import Edition, Event, Statement, Theme
from statements.published.editions import public_editions
from tests.archive.samples import (
    approve_dry_run,
    make_dry_run,
    make_record,
    write_file,
    write_json_lines,
)
from tests.cast import (
    DAY,
    HOUR,
    NOON,
    PASSWORD,
    approve_edition,
    make_organisation,
    make_statement,
    make_user,
    submit_statement,
)

LATER = NOON + 30 * DAY
SPOKEN = "<p>A.</p><p>Ann Lee, Chair of the Trust, said:</p><p>“B.”</p>"


@pytest.fixture
def mo(db) -> User:
    return make_user("mo", "Manager")


@pytest.fixture(autouse=True)
def published(ann, ed, max, frozen) -> Edition:
    """So that the site is not empty, and an import takes two."""
    frozen(NOON)
    return approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)


def bring_in(*sources, **options) -> str:
    said = io.StringIO()
    try:
        call_command("import_statements", *map(str, sources), by="max", stdout=said, **options)
    except CommandError as error:
        return said.getvalue() + str(error)
    return said.getvalue()


def list_imported() -> list[tuple[str, bool]]:
    """Headline of each imported statement, and whether it is public."""
    at = LATER + 1000 * DAY
    return [
        (statement.headline, public_editions(at=at).filter(statement=statement).exists())
        for statement in Statement.objects.filter(imported__isnull=False).order_by("headline")
    ]


def test_a_row_that_the_report_called_a_draft_stays_one_though_its_date_has_passed(
    tmp_path, mo, frozen
):
    source = write_json_lines(
        tmp_path,
        make_record(1),
        make_record(2, date=(NOON + DAY).isoformat()),
        make_record(3, date=f"{(NOON + 2 * DAY).date()}"),
    )
    approve_dry_run(source, by=mo, at=NOON)
    frozen(LATER)
    said = bring_in(source)
    assert "1  made" in said
    assert "2  draft" in said
    drafts = [("Statement 2", False), ("Statement 3", False)]
    assert list_imported() == [("Statement 1", True), *drafts]
    frozen(LATER + DAY)
    bring_in(source)  # on a resume too
    assert list_imported() == [("Statement 1", True), *drafts]


def test_a_row_dated_today_is_public_since_today_without_a_time(tmp_path, mo, frozen):
    morning = NOON - 3 * HOUR
    source = write_json_lines(tmp_path, make_record(1, date=f"{morning.date()}"))
    approve_dry_run(source, by=mo, at=morning)
    frozen(NOON)
    bring_in(source)
    edition = Edition.objects.get(headline="Statement 1")
    assert (edition.released, edition.release_at) == (morning.date(), NOON - 12 * HOUR)


def test_the_newsdesk_brings_in_the_same(tmp_path, settings, client, max, mo, frozen):
    settings.IMPORTS_DIR = tmp_path / "imports"
    source = write_json_lines(
        tmp_path, make_record(1), make_record(2, date=(NOON + DAY).isoformat())
    )
    client.force_login(max)
    with source.open("rb") as file:
        client.post("/admin/import/", {"file": file})
    upload = Upload.objects.get()
    process_upload.call(upload.pk)
    upload.refresh_from_db()
    assert upload.digest == ImportDryRun.objects.get().digest
    frozen(LATER)
    client.force_login(mo)
    client.post(f"/admin/import/{upload.pk}/do/agree/", {"seen_digest": upload.digest})
    client.force_login(max)
    client.post(f"/admin/import/{upload.pk}/do/start/", {"seen_digest": upload.digest})
    process_upload.call(upload.pk)
    upload.refresh_from_db()
    assert upload.summary["counts"] == {"made": 1, "draft": 1}
    assert list_imported() == [("Statement 1", True), ("Statement 2", False)]


def rename_speaker() -> None:
    Speaker.objects.filter(name="Ann Lee").update(slug="someone-else")


def add_publisher() -> None:
    Organisation.objects.create(name="Another", slug="another", publishes=True)


def add_theme() -> None:
    Theme.objects.create(name="schools", slug="not-what-was-shown")


@pytest.mark.parametrize("change", [rename_speaker, add_publisher, add_theme])
def test_a_row_that_would_come_in_otherwise_is_refused(tmp_path, mo, change):
    Speaker.objects.create(name="Ann Lee", slug="ann-lee")
    source = write_json_lines(tmp_path, make_record(1, body=SPOKEN, tags=["Schools"]))
    approve_dry_run(source, by=mo, at=NOON)
    change()
    assert OTHERWISE in bring_in(source)
    assert list_imported() == []
    approve_dry_run(source, by=mo, at=NOON + HOUR)
    bring_in(source)
    is_published = change is not add_publisher  # nobody is chosen among two publishers
    assert list_imported() == [("Statement 1", is_published)]


def test_a_changed_row_of_an_imported_statement_is_bound_too(tmp_path, mo):
    first = write_json_lines(tmp_path, make_record(1))
    approve_dry_run(first, by=mo, at=NOON)
    bring_in(first)
    changed = write_json_lines(tmp_path, make_record(1, body=SPOKEN), make_record(2))
    approve_dry_run(changed, by=mo, at=NOON + HOUR)
    Organisation.objects.update(boilerplate="Something that nobody has seen.")
    said = bring_in(changed)
    assert said.count(OTHERWISE) >= 2
    assert Edition.objects.filter(statement__imported__isnull=False).count() == 1
    approve_dry_run(changed, by=mo, at=NOON + 2 * HOUR)
    bring_in(changed)
    assert Edition.objects.filter(statement__imported__isnull=False).count() == 3


def test_what_became_public_here_meanwhile_is_not_made_twice(tmp_path, mo):
    source = write_json_lines(tmp_path, make_record(1))
    approve_dry_run(source, by=mo, at=NOON)
    other = write_json_lines(tmp_path, make_record(1, body="<p>Other.</p>"), name="other.jsonl")
    approve_dry_run(other, by=mo, at=NOON)
    bring_in(other)
    assert OTHERWISE in bring_in(source)  # it would be a new edition now
    assert Edition.objects.get(statement__imported__isnull=False).content.count("Other.") == 1


def test_no_second_manager_approves_another_dry_run_than_the_one_shown(tmp_path, max, mo):
    source = write_json_lines(tmp_path, make_record(1))
    shown = make_dry_run(source, at=NOON)
    other = make_dry_run(source, at=NOON + HOUR)
    assert shown.digest != other.digest
    assert shown.source_digest == other.source_digest == load_source([source], Mapping()).digest()
    assert make_dry_run(source, at=NOON) == shown
    with pytest.raises(UnreadableSource, match="No dry run here has this digest"):
        approve_import("0" * 64, by=mo, at=NOON)
    approve_import(shown.digest, by=mo, at=NOON)
    loaded = load_source([source], Mapping())
    assert start_run(loaded, by=max, at=LATER).dry_run == shown
    with pytest.raises(UnreadableSource, match="a second manager has to agree"):
        start_run(loaded, by=max, at=LATER, approved_digest=other.digest)
    elsewhere = write_json_lines(tmp_path, make_record(2), name="elsewhere.jsonl")
    with pytest.raises(UnreadableSource) as refusal:
        start_run(
            load_source([elsewhere], Mapping()), by=max, at=LATER, approved_digest=shown.digest
        )
    assert str(refusal.value) == OTHER_DRY_RUN


@pytest.mark.parametrize(
    "change",
    [
        {"at": LATER},
        {"outcomes": b"\1" * HASH_BYTES},
    ],
)
def test_an_outcome_changed_in_the_database_is_noticed(tmp_path, mo, frozen, change):
    source = write_json_lines(tmp_path, make_record(1, date=(NOON + DAY).isoformat()))
    dry_run = approve_dry_run(source, by=mo, at=NOON)
    ImportDryRun.objects.filter(pk=dry_run.pk).update(**change)
    frozen(LATER)
    assert "What the dry run found was changed in the database since." in bring_in(source)
    assert list_imported() == []


def test_an_import_into_an_empty_site_keeps_its_first_clock_on_a_resume(
    tmp_path, published, frozen, monkeypatch
):
    monkeypatch.setattr("archive.approval.is_empty_site", lambda: True)
    source = write_json_lines(tmp_path, make_record(1, date=(NOON + DAY).isoformat()))
    loaded = load_source([source], Mapping())
    run = start_run(loaded, by=User.objects.get(username="max"), at=NOON)
    assert (run.dry_run, run.digest, run.planned_at) == (None, loaded.digest(), NOON)
    frozen(LATER)
    bring_in(source)
    assert list_imported() == [("Statement 1", False)]


def test_no_digest_is_stored_that_somebody_could_compute_from_the_words(tmp_path, mo):
    source = write_json_lines(tmp_path, make_record(1))
    approve_dry_run(source, by=mo, at=NOON)
    bring_in(source)
    stored = {
        *ImportApproval.objects.values_list("digest", flat=True),
        *ImportDryRun.objects.values_list("source_digest", flat=True),
        *ImportRun.objects.values_list("digest", flat=True),
        *ImportedStatement.objects.values_list("row_digest", flat=True),
    }
    files = find_files(source)
    plain = {
        hashlib.sha256(source.read_bytes()).hexdigest(),
        files.digest(),
        hashlib.sha256(Mapping().to_toml().encode() + files.digest().encode()).hexdigest(),
    }
    details = " ".join(Event.objects.values_list("detail", flat=True))
    assert stored.isdisjoint(plain)
    assert [digest for digest in plain if digest in details] == []
    assert {len(digest) for digest in stored} == {64}
    dry_run = ImportDryRun.objects.get()
    assert compute_digest(dry_run) == dry_run.digest
    assert len(dry_run.outcomes) == HASH_BYTES


def test_the_second_manager_approves_on_the_command_line(tmp_path, max, mo, monkeypatch):
    source = write_json_lines(tmp_path, make_record(1))
    dry_run = make_dry_run(source, at=NOON)
    passwords = iter(["guess", PASSWORD, PASSWORD])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(passwords))
    said = io.StringIO()
    with pytest.raises(CommandError, match=r"^That is not your password\. Type it again\.$"):
        call_command("approve_import", dry_run.digest, by="mo", stdout=said)
    with pytest.raises(CommandError, match="No dry run here has this digest"):
        call_command("approve_import", "0" * 64, by="mo", stdout=said)
    call_command("approve_import", dry_run.digest, by="mo", stdout=said)
    assert said.getvalue() == f"mo agreed to {dry_run.digest}.\n"
    bring_in(source)
    assert list_imported() == [("Statement 1", True)]


def test_a_row_that_was_refused_comes_in_by_no_approval_of_the_others(tmp_path, mo):
    make_organisation("Second", slug="second")  # two publish: nobody can tell whose this is
    words = "title,body,date\nOne,Words.,2015-01-01\n"
    source = write_file(tmp_path, "old.csv", words)
    approve_dry_run(source, by=mo, at=NOON)
    Organisation.objects.filter(slug="second").update(publishes=False)
    said = bring_in(source)
    assert OTHERWISE in said
    assert list_imported() == []


def test_without_a_terminal_the_command_says_where_to_agree(mo, monkeypatch):
    monkeypatch.setattr(getpass, "getpass", getpass.fallback_getpass)  # as where there is none
    with pytest.raises(CommandError) as refused:
        call_command("approve_import", "0" * 64, by="mo")
    assert str(refused.value) == (
        "There is no terminal here to ask for your password. Run the command where you can type, "
        "for example with ssh -t or docker exec -it, or agree on the newsdesk under Import."
    )
