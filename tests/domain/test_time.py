"""Periods as London keeps them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.domain.errors import Misuse
from peelian.domain.time import (
    EVERY,
    Every,
    check_origin,
    floor_period,
    london_midnight,
    parse_date,
    periods_between,
    step,
)

days = st.dates(date(1990, 1, 1), date(2060, 1, 1))
kinds = st.sampled_from(EVERY)


def test_london_midnight_knows_summer_time() -> None:
    assert london_midnight(date(2022, 1, 1)) == datetime(2022, 1, 1, tzinfo=UTC)
    assert london_midnight(date(2022, 7, 1)) == datetime(2022, 6, 30, 23, tzinfo=UTC)


@given(days, kinds, st.integers(-60, 60))
def test_stepping_is_counted_back(day: date, every: Every, n: int) -> None:
    start = floor_period(day, every)
    assert periods_between(start, step(start, every, n), every) == n


@given(days, kinds)
def test_a_day_lies_in_its_period(day: date, every: Every) -> None:
    start = floor_period(day, every)
    assert start <= day < step(start, every, 1)


def test_an_origin_must_start_a_period() -> None:
    assert check_origin(date(2022, 11, 7), "week") == date(2022, 11, 7)
    with pytest.raises(Misuse, match="2022-11-14"):
        check_origin(date(2022, 11, 9), "week")


def test_a_month_is_its_first_day() -> None:
    assert parse_date("2022-11") == date(2022, 11, 1)
    with pytest.raises(Misuse, match="YYYY-MM-DD"):
        parse_date("November")
