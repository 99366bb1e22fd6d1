"""How right a set of proposals is, and how well confidence says so."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from peelian.propose.proposal import CHECK, Proposal
from tests.propose.judge import Item, codes, judge

_BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0001)


@dataclass(frozen=True)
class Figures:
    """Shares from 0 to 1; `table` has low, high, count, mean confidence and share right of each bin."""

    files: int
    items: int
    files_right: float
    fields_right: float
    code_items: int
    codes_right: float
    proposed: int
    wrong: int
    wrong_low: float
    right_low: float
    ece: float
    table: list[tuple[float, float, int, float, float]]
    faults: list[Item]


def figures(pairs: list[tuple[Proposal, dict[str, Any]]]) -> Figures:
    """Judge every proposal; codes enter the calibration one by one, the fields as one a file."""
    judged = [judge(proposal, layout) for proposal, layout in pairs]
    items = [item for file in judged for item in file]
    coded = [i for p, lay in pairs if isinstance(lay["codes"], dict) for i in codes(p, lay)]
    proposed = [i for i in items if i.confidence is not None and i.what != "codes"]
    proposed += [i for i in coded if i.confidence is not None]
    wrong = [i for i in proposed if not i.right]
    right = [i for i in proposed if i.right]
    table = _calibration(proposed)
    return Figures(
        files=len(judged), items=len(items),
        files_right=float(np.mean([all(item.right for item in file) for file in judged])),
        fields_right=float(np.mean([item.right for item in items])),
        code_items=len(coded), codes_right=float(np.mean([i.right for i in coded])) if coded else 1.0,
        proposed=len(proposed), wrong=len(wrong),
        wrong_low=_share_low(wrong), right_low=_share_low(right),
        ece=sum(n * abs(said - hit) for _, _, n, said, hit in table) / len(proposed),
        table=table, faults=[i for i in items if not i.right],
    )  # fmt: skip


def _share_low(items: list[Item]) -> float:
    return sum((i.confidence or 0) < CHECK for i in items) / len(items) if items else 1.0


def _calibration(items: list[Item]) -> list[tuple[float, float, int, float, float]]:
    out = []
    for low, high in pairwise(_BINS):
        inside = [i for i in items if i.confidence is not None and low <= i.confidence < high]
        if inside:
            said = float(np.mean([i.confidence for i in inside if i.confidence is not None]))
            out.append((low, min(high, 1.0), len(inside), said, float(np.mean([i.right for i in inside]))))
    return out
