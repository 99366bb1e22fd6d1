"""Lists of places: ordered, cut to a box, counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from peelian.api import quantise
from peelian.api.places import PlaceRow, check_step, place_row
from peelian.api.run_folder import Run
from peelian.domain.errors import Misuse
from peelian.domain.grid import Cells

Sort = Literal["mean", "p_any", "last_year", "certainty", "change", "harm"]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Listing:
    """The first rows of a step, and how many places there are in all."""

    rows: list[PlaceRow]
    total: int


def list_places(
    run: Run, step: int, *, limit: int = 50, bbox: Box | None = None, sort: Sort = "mean"
) -> Listing:
    """Give the places of a step, the highest first; ranks count in the order asked for, over the whole area.

    Raises:
        Misuse: the run has no such step.
    """
    order = _order(run, check_step(run, step), sort)
    ranks = np.arange(1, len(order) + 1)
    if bbox is not None:
        lon, lat = (part[order] for part in run.lonlat)
        inside = (lon >= bbox[0]) & (lat >= bbox[1]) & (lon <= bbox[2]) & (lat <= bbox[3])
        order, ranks = order[inside], ranks[inside]
    pairs = zip(order[:limit], ranks[:limit], strict=True)
    return Listing([place_row(run, int(at), step, int(rank)) for at, rank in pairs], len(order))


def parse_bbox(text: str | None) -> Box | None:
    """Read west,south,east,north in degrees.

    Raises:
        Misuse: when it is no such box.
    """
    if text is None:
        return None
    try:
        parts = [float(part) for part in text.split(",")]
    except ValueError:
        parts = []
    if len(parts) != 4 or not np.isfinite(parts).all() or parts[0] > parts[2] or parts[1] > parts[3]:
        raise Misuse("bbox is not a box", expected="west,south,east,north in degrees, west before east")
    return parts[0], parts[1], parts[2], parts[3]


def _order(run: Run, step: int, sort: Sort) -> Cells:
    if sort == "mean":
        by_mean: Cells = run.order[step]
        return by_mean
    values = {
        "p_any": run.p_any[step],
        "last_year": run.last_year,
        "change": run.mean[step] - run.year_before[step],
        "harm": np.full(len(run.cells), np.nan) if run.harm is None else run.harm[step],
        "certainty": np.where(np.isfinite(run.mean[step]), quantise.certainty(run.dispersion[step]), np.nan),
    }[sort]
    order: Cells = np.argsort(-np.nan_to_num(values, nan=-np.inf), kind="stable").astype(np.int64)
    return order
