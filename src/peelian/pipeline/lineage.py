"""Lineage of a forecast, for the command line."""

from __future__ import annotations

from typing import Any

import polars as pl

from peelian.domain.errors import Misuse, NotFound
from peelian.pipeline.context import Context
from peelian.store.lineage import trace
from peelian.store.runs import get_run, latest_run


def lineage(ctx: Context, run_id: str, cell: int | None) -> dict[str, Any]:
    """Say what a run's cell rests on; without a cell, the one with the most expected.

    Raises:
        NotFound: no such run.
        Misuse: the run has no such cell.
    """
    run = latest_run(ctx.ws) if run_id == "latest" else get_run(ctx.ws, run_id)
    if run is None:
        raise NotFound("there is no run here yet", do="make one with: peelian forecast")
    ctx.consult("consultation", "lineage", area=run.area, window=run.run_id)
    made = pl.read_parquet(run.folder / "forecast.parquet", columns=["cell", "period_start", "mean"])
    first = made.filter(pl.col("period_start") == made["period_start"].min())
    if cell is None:
        cell = int(first.sort("mean", descending=True, nulls_last=True)["cell"][0])
    if cell not in first["cell"]:
        raise Misuse(f"the run has no cell {cell}", do="choose one from the forecast file's column `cell`")
    row = first.filter(pl.col("cell") == cell)
    places = pl.read_parquet(run.folder / "places.parquet").filter(pl.col("cell") == cell)
    out = trace(ctx.ws, run.card | {"run_id": run.run_id}, first["cell"].sort().to_numpy(), cell)
    return out | {"place": places["name"][0] if len(places) else None, "expected": row["mean"][0]}
