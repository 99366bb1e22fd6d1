"""Small worlds of disorder and violence: one drives the other, one cause drives both, or neither."""

from __future__ import annotations

from datetime import date

import numpy as np

from peelian.domain.series import Floats, Series
from peelian.domain.time import period_starts, step
from peelian.warn.escalation_columns import excess, usual

SIDE, WEEKS = 8, 160
FIRST = date(2021, 1, 4)


def world(seed: int, *, drive: float = 0.0, shared: float = 0.0) -> Series:
    """Draw weekly violence and disorder of 64 places.

    `drive` is the power of four weeks' disorder excess that violence takes; `shared` the spread of a slow
    cause of both (log scale, half gone in seven weeks). Disorder has swings of its own in every world.
    """
    rng = np.random.default_rng(seed)
    places = SIDE**2
    base = np.exp(rng.normal(0, 0.6, places))
    season = 1 + 0.2 * np.cos(np.arange(WEEKS) * 2 * np.pi / 52)
    cause, own = _slow(rng, 0.9, places), _slow(rng, 0.8, places)
    both = base * season[:, None] * np.exp(shared * cause)
    disorder = rng.poisson(4 * both * np.exp(0.5 * own)).astype(np.float64)
    led = np.ones((WEEKS, places))
    led[4:] = np.exp(drive * excess(disorder, usual(disorder), 4)[:-1])
    violence = rng.poisson(both * led).astype(np.float64)
    at = np.arange(SIDE) * 500.0
    return Series(
        "violence", "week", "lsoa", tuple(period_starts(FIRST, WEEKS, "week")), step(FIRST, "week", WEEKS),
        tuple(f"l{k:03d}" for k in range(places)), np.tile(at, SIDE), np.repeat(at, SIDE), violence,
        np.ones(violence.shape, bool), drivers=(("asb", disorder),),
    )  # fmt: skip


def _slow(rng: np.random.Generator, keeps: float, places: int) -> Floats:
    out = rng.normal(size=(WEEKS, places))
    for week in range(1, WEEKS):
        out[week] = keeps * out[week - 1] + np.sqrt(1 - keeps**2) * out[week]
    return out
