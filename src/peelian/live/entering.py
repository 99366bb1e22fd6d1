"""Which rows may enter the running state, and where and when each stands. Decided by the row alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
import polars as pl

from peelian.live.memory import Whole
from peelian.live.recipe import Recipe

LONGEST: Final = timedelta(hours=24)
"""A time less certain than a day is no time for a memory of days."""
AHEAD: Final = timedelta(minutes=5)
"""How far clocks may disagree; what lies further in the future than it was told is no event yet."""
REPUBLISHED: Final = ("police_uk", "cdr_2007")
"""Feeds that tell again, by the month, what others told: nothing live comes of them."""
COLUMNS: Final = (
    "source", "force", "crs", "op", "group", "n", "start", "end", "easting", "northing", "knife", "setting",
    "domestic", "sexual", "scope", "available_at", "lsoa",
)  # fmt: skip
"""Of the ledger's columns, those that decide here."""
AT_HOME: Final = ("violence", "ambulance-assault", "ed-assault")
"""Groups that hold domestic and sexual events: a row enters only where its marks say that it is neither."""


def _homes() -> pl.Expr:
    setting, domestic, sexual, group = (
        pl.col(name).cast(pl.String).fill_null("unknown")
        for name in ("setting", "domestic", "sexual", "group")
    )
    marked = (setting == "dwelling") | (domestic == "yes") | (sexual == "yes")
    return marked | (group.is_in(list(AT_HOME)) & ((domestic != "no") | (sexual != "no")))


_KEPT_OUT: Final = {
    "told again by the month": pl.col("source").is_in(list(REPUBLISHED)),
    "in homes, domestic, sexual, or not marked": _homes(),
    "time not known to a day": (
        pl.col("start").is_null() | ((pl.col("end") - pl.col("start")) > LONGEST).fill_null(False)
    ),
    "in the future when it was told": pl.col("start") > pl.col("available_at") + AHEAD,
}
"""What keeps a row out, in words, in this order."""


@dataclass(frozen=True, eq=False)
class Entering:
    """N rows that enter: `time` microseconds since 1970, `cell` and `kind` indices, `count` reports each.

    `row` is each one's place among the rows given. The rest is counted by what kept it out.
    """

    time: Whole
    cell: Whole
    kind: Whole
    count: Whole
    row: Whole
    kept_out: tuple[tuple[str, int], ...] = ()


def entering(rows: pl.DataFrame, recipe: Recipe) -> Entering:
    """Read rows with the ledger's columns; order carries no meaning.

    In: scope `target` (kind 0) or `feature`, of a group the recipe knows, with a place on its mask and a time
    known to a day. Out: what is marked domestic, sexual or in a dwelling, and rows of `AT_HOME` whose marks
    do not say; officer-discovered rows and possession never have one of those scopes.
    """
    kind, rows = _kind(recipe), rows.with_row_index("_row")
    if recipe.forces:
        rows = rows.filter(pl.col("force").is_in(list(recipe.forces)))
    told = rows.filter((pl.col("op") != "retract") & kind.is_not_null()).with_columns(kind.alias("_kind"))
    cell = _cells(told, recipe)
    barred = told.select(
        rule.fill_null(False).alias(words) for words, rule in _KEPT_OUT.items()
    ).with_columns(pl.Series("no place in this area", cell < 0))
    count, fits, kept_out = told["n"].to_numpy().astype(np.int64), np.ones(len(told), bool), []
    for flags in barred.get_columns():
        out = fits & flags.to_numpy()
        kept_out.append((flags.name, int(count[out].sum())))
        fits &= ~out
    start = told["start"].to_physical().to_numpy()
    end = told["end"].fill_null(told["start"]).to_physical().to_numpy()
    middle = np.where(fits, start + (end - start) // 2, 0).astype(np.int64)
    return Entering(
        middle[fits], cell[fits], told["_kind"].to_numpy().astype(np.int64)[fits],
        count[fits], told["_row"].to_numpy().astype(np.int64)[fits], tuple(kept_out),
    )  # fmt: skip


def _kind(recipe: Recipe) -> pl.Expr:
    """Give each row's kind, null where it is of none; the target comes first."""
    out = pl.lit(None, pl.Int64)
    for k in range(len(recipe.kinds) - 1, -1, -1):
        one = recipe.kinds[k]
        scopes = ["target"] if k == 0 else ["target", "feature"]
        mine = pl.col("group").cast(pl.String).is_in(list(one.groups)) & pl.col("scope").cast(
            pl.String
        ).is_in(scopes)
        if one.knife:
            mine &= pl.col("knife").cast(pl.String).is_in(list(one.knife))
        out = pl.when(mine.fill_null(False)).then(pl.lit(k, pl.Int64)).otherwise(out)
    return out


def _cells(rows: pl.DataFrame, recipe: Recipe) -> Whole:
    nothing = float("nan")
    ids = recipe.grid.cell_of(
        rows["easting"].fill_null(nothing).to_numpy(), rows["northing"].fill_null(nothing).to_numpy()
    )
    at = np.minimum(np.searchsorted(recipe.cells, ids), len(recipe.cells) - 1)
    here = (rows["crs"].cast(pl.String) == recipe.grid.crs).fill_null(False).to_numpy()
    out: Whole = np.where((ids >= 0) & (recipe.cells[at] == ids) & here, at, -1).astype(np.int64)
    return out
