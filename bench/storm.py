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
from bench.ledger import Ledger, judged, table

SECONDS = int(os.environ.get("SECONDS", "60"))
CONNECTIONS = int(os.environ.get("CONNECTIONS", "200"))
BEFORE = 40
"""Statements that stand before the storm."""
PAUSE = 0.4
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
    desk = Newsdesk()
    for _ in range(BEFORE):
        desk.release_now()
    with TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        site, front = serving.free_port(), serving.free_port()
        (folder / "nginx.conf").write_text(serving.nginx_configuration(folder, front, site))
        nginx = [serving.NGINX, "-p", made, "-c", f"{made}/nginx.conf", "-e", f"{made}/errors"]
        given = {"SITE_URL": f"http://127.0.0.1:{front}"}
        with (
            (folder / "log").open("w") as log,
            serving.running(serving.gunicorn("config.wsgi", site), site, log=log, **given),
            serving.running(nginx, front),
        ):
            answers = storm(desk, front)
        errors = (folder / "log").read_text().split(" ERROR ")[1:]
    report, wrong = judged(answers, desk.ledger)
    print(table(answers), report, *errors[:3], sep="\n\n")
    return 1 if wrong else 0


def storm(desk: "Newsdesk", port: int) -> list[readers.Answer]:
    most = BEFORE + int(SECONDS / PAUSE)
    crowd = subprocess.Popen(
        [sys.executable, "-m", "bench.readers", *map(str, (port, CONNECTIONS, SECONDS, most))],
        stdout=subprocess.PIPE,
        text=True,
    )
    over = threading.Event()
    working = threading.Thread(target=desk.work, args=[over])
    working.start()
    for second in range(SECONDS):
        time.sleep(1)
        sys.stderr.write(f"\r{second + 1} of {SECONDS} seconds, {desk.decisions} decisions ")
    over.set()
    working.join()
    said, _ = crowd.communicate()
    sys.stderr.write("\n")
    return [readers.Answer(*row) for row in json.loads(said)]


class Newsdesk:
    """Two people who decide something all the time, and write it down."""

    def __init__(self) -> None:
        from statements.models import Theme
        from tests.cast import make_user

        self.ann, self.ed = make_user("ann", "Author"), make_user("ed", "Editor")
        self.theme = Theme.objects.create(name="Weather", slug="weather")
        self.ledger, self.decisions = Ledger(), 0
        self.standing: list = []  # public editions, the oldest first
        self.dice = random.Random(26)

    def work(self, over: threading.Event) -> None:
        from django.db import connection

        ways = [self.release_now, self.schedule, self.correct, self.correct_later]
        ways += [self.withdraw_gone, self.withdraw_with_notice, self.hold]
        while not over.wait(PAUSE):
            self.dice.choice(ways)()
            self.decisions += 1
        connection.close()

    def release_now(self) -> None:
        edition, at = self._new(), _now()
        self._release(edition, at=at, release_at=at)

    def schedule(self) -> None:
        self._release(self._new(), at=(at := _soon()), release_at=at)

    def hold(self) -> None:
        """Agreed, and waiting for a word: nobody may ever see it."""
        from tests.cast import approved

        approved(self._new(), by=self.ed, at=_now(), release_at=None)

    def correct(self) -> None:
        if edition := self._oldest():
            at = _now()
            self._release(self._second(edition, at), at=at, release_at=at, instead_of=edition)

    def correct_later(self) -> None:
        if edition := self._oldest():
            at = _soon()
            later = self._second(edition, _now())
            self._release(later, at=at, release_at=at, instead_of=edition)

    def withdraw_gone(self) -> None:
        self._withdraw("gone")

    def withdraw_with_notice(self) -> None:
        self._withdraw("notice")

    def _withdraw(self, kind: str) -> None:
        from statements import workflow
        from tests.cast import fresh

        if edition := self._oldest():
            at, notice = _now(), "The wind took it."
            workflow.withdraw(fresh(edition), by=self.ed, at=at, kind=kind, notice=notice)
            self.ledger.ended(_mark(edition), at, known=_now(), how=kind)

    def _oldest(self):
        """A public edition, which somebody else may by then have been asked for a while."""
        for place, edition in enumerate(self.standing):
            if edition.is_released(_now() - dt.timedelta(seconds=1)):
                return self.standing.pop(place)
        return None

    def _new(self):
        from tests.cast import make_statement, submitted

        number = len(self.ledger.statements)
        mark = self.ledger.new_mark(number)
        words = f"We welcome the storm. {mark}"
        statement = make_statement(
            self.ann, f"Storm {number} {mark}", words=words, slug=readers.slug(number)
        )
        statement.themes.add(self.theme)
        return submitted(statement, by=self.ann, at=_now())

    def _second(self, edition, at: dt.datetime):
        from tests.cast import rewrite, submitted

        mark = self.ledger.new_mark(readers.number_of(edition.slug))
        statement = rewrite(edition.statement, f"We welcome the calm. {mark}", by=self.ann)
        headline = re.sub(r"storm\d+x\d+", mark, edition.headline)
        type(statement).objects.filter(pk=statement.pk).update(headline=headline)
        change = {"amendment": "correction", "public_note": "It was calm."}
        return submitted(statement, by=self.ann, at=at, **change)

    def _release(self, edition, *, at: dt.datetime, release_at: dt.datetime, instead_of=None):
        from tests.cast import approved

        edition = approved(edition, by=self.ed, at=at, release_at=release_at)
        known = _now()
        self.ledger.released(_mark(edition), release_at, known=known)
        if instead_of:
            self.ledger.ended(_mark(instead_of), release_at, known=known, how="corrected")
        self.standing.append(edition)


def _mark(edition) -> str:
    return re.findall(r"storm\d+x\d+", edition.headline)[0]


def _now() -> dt.datetime:
    from statements import clock

    return clock.now()


def _soon() -> dt.datetime:
    """A whole second that is three to four away."""
    return _now().replace(microsecond=0) + dt.timedelta(seconds=4)


if __name__ == "__main__":
    sys.exit(main())
