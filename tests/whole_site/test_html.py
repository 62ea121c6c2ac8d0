"""The Nu HTML checker has nothing to say about any type of page, public or of the newsdesk."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command

from tests.browser.newsdesk_pages import find_pages
from tests.whole_site.public_pages import (
    find_unvisited_routes,
    page_urls,
    render_pages_without_url,
)

CHECKER = Path(
    os.environ.get("VNU_JAR") or settings.BASE_DIR / "var/node_modules/vnu-jar/build/dist/vnu.jar"
)
FINISHED = (0, 1)  # 1: it has found something


def test_every_public_page_that_varies_has_an_address_to_visit():
    assert find_unvisited_routes() == set()


@pytest.mark.html_checker
@pytest.mark.sqlite  # once is enough: a page has the same tags on either database
def test_every_public_page_is_valid_html(client, db, tmp_path):
    require_checker()
    call_command("load_demo", verbosity=0)
    shown = {address: client.get(address).content.decode() for address in page_urls()}
    write_pages(tmp_path, shown | render_pages_without_url())
    assert findings(tmp_path) == []


@pytest.mark.html_checker
@pytest.mark.sqlite
def test_every_page_of_the_newsdesk_is_valid_html(client, db, tmp_path):
    require_checker()
    call_command("load_demo", verbosity=0)
    client.force_login(User.objects.get(username="manager"))
    addresses = [address for list_urls in find_pages().values() for address in list_urls()]
    answers = {address: client.get(address) for address in addresses}
    pages = {
        address: answer.content.decode()
        for address, answer in answers.items()
        if answer.status_code == 200  # some are not even for a manager
    }
    write_pages(tmp_path, pages)
    assert findings(tmp_path) == []


def require_checker() -> None:
    if not shutil.which("java"):
        pytest.skip("no java; on Debian: apt-get install default-jre-headless")
    if not CHECKER.exists():
        pytest.skip(f"no checker at {CHECKER}; make html-checker installs it")


def write_pages(folder: Path, pages: dict[str, str]) -> None:
    for name, page in pages.items():
        (folder / f"{re.sub('[^a-z0-9]+', '-', name)}.html").write_text(page, "utf-8")


def findings(folder: Path) -> list[str]:
    """What the checker says of the files in this folder: where, and what."""
    answer = subprocess.run(
        ["java", "-Xss2m", "-jar", CHECKER, "--format", "json", "--errors-only", folder],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert answer.returncode in FINISHED, answer.stderr
    return [
        f"{Path(one['url']).name}, line {one.get('lastLine')}: {one['message']} "
        f"({one.get('extract', '').strip()})"
        for one in json.loads(answer.stderr)["messages"]
    ]
