"""A force's own areas (hotspots, beats, order and licensing areas), kept in the workspace by kind."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from peelian.domain.errors import Misuse, NotFound, Refused
from peelian.domain.progress import Tick, no_tick
from peelian.pipeline.context import Context
from peelian.pipeline.planning.area_shapes import read_areas
from peelian.store.catalogue import transaction
from peelian.store.context_files import replace_context_file

KINDS: Final = ("hotspot", "beat", "order", "licensing")


@dataclass(frozen=True)
class ImportedAreas:
    """What an import came to: rows of the file = `kept` + the rows of `quarantined` (row, reason)."""

    kind: str
    file: str
    sha256: str
    rows: int
    kept: int
    mended: int
    quarantined: tuple[tuple[int, str], ...]
    replaced: bool

    def to_json(self) -> dict[str, Any]:
        """Give it as plain data."""
        return vars(self) | {"quarantined": [{"row": r, "reason": why} for r, why in self.quarantined]}


def import_areas(
    ctx: Context, path: Path, kind: str, *, crs: str | None = None, layer: str | None = None,
    tick: Tick = no_tick,
) -> ImportedAreas:  # fmt: skip
    """Read a file of one kind of areas; it replaces what was held of that kind. Nothing of it is lost.

    A row that cannot be used is kept apart with the reason; see `read_areas` for formats and CRS.

    Raises:
        Forbidden: when the policy says no.
        Misuse: an unknown kind, or no such file.
        Refused: the file cannot be read, or none of its rows can be used.
    """
    _check(kind)
    ctx.allow("collection", f"areas {kind}")
    tick("reading", 0.0)
    rows = read_areas(path, crs=crs, layer=layer)
    bad = rows.filter(pl.col("reason") != "")
    if bad.height == rows.height:
        raise Refused(
            f"none of the {rows.height} rows can be used: {bad['reason'][0]}",
            expected="polygons in Great Britain",
        )
    held = areas_file(ctx, kind)
    replaced = held.is_file()
    held.parent.mkdir(parents=True, exist_ok=True)
    temporary = held.with_suffix(".tmp")
    rows.write_parquet(temporary)
    temporary.rename(held)
    digest = _digest(path)
    with transaction(ctx.ws) as conn:
        replace_context_file(conn, f"areas {kind}", path.name, digest, rows.height)
        ctx.record(conn, "collection", f"{rows.height - bad.height} areas of kind {kind}")
    tick("done", 1.0)
    return ImportedAreas(
        kind, path.name, digest, rows.height, rows.height - bad.height, int(rows["mended"].sum()),
        tuple(bad.select("row", "reason").iter_rows()), replaced,
    )  # fmt: skip


def areas_held(ctx: Context, kind: str) -> pl.DataFrame:
    """Give the usable areas of a kind (columns as `read_areas`, EPSG:27700), by code.

    Raises:
        Misuse: an unknown kind. NotFound: none were imported.
    """
    _check(kind)
    held = areas_file(ctx, kind)
    if not held.is_file():
        raise NotFound(
            f"no areas of kind {kind} are held here", expected="a file of the force's own areas",
            do=f"bring them in with: peelian areas import FILE --kind {kind}",
        )  # fmt: skip
    return pl.read_parquet(held).filter(pl.col("reason") == "").sort("code")


def list_areas(ctx: Context, kind: str | None = None) -> pl.DataFrame:
    """List every row of the files held: kind, code, name, km2, mended, and why one cannot be used.

    Raises:
        Misuse: an unknown kind. Forbidden: when the policy says no.
    """
    if kind is not None:
        _check(kind)
    ctx.consult("consultation", "areas")
    wanted = [kind] if kind else list(KINDS)
    parts = [
        pl.read_parquet(areas_file(ctx, one)).select(
            pl.lit(one).alias("kind"), "row", "code", "name", "km2", "mended", "reason"
        )
        for one in wanted
        if areas_file(ctx, one).is_file()
    ]
    return pl.concat(parts) if parts else pl.DataFrame()


def areas_file(ctx: Context, kind: str) -> Path:
    """Name the file that a kind's areas are kept in."""
    return ctx.ws.areas / "own" / f"{kind}.parquet"


def _check(kind: str) -> None:
    if kind not in KINDS:
        raise Misuse("an unknown kind of area", expected=", ".join(KINDS))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
