"""Shifts cover the policing day once, on days of 23 and 25 hours too."""

from __future__ import annotations

from datetime import UTC, date, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from peelian.domain.errors import Misuse
from peelian.domain.shifts import FORM, shifts_of

THREE = shifts_of(yaml.safe_load(FORM))


def test_the_form_that_errors_show_is_a_good_file() -> None:
    assert THREE.names == ("early", "late", "night")
    assert THREE.begins == (time(7), time(15), time(23))
    assert shifts_of(THREE.to_json()) == THREE


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2024, 3, 30), [8, 8, 7]),  # the night in which clocks go forward
        (date(2024, 10, 26), [8, 8, 9]),  # the night in which they go back
        (date(2024, 6, 1), [8, 8, 8]),
    ],
)
def test_hours_of_each_shift_by_the_clock(day: date, hours: list[int]) -> None:
    lengths = [(end.astimezone(UTC) - start.astimezone(UTC)) for start, end in THREE.windows(day)]
    assert lengths == [timedelta(hours=h) for h in hours]


def test_a_day_may_begin_in_the_evening_and_shifts_come_in_its_order() -> None:
    made = shifts_of({"day_begins": "22:00", "shifts": {"day": "06:00", "night": "22:00"}})
    (n0, n1), (d0, d1) = made.windows(date(2024, 1, 1))
    assert made.names == ("night", "day")
    assert (n0.isoformat(), n1.isoformat()) == ("2024-01-01T22:00:00+00:00", "2024-01-02T06:00:00+00:00")
    assert (d0, d1.isoformat()) == (n1, "2024-01-02T22:00:00+00:00")


@given(
    quarters=st.sets(st.integers(0, 11), min_size=1, max_size=8).map(lambda s: {8 * q + 3 for q in s}),
    day=st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    zone=st.sampled_from(["Europe/London", "America/Chicago", "Pacific/Auckland"]),
)
def test_days_follow_one_another_without_gap_or_overlap(quarters: set[int], day: date, zone: str) -> None:
    times = {f"s{q}": f"{q // 4:02d}:{q % 4 * 15:02d}" for q in quarters}
    made = shifts_of({"day_begins": min(times.values()), "shifts": times, "zone": zone})
    edges = [edge for one in (day, day + timedelta(days=1)) for w in made.windows(one) for edge in w]
    pairs = list(zip(edges[::2], edges[1::2], strict=True))
    assert all(start.astimezone(UTC) < end.astimezone(UTC) for start, end in pairs)
    assert all(a[1] == b[0] for a, b in pairwise(pairs))


@pytest.mark.parametrize(
    "body",
    [
        None,
        {"shifts": {"a": "07:00"}},
        {"day_begins": "07:00", "shifts": {}},
        {"day_begins": "07:00", "shifts": {"a": "07:00", "b": "07:00"}},
        {"day_begins": "06:00", "shifts": {"a": "07:00", "b": "15:00"}},
        {"day_begins": "07:00", "shifts": {"a": "07:00", "b": "25:00"}},
        {"day_begins": "07:00", "shifts": {"a": "07:05"}},
        {"day_begins": "07:00", "shifts": {"a": "07:00", "b": "08:45"}},
        {"day_begins": "07:00", "shifts": {"a": "07:00"}, "officers": 4},
        {"day_begins": "07:00", "shifts": {"a": "07:00"}, "zone": "Mars/Base"},
    ],
)
def test_what_does_not_cover_the_day_once_is_refused_with_the_form(body: Any) -> None:
    with pytest.raises(Misuse) as error:
        shifts_of(body)
    assert "day_begins" in str(error.value.expected)


def test_bare_yaml_times_are_read_as_meant() -> None:
    read = yaml.safe_load("day_begins: 7\nshifts: {early: 07:00, late: 15:00, night: 23:00}")
    assert shifts_of(read) == THREE
