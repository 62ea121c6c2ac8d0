"""A storm of readers while the newsdesk works: is every answer whole, right and in time?

    tests/with_postgres.sh python -m bench.storm            60 seconds, 200 connections
    SECONDS=10 CONNECTIONS=50 … python -m bench.storm       less of both

nginx with its cache, two processes of gunicorn, PostgreSQL. Readers ask for pages, lists, feeds,
sitemaps and searches, as fast as they are answered, and for addresses that do not exist yet; the
newsdesk releases, schedules, corrects and withdraws. Every wording has a mark of its own, and the
newsdesk writes down from when to when it was public (bench/ledger.py); every answer is held against
that. Exits with 1 where one was wrong.
"""

import datetime as dt
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import readers, serving
from bench.ledger import Ledger, format_table, judge_answers

SECONDS = int(os.environ.get("SECONDS", "60"))
CONNECTIONS = int(os.environ.get("CONNECTIONS", "200"))
INITIAL_STATEMENTS = 40
"""Statements that stand before the storm."""
PAUSE_SECONDS = 0.4
"""Seconds between two decisions of the newsdesk."""


def main() -> int:
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        sys.exit("Run it on a server of its own: tests/with_postgres.sh python -m bench.storm")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if connection.introspection.table_names():
        sys.exit("That database is not empty: a storm fills one that it may throw away.")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    desk = StormNewsdesk()
    for _ in range(INITIAL_STATEMENTS):
        desk.release_now()
    with TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        site, front = serving.find_free_port(), serving.find_free_port()
        (folder / "nginx.conf").write_text(serving.make_nginx_configuration(folder, front, site))
        nginx = [serving.NGINX, "-p", made, "-c", f"{made}/nginx.conf", "-e", f"{made}/errors"]
        given = {"SITE_URL": f"http://127.0.0.1:{front}"}
        with (
            (folder / "log").open("w") as log,
            serving.run_server(
                serving.make_gunicorn_command("config.wsgi", site), site, log=log, **given
            ),
            serving.run_server(nginx, front),
        ):
            answers = run_storm(desk, front)
        errors = (folder / "log").read_text().split(" ERROR ")[1:]
    report, wrong = judge_answers(answers, desk.ledger)
    print(format_table(answers), report, *errors[:3], sep="\n\n")
    return 1 if wrong else 0


def run_storm(desk: "StormNewsdesk", port: int) -> list[readers.ReaderAnswer]:
    most = INITIAL_STATEMENTS + int(SECONDS / PAUSE_SECONDS)
    crowd = subprocess.Popen(
        [sys.executable, "-m", "bench.readers", *map(str, (port, CONNECTIONS, SECONDS, most))],
        stdout=subprocess.PIPE,
        text=True,
    )
    over = threading.Event()
    working = threading.Thread(target=desk.make_decisions, args=[over])
    working.start()
    for second in range(SECONDS):
        time.sleep(1)
        sys.stderr.write(f"\r{second + 1} of {SECONDS} seconds, {desk.decisions} decisions ")
    over.set()
    working.join()
    said, _ = crowd.communicate()
    sys.stderr.write("\n")
    return [readers.ReaderAnswer(*row) for row in json.loads(said)]


class StormNewsdesk:
    """Two people who decide something all the time, and write it down."""

    def __init__(self) -> None:
        from statements.models import Theme
        from tests.cast import make_user

        self.ann, self.ed = make_user("ann", "Author"), make_user("ed", "Editor")
        self.theme = Theme.objects.create(name="Weather", slug="weather")
        self.ledger, self.decisions = Ledger(), 0
        self.public_editions: list = []  # public editions, the oldest first
        self.dice = random.Random(26)

    def make_decisions(self, over: threading.Event) -> None:
        from django.db import connection

        ways = [self.release_now, self.schedule, self.correct, self.correct_later]
        ways += [self.withdraw_gone, self.withdraw_with_notice, self.hold]
        while not over.wait(PAUSE_SECONDS):
            self.dice.choice(ways)()
            self.decisions += 1
        connection.close()

    def release_now(self) -> None:
        edition, at = self._submit_new(), _now()
        self._release(edition, at=at, release_at=at)

    def schedule(self) -> None:
        self._release(self._submit_new(), at=(at := _soon()), release_at=at)

    def hold(self) -> None:
        """Agreed, and waiting for a word: nobody may ever see it."""
        from tests.cast import approve_edition

        approve_edition(self._submit_new(), by=self.ed, at=_now(), release_at=None)

    def correct(self) -> None:
        if edition := self._pop_oldest():
            at = _now()
            self._release(
                self._submit_correction(edition, at), at=at, release_at=at, instead_of=edition
            )

    def correct_later(self) -> None:
        if edition := self._pop_oldest():
            at = _soon()
            later = self._submit_correction(edition, _now())
            self._release(later, at=at, release_at=at, instead_of=edition)

    def withdraw_gone(self) -> None:
        self._withdraw("gone")

    def withdraw_with_notice(self) -> None:
        self._withdraw("notice")

    def _withdraw(self, kind: str) -> None:
        from statements import workflow
        from tests.cast import refetch_edition

        if edition := self._pop_oldest():
            at, notice = _now(), "The wind took it."
            workflow.withdraw(refetch_edition(edition), by=self.ed, at=at, kind=kind, notice=notice)
            self.ledger.record_end(_find_mark(edition), at, known=_now(), how=kind)

    def _pop_oldest(self):
        """A public edition, which somebody else may by then have been asked for a while."""
        for place, edition in enumerate(self.public_editions):
            if edition.is_released(_now() - dt.timedelta(seconds=1)):
                return self.public_editions.pop(place)
        return None

    def _submit_new(self):
        from tests.cast import make_statement, submit_statement

        number = len(self.ledger.statements)
        mark = self.ledger.add_mark(number)
        words = f"We welcome the storm. {mark}"
        statement = make_statement(
            self.ann, f"Storm {number} {mark}", words=words, slug=readers.make_slug(number)
        )
        statement.themes.add(self.theme)
        return submit_statement(statement, by=self.ann, at=_now())

    def _submit_correction(self, edition, at: dt.datetime):
        from tests.cast import rewrite_passage, submit_statement

        mark = self.ledger.add_mark(readers.parse_number(edition.slug))
        statement = rewrite_passage(edition.statement, f"We welcome the calm. {mark}", by=self.ann)
        headline = re.sub(r"storm\d+x\d+", mark, edition.headline)
        type(statement).objects.filter(pk=statement.pk).update(headline=headline)
        change = {"amendment": "correction", "public_note": "It was calm."}
        return submit_statement(statement, by=self.ann, at=at, **change)

    def _release(self, edition, *, at: dt.datetime, release_at: dt.datetime, instead_of=None):
        from tests.cast import approve_edition

        edition = approve_edition(edition, by=self.ed, at=at, release_at=release_at)
        known = _now()
        self.ledger.record_release(_find_mark(edition), release_at, known=known)
        if instead_of:
            self.ledger.record_end(_find_mark(instead_of), release_at, known=known, how="corrected")
        self.public_editions.append(edition)


def _find_mark(edition) -> str:
    return re.findall(r"storm\d+x\d+", edition.headline)[0]


def _now() -> dt.datetime:
    from statements import clock

    return clock.now()


def _soon() -> dt.datetime:
    """A whole second that is three to four away."""
    return _now().replace(microsecond=0) + dt.timedelta(seconds=4)


if __name__ == "__main__":
    sys.exit(main())
