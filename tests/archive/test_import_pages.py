"""“Import” on the newsdesk: brought, looked through by the worker, agreed to by a second manager."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction

from archive import tasks, uploads
from archive.models import ImportApproval, ImportRun, Upload
from statements.models import Edition, Statement
from statements.published.editions import public_editions
from tests.archive.samples import (
    WXR_HEAD,
    make_record,
    make_wordpress_post,
    write_file,
    write_json_lines,
    write_wxr,
)
from tests.cast import (
    MINUTE,
    NOON,
    approve_edition,
    make_organisation,
    make_statement,
    make_user,
    submit_statement,
)

PAGE = "/admin/import/"


@pytest.fixture(autouse=True)
def noon(frozen, settings, tmp_path):
    frozen(NOON)
    settings.IMPORTS_DIR = tmp_path / "imports"


@pytest.fixture
def mo(db):
    return make_user("mo", "Manager")


@pytest.fixture
def published(ann, ed):
    """So that the site is not empty, and an import takes two."""
    return approve_edition(submit_statement(make_statement(ann), by=ann), by=ed)


@pytest.fixture
def ask(client, django_capture_on_commit_callbacks):
    """ask(user, "start/", …): what the page answers, the worker at once at what it was given."""

    def posted(user, address: str = "", **fields):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(PAGE + address, fields)
        return client.get(answer.url) if answer.status_code == 302 else answer

    return posted


def sent(path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes())


def said(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_two_managers_bring_in_a_file(ask, client, tmp_path, published, max, mo):
    source = write_json_lines(tmp_path, make_record(1), make_record(2, date=""), {"id": "3"})
    answer = ask(max, file=sent(source))
    upload = Upload.objects.get()
    assert answer.wsgi_request.path == f"{PAGE}{upload.pk}/"
    assert (upload.stands, upload.rows, upload.of_rows, upload.problem) == ("checked", 3, 3, "")
    assert upload.summary["counts"] == {"made": 1, "draft": 1, "refused": 1}
    assert "headline = [&quot;title&quot;]" in said(answer)
    assert "There is neither headline nor text in it (id: 3)." in said(answer)
    assert "A second manager has to agree first." in said(answer)
    assert Statement.objects.count() == 1

    seen = {"seen_digest": upload.digest}
    here = f"{upload.pk}/do/"
    assert "a second manager has to agree to this import" in said(ask(max, here + "start/", **seen))
    assert ask(max, here + "agree/", **seen).status_code == 403
    assert ask(mo, here + "start/", **seen).status_code == 403
    assert "The dry run was made again since" in said(
        ask(mo, here + "agree/", seen_digest="0" * 64)
    )
    assert not ImportApproval.objects.exists()

    assert "You agreed to this import. max brings it in." in said(ask(mo, here + "agree/", **seen))
    assert ImportApproval.objects.get().digest == upload.digest
    answer = ask(max, here + "start/", **seen)
    upload.refresh_from_db()
    assert (upload.stands, upload.run, upload.worker) == ("imported", ImportRun.objects.get(), "")
    assert upload.run.approved_by == mo
    assert upload.run.counts == {"made": 1, "draft": 1, "refused": 1}
    assert "What became of it" in said(answer)
    assert public_editions(at=NOON).filter(headline="Statement 1").exists()
    assert not upload.source_path.exists()
    report = client.get(f"{PAGE}{upload.pk}/report.csv")
    assert b"".join(report.streaming_content).decode("utf-8-sig").count("\n") == 4
    assert report["Content-Disposition"] == 'attachment; filename="report.csv"'
    assert client.get(f"{PAGE}{upload.pk}/{upload.name}").status_code == 404

    ask(max, here + "forget/")
    assert not upload.folder_path.exists()
    assert client.get(f"{PAGE}{upload.pk}/").status_code == 404
    assert Statement.objects.count() == 3


def test_the_command_and_the_page_agree_to_the_same_digest(ask, tmp_path, published, max, mo):
    source = write_json_lines(tmp_path, make_record(1))
    ask(max, file=sent(source))
    upload = Upload.objects.get()
    uploads.approve(upload, seen_digest=upload.digest, by=mo, at=NOON)
    mapping = write_file(tmp_path, "old.toml", upload.mapping)
    call_command("import_statements", str(source), mapping=mapping, by="max", stdout=io.StringIO())
    assert Edition.objects.filter(headline="Statement 1").exists()


def test_the_mapping_is_changed_and_the_dry_run_made_again(ask, tmp_path, published, max, mo):
    ask(max, file=sent(write_json_lines(tmp_path, make_record(1, lede="Shorter"))))
    upload = Upload.objects.get()
    before, here = upload.digest, f"{upload.pk}/do/check/"
    for typed, sentence in [
        ("a = [", "The mapping is no TOML: Invalid value (at end of document)."),
        ("colour = 1", "The mapping says “colour”, which means nothing here."),
        ("[fields]\nbody = ['x']\nhue = 'x'", "The mapping’s [fields] say “hue”."),
        (
            "[fields]\nbody = [1]",
            "In the mapping’s [fields], “body” is a text in quotes, or a list of them.",
        ),
        ("[themes]\nSchools = 1", "In the mapping’s [themes], “Schools” is a text in quotes."),
        ("", "The mapping is empty."),
    ]:
        answer = ask(max, here, mapping=typed)
        assert answer.status_code == 200
        assert sentence in said(answer).replace("&#x27;", "'")
        assert typed.split("\n")[0] in answer.content.decode()
    upload.refresh_from_db()
    assert upload.digest == before
    changed = upload.mapping.replace("[fields]", '[fields]\nsummary = ["lede"]')
    ask(mo, here, mapping=changed)
    upload.refresh_from_db()
    assert (upload.stands, upload.by, upload.mapping) == ("checked", mo, changed)
    assert upload.digest != before


def test_into_an_empty_site_one_manager_is_enough(ask, tmp_path, max):
    make_organisation()
    ask(max, file=sent(write_wxr(tmp_path, make_wordpress_post(1, "One", "Words."))))
    upload = Upload.objects.get()
    answer = ask(max, f"{upload.pk}/do/start/", seen_digest=upload.digest)
    assert "What became of it" in said(answer)
    assert public_editions(at=NOON).get().headline == "One"


def test_what_cannot_be_taken_is_told_and_nothing_is_kept(ask, tmp_path, settings, max, ann):
    settings.MAX_IMPORT_BYTES, settings.MAX_UPLOAD_BYTES = 3_000_000, 1_000_000
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../out.xml", "x")
    for name, data, sentence in [
        ("empty.csv", b"", "The file is empty: 0 bytes."),
        ("big.csv", b"x" * 3_000_001, "The file is larger than 3 MB."),
        (
            "paths.zip",
            packed.getvalue(),
            "There is nothing to import in paths.zip. paths.zip: “../out.xml” leads out of the archive: not read.",
        ),
        ("cut.zip", packed.getvalue()[:40], "Nothing could be read as a statement."),
    ]:
        answer = ask(max, file=SimpleUploadedFile(name, data))
        assert (answer.status_code, sentence in said(answer)) == (200, True), name
    assert "Choose a file." in said(ask(max))
    assert [one.name for one in Upload.objects.all()] == ["cut.zip"]
    assert [one.name for one in settings.IMPORTS_DIR.iterdir()] == [Upload.objects.get().folder]
    ask(max, file=SimpleUploadedFile("a.csv", b"x" * 2_000_000))
    assert Upload.objects.first().size == 2_000_000
    ask(max, file=SimpleUploadedFile("../../etc/pass\nwd; .xml", b"<a>"))
    assert Upload.objects.first().name == "passwd- .xml"


def test_only_managers_see_or_do_any_of_it(ask, client, tmp_path, max, ann, ed, sam):
    ask(max, file=sent(write_json_lines(tmp_path, make_record(1))))
    upload = Upload.objects.get()
    everywhere = ["", f"{upload.pk}/", f"{upload.pk}/report.csv"]
    for user, status in [(ann, 403), (ed, 403), (sam, 302)]:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        assert [client.get(PAGE + one).status_code for one in everywhere] == [status] * 3
        posts = [
            "",
            *(f"{upload.pk}/do/{deed}/" for deed in "check agree start go-on forget".split()),
        ]
        assert {client.post(PAGE + one).status_code for one in posts} == {status}
    assert Upload.objects.get().stands == "checked"
    max.groups.clear()
    with pytest.raises(Exception, match="To import statements you need to be a Manager"):
        uploads.start(upload, seen_digest=upload.digest, by=max, at=NOON)


def test_a_worker_that_was_stopped_is_followed_by_another(
    ask, client, tmp_path, max, monkeypatch, frozen
):
    make_organisation()
    monkeypatch.setattr("archive.importer.BATCH_ROWS", 2)
    ask(max, file=sent(write_json_lines(tmp_path, *(make_record(n) for n in range(1, 7)))))
    upload = Upload.objects.get()
    beat = tasks._record_heartbeat

    def killed(upload, done):
        beat(upload, done)
        raise KeyboardInterrupt

    monkeypatch.setattr(tasks, "_record_heartbeat", killed)
    with pytest.raises(KeyboardInterrupt):
        ask(max, f"{upload.pk}/do/start/", seen_digest=upload.digest)
    upload.refresh_from_db()
    assert (upload.stands, upload.rows, Statement.objects.count()) == ("importing", 2, 2)

    monkeypatch.setattr(tasks, "_record_heartbeat", beat)
    tasks.process_upload.call(upload.pk)  # while the first still seems to be at it
    answer = ask(max, f"{upload.pk}/do/go-on/")
    assert "The worker is at it now." in said(answer)
    assert '<progress id="bar" max="6" value="2">' in said(answer)
    frozen(NOON + 3 * MINUTE)
    assert "The worker stopped after 2 rows." in said(client.get(f"{PAGE}{upload.pk}/"))
    ask(max, f"{upload.pk}/do/go-on/")
    upload.refresh_from_db()
    assert (upload.stands, upload.summary["counts"]) == ("imported", {"made": 4, "unchanged": 2})
    assert Statement.objects.count() == 6


def test_one_is_imported_at_a_time_and_a_forgotten_one_stops(ask, tmp_path, max):
    make_organisation()
    ask(max, file=sent(write_json_lines(tmp_path, make_record(1))))
    first = Upload.objects.get()
    Upload.objects.update(stands="importing", worker="another", beat_at=NOON)
    ask(max, file=sent(write_json_lines(tmp_path, make_record(2), name="second.jsonl")))
    second = Upload.objects.first()
    answer = ask(max, f"{second.pk}/do/start/", seen_digest=second.digest)
    assert "“old.jsonl” is being imported now, and one is at a time." in said(answer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Upload.objects.update(stands="importing")
    first.refresh_from_db()
    ask(max, f"{first.pk}/do/forget/")
    with pytest.raises(tasks.UploadLost):
        tasks._record_heartbeat(first, 1)
    ask(max, f"{second.pk}/do/start/", seen_digest=second.digest)
    assert Edition.objects.get().headline == "Statement 2"


def test_a_fault_of_ours_is_told_and_can_be_gone_on_from(ask, client, tmp_path, max, monkeypatch):
    def fails(*args, **options):
        raise RuntimeError("boom")

    with monkeypatch.context() as patch:
        patch.setattr(tasks, "load_source", fails)
        answer = ask(max, file=sent(write_json_lines(tmp_path, make_record(1))))
    assert "It stopped by a fault of ours" in said(answer)
    upload = Upload.objects.get()
    answer = ask(max, f"{upload.pk}/do/go-on/")
    assert "What would become of it" in said(answer)


def test_bad_input_is_told_with_file_and_row_and_the_rest_comes_in(ask, tmp_path, max):
    bomb = '<!DOCTYPE r [<!ENTITY a "ha">]><rss><channel><item><title>&a;</title></item></channel></rss>'
    cut = (
        WXR_HEAD + make_wordpress_post(1, "One", "Words.") + make_wordpress_post(2, "Two", "More.")
    )[:-80]
    path = tmp_path / "old.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bomb.xml", bomb)
        archive.writestr("cut.xml", cut)
        archive.writestr("../evil.md", "---\ntitle: Evil\ndate: 2012-01-01\n---\nEvil words.")
        archive.writestr("moved.csv", "id,title,body\n1,x,Three,Words.\n2,Four,Words four.\n")
    answer = ask(max, file=sent(path))
    upload = Upload.objects.get()
    assert (upload.problem, upload.summary["counts"]) == (
        "",
        {"refused": 3, "made": 1, "draft": 1},
    )
    for sentence in (
        "bomb.xml declares an entity of its own (“a”), which no export needs and which can swamp a "
        "reader: it was not read.",
        "The file ends in the middle of this item.",
        "The row has 4 cells and the table 3 columns, so nobody can tell which cell is which.",
        "old.zip: “../evil.md” leads out of the archive: not read.",
    ):
        assert sentence in said(answer)
    ask(max, f"{upload.pk}/do/start/", seen_digest=upload.digest)
    assert [one.headline for one in Statement.objects.order_by("pk")] == ["One", "Four"]
