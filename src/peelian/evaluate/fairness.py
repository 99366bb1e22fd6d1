"""Disparity of attention, calibration, missed harm and false flags between groups of areas."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from peelian.domain.grid import Floats

BAND: Final = {"exposure": (0.80, 1.25), "calibration": (0.90, 1.10)}
"""Beyond these a disparity is referred; a heuristic of this project, no legal test."""
MISSED_GAP: Final = 0.05
LEAST: Final = 5
"""Areas a group must have to be judged."""
DRAWS: Final = 1000


@dataclass(frozen=True, eq=False)
class Watched:
    """What was flagged and what happened in A areas, summed over the windows audited, each (A,).

    `flagged`: cell-windows flagged; `harm`: events; `expected`: the forecast's events; `caught`: events in
    flagged cell-windows; `false`: flagged cell-windows without an event; `people`: residents, or None.
    """

    flagged: Floats
    harm: Floats
    expected: Floats
    caught: Floats
    false: Floats
    people: Floats | None = None


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

    Intervals resample areas (bootstrap, Efron 1979). An alarm needs a figure beyond its band whose interval,
    at 5 % shared out over all `tests` (Bonferroni; default: three a class), leaves equality out.
    """
    names = sorted({one for one in classes if one is not None}, key=_numbered)
    known = np.array([one is not None for one in classes])
    draws = rng.multinomial(int(known.sum()), np.full(int(known.sum()), 1 / max(known.sum(), 1)), DRAWS)
    weights = np.zeros((DRAWS, len(classes)))
    weights[:, known] = draws
    share = 0.05 / max(tests or 3 * len(names), 1)
    made = np.array([one or "" for one in classes])
    return tuple(_group(watched, made == name, known, weights, name, share) for name in names)


def _group(
    w: Watched, inside: npt.NDArray[np.bool_], known: npt.NDArray[np.bool_], weights: Floats, name: str,
    share: float,
) -> Group:  # fmt: skip
    at = [known.astype(float)[None], weights]  # the areas as they are, then resampled
    both = np.concatenate(at)
    mine = both * inside

    def of(values: Floats, group: bool = True) -> Floats:
        out: Floats = (mine if group else both) @ values
        return out

    n = int(inside.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        exposure = (of(w.flagged) / of(w.flagged, False)) / (of(w.harm) / of(w.harm, False))
        calibration = of(w.expected) / of(w.harm)
        missed = 1 - of(w.caught) / of(w.harm)
        gap = missed - (1 - of(w.caught, False) / of(w.harm, False))
        per = w.people / 1000 if w.people is not None else w.flagged / 100
        false = of(w.false) / of(per)
    gone = _interval(gap, n, share, log=False)
    alarm = n >= LEAST and gap[0] > MISSED_GAP and gone[0] > 0
    plain = _interval(missed, n, 0.05, log=False)
    return Group(
        name, n, float(of(w.harm)[0]), _ratio(exposure, n, share, BAND["exposure"]),
        _ratio(calibration, n, share, BAND["calibration"]), Measure(float(missed[0]), *plain, bool(alarm)),
        Measure(float(false[0]), *_interval(false, n, 0.05, log=True)),
    )  # fmt: skip


def _ratio(values: Floats, n: int, share: float, band: tuple[float, float]) -> Measure:
    value = float(values[0])
    low, high = _interval(values, n, share, log=True)
    beyond = value < band[0] or value > band[1]
    alarm = n >= LEAST and math.isfinite(value) and beyond and (low > 1 or high < 1)
    return Measure(value, *_interval(values, n, 0.05, log=True), alarm)


def _interval(values: Floats, n: int, share: float, *, log: bool) -> tuple[float, float]:
    from scipy import stats

    value, drawn = float(values[0]), values[1:]
    if log:
        drawn = drawn[drawn > 0]
        drawn = np.log(drawn[np.isfinite(drawn)])
    else:
        drawn = drawn[np.isfinite(drawn)]
    if n < 2 or len(drawn) < DRAWS // 2 or not math.isfinite(value) or (log and value <= 0):
        return float("nan"), float("nan")
    half = float(stats.t.ppf(1 - share / 2, n - 1)) * float(drawn.std(ddof=1)) * math.sqrt(n / (n - 1))
    if log:
        return value * math.exp(-half), value * math.exp(half)
    return value - half, value + half


def _numbered(name: str) -> tuple[str, int]:
    head, _, tail = name.rpartition(" ")
    return (head, int(tail)) if tail.isdigit() else (name, 0)


def summary(parts: Mapping[str, Sequence[Group]]) -> str:
    """Say what was found, in a sentence."""
    found = [f"{part}: {group.name} ({', '.join(group.alarms)})" for part, groups in parts.items()
             for group in groups if group.alarms]  # fmt: skip
    if not parts:
        return "No kind of area could be compared: nothing is held here to tell them apart."
    if not found:
        return (
            "No disparity beyond the bounds and beyond chance was found. "
            "That is not proof that there is none."
        )
    return f"Disparity found, to be referred to the ethics body: {'; '.join(found)}."
