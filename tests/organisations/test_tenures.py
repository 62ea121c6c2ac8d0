"""Test the warnings about terms of office."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from organisations.tenures import Tenure, tenure_warnings

DAY = dt.timedelta(days=1)


def term(who: str, starts: str = "", ends: str = "", role: str = "President") -> Tenure:
    first, last = (dt.date.fromisoformat(day) if day else None for day in (starts, ends))
    return Tenure(who, role, "ADCS", first, last)


def test_a_handover_day_shared_by_both_is_as_it_should_be():
    assert tenure_warnings([term("Jane", "", "2026-03-31"), term("Dave", "2026-03-31")]) == []


def test_the_day_after_is_no_gap():
    assert tenure_warnings([term("Jane", "", "2026-03-31"), term("Dave", "2026-04-01")]) == []


def test_days_that_nobody_held_the_role_are_named():
    assert tenure_warnings([term("Dave", "2026-04-03"), term("Jane", "", "2026-03-31")]) == [
        "President, ADCS: Jane to 31 March 2026, Dave from 3 April 2026: nobody on 1–2 April 2026."
    ]


def test_two_presidents_at_one_time_are_pointed_out():
    assert tenure_warnings(
        [term("Jane", "2025-04-01", "2026-04-10"), term("Dave", "2026-04-01")]
    ) == ["Jane and Dave are both President, ADCS from 1 April 2026 to 10 April 2026."]


def test_one_person_entered_twice_is_pointed_out():
    assert tenure_warnings([term("Jane", "2025-04-01"), term("Jane", "2025-04-01")]) == [
        "Jane is entered twice as President, ADCS from 1 April 2025."
    ]


def test_one_person_with_a_gap_between_two_terms():
    both = [term("Jane", "2020-04-01", "2021-03-31"), term("Jane", "2023-04-01")]
    assert tenure_warnings(both) == [
        "Jane was President, ADCS to 31 March 2021 and again from 1 April 2023: "
        "not from 1 April 2021 to 31 March 2023."
    ]


def test_a_term_without_dates_beside_another_asks_for_them():
    assert tenure_warnings([term("Jane"), term("Dave", "2026-04-01")]) == [
        "Jane has no dates as President, ADCS, and there is another term: "
        "give the first or the last day."
    ]
    assert tenure_warnings([term("Jane")]) == []


def test_other_roles_are_another_matter():
    assert (
        tenure_warnings([term("Jane", "2026-01-01"), term("Dave", "2026-01-01", role="Chair")])
        == []
    )


dates = st.dates(dt.date(2020, 1, 1), dt.date(2020, 3, 1))


@given(st.lists(st.tuples(dates, st.integers(0, 20)), max_size=6))
def test_no_warning_means_that_no_day_is_taken_twice_and_none_between_is_free(spans):
    terms = [
        Tenure(f"Person {n}", "Chair", "ADCS", first, first + days * DAY)
        for n, (first, days) in enumerate(spans)
    ]
    people_by_day: dict[dt.date, int] = {}
    for tenure in terms:
        for n in range((tenure.last_day - tenure.first_day).days + 1):
            people_by_day[tenure.first_day + n * DAY] = (
                people_by_day.get(tenure.first_day + n * DAY, 0) + 1
            )
    gaps = (
        bool(people_by_day)
        and len(people_by_day) != (max(people_by_day) - min(people_by_day)).days + 1
    )
    handovers = {tenure.first_day for tenure in terms} & {tenure.last_day for tenure in terms}
    twice = {day for day, count in people_by_day.items() if count > 1}
    warnings = tenure_warnings(terms)
    assert any("nobody" in sentence for sentence in warnings) == gaps
    if not twice:
        assert not any("both" in sentence for sentence in warnings)
    if twice - handovers:
        assert any("both" in sentence for sentence in warnings)


@given(st.permutations([("2020-01-01", "2020-02-01"), ("2020-01-15", ""), ("", "2020-01-03")]))
def test_the_order_of_entry_does_not_matter(spans):
    whole = [term(f"P{first}{last}", first, last) for first, last in spans]
    assert tenure_warnings(whole) == tenure_warnings(sorted(whole, key=lambda one: one.speaker))
