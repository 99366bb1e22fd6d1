"""Boundaries of areas (LSOA, MSOA, district, ward, beat) from a local GeoJSON file."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
import shapely

from peelian.domain.errors import Misuse
from peelian.domain.parents import LEVELS
from peelian.domain.progress import Tick, no_tick
from peelian.guard.unreadable import NO_JSON
from peelian.pipeline.context import Context
from peelian.pipeline.gazetteers import Imported
from peelian.store.catalogue import transaction
from peelian.store.context_files import replace_context_file

_MOST_BYTES: Final = 1 << 30
_BY_CODE: Final = (
    (r"^[EW]01\d{6}$", "lsoa"), (r"^[EW]02\d{6}$", "msoa"), (r"^[EW]05\d{6}$", "ward"),
    (r"^[EW]0[6-9]\d{6}$", "district"),
)  # fmt: skip
_BY_NAME: Final = {
    "lsoa": "lsoa", "msoa": "msoa", "ltla": "district", "lad": "district", "district": "district",
    "ward": "ward", "beat": "beat",
}  # fmt: skip
_EXPECTED: Final = (
    "a GeoJSON FeatureCollection in WGS84 (longitude, latitude), plain or .gz, whose polygons have the "
    "properties code and name; and a file name that begins with lsoa, msoa, district, ward or beat, "
    "or codes of the Office for National Statistics"
)


def import_setting(ctx: Context, path: Path, tick: Tick = no_tick) -> Imported:
    """Read a file of one level's areas; it replaces what was held of that level.

    Raises:
        Forbidden: when the policy says no.
        Misuse: no such file, no polygons with codes, a code twice, or a level that cannot be told.
    """
    ctx.allow("collection", "boundaries")
    tick("reading", 0.0)
    body, digest = _read(path)
    features = body.get("features") if isinstance(body, dict) else None
    if not isinstance(features, list) or not features:
        raise _wrong("the file is no collection of areas")
    rows = _rows(features)
    level = _level(body, path, rows["code"])
    tick("writing", 0.8)
    held = boundaries_file(ctx, level)
    replaced = held.is_file()
    held.parent.mkdir(parents=True, exist_ok=True)
    temporary = held.with_suffix(".tmp")
    rows.sort("code").write_parquet(temporary)
    temporary.rename(held)
    with transaction(ctx.ws) as conn:
        replace_context_file(conn, f"boundaries {level}", path.name, digest, rows.height)
        ctx.record(conn, "collection", f"{rows.height} boundaries of {level}")
    tick("done", 1.0)
    return Imported("boundaries", path.name, digest, {level: rows.height}, replaced)


def boundaries_file(ctx: Context, level: str) -> Path:
    """Name the file a level's boundaries are kept in: code, name, west, south, east, north, wkb (WGS84)."""
    return ctx.ws.home / "settings" / "boundaries" / f"{level}.parquet"


def _read(path: Path) -> tuple[Any, str]:
    if not path.is_file() or path.stat().st_size > _MOST_BYTES:
        raise _wrong("there is no file of boundaries that can be read there")
    raw = path.read_bytes()
    try:
        plain = _unpacked(raw) if raw[:2] == b"\x1f\x8b" else raw
        return json.loads(plain), hashlib.sha256(raw).hexdigest()
    except (OSError, EOFError, zlib.error, *NO_JSON):
        raise _wrong("the file is not GeoJSON") from None


def _unpacked(raw: bytes) -> bytes:
    """Unpack, but never more than the limit: a small file can hold a great deal."""
    with gzip.open(io.BytesIO(raw)) as file:
        plain = file.read(_MOST_BYTES + 1)
    if len(plain) > _MOST_BYTES:
        raise _wrong("the file is over a gigabyte when unpacked")
    return plain


def _rows(features: list[Any]) -> pl.DataFrame:
    codes, names, shapes = [], [], []
    for k, one in enumerate(features, 1):
        said = one.get("properties") if isinstance(one, dict) else None
        if not isinstance(said, dict):
            raise _wrong(f"area {k} of the file has no properties")
        code, geometry = str(said.get("code") or "").strip(), one.get("geometry")
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if not code or len(code) > 40 or kind not in ("Polygon", "MultiPolygon"):
            raise _wrong(f"area {k} of the file has no code, or is no polygon")
        codes.append(code)
        names.append(str(said.get("name") or code)[:200])
        if not _writable(codes[-1] + names[-1]):
            raise _wrong(f"the code or name of area {k} of the file is no text")
        shapes.append(json.dumps(geometry))
    if len(set(codes)) < len(codes):
        raise _wrong("a code is in the file more than once")
    try:
        shape = shapely.make_valid(shapely.from_geojson(shapes))
    except shapely.errors.GEOSException:
        raise _wrong("a polygon of the file cannot be read") from None
    west, south, east, north = shapely.bounds(shape).T
    good = (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)
    if not np.all(good):  # NaN bounds, of an empty shape, are not good either
        raise _wrong("the file's coordinates are not degrees, or a polygon is empty")
    return pl.DataFrame({
        "code": codes, "name": names, "west": west, "south": south, "east": east, "north": north,
        "wkb": shapely.to_wkb(shape).tolist(),
    })  # fmt: skip


def _writable(text: str) -> bool:
    """Say whether a text of JSON has no half characters, which no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _level(body: dict[str, Any], path: Path, codes: pl.Series) -> str:
    said = str(body.get("level") or "").lower()
    if said in LEVELS:
        return said
    word = re.match(r"[a-z]+", path.name.lower())
    if word and word[0].rstrip("s") in _BY_NAME:
        return _BY_NAME[word[0].rstrip("s")]
    for pattern, level in _BY_CODE:
        if codes.str.contains(pattern).all():
            return level
    raise _wrong("it cannot be told which level these areas are")


def _wrong(what: str) -> Misuse:
    return Misuse(what, expected=_EXPECTED, do="correct the file and import it again")
