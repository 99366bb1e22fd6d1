"""The door's scan of values for batches that are read together: each is judged by itself, all in one pass."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from peelian.domain.errors import Refused
from peelian.guard.barred import barred_name
from peelian.guard.dates import latest_year
from peelian.guard.several import LARGEST, kinds_of_each
from peelian.sources.table.admit import TIMES, UNSCANNED, admit_values, known_codes, roles_of, spared_values
from peelian.sources.table.kinds import refuse_barred_values
from peelian.sources.table.mapping import Mapping


class NotTogether(Refused):
    """At least one of several batches cannot come in: read each by itself."""


_WORD: Final = re.compile(r"[^\W\d_]{2}")
_APART: Final = "one of the batches read together cannot come in"


def admit_batches(frame: pl.DataFrame, sizes: Sequence[int], mapping: Mapping, file: str) -> None:
    """Look at values of batches that lie one after another in `frame`, `sizes` rows each.

    Raises:
        NotTaken: the only batch holds what is person-shaped or barred; see `admit_values`.
        NotTogether: one of several does.
    """
    if frame.height > LARGEST or _found(frame, sizes, mapping) or _barred(frame, sizes, mapping, file):
        if len(sizes) > 1:
            raise NotTogether(_APART)
        admit_values(frame, mapping, file)


def _barred(frame: pl.DataFrame, sizes: Sequence[int], mapping: Mapping, file: str) -> bool:
    told = {text for column in frame.get_columns() for text in column.cast(pl.String).unique().to_list()}
    if not any(text and _WORD.search(text) and barred_name(text) for text in told):
        return False
    start = 0
    for size in sizes:
        try:
            refuse_barred_values(frame.slice(start, size), mapping, file)
        except Refused:
            return True
        start += size
    return False


def _found(frame: pl.DataFrame, sizes: Sequence[int], mapping: Mapping) -> bool:
    roles = roles_of(mapping)
    scanned = [name for name in frame.columns if not roles.get(name, frozenset()) & UNSCANNED]
    if not scanned:
        return False
    body = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes) * len(scanned)
    parts = []
    for k, name in enumerate(scanned):
        part = pl.DataFrame({"at": body + np.uint32(k), "text": frame[name].cast(pl.String)})
        codes = known_codes(roles.get(name, frozenset()), mapping)
        if codes:
            part = part.filter(~pl.col("text").str.strip_chars().is_in(codes).fill_null(False))
        parts.append(part)
    starts = np.concatenate([[0], np.cumsum(sizes)])

    def year_of(at: int) -> int | None:
        own = frame.slice(int(starts[at // len(scanned)]), sizes[at // len(scanned)])
        used = mapping.columns.used()
        years = [latest_year(own[used[role]]) for role in TIMES if role in used and used[role] in own]
        return max((year for year in years if year is not None), default=None)

    for at, kinds in kinds_of_each(pl.concat(parts), year_of).items():
        spared = spared_values(roles.get(scanned[at % len(scanned)], frozenset()))
        if not set(kinds) <= spared:
            return True
    return False
