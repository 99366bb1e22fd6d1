"""The self-exciting process as a forecaster: a background, and what recent events add around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from peelian.domain.contracts import Fitted, ModelSpec
from peelian.domain.forecast import Forecast
from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS
from peelian.models.assemble import forecast
from peelian.models.dispersion import Doubt, fit_doubt
from peelian.models.exciting.parts import Part, parts_of, read
from peelian.models.past import check_history, gap_of, pseudo_origins
from peelian.models.total import Level, level_for

SPEC: Final = ModelSpec(
    "self-exciting", "Self-exciting process", "model", "1",
    "self-exciting point process: Mohler, Short, Brantingham, Schoenberg and Tita 2011", needs_years=1.0,
)  # fmt: skip
_ORIGINS: Final = 26
"""How many past origins the weights are learned on."""
_ROUNDS: Final = 300


@dataclass(frozen=True, eq=False)
class Excited:
    """Weights of the parts, ready to forecast any panel of the same kind."""

    parts: list[Part]
    weights: Floats
    doubt: Doubt
    level: Level
    horizon: int
    window: int
    gap: int
    card: dict[str, Any]

    def predict(self, panel: Panel) -> Forecast:
        """Forecast from the panel's origin."""
        check_history(panel, SPEC.id)
        gap = gap_of(panel)
        cut = len(panel.starts) - gap
        rows, evidence = read(panel, self.parts, [cut])
        shares = _by_reason(self.parts, self.weights * _faded(self.parts, gap - self.gap), rows[cut])
        return forecast(
            panel, SPEC, shares, self.doubt.of(evidence[cut]), self.level,
            horizon=self.horizon, window=self.window, card=self.card,
        )  # fmt: skip


def _faded(parts: list[Part], periods: int) -> Floats:
    """Say what is left of each weight when the newest events are older than in the fit, (K + 1,).

    Excitement fades with its half-life; a background, and the even part, stay. With fresher events nothing is
    raised: how fast they faded was not learned.
    """
    lives = [np.inf if part.trust else part.half_life for part in parts] + [np.inf]
    out: Floats = 0.5 ** (max(periods, 0) / np.array(lives))
    return out


def _by_reason(parts: list[Part], weights: Floats, rows: Floats) -> dict[str, Floats]:
    """Add the weighted parts up to reasons, and scale them so that all cells' shares add up to one."""
    out: dict[str, Floats] = {}
    for part, weight, row in zip(parts, weights, rows, strict=False):
        out[part.reason] = out.get(part.reason, 0.0) + weight * row
    out["long-run place"] = out["long-run place"] + weights[-1] / rows.shape[1]
    whole = sum(float(v.sum()) for v in out.values())
    return {reason: value / whole for reason, value in out.items()}


def fit(panel: Panel, *, horizon: int, window: int, seed: int) -> Fitted:
    """Learn the weights on the panel's own past by expectation and maximisation, then the doubt.

    Raises:
        Refused: when the panel holds less than a year of history.
    """
    check_history(panel, SPEC.id)
    gap, year = gap_of(panel), YEAR_PERIODS[panel.every]
    totals, level, told = level_for(panel, horizon=horizon, window=window)
    ahead = (horizon - 1) // 2  # learned in the middle of the horizon
    origins = pseudo_origins(panel, first=min(year, 8), span=window, gap=gap + ahead, most=_ORIGINS)
    parts = parts_of(panel)
    rows, evidence = read(panel, parts, sorted({t - gap - ahead for t in origins}))
    cells = len(panel.cells)
    stacks = [np.concatenate([rows[t - gap - ahead], np.full((1, cells), 1.0 / cells)]) for t in origins]
    truth = [panel.target_counts[t : t + window].sum(axis=0, dtype=np.float64) for t in origins]
    weights = _weigh(stacks, truth)
    base = [totals.ahead(level, t - gap - ahead, t, window) for t in origins]
    means = [float(b * f.sum()) for b, f in base]
    shares = [weights @ one / float((weights @ one).sum()) for one in stacks]
    doubt = fit_doubt(
        np.concatenate(truth),
        np.concatenate([m * s for m, s in zip(means, shares, strict=True)]),
        np.concatenate([evidence[t - gap - ahead] for t in origins]),
    )
    recent = _recent_share(parts, weights, stacks, year / 4)
    card = {
        "seed": seed, "level": told, "recent_share": round(recent, 3),
        "weights": {p.name: round(float(w), 4) for p, w in zip(parts, weights, strict=False) if w > 5e-4},
    }  # fmt: skip
    return Excited(parts, weights, doubt, level, horizon, window, gap, card)


def _weigh(stacks: list[Floats], truth: list[Floats]) -> Floats:
    """Give the non-negative weights under which past windows were likeliest (Poisson; one optimum).

    Each part is paid for by its sum over all cells, so that an excitement that promises much where nothing
    happens loses. Totals are scaled to each window's own count: where, not how many, is learned here.
    """
    counts = np.concatenate([n[n > 0] for n in truth])
    found = np.concatenate([s[:, n > 0] for s, n in zip(stacks, truth, strict=True)], axis=1)
    due = np.sum([n.sum() * s.sum(axis=1) for s, n in zip(stacks, truth, strict=True)], axis=0)
    scale = np.concatenate([np.full(int((n > 0).sum()), n.sum()) for n in truth])
    found = found * scale
    weights = np.full(len(due), 1.0 / len(due))
    if counts.sum() <= 0:
        return weights
    for _ in range(_ROUNDS):
        weights = weights * (found @ (counts / np.maximum(weights @ found, 1e-300))) / np.maximum(due, 1e-9)
    weights[-1] = max(weights[-1], 1e-3 * weights.sum())  # nothing is ever quite impossible
    return weights


def _recent_share(parts: list[Part], weights: Floats, stacks: list[Floats], longest: float) -> float:
    """Give the share of the expected events that memories with half-lives up to `longest` (periods) bring.

    It is no branching ratio: what made an event is not asked. Longer memories stand for busy places as well.
    """
    sums = np.sum([s.sum(axis=1) for s in stacks], axis=0) * weights
    recent = [k for k, part in enumerate(parts) if not part.trust and part.half_life <= longest]
    return float(sums[recent].sum() / max(sums.sum(), 1e-12))
