"""The map beneath the map: none, a scene made here, a tile file held here, or a style fetched by the server.

The browser asks this origin only. A far style or OS comes through one proxied route to one fixed place; a key
stays on the server.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from peelian.domain.errors import Fault, NotFound

Kind = Literal["none", "scene", "pmtiles", "mbtiles", "style", "os"]
KINDS: Final = ("none", "scene", "pmtiles", "mbtiles", "style", "os")
OS_BASE: Final = "https://api.os.uk/maps/vector/v1/vts"
OS_STYLE: Final = "resources/styles"
OS_KEY: Final = "PEELIAN_OS_KEY"
FAR: Final = "/api/v1/basemap/far"


@dataclass(frozen=True)
class Basemap:
    """The setting: `base` and `path` name a far style (under one fixed address), `file` a file held here."""

    kind: Kind = "none"
    attribution: str = ""
    base: str = ""
    path: str = ""
    file: str = ""

    def told(self, home: Path) -> dict[str, Any]:
        """Give what the browser needs: its own origin's addresses, never a key or a far one."""
        said: dict[str, Any] = {"kind": self.kind, "attribution": self.attribution, "url": None}
        if self.kind == "scene":
            said["url"] = "/api/v1/basemap/scene.geojson"
        elif self.kind == "pmtiles":
            said["url"] = "/api/v1/basemap/map.pmtiles"
        elif self.kind == "mbtiles":
            said |= {"url": "/api/v1/basemap/tiles/{z}/{x}/{y}", **_metadata(folder(home) / self.file)}
        elif self.kind in {"style", "os"}:
            said["url"] = f"{FAR}/{self.path}"
        return said


def folder(home: Path) -> Path:
    """Give the folder of the setting and its files."""
    return home / "settings" / "basemap"


def read_basemap(home: Path) -> Basemap:
    """Give the setting; none where nothing was set.

    Raises:
        Fault: its file is damaged.
    """
    path = folder(home) / "basemap.json"
    if not path.is_file():
        return Basemap()
    try:
        return Basemap(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise Fault(
            "the basemap setting cannot be read", do="set it again: peelian basemap use none"
        ) from error


def held_file(home: Path, kind: Kind) -> Path:
    """Give the file of a basemap held here.

    Raises:
        NotFound: that kind is not in use, or its file is gone.
    """
    setting = read_basemap(home)
    path = folder(home) / setting.file
    if setting.kind != kind or not setting.file or not path.is_file():
        raise NotFound("no such basemap is in use here", do="see: peelian basemap show")
    return path


def tile(file: Path, z: int, x: int, y: int) -> tuple[bytes, bool] | None:
    """Give a tile of an MBTiles file, and whether it is gzipped; None where it holds none there."""
    query = "select tile_data from tiles where zoom_level = ? and tile_column = ? and tile_row = ?"
    with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as held:
        row = held.execute(query, (z, x, (1 << z) - 1 - y)).fetchone()  # MBTiles count rows from the south
    return None if row is None else (bytes(row[0]), bytes(row[0][:2]) == b"\x1f\x8b")


def os_key() -> str:
    """Give the key for OS, which only the server holds; empty where none is set."""
    return os.environ.get(OS_KEY, "")


def _metadata(file: Path) -> dict[str, Any]:
    return _read_metadata(file, file.stat().st_mtime_ns) if file.is_file() else {}


@lru_cache(maxsize=4)
def _read_metadata(file: Path, _changed: int) -> dict[str, Any]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as held:
        rows = dict(held.execute("select name, value from metadata").fetchall())
    layers = json.loads(rows.get("json") or "{}").get("vector_layers", [])
    return {
        "minzoom": int(rows.get("minzoom") or 0), "maxzoom": int(rows.get("maxzoom") or 14),
        "layers": [str(one["id"]) for one in layers],
    }  # fmt: skip
