"""Farrington flexible for many places: fit, trend kept by its rules, means and their doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.series import Floats
from peelian.warn.surveillance.control import Control
from peelian.warn.surveillance.reference import Reference

CHUNK: Final = 4096
"""Places fitted at once: what bounds the memory."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """For each place (A,): `mean` of the judged period, `log_error` its standard error on the log scale.

    `overdispersion` (variance over mean, unclipped), `df` degrees of freedom, `trend` whether one was kept,
    `slope` of it for each unit of time. NaN where a place has too little to fit.
    """

    mean: Floats
    log_error: Floats
    overdispersion: Floats
    df: Floats
    trend: npt.NDArray[np.bool_]
    slope: Floats


@dataclass(frozen=True, eq=False)
class Leaning:
    """What keeps sparse places sane: `offset` (P,) log season, `slope_ridge` precision, `pseudo` counts."""

    offset: Floats
    slope_ridge: float = 0.0
    pseudo: float = 0.0


def fit(
    counts: Floats,
    seen: npt.NDArray[np.bool_],
    past: Reference,
    control: Control,
    leaning: Leaning | None = None,
) -> Fitted:
    """Fit each place's past and predict its judged period; `counts`, `seen` are (P, A).

    A period not seen has no weight. The trend is kept when it is significant at `trend_p`, at least three
    years are used, and the prediction stays below the most counted before (Farrington et al. 1996).
    """
    places = counts.shape[1]
    parts = [
        _chunk(counts[:, a : a + CHUNK], seen[:, a : a + CHUNK], past, control, leaning)
        for a in range(0, max(places, 1), CHUNK)
    ]
    return Fitted(
        *(np.concatenate([getattr(p, name) for p in parts]) for name in Fitted.__dataclass_fields__)
    )


def _chunk(
    counts: Floats, seen: npt.NDArray[np.bool_], past: Reference, control: Control, leaning: Leaning | None
) -> Fitted:
    from scipy import stats  # late: scipy costs a second

    known = np.ascontiguousarray(seen[past.rows].T)
    y = np.where(known, counts[past.rows].T, 0.0)
    flat = _run(y, known, past, control, leaning, trend=False)
    if not control.trend:
        return _fitted(flat, np.zeros(len(flat), np.bool_), control)
    sloped = _run(y, known, past, control, leaning, trend=True)
    spread = _spread(sloped, control)
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.abs(sloped[:, 5]) * np.sqrt(sloped[:, 6] / spread)
        p = 2 * stats.t.sf(t, sloped[:, 4])
        kept = (sloped[:, 7] == 1) & (p < control.trend_p) & (sloped[:, 0] <= y.max(axis=1, initial=0.0))
    if control.years < 3:
        kept[:] = False
    return _fitted(np.where(kept[:, None], sloped, flat), kept, control)


def _run(
    y: Floats,
    known: npt.NDArray[np.bool_],
    past: Reference,
    control: Control,
    leaning: Leaning | None,
    *,
    trend: bool,
) -> Floats:
    from peelian.warn.surveillance.kernel import fit_places  # late: numba costs seconds

    lean = leaning or Leaning(np.zeros(past.judged + 1))
    offset, now = lean.offset[past.rows], float(lean.offset[past.judged])
    fitted: Floats = fit_places(
        y, known, past.level, offset, past.time, now, past.levels - 1, past.levels, trend,
        lean.slope_ridge, lean.pseudo, control.reweight, control.outlier,
    )  # fmt: skip
    return fitted


def _spread(out: Floats, control: Control) -> Floats:
    """Give the overdispersion behind standard errors: the model's, or the package's own (model card)."""
    return out[:, 3] if control.package_spread and control.reweight else np.maximum(out[:, 2], 1.0)


def _fitted(out: Floats, kept: npt.NDArray[np.bool_], control: Control) -> Fitted:
    with np.errstate(invalid="ignore"):
        error = np.sqrt(_spread(out, control) * out[:, 1])
    return Fitted(out[:, 0], error, out[:, 2], out[:, 4], kept, np.where(kept, out[:, 5], 0.0))
