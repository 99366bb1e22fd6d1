"""Which rows of a file people should look at: the doubtful ones, and a sample of the others, by key.

Low and medium rows are queued, up to `DOUBTFUL` of each a file; of high and none a sample of `SURE`. Each
queued row's weight says how many of its band in its file it stands for. The sample is the rows with the
smallest keys: keys are digests, so that is as good as chance, and the same file gives the same sample.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from peelian.knife.vocabulary import REVIEWED

DOUBTFUL: Final = 2_000
SURE: Final = 60
MOST: Final[dict[str, int]] = {"low": DOUBTFUL, "medium": DOUBTFUL, "high": SURE, "none": SURE}


class ReviewSample:
    """Gathers a file's rows piece by piece; memory stays small."""

    def __init__(self) -> None:
        self._kept = pl.DataFrame(
            schema={"key": pl.String, "row": pl.UInt64, "band": pl.String, "why": pl.String}
        )
        self._seen: dict[str, int] = {}

    def add(self, rows: pl.DataFrame) -> None:
        """Look at rows that came into the ledger: those the classifier decided, that nobody has reviewed."""
        if not judged_any(rows):
            return
        judged = rows.filter(
            pl.col("bin").is_in(["accepted", "revised"]) & (pl.col("op") != "retract")
            & pl.col("knife_why").is_not_null() & ~pl.col("knife_why").str.starts_with(REVIEWED)
            & pl.col("knife").cast(pl.String).is_in(list(MOST))
        ).select(
            hex_key(pl.col("key_hi"), pl.col("key_lo")).alias("key"), pl.col("row").cast(pl.UInt64),
            pl.col("knife").cast(pl.String).alias("band"), pl.col("knife_why").alias("why"),
        )  # fmt: skip
        for band, count in judged["band"].value_counts().iter_rows():
            self._seen[band] = self._seen.get(band, 0) + count
        both = pl.concat([self._kept, judged]).sort("key", "row")
        place = pl.int_range(pl.len()).over("band")
        most = pl.col("band").replace_strict(MOST, return_dtype=pl.Int64)
        self._kept = both.filter(place < most)

    def rows(self) -> pl.DataFrame:
        """Give [key, row, band, why, weight]."""
        size = pl.col("band").replace_strict(self._seen, default=0, return_dtype=pl.Float64)
        return self._kept.with_columns(weight=size / pl.len().over("band"))


def judged_any(rows: pl.DataFrame) -> bool:
    """Say whether the classifier decided any of these rows."""
    return "knife_why" in rows.columns and rows["knife_why"].null_count() < rows.height


def hex_key(hi: pl.Expr, lo: pl.Expr) -> pl.Expr:
    """Give a key's 32 hexadecimal digits."""
    return pl.concat_str(_hex(hi), _hex(lo))


def _hex(word: pl.Expr) -> pl.Expr:
    digits = pl.lit("0123456789abcdef")
    return pl.concat_str(digits.str.slice((word // 16**k) % 16, 1) for k in range(15, -1, -1))
