"""Test that a stranger can check an edition, with exactly the commands that the site prints."""

import html
import json
import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from statements import workflow
from statements.audit import seals
from statements.content.schema import digest_of
from statements.integrity import key_rotation, keys, triggers
from statements.models import Edition, Seal
from tests.cast import (
    HOUR,
    MINUTE,
    NOON,
    PASSWORD,
    approve_edition,
    make_statement,
    make_user,
    rewrite_passage,
    submit_statement,
)
from tests.statements.audit.time_stamping import serve_authority

pytestmark = pytest.mark.django_db


def release(statement, ann, ed, *, at=NOON, **fields) -> Edition:
    submitted = submit_statement(statement, by=ann, at=at, **fields)
    return approve_edition(submitted, by=ed, at=at, release_at=at)


@pytest.fixture(autouse=True)
def an_hour_after_noon(frozen):
    frozen(NOON + HOUR)


@pytest.fixture
def edition(ann, ed) -> Edition:
    return release(make_statement(ann, slug="a-comment"), ann, ed)


def write_seal(at=NOON + HOUR) -> Seal:
    with transaction.atomic():
        return seals.write_seal(at=at).seal


def get(client, number: int = 1, name: str = "proof.json"):
    return client.get(f"/statements/a-comment/editions/{number}/{name}")


# --- The commands of the page ---------------------------------------------------------------------


class Stranger:
    """Somebody with a terminal, an empty folder and the page."""

    def __init__(self, page: str, folder: Path) -> None:
        blocks = re.findall(r"<pre><code>(.*?)</code></pre>", page, re.DOTALL)
        self.blocks = [html.unescape(block) for block in blocks]
        self.folder = folder
        self.typed = ""

    def run(self, number: int, **replaced: str) -> list[str]:
        """Type a block after the ones before; return the lines that it adds."""
        block = self.blocks[number - 1]
        for old, new in replaced.items():
            block = block.replace(old.replace("_", "-"), new)
        before = self._run(self.typed)
        self.typed += block + "\n"
        return self._run(self.typed)[len(before) :]

    def _run(self, text: str) -> list[str]:
        done = subprocess.run(
            ["sh", "-eu"], input=text, cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
        return done.stdout.splitlines()


@pytest.mark.django_db(transaction=True)
def test_a_stranger_checks_words_seal_signature_and_time(
    live_server, client, ann, ed, settings, tmp_path: Path
):
    settings.SITE_URL = live_server.url
    settings.SIGNING_KEY_FILE = str(tmp_path / "keys/signing_key.pem")
    path = Path(settings.SIGNING_KEY_FILE)
    key_rotation.create_keys(path, at=NOON)
    key_rotation.rotate_key(path, at=NOON)
    old, new = keys.get_public_keys()
    (tmp_path / "authority").mkdir()
    (tmp_path / "stranger").mkdir()
    edition = release(make_statement(ann, slug="a-comment"), ann, ed)
    release(make_statement(ann, "Another"), ann, ed)
    with serve_authority(tmp_path / "authority") as authority:
        settings.TIMESTAMP_URL = authority.url
        settings.TIMESTAMP_CA_FILE = str(authority.certificate)
        call_command("anchor_record")
        page = client.get("/about/verification/").text
        stranger = Stranger(page, tmp_path / "stranger")
        assert len(stranger.blocks) == 5
        assert stranger.run(1, ADDRESS="a-comment") == [f'  "digest": "{edition.digest}",']
        leaf, listed = stranger.run(2)
        assert leaf == edition.sealed.leaf
        assert listed == f"list: {seals.hash_text(seals.format_list(all_leaves()))}"
        assert stranger.run(3) == ["Signature Verified Successfully", new]
        assert stranger.run(4, OLD_KEY=old, NEW_KEY=new) == ["Signature Verified Successfully"]
        verified, time = stranger.run(5)
        assert verified == "Verification: OK"
        assert time.startswith("Time stamp: ")


def all_leaves() -> list[str]:
    return list(Seal.objects.values_list("entries__leaf", flat=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("file", "block"), [("content.json", 1), ("list.txt", 2), ("seal.txt", 3), ("signature", 3)]
)
def test_the_commands_fail_when_a_file_was_changed(
    live_server, client, ann, ed, settings, tmp_path: Path, file, block
):
    settings.SITE_URL = live_server.url
    release(make_statement(ann, slug="a-comment"), ann, ed)
    write_seal()
    page = client.get("/about/verification/").text
    stranger = Stranger(page, tmp_path)
    stranger.run(1, ADDRESS="a-comment")
    stranger.run(2)
    stranger.run(3)
    saved = (tmp_path / file).read_bytes()
    (tmp_path / file).write_bytes(saved[:-2] + bytes([saved[-2] ^ 1]) + saved[-1:])
    stranger.typed = re.sub("^curl.*$", "", stranger.typed, flags=re.MULTILINE)  # keep the file
    with pytest.raises(AssertionError):
        stranger._run(stranger.typed)


# --- The proof of an edition ----------------------------------------------------------------------


def test_the_proof_says_what_to_hash_and_where_the_seal_is(client, edition, settings):
    site = settings.SITE_URL
    proof = {
        "edition": f"{site}/statements/a-comment/editions/1/",
        "released": "2044-03-01T12:00:00+00:00",
        "content": f"{site}/statements/a-comment/editions/1/content.json",
        "digest": edition.digest,
        "id": f"{edition.uuid} 1",
        "seal": None,
        "keys": f"{site}/.well-known/on-the-record-keys.json",
        "how to check this": f"{site}/about/verification/",
    }
    assert get(client).json() == proof
    seal = write_seal()
    assert get(client).json() == proof | {"seal": f"{site}/seals/1/seal.txt"}
    assert client.get("/seals/1/seal.txt").text == seal.document
    assert client.get("/seals/1/list.txt").text == f"{edition.sealed.leaf}\n"
    answer = get(client, name="content.json")
    assert answer["Content-Type"] == "application/json"
    assert (answer.text, digest_of(answer.text)) == (edition.content, edition.digest)


def test_a_proof_costs_few_queries(client, edition, django_assert_num_queries):
    write_seal()
    with django_assert_num_queries(4):  # the edition, its releases, which may be read, the seal
        assert get(client).status_code == 200
    with django_assert_num_queries(1):
        assert client.get("/seals/1/seal.txt").status_code == 200
    with django_assert_num_queries(2):
        assert client.get("/seals/1/list.txt").status_code == 200
    with django_assert_num_queries(0):
        assert client.get("/about/verification/").status_code == 200
        assert client.get("/.well-known/on-the-record-keys.json").status_code == 200


def test_each_edition_has_a_proof_of_its_own(client, edition, ann, ed):
    second = release(
        rewrite_passage(edition.statement, "Better.", by=ann),
        ann,
        ed,
        at=NOON + MINUTE,
        amendment="typo",
    )
    assert [get(client, n).json()["digest"] for n in (1, 2)] == [edition.digest, second.digest]
    assert get(client, 3).status_code == 404


@pytest.mark.parametrize("name", ["proof.json", "content.json"])
def test_there_is_no_proof_before_the_release(client, ann, ed, frozen, name):
    edition = submit_statement(make_statement(ann, slug="a-comment"), by=ann)
    unknown = client.get(f"/statements/nothing/editions/1/{name}")
    assert (get(client, name=name).status_code, get(client, name=name).text) == (404, unknown.text)
    approve_edition(edition, by=ed, release_at=NOON + 2 * HOUR)
    assert (get(client, name=name).status_code, get(client, name=name).text) == (404, unknown.text)
    frozen(NOON + 2 * HOUR)
    assert get(client, name=name).status_code == 200


@pytest.mark.parametrize("name", ["proof.json", "content.json"])
def test_the_proof_goes_with_the_words(client, edition, ann, ed, max, frozen, name):
    write_seal()
    second = release(
        rewrite_passage(edition.statement, "Better.", by=ann),
        ann,
        ed,
        at=NOON + MINUTE,
        amendment="typo",
    )
    workflow.suppress(edition, by=max, at=NOON + HOUR, reason="Wrong.")
    answer = get(client, 1, name)
    assert (answer.status_code, answer.text) == (410, "What edition 1 said was taken away.\n")
    assert get(client, 2, name).status_code == 200
    workflow.withdraw(second, by=ed, at=NOON + HOUR, kind="notice", notice="It was wrong.")
    assert (get(client, 2, name).status_code, get(client, 2, name).text) == (410, "It was wrong.\n")
    workflow.withdraw(second, by=ed, at=NOON + HOUR, kind="gone", notice="Gone.")
    assert (get(client, 2, name).status_code, get(client, 2, name).text) == (410, "Gone.\n")
    workflow.request_erasure(second, by=max, at=NOON + HOUR, reason="Court.")
    mo = make_user("mo", "Manager")
    workflow.erase(second, by=mo, at=NOON + HOUR, seen_digest=second.digest, password=PASSWORD)
    answer = get(client, 2, name)
    assert answer.status_code == 410
    assert second.digest not in answer.text


def test_a_former_address_leads_to_the_proof(client, edition, ann, ed):
    statement = rewrite_passage(edition.statement, "Better.", by=ann)
    statement.slug = "renamed"
    statement.save(update_fields=["slug"])
    release(statement, ann, ed, at=NOON + MINUTE, amendment="typo")
    answer = get(client)
    assert (answer.status_code, answer["Location"]) == (
        301,
        "/statements/renamed/editions/1/proof.json",
    )


def test_content_without_salt_has_no_proof(client, edition):
    triggers.drop_triggers(connection)
    old = edition.content.replace('"salt":', '"pepper":')
    Edition.objects.update(content=old, digest=digest_of(old))
    triggers.create_triggers(connection)
    assert get(client).status_code == 404
    assert get(client, name="content.json").status_code == 404


# --- Seals and keys -------------------------------------------------------------------------------


def test_a_seal_that_is_not_there_is_not_found(client, edition):
    write_seal(NOON + 2 * HOUR)  # later than now
    for number in (0, 1, 2, 10**30):
        for name in ("seal.txt", "list.txt", "signature", "timestamp.tsr"):
            assert client.get(f"/seals/{number}/{name}").status_code == 404


def test_a_timestamp_is_there_once_an_authority_gave_it(client, edition):
    write_seal()
    assert client.get("/seals/1/timestamp.tsr").status_code == 404
    Seal.objects.update(timestamp=b"0\x82")
    answer = client.get("/seals/1/timestamp.tsr")
    assert (answer.content, answer["Content-Type"]) == (b"0\x82", "application/timestamp-reply")


def test_keys_are_listed_with_who_vouches_for_them(client, settings, tmp_path: Path, db):
    path = tmp_path / "signing_key.pem"
    settings.SIGNING_KEY_FILE = str(path)
    key_rotation.create_keys(path, at=NOON)
    key_rotation.rotate_key(path, at=NOON + HOUR)
    old, new = keys.get_public_keys().values()
    folder = f"{settings.SITE_URL}/.well-known/on-the-record-keys"
    assert client.get("/.well-known/on-the-record-keys.json").json() == {
        "keys": [
            {
                "id": old.key_id,
                "created": "2044-03-01T12:00:00+00:00",
                "retired": "2044-03-01T13:00:00+00:00",
                "public key": f"{folder}/{old.key_id}.pem",
                "signed by": None,
                "signature": None,
            },
            {
                "id": new.key_id,
                "created": "2044-03-01T13:00:00+00:00",
                "retired": None,
                "public key": f"{folder}/{new.key_id}.pem",
                "signed by": old.key_id,
                "signature": f"{folder}/{new.key_id}.sig",
            },
        ]
    }
    address = "/.well-known/on-the-record-keys"
    assert client.get(f"{address}/{new.key_id}.pem").text == new.pem
    assert len(client.get(f"{address}/{new.key_id}.sig").content) == 64
    assert client.get(f"{address}/{old.key_id}.sig").status_code == 404
    assert client.get(f"{address}/unknown.pem").status_code == 404


def test_a_new_key_is_listed_at_once(client, settings, tmp_path: Path, db, kept_pages):
    path = tmp_path / "signing_key.pem"
    settings.SIGNING_KEY_FILE = str(path)
    key_rotation.create_keys(path, at=NOON)
    address = "/.well-known/on-the-record-keys.json"
    assert len(client.get(address).json()["keys"]) == 1
    key_rotation.rotate_key(path, at=NOON)
    assert len(client.get(address).json()["keys"]) == 2


def test_a_new_seal_is_there_at_once(client, edition, kept_pages):
    assert get(client).json()["seal"] is None
    assert client.get("/seals/1/seal.txt").status_code == 404
    write_seal()
    assert get(client).json()["seal"].endswith("/seals/1/seal.txt")
    assert client.get("/seals/1/timestamp.tsr").status_code == 404
    Seal.objects.update(timestamp=b"x")
    assert client.get("/seals/1/timestamp.tsr").status_code == 200


def test_the_certificates_of_the_authority_are_public(client, settings, tmp_path: Path, db):
    address = "/.well-known/on-the-record-timestamp-authority.pem"
    assert client.get(address).status_code == 404
    settings.TIMESTAMP_CA_FILE = str(tmp_path / "authority.pem")
    assert client.get(address).status_code == 404
    (tmp_path / "authority.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    assert client.get(address).text == "-----BEGIN CERTIFICATE-----\n"


def test_nothing_for_strangers_names_anybody_of_the_staff(client, edition):
    write_seal()
    names = r"\b(ann|ed|max|Ann|Ed)\b"
    for address in (
        "/statements/a-comment/editions/1/proof.json",
        "/statements/a-comment/editions/1/content.json",
        "/seals/1/seal.txt",
        "/seals/1/list.txt",
        "/.well-known/on-the-record-keys.json",
        "/about/verification/",
    ):
        assert re.findall(names, client.get(address).text) == [], address


# --- Where readers find it ------------------------------------------------------------------------


def test_the_list_of_editions_leads_to_each_proof(client, edition, max, ann, ed):
    release(
        rewrite_passage(edition.statement, "Better.", by=ann),
        ann,
        ed,
        at=NOON + MINUTE,
        amendment="typo",
    )
    page = client.get("/statements/a-comment/editions/").text
    links = re.findall(r'href="([^"]*proof\.json)"', page)
    assert links == [f"/statements/a-comment/editions/{n}/proof.json" for n in (2, 1)]
    assert page.count('href="/about/verification/"') == 2  # beside the proofs, and in the footer
    workflow.suppress(edition, by=max, at=NOON + HOUR, reason="Wrong.")
    page = client.get("/statements/a-comment/editions/").text
    assert re.findall(r'href="([^"]*proof\.json)"', page) == links[:1]


def test_content_is_json_that_says_what_the_page_says(client, edition):
    content = json.loads(get(client, name="content.json").text)
    assert content["headline"] == "A comment"
