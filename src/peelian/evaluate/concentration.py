"""How concentrated harm is at places, beyond what chance alone gives at these counts.

Few events over many places look concentrated even where every place is alike; so the share of the busiest
places and the Gini coefficient are told beside the same figures in worlds of equal rates (Bernasco and
Steenbeek, 2017, on more places than crimes), and whether the same places stay busy is told by measures that
chance cannot fake.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from peelian.domain.errors import Refused
from peelian.evaluate.capture import best_hits
from peelian.evaluate.persistence import Persistence, persistence

Floats = npt.NDArray[np.float64]
SHARES: Final = (0.01, 0.02, 0.05)


@dataclass(frozen=True)
class TopShare:
    """Share of harm in the busiest `share` of places; by chance alone (mean and 95 % range); the excess.

    `p` is the share of equal-rate worlds at least as concentrated (1 added to each side).
    """

    share: float
    observed: float
    by_chance: float
    chance_low: float
    chance_high: float
    excess: float
    p: float


@dataclass(frozen=True)
class Concentration:
    """Concentration of `events` over `places` in `years`, beyond chance, and whether places persist."""

    events: float
    places: int
    years: int
    top: tuple[TopShare, ...]
    gini: float
    gini_by_chance: float
    gini_excess: float
    persistence: Persistence

    def to_json(self) -> dict[str, Any]:
        """Give everything as plain values; what is not finite as null."""
        out: dict[str, Any] = _plain(asdict(self))
        return out


def concentration(
    counts: Floats,
    observed: npt.NDArray[np.bool_],
    *,
    shares: Sequence[float] = SHARES,
    worlds: int = 200,
    seed: int = 1,
) -> Concentration:
    """Measure concentration of counts by year and place, (Y, C), where observed (Y, C) or (Y, 1).

    A place and year not observed counts for nothing, and lowers that place's part in the worlds of equal
    rates, whose events fall on places in proportion to the years observed. Places never observed are left
    out.

    Raises:
        Refused: when nothing was observed or nothing happened.
    """
    seen = np.broadcast_to(observed, counts.shape)
    held = np.where(seen, counts, 0.0).astype(float)
    exposure = seen.sum(axis=0).astype(float)
    total, exposure = held.sum(axis=0)[exposure > 0], exposure[exposure > 0]
    if len(total) == 0 or total.sum() <= 0:
        raise Refused("no harm was observed, so its concentration cannot be told", do="choose another target")
    rng = np.random.default_rng([seed, 13])
    chance = equal_rate_worlds(round(float(total.sum())), exposure, worlds, rng)
    rates, chance_rates = total / exposure, chance / exposure
    top_chance = best_hits(chance_rates, shares) / chance_rates.sum(axis=1, keepdims=True)
    top_seen = best_hits(rates, shares) / rates.sum()
    top = tuple(_top(s, float(top_seen[k]), top_chance[:, k]) for k, s in enumerate(shares))
    whole, by_chance = float(gini(rates)), float(gini(chance_rates).mean())
    return Concentration(
        float(total.sum()), len(total), len(counts), top, whole, by_chance, whole - by_chance,
        persistence(held, seen, shares),
    )  # fmt: skip


def equal_rate_worlds(events: int, exposure: Floats, worlds: int, rng: np.random.Generator) -> Floats:
    """Give counts (W, C) of `events` thrown at places in proportion to exposure, all places alike."""
    part = np.cumsum(exposure) / exposure.sum()
    out = np.empty((worlds, len(exposure)))
    for w in range(worlds):
        where = np.minimum(np.searchsorted(part, rng.random(events), side="right"), len(part) - 1)
        out[w] = np.bincount(where, minlength=len(part))
    return out


def gini(counts: Floats) -> Floats:
    """Give the Gini coefficient over the last axis: 0 all alike, towards 1 all in one place.

    >>> float(gini(np.array([0.0, 0.0, 0.0, 4.0])))
    0.75
    """
    ordered = np.sort(np.asarray(counts, float), axis=-1)
    n = ordered.shape[-1]
    weight = 2.0 * np.arange(1, n + 1) - n - 1.0
    out: Floats = (ordered @ weight) / (n * ordered.sum(axis=-1))
    return out


def _top(share: float, observed: float, chance: Floats) -> TopShare:
    low, high = np.percentile(chance, [2.5, 97.5])
    mean = float(chance.mean())
    p = (1.0 + float((chance >= observed - 1e-12).sum())) / (len(chance) + 1.0)
    return TopShare(share, observed, mean, float(low), float(high), observed - mean, p)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
