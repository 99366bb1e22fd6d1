"""Kinds of place are recovered where a world has them; where it has none, none are found."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250, Floats
from peelian.domain.panel import Panel
from peelian.domain.rhythm import HOURS, HourCounts, Rhythm
from peelian.domain.shifts import FORM, shifts_of
from peelian.domain.time import london_midnight
from peelian.models.rhythm import learn
from peelian.models.rhythms.naming import busiest
from peelian.models.rhythms.profile import area_profile
from peelian.models.rhythms.weekdays import by_weekday

CELLS = 600
WEEK = np.arange(HOURS)
DAY, HOUR = WEEK // 24, WEEK % 24


def normal(weights: Floats) -> Floats:
    return weights / weights.sum()


PLAIN = normal(1.0 + 0.8 * np.sin(2 * np.pi * (HOUR - 12) / 24))
NIGHT = normal(
    0.3 + 12.0 * (np.isin(DAY, (4, 5)) & (HOUR >= 22)) + 12.0 * (np.isin(DAY, (5, 6)) & (HOUR < 3))
)
SCHOOL = normal(0.2 + 5.0 * ((DAY < 5) & np.isin(HOUR, (8, 15, 16))))
TRUTH = np.stack([PLAIN, NIGHT, SCHOOL])


def world(kind: np.ndarray, seed: int, per_cell: float = 30.0) -> HourCounts:
    """Events of cells whose busyness varies widely, each hour drawn from the cell's kind."""
    dice = np.random.default_rng(seed)
    n = dice.poisson(per_cell * dice.gamma(0.6, 1 / 0.6, len(kind)))
    cell = np.repeat(np.arange(len(kind)), n)
    hour = np.concatenate([dice.choice(HOURS, k, p=TRUTH[of]) for k, of in zip(n, kind, strict=True)])
    when = dice.permutation(len(cell))
    return HourCounts(
        cell, hour.astype(np.int64), np.ones(len(cell)), when, float(len(cell)), float(len(cell)),
        "Europe/London",
    )  # fmt: skip


@pytest.fixture(scope="module")
def told() -> tuple[np.ndarray, HourCounts, Rhythm]:
    kind = np.random.default_rng(1).choice(3, CELLS, p=[0.7, 0.2, 0.1])
    hours = world(kind, 2)
    return kind, hours, learn(hours, CELLS + 1, seed=1)


def test_simulated_kinds_are_recovered(told: tuple[np.ndarray, HourCounts, Rhythm]) -> None:
    kind, hours, made = told
    assert made.kinds == 3
    apart = np.abs(made.profiles[:, None, :] - TRUTH[None]).sum(axis=2) / 2  # total variation
    found = apart.argmin(axis=1)
    assert sorted(found) == [0, 1, 2]
    assert apart.min(axis=1).max() < 0.12
    busy = np.bincount(hours.cell, minlength=CELLS) >= 20
    right = found[made.belongs[:CELLS].argmax(axis=1)] == kind
    assert right[busy].mean() > 0.95
    cell_truth = np.log(TRUTH[kind[hours.cell], hours.hour])
    oracle = float(np.mean(cell_truth - np.log(made.area[hours.hour])))
    assert 0.75 * oracle < made.gain < oracle * 1.1


def test_a_cell_without_history_keeps_the_area_s_hours(told: tuple[np.ndarray, HourCounts, Rhythm]) -> None:
    _, _, made = told
    blank = made.belongs[CELLS] @ made.profiles
    assert made.of_cell[CELLS] == -1
    assert np.abs(blank - made.area).sum() / 2 < 0.03


@pytest.mark.parametrize("seed", range(6))
def test_a_world_of_one_kind_has_one(seed: int) -> None:
    hours = world(np.zeros(CELLS, np.int64), seed)
    made = learn(hours, CELLS, seed=seed)
    assert made.kinds == 1
    assert made.gain == 0.0
    assert np.abs(made.profiles[0] - PLAIN).sum() / 2 < 0.05


def test_the_same_seed_gives_the_same_bytes() -> None:
    hours = world(np.arange(200) % 3, 4)
    first, again = learn(hours, 200, seed=3), learn(hours, 200, seed=3)
    assert first.profiles.tobytes() == again.profiles.tobytes()
    assert first.belongs.tobytes() == again.belongs.tobytes()


def test_no_events_make_every_hour_alike_and_few_show_a_day_before_a_week() -> None:
    assert np.allclose(area_profile(np.zeros(HOURS)), 1 / HOURS)
    few = area_profile(np.bincount(WEEK[HOUR == 20], minlength=HOURS).astype(float))  # seven events at 20:00
    assert few[20 + 24 * 3] > 1.2 * few[8 + 24 * 3]
    assert abs(few.sum() - 1) < 1e-12


def test_kinds_are_named_by_their_busiest_hours_only() -> None:
    flat = np.full((1, HOURS), 1 / HOURS)
    assert busiest(flat) == ("no hours stand out",)
    assert busiest(TRUTH[1:2]) == ("busiest Fri-Sat 22-03",)
    office = normal(0.1 + ((DAY < 5) & (HOUR >= 9) & (HOUR < 17)))
    assert busiest(office[None, :]) == ("busiest Mon-Fri 09-17",)


def test_shares_of_a_day_add_up_to_one_on_days_of_23_and_25_hours() -> None:
    shifts = shifts_of(
        {"day_begins": "07:00", "shifts": {"early": "07:00", "late": "15:00", "night": "23:00"}}
    )
    assert "late" in FORM
    flat = np.full(HOURS, 1 / HOURS)
    made = Rhythm("Europe/London", flat[None, :], np.ones((4, 1)), flat, np.ones(1), ("",), 1.0, 1.0)
    for day, hours in ((date(2024, 3, 30), (8, 8, 7)), (date(2024, 10, 26), (8, 8, 9))):
        shares = made.shares(shifts.windows(day))
        assert np.allclose(shares[:, 0], np.array(hours) / sum(hours))
    year = [made.shares(shifts.windows(date(2024, 1, 1) + timedelta(days=k))).sum(axis=0) for k in range(366)]
    assert np.allclose(year, 1.0, atol=1e-12)


def daily(rhythm: Rhythm | None) -> Panel:
    """A daily panel from a Monday of two cells, with a rhythm."""
    return Panel(
        BRITISH_NATIONAL_GRID_250, "day", date(2024, 1, 1), london_midnight(date(2024, 1, 1)), "robbery",
        ("robbery",), (date(2023, 1, 1),), np.arange(2), np.zeros((1, 1, 2), np.float32),
        np.ones((1, 1, 2), bool), np.zeros((1, 1)), rhythm=rhythm,
    )  # fmt: skip


def test_weekdays_by_kind_move_events_between_cells_and_never_the_total() -> None:
    weekend = normal(np.where(DAY >= 5, 5.0, 1.0))  # 10 of 15 on Saturday and Sunday
    even = np.full(HOURS, 1 / HOURS)
    area = (weekend + even) / 2
    two = Rhythm("Europe/London", np.stack([weekend, even]), np.eye(2), area, np.full(2, 0.5), ("", ""), 1, 1)
    share = np.array([0.6, 0.2])
    days = by_weekday(daily(two), share, 7, 1)
    assert np.allclose(days.sum(axis=1), 0.8)
    monday = share * np.array([(1 / 15) / ((1 / 15 + 1 / 7) / 2), (1 / 7) / ((1 / 15 + 1 / 7) / 2)])
    assert np.allclose(days[0], monday * 0.8 / monday.sum())
    assert days[5, 0] > 0.6 > days[4, 0]
    assert np.array_equal(by_weekday(daily(two), share, 2, 7), np.tile(share, (2, 1)))
    one = Rhythm("Europe/London", area[None, :], np.ones((2, 1)), area, np.ones(1), ("",), 1, 1)
    for rhythm in (one, None):
        assert np.array_equal(by_weekday(daily(rhythm), share, 3, 1), np.tile(share, (3, 1)))


def test_a_day_that_begins_at_seven_takes_the_hours_after_midnight_to_the_day_before() -> None:
    profile = np.zeros(HOURS)
    profile[[5 * 24 + 2, 0 * 24 + 12]] = 0.5  # Saturday 02:00, Monday 12:00
    flat = np.full(HOURS, 1 / HOURS)
    made = Rhythm(
        "Europe/London", np.stack([profile, flat]), np.eye(2), flat, np.full(2, 0.5), ("", ""), 1, 1,
        day_begins=7.0,
    )  # fmt: skip
    assert np.allclose(made.by_weekday()[:, 0], [3.5, 0, 0, 0, 3.5, 0, 0])
    assert np.allclose(made.by_weekday()[:, 1], 1.0)
