"""Lineage: from a forecast's cell back to feeds, files, rules, agreements and counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import polars as pl
from sqlalchemy import Connection, select

from peelian.domain.agreement import BUILT_IN, GATEWAYS
from peelian.domain.errors import Refused
from peelian.domain.grid import Cells, Grid
from peelian.domain.target import TARGETS
from peelian.domain.time import london_midnight
from peelian.store import tables
from peelian.store.agreements import closed_agreements, get_agreement
from peelian.store.catalogue import reading
from peelian.store.erasing import touched
from peelian.store.ledger import read_events
from peelian.store.workspace import Workspace

_COLUMNS: Final = (
    "source", "controller", "force", "agreement", "file", "group", "scope", "version", "n", "start",
    "easting", "northing",
)  # fmt: skip
_NEAR: Final = 1_000.0
_BY: Final = ("source", "controller", "agreement", "file", "group")


def trace(ws: Workspace, card: dict[str, Any], cells: Cells, cell: int) -> dict[str, Any]:
    """Say what a run's forecast of one cell rests on.

    Gives the run's own facts, and for each (feed, controller, agreement, file, group) how many reports lay in
    the cell, within 1 km of it and in the whole area, as known to the run; the files with their hashes,
    counts and rules; the agreements; and how many of the run's inputs were erased, or may no longer be read.
    """
    grid = _grid(card)
    events = _inputs(ws, card)
    e, n = (events[c].fill_null(float("nan")).to_numpy() for c in ("easting", "northing"))
    ids = grid.cell_of(e, n)
    west, south = (float(axis[0]) for axis in grid.corner(np.array([cell])))
    x, y = west + grid.size / 2, south + grid.size / 2
    near = (np.abs(e - x) <= _NEAR) & (np.abs(n - y) <= _NEAR)
    placed = events.with_columns(
        here=pl.Series(ids == cell), near=pl.Series(near), area=pl.Series(np.isin(ids, cells))
    )
    counted = placed.group_by(_BY).agg(
        *(pl.col("n").filter(pl.col(where)).sum().alias(where) for where in ("here", "near", "area")),
        pl.col("version").filter(pl.col("area")).gt(0).sum().alias("corrected"),
    )
    counted = counted.filter(pl.col("area") > 0).sort(
        "here", "near", "area", *_BY, descending=[True, True, True, *[False] * len(_BY)]
    )
    with reading(ws) as conn:
        return {
            "run": {name: card.get(name) for name in _RUN}, "cell": int(cell),
            "inputs": counted.to_dicts(),
            "target_here": _target(placed, card),
            "files": _files(conn, counted["file"].unique().to_list()),
            "agreements": _agreements(conn, counted["agreement"].unique().to_list()),
            "erased": touched(conn, int(card.get("snapshot") or 0)),
            "closed": [one for one in card.get("agreements", ()) if one in closed_agreements(conn)],
        }  # fmt: skip


_RUN: Final = (
    "run_id", "target", "title", "every", "origin", "as_of", "window", "horizon", "model", "seed", "snapshot",
    "code_version", "links", "created",
)  # fmt: skip


def _grid(card: dict[str, Any]) -> Grid:
    g = card["grid"]
    return Grid(
        name=g["name"], crs=g["crs"], size=g["size"], columns=g["columns"], rows=g["rows"],
        origin_easting=g["origin_easting"], origin_northing=g["origin_northing"], unit=g["unit"],
    )  # fmt: skip


def _inputs(ws: Workspace, card: dict[str, Any]) -> pl.DataFrame:
    asked: dict[str, Any] = {
        "as_of": datetime.fromisoformat(card["as_of"]), "crs": card["grid"]["crs"], "columns": _COLUMNS,
        "before": london_midnight(date.fromisoformat(card["origin"])),
    }  # fmt: skip
    try:
        events = read_events(ws, snapshot=card.get("snapshot"), **asked)
    except Refused:  # compacted since: what was known then is the same rows
        events = read_events(ws, **asked)
    forces: Sequence[str] = card.get("forces") or events["force"].unique().to_list()
    return events.filter(pl.col("force").is_in(forces) & pl.col("scope").is_in(["target", "feature"]))


def _target(placed: pl.DataFrame, card: dict[str, Any]) -> int:
    groups = TARGETS[card["target"]].groups if card["target"] in TARGETS else ()
    return int(placed.filter(pl.col("here") & pl.col("group").is_in(groups))["n"].sum())


def _files(conn: Connection, short: list[str]) -> list[dict[str, Any]]:
    file = tables.ingest_file
    query = select(file).where(file.c.snapshot.is_not(None)).order_by(file.c.id)
    return [
        {
            "name": row.name, "sha256": row.sha256, "source": row.source, "taken": row.at.isoformat(),
            "read": row.read, "accepted": row.accepted, "revised": row.revised,
            "retracted": row.retracted, "quarantined": row.quarantined, "agreement": row.agreement,
            "rules": row.rules or {}, "snapshot": row.snapshot,
        }
        for row in conn.execute(query) if row.sha256[:16] in short
    ]  # fmt: skip


def _agreements(conn: Connection, ids: list[str]) -> list[dict[str, Any]]:
    out = []
    for id_ in sorted(id_ for id_ in ids if id_):
        one = BUILT_IN.get(id_) or get_agreement(conn, id_)[0]
        out.append({
            "id": id_, "title": one.title, "controller": one.controller, "gateway": GATEWAYS[one.gateway],
            "to": str(one.ended or one.expiry or "no end"),
        })  # fmt: skip
    return out
