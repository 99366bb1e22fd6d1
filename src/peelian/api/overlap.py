"""Who saw what, as kept with the newest linking of each force: only counts that may be shown."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from peelian.store.coverage import coverage
from peelian.store.links import latest_link_runs
from peelian.store.workspace import Workspace

NOTE: Final = (
    "Reports are linked by place, time and kind, with no identifiers. Counts under 5 are withheld, with "
    "others where one could be subtracted. What nobody saw is not estimated here."
)
MOST: Final = 20
PATTERNS: Final = (
    "police only", "ambulance only", "hospital only", "police and ambulance", "police and hospital",
    "ambulance and hospital", "all three",
)  # fmt: skip


def overlaps_of(ws: Workspace, purpose: str) -> list[dict[str, Any]]:
    """Give, for each force linked, `force`, `created`, `area` and `lsoa` rows (the `MOST` most incidents).

    A force one of whose linked feeds may no longer be read for this purpose is left out.
    """
    held = coverage(ws, purpose=purpose)
    out = []
    for run in latest_link_runs(ws):
        feeds = set(held.filter(pl.col("force") == run.force)["source"])
        kept = run.card.get("overlap")
        if kept is None or not set(run.card["feeds"]) <= feeds:
            continue
        placed = [row for row in kept["lsoa"] if row["area"] != "not stated"]
        placed.sort(key=lambda row: (-_size(row["incidents"]), row["area"], row["published"]))
        out.append(
            {
                "force": run.force, "created": run.created.isoformat(), "area": kept["area"],
                "lsoa": placed[:MOST], "lsoas": len(placed),
            }
        )  # fmt: skip
    return out


def _size(shown: str) -> int:
    return int(shown.replace(",", "")) if shown[0].isdigit() else 0
