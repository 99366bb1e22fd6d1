"""The ratio: how much likelier the last periods are with a burst of any size, length and strength."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.time import Every
from peelian.warn.mixture.circles import Circles
from peelian.warn.mixture.usual import WINDOWS, Usual

Floats = npt.NDArray[np.float64]
FACTORS: Final = (2.0, 3.0, 4.5)
"""Strengths that are tried, alike beforehand."""
_HIGHEST: Final = 500.0
_TELLS: Final = 3.0
"""Expected log ratio at which a form has half its weight."""
_UNKNOWN: Final = 0.5
"""Reports added to a circle's history: the doubt left about a rate that rests on few."""


@dataclass(frozen=True, eq=False)
class Form:
    """One kind of burst: circles of a radius, the last `wide` periods, and what is usual there (A,).

    The log ratio of a count is `slope` x count - `fixed`, a row for each factor (F, A): negative binomial
    with the circle's own dispersion, which holds scatter, drift and the doubt about its rate. `weight` (F, A)
    is what the form counts for beforehand; over all forms of a place the weights add up to 1.
    """

    circles: Circles
    wide: int
    mean: Floats
    slope: Floats
    fixed: Floats
    weight: Floats

    def log_ratios(self, found: Floats) -> Floats:
        """Give the log ratio of counts (..., A) by factor: (F, ..., A)."""
        out: Floats = found * self.slope.reshape(_beside(found))
        out -= self.fixed.reshape(_beside(found))
        return np.minimum(out, _HIGHEST, out=out)


def _beside(found: Floats) -> tuple[int, ...]:
    """Give the shape in which a row for each factor lies beside counts (..., A)."""
    return (len(FACTORS),) + (1,) * (found.ndim - 1) + (found.shape[-1],)


def forms(usual: Usual, sizes: Sequence[Circles], every: Every) -> tuple[Form, ...]:
    """Give every kind of burst that is tried, weighed by how well it could be told where it lies."""
    held = [one.sums(usual.held) for one in sizes]
    raw: list[Form] = []
    for wide in WINDOWS[every]:
        if wide < len(usual.total):
            window = usual.window(wide)
            raw += [_form(usual, one, wide, rests, window) for one, rests in zip(sizes, held, strict=True)]
    total = np.sum([form.weight.sum(axis=0) for form in raw], axis=0)
    return tuple(replace(form, weight=form.weight / total) for form in raw)


def _form(usual: Usual, one: Circles, wide: int, held: Floats, window: tuple[Floats, Floats]) -> Form:
    mean, squares = window
    told = np.maximum(one.sums(mean), 1e-9)
    doubt = usual.common + 1.0 / (held + _UNKNOWN)
    a = np.maximum(usual.own * one.sums(squares) / told**2 + doubt, 1e-6)
    factor = np.array(FACTORS)[:, None]
    low, high = 1 + a * told, 1 + a * factor * told
    slope, fixed = np.log(factor * low / high), np.log(high / low) / a
    # What a burst of this form would add to the ratio on average. Weight on forms that could not be told
    # from chance (a doubling where two are usual) would only be taken from those that could.
    evidence = np.maximum(factor * told * slope - fixed, 0.0)
    return Form(one, wide, told, slope, fixed, evidence / (evidence + _TELLS) + 1e-6)


def windows(counts: Floats, forms: Sequence[Form]) -> Iterator[tuple[Form, Floats]]:
    """Give each form with the counts of its circles; `counts` (..., P, A) ends with the last period."""
    sums: dict[int, Floats] = {}
    for form in forms:
        if form.wide not in sums:
            sums[form.wide] = counts[..., -form.wide :, :].sum(axis=-2)
        yield form, form.circles.sums(sums[form.wide])


def mixture(counts: Floats, forms: Sequence[Form], near: Circles) -> Floats:
    """Give the log of the weighed mean ratio over all forms, factors and the places of `near`: (..., A).

    Neill, Moore and Cooper (2006), A Bayesian spatial scan statistic: the evidence of every kind of burst is
    added up in place of taking the best, so looking at many kinds costs little.
    """
    total: Floats | None = None
    for form, found in windows(counts, forms):
        ratios = form.log_ratios(found)
        np.exp(ratios, out=ratios)  # in place: these arrays are what the null's time goes to
        ratios *= form.weight.reshape(_beside(found))
        part = ratios.sum(axis=0)
        total = part if total is None else total + part
    assert total is not None
    return np.asarray(np.log(near.sums(total) / near.sums(np.ones(total.shape[-1]))), np.float64)
