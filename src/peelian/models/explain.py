"""Why a place has its share: parts that add up, whatever slopes and trees did to the base."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from peelian.domain.grid import Floats
from peelian.models import trees
from peelian.models.lattice import Singles
from peelian.models.trees import Grown

PLACE = "long-run place"


def explain(
    table: Singles, weights: Floats, grown: Grown | None, kept: float, labels: Sequence[str]
) -> dict[str, Floats]:
    """Give the share of each place as parts (C,) by reason; the shares add up to one over the area.

    The base's parts are its weighted maps. Slopes and trees multiply the base; each reason's part of that
    factor is its part of the factor's logarithm times the logarithmic mean of before and after, so that the
    parts of the change add up to the change (the logarithmic mean Divisia rule). The base's own level, the
    constant, the scaling to one and the even spread are told as the long-run place.
    """
    cells = len(table)
    terms = table.astype(np.float64) * weights / cells
    names = [*labels, PLACE]
    parts = {name: np.zeros(cells) for name in dict.fromkeys(names)}
    for k, name in enumerate(names):
        parts[name] += terms[:, k]
    base = np.maximum(terms.sum(axis=1), 1e-9 / cells)
    share = base / base.sum()
    if grown is not None and kept > 0:
        logs = kept * _by_reason(table, weights, grown)
        raised = base * np.exp(logs.sum(axis=1))
        share = raised / raised.sum()
        mean = _logarithmic_mean(share, base)
        for k, name in enumerate(labels):
            parts[name] += mean * logs[:, k + 1]
    parts[PLACE] = share - np.sum([part for name, part in parts.items() if name != PLACE], axis=0)
    return parts


def _by_reason(table: Singles, weights: Floats, grown: Grown) -> Floats:
    """Give the log correction's parts; places with no history at all share one row."""
    lively = table[:, :-1].any(axis=1)
    chosen = np.flatnonzero(lively)
    quiet = np.flatnonzero(~lively)[:1]
    found = trees.reasons(grown, table[np.concatenate([chosen, quiet])], weights)
    out = np.empty((len(table), found.shape[1]))
    out[chosen] = found[: len(chosen)]
    if len(quiet):
        out[~lively] = found[-1]
    return out


def _logarithmic_mean(a: Floats, b: Floats) -> Floats:
    """Give (a - b) / log(a / b), and a where the two are alike."""
    log = np.log(a / b)
    close = np.abs(log) < 1e-6
    out: Floats = np.where(close, (a + b) / 2, (a - b) / np.where(close, 1.0, log))
    return out
