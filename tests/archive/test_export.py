"""Out with everything, and back: an export that was restored is the same bytes when exported again."""

import io
import json
import shutil

import pytest
from django.core.management import CommandError, call_command

from statements import workflow
from statements.audit import verification
from statements.models import Edition, Event, RelatedStatement, SearchRow, Statement
from statements.published.editions import public_editions
from tests.archive.samples import make_record, write_json_lines
from tests.cast import (
    DAY,
    HOUR,
    NOON,
    approve_edition,
    make_statement,
    make_user,
    rewrite_passage,
    submit_statement,
)
from tests.make_files import PDF, attach_file

pytestmark = pytest.mark.django_db(transaction=True)


def said_by(command: str, *arguments, **options) -> str:
    said = io.StringIO()
    call_command(command, *map(str, arguments), stdout=said, **options)
    return said.getvalue()


def everything(folder) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def exported(tmp_path, frozen, ann, ed, max):
    """Imported, corrected, withdrawn, erased, scheduled, with a file, related: one of each."""
    frozen(NOON)
    make_statement(ann, headline="Publisher")
    call_command(
        "import_statements",
        str(write_json_lines(tmp_path, make_record(1, tags=["A"]), make_record(2))),
        by="max",
        stdout=io.StringIO(),
    )
    with_file = make_statement(ann, headline="With a file")
    attach_file(with_file, ann, "report.pdf", PDF)
    first = submit_statement(with_file, by=ann)
    approve_edition(first, by=ed)
    approve_edition(
        submit_statement(rewrite_passage(with_file, "Mended.", by=ann), by=ann, amendment="typo"),
        by=ed,
        release_at=NOON + HOUR,
    )
    secret = submit_statement(make_statement(ann, headline="Secret"), by=ann)
    workflow.cancel(secret, by=ann, at=NOON)
    workflow.request_erasure(secret, by=max, at=NOON, reason="Court.")
    workflow.erase(
        secret,
        by=make_user("mo", "Manager"),
        at=NOON,
        seen_digest=secret.digest,
        password="correct horse battery staple",
    )
    pair = [make_statement(ann, headline="Bridge"), make_statement(ann, headline="Second bridge")]
    group = workflow.publish_together(*pair, by=ann, at=NOON)
    editions = [submit_statement(statement, by=ann) for statement in pair]
    for edition in editions:
        edition.statement.refresh_from_db()
    workflow.approve_group(
        group,
        by=ed,
        at=NOON,
        seen={
            edition.pk: workflow.SeenEdition(edition.digest, edition.statement.version)
            for edition in editions
        },
        release_at=NOON + 2 * DAY,
    )
    gone = submit_statement(make_statement(ann, headline="Gone", language="cy"), by=ann)
    approve_edition(gone, by=ed)
    workflow.withdraw(gone, by=ed, at=NOON + HOUR, kind="gone", notice="Wrong.")
    RelatedStatement.objects.create(statement=with_file, to=gone.statement)
    Statement.objects.filter(headline="Statement 1").update(translation_of=gone.statement)
    call_command("anchor_record", stdout=io.StringIO())
    frozen(NOON + DAY)
    said_by("export_statements", tmp_path / "out")
    return tmp_path / "out"


def test_restored_into_an_empty_database_it_is_the_same_to_the_byte(exported, tmp_path):
    text = b"".join(everything(exported).values()).decode("utf-8", "replace")
    for opens_doors in ("md5$", "token_hash"):
        assert opens_doors not in text
    before = list(
        public_editions(at=NOON + DAY).values_list("slug", "digest", "release_at").order_by("slug")
    )
    heads = list(Event.objects.order_by("pk").values_list("pk", "hash"))
    searched = SearchRow.objects.filter(live_until__gt=NOON + DAY).count()
    call_command("flush", interactive=False, verbosity=0)
    assert "could be put back; nothing was written" in said_by(
        "import_statements", exported, dry_run=True
    )
    assert not Statement.objects.exists()
    said = said_by("import_statements", exported)
    assert said.endswith("8 statements are back as they were, and their record holds.\n")
    assert "Accounts that nobody can use until a manager opens them: ann, ed, max, mo." in said
    *restored_heads, (_, baseline) = Event.objects.order_by("pk").values_list("pk", "hash")
    assert restored_heads == heads
    assert Event.objects.get(hash=baseline).action == "baseline"  # accounts are closed here
    assert (
        list(
            public_editions(at=NOON + DAY)
            .values_list("slug", "digest", "release_at")
            .order_by("slug")
        )
        == before
    )
    assert SearchRow.objects.count() == searched
    assert list(verification.verify()) == []
    said_by("export_statements", tmp_path / "again")
    again, before = everything(tmp_path / "again"), everything(exported)
    assert again.pop("house_events.jsonl").startswith(before.pop("house_events.jsonl"))
    assert again.pop("manifest.json") != before.pop("manifest.json")  # it counts that line
    assert again == before
    make_statement(make_user("new", "Author"))  # row numbers go on after the restored ones
    with pytest.raises(CommandError, match="There are statements here"):
        said_by("import_statements", exported)


def test_a_database_that_knows_people_keeps_them_and_its_own_chain(exported, tmp_path):
    events = Event.objects.exclude(statement=None).exclude(action="baseline")
    hashes = sorted(events.values_list("hash", flat=True))
    contributors = json.loads((exported / "statements.jsonl").read_text().splitlines()[3])[
        "editions"
    ][0]["contributors"]
    call_command("flush", interactive=False, verbosity=0)
    for name in ("someone", "max", "ann"):
        make_user(name, "Manager")
    said = said_by("import_statements", exported)
    assert "was left in house_events.jsonl" in said
    assert "Accounts that nobody can use until a manager opens them: ed, mo." in said
    assert sorted(events.values_list("hash", flat=True)) == hashes
    # The names of people that the other chain knew are not known here, so each is stated again.
    assert (
        Event.objects.filter(action="baseline").count()
        == events.values("statement").distinct().count()
    )
    edition = Edition.objects.filter(headline="With a file").order_by("sequence").first()
    assert [str(contributors), str(edition.contributor_ids)] == [
        "['ann']",
        str({edition.submitted_by_id}),
    ]
    assert list(verification.verify()) == []


def test_an_export_of_another_site_is_restored_once_its_keys_are_trusted(
    exported, tmp_path, settings
):
    former = Event.objects.values_list("key_id", flat=True).first()
    call_command("flush", interactive=False, verbosity=0)
    settings.SIGNING_KEY_FILE = str(tmp_path / "keys/signing_key.pem")
    call_command("create_signing_key", stdout=io.StringIO())
    file = exported / "public_keys.jsonl"
    with pytest.raises(CommandError) as refusal:
        said_by("import_statements", exported)
    assert (
        f"Its events are signed with keys that this site does not trust: {former}. Compare them "
        "with /.well-known/on-the-record-keys.json of the former site. If they are the same, run: "
        f"manage.py trust_signing_keys {file}; then run this again."
    ) in str(refusal.value)
    assert not Statement.objects.exists()
    said_by("trust_signing_keys", file)
    said = said_by("import_statements", exported)
    assert said.endswith("8 statements are back as they were, and their record holds.\n")


def test_an_export_that_was_touched_or_cut_is_not_restored(exported, tmp_path):
    with pytest.raises(CommandError, match="is not empty: name a folder that is"):
        said_by("export_statements", exported)
    call_command("flush", interactive=False, verbosity=0)
    cut = shutil.copytree(exported, tmp_path / "cut")
    (cut / "speakers.jsonl").unlink()
    with pytest.raises(
        CommandError, match=r"speakers\.jsonl is missing from the export"
    ) as refusal:
        said_by("import_statements", cut)
    assert refusal.value.returncode == 2
    file = next((exported / "files").iterdir())
    file.write_bytes(b"another")
    with pytest.raises(CommandError, match=r"is not as it was exported: copy it once more"):
        said_by("import_statements", exported)
    with (exported / "statements.jsonl").open("a") as lines_of:
        lines_of.write("{}\n")
    with pytest.raises(CommandError, match=r"statements\.jsonl is not as it was exported"):
        said_by("import_statements", exported)
    assert not Statement.objects.exists()
