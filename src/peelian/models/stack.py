"""A stack: several forecasters' means in one, weighed by how well each told what then happened."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

import numpy as np

from peelian.domain.contracts import Fitted, ModelSpec
from peelian.domain.forecast import Forecast
from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.domain.time import YEAR_PERIODS
from peelian.models import learner, self_exciting, shrunk_decay
from peelian.models.assemble import forecast
from peelian.models.before import before, replay
from peelian.models.dispersion import Doubt, fit_doubt
from peelian.models.maps import held_before
from peelian.models.mixture import fit_weights
from peelian.models.past import check_history, gap_of
from peelian.models.total import Level, level_for

SPEC: Final = ModelSpec(
    "stack", "Stack of learner, self-exciting process and shrunk decayed count", "model", "1",
    "linear pool weighted on log score: Hall and Mitchell 2007", needs_years=1.0,
)  # fmt: skip
_MEMBERS: Final[tuple[ModuleType, ...]] = (learner, self_exciting, shrunk_decay)
_ORIGINS: Final = 8
_TRUST: Final = 50.0
"""Events' worth of pull towards equal weights, so that a short past cannot hand all to one member."""


@dataclass(frozen=True, eq=False)
class Stacked:
    """The members fitted, their weights, and the doubt of what they say together."""

    members: tuple[Fitted, ...]
    weights: Floats
    doubt: Doubt
    level: Level
    horizon: int
    window: int
    card: dict[str, Any]

    def predict(self, panel: Panel) -> Forecast:
        """Forecast from the panel's origin: reasons are the members' reasons, weighed alike."""
        return self._pooled(panel, [member.predict(panel) for member in self.members])

    def expected(self, panel: Panel) -> Forecast:
        """Forecast without reasons: for replaying the past."""
        return self._pooled(panel, [_expected(member, panel) for member in self.members])

    def _pooled(self, panel: Panel, made: list[Forecast]) -> Forecast:
        parts: dict[str, Floats] = {}
        for weight, one in zip(self.weights, made, strict=True):
            whole = float(one.mean[0].sum())
            for reason, values in one.contributions.items():
                parts[reason] = parts.get(reason, 0.0) + weight * values[0] / whole
        share = np.sum(list(parts.values()), axis=0)
        evidence = share * held_before(panel, [len(panel.starts) - gap_of(panel)])[0]
        return forecast(
            panel, SPEC, parts, self.doubt.of(evidence), self.level,
            horizon=self.horizon, window=self.window, card=self.card,
        )  # fmt: skip


def fit(panel: Panel, *, horizon: int, window: int, seed: int) -> Fitted:
    """Weigh the members on held-out origins that none of them learned from, then fit them on all.

    Raises:
        Refused: when the panel holds less than a year of history.
    """
    check_history(panel, SPEC.id)
    _, level, told = level_for(panel, horizon=horizon, window=window)
    asked = {"horizon": horizon, "window": window, "seed": seed}
    members = tuple(module.fit(panel, **asked) for module in _MEMBERS)
    hold = _held_out(panel, window)
    tried = members
    if hold > 0:
        early = before(panel, len(panel.starts) - hold)
        tried = tuple(module.fit(early, **asked) for module in _MEMBERS)
    played = [_played(member, panel, window, max(hold, window)) for member in tried]
    common = sorted(set.intersection(*(set(one) for one in played)))
    if not common:
        weights, doubt, events = np.full(len(members), 1.0 / len(members)), Doubt(0.1, 0.5, 0.5), 0.0
    else:
        weights, doubt, events = _weigh(panel, played, common, window)
    names = [module.SPEC.id for module in _MEMBERS]
    card = {
        "seed": seed, "level": told, "held_out": hold, "events": events,
        "weights": {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)},
    }  # fmt: skip
    return Stacked(members, weights, doubt, level, horizon, window, card)


def _held_out(panel: Panel, window: int) -> int:
    """Give how many last periods to hold out: half a year, or less so that a year is left to learn from."""
    year = YEAR_PERIODS[panel.every]
    return max(0, min(year // 2 + window, len(panel.starts) - gap_of(panel) - year - 1))


def _expected(member: Fitted, panel: Panel) -> Forecast:
    said: Forecast = getattr(member, "expected", member.predict)(panel)
    return said


def _played(member: Fitted, panel: Panel, window: int, hold: int) -> dict[int, Floats]:
    """Give what a member expected at origins held out, by origin (a period's index)."""
    low = len(panel.starts) - hold
    made = replay(member, panel, span=window, most=2 * _ORIGINS)
    late = [(t, one.mean[0]) for t, one in made if t >= low]
    picked = np.unique(np.linspace(0, len(late) - 1, min(_ORIGINS, len(late))).round().astype(int))
    return {late[k][0]: late[k][1] for k in picked}


def _weigh(
    panel: Panel, played: list[dict[int, Floats]], origins: list[int], window: int
) -> tuple[Floats, Doubt, float]:
    """Give the weights under which what happened was likeliest, pulled to equal ones, and the doubt."""
    counts = [panel.target_counts[t : t + window].sum(axis=0, dtype=np.float64) for t in origins]
    shares = [np.stack([one[t] / one[t].sum() for one in played]) for t in origins]
    hits = [count > 0 for count in counts]
    some = np.concatenate([share[:, hit] for share, hit in zip(shares, hits, strict=True)], axis=1)
    what = np.concatenate([count[hit] for count, hit in zip(counts, hits, strict=True)])
    events = float(what.sum())
    weights = (events * fit_weights(some, what) + _TRUST / len(played)) / (events + _TRUST)
    expected = [np.mean([one[t].sum() for one in played]) for t in origins]
    pooled = [weights @ share for share in shares]
    held = held_before(panel, [t - gap_of(panel) for t in origins])
    doubt = fit_doubt(
        np.concatenate(counts),
        np.concatenate([m * share for m, share in zip(expected, pooled, strict=True)]),
        np.concatenate([h * share for h, share in zip(held, pooled, strict=True)]),
    )
    return weights, doubt, events
