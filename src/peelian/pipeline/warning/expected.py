"""What was expected of the last period before it began: an earlier run's forecast, else a quick count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Final

import numpy as np
import polars as pl

from peelian.domain.series import Expected, Floats, Series
from peelian.domain.time import YEAR_PERIODS, Every, london_midnight, step
from peelian.pipeline.context import Context
from peelian.store.runs import RunRow, list_runs

QUICK: Final = "quick count"
"""In place of a run's name, where no forecast of the period was made before it."""
_HALF_LIFE: Final[dict[Every, float]] = {"month": 6.0, "week": 26.0, "day": 182.0}
_RECENT: Final[dict[Every, int]] = {"month": 3, "week": 8, "day": 56}
_PRIOR: Final = 2.0
"""Reports of the area's mean place that each place is shrunk by."""


def with_expected(ctx: Context, area: str, series: Series) -> Series:
    """Give the series with what was expected of its last period: by the served run, if there is one."""
    run = run_before(ctx, area, series)
    told = None if run is None else _of_run(run, series)
    return replace(series, expected=told if told is not None else quick_count(series))


def run_before(ctx: Context, area: str, series: Series) -> RunRow | None:
    """Give the run of the area and target that last forecast the last period, none of it known then.

    A run of several periods forecast each of them. The latest origin counts, of two with one origin the
    newer run.
    """
    fitting = [one for one in list_runs(ctx.ws, area, series.target, last=1000) if _tells(one, series)]
    return max(fitting, key=lambda one: str(one.card["origin"]), default=None)


def _tells(run: RunRow, series: Series) -> bool:
    """Say whether a run forecast the last period by itself, and before it began."""
    card, start = run.card, series.starts[-1]
    if run.every != series.every or card.get("window") != 1 or "origin" not in card:
        return False
    origin = date.fromisoformat(str(card["origin"]))
    if not origin <= start < step(origin, series.every, int(card.get("horizon", 1))):
        return False
    return datetime.fromisoformat(str(card["as_of"])) <= london_midnight(start)


def _of_run(run: RunRow, series: Series) -> Expected | None:
    name, key = ("forecast", "cell") if series.support == "cell" else ("levels", "place")
    file = run.folder / f"{name}.parquet"
    if not file.is_file():
        return None
    rows = pl.read_parquet(file, columns=["period_start", "support", key, "mean", "dispersion"])
    rows = rows.filter((pl.col("period_start") == series.starts[-1]) & (pl.col("support") == series.support))
    wanted = pl.DataFrame({"place": list(series.places)})
    told = wanted.join(
        rows.select(pl.col(key).cast(pl.String).alias("place"), "mean", "dispersion"), on="place",
        how="left", maintain_order="left",
    )  # fmt: skip
    if told["mean"].null_count() == told.height:
        return None
    nothing = float("nan")
    mean, spread = (told[n].cast(pl.Float64).fill_null(nothing).to_numpy() for n in ("mean", "dispersion"))
    return Expected(mean, spread, run.run_id)


def quick_count(series: Series) -> Expected:
    """Give a shrunk count from the periods before the last one: recent total, shared by decayed counts.

    The total is the mean of the recent periods, moved by half of last year's step between the same periods;
    each place's share is its decayed count, shrunk towards the area's mean place (a gamma prior). The
    dispersion is the area's own, from the year before, never under what shrinking leaves unknown.
    """
    past, seen = series.counts[:-1], series.observed[:-1]
    weight = 0.5 ** (np.arange(len(past))[::-1] / _HALF_LIFE[series.every])
    held, known = weight @ np.where(seen, past, 0.0), weight @ seen
    level = held.sum() / max(known.sum(), 1e-12)
    rate = (held + _PRIOR) / (known + _PRIOR / max(level, 1e-12))
    mean = rate * (_total(series) / max(float(rate.sum()), 1e-12))
    spread = _dispersion(series, rate) + 1.0 / (held + _PRIOR)
    return Expected(np.asarray(mean, np.float64), np.asarray(spread, np.float64), QUICK)


def _total(series: Series) -> float:
    past = np.where(series.observed[:-1], series.counts[:-1], np.nan)
    some = np.isfinite(past).any(axis=1)
    total = np.where(some, np.nansum(past, axis=1), np.nan)
    recent, year = _RECENT[series.every], YEAR_PERIODS[series.every]
    base = total[-recent:]
    level = float(np.nanmean(base)) if np.isfinite(base).any() else float(np.nanmean(total))
    if len(total) < year + recent:
        return level
    # The judged period is index len(total); the one a year before it and the periods before that one.
    then, before = total[-year], total[-year - recent : -year]
    ratio = then / np.nanmean(before) if np.isfinite(then) and np.isfinite(before).any() else 1.0
    return level * float(np.sqrt(max(ratio, 1e-6)))


def _dispersion(series: Series, rate: Floats) -> float:
    """Fit one dispersion by moments on the last year: excess of the squared error over the mean."""
    year = YEAR_PERIODS[series.every]
    counts, seen = series.counts[-year - 1 : -1], series.observed[-year - 1 : -1]
    whole = seen.all(axis=1)
    if not whole.any():
        return 0.1
    counts = counts[whole]
    mean = counts.sum(axis=1, keepdims=True) * rate / rate.sum()
    excess = float(((counts - mean) ** 2 - mean).sum() / max((mean**2).sum(), 1e-12))
    return float(np.clip(excess, 0.01, 5.0))
