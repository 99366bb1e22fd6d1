"""Context files: local place names and codes into the workspace's one gazetteer."""

from __future__ import annotations

import hashlib
import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from peelian.domain.errors import Misuse
from peelian.domain.progress import Tick, no_tick
from peelian.gazetteer.entries import Box, read_entries, write_entries
from peelian.gazetteer.loaders import LOADERS, load_kind
from peelian.pipeline.context import Context
from peelian.store.catalogue import transaction
from peelian.store.context_files import list_context_files, replace_context_file


@dataclass(frozen=True)
class Imported:
    """What an import kept: rows by kind of place, and whether it replaced an earlier file of its kind."""

    kind: str
    name: str
    sha256: str
    places: dict[str, int]
    replaced: bool

    @property
    def rows(self) -> int:
        """All rows kept."""
        return sum(self.places.values())


SETTINGS: Final = {
    "boundaries": "peelian.pipeline.setting_boundaries", "lookup": "peelian.pipeline.setting_lookup",
    "calendar": "peelian.pipeline.setting_calendar", "shifts": "peelian.pipeline.setting_shifts",
    "severity": "peelian.pipeline.setting_severity", "population": "peelian.pipeline.setting_population",
    "interventions": "peelian.pipeline.setting_interventions",
    "streets": "peelian.pipeline.setting_streets",
}  # fmt: skip
"""Kinds that are no places: each module has `import_setting(ctx, path, tick) -> Imported`."""


def kinds() -> tuple[str, ...]:
    """Name the kinds of context file."""
    return (*LOADERS, *SETTINGS)


def import_context(
    ctx: Context, kind: str, path: Path, within: Box | None = None, tick: Tick = no_tick
) -> Imported:
    """Read a local file of place names or codes; it replaces what was held of its kind.

    The new gazetteer is written whole and takes the old one's place in one rename, with its catalogue row.

    Raises:
        Forbidden: when the policy says no.
        Misuse: an unknown kind, no such file, or a box that is none.
        Refused: the file is not of that kind, or nothing of it is in the box.
    """
    if kind in SETTINGS:
        made: Imported = importlib.import_module(SETTINGS[kind]).import_setting(ctx, path, tick)
        return made
    ctx.allow("collection", "place names")
    _check_box(within)
    tick("reading", 0.1)
    entries = load_kind(kind, path, within)
    digest = _sha256(path)
    tick("writing", 0.8)
    held = read_entries(ctx.ws.gazetteer)
    write_entries(ctx.ws.gazetteer, pl.concat([held.filter(pl.col("source") != kind), entries]))
    with transaction(ctx.ws) as conn:
        replace_context_file(conn, kind, path.name, digest, entries.height)
        ctx.record(conn, "collection", f"{entries.height} place names of {kind}")
    counts = dict(sorted(entries["kind"].value_counts().iter_rows()))
    return Imported(kind, path.name, digest, counts, bool((held["source"] == kind).any()))


def listed(ctx: Context) -> list[dict[str, Any]]:
    """List the context files held: kind, file, rows, hash, when."""
    ctx.consult("consultation", "place names")
    return [
        {"kind": one.kind, "file": one.name, "rows": one.rows, "sha256": one.sha256[:16],
         "imported": one.at.isoformat(timespec="minutes")}
        for one in list_context_files(ctx.ws)
    ]  # fmt: skip


def _check_box(box: Box | None) -> None:
    if box is None:
        return
    west, south, east, north = box
    if not (0 <= west < east <= 700_000 and 0 <= south < north <= 1_300_000):
        raise Misuse(
            "--within is not a box on the British National Grid",
            expected="WEST,SOUTH,EAST,NORTH in metres, such as 430000,150000,460000,180000",
        )


def _sha256(path: Path) -> str:
    """Give the hash of a file, or of a folder's files by name."""
    digest = hashlib.sha256()
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    for one in files:
        if path.is_dir():
            digest.update(one.relative_to(path).as_posix().encode())
        with one.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
