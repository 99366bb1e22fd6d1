"""The basemap setting: none, a scene from local OS files, a tile file, a far style, or OS by a key."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import numpy as np

from peelian.api.basemap import OS_BASE, OS_KEY, OS_STYLE, Basemap, folder, os_key, read_basemap
from peelian.domain.errors import Misuse, Refused
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.pipeline.basemap_scene import Box, Scene, read_scene
from peelian.pipeline.context import Context
from peelian.store.agreements import today
from peelian.store.catalogue import transaction
from peelian.store.context_files import replace_context_file
from peelian.store.tile_file import metadata

OS_CREDIT: Final = "Contains OS data © Crown copyright and database right {year}"
"""The wording OS asks for, with the year (read 28 November 2026 in ONS's and councils' notes on it)."""
MARGIN_M: Final = 5_000.0


def import_file(ctx: Context, path: Path, within: Box | None, credit: str = "") -> dict[str, Any]:
    """Bring in a local file and use it: a GeoPackage becomes a scene, MBTiles and PMTiles stay as they are.

    Gives kind, file and counts. Several GeoPackages are laid over one another: import each in turn.

    Raises:
        Forbidden: when the policy says no.
        Misuse: no such file, or one of another kind.
        Refused: nothing in it is a map that can be drawn.
    """
    ctx.allow("collection", "basemap")
    if not path.is_file():
        raise Misuse(f"there is no file {path.name}", expected="a .gpkg, .mbtiles or .pmtiles file")
    kind = {".gpkg": "scene", ".mbtiles": "mbtiles", ".pmtiles": "pmtiles"}.get(path.suffix.lower())
    if kind is None:
        raise Misuse(f"{path.name} is no map file that is read here", expected=".gpkg, .mbtiles or .pmtiles")
    folder(ctx.ws.home).mkdir(parents=True, exist_ok=True)
    if kind == "scene":
        scene = _merged(ctx, path, read_scene(path, within or _home_box(ctx)))
        _write(folder(ctx.ws.home) / "scene.geojson", json.dumps(scene.body, separators=(",", ":")))
        counts, file = scene.counts, "scene.geojson"
    else:
        _check(path, kind)
        file, counts = f"map.{kind}", {}
        part = folder(ctx.ws.home) / f"{file}.part"
        shutil.copyfile(path, part)
        part.replace(folder(ctx.ws.home) / file)
    default = _os_credit() if kind != "pmtiles" else ""
    _keep(ctx, Basemap(kind=kind, file=file, attribution=credit or default), path, sum(counts.values()))  # type: ignore[arg-type]
    return {"kind": kind, "file": path.name, "counts": counts}


def use(ctx: Context, kind: str, address: str = "", credit: str = "", *, private: bool = False) -> Basemap:
    """Choose none, OS, or a style by its address; the browser gets it through this server alone.

    `private` lets a style's name lead into a private network; else it is refused when it is fetched.

    Raises:
        Forbidden: when the policy says no.
        Misuse: another kind, or an address that is not plain https.
        Refused: OS without its key in the server's environment.
    """
    ctx.allow("alteration", "basemap")
    if kind == "none":
        made = Basemap()
    elif kind == "os":
        if not os_key():
            raise Refused("OS needs a key", do=f"set {OS_KEY} where the server runs; it stays there")
        made = Basemap("os", credit or _os_credit(), OS_BASE, OS_STYLE)
    elif kind == "style":
        base, path = split_style(address)
        made = Basemap("style", credit, base, path, private=private)
    else:
        raise Misuse(f"unknown basemap {kind!r}", expected="none, os or style ADDRESS")
    folder(ctx.ws.home).mkdir(parents=True, exist_ok=True)
    _keep(ctx, made, None, 0)
    return made


def split_style(address: str) -> tuple[str, str]:
    """Split a style's address into the fixed base everything must lie under, and its path.

    >>> split_style("https://tiles.example.org/maps/quiet/style.json")
    ('https://tiles.example.org', 'maps/quiet/style.json')

    Raises:
        Misuse: not https, or with a user, a port, a query or a bare number for a host.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    host = parts.hostname or ""
    plain = parts.scheme == "https" and parts.netloc == host and not parts.query and not parts.fragment
    named = "." in host and any(letter.isalpha() for letter in host.rsplit(".", 1)[-1])
    if not (plain and named and len(parts.path) > 1) or host.endswith((".local", ".internal", ".localhost")):
        raise Misuse("this is no address of a map style", expected="https://HOST/PATH, without a query")
    return f"https://{host}", parts.path.lstrip("/")


def shown(ctx: Context) -> Basemap:
    """Give the setting."""
    ctx.consult("consultation", "basemap")
    return read_basemap(ctx.ws.home)


def _merged(ctx: Context, path: Path, new: Scene) -> Scene:
    """Lay a file's features over those of other files; the same file again replaces its own."""
    held = folder(ctx.ws.home) / "scene.geojson"
    features = json.loads(held.read_text("utf-8"))["features"] if held.is_file() else []
    for one in new.body["features"]:
        one["properties"]["from"] = path.name
    kept = [one for one in features if one["properties"].get("from") != path.name]
    return Scene({"type": "FeatureCollection", "features": [*kept, *new.body["features"]]}, new.counts)


def _home_box(ctx: Context) -> Box:
    """Give the box of the areas held, and a margin, in metres.

    Raises:
        Refused: none is held on the British grid.
    """
    boxes = []
    for path in ctx.ws.areas.glob("*.npy"):
        x, y = GRID.corner(np.load(path, allow_pickle=False)[0])
        boxes.append((x.min(), y.min(), x.max() + GRID.size, y.max() + GRID.size))
    if not boxes:
        raise Refused("no area is held here yet", do="give --within WEST,SOUTH,EAST,NORTH in metres")
    held = np.array(boxes)
    west, south = held[:, :2].min(axis=0) - MARGIN_M
    east, north = held[:, 2:].max(axis=0) + MARGIN_M
    return float(west), float(south), float(east), float(north)


def _os_credit() -> str:
    return OS_CREDIT.format(year=today().year)


def _check(path: Path, kind: str) -> None:
    with path.open("rb") as file:
        head = file.read(16)
    if kind == "pmtiles" and not head.startswith(b"PMTiles"):
        raise Refused(f"{path.name} is no PMTiles file")
    if kind == "mbtiles":
        metadata(path)


def _keep(ctx: Context, made: Basemap, path: Path | None, rows: int) -> None:
    _write(folder(ctx.ws.home) / "basemap.json", json.dumps(asdict(made), indent=1))
    with transaction(ctx.ws) as conn:
        if path is not None:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            replace_context_file(conn, "basemap", path.name, digest, rows)
        ctx.record(conn, "alteration", f"basemap set: {made.kind}")


def _write(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
