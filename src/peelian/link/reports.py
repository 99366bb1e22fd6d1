"""What linking reads of a report: feed, place, time and kind. There is no column for a person."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

Role = Literal["police", "ambulance", "hospital"]
ROLES: Final[tuple[Role, ...]] = ("police", "ambulance", "hospital")
ROLE_OF: Final[dict[str, Role]] = {
    "violence": "police", "robbery": "police", "ambulance-assault": "ambulance", "ed-assault": "hospital",
}  # fmt: skip
"""Which groups are linked, and whose report each is."""

COLUMNS: Final = (
    "report", "feed", "start", "end", "easting", "northing", "precision_m", "group", "knife",
)  # fmt: skip
PRECISION_UNKNOWN_M: Final = 250.0
PRECISION_FLOOR_M: Final = 250.0
"""A feed's stated precision is of its coordinates. Where two agencies put one event differs by more: below
this, linking allows for what callers and patients say of the place (assumed, as the simulator does)."""
PRECISION_CEILING_M: Final = 1000.0
LONGEST_HOURS: Final = 6.0
"""A report whose time is wider than this, or whose place is coarser, is never linked: it says too little."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def linkable(reports: pl.DataFrame) -> pl.DataFrame:
    """Give the reports that say enough to be linked, in order of `report`, with what is compared.

    `reports` has `COLUMNS` (`report` unique text; start and end UTC; metres). Added: `hour` (middle of the
    interval, hours since 1970), `half` (half its width, hours), `precision` (metres, between floor and
    ceiling), `role` (0 police, 1 ambulance, 2 hospital), `armed` (1 knife medium or high, 0 none, null not
    said). Left out: other groups, no place, too coarse a place or time.
    """
    group = pl.col("group").cast(pl.String)
    start = pl.col("start").dt.timestamp("us") / 3.6e9
    end = pl.col("end").dt.timestamp("us") / 3.6e9
    knife = pl.col("knife").cast(pl.String)
    role = {name: ROLES.index(role) for name, role in ROLE_OF.items()}
    precision = pl.col("precision_m").cast(pl.Float64).fill_null(PRECISION_UNKNOWN_M)
    return (
        reports.select(COLUMNS)
        .filter(
            group.is_in(list(ROLE_OF)) & pl.col("easting").is_not_null() & pl.col("northing").is_not_null()
            & (end - start <= LONGEST_HOURS) & (precision <= PRECISION_CEILING_M)
        )
        .with_columns(
            feed=pl.col("feed").cast(pl.String), group=group,
            hour=(start + end) / 2, half=(end - start) / 2,
            precision=precision.clip(PRECISION_FLOOR_M, PRECISION_CEILING_M),
            role=group.replace_strict(role, return_dtype=pl.Int64),
            armed=pl.when(knife.is_in(["medium", "high"])).then(1).when(knife == "none").then(0),
        )
        .sort("report")
    )  # fmt: skip
