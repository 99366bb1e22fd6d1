"""The week of a place, by its kind: what the run's rhythm files say, where the hours of events are known."""

from __future__ import annotations

from typing import Any

import polars as pl

from peelian.api.run_folder import Run

THE_AREA = -1
"""The kind of a place whose own history does not tell its hours: the whole area's week stands for it."""


def rhythm(run: Run, cell: int) -> dict[str, Any]:
    """Give the place's kind by its hours: name, share of the week's events by hour, and what it rests on.

    `hours` has 168 shares adding up to 1, from Monday 00:00 on the clock of `zone`. Where events have no time
    of day there are none, and `off` says why. A name says when a kind of place is busiest, not who is there.
    """
    said: dict[str, Any] = run.card.get("rhythm") or {"off": "this run kept no rhythm"}
    if run.level != "cell":
        return {"off": "hours are told by square: choose squares to see them"}
    files = (run.folder / "rhythm.parquet", run.folder / "rhythm_cells.parquet")
    if "off" in said or not all(path.is_file() for path in files):
        return {"off": str(said.get("off") or "this run kept no rhythm")}
    of = pl.scan_parquet(files[1]).filter(pl.col("cell") == cell).collect()
    kind = int(of["kind"][0]) if len(of) else THE_AREA
    rows = pl.read_parquet(files[0]).filter(pl.col("kind") == kind).sort("hour")
    return {
        "kind": None if kind == THE_AREA else kind, "name": str(rows["name"][0]), "zone": said["zone"],
        "hours": [round(float(share), 6) for share in rows["share"]], "events": said["informed"],
    }  # fmt: skip
