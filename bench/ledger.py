"""Record when each wording was public, and judge the responses of a storm by that.

A decision shows on every surface within five seconds, and nothing is public early (sections 2 and 8
of the design).
"""

import datetime as dt
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bench.readers import OWN_SURFACES, ReaderAnswer

MAX_DELAY_SECONDS = 5.0
NEVER = float("inf")
MAX_FAULTS_SHOWN = 20


@dataclass
class Wording:
    """A text that is public from `start` to `end`. Times are seconds since the epoch.

    `start_known` and `end_known` say when the decision was certainly made.
    """

    number: int
    start: float = NEVER
    start_known: float = NEVER
    end: float = NEVER
    end_known: float = NEVER
    ending: str = ""
    gone_known: float = NEVER  # when the whole statement was certainly removed

    def seconds_late(self, answer: ReaderAnswer) -> float:
        """Return how many seconds late a response had this text; NEVER if it was too early."""
        if answer.received_at < self.start:
            return NEVER
        end = max(self.end, self.end_known)
        under_notice = self.ending == "notice" and answer.surface in OWN_SURFACES
        in_history = self.ending == "corrected" and answer.surface == "editions"
        return max(0, answer.asked_at - (self.gone_known if under_notice or in_history else end))

    def must_be_in(self, answer: ReaderAnswer) -> bool:
        """Return whether a response must have the text: its own page, while surely public."""
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
            for other_mark in self.statements[wording.number]:
                self.wordings[other_mark].gone_known = known.timestamp()


def judge_answers(answers: Iterable[ReaderAnswer], ledger: Ledger) -> tuple[str, int]:
    """Return a report and the number of wrong responses."""
    wrong: dict[str, list[str]] = defaultdict(list)
    latest, source = 0.0, ""
    for answer in answers:
        for fault, mark in _find_faults(answer, ledger):
            wrong[fault].append(f"{answer.surface} {answer.number} {mark} {answer.status}")
        for mark in answer.marks:
            late = ledger.wordings[mark].seconds_late(answer)
            if latest < late < NEVER:
                latest, source = late, f" ({ledger.wordings[mark].ending}, on {answer.surface})"
    wrong_count = sum(map(len, wrong.values()))
    ends = Counter(wording.ending for wording in ledger.wordings.values())
    lines = [
        f"{len(ledger.statements)} statements, {len(ledger.wordings)} wordings; "
        f"{ends['corrected']} corrected, {ends['gone']} gone, {ends['notice']} under a notice.",
        f"Words that were taken back were last said {latest:.2f} s after it was known{source}.",
        f"Wrong answers: {wrong_count}",
    ]
    lines += [
        f"{len(places)} {fault}: {'; '.join(places[:MAX_FAULTS_SHOWN])}"
        for fault, places in wrong.items()
    ]
    return "\n".join(lines), wrong_count


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
    """Check that a page is 404 before its first release, and 410 once it is removed."""
    if answer.number < 0:
        if answer.status != 200:
            yield "not there", ""
        return
    wordings = [ledger.wordings[mark] for mark in ledger.statements.get(answer.number, ())]
    if answer.received_at < min((wording.start for wording in wordings), default=NEVER):
        if answer.status != 404:
            yield "there before its time", ""
        return
    gone = any(
        wording.ending == "gone" and wording.end_known + MAX_DELAY_SECONDS < answer.asked_at
        for wording in wordings
    )
    if gone and answer.status != 410:
        yield "not gone", ""


def format_table(answers: list[ReaderAnswer]) -> str:
    """Format requests, statuses and milliseconds of each surface."""
    rows: dict[str, list[ReaderAnswer]] = defaultdict(list)
    for answer in answers:
        rows[answer.surface].append(answer)
        rows["all"].append(answer)
    lines = [f"{'':14}{'requests':>9}{'p50':>8}{'p95':>8}{'p99':>8} ms  statuses"]
    for surface in [*sorted(rows.keys() - {"all"}), "all"]:
        durations = [1000 * (answer.received_at - answer.asked_at) for answer in rows[surface]]
        statuses = Counter(answer.status for answer in rows[surface])
        counts = ", ".join(f"{status}: {count:,}" for status, count in sorted(statuses.items()))
        times = "".join(
            f"{percentile(durations):8.0f}"
            for percentile in (_percentile(50), _percentile(95), _percentile(99))
        )
        lines.append(f"{surface:14}{len(durations):>9,}{times}     {counts}")
    return "\n".join(lines)


def _percentile(percent: int) -> Callable[[list[float]], float]:
    return lambda durations: statistics.quantiles([*durations, durations[0]], n=100)[percent - 1]
