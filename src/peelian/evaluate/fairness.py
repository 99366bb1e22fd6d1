"""Disparity of attention, calibration, missed harm and false flags between groups of areas."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Floats

Bools = npt.NDArray[np.bool_]
Sums = dict[str, Floats]
_SUMMED: Final = ("flagged", "harm", "expected", "caught", "false")

BAND: Final = {"exposure": (0.80, 1.25), "calibration": (0.90, 1.10)}
"""Beyond these a disparity is referred; a heuristic of this project, no legal test."""
MISSED_GAP: Final = 0.05
LEAST: Final = 5
"""Areas a group must have to be judged."""
LEAST_BLOCKS: Final = 6
"""Blocks of origins for an interval over origins: of fewer its width would be chance."""
DRAWS: Final = 1000


@dataclass(frozen=True, eq=False)
class Watched:
    """What was flagged and what happened in A areas, each (A,) over all windows, or (O, A) by O origins.

    `flagged`: cell-windows flagged; `harm`: events; `expected`: the forecast's events; `caught`: events in
    flagged cell-windows; `false`: flagged cell-windows without an event; `people`: residents (A,), or None.
    `block` is how many origins in a row hang together, for their windows overlap.
    """

    flagged: Floats
    harm: Floats
    expected: Floats
    caught: Floats
    false: Floats
    people: Floats | None = None
    block: int = 1

    @property
    def blocks(self) -> int:
        """Count the blocks of origins; 1 where origins are not told apart."""
        return len(self.flagged) // self.block if self.flagged.ndim == 2 else 1


@dataclass(frozen=True)
class Measure:
    """A figure with its 95 % interval; `alarm` where it lies beyond its band and is no chance."""

    value: float
    low: float
    high: float
    alarm: bool = False

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON; what is not known is null."""
        return {
            name: getattr(self, name) if math.isfinite(getattr(self, name)) else None
            for name in ("value", "low", "high")
        } | {"alarm": self.alarm}


@dataclass(frozen=True)
class Group:
    """One group of areas."""

    name: str
    areas: int
    events: float
    exposure: Measure
    calibration: Measure
    missed: Measure
    false_flags: Measure
    per: str = "residents"
    """What false flags are counted by: 1,000 `residents`, or 100 `flags` where residents are not known."""

    @property
    def alarms(self) -> tuple[str, ...]:
        """Name what alarms."""
        return tuple(
            n for n in ("exposure", "calibration", "missed", "false_flags") if getattr(self, n).alarm
        )


def audit_groups(
    watched: Watched, classes: Sequence[str | None], rng: np.random.Generator, tests: int = 0
) -> tuple[Group, ...]:
    """Measure each class of areas; `classes` (A,) names each area's, None where it is not known.

    Intervals are the wider of two: areas resampled (bootstrap, Efron 1979), and blocks of origins in a row
    resampled (circular block bootstrap, Politis and Romano 1992) where there are `LEAST_BLOCKS` or more. An
    alarm needs a figure beyond its band whose interval, at 5 % shared out over all `tests` (Bonferroni;
    default: three a class), leaves equality out.
    """
    names = sorted({one for one in classes if one is not None}, key=_numbered)
    known = np.array([one is not None for one in classes])
    count = int(known.sum())
    weights = np.zeros((1 + DRAWS, len(classes)))
    weights[0] = known  # the areas as they are, then resampled
    weights[1:, known] = rng.multinomial(count, np.full(count, 1 / max(count, 1)), DRAWS)
    draws = _Draws(watched, weights, _origin_weights(watched, rng))
    whole = draws.sums(known)
    share = 0.05 / max(tests or 3 * len(names), 1)
    made = np.array([one or "" for one in classes])
    return tuple(
        _group(watched, draws.sums(made == name), whole, made == name, name, share) for name in names
    )


@dataclass(frozen=True, eq=False)
class _Draws:
    """How often each area (1 + DRAWS, A), and each origin (1 + DRAWS, O) or None, is drawn."""

    watched: Watched
    areas: Floats
    origins: Floats | None

    def sums(self, inside: Bools) -> tuple[Sums, Sums | None]:
        """Add each quantity up over some areas, in every draw of areas and of origins: (1 + DRAWS,) each."""
        by_area, by_origin = {}, {}
        at = np.flatnonzero(inside)
        drawn = self.areas[:, at]
        for name in _SUMMED:
            values = np.atleast_2d(getattr(self.watched, name))[:, at]
            by_area[name] = drawn @ values.sum(axis=0)
            if self.origins is not None:
                by_origin[name] = self.origins @ values.sum(axis=1)
        if self.watched.people is not None:
            living = self.watched.people[at]
            by_area["people"] = drawn @ living
            if self.origins is not None:  # the same people at every origin
                by_origin["people"] = np.full(len(self.origins), living.sum())
        return by_area, by_origin if self.origins is not None else None


def _origin_weights(w: Watched, rng: np.random.Generator) -> Floats | None:
    """Give how often each origin is drawn, (1 + DRAWS, O): as they are, then in blocks; None: too few."""
    if w.blocks < LEAST_BLOCKS:
        return None
    origins = len(w.flagged)
    drawn = -(-origins // w.block)
    starts = rng.integers(0, origins, (DRAWS, drawn))
    at = (starts[:, :, None] + np.arange(w.block)) % origins
    out = np.zeros((1 + DRAWS, origins))
    out[0] = 1.0
    np.add.at(out, (np.arange(1, 1 + DRAWS)[:, None], at.reshape(DRAWS, -1)[:, :origins]), 1.0)
    return out


def _group(
    w: Watched, mine: tuple[Sums, Sums | None], whole: tuple[Sums, Sums | None], inside: Bools, name: str,
    share: float,
) -> Group:  # fmt: skip
    n = int(inside.sum())
    found = _figures(mine[0], whole[0])
    other = None if mine[1] is None or whole[1] is None else _figures(mine[1], whole[1])
    counts = (n, w.blocks)

    def interval(what: str, share: float, *, log: bool) -> tuple[float, float]:
        return _interval((found[what], None if other is None else other[what]), counts, share, log=log)

    def measure(what: str, *, log: bool, band: tuple[float, float] | None = None) -> Measure:
        value, (low, high) = float(found[what][0]), interval(what, 0.05, log=log)
        alarm = band is not None and n >= LEAST and _beyond(value, band, interval(what, share, log=log))
        return Measure(value, low, high, alarm)

    worse = n >= LEAST and found["gap"][0] > MISSED_GAP and interval("gap", share, log=False)[0] > 0
    return Group(
        name, n, float(mine[0]["harm"][0]), measure("exposure", log=True, band=BAND["exposure"]),
        measure("calibration", log=True, band=BAND["calibration"]),
        replace(measure("missed", log=False), alarm=bool(worse)), measure("false", log=True),
        "residents" if w.people is not None else "flags",
    )  # fmt: skip


def _figures(mine: Sums, whole: Sums) -> Sums:
    """Give each figure of a group, as it is and in every draw."""
    with np.errstate(divide="ignore", invalid="ignore"):
        missed = 1 - mine["caught"] / mine["harm"]
        per = mine["people"] / 1000 if "people" in mine else mine["flagged"] / 100
        return {
            "exposure": (mine["flagged"] / whole["flagged"]) / (mine["harm"] / whole["harm"]),
            "calibration": mine["expected"] / mine["harm"], "missed": missed,
            "gap": missed - (1 - whole["caught"] / whole["harm"]), "false": mine["false"] / per,
        }  # fmt: skip


def _beyond(value: float, band: tuple[float, float], interval: tuple[float, float]) -> bool:
    return bool(
        math.isfinite(value) and not band[0] <= value <= band[1] and (interval[0] > 1 or interval[1] < 1)
    )


def _interval(
    figures: tuple[Floats, Floats | None], counts: tuple[int, int], share: float, *, log: bool
) -> tuple[float, float]:
    """Give the wider of the intervals by areas and by origins, about the figure as it is."""
    value, n = float(figures[0][0]), counts[0]
    halves = [
        _half(drawn[1:], count, share, log=log)
        for drawn, count in zip(figures, counts, strict=True)
        if drawn is not None
    ]
    if n < 2 or not math.isfinite(value) or (log and value <= 0) or not all(map(math.isfinite, halves)):
        return float("nan"), float("nan")
    half = max(halves)
    if log:
        return value * math.exp(-half), value * math.exp(half)
    return value - half, value + half


def _half(drawn: Floats, n: int, share: float, *, log: bool) -> float:
    from scipy import stats

    drawn = drawn[np.isfinite(drawn) & ((drawn > 0) if log else True)]
    if n < 2 or len(drawn) < DRAWS // 2:
        return float("nan")
    spread = float((np.log(drawn) if log else drawn).std(ddof=1))
    return float(stats.t.ppf(1 - share / 2, n - 1)) * spread * math.sqrt(n / (n - 1))


def _numbered(name: str) -> tuple[str, int]:
    head, _, tail = name.rpartition(" ")
    return (head, int(tail)) if tail.isdigit() else (name, 0)
