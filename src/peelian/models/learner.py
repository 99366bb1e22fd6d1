"""The learner: a mixture of decayed maps of all types, corrected by slopes and trees, kept only if it helps.

The base is a weighted sum of maps: own and other types, several memories, the place itself and what is
around it, and an even spread. Slopes and a gradient-boosted Poisson model with the base as offset correct
it. How much of the correction is kept (none, half, all) is decided on the last quarter of the panel's own
past, where the doubt of each cell is fitted too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from peelian.domain.contracts import Fitted, ModelSpec
from peelian.domain.forecast import Forecast
from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS
from peelian.models import trees
from peelian.models.assemble import forecast
from peelian.models.dispersion import Doubt, fit_doubt
from peelian.models.examples import Examples, draw, lead_of
from peelian.models.explain import explain
from peelian.models.maps import Map, held_before, maps_of, read_maps
from peelian.models.mixture import fit_weights
from peelian.models.past import check_history, gap_of, pseudo_origins
from peelian.models.total import Level, Totals, level_for
from peelian.models.trees import Grown

SPEC: Final = ModelSpec(
    "learner", "Learned mixture of memories, corrected by slopes and trees", "model", "2",
    "gradient boosting: Ke et al. 2017 (LightGBM)", needs_years=1.0,
)  # fmt: skip
_ORIGINS: Final = 104
_YEARS: Final = 2
"""Past origins learned from lie in the last two years: places change, and older origins knew less."""
_KEPT: Final = (0.0, 0.5, 1.0)
_ENOUGH: Final = 200.0
"""Events without which trees would only learn noise."""


@dataclass(frozen=True, eq=False)
class LearnerFitted:
    """The learned weights, trees and doubt: predicts from any panel of the same kind."""

    maps: tuple[Map, ...]
    weights: Floats
    grown: Grown | None
    kept: float
    doubt: Doubt
    level: Level
    horizon: int
    window: int
    card: dict[str, Any]

    def predict(self, panel: Panel) -> Forecast:
        """Forecast from the panel's origin."""
        check_history(panel, SPEC.id)
        cut = len(panel.starts) - gap_of(panel)
        lead = lead_of(gap_of(panel) + (self.horizon - 1) // 2, self.window)
        table = read_maps(panel, self.maps, cut, lead)
        table = np.concatenate([table, np.ones((len(table), 1), np.float32)], axis=1)
        labels = [one.reason(panel.every) for one in self.maps]
        parts = explain(table, self.weights, self.grown, self.kept, labels)
        share = np.sum(list(parts.values()), axis=0)
        return self._forecast(panel, parts, share, cut)

    def expected(self, panel: Panel) -> Forecast:
        """Forecast without reasons, which cost most of a forecast: for replaying the past."""
        check_history(panel, SPEC.id)
        cut = len(panel.starts) - gap_of(panel)
        lead = lead_of(gap_of(panel) + (self.horizon - 1) // 2, self.window)
        table = read_maps(panel, self.maps, cut, lead)
        table = np.concatenate([table, np.ones((len(table), 1), np.float32)], axis=1)
        share = trees.mixed(table, self.weights)
        if self.grown is not None and self.kept > 0:
            share = share * np.exp(self.kept * trees.correction(self.grown, table, self.weights))
        share = share / share.sum()
        return self._forecast(panel, {"long-run place": share}, share, cut)

    def _forecast(self, panel: Panel, parts: dict[str, Floats], share: Floats, cut: int) -> Forecast:
        evidence = share * held_before(panel, [cut])[0]
        return forecast(
            panel, SPEC, parts, self.doubt.of(evidence), self.level,
            horizon=self.horizon, window=self.window, card=self.card,
        )  # fmt: skip


def fit(panel: Panel, *, horizon: int, window: int, seed: int) -> Fitted:
    """Learn the weights, the trees, how much of them to keep, and the doubt, on the panel's own past.

    Raises:
        Refused: when the panel holds less than a year of history.
    """
    check_history(panel, SPEC.id)
    totals, level, level_told = level_for(panel, horizon=horizon, window=window)
    behind = gap_of(panel) + (horizon - 1) // 2
    first = 6 if panel.every == "month" else YEAR_PERIODS[panel.every] // 2
    within = _YEARS * YEAR_PERIODS[panel.every] + behind + window
    origins = pseudo_origins(panel, first=first, span=window, gap=behind, most=_ORIGINS, within=within)
    maps = maps_of(panel)
    examples = draw(panel, maps, origins, behind=behind, window=window, seed=seed)
    late = examples.origin >= len(origins) - max(2, len(origins) // 4)
    early, last = examples.where(~late), examples.where(late)
    if len(early.count) == 0:
        early = last
    weights = _weights(early)
    grown = _grow(early, weights, seed)
    told = None if grown is None else trees.correction(grown, last.maps, weights)
    shares = {kept: _share(last, weights, told, kept) for kept in (_KEPT if grown else (0.0,))}
    scores = {kept: _score(last, share) for kept, share in shares.items()}
    kept = max(scores, key=lambda k: scores[k])
    doubt = _doubt(last, shares[kept], totals, level, behind, window)
    weights = _weights(examples, weights)
    final = _grow(examples, weights, seed) if kept > 0 else None
    card = {
        "seed": seed, "level": level_told, "origins": len(origins), "rows": len(examples.count), "kept": kept,
        "gain": round(scores[kept] - scores[0.0], 5),
    }  # fmt: skip
    return LearnerFitted(maps, weights, final, kept, doubt, level, horizon, window, card)


def _weights(rows: Examples, near: Floats | None = None) -> Floats:
    """Fit the mixture, beginning near earlier weights where there are some; no map is ruled out."""
    some = rows.count > 0
    start = None if near is None else 0.9 * near + 0.1 / len(near)
    return fit_weights(rows.maps[some].T.astype(np.float64), rows.count[some], start=start)


def _base(rows: Examples, weights: Floats) -> Floats:
    return trees.mixed(rows.maps, weights) / rows.cells


def _grow(rows: Examples, weights: Floats, seed: int) -> Grown | None:
    if rows.count.sum() < _ENOUGH:
        return None
    offset = _base(rows, weights) * rows.per_origin(rows.count)
    return trees.grow(rows.maps, weights, rows.count, offset, rows.weight, seed)


def _share(rows: Examples, weights: Floats, correction: Floats | None, kept: float) -> Floats:
    """Give each row's share, so much of the correction kept; the rows, weighted, stand for the whole area."""
    base = _base(rows, weights)
    if correction is not None and kept > 0:
        base = base * np.exp(kept * correction)
    out: Floats = base / rows.per_origin(rows.weight * base)
    return out


def _score(rows: Examples, share: Floats) -> float:
    """Give the mean log share of what happened."""
    return float(rows.count @ np.log(np.maximum(share, 1e-300)) / max(rows.count.sum(), 1e-9))


def _doubt(rows: Examples, share: Floats, totals: Totals, level: Level, behind: int, window: int) -> Doubt:
    carried = [totals.ahead(level, t - behind, t, window) for t in rows.origins]
    expected = np.array([base * factor.sum() for base, factor in carried])
    return fit_doubt(rows.count, share * expected[rows.origin], share * rows.held, rows.weight)
