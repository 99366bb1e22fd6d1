"""The model confidence set: the forecasters that the origins cannot tell from the best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
SIZE = 0.10
_DRAWS = 1000


@dataclass(frozen=True)
class ConfidenceSet:
    """`members` hold the best with 90 % confidence; `p` by forecaster; `why_not` says why there is none."""

    members: tuple[str, ...]
    p: dict[str, float]
    why_not: str = ""


def confidence_set(log_score: dict[str, Floats], block: int, seed: int) -> ConfidenceSet:
    """Give the set over forecasters' log scores by origin, (O,) each (Hansen, Lunde and Nason, 2011).

    By the range statistic, 1,000 draws of circular blocks of `block` neighbouring origins. Forecasters of
    exactly the same scores are one: they enter and leave together.
    """
    from arch.bootstrap import MCS  # late: it brings pandas and statsmodels

    kept: list[str] = []
    twin: dict[str, str] = {}
    for name, score in log_score.items():
        like = next((k for k in kept if np.allclose(log_score[k], score, rtol=0.0, atol=1e-12)), None)
        twin[name] = like or name
        if like is None:
            kept.append(name)
    if len(kept) < 2:
        return ConfidenceSet(tuple(log_score), dict.fromkeys(log_score, 1.0))
    losses = -np.stack([log_score[m] for m in kept], axis=1)
    found = MCS(
        losses, size=SIZE, reps=_DRAWS, block_size=block, method="R", bootstrap="circular",
        seed=np.random.default_rng([seed, 23]),
    )  # fmt: skip
    found.compute()
    table = found.pvalues["Pvalue"]
    p = {m: float(table.loc[kept.index(twin[m])]) for m in log_score}
    return ConfidenceSet(tuple(m for m in log_score if p[m] > SIZE), p)
