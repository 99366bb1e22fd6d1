"""An area someone drew or picked: counts, forecast, trend and share, added up from the run's own files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from peelian.api.languages import plain
from peelian.api.places import check_step, place_row
from peelian.api.run_folder import Run
from peelian.api.usual import overdispersion, usual_words
from peelian.api.wording import number, percent
from peelian.domain import negative_binomial as nb
from peelian.domain.errors import Misuse, Refused
from peelian.domain.grid import Floats

Whole = npt.NDArray[np.int64]
MOST_CORNERS: Final = 400
MOST_PLACES: Final = 400
_EXPECTED: Final = (
    "p and corners as column.row, such as p2645.1703,2650.1703,2650.1709; or c and places: c12,13"
)
_CORNER: Final = re.compile(r"(-?\d{1,6})\.(-?\d{1,6})")
_TOP: Final = 10


@dataclass(frozen=True, eq=False)
class Drawn:
    """An area of a run: `at` the positions of its places in `run.cells`; `run` as the shape asks for it."""

    run: Run
    at: Whole
    shape: str


def read_shape(run: Run, text: str) -> Drawn:
    """Read an area: `p` and the corners of a polygon on the lattice, or `c` and the places picked.

    A polygon takes the squares whose middles lie in it, whatever the view; places are the view's own numbers.

    Raises:
        Misuse: it is neither.
        Refused: it holds no place of the run.
    """
    kind, body = text[:1], text[1:]
    if kind == "p":
        run, at = run.base, _in_polygon(run.base, _corners(body))
    elif kind == "c":
        at = _picked(run, body)
    else:
        raise Misuse("this is no area", expected=_EXPECTED)
    if len(at) == 0:
        raise Refused("no place of this forecast lies in that area", do="draw it over the coloured squares")
    return Drawn(run, at, text)


def squares(run: Run, at: Whole, text: str) -> Drawn:
    """Give an area by the positions of its squares in the run's own; `text` is how it is written."""
    return Drawn(run.base, at, text)


def _corners(body: str) -> list[tuple[int, int]]:
    parts = body.split(",")
    found = [_CORNER.fullmatch(part) for part in parts]
    if not 3 <= len(parts) <= MOST_CORNERS or not all(found):
        raise Misuse("this is no area", expected=f"{_EXPECTED}; 3 to {MOST_CORNERS} corners")
    return [(int(one[1]), int(one[2])) for one in found if one]


def _in_polygon(run: Run, corners: list[tuple[int, int]]) -> Whole:
    shape = shapely.Polygon(corners)
    if not shape.is_valid:
        raise Misuse("the sides of this area cross one another", expected="a line that does not cross itself")
    column, row = run.grid.column_row(run.cells)
    shapely.prepare(shape)
    inside = shapely.contains_xy(shape, column + 0.5, row + 0.5)
    return np.flatnonzero(inside).astype(np.int64)


def _picked(run: Run, body: str) -> Whole:
    parts = body.split(",")
    if len(parts) > MOST_PLACES or not all(part.isdecimal() and len(part) <= 12 for part in parts):
        raise Misuse("this is no area", expected=f"{_EXPECTED}; at most {MOST_PLACES} places")
    wanted = np.unique(np.array([int(part) for part in parts], np.int64))
    return np.flatnonzero(np.isin(run.cells, wanted)).astype(np.int64)


def summed(drawn: Drawn, step: int) -> dict[str, Any]:
    """Add an area up at a step: forecast with a cautious range, counts, share of the whole, history, trend.

    Means, counts and harm are plain sums of the forecast file's. The range takes all places to err together
    (coefficients of variation added, not their squares), so it is wide rather than narrow.
    """
    run, at = drawn.run, drawn.at
    mean = run.mean[check_step(run, step), at]
    known = np.isfinite(mean)
    total = _sum(mean)
    dispersion = _together(mean, run.dispersion[step, at])
    all_of = _sum(run.mean[step])
    low, high = (None if total is None else int(nb.quantile(q, np.array(total), np.array(dispersion)))
                 for q in (0.05, 0.95))  # fmt: skip
    order = at[np.argsort(-np.nan_to_num(mean, nan=-1.0), kind="stable")][:_TOP]
    ranks = {int(one): k + 1 for k, one in enumerate(run.order[step])}
    found: dict[str, Any] = {
        "shape": drawn.shape, "level": run.level, "step": step, "label": run.label(step),
        "places": len(at), "unheld": int((~known).sum()), "cells": run.cells[at].tolist(),
        "km2": _km2(run, at), "place_words": run.place_words, "mean": total, "low": low, "high": high,
        "last_year": _sum(run.last_year[at]), "year_before": _sum(run.year_before[step, at]),
        "harm": None if run.harm is None else _sum(run.harm[step, at]),
        "share": total / all_of if total is not None and all_of else None,
        "share_of_places": len(at) / len(run.cells),
        "by_step": [_sum(row) for row in run.mean[:, at]],
        "rows": [place_row(run, int(one), step, ranks[int(one)]).as_dict() for one in order],
    }  # fmt: skip
    past = history(run, at)
    return found | {
        "history": past, "history_every": run.history_every, "trend": trend(past, run.window),
        "sentence": _sentence(run, found),
    }  # fmt: skip


def _sum(values: Floats) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.sum()) if len(known) else None


def _together(mean: Floats, dispersion: Floats) -> float:
    """Give the dispersion of a sum whose parts err together: sqrt(a) of the sum is the mean-weighted sqrt(a).

    >>> round(_together(np.array([1.0, 3.0]), np.array([0.04, 0.36])), 4)
    0.25
    """
    known = np.isfinite(mean) & np.isfinite(dispersion)
    weight = float(mean[known].sum())
    if weight <= 0:
        return 0.0
    return (float((mean[known] * np.sqrt(dispersion[known])).sum()) / weight) ** 2


def _km2(run: Run, at: Whole) -> float:
    if run.level == "cell":
        squares = float(len(at))
    else:
        squares = float(sum(run.parts(int(one))[1].sum() for one in run.cells[at]))
    return round(squares * (run.base.grid.size * run.base.grid.unit_m / 1000) ** 2, 2)


def history(run: Run, at: Whole) -> list[dict[str, Any]]:
    """Give the recorded counts of an area by period, oldest first; None where not published."""
    path = run.folder / "history.parquet"
    if not path.is_file():
        return []
    parts = [run.parts(int(one)) for one in run.cells[at]]
    cells = np.concatenate([np.asarray(mine, np.int64) for mine, _ in parts])
    shares = pl.DataFrame({"cell": cells, "part": np.concatenate([share for _, share in parts])})
    shares = shares.group_by("cell").agg(pl.col("part").sum())
    mine = pl.scan_parquet(path).join(shares.lazy(), on="cell")
    sums = mine.group_by("period_start").agg((pl.col("count").cast(pl.Float64) * pl.col("part")).sum())
    held = dict(sums.collect().iter_rows())
    cover = pl.read_parquet(run.folder / "coverage.parquet").sort("period_start")
    return [
        {"start": start.isoformat(), "count": round(float(held.get(start) or 0.0), 3) if observed else None}
        for start, observed in zip(cover["period_start"].to_list(), cover["observed"].to_list(), strict=True)
    ]


def trend(past: list[dict[str, Any]], window: int) -> dict[str, Any] | None:
    """Give the newest window's count beside the window before and the one a year before, said in words."""
    counts = [one["count"] for one in past]
    if len(counts) < 2 * window:
        return None
    now, before = _window(counts, len(counts), window), _window(counts, len(counts) - window, window)
    newest = date.fromisoformat(past[-1]["start"])
    ages = [(newest - date.fromisoformat(one["start"])).days for one in past]
    year = next((k for k, age in enumerate(ages) if abs(age - 364) <= 2), None)
    ago = None if year is None else _window(counts, year + 1, window)
    told = [np.nan if n is None else n for n in counts[:-window]]  # what is asked about says nothing of usual
    spread = overdispersion(np.array(told, np.float64), window)
    return {
        "now": now, "before": before, "year_before": ago, "periods": window,
        "words_before": plain(usual_words(now, before, spread)),
        "words_year": plain(usual_words(now, ago, spread)),
    }  # fmt: skip


def _window(counts: list[float | None], end: int, window: int) -> float | None:
    part = counts[max(0, end - window) : end]
    if len(part) < window or any(one is None for one in part):
        return None
    return round(sum(one for one in part if one is not None), 3)


def _sentence(run: Run, found: dict[str, Any]) -> str:
    if found["mean"] is None:
        return plain("No records are held for this area, so nothing is forecast in it.")
    many = f"{found['places']:,} {run.place_words}" if found["places"] != 1 else plain("1 place")
    said = {
        "places": many, "mean": number(found["mean"]), "when": found["label"], "low": found["low"],
        "high": found["high"],
    }  # fmt: skip
    if not found["share"]:
        return plain("{places}: {mean} expected ({when}), cautiously between {low} and {high}.", **said)
    return plain(
        "{places}: {mean} expected ({when}), cautiously between {low} and {high}, {share} of the whole "
        "area's.",
        share=percent(found["share"]), **said,
    )  # fmt: skip
