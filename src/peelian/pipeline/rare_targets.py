"""Rare targets: no forecast over windows in which next to nothing can happen, and none without labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from peelian.domain.errors import Refused
from peelian.domain.target import Target
from peelian.domain.time import Every

if TYPE_CHECKING:  # a check of a request loads no panels
    from peelian.pipeline.panels import Panels

DAYS: Final[dict[str, float]] = {"month": 30.4, "week": 7.0, "day": 1.0, "shift": 1.0}
ONLY_SCORED: Final = "made to be scored: in so short a window it ranks chance, so do not act on it"
WHY: Final = (
    "knife-enabled violence is rare, about 0.029 events a week in an LSOA of England and Wales and far fewer "
    "in a square of 250 m, so a window this short would rank chance"
)


def check_window(target: Target, every: Every, window: int, for_evaluation: bool = False) -> None:
    """Check that a rare target's window is long enough to mean something.

    Raises:
        Refused: it is shorter than the target allows, and was not asked for to be evaluated.
    """
    if for_evaluation or not is_short(target, every, window):
        return
    weeks = -(-target.least_days // 7)
    raise Refused(
        f"{target.name} is not forecast over {window} {every}{'' if window == 1 else 's'}: {WHY}",
        expected=f"windows of {weeks} to 13 weeks, or 1 to 3 months",
        do=f"use --every week --window 13 (or {weeks} or more)",
    )


def is_short(target: Target, every: Every, window: int) -> bool:
    """Tell whether a window is shorter than the target allows."""
    return window * DAYS[every] < target.least_days


def check_labels(panels: Panels) -> float:
    """Give the share of rows of the target's groups that say whether a knife was there (1 where none need).

    Raises:
        Refused: no row does: the label is missing everywhere, and a forecast of nothing would look like calm.
    """
    target = panels.target
    if not target.knife:
        return 1.0
    rows = panels.versions.filter(pl.col("group").cast(pl.String).is_in(list(target.groups)))
    known = rows["knife"].cast(pl.String).is_in(["none", "low", "medium", "high"])
    share = float(known.mean() or 0.0) if rows.height else 0.0  # type: ignore[arg-type]
    if share == 0.0:
        raise Refused(
            f"no record of {' or '.join(target.groups)} says whether a knife was there: unknown, not none",
            expected="a feed with a knife mark, a weapon code or a narrative (police_crime, for one)",
            do="ingest one, or choose another --target",
        )
    return share
