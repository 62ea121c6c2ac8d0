"""Pictures and files are public while an edition that carries them is."""

import html
import re

import pytest
from django.test import override_settings
from django.utils.html import strip_tags

from organisations.models import Contact
from statements import workflow
from statements.files.serving import build_file_response
from tests.cast import (
    HOUR,
    NOON,
    approve_edition,
    make_statement,
    refetch_edition,
    submit_statement,
)
from tests.make_files import PDF, attach_file, file_url, make_picture, read_body

SECOND = NOON.resolution * 1_000_000


@pytest.fixture
def statement(ann):
    return make_statement(ann, slug="flag")


@pytest.fixture
def public(statement, ann, ed, frozen):
    """A photo and a report, public since NOON."""
    photo = attach_file(
        statement, ann, title="The flag", credit="Ann Price", terms="Free for editorial use"
    )
    paper = attach_file(statement, ann, "Report.pdf", PDF, title="The whole report")
    approve_edition(submit_statement(statement, by=ann), by=ed)
    frozen(NOON)
    return photo, paper


def test_a_file_answers_from_the_second_of_its_edition(statement, ann, ed, frozen, client):
    photo = attach_file(statement, ann)
    approve_edition(submit_statement(statement, by=ann), by=ed, release_at=NOON + HOUR)
    frozen(NOON + HOUR - SECOND)
    assert client.get(file_url(photo)).status_code == 404
    frozen(NOON + HOUR)
    assert client.get(file_url(photo)).status_code == 200


def test_a_document_is_one_to_save_and_says_what_we_found_it_to_be(public, client):
    _, paper = public
    answer = client.get(file_url(paper))
    assert read_body(answer) == PDF
    said = {
        name: answer.headers[name]
        for name in (
            *("Content-Type", "Content-Disposition", "Content-Length", "Cache-Control", "ETag"),
            *("X-Content-Type-Options", "Content-Security-Policy", "Cross-Origin-Resource-Policy"),
        )
    }
    assert said == {
        "Content-Type": "application/pdf",
        "Content-Disposition": 'attachment; filename="report.pdf"',
        "Content-Length": str(len(PDF)),
        "Cache-Control": "no-cache",
        "ETag": f'"{paper.file.digest}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    assert not answer.cookies


def test_a_picture_is_one_to_look_at_in_each_width(public, client):
    photo, _ = public
    for one in (photo.file, *photo.file.narrower.all()):
        answer = client.get(f"/files/{one.digest}/photo.jpg")
        assert answer.headers["Content-Disposition"] == 'inline; filename="photo.jpg"'
        assert (answer.headers["Content-Type"], len(read_body(answer))) == ("image/jpeg", one.size)


def test_a_narrower_copy_of_another_type_is_saved_under_a_name_of_that_type(public, rf):
    photo, _ = public
    bytes_of = {"path": photo.file.path, "digest": photo.file.digest}
    answer = build_file_response(
        rf.get("/"), name="photo.png", content_type="image/webp", **bytes_of
    )
    assert answer.headers["Content-Disposition"] == 'inline; filename="photo.webp"'
    assert read_body(answer)


def test_a_browser_that_has_it_is_not_sent_it_again(public, client):
    photo, _ = public
    etag = f'"{photo.file.digest}"'
    again = client.get(file_url(photo), headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    head = client.head(file_url(photo))
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(photo.file.size))


@override_settings(FILES_INTERNAL_LOCATION="/files-inside/")
def test_nginx_is_asked_to_send_it_where_it_can(public, client):
    photo, _ = public
    answer = client.get(file_url(photo))
    assert (answer.content, answer.headers["X-Accel-Redirect"]) == (
        b"",
        f"/files-inside/{photo.file.path}",
    )
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert "X-Accel-Redirect" not in client.get("/files/" + "0" * 64 + "/photo.jpg").headers


def test_only_under_its_own_name(public, client):
    photo, paper = public
    for name in ("photo.png", "report.pdf", "photo.jpg%00", "PHOTO.JPG", "%2e%2e", "x" * 5000):
        assert client.get(f"/files/{photo.file.digest}/{name}").status_code == 404
    assert client.post(file_url(paper)).status_code == 405


def test_the_page_shows_pictures_and_lists_documents(public, client):
    photo, paper = public
    page = client.get("/statements/flag/").content.decode()
    small, column = photo.file.narrower.order_by("width")
    assert (
        f'<img src="/files/{column.digest}/photo.jpg" '
        f'srcset="/files/{small.digest}/photo.jpg 480w, /files/{column.digest}/photo.jpg 960w" '
        'sizes="(min-width: 42em) 35em, 90vw" width="960" height="640" alt="A flag" '
        'loading="lazy" decoding="async">'
    ) in page
    size = f"JPEG, {round(photo.file.size / 1000)} KB"
    assert f'<a href="{file_url(photo)}" download>Download full size' in page
    assert size in page
    assert "Ann Price" in page
    assert "Free for editorial use" in page
    assert f'<a href="{file_url(paper)}" download>The whole report' in page
    assert "(PDF, 1 KB)" in page


def test_plain_text_lists_them_by_title_and_address(public, client):
    photo, paper = public
    said = client.get("/statements/flag.txt").content.decode().split("\n\n* * *\n\n")[1]
    host = "http://localhost:8000"
    size = round(photo.file.size / 1000)
    assert said == (
        f"The flag (JPEG, {size} KB)\nA flag\nAnn Price. Free for editorial use\n"
        f"{host}{file_url(photo)}\n\n"
        f"The whole report (PDF, 1 KB)\n{host}{file_url(paper)}"
    )


def test_a_file_of_a_public_edition_and_of_a_pending_one_stays(public, statement, ann, client):
    photo, paper = public
    paper.delete()
    new = attach_file(statement, ann, "pending.jpg", make_picture(300, 300))
    submit_statement(statement, by=ann, amendment="correction", public_note="A page was missing.")
    answers = [client.get(file_url(one)).status_code for one in (photo, paper, new)]
    assert answers == [200, 200, 404]


def test_the_same_bytes_in_a_draft_of_another_name_tell_nothing(public, ann, client):
    photo, _ = public
    secret = attach_file(make_statement(ann, "Another"), ann, "secret.jpg")
    assert secret.file.digest == photo.file.digest
    assert client.get(file_url(secret)).status_code == 404


def test_an_earlier_edition_keeps_its_files_until_it_is_suppressed(
    public, statement, ann, ed, max, frozen, client
):
    photo, paper = public
    first = statement.editions.get()
    paper.delete()
    later = submit_statement(
        statement, by=ann, amendment="correction", public_note="The report erred."
    )
    approve_edition(later, by=ed, release_at=NOON + HOUR)
    frozen(NOON + HOUR)
    assert client.get(file_url(paper)).status_code == 200
    assert file_url(paper) in client.get("/statements/flag/editions/1/").content.decode()
    workflow.suppress(refetch_edition(first), by=max, at=NOON + HOUR, reason="A person is named.")
    gone = client.get(file_url(paper))
    assert (gone.status_code, gone.content) == (
        410,
        b"This file was taken back by those who published it.\n",
    )
    assert client.get(file_url(photo)).status_code == 200  # the current edition carries it still


@pytest.mark.parametrize(("kind", "status"), [("notice", 200), ("gone", 410)])
def test_files_are_withdrawn_with_their_words(public, statement, ed, frozen, client, kind, status):
    edition = statement.editions.get()
    workflow.withdraw(edition, by=ed, at=NOON + HOUR, kind=kind, notice="It was wrong.")
    frozen(NOON + HOUR)
    assert [client.get(file_url(one)).status_code for one in public] == [status, status]


def test_one_question_answers_for_a_file_that_is_public(public, client, django_assert_num_queries):
    photo, _ = public
    with django_assert_num_queries(1):
        client.get(file_url(photo))


def test_the_newsdesk_sees_pictures_before_they_are_public(statement, ann, sam, client, frozen):
    frozen(NOON)
    photo = attach_file(statement, ann)
    edition = submit_statement(statement, by=ann)
    desk = f"/admin/statements/file/{photo.file.digest}/photo.jpg"
    assert client.get(desk).status_code == 302
    sam.is_staff = True
    sam.save()
    client.force_login(sam)
    assert client.get(desk).status_code == 403
    client.force_login(ann)
    assert read_body(client.get(desk)) == read_body(client.get(desk))
    page = client.get(f"/admin/statements/edition/{edition.pk}/page/").content.decode()
    small = photo.file.narrower.get(width=480)
    assert f"/admin/statements/file/{small.digest}/photo.jpg 480w" in page
    assert 'src="/files/' not in page
    assert client.get("/admin/statements/file/" + "0" * 64 + "/photo.jpg").status_code == 404


@pytest.mark.parametrize(
    ("credit", "line"),
    [
        ("Ann Price", '<bdi lang="en-GB">Picture:</bdi> Ann Price'),
        ("Photograph: J. Smith", "Photograph: J. Smith"),
        ("© J. Smith", "© J. Smith"),
        ("Picturesque Ltd", '<bdi lang="en-GB">Picture:</bdi> Picturesque Ltd'),
    ],
)
def test_a_credit_that_says_what_it_is_gets_no_second_label(
    statement, ann, ed, frozen, client, credit, line
):
    attach_file(statement, ann, credit=credit)
    approve_edition(submit_statement(statement, by=ann), by=ed)
    frozen(NOON)
    page = client.get("/statements/flag/").content.decode()
    assert f'<p class="credit">{line}</p>' in page


def test_a_withdrawn_page_does_not_invite_to_quote(statement, ann, ed, frozen, client):
    statement.organisation.reuse_terms = "You may quote from this."
    statement.organisation.save()
    edition = approve_edition(submit_statement(statement, by=ann), by=ed)
    frozen(NOON + HOUR)
    assert "You may quote from this." in client.get("/statements/flag/").content.decode()
    workflow.withdraw(edition, by=ed, at=NOON + HOUR, kind="notice", notice="It was wrong.")
    frozen(NOON + HOUR + SECOND)
    assert "You may quote from this." not in client.get("/statements/flag/").content.decode()


# --- Accessible formats ---------------------------------------------------------------------------

DOCUMENTS = re.compile(r'<section class="documents".*?</section>', re.DOTALL)


def read_links(client) -> list[tuple[str, str]]:
    """Return text and address of each link of the documents."""
    section = DOCUMENTS.search(client.get("/statements/flag/").text)[0]
    links = re.findall(r'<a[^>]* href="([^"]*)"[^>]*>(.*?)</a>', section, re.DOTALL)
    return [(html.unescape(strip_tags(text)), html.unescape(address)) for address, text in links]


def publish(statement, ann, ed, frozen) -> None:
    approve_edition(submit_statement(statement, by=ann), by=ed)
    frozen(NOON)


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        (
            {"email": "press@example.org"},
            "mailto:press@example.org?subject=Accessible%20format%20of%20Costs%20%26%20%E2%80%9Caims%E2%80%9D",
        ),
        ({"phone": "020 7946 0000"}, "#contact"),
        (None, "/about/accessibility/"),
    ],
)
def test_a_document_leads_to_somebody_who_sends_another_format(
    statement, ann, ed, frozen, client, contact, address
):
    if contact:
        statement.contact = Contact.objects.create(
            name="Desk", organisation=statement.organisation, **contact
        )
        statement.save()
    attach_file(statement, ann, "Report.pdf", PDF, title="Costs & “aims”")
    publish(statement, ann, ed, frozen)
    [_document, ask] = read_links(client)
    assert ask == ("Ask for an accessible format of Costs & “aims”", address)


def test_an_accessible_version_stands_with_its_document(statement, ann, ed, frozen, client):
    attach_file(statement, ann, "Report.pdf", PDF, title="The report")
    plain = attach_file(
        statement, ann, "r.txt", b"Words.", title="In large print", is_accessible_version=True
    )
    attach_file(statement, ann, "Other.pdf", PDF + b"%%EOF\n", title="Other")
    publish(statement, ann, ed, frozen)
    links = read_links(client)
    assert [text for text, _ in links] == [
        "The report (PDF, 1 KB)",
        "In large print (accessible version, Text, 1 KB)",
        "Other (PDF, 1 KB)",
        "Ask for an accessible format of Other",
    ]
    assert links[1][1].endswith(file_url(plain))
