"""Days as people type them: British and ISO alike, and nothing guessed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelian.domain.errors import Misuse
from peelian.domain.typed_day import typed_day


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)))
def test_every_way_of_writing_a_day_is_that_day(day: date) -> None:
    short = "/".join(str(part) for part in (day.day, day.month, day.year))
    ways = (
        str(day), short, f"{day:%d/%m/%Y}", f"{day:%d.%m.%Y}", f"{day:%d-%m-%Y}", f"{day:%-d %B %Y}",
        f" {day:%d  %b  %Y} ", f"{day:%A} {day.day} {day:%B} {day.year}", f"{day:%-d %B, %Y}".upper(),
    )  # fmt: skip
    assert {typed_day(way) for way in ways} == {day}


@pytest.mark.parametrize(
    "text",
    ["", "soon", "11/29/2026", "29/11/26", "31 June 2026", "30/02/2026", "29 Ju 2026", "29 ma 2026",
     "29 Novemberly 2026", "2026-13-01", "29/11", "November 2026", "29/11/20260", "２９/11/2026", "1/1/0000",
     "Monday 29 November 2026", "about 29 November 2026"],
)  # fmt: skip
def test_what_is_no_day_is_refused_and_the_right_way_is_shown(text: str) -> None:
    with pytest.raises(Misuse) as said:
        typed_day(text, "first day")
    assert "first day" in said.value.what
    assert "29/11/2026 or 29 November 2026" in said.value.expected


def test_the_day_stands_before_the_month() -> None:
    assert typed_day("1/2/2026") == date(2026, 2, 1)
    assert typed_day("1/2/2026") - typed_day("1 Jan 2026") == timedelta(days=31)
