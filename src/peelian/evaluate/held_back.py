"""Windows held back: each forecast from what was known at its origin, then what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import numpy as np

from peelian.domain.contracts import Forecaster, PanelAt, Tick
from peelian.domain.errors import Refused
from peelian.domain.forecast import Forecast
from peelian.domain.panel import Panel
from peelian.evaluate.rounds import Bools, Floats, Rounds

TruthAt = Callable[[date], tuple[Floats, Bools]]
"""Gives what happened in the window after an origin: counts (1, C) and whether it was observed (1, C)."""


def play(
    panel_at: PanelAt, truth_at: TruthAt, forecasters: Mapping[str, Forecaster], origins: Sequence[date],
    window: int, seed: int, tick: Tick, low: float, high: float,
) -> tuple[Rounds, Panel, dict[str, list[Forecast]]]:  # fmt: skip
    """Fit and forecast anew at every origin; origins without an outcome are left out.

    Gives the rounds, the last panel and each forecaster's forecasts. `tick` runs from `low` to `high`.

    Raises:
        Refused: no origin has an outcome.
    """
    made: dict[str, list[Forecast]] = {name: [] for name in forecasters}
    kept: list[date] = []
    truth: list[tuple[Floats, Bools]] = []
    panel: Panel | None = None
    for k, origin in enumerate(sorted(origins)):
        tick(f"windows held back, {k + 1} of {len(origins)}", low + (high - low) * k / len(origins))
        counts, seen = truth_at(origin)
        if not seen.any():
            continue
        panel = panel_at(origin, 0)
        for name, forecaster in forecasters.items():
            fitted = forecaster.fit(panel, horizon=1, window=window, seed=seed)
            made[name].append(fitted.predict(panel))
        kept.append(origin)
        truth.append((counts, seen))
    if panel is None:
        raise Refused("no held-back window has a published outcome", do="see: peelian coverage")
    rounds = Rounds(
        panel.grid, panel.cells, tuple(kept), np.arange(len(kept)),
        np.concatenate([c for c, _ in truth]).astype(np.float32), np.concatenate([s for _, s in truth]),
        {name: f.SPEC for name, f in forecasters.items()},
        {name: np.concatenate([f.mean for f in v]).astype(np.float32) for name, v in made.items()},
        {name: np.concatenate([f.dispersion for f in v]).astype(np.float32) for name, v in made.items()},
    )  # fmt: skip
    return rounds, panel, made
