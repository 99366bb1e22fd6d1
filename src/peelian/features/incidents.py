"""One row an incident: what several reports of one event say together."""

from __future__ import annotations

from typing import Final

import polars as pl

FIRST_GROUPS: Final = ("violence", "robbery", "ambulance-assault", "ed-assault")
"""Whose kind an incident takes: police first."""
PLACE: Final = ("easting", "northing", "precision_m", "lsoa")
TIME: Final = ("start", "end")
SAID_FIRST: Final = {
    "knife": ("high", "medium", "low", "none", "unknown"),
    "setting": ("dwelling", "public", "other", "unknown"),
    "domestic": ("yes", "no", "unknown"),
    "sexual": ("yes", "no", "unknown"),
    "scope": ("target", "feature", "audit", "display"),
}
"""Of what several reports say, the first of these stands: what any report marks as in a home, domestic or
sexual is left out of public targets, and a knife that any report says was there was there."""


def one_per_incident(rows: pl.DataFrame, incidents: pl.DataFrame) -> pl.DataFrame:
    """Give the rows with every incident of two or more reports made one row; all others as they were.

    `rows` has `report` (text) and ledger columns; `incidents` has `report` and `incident`, one row a report.
    The kept row is the police report if there is one, else the first kind of `FIRST_GROUPS`, then the one
    with the smallest `precision_m`, then the earliest. It takes its place from the report with the smallest
    `precision_m`, its time from the one that began first, and its marks from all. Pure: no row that is not
    given can change the result. Reports of `incidents` that are not in `rows` are ignored.
    """
    known = incidents.select("report", "incident").unique("report").sort("report")
    joined = rows.join(known, on="report", how="left", maintain_order="left").with_row_index("_at")
    many = joined.filter(pl.col("incident").is_not_null() & (pl.len().over("incident") > 1))
    if many.is_empty():
        return rows
    names = joined.columns
    rank = _rank("group", FIRST_GROUPS)
    blur = (
        pl.col("precision_m").cast(pl.Float64).fill_null(float("inf"))
        if "precision_m" in names
        else pl.lit(0.0)
    )
    placed = pl.col("easting").is_null()
    many = many.with_columns(_rank=rank, _blur=blur, _lost=placed)
    base = many.sort("incident", "_rank", "_blur", "start", "report")
    told = {name: order for name, order in SAID_FIRST.items() if name in names}
    whole = base.group_by("incident", maintain_order=True).agg(
        *(pl.col(n).first() for n in names if n not in (*PLACE, *TIME, *told, "incident")),
        *(pl.col(n).sort_by("_lost", "_blur", "start", "report").first() for n in PLACE if n in names),
        *(pl.col(n).sort_by("start", "report").first() for n in TIME),
        *(pl.col(n).sort_by(_rank(n, order)).first() for n, order in told.items()),
    )
    rest = joined.join(many.select("_at"), on="_at", how="anti")
    return pl.concat([rest, whole.select(names)]).sort("_at").drop("_at", "incident")


def _rank(name: str, order: tuple[str, ...]) -> pl.Expr:
    text = pl.col(name).cast(pl.String)
    return text.replace_strict({v: k for k, v in enumerate(order)}, default=len(order), return_dtype=pl.Int64)
