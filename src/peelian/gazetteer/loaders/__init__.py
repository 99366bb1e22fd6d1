"""From a local file of one kind to rows of the gazetteer: one module a kind of file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import polars as pl

from peelian.domain.errors import Misuse, Refused
from peelian.gazetteer.entries import ENTRIES, Box, tidy, within
from peelian.gazetteer.loaders import open_names, postcodes, premises, roads, uprn, usrn

Loader = Callable[[Path], Iterator[pl.DataFrame]]

LOADERS: Final[dict[str, Loader]] = {
    "open-names": open_names.load,
    "open-roads": roads.load,
    "motorway-junctions": premises.load_motorway_junctions,
    "open-uprn": uprn.load,
    "open-usrn": usrn.load,
    "premises": premises.load,
    "areas": premises.load_areas,
    "postcodes": postcodes.load,
}
MOST_ROWS: Final = 8_000_000
"""More than any force's addresses; the whole of Britain needs `within`."""


def load_kind(kind: str, path: Path, box: Box | None = None) -> pl.DataFrame:
    """Read a local file (or a folder or zip of them) into gazetteer rows; only those in the box, if given.

    Memory grows with what is kept, not with the file.

    Raises:
        Misuse: an unknown kind, or no such file.
        Refused: the file is not of that kind, nothing of it lies in the box, or too much would be kept.
    """
    if kind not in LOADERS:
        raise Misuse(f"{kind!r} is not a kind of context file", expected=", ".join(LOADERS))
    if not path.exists():
        raise Misuse(f"there is no file or folder {path}", do="check the path")
    kept: list[pl.DataFrame] = []
    rows = read = 0
    for chunk in LOADERS[kind](path):
        read += chunk.height
        part = within(tidy(chunk, kind), box)
        rows += part.height
        kept.append(part)
        if rows > MOST_ROWS:
            raise Refused(
                f"{path.name} has more than {MOST_ROWS:,} rows to keep", expected="one force's area",
                do="give --within WEST,SOUTH,EAST,NORTH in metres of the British National Grid",
            )  # fmt: skip
    if not rows:
        where = " in the box given by --within" if box and read else ""
        raise Refused(
            f"{path.name} holds no place{where}", expected=f"rows of {kind} with a name or code and a point",
            do="check the file and --within",
        )  # fmt: skip
    return pl.concat(kept) if kept else pl.DataFrame(schema=ENTRIES)
