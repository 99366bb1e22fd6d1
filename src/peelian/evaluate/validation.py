"""A force's own labels: the forecast against the plain counts on held-back windows, as totals only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from peelian.domain.contracts import Forecaster, PanelAt, Tick, no_tick
from peelian.domain.errors import Refused
from peelian.domain.forecast import Forecast, LevelForecast
from peelian.domain.panel import Panel
from peelian.evaluate.calibration import cdf, slope
from peelian.evaluate.capture import SHARES, selection
from peelian.evaluate.compare import best_by_log_score, hit_gain, log_gain, resampling
from peelian.evaluate.held_back import TruthAt, play
from peelian.evaluate.interval import Interval, spatial_blocks
from peelian.evaluate.power import Pairs, Power, power
from peelian.evaluate.rounds import Floats, Rounds, add_up

BLOCK_KM = 2.0


@dataclass(frozen=True)
class Hits:
    """Events caught in a share of the area: `rate` of all, the rival's, and the gain with its interval."""

    share: float
    rate: float
    rival: float
    gain: Interval
    error: float


@dataclass(frozen=True)
class Validation:
    """Totals over all held-back windows, `first` to `until`; nothing of any one place or window.

    `gain` in nats an event over the rival (the plain count best on earlier windows); `pit` is the share of
    the randomised PIT between 0.05 and 0.95, by area of `pit_level` and window, 0.90 where doubt is right.
    """

    windows: int
    first: date
    until: date
    events: float
    model: str
    rival: str
    gain: Interval
    hits: tuple[Hits, ...]
    slope: float
    bias: float
    pit: float
    pit_level: str
    power: Power
    intervals: str


def validate(
    panel_at: PanelAt,
    truth_at: TruthAt,
    forecasters: Mapping[str, Forecaster],
    model: str,
    origins: Sequence[date],
    *,
    warmup: Sequence[date],
    window: int,
    shares: Sequence[float] = (0.01, 0.02, 0.05),
    seed: int = 1,
    tick: Tick = no_tick,
) -> Validation:
    """Forecast each window from what was known at its origin, and compare `model` with the best plain count.

    `origins` are those of windows that do not overlap, so that each event counts once. The rival is chosen
    on `warmup`, all before the first. Cells whose outcome was not published are in no figure.

    Raises:
        Refused: no window has an outcome, or nothing happened in those that have.
    """
    plain = {name: f for name, f in forecasters.items() if f.SPEC.kind == "plain"}
    early, _, _ = play(panel_at, truth_at, plain, warmup, window, seed, tick, 0.0, 0.3)
    rounds, panel, made = play(panel_at, truth_at, forecasters, origins, window, seed, tick, 0.3, 0.9)
    if rounds.events <= 0:
        raise Refused("nothing happened in the held-back windows, so nothing can be scored")
    blocks = spatial_blocks(panel.grid, panel.cells, BLOCK_KM)
    rival = best_by_log_score(add_up(early, blocks, list(plain)), list(plain))
    sums = add_up(rounds, blocks, [model, rival])
    how = resampling(sums, window=1, horizon=1, block_km=BLOCK_KM, seed=seed)
    tick("simulating what so many events could show", 0.92)
    able = power(pairs_of(rounds, blocks, how.by, model, rival, shares), rounds.events, how, seed)
    at = [SHARES.index(share) for share in shares]
    rate = {m: [float(sums.hits[m][s].sum()) / rounds.events for s in at] for m in (model, rival)}
    hits = tuple(
        Hits(share, rate[model][k], rate[rival][k], hit_gain(sums, model, rival, at[k], how),
             able.hit_error[k])
        for k, share in enumerate(shares)
    )  # fmt: skip
    counts, mean, _ = rounds.seen(model)
    level, share = pit_share(rounds, panel, made[model])
    return Validation(
        len(rounds.origins), rounds.origins[0], made[model][-1].ends[0] - timedelta(days=1), rounds.events,
        model, rival,
        log_gain(sums, model, rival, how), hits, slope(counts, mean), float(mean.sum() / counts.sum() - 1.0),
        share, level, able, how.words,
    )  # fmt: skip


def pairs_of(
    rounds: Rounds,
    blocks: npt.NDArray[np.int64],
    by: str,
    model: str,
    rival: str,
    shares: Sequence[float],
) -> Pairs:
    """Lay observed windows and places flat for the simulation of power."""
    where = rounds.observed
    origin = np.broadcast_to(rounds.origin_of[:, None], where.shape)[where]
    block = np.broadcast_to(blocks[None, :], where.shape)[where]
    chosen = [selection(rounds.mean[model][n, seen].astype(float), shares) for n, seen in enumerate(where)]
    unit, units = (origin, len(rounds.origins)) if by == "origins" else (block, int(blocks.max()) + 1)
    _, mean, dispersion = rounds.seen(model)
    _, other, _ = rounds.seen(rival)
    floor = 1e-12
    return Pairs(
        np.maximum(mean, floor), np.maximum(other, floor), dispersion, unit.astype(np.int64), units,
        np.concatenate(chosen, axis=1),
    )  # fmt: skip


def pit_share(rounds: Rounds, panel: Panel, made: Sequence[Forecast]) -> tuple[str, float]:
    """Give the share of the PIT between 0.05 and 0.95 by larger area and window, and what the areas are.

    The forecast's own smallest level is used where it has one (LSOA, else squares of 1 km); else squares of
    1 km whose dispersion follows from their cells' as if these were independent.
    """
    level = _smallest(made[0])
    if level is not None:
        of_cell, wide = level.parents.of_cell, len(level.parents.codes)
    else:
        of_cell = spatial_blocks(panel.grid, panel.cells, 1.0)
        wide = int(of_cell.max()) + 1
    name = "LSOA" if level is not None and level.parents.level == "lsoa" else "square of 1 km"
    shares, weights = [], []
    for n, one in enumerate(made):
        seen = rounds.observed[n] & (of_cell >= 0)
        at = of_cell[seen]
        counts: Floats = np.bincount(at, rounds.counts[n, seen], wide).astype(float)
        mean: Floats = np.bincount(at, one.mean[0, seen], wide).astype(float)
        spread = np.bincount(at, one.dispersion[0, seen] * one.mean[0, seen] ** 2, wide)
        dispersion = spread / np.maximum(mean, 1e-12) ** 2
        own = _smallest(one)
        if own is not None:
            dispersion = np.asarray(own.dispersion[0])
        held = (mean > 0) & np.isfinite(dispersion)
        shares.append(pit_between(counts[held], mean[held], dispersion[held]))
        weights.append(int(held.sum()))
    return name, float(np.average(shares, weights=weights))


def _smallest(made: Forecast) -> LevelForecast | None:
    return next((x for x in made.levels if x.parents.level in ("lsoa", "block")), None)


def pit_between(
    counts: Floats, mean: Floats, dispersion: Floats, low: float = 0.05, high: float = 0.95
) -> float:
    """Give the expected share of the randomised PIT in [low, high] (Czado, Gneiting and Held, 2009)."""
    whole = np.rint(counts)
    top, bottom = cdf(whole, mean, dispersion), cdf(whole - 1.0, mean, dispersion)
    inside = np.clip(np.minimum(top, high) - np.maximum(bottom, low), 0.0, None)
    return float(np.mean(inside / np.maximum(top - bottom, 1e-300)))
