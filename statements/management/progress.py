"""Print the progress of a long command: a growing line on a terminal, or lines in a log."""

import sys
import time
from typing import TextIO

BAR_WIDTH_CHARS = 30
SECONDS_BETWEEN_LINES = {True: 0.1, False: 10.0}  # on a terminal, in a log


class Progress:
    """Call it with the number done so far; `total` is 0 if nobody knows."""

    def __init__(self, total: int, noun: str, stream: TextIO | None = None) -> None:
        self.total = total
        self.noun = noun
        self.stream = stream or sys.stderr
        self.on_terminal = bool(self.stream.isatty())
        self.started_at = self.printed_at = time.monotonic()

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        last = done == self.total
        if last or now - self.printed_at >= SECONDS_BETWEEN_LINES[self.on_terminal]:
            self.printed_at = now
            self._print(done, last=last, rate=done / max(now - self.started_at, 0.001))

    def _print(self, done: int, *, last: bool, rate: float) -> None:
        line = f"{done:,} {self.noun}, {rate:,.0f}/s"
        if self.total:
            share = done / self.total
            bar = "#" * round(BAR_WIDTH_CHARS * share)
            line = line.replace(" ", f" of {self.total:,} ", 1)
            line = f"[{bar:{BAR_WIDTH_CHARS}}] {share:4.0%}  {line}"
        start, end = ("\r", "\n" if last else "") if self.on_terminal else ("", "\n")
        self.stream.write(f"{start}{line}{end}")
        self.stream.flush()
