"""Figures of the whole hit-rate curve, doubt by level, and the number expected at each date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from peelian.evaluate.doubt import RIGHT
from peelian.evaluate.plots import GREY, INK, PALETTE
from peelian.evaluate.report_sections import level_name
from peelian.evaluate.result import BacktestResult, ModelScore

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DASHES = ("-", "--", ":")


def curve(axes: Axes, result: BacktestResult, model: ModelScore) -> None:
    """Draw events caught at every share, of the area and of what else is known, beside the rival."""
    both = [model] if model.id == result.rival else [model, result.model(result.rival)]
    for k, one in enumerate(both):
        for c, dash in zip(one.curves, _DASHES, strict=False):
            by = "" if len(one.curves) == 1 else f", by {c.by}"
            axes.plot(
                100 * np.array(c.shares), 100 * np.array(c.caught), color=PALETTE[k], linestyle=dash,
                linewidth=2.0, label=one.title + by,
            )  # fmt: skip
    axes.plot([0, 100], [0, 100], color=GREY, linestyle=":", linewidth=1.4, label="any order")
    known = ", ".join(c.by for c in model.curves)
    axes.set(xlabel=f"share of {known}, %", ylabel="share of events caught, %", xlim=(0, 100), ylim=(0, 101))
    axes.legend(fontsize=9, loc="lower right")


def doubt(axes: Axes, model: ModelScore) -> None:
    """Draw, by level and third, the share of counts that fell between 5 and 95 % of their forecast."""
    rows = [
        (level_name(one) if g is one.every else g.name, g.pit, g is one.every)
        for one in model.doubt
        for g in (one.every, *(one.thirds if one.level != "area" else ()))
    ][::-1]
    axes.axvspan(100 * RIGHT[0], 100 * RIGHT[1], color="#d9e8f2", zorder=0)
    axes.axvline(90, color=INK, linestyle="--", linewidth=1.0)
    for k, (_, share, whole) in enumerate(rows):
        axes.plot(100 * share, k, "o" if whole else "s", color=PALETTE[0], markersize=8 if whole else 5)
    axes.set_yticks(range(len(rows)), [name for name, _, _ in rows])
    axes.set_ylim(-0.7, max(len(rows) - 0.3, 0.7))
    low = min([70.0, *(100 * share - 3 for _, share, _ in rows)])
    axes.set(xlim=(low, 101), xlabel="share of the PIT between 5 and 95 %, in per cent")


def number(axes: Axes, model: ModelScore) -> None:
    """Draw the number expected and observed at each date; crosses where the number was rejected."""
    tests = model.consistency.by_origin
    where = np.arange(len(tests))
    axes.plot(where, [t.expected for t in tests], color=GREY, linewidth=1.6, label="expected")
    for kept, mark, words in ((True, "o", "observed"), (False, "X", "observed, number rejected")):
        at = [k for k, t in enumerate(tests) if t.outcome.number_kept is kept]
        if at:
            axes.plot(
                at, [tests[k].observed for k in at], mark, color=PALETTE[0 if kept else 1], markersize=6,
                label=words,
            )  # fmt: skip
    every = -(-max(len(tests), 1) // 8)
    axes.set_xticks(where[::every], [f"{t.origin:%d %b %y}" for t in tests[::every]], fontsize=9)
    top = max([1.0, *(max(t.expected, t.observed) for t in tests)])
    axes.set(ylabel="events", xlabel="origin of the forecast", ylim=(0, 1.08 * top))
    axes.legend(fontsize=9, loc="lower right")
