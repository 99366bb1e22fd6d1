"""Which rows of the ledger stand at a moment, and which of them a target or feature counts."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import polars as pl

from peelian.domain.target import Target

MARKS: Final = ("setting", "domestic", "sexual")
_KNOWN_SHARE: Final = 0.95
"""Share of rows that must carry each mark before a title may say homes are left out."""


def standing_at(events: pl.DataFrame, as_of: datetime, before: datetime) -> pl.DataFrame:
    """Keep the newest version of each key known at `as_of`, not retracted, that began before `before`.

    `events` has the ledger's columns. Only rows of scope `target` or `feature` are kept: what the
    allow-list shows or audits never enters a panel. A revision decides where and when an event was, so
    the newest version is found first and its start is compared afterwards.
    """
    known = events.filter(pl.col("available_at") <= as_of)
    changes = known.filter((pl.col("version") > 0) | (pl.col("op") == "retract"))
    if len(changes) > 0:
        touched = known.join(changes.select("key_hi", "key_lo").unique(), on=["key_hi", "key_lo"], how="semi")
        newest = touched.sort("version", "available_at").unique(
            ["key_hi", "key_lo"], keep="last", maintain_order=True
        )
        calm = known.join(changes.select("key_hi", "key_lo").unique(), on=["key_hi", "key_lo"], how="anti")
        known = pl.concat([calm, newest.filter(pl.col("op") != "retract")])
    return known.filter(pl.col("scope").is_in(["target", "feature"]) & (pl.col("start") < before))


def left_out(target: Target) -> pl.Expr:
    """Say which rows a public-place target leaves out: marked as home, domestic or sexual.

    Rows whose mark is unknown stay, and the title then says that homes are included.
    """
    if not target.public_only:
        return pl.lit(False)
    return (
        (pl.col("setting") == "dwelling") | (pl.col("domestic") == "yes") | (pl.col("sexual") == "yes")
    ).fill_null(False)


def counts_as(target: Target) -> pl.Expr:
    """Give the target's predicate over ledger rows; only scope `target` counts."""
    expr = pl.col("group").is_in(list(target.groups)) & (pl.col("scope") == "target") & ~left_out(target)
    if target.knife:
        expr = expr & pl.col("knife").is_in(list(target.knife))
    return expr


def marks_known(events: pl.DataFrame, target: Target) -> bool:
    """Say whether nearly all rows of the target's groups carry setting, domestic and sexual marks."""
    rows = events.filter(pl.col("group").is_in(list(target.groups)))
    if len(rows) == 0:
        return False
    known = rows.select([((pl.col(m) != "unknown").fill_null(False)).mean() for m in MARKS]).row(0)
    return all(share >= _KNOWN_SHARE for share in known)
