"""Places of a run whose being flagged hangs on how much each kind of area reports: kept beside the run."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from peelian.pipeline.context import Context
from peelian.store.audit_attributes import attributes
from peelian.store.runs import RunRow, get_run

FILE: Final = "fragile.parquet"
SEED: Final = 2102


def mark_fragile(ctx: Context, run: RunRow | str) -> dict[str, Any]:
    """Work out and keep the run's fragile places (period_start, cell, flagged, changes, fragile).

    Reporting is drawn by income decile where that lookup knows the run's neighbourhoods, else by
    neighbourhood, else by square kilometre. Only the finished run is read, so nothing of it reaches a model.
    """
    from peelian.evaluate.fairness_reporting import reporting  # late: a run is listed without it

    row = get_run(ctx.ws, run) if isinstance(run, str) else run
    made = pl.read_parquet(row.folder / "forecast.parquet")
    if "support" in made.columns:
        made = made.filter(pl.col("support") == "cell")
    wide = made.pivot("period_start", index="cell", values="mean", sort_columns=True).sort("cell")
    cells, starts = wide["cell"], made["period_start"].unique().sort()  # days, or instants where by shift
    mean = wide.drop("cell").cast(pl.Float64).fill_null(float("nan")).to_numpy().T
    classes, by = _classes(ctx, row, cells)
    found = reporting(mean, classes, np.random.default_rng(SEED))
    h, c = mean.shape
    frame = pl.DataFrame({
        "period_start": starts.gather(np.repeat(np.arange(h), c)), "cell": np.tile(cells.to_numpy(), h),
        "flagged": found.flagged.ravel(), "changes": found.changes.ravel().astype(np.float32),
        "fragile": found.fragile.ravel(),
    })  # fmt: skip
    temporary = row.folder / f"{FILE}.tmp"
    frame.filter(pl.col("flagged") | (pl.col("changes") > 0)).write_parquet(temporary)
    temporary.rename(row.folder / FILE)
    return found.to_json() | {"by": by}


def _classes(ctx: Context, run: RunRow, cells: pl.Series) -> tuple[Any, str]:
    path = run.folder / "level_cells.parquet"
    parents = pl.read_parquet(path) if path.is_file() else pl.DataFrame(schema={"level": pl.String})
    deciles = attributes(ctx.ws).get("deprivation")
    for level, words in (("lsoa", "neighbourhood"), ("block", "square kilometre")):
        rows = parents.filter(pl.col("level") == level)
        if rows.is_empty():
            continue
        owner = rows.sort("share", descending=True).unique("cell", keep="first").select("cell", "place")
        of = cells.to_frame().join(owner, on="cell", how="left", maintain_order="left")
        if level == "lsoa" and deciles is not None:
            told = of.join(deciles, left_on="place", right_on="code", how="left", maintain_order="left")
            if told["value"].null_count() <= told.height / 2:
                return (told["value"].fill_null(0.0).cast(pl.Int64) - 1).to_numpy(), "income decile"
        codes = of["place"].drop_nulls().unique().sort().to_list()
        if codes:
            at = of["place"].replace_strict(codes, list(range(len(codes))), default=-1, return_dtype=pl.Int64)
            return at.fill_null(-1).to_numpy(), words
    return np.arange(len(cells)), "square"
