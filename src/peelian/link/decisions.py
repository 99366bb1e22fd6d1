"""What people decided stands above what is estimated."""

from __future__ import annotations

from typing import Final

import polars as pl

CERTAIN: Final = 60.0
"""Evidence, as a natural log, that nothing outweighs."""
APART: Final = -9.0
"""In place of a chance: no incident may hold both."""


def told(evidence: pl.DataFrame, decisions: pl.DataFrame, reports: pl.Series) -> pl.DataFrame:
    """Give the evidence with decided pairs set: `decisions` has `left`, `right` (keys) and `decision`.

    `reports` are values of `report`: a key, a dot and a version; a decision speaks of every version.
    """
    if decisions.is_empty():
        return evidence
    nodes = pl.DataFrame({"report": reports}).with_columns(key=pl.col("report").str.split(".").list.first())
    said = (
        decisions.select("left", "right", "decision")
        .join(nodes.rename({"report": "one"}), left_on="left", right_on="key")
        .join(nodes.rename({"report": "two"}), left_on="right", right_on="key")
        .select(
            left=pl.min_horizontal("one", "two"), right=pl.max_horizontal("one", "two"),
            evidence=pl.when(pl.col("decision") == "same").then(CERTAIN).otherwise(-CERTAIN),
        )
    )  # fmt: skip
    rest = evidence.join(said, on=["left", "right"], how="anti")
    return pl.concat([rest, said]).sort("left", "right")


def kept_apart(pairs: pl.DataFrame) -> pl.DataFrame:
    """Give the pairs with those decided to be different marked so that no incident joins them."""
    return pairs.with_columns(
        probability=pl.when(pl.col("evidence") <= -CERTAIN).then(APART).otherwise("probability")
    )
