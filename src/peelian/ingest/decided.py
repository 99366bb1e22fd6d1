"""Rows that a person has decided before: while the file says the same of them, the decision stands."""

from __future__ import annotations

from typing import Final

import polars as pl

from peelian.domain.offence import KNIFE
from peelian.ingest.queueing import hex_key
from peelian.knife.vocabulary import REVIEWED

MARK: Final = {"yes": "high", "no": "none"}
"""What a decision makes of a row's knife mark; unsure leaves it as it was."""


def decided_why(decision: str, why: str) -> str:
    """Give `knife_why` of a decided row.

    >>> decided_why("no", "mention: knife")
    'reviewed: no; before: mention: knife'
    """
    return f"{REVIEWED}{decision}; before: {why}"


def with_decided(rows: pl.DataFrame, marks: pl.DataFrame) -> pl.DataFrame:
    """Give ledger rows with the marks people decided, where band and words are those they decided on.

    `marks` is [key, band, why, decision, decided]. A row whose words changed keeps the classifier's new mark,
    and is queued again. So does a row that says it was known before the decision was made: what was decided
    later must not change what an earlier day is shown to have known.
    """
    if marks.is_empty() or "knife_why" not in rows.columns:
        return rows
    ours = marks.rename(
        {"key": "_key", "band": "_band", "why": "_why", "decision": "_decision", "decided": "_decided"}
    )
    found = rows.with_columns(
        _key=hex_key(pl.col("key_hi"), pl.col("key_lo")), _band=pl.col("knife").cast(pl.String),
        _why=pl.col("knife_why"),
    ).join(ours, on=["_key", "_band", "_why"], how="left", maintain_order="left")  # fmt: skip
    known = pl.col("_decision").is_not_null() & (pl.col("available_at") >= pl.col("_decided")).fill_null(
        False
    )
    mark = pl.col("_decision").replace_strict(MARK, default=None, return_dtype=pl.String)
    why = pl.concat_str(pl.lit(REVIEWED), "_decision", pl.lit("; before: "), "_why")
    return found.with_columns(
        knife=pl.when(known).then(mark).otherwise("_band").cast(pl.Enum(list(KNIFE))),
        knife_why=pl.when(known).then(why).otherwise("knife_why"),
    ).drop("_key", "_band", "_why", "_decision", "_decided")
