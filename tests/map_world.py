"""A small workspace with all that a map may show: a run, a warning, interventions, plans, place names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.intervention import Entry
from peelian.gazetteer.entries import ENTRIES, write_entries
from peelian.store.catalogue import transaction
from peelian.store.interventions import add_entry
from peelian.store.plans import HeldPlan, keep_plan
from peelian.store.runs import add_run
from peelian.store.warnings import Watched, keep_warnings
from peelian.store.workspace import Workspace, open_workspace
from tests.api.run_folder import ORIGIN, mask, write_run
from tests.warnings_made import made, repeats

RUN = "sim1-violence-20261102"
PLAN = "plan-map-1"
LAMP, WARD, POWER = "Lamps mended", "Ward walk", "Stop and search operation"


def build(home: Path) -> Workspace:
    """Make it."""
    ws = open_workspace(home)
    add_run(ws, RUN, write_run(ws.runs / RUN) | {"run_id": RUN})
    _harm(ws.runs / RUN)
    _street_points(ws.runs / RUN)
    cells = mask()
    _interventions(ws, cells)
    _plan(ws, cells)
    watched = [Watched("SIM1", "asb", made().as_of, 214)]
    x, y = GRID.centre(cells[150:151])
    near = made(easting=float(x[0]), northing=float(y[0]))
    keep_warnings(ws, LOCAL_ANALYST, "prevention", [near, repeats()], watched=watched)
    _names(ws, cells)
    return ws


def _harm(folder: Path) -> None:
    """Harm as the pipeline writes it: here three times the expected number."""
    rows = pl.read_parquet(folder / "forecast.parquet").select(
        "period_start", "cell", harm=pl.col("mean") * 3.0
    )
    rows.write_parquet(folder / "harm.parquet")


def _street_points(folder: Path) -> None:
    """Counts on or near streets as the pipeline writes them: each square's, at the middle of one quarter."""
    rows = pl.read_parquet(folder / "history.parquet").filter(
        pl.col("period_start") >= ORIGIN - timedelta(weeks=52)
    )
    x, y = GRID.corner(rows["cell"].to_numpy())
    rows.select(
        "cell", pl.Series("easting", x + 62.5), pl.Series("northing", y + 62.5), "period_start",
        pl.col("count").cast(pl.Float64), pl.lit(None, pl.String).alias("street"),
        pl.lit(False).alias("published"),
    ).write_parquet(folder / "street_points.parquet")  # fmt: skip


def entry(title: str, places: tuple[str, ...], kind: str = "lighting", area_kind: str = "cell") -> Entry:
    return Entry(
        id="", kind=kind, title=title, area="SIM1", area_kind=area_kind, places=places,
        start=date(2026, 10, 1), end=date(2026, 10, 15), agency="council", dose=6, dose_unit="lamps",
        cost=None, reason="dark corner", decision_maker="partnership chair",
    )  # fmt: skip


def _interventions(ws: Workspace, cells: np.ndarray) -> None:
    lamp = tuple(str(cell) for cell in cells[100:102])
    with transaction(ws) as conn:
        for one in (
            entry(LAMP, lamp), entry(WARD, ("E05000001",), "youth work", "ward"),
            entry(POWER, (str(cells[110]),), "stop and search"),
        ):  # fmt: skip
            add_entry(conn, LOCAL_ANALYST, "prevention", one)


def _plan(ws: Workspace, cells: np.ndarray) -> None:
    run = pl.read_parquet(ws.runs / RUN / "forecast.parquet")
    first = run.filter(pl.col("period_start") == run["period_start"].min())
    top = first.filter(pl.col("mean").is_not_null()).sort("mean", descending=True).head(3)
    x, y = GRID.centre(top["cell"].to_numpy())
    rows = pl.DataFrame({
        "place": [str(cell) for cell in top["cell"]], "name": ["First", "Second", "Third"],
        "easting": x, "northing": y, "area": ["", "", ""], "slot": ["1"] * 3, "expected": top["mean"],
        "low": [0.0] * 3, "high": [9.0] * 3, "last_year": [1.0] * 3, "pattern": ["stable"] * 3,
        "minutes": [15] * 3,
    })  # fmt: skip
    visits = pl.concat([rows, rows.head(1)])
    held = HeldPlan(
        PLAN, "SIM1", "violence", RUN, ORIGIN, ORIGIN + timedelta(weeks=4),
        {"visits": 4, "places": 3, "covered": 1.0, "all_harm": 2.0, "gap": 0.0, "rivals": {}},
        datetime(2026, 11, 2, tzinfo=UTC),
    )  # fmt: skip
    keep_plan(ws, LOCAL_ANALYST, "prevention", held, visits)
    keep_plan(ws, LOCAL_ANALYST, "prevention", replace(held, id="plan-elsewhere", area="SIM2"), visits)


def _names(ws: Workspace, cells: np.ndarray) -> None:
    x, y = GRID.centre(cells[200:202])
    rows = [
        {"source": "open-names", "kind": "street", "name": "Zebra Street", "town": "Easthaven",
         "easting": x[0], "northing": y[0]},
        {"source": "postcodes", "kind": "postcode", "code": "EH991ZZ", "easting": x[1], "northing": y[1]},
    ]  # fmt: skip
    write_entries(ws.gazetteer, pl.DataFrame(rows, schema=ENTRIES))
