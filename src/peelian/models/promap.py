"""Prospective hotspot (ProMap): each past event lends risk that falls with distance and with time."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from peelian.domain.contracts import Fitted, ModelSpec
from peelian.domain.grid import Floats
from peelian.domain.panel import Panel
from peelian.domain.time import Every
from peelian.models.mask_image import MaskImage
from peelian.models.past import Flags, seen_periods
from peelian.models.plain import Maps, MapsAt, Setting, fit_plain
from peelian.models.surroundings import shares_of

SPEC: Final = ModelSpec(
    "promap", "Prospective hotspot (ProMap)", "plain", "1", "Bowers, Johnson and Pease 2004",
    needs_years=1.0,
)  # fmt: skip
_REACH_M: Final = 400.0
"""How far an event lends risk: 400 m and two months (8 weeks) are the usual values."""
_TIMES: Final = (0.5, 1.0, 2.0, 4.0)
"""Reaches tried: the paper's times these, at least one step of the mask."""
_WEEKS: Final = (9, 26, 52)
"""Memories tried: two months, and half a year and a year for sparse data."""
_PERIOD_WEEKS: Final[dict[Every, float]] = {"month": 365.25 / 84, "week": 1.0, "day": 1 / 7}


def stamp_of(reach: float) -> Floats:
    """Give the weights 1 / (1 + d) of the places within `reach` cells; d is in whole half-cells.

    >>> stamp_of(1.0).round(2).tolist()
    [[0.0, 0.33, 0.0], [0.33, 1.0, 0.33], [0.0, 0.33, 0.0]]
    """
    far = int(reach)
    across, up = np.meshgrid(np.arange(-far, far + 1), np.arange(-far, far + 1))
    distance = np.hypot(across, up)
    out: Floats = np.where(distance <= reach, 1.0 / (1.0 + np.floor(2 * distance)), 0.0)
    return out


def fading(ago: Floats, weeks: float) -> Floats:
    """Give the weights 1 / (1 + t) of events `ago` weeks old, in whole weeks; 0 from `weeks` on.

    >>> fading(np.array([0.5, 1.5, 8.5]), 8).tolist()
    [1.0, 0.5, 0.0]
    """
    out: Floats = np.where(ago < weeks, 1.0 / (1.0 + np.floor(ago)), 0.0)
    return out


def reaches(panel: Panel, image: MaskImage) -> tuple[float, ...]:
    """List the reaches tried, in cells: multiples of 400 m, never less than one step of the mask."""
    paper = _REACH_M / (panel.grid.size * panel.grid.unit_m)
    return tuple(sorted({round(max(paper * times, times * image.spacing, 1.0), 4) for times in _TIMES}))


def reader(panel: Panel) -> MapsAt:
    """Prepare a panel: risk lent by the events of the last weeks, at each reach and memory."""
    counts, seen = panel.target_counts, seen_periods(panel)
    image = MaskImage.of(panel.grid, panel.cells)
    length = _PERIOD_WEEKS[panel.every]

    @lru_cache(maxsize=64)
    def recent(cut: int, weeks: float) -> Floats:
        return _weighed(counts, seen, cut, length, weeks)

    def maps_at(cut: int, setting: Setting) -> Maps:
        events = recent(cut, setting["weeks"])
        return Maps({"recent events": shares_of(image.spread(events, stamp_of(setting["reach"])))}, events)

    return maps_at


def _weighed(
    counts: npt.NDArray[np.float32],
    seen: Flags,
    cut: int,
    length: float,
    weeks: float,
) -> Floats:
    """Sum the counts before a cut, each period weighed by its age; its events lie at its middle.

    When all of the memory is missing, the last seen period stands in.
    """
    used = np.flatnonzero(seen[:cut])
    weight = fading(np.asarray((cut - used - 0.5) * length, np.float64), weeks)
    if not weight.any():
        used, weight = used[-1:], np.ones(min(len(used), 1))
    some = weight > 0
    out: Floats = weight[some] @ counts[used[some]].astype(np.float64)
    return out


def fit(panel: Panel, *, horizon: int, window: int, seed: int) -> Fitted:
    """Choose reach and memory on the panel's own past.

    Raises:
        Refused: when the panel holds less than a year of history.
    """
    image = MaskImage.of(panel.grid, panel.cells)
    settings = [{"reach": reach, "weeks": weeks} for reach in reaches(panel, image) for weeks in _WEEKS]
    return fit_plain(SPEC, panel, reader, settings, horizon=horizon, window=window, seed=seed)
