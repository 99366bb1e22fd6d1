"""A model fitted anew beside the fit in force, on the same origins, whose outcomes neither has seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from peelian.domain.contracts import Fitted, Forecaster, ModelSpec, PanelAt, Tick, no_tick
from peelian.domain.errors import Refused
from peelian.domain.panel import Panel
from peelian.evaluate.capture import SHARES
from peelian.evaluate.compare import hit_gain, log_gain, resampling
from peelian.evaluate.held_back import TruthAt, play
from peelian.evaluate.interval import Interval, spatial_blocks
from peelian.evaluate.rounds import add_up
from peelian.evaluate.verdict import GATE_SHARES

HELD: Final = "held"
NEW: Final = "new"
_BLOCK_KM: Final = 2.0


@dataclass(frozen=True)
class Refit:
    """How the new fit did against the one in force: `gain` in nats an event, `hit_gains` by share."""

    origins: tuple[date, ...]
    events: float
    gain: Interval
    hit_gains: dict[float, Interval]

    @property
    def no_worse(self) -> bool:
        """Whether the new fit may replace the old: no lower log score, no hit rate lower beyond noise.

        The score itself decides, not its interval: with few events an interval would let one poor fit after
        another pass as "not shown to be worse".
        """
        return self.gain.value >= 0.0 and not any(one.below_zero for one in self.hit_gains.values())

    def to_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {
            "origins": [str(day) for day in self.origins], "events": self.events, "gain": _finite(self.gain),
            "hit_gains": {f"{share:g}": _finite(one) for share, one in self.hit_gains.items()},
            "no_worse": self.no_worse,
        }  # fmt: skip


def _finite(one: Interval) -> dict[str, float | None]:
    """JSON has no infinity, and PostgreSQL refuses it."""
    return {name: value if math.isfinite(value) else None for name, value in asdict(one).items()}


@dataclass(frozen=True, eq=False)
class _Ready:
    """A fit made earlier, as a forecaster that learns nothing more."""

    SPEC: ModelSpec
    fitted: Fitted

    def fit(self, panel: Panel, *, horizon: int, window: int, seed: int) -> Fitted:
        """Give the fit."""
        return self.fitted


def compare_fits(
    panel_at: PanelAt,
    truth_at: TruthAt,
    spec: ModelSpec,
    held: Fitted,
    new: Fitted,
    origins: Sequence[date],
    *,
    window: int,
    seed: int = 1,
    tick: Tick = no_tick,
) -> Refit:
    """Forecast from each origin with both fits and compare what they gave to what happened.

    Raises:
        Refused: nothing happened, or nothing was published, after any of the origins.
    """
    both: dict[str, Forecaster] = {HELD: _Ready(spec, held), NEW: _Ready(spec, new)}
    rounds, panel, _ = play(panel_at, truth_at, both, origins, window, seed, tick, 0.4, 0.9)
    if rounds.events <= 0:
        raise Refused("nothing happened after these origins, so the two fits cannot be compared")
    blocks = spatial_blocks(panel.grid, panel.cells, _BLOCK_KM)
    sums = add_up(rounds, blocks, [HELD, NEW])
    how = resampling(sums, window=window, horizon=1, block_km=_BLOCK_KM, seed=seed)
    hits = {share: hit_gain(sums, NEW, HELD, SHARES.index(share), how) for share in GATE_SHARES}
    return Refit(rounds.origins, rounds.events, log_gain(sums, NEW, HELD, how), hits)
