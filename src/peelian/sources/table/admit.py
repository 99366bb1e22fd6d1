"""What of a file may be read at all: the door that looks for people before a row is looked at."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from peelian.sources.table.mapping import Mapping


def admit_header(names: Sequence[str], mapping: Mapping, file: str) -> tuple[str, ...]:
    """Give the columns that must be read: those mapped, and those whose values must be scanned.

    `discard`ed columns are never read. Narrative is read in memory and not scanned for names.

    Raises:
        Refused: a column that by its header is person-shaped or of a barred kind and is not discarded.
    """
    return tuple(dict.fromkeys(mapping.columns.used().values()))


def admit_values(frame: pl.DataFrame, mapping: Mapping, file: str) -> None:
    """Look at values of the file's own columns (under its own names), before anything is kept.

    Raises:
        Refused: a column holds what is person-shaped; the message names the column, never a value.
    """
