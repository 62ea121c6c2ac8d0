"""The storm notices an answer that is wrong."""

import datetime as dt

from bench.ledger import Ledger, judge_answers
from bench.readers import ReaderAnswer

NOON = dt.datetime(2044, 3, 1, 12, 0, tzinfo=dt.UTC)


def after(seconds: float) -> dt.datetime:
    return NOON + dt.timedelta(seconds=seconds)


def test_each_kind_of_wrong_answer_is_counted_once():
    ledger = Ledger()
    first, second, held = (ledger.add_mark(number) for number in (0, 0, 1))
    ledger.record_release(first, NOON, known=NOON)
    ledger.record_release(second, after(60), known=after(50))
    ledger.record_end(first, after(60), known=after(50), how="corrected")
    ledger.record_end(second, after(90), known=after(91), how="gone")

    def found(surface, number, seconds, status, *marks) -> int:
        at = after(seconds).timestamp()
        answer = ReaderAnswer(surface, number, at - 0.1, at, status, [*marks])
        return judge_answers([answer], ledger)[1]

    right = [
        *(("page", 0, -1, 404), ("page", 0, 30, 200, first), ("page", 0, 61, 200, first)),
        *(("home", -1, 70, 200, second), ("editions", 0, 80, 200, first, second)),
        *(("page", 0, 99, 410), ("page", 1, 99, 404), ("home", -1, 94, 200, second)),
    ]
    wrong = [
        *(("home", -1, 30, 503), ("home", -1, 30, 404), ("page", 0, -1, 410)),
        *(("home", -1, -1, 200, first), ("home", -1, 59, 200, second), ("home", -1, 9, 200, held)),
        *(("home", -1, 70, 200, first), ("home", -1, 99, 200, second), ("page", 0, 30, 200)),
        *(("editions", 0, 99, 410, first), ("page", 0, 99, 404)),
    ]

    assert [found(*one) for one in right] == [0] * len(right)
    assert [found(*one) for one in wrong] == [1] * len(wrong)
