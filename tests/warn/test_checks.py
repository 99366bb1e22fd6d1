"""Checks of the data behind a warning: each passes on sound data and fails on what it is for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from peelian.domain.series import Series
from peelian.domain.warning import Check
from peelian.warn.checks import checks_of
from tests.warn.combining import SPACING, quiet, risen, spotted


def checked(series: Series, place: str = "l044", weeks: int = 2) -> dict[str, Check]:
    first = len(series.starts) - weeks
    made = checks_of(series, (place,), first, 8.0, SPACING / 2, series.end)
    assert [c.passed for c in made] == sorted(c.passed for c in made)  # failed ones first
    return {c.name: c for c in made}


def test_sound_data_pass_every_check() -> None:
    series = spotted(risen(quiet(), [44], 2, 14.0, 14.0), 44, [1] * 58 + [2] * 2, [3] * 58 + [12] * 2)
    made = checked(series)
    assert all(c.passed for c in made.values())
    assert len(made) == 6


def test_a_week_that_was_not_published_fails_its_check() -> None:
    series = quiet()
    observed = series.observed.copy()
    observed[-2, 44] = False
    made = checked(replace(series, observed=observed))
    assert not made["feed complete"].passed
    assert made["feed complete"].words.startswith("1 week(s)")
    assert checked(replace(series, observed=observed), "l000")["feed complete"].passed


def test_a_short_history_fails_its_check() -> None:
    series = quiet()
    observed = series.observed.copy()
    observed[:30] = False
    assert not checked(replace(series, observed=observed))["history held"].passed


def test_a_jump_of_the_whole_area_asks_whether_recording_changed() -> None:
    series = quiet()
    counts = series.counts.copy()
    counts[-1] *= 1.5
    jump = checked(replace(series, counts=counts))["whole area"]
    assert not jump.passed
    assert "recording" in jump.words
    counts[-1] = 4.0
    counts[-1, 44] = 100.0  # a place's own rise is not the whole area's
    assert checked(replace(series, counts=counts))["whole area"].passed


def test_a_new_point_with_most_reports_is_asked_about() -> None:
    new = spotted(quiet(), 44, [0] * 58 + [9] * 2, [4] * 58 + [3] * 2)
    assert not checked(new)["one new point"].passed
    old = spotted(quiet(), 44, [1] * 58 + [9] * 2, [4] * 58 + [3] * 2)
    assert checked(old)["one new point"].passed


def test_the_edge_of_the_area_is_said() -> None:
    assert not checked(quiet(), "l000")["edge of the area"].passed
    assert not checked(quiet(), "l040")["edge of the area"].passed
    assert checked(quiet(), "l055")["edge of the area"].passed


def test_a_day_before_the_period_ended_is_no_sound_one() -> None:
    series = quiet()
    made = checks_of(series, ("l044",), 58, 8.0, SPACING / 2, series.end - timedelta(days=3))
    assert not next(c for c in made if c.name == "late reports").passed
