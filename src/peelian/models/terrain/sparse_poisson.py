"""Sparse Poisson regression of where events fall: a factor enters only when it beats its own noise."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import special

from peelian.domain.grid import Cells, Floats

_ROUNDS: Final = 50
_TOLERANCE: Final = 1e-8


def noise_bounds(values: Floats, left: Floats, blocks: Cells, tests: int, level: float = 0.05) -> Floats:
    """Give how large each factor's score may grow by chance, (F,): the penalty that keeps noise out.

    The score of a factor is the sum of value x (count - mean); `left` (C,) are the counts less what a first
    fit expects. The standard error is taken from sums over blocks of neighbouring places (`blocks` (C,)
    numbers them), so that lumpy and clustered counts do not pass for proof; the bound holds for `tests`
    factors together at `level`.
    """
    pieces = values * left[:, None]
    sums = np.stack([np.bincount(blocks, piece) for piece in pieces.T])
    used = max(int((np.bincount(blocks) > 0).sum()), 2)
    error = np.sqrt((sums**2).sum(axis=1) * used / (used - 1))
    # Student's t of the number of blocks: few blocks prove little.
    out: Floats = special.stdtrit(used - 1, 1 - level / (2 * max(tests, 1))) * error
    return out


def fit_sparse(values: Floats, count: Floats, penalty: Floats) -> Floats:
    """Give the coefficients (F,) that minimise minus the log likelihood of the counts + penalty x |b|.

    The share of a place is proportional to exp(values @ b): Poisson with its constant profiled out. Convex;
    solved by proximal Newton steps, the inner problem by coordinate descent (Tibshirani 1996 for the
    penalty).
    """
    b = np.zeros(values.shape[1])
    whole, reached = float(count.sum()), values.T @ count
    if whole <= 0 or not len(b):
        return b
    loss = _loss(values, reached, whole, penalty, b)
    for _ in range(_ROUNDS):
        share = special.softmax(values @ b)
        mean = values.T @ share
        slope = whole * mean - reached
        curve = whole * ((values.T * share) @ values - np.outer(mean, mean))
        curve[np.diag_indices_from(curve)] += 1e-9 * whole
        step = _inner(slope, curve, penalty, b) - b
        size, better = 1.0, loss
        for _half in range(30):
            better = _loss(values, reached, whole, penalty, b + size * step)
            if better <= loss:
                break
            size /= 2
        if better > loss or loss - better <= _TOLERANCE * max(abs(loss), 1.0):
            return b if better > loss else b + size * step
        b, loss = b + size * step, better
    return b


def _loss(values: Floats, reached: Floats, whole: float, penalty: Floats, b: Floats) -> float:
    return float(whole * special.logsumexp(values @ b) - reached @ b + penalty @ np.abs(b))


def _inner(slope: Floats, curve: Floats, penalty: Floats, at: Floats) -> Floats:
    """Minimise slope (b - at) + (b - at) curve (b - at) / 2 + penalty |b|, coordinate by coordinate."""
    b = at.copy()
    for _ in range(200):
        before = b.copy()
        for j in range(len(b)):
            pull = curve[j, j] * b[j] - (slope[j] + curve[j] @ (b - at))
            b[j] = np.sign(pull) * max(abs(pull) - penalty[j], 0.0) / curve[j, j]
        if np.abs(b - before).max() < 1e-9:
            break
    return b
