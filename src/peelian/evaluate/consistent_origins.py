"""The consistency tests at every origin, and what they say in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.evaluate.consistency import LEVEL, Outcome, likelihood_test, number_test
from peelian.evaluate.level_rounds import LevelRounds
from peelian.evaluate.rounds import Rounds

Floats = npt.NDArray[np.float64]
MOST: Final = 60
"""Origins tested; of more, as many spread evenly."""


@dataclass(frozen=True)
class OriginTest:
    """The tests at one origin: what was expected, what happened, and the outcome."""

    origin: date
    expected: float
    observed: float
    outcome: Outcome


@dataclass(frozen=True)
class Consistency:
    """Shares of origins at which each test did not reject the forecast; about 95 % for a true one.

    `own` says whether the number's dispersion was the area's own or followed from the cells as if these
    varied alone. `by_origin` keeps what each test gave.
    """

    origins: int
    number: float
    spatial: float
    conditional: float
    own: bool
    by_origin: tuple[OriginTest, ...]


def consistency(rounds: Rounds, model: str, *, window: int, seed: int) -> Consistency:
    """Run the three tests at each origin, over its windows that do not overlap and the cells observed."""
    origins = np.arange(len(rounds.origins))
    if len(origins) > MOST:
        origins = np.unique(np.linspace(0, len(origins) - 1, MOST).round().astype(int))
    area = next((one for one in rounds.levels if one.parents.level == "area"), None)
    made, owns = [], []
    for o in origins:
        rows = np.flatnonzero(rounds.origin_of == o)[::window]
        if not rounds.observed[rows].any():
            continue
        rng = np.random.default_rng([seed, 19, int(o)])
        one, own = _origin(rounds, area, model, rows, rng)
        made.append(OriginTest(rounds.origins[o], *one))
        owns.append(own)
    held = [one.outcome for one in made]
    return Consistency(
        len(made), _share([h.number_kept for h in held]), _share([h.spatial_kept for h in held]),
        _share([h.conditional_kept for h in held]), bool(owns) and all(owns), tuple(made),
    )  # fmt: skip


def _origin(
    rounds: Rounds,
    area: LevelRounds | None,
    model: str,
    rows: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> tuple[tuple[float, float, Outcome], bool]:
    seen = rounds.observed[rows]
    count = np.where(seen, rounds.counts[rows], 0.0).astype(float)
    mean = np.where(seen, rounds.mean[model][rows], 0.0).astype(float)
    spread = np.where(seen, rounds.dispersion[model][rows], 0.0).astype(float)
    expected, happened = float(mean.sum()), float(count.sum())
    own = area is not None and area.own[model] and bool(area.complete[rows].all())
    if own and area is not None:
        # the windows of an origin share the total's error, so their standard deviations add up
        extra = float((np.sqrt(area.dispersion[model][rows, 0]) * mean.sum(axis=1)).sum()) ** 2
    else:
        extra = float((spread * mean**2).sum())
    at_least, at_most = number_test(happened, expected, extra / max(expected, 1e-12) ** 2)
    cells = mean.sum(axis=0)
    together = (spread * mean**2).sum(axis=0) / np.maximum(cells, 1e-12) ** 2
    scaled = cells * happened / max(expected, 1e-12)
    any_seen = seen.any(axis=0)
    spatial = likelihood_test(count.sum(axis=0)[any_seen], scaled[any_seen], together[any_seen], rng)
    conditional = likelihood_test(count[seen], mean[seen], spread[seen], rng)
    return (expected, happened, Outcome(at_least, at_most, spatial, conditional)), own


def _share(kept: list[bool]) -> float:
    return float(np.mean(kept)) if kept else float("nan")


def consistency_words(one: Consistency) -> str:
    """Say what the tests found.

    >>> consistency_words(Consistency(10, 0.9, 1.0, 0.5, True, ()))
    'Number: not rejected on 9 of 10 dates. Places: on 10. Places and windows: on 5, too few for chance.'
    """
    parts: list[str] = []
    for name, share in (
        ("Number", one.number), ("Places", one.spatial), ("Places and windows", one.conditional)
    ):  # fmt: skip
        kept = round(share * one.origins) if one.origins else 0
        said = f"not rejected on {kept} of {one.origins} dates" if not parts else f"on {kept}"
        rare = ", too few for chance" if _too_few(kept, one.origins) else ""
        parts.append(f"{name}: {said}{rare}.")
    return " ".join(parts)


def _too_few(kept: int, origins: int) -> bool:
    """Whether a true forecast would be kept so seldom in under 1 of 100 such backtests."""
    from scipy import stats

    return bool(origins) and float(stats.binom.cdf(kept, origins, 1.0 - LEVEL)) < 0.01
