"""The area's total on worlds whose level, season, weekdays and calendar are known."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from peelian.domain.grid import Floats
from peelian.domain.time import Every, period_starts
from peelian.models.past import lengths
from peelian.models.total import Totals, choose_level
from peelian.models.totals.carriers import run
from peelian.models.totals.doubt import spread, total_doubt
from peelian.models.totals.known_ahead import known_ahead

FIRST = date(2019, 1, 7)


def world(
    every: Every,
    rate: Floats,
    seed: int,
    calendar: dict[str, tuple[date, ...]] | None = None,
    ahead: int = 12,
) -> Totals:
    """Draw counts at a rate; the `ahead` last periods are hidden."""
    periods = rate.shape[-1] - ahead
    counts = np.random.default_rng(seed).poisson(np.atleast_2d(rate)[:, :periods]).astype(float)
    first = FIRST.replace(day=1) if every == "month" else FIRST
    return Totals.of_counts(every, first, counts, counts >= 0, ahead, calendar or {})


def carried(totals: Totals, at: int, periods: int) -> Floats:
    level = choose_level(totals, gap=0, window=1)
    base, factor = totals.ahead(level, at, at, periods)
    return base * factor


def test_shares_of_days_by_hand() -> None:
    starts = period_starts(date(2024, 2, 1), 2, "month")  # 29 days from a Thursday, then 31 from a Friday
    known = known_ahead("month", starts, {"match": (date(2024, 2, 3), date(2024, 3, 2), date(2024, 3, 9))})
    assert known.days[0, 3] == pytest.approx(5 / 29 - 1 / 7)
    assert known.days[1, :3] == pytest.approx(np.full(3, 4 / 31 - 1 / 7))
    assert known.days[1, 7] == pytest.approx(2 / 31)
    assert known.names[-1] == "match"


def test_a_week_has_no_weekdays_and_a_day_never_seen_changes_nothing() -> None:
    late = {"match": (FIRST + timedelta(7 * 157),)}
    assert known_ahead("week", period_starts(FIRST, 10, "week"), late).days.shape == (10, 1)
    rate = np.full(160, 300.0)
    told = [carried(world("week", rate, 1, calendar), 148, 12) for calendar in ({}, late)]
    assert told[1] == pytest.approx(told[0], rel=1e-9)


def test_a_run_taken_from_a_longer_one_is_the_same_bit_for_bit() -> None:
    counts = np.random.default_rng(3).poisson(80.0, (2, 60)).astype(float)
    known = known_ahead("month", period_starts(date(2019, 1, 1), 60, "month"), {})
    long = run("month", counts, counts >= 0, known).first(40)
    short = run("month", counts[:, :40], counts[:, :40] >= 0, known)
    assert np.array_equal(long.level, short.level)
    assert np.array_equal(long.effect, short.effect)


def test_months_follow_season_length_and_level() -> None:
    months = np.arange(72)
    days = lengths("month", period_starts(FIRST.replace(day=1), 72, "month"))
    rate = 2000 * days * (1 + 0.2 * np.sin(2 * np.pi * (months + 0.5) / 12)) * 1.002**months
    assert carried(world("month", rate, seed=1), 60, 12) == pytest.approx(rate[60:], rel=0.06)


def test_two_years_borrow_a_season_from_other_types() -> None:
    months = np.arange(36)
    shape = 1 + 0.25 * np.sin(2 * np.pi * (months + 0.5) / 12)
    rate = np.stack([40 * shape, 2000 * shape, 3000 * shape])

    def off(rates: Floats) -> float:
        told = [carried(world("month", rates, seed), 24, 12) for seed in range(6)]
        return float(np.abs(np.log(np.stack(told) / rate[0, 24:])).mean())

    assert off(rate) < 0.9 * off(rate[:1])


def test_days_know_weekdays_and_named_days() -> None:
    days = [FIRST + timedelta(k) for k in range(400)]
    fair = tuple(d for k, d in enumerate(days) if k % 17 == 3)
    rate = np.array([100 * (1.5 if d.weekday() >= 5 else 1.0) * (1.4 if d in fair else 1.0) for d in days])
    told = carried(world("day", rate, seed=2, calendar={"fair": fair}, ahead=28), 372, 28)
    assert told == pytest.approx(rate[372:], rel=0.12)
    named = np.array([d in fair for d in days[372:]])
    blind = carried(world("day", rate, seed=2, ahead=28), 372, 28)
    assert (
        np.abs(np.log(told / rate[372:]))[named].mean()
        < 0.4 * np.abs(np.log(blind / rate[372:]))[named].mean()
    )


@pytest.mark.parametrize("seed", range(3))
def test_in_a_steady_world_nothing_is_found(seed: int) -> None:
    rate = np.full(160, 300.0)
    told = carried(world("week", rate, seed=seed), 148, 12)
    assert told == pytest.approx(rate[148:], rel=0.04)
    assert told.std() / told.mean() < 0.01


def test_a_shift_of_level_is_followed() -> None:
    rate = np.concatenate([np.full(60, 500.0), np.full(72, 250.0)])
    assert carried(world("week", rate, seed=3), 120, 12) == pytest.approx(rate[120:], rel=0.1)


def test_nothing_after_the_cut_is_read() -> None:
    rate = np.full(60, 500.0)
    totals = world("month", rate, seed=4)
    changed = np.where(np.arange(48) >= 30, 5000.0, totals.total)[None]
    other = Totals.of_counts("month", FIRST.replace(day=1), changed, changed >= 0, 12, {})
    for one, two in zip(totals.each(30, 30, 12), other.each(30, 30, 12), strict=True):
        assert np.array_equal(one, two)


def test_a_hole_is_missing_not_zero() -> None:
    counts = np.random.default_rng(5).poisson(500.0, (1, 48)).astype(float)
    seen = np.ones((1, 48), bool)
    seen[0, 10:34] = False
    totals = Totals.of_counts("month", date(2019, 1, 1), np.where(seen, counts, 0.0), seen, 12, {})
    assert carried(totals, 48, 12).sum() == pytest.approx(6000, rel=0.08)


def test_small_counts_and_zeros_are_not_biased() -> None:
    told = [carried(world("week", np.full(116, 1.5), seed=s), 104, 12).mean() for s in range(12)]
    assert np.mean(told) == pytest.approx(1.5, rel=0.1)


def test_the_total_doubt_finds_the_noise_there_is() -> None:
    rng = np.random.default_rng(6)
    noisy = rng.gamma(1 / 0.04, 0.04 * 1000, 400)  # a rate that varies by a fifth, afresh each week
    calm = total_doubt_of(world("week", np.full(400, 1000.0), seed=1))
    assert total_doubt_of(world("week", noisy, seed=1)) == pytest.approx(0.045, rel=0.35)
    assert calm < 0.003


def total_doubt_of(totals: Totals) -> float:
    level = choose_level(totals, gap=0, window=1)
    return float(total_doubt(totals, level, gap=0, horizon=1, window=1)[0])


def test_further_windows_are_no_surer() -> None:
    walk = 500 * np.exp(np.cumsum(np.random.default_rng(7).normal(0, 0.05, 90)))
    totals = world("month", walk, seed=1)
    doubt = total_doubt(totals, choose_level(totals, gap=0, window=1), gap=0, horizon=6, window=1)
    assert (np.diff(doubt) >= 0).all()
    assert doubt[5] > 1.5 * doubt[0]


def test_without_any_error_the_doubt_is_what_was_thought() -> None:
    assert spread(np.empty(0), np.empty(0), 0.0) == pytest.approx(0.06**2, rel=0.01)
