"""The map beneath the map: none, a scene made here, a tile file held here, or a style fetched by the server.

The browser asks this origin only. A far style or OS comes through one proxied route to one fixed place; a key
stays on the server.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from peelian.domain.errors import Fault, NotFound
from peelian.store.tile_file import metadata

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
    private: bool = False
    """Whether the far style may lie in a private network."""

    def told(self, home: Path) -> dict[str, Any]:
        """Give what the browser needs: its own origin's addresses, never a key or a far one."""
        said: dict[str, Any] = {"kind": self.kind, "attribution": self.attribution, "url": None}
        if self.kind == "scene":
            said["url"] = "/api/v1/basemap/scene.geojson"
        elif self.kind == "pmtiles":
            said["url"] = "/api/v1/basemap/map.pmtiles"
        elif self.kind == "mbtiles":
            said |= {"url": "/api/v1/basemap/tiles/{z}/{x}/{y}", **metadata(folder(home) / self.file)}
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


def os_key() -> str:
    """Give the key for OS, which only the server holds; empty where none is set."""
    return os.environ.get(OS_KEY, "")
