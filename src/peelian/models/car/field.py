"""A smooth field of log risk under counts: its most likely shape, its doubt, and how smooth it should be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import optimize, sparse, special
from scipy.sparse.linalg import splu

from peelian.domain.grid import Floats
from peelian.models.car.areas import Areas

RIDGE: Final = 1e-3
"""Added to the Laplacian, so that the field is proper; so small that only the level feels it."""
_ROUNDS: Final = 40
_EVEN: Final = 1e-7
"""Newton's method stops when a step gains less than this share of the log posterior."""
_SHAPES: Final = (1e-3, 1e4)
_TAUS: Final = (0.02, 2000.0)


@dataclass(frozen=True, eq=False)
class Counts:
    """Counts (A,) and what an even risk would expect (A,), over areas that touch as `laplacian` says."""

    count: Floats
    expected: Floats
    laplacian: sparse.csc_array

    @classmethod
    def over(cls, areas: Areas, count: Floats) -> Counts:
        """Add up counts (C,) to areas; an even risk gives each cell the same."""
        summed = areas.summed(count)
        whole = max(float(summed.sum()), 1e-6)
        return cls(summed, whole * areas.size / areas.size.sum(), areas.laplacian())


@dataclass(frozen=True, eq=False)
class Field:
    """The posterior of the log risk: its mode (A,), the curvature there and the log evidence (Laplace)."""

    data: Counts
    tau: float  # precision of differences between touching areas
    shape: float  # of the gamma that each area's own risk varies by around the field
    mode: Floats
    curve: Floats
    evidence: float
    factor: Any

    def rate(self) -> Floats:
        """Give each area's posterior mean risk (A,), 1 being even: its own count pulled to the field."""
        prior = self.shape * np.exp(-self.mode)
        out: Floats = (self.shape + self.data.count) / (prior + self.data.expected)
        return out

    def lent(self) -> Floats:
        """Give the part of `rate` that the field lends, (A,); the rest is the area's own count."""
        prior = self.shape * np.exp(-self.mode)
        out: Floats = self.shape / (prior + self.data.expected)
        return out

    def doubt(self, areas: Areas, seed: int) -> Floats:
        """Give the squared coefficient of variation of each area's risk, (A,): its own and the field's."""
        own = 1.0 / (self.shape + self.data.count)
        out: Floats = own + self._lean() ** 2 * self.variance(areas, seed)
        return out

    def sd(self, areas: Areas, seed: int) -> Floats:
        """Give the posterior standard deviation of each area's log risk, (A,): its own and the field's."""
        own = special.polygamma(1, self.shape + self.data.count)
        out: Floats = np.sqrt(own + self._lean() ** 2 * self.variance(areas, seed))
        return out

    def _lean(self) -> Floats:
        """Give how far an area's log risk moves with the field's, (A,): 1 without counts of its own."""
        out: Floats = 1.0 / (1.0 + self.data.expected * np.exp(self.mode) / self.shape)
        return out

    def variance(self, areas: Areas, seed: int, draws: int = 16) -> Floats:
        """Give the posterior variance of the field (A,), from draws of it.

        A draw solves the precision against noise of that covariance. Each area's variance given its
        neighbours is exact, only the neighbours' part is drawn, so that few draws do.
        """
        rng = np.random.default_rng(seed)
        lines = areas.incidence()
        count = len(self.mode)
        noise = np.sqrt(self.tau) * (lines.T @ rng.standard_normal((len(areas.edges), draws)))
        noise += np.sqrt(self.tau * RIDGE + self.curve)[:, None] * rng.standard_normal((count, draws))
        drawn = self.factor.solve(noise)
        own = self.tau * (self.data.laplacian.diagonal() + RIDGE) + self.curve
        around = self.tau * (self.data.laplacian @ drawn - self.data.laplacian.diagonal()[:, None] * drawn)
        out: Floats = 1.0 / own + np.mean((around / own[:, None]) ** 2, axis=1)
        return out


def field_at(data: Counts, tau: float, shape: float, start: Floats | None = None) -> Field:
    """Find the posterior mode under a precision and a shape by Newton's method; the posterior is concave.

    Counts are negative binomial: Poisson with the area's own gamma (mean 1, `shape`) summed out, around
    exp(field) x expected. The field is an intrinsic conditional autoregression (Besag, York and Mollie
    1991) of precision `tau`.
    """
    eye = sparse.eye_array(len(data.count), format="csc")
    precision = sparse.csc_array(tau * (data.laplacian + RIDGE * eye))
    at = np.zeros(len(data.count)) if start is None else start.copy()
    value = _log_posterior(data, precision, shape, at)
    for _ in range(_ROUNDS):
        slope, curve = _slope(data, shape, at)
        factor = _factor(precision + sparse.diags_array(curve, format="csc"))
        step = factor.solve(slope - precision @ at)
        size, better = 1.0, value
        while size > 1e-4:
            better = _log_posterior(data, precision, shape, at + size * step)
            if better >= value:
                break
            size /= 2
        if better < value:
            break
        at, gained, value = at + size * step, better - value, better
        if gained < _EVEN * max(abs(value), 1.0):
            break
    curve = _slope(data, shape, at)[1]
    factor = _factor(precision + sparse.diags_array(curve, format="csc"))
    determinant = float(np.log(np.abs(factor.U.diagonal())).sum())
    evidence = value + 0.5 * len(at) * np.log(tau) - 0.5 * determinant
    return Field(data, tau, shape, at, curve, float(evidence), factor)


def fit_field(data: Counts) -> Field:
    """Choose precision and shape by the evidence, one after the other, and give the field."""
    best = field_at(data, 1.0, _best_shape(data, np.zeros(len(data.count))))
    for _turn in range(2):
        best = _along(lambda tau, held: field_at(data, tau, held.shape, held.mode), best, best.tau, _TAUS)
        best = _along(
            lambda shape, held: field_at(data, held.tau, shape, held.mode), best, best.shape, _SHAPES
        )
    return best


def _along(
    at: Callable[[float, Field], Field], best: Field, now: float, bounds: tuple[float, float]
) -> Field:
    """Climb the evidence along one setting, by steps in its logarithm that halve, from where it is now."""
    log, step, (low, high) = float(np.log(now)), 2.0, np.log(bounds)
    tried = {log}
    while step > 0.2:
        for beside in (min(log + step, high), max(log - step, low)):
            if beside in tried:
                continue
            tried.add(beside)
            field = at(float(np.exp(beside)), best)
            if field.evidence > best.evidence:
                best, log = field, float(beside)
                break
        else:
            step /= 2
    return best


def _best_shape(data: Counts, mode: Floats) -> float:
    mean = data.expected * np.exp(mode)

    def loss(log_shape: float) -> float:
        return -float(_log_likelihood(data.count, mean, float(np.exp(log_shape))))

    low, high = np.log(_SHAPES)
    found = optimize.minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 0.02})
    return float(np.exp(found.x))


def _log_likelihood(count: Floats, mean: Floats, shape: float) -> float:
    return float(
        np.sum(
            special.gammaln(shape + count) - special.gammaln(shape) + shape * np.log(shape)
            + count * np.log(np.maximum(mean, 1e-300)) - (shape + count) * np.log(shape + mean)
        )
    )  # fmt: skip


def _log_posterior(data: Counts, precision: sparse.csc_array, shape: float, at: Floats) -> float:
    mean = data.expected * np.exp(np.clip(at, -50, 50))
    return _log_likelihood(data.count, mean, shape) - 0.5 * float(at @ (precision @ at))


def _slope(data: Counts, shape: float, at: Floats) -> tuple[Floats, Floats]:
    """Give the likelihood's slope and (positive) curvature in each area's log risk."""
    mean = data.expected * np.exp(np.clip(at, -50, 50))
    slope = (data.count - mean) * shape / (shape + mean)
    curve = shape * mean * (shape + data.count) / (shape + mean) ** 2
    return slope, curve


def _factor(matrix: sparse.csc_array) -> Any:
    """Factor a symmetric positive matrix; the order keeps the fill small."""
    return splu(
        sparse.csc_matrix(matrix), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )  # fmt: skip
