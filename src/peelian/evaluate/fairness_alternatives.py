"""Less discriminatory alternatives: other lists of as many squares, a smaller gap and no loss told.

It reports and never switches. A list's gap is, by kind of area, the share of attention that would have to
move between its classes to be in step with recorded harm (half the sum of their differences).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from peelian.domain.grid import Floats

DRAWS: Final = 1000
Lists = Mapping[str, tuple[Floats, Floats]]
"""By name: flagged squares and events in them, each (A,), over all windows."""


@dataclass(frozen=True)
class Alternative:
    """Another list: share of harm found, its difference to the served one (95 %), and gap by kind of area.

    `better`: a loss of harm found is not told from chance, and its gap is smaller in every kind.
    """

    name: str
    found: float
    more: float
    low: float
    high: float
    gap: dict[str, float]
    better: bool


def alternatives(
    served: tuple[Floats, Floats], others: Lists, harm: Floats, classes: Mapping[str, Sequence[str | None]],
    rng: np.random.Generator,
) -> dict[str, Any]:  # fmt: skip
    """Hold other lists against the served one; `harm` (A,) events of A areas, `classes` by kind (A,).

    The interval resamples areas (bootstrap, Efron 1979), the same ones for both lists. Gives `served` (its
    share found and gaps), `others` and a `sentence`.
    """
    weights = rng.multinomial(len(harm), np.full(len(harm), 1 / len(harm)), DRAWS)
    total = np.maximum(weights @ harm, 1e-12)
    mine = {kind: gap_of(served[0], harm, one) for kind, one in classes.items()}
    whole, made = max(float(harm.sum()), 1e-12), []
    for name, (flagged, caught) in others.items():
        low, high = np.quantile(weights @ (caught - served[1]) / total, (0.025, 0.975))
        gap = {kind: gap_of(flagged, harm, one) for kind, one in classes.items()}
        better = bool(high >= 0 and gap and all(gap[kind] < mine[kind] - 1e-9 for kind in gap))
        found, more = (float(one.sum()) / whole for one in (caught, caught - served[1]))
        made.append(Alternative(name, found, more, float(low), float(high), gap, better))
    return {
        "served": {"found": float(served[1].sum()) / whole, "gap": mine},
        "others": [asdict(one) for one in made], "sentence": _sentence(made),
    }  # fmt: skip


def gap_of(flagged: Floats, harm: Floats, classes: Sequence[str | None]) -> float:
    """Share of attention that would have to move between classes to be in step with recorded harm."""
    known = sorted({one for one in classes if one is not None})
    if not known:
        return 0.0
    at = {name: k for k, name in enumerate(known)}
    of = np.array([at.get(one or "", len(known)) for one in classes], np.int64)
    shares = []
    for values in (flagged, harm):
        each = np.bincount(of, values, len(known) + 1)[:-1]
        shares.append(each / max(float(each.sum()), 1e-12))
    return float(np.abs(shares[0] - shares[1]).sum() / 2)


def _sentence(made: Sequence[Alternative]) -> str:
    better = [one.name for one in made if one.better]
    if not better:
        return f"None of {len(made)} other lists as long has attention nearer to harm and no loss of it."
    return (
        f"Less discriminatory alternatives to weigh: {', '.join(better)}. Attention lies nearer to harm, and "
        "finding less of it is not told from chance. Nothing is switched by this."
    )
