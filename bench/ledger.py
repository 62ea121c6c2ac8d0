"""What was public from when to when, and whether each answer of a storm kept to it.

What is decided now shows on every surface within five seconds of the decision, what was scheduled
within one second of its time, and nothing a moment early (sections 2 and 8 of the design).
"""

import datetime as dt
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bench.readers import OWN_SURFACES, ReaderAnswer

MAX_DELAY_SECONDS = 5.0
NEVER = float("inf")
MAX_FAULTS_SHOWN = 20  # wrong answers that are written out


@dataclass
class Wording:
    """Public from `start`, which was decided by `known`; ended so. Seconds since the epoch."""

    number: int
    start: float = NEVER
    start_known: float = NEVER
    end: float = NEVER
    end_known: float = NEVER
    ending: str = ""
    gone_known: float = NEVER  # when the whole statement was known to be

    def seconds_late(self, answer: ReaderAnswer) -> float:
        """How many seconds too late an answer said it: 0 is right, and NEVER too early."""
        if answer.received_at < self.start:
            return NEVER
        end = max(self.end, self.end_known)
        under_notice = self.ending == "notice" and answer.surface in OWN_SURFACES  # all say that
        in_history = self.ending == "corrected" and answer.surface == "editions"
        return max(0, answer.asked_at - (self.gone_known if under_notice or in_history else end))

    def must_be_in(self, answer: ReaderAnswer) -> bool:
        """On its own page, all the while that it is public beyond doubt."""
        return (
            answer.surface in ("page", "text")
            and answer.number == self.number
            and max(self.start, self.start_known) + MAX_DELAY_SECONDS <= answer.asked_at
            and answer.received_at < self.end
        )


@dataclass
class Ledger:
    wordings: dict[str, Wording] = field(default_factory=dict)
    statements: dict[int, list[str]] = field(default_factory=dict)

    def add_mark(self, number: int) -> str:
        marks = self.statements.setdefault(number, [])
        mark = f"storm{number}x{len(marks)}"
        marks.append(mark)
        self.wordings[mark] = Wording(number)
        return mark

    def record_release(self, mark: str, at: dt.datetime, *, known: dt.datetime) -> None:
        wording = self.wordings[mark]
        wording.start, wording.start_known = at.timestamp(), known.timestamp()

    def record_end(self, mark: str, at: dt.datetime, *, known: dt.datetime, how: str) -> None:
        wording = self.wordings[mark]
        wording.end, wording.end_known, wording.ending = at.timestamp(), known.timestamp(), how
        if how == "gone":
            for one in self.statements[wording.number]:
                self.wordings[one].gone_known = known.timestamp()


def judge_answers(answers: Iterable[ReaderAnswer], ledger: Ledger) -> tuple[str, int]:
    """What was found, in words, and how many answers were wrong."""
    wrong: dict[str, list[str]] = defaultdict(list)
    latest, where = 0.0, ""
    for answer in answers:
        for what, mark in _find_faults(answer, ledger):
            wrong[what].append(f"{answer.surface} {answer.number} {mark} {answer.status}")
        for mark in answer.marks:
            late = ledger.wordings[mark].seconds_late(answer)
            if latest < late < NEVER:
                latest, where = late, f" ({ledger.wordings[mark].ending}, on {answer.surface})"
    found = sum(map(len, wrong.values()))
    ends = Counter(wording.ending for wording in ledger.wordings.values())
    lines = [
        f"{len(ledger.statements)} statements, {len(ledger.wordings)} wordings; "
        f"{ends['corrected']} corrected, {ends['gone']} gone, {ends['notice']} under a notice.",
        f"Words that were taken back were last said {latest:.2f} s after it was known{where}.",
        f"Wrong answers: {found}",
    ]
    lines += [
        f"{len(ones)} {what}: {'; '.join(ones[:MAX_FAULTS_SHOWN])}" for what, ones in wrong.items()
    ]
    return "\n".join(lines), found


def _find_faults(answer: ReaderAnswer, ledger: Ledger) -> Iterable[tuple[str, str]]:
    if answer.status not in (200, 404, 410):
        yield f"answered by {answer.status}", ""
        return
    for mark in answer.marks:
        late = ledger.wordings[mark].seconds_late(answer)
        if late == NEVER:
            yield "early", mark
        elif late > MAX_DELAY_SECONDS:
            yield f"later than {MAX_DELAY_SECONDS:.0f} s", mark
    for mark in ledger.statements.get(answer.number, ()):
        if ledger.wordings[mark].must_be_in(answer) and mark not in answer.marks:
            yield "without its words", mark
    yield from _find_wrong_status(answer, ledger)


def _find_wrong_status(answer: ReaderAnswer, ledger: Ledger) -> Iterable[tuple[str, str]]:
    """An address is 404 before its first release, and 410 once its statement is gone."""
    if answer.number < 0:
        if answer.status != 200:
            yield "not there", ""
        return
    wordings = [ledger.wordings[mark] for mark in ledger.statements.get(answer.number, ())]
    if answer.received_at < min((one.start for one in wordings), default=NEVER):
        if answer.status != 404:
            yield "there before its time", ""
        return
    gone = any(
        one.ending == "gone" and one.end_known + MAX_DELAY_SECONDS < answer.asked_at
        for one in wordings
    )
    if gone and answer.status != 410:
        yield "not gone", ""


def format_table(answers: list[ReaderAnswer]) -> str:
    """Requests, statuses and milliseconds of each surface."""
    rows: dict[str, list[ReaderAnswer]] = defaultdict(list)
    for answer in answers:
        rows[answer.surface].append(answer)
        rows["all"].append(answer)
    lines = [f"{'':14}{'requests':>9}{'p50':>8}{'p95':>8}{'p99':>8} ms  statuses"]
    for surface in [*sorted(rows.keys() - {"all"}), "all"]:
        took = [1000 * (one.received_at - one.asked_at) for one in rows[surface]]
        statuses = Counter(one.status for one in rows[surface])
        told = ", ".join(f"{status}: {count:,}" for status, count in sorted(statuses.items()))
        times = "".join(
            f"{share(took):8.0f}" for share in (_percentile(50), _percentile(95), _percentile(99))
        )
        lines.append(f"{surface:14}{len(took):>9,}{times}     {told}")
    return "\n".join(lines)


def _percentile(percent: int) -> Callable[[list[float]], float]:
    return lambda took: statistics.quantiles([*took, took[0]], n=100)[percent - 1]
