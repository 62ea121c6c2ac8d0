"""Pictures and files that lie beside the source go with the words that name them."""

import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from statements.audit import verification
from statements.links import safe_fetch
from statements.models import Attachment, Edition, EditionFile, Statement, StoredFile
from tests.archive.samples import (
    WXR_FOOT,
    WXR_HEAD,
    make_record,
    make_wordpress_post,
    write_file,
    write_json_lines,
)
from tests.archive.test_import import bring_in, outcomes
from tests.cast import NOON, make_organisation
from tests.make_files import PDF, make_picture

UPLOADS = "https://old.example.org/wp-content/uploads/2012/05"


@pytest.fixture(autouse=True)
def noon(frozen, max):
    frozen(NOON)
    make_organisation()


def media(number: int, name: str, parent: int, *, alt="") -> str:
    meta = f"<wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value>{alt}</wp:meta_value></wp:postmeta>"
    more = f"<wp:attachment_url>{UPLOADS}/{name}</wp:attachment_url><wp:post_parent>{parent}</wp:post_parent>{meta}"
    return make_wordpress_post(number, name, "", sort="attachment", more=more)


def packed(path, **files: bytes | str):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def files_of(headline: str) -> list[tuple[str, str, str]]:
    edition = Edition.objects.get(headline=headline)
    return [
        (one["name"], one["title"], one["alt"]) for one in edition.content_data.get("files", [])
    ]


def test_a_wordpress_export_brings_its_uploads(tmp_path, client):
    body = (
        f'Words. <img src="{UPLOADS}/flag-300x200.jpg" alt="">\n\n'
        f'<a href="{UPLOADS}/report.pdf">The <b>report</b></a>, <a href="/news/">more</a> '
        '<img src="https://elsewhere.example/far.png" alt="Far">'
        f'<img src="{UPLOADS}/logo.svg" alt="Logo">'
    )
    wxr = (
        WXR_HEAD + make_wordpress_post(1, "One", body) + media(2, "flag.jpg", 1, alt="A flag &amp; a pole")
        + media(3, "annex.pdf", 1) + make_wordpress_post(4, "Two", "More words.") + media(5, "lost.pdf", 4) + WXR_FOOT
    )  # fmt: skip
    folder = "export/wp-content/uploads/2012/05/"
    source = packed(
        tmp_path / "old.zip",
        **{
            "export/old.xml": wxr,
            folder + "flag.jpg": make_picture(600, 400),
            folder + "flag-300x200.jpg": make_picture(300, 200),
            folder + "report.pdf": PDF,
            folder + "annex.pdf": PDF + b"\n%%EOF\n",
            folder + "logo.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
            "other/far.png": make_picture(10, 10, "PNG"),
        },
    )
    report = tmp_path / "report.csv"
    assert bring_in(source, dry_run=True, report=report)[0] == 0
    text = report.read_text("utf-8-sig")
    assert "flag.jpg · annex.pdf · report.pdf" in text
    assert "picture https://elsewhere.example/far.png" in text
    assert f"picture {folder}logo.svg: It is an SVG drawing, which can run programs." in text
    assert f"file {UPLOADS}/lost.pdf" in text
    assert not StoredFile.objects.exists()

    status, said = bring_in(source)
    assert status == 0
    assert [line for line in said.split("\n") if "no row names it" in line] == [
        f"{folder}flag-300x200.jpg: no statements in it, or of a format we do not know, and no row names it.",
        "other/far.png: no statements in it, or of a format we do not know, and no row names it.",
    ]
    assert files_of("One") == [
        ("flag.jpg", "", "A flag & a pole"),
        ("annex.pdf", "", ""),
        ("report.pdf", "The report", ""),
    ]
    assert files_of("Two") == []
    carried = EditionFile.objects.values_list("name", flat=True).order_by("pk")
    assert list(carried) == ["flag.jpg", "flag.jpg", "annex.pdf", "report.pdf"]  # one is narrower
    for old in ("report.pdf", "annex.pdf", "flag.jpg", "flag-300x200.jpg"):
        name = old.replace("-300x200", "")
        digest = StoredFile.objects.get(pk=EditionFile.objects.filter(name=name)[0].file_id).digest
        moved = client.get(f"/wp-content/uploads/2012/05/{old}")
        assert (moved.status_code, moved.headers["Location"]) == (301, f"/files/{digest}/{name}")
        assert client.get(moved.headers["Location"]).status_code == 200
    assert client.get("/wp-content/uploads/2012/05/lost.pdf").status_code == 404
    before = StoredFile.objects.count()
    assert "2  unchanged" in bring_in(source)[1]
    assert StoredFile.objects.count() == before
    assert list(verification.verify()) == []


def test_front_matter_and_relative_paths_name_files_of_the_folder(tmp_path):
    site = tmp_path / "site"
    text = "---\ntitle: One\ndate: 2015-03-01\nimage: /images/flag.png\n---\nWords. ![](../static/images/flag.png)\n\n[Annex](annex.pdf) [gone](gone.pdf) [page](two.md)\n"
    write_file(site, "posts/one.md", text)
    write_file(site, "posts/annex.pdf", PDF)
    write_file(site, "static/images/flag.png", make_picture(20, 10, "PNG"))
    report = tmp_path / "report.csv"
    assert bring_in(site, report=report)[0] == 0
    assert files_of("One") == [("flag.png", "", ""), ("annex.pdf", "Annex", "")]
    told = report.read_text("utf-8-sig")
    assert "The picture flag.png has no description at its source, and none here." in told
    assert "file gone.pdf" in told
    assert "two.md" not in told


def test_a_changed_row_brings_its_files_and_a_draft_keeps_them(tmp_path, monkeypatch):
    folder = tmp_path / "old"
    write_file(folder, "a.pdf", PDF)
    write_file(folder, "b.pdf", PDF + b"\n%%EOF\n")
    write_json_lines(folder, make_record(1, attachments=["a.pdf"]), make_record(2, date="", files=[{"url": "a.pdf", "title": "The annex"}]))  # fmt: skip
    assert bring_in(folder)[0] == 0
    draft = Attachment.objects.get(statement__first_release_at=None)
    assert (draft.name, draft.title, StoredFile.objects.count()) == ("a.pdf", "The annex", 1)
    write_json_lines(folder, make_record(1, attachments=["b.pdf"]), make_record(2, date=""))
    monkeypatch.setattr("archive.approval.is_empty_site", lambda: True)
    assert bring_in(folder)[0] == 0
    newest = Edition.objects.order_by("-sequence")[0]
    assert [one["name"] for one in newest.content_data["files"]] == ["b.pdf"]
    assert not Attachment.objects.filter(statement__first_release_at=None).exists()
    assert list(verification.verify()) == []


def test_nothing_that_was_not_given_is_taken(tmp_path):
    write_file(tmp_path, "secret.pdf", PDF)
    folder = tmp_path / "old"
    named = ["../secret.pdf", "/etc/passwd", f"file://{tmp_path}/secret.pdf", "link.pdf", "x\0y.pdf", "http://[bad/a.pdf", "C:\\secret.pdf", "..\\secret.pdf"]  # fmt: skip
    write_json_lines(folder, make_record(1, attachments=named))
    (folder / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    assert bring_in(folder)[0] == 0
    alone = write_json_lines(
        tmp_path, make_record(2, attachments=["secret.pdf"]), name="alone.jsonl"
    )
    with pytest.raises(CommandError):  # one file was given, and nothing beside it
        call_command("import_statements", str(alone), stdout=io.StringIO())
    assert (StoredFile.objects.count(), Statement.objects.count()) == (0, 1)


def test_a_damaged_file_of_a_zip_stops_no_other(tmp_path):
    source = packed(
        tmp_path / "old.zip",
        **{
            "a.jsonl": json.dumps(make_record(1, attachments=["flag.pdf", "big.pdf"])),
            "b.jsonl": json.dumps(make_record(2)) + "\n" + " " * 300,
            "flag.pdf": PDF,
        },
    )
    data = source.read_bytes()
    for inside in (b"%PDF-1.7", b"number 2"):
        data = data.replace(inside, inside[:-1] + b"?", 1)
    source.write_bytes(data)
    report = tmp_path / "report.csv"
    status, _ = bring_in(source, report=report)
    assert status == 1
    assert [outcome for _, outcome, _ in outcomes(report)] == ["made", "refused", "refused"]
    told = report.read_text("utf-8-sig")
    assert "file flag.pdf: It cannot be read: Bad CRC-32" in told
    assert "It cannot be read: Bad CRC-32 for file 'b.jsonl'" in told


def test_only_hosts_that_were_named_are_asked_and_only_by_the_import(tmp_path, monkeypatch):
    asked, told = [], {"/a.pdf": (200, PDF, ""), "/gone.pdf": (404, b"", ""), "/on.pdf": (302, b"", "https://elsewhere.example/a.pdf"), "/big.pdf": (200, b"x" * 26_000_000, "")}  # fmt: skip

    def answers(target, seconds, most):
        asked.append(target.host + target.path)
        status, data, location = told[target.path]
        return safe_fetch.LinkResponse(status, location), data[:most]

    monkeypatch.setattr(safe_fetch, "download", answers)
    monkeypatch.setattr(
        safe_fetch,
        "resolve_host",
        lambda host, port: ["10.0.0.1" if host == "inside" else "1.1.1.1"],
    )
    old = "https://old.example.org"
    named = [f"{old}{path}" for path in told] + ["https://other.example/a.pdf", "https://inside/a.pdf", "ftp://old.example.org/a.pdf"]  # fmt: skip
    source = write_json_lines(
        tmp_path, make_record(1, attachments=named), make_record(2, attachments=named[:1])
    )
    report = tmp_path / "report.csv"
    hosts = {"fetch": ["old.example.org", "inside"], "report": report}
    assert bring_in(source, dry_run=True, **hosts)[0] == 0
    assert f"{old}/a.pdf will be fetched, and is not looked at before." in report.read_text(
        "utf-8-sig"
    )
    assert asked == []
    assert bring_in(source, **hosts)[0] == 0
    assert asked == [f"old.example.org{path}" for path in told]
    assert files_of("Statement 1") == files_of("Statement 2") == [("a.pdf", "", "")]
    text = report.read_text("utf-8-sig")
    monkeypatch.setattr("archive.attachments.MAX_ATTACHMENTS", 0)
    many = write_json_lines(tmp_path, make_record(3, attachments=named[:1]), name="many.jsonl")
    monkeypatch.setattr("archive.approval.is_empty_site", lambda: True)
    assert bring_in(many, fetch=["old.example.org"])[0] == 0
    assert len(asked) == len(told)
    for sentence in [
        f"file {old}/gone.pdf: There is no such page (404).",
        f"file {old}/on.pdf: It leads on to a host that was not named.",
        f"file {old}/big.pdf: It is larger than 25 MB.",
        "file https://inside/a.pdf: It leads into a private network, where we do not look.",
        "file https://other.example/a.pdf",
        "file ftp://old.example.org/a.pdf",
    ]:
        assert sentence in text
