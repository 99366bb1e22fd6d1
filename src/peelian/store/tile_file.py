"""MBTiles files: a map's vector tiles in one SQLite file, only ever read (MBTiles 1.3)."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from peelian.domain.errors import Refused
from peelian.guard.unreadable import NO_JSON

_DAMAGED: Final = (sqlite3.Error, KeyError, TypeError, AttributeError, *NO_JSON)


def tile(file: Path, z: int, x: int, y: int) -> tuple[bytes, bool] | None:
    """Give a tile (y counted from the north), and whether it is gzipped; None where the file holds none.

    Raises:
        Refused: the file is damaged.
    """
    query = "select tile_data from tiles where zoom_level = ? and tile_column = ? and tile_row = ?"
    try:
        with closing(_open(file)) as held:
            row = held.execute(query, (z, x, (1 << z) - 1 - y)).fetchone()  # its rows count from the south
        return None if row is None else (bytes(row[0]), bytes(row[0][:2]) == b"\x1f\x8b")
    except _DAMAGED as error:
        raise Refused(f"{file.name} is damaged", do="import the basemap again") from error


def metadata(file: Path) -> dict[str, Any]:
    """Give `minzoom`, `maxzoom`, and `layers`: the names of its vector layers.

    Raises:
        Refused: it is no MBTiles file, or holds no vector tiles.
    """
    return _metadata(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _metadata(file: Path, _changed: int) -> dict[str, Any]:
    try:
        with closing(_open(file)) as held:
            rows = dict(held.execute("select name, value from metadata").fetchall())
        if rows.get("format") != "pbf":
            raise Refused(f"{file.name} holds no vector tiles", expected="format pbf in its metadata")
        layers = json.loads(rows.get("json") or "{}").get("vector_layers", [])
        return {
            "minzoom": int(rows.get("minzoom") or 0), "maxzoom": int(rows.get("maxzoom") or 14),
            "layers": [str(one["id"]) for one in layers],
        }  # fmt: skip
    except _DAMAGED as error:
        raise Refused(f"{file.name} is no MBTiles file") from error


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)
