"""Some rows of a file: those that are rows of text, and those that are none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

REJECTS: Final[dict[str, pl.DataType]] = {"row": pl.UInt64(), "reason": pl.String()}


@dataclass(frozen=True)
class Chunk:
    """Some data lines: `frame` has columns as text (null for empty) and `row`, from 1, in no fixed order.

    `read` = rows of `frame` + rows of `rejects`.
    """

    frame: pl.DataFrame
    rejects: pl.DataFrame
    read: int
    columns: tuple[str, ...] = ()  # all of the file's, as they may be said; empty where nobody asks
