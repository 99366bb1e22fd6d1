"""A small partner file with narratives and weapon codes, its mapping, and how it is taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from peelian.pipeline.context import Context
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.store.workspace import Workspace

MAPPING: dict[str, Any] = {
    "source": "knife-feed", "force": "simulated-fen", "controller": "a fictional force",
    "columns": {
        "id": "ref", "occurred": "at", "available_at": "got", "easting": "e", "northing": "n",
        "offence": "kind", "narrative": "mo", "weapon": "tool",
    },
    "codes": {"8N": "violence", "34B": "robbery", "10D": "weapons-possession"},
    "weapons": {"K": "knife", "B": "blunt object", "N": "none", "default": "unknown"},
}  # fmt: skip
HEADER = "ref,at,got,e,n,kind,mo,tool"


def line(
    ref: int | str,
    text: str = "",
    tool: str = "",
    *,
    kind: str = "8N",
    day: int = 1,
    got: str = "2024-03-31",
    at: str | None = None,
) -> str:
    """Give one line of the file."""
    quoted = '"' + text.replace('"', '""') + '"'
    return f"r{ref},{at or f'2024-03-{day:02d} 12:00'},{got},400100,300100,{kind},{quoted},{tool}"


def mapping_file(folder: Path, **change: Any) -> Path:
    """Write the mapping."""
    path = folder / "knife.map.yaml"
    path.write_text(yaml.safe_dump(MAPPING | change, sort_keys=False))
    return path


def data_file(folder: Path, lines: list[str], name: str = "knife.csv", header: str = HEADER) -> Path:
    """Write the file."""
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n", "utf-8")
    return path


def take(ws: Workspace, file: Path, mapping: Path) -> Any:
    """Ingest it as a user would."""
    return ingest(Context(ws), IngestRequest("table", (file,), str(mapping)))
