"""Kinds of feed that are never taken, also when a harmless mapping is laid over them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

import polars as pl

from peelian.guard.barred import Barred, barred_by_marks, barred_feed, barred_name
from peelian.guard.refusal import BARRED, NotTaken
from peelian.guard.spoken import spoken
from peelian.sources.table.mapping import Mapping

_ROWS: Final = 5_000  # of each chunk, for what a column calls its rows


def refuse_barred(
    names: Sequence[str], kept: Sequence[str], about_people: frozenset[str], mapping: Mapping, file: str
) -> None:
    """Refuse a file that by its name, its mapping's words or its columns' names is of a barred kind.

    A column `about_people` alone decides nothing here: it can be discarded. A kind that shows by two or more
    columns is refused even when they are to be discarded, for then they are what the file is.

    Raises:
        NotTaken: with the kind and the reason.
    """
    titles = (mapping.source, mapping.title, mapping.feed, PurePosixPath(file).stem)
    for barred in (barred_name(title) for title in titles if title):
        if barred and not _may_be_counts(barred, mapping):
            raise _refusal(barred, names, file, "by what it is called")
    by_marks = barred_by_marks(names) or barred_feed(
        [name for name in kept if name not in about_people], None
    )
    if by_marks and not _may_be_counts(by_marks, mapping):
        raise _refusal(by_marks, names, file, "by its columns")


def refuse_barred_values(frame: pl.DataFrame, mapping: Mapping, file: str) -> None:
    """Refuse a file most of whose rows are called a barred kind.

    Raises:
        NotTaken: with the kind and the reason.
    """
    # Who reported a row (`VICTIM`) says nothing of what the row is.
    told = [name for name in (mapping.columns.discovered_by,) if name]
    barred = barred_feed([], frame.drop(told, strict=False).head(_ROWS))
    if barred and not _may_be_counts(barred, mapping):
        raise _refusal(barred, frame.columns, file, "by what its rows are called")


def _may_be_counts(barred: Barred, mapping: Mapping) -> bool:
    return barred.countable and bool(mapping.columns.area and mapping.columns.count)


def _refusal(barred: Barred, names: Sequence[str], file: str, how: str) -> NotTaken:
    return NotTaken(
        f"{file} looks, {how}, like {barred.title}, which Peelian never takes: {barred.reason}",
        expected="one of the kinds of feed in docs/how-to/personal-data.md",
        do="leave it where it is; if it is something else, rename what misleads",
        columns=spoken(names),
        found={"the feed": f"{barred.kind}, {BARRED}"},
    )
