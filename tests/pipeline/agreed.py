"""Agreements and files that come under them, for tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from peelian.domain.actor import LOCAL_ANALYST
from peelian.ingest.report import IngestReport
from peelian.ingest.run import ingest
from peelian.pipeline.agreements import register
from peelian.pipeline.context import Context
from peelian.sources import SOURCES
from peelian.store.agreements import today
from peelian.store.workspace import Workspace

SAID: dict[str, Any] = {
    "id": "fens-health", "title": "Fenshire health partners, violence data", "controller": "Fens Hospitals",
    "force": "fenshire", "gateway": "serious-violence-duty", "purposes": ["analysis", "prevention"],
    "recipients": ["Fenshire community safety partnership"], "feeds": ["table"],
    "start": "2020-01-01", "expiry": str(today() + timedelta(days=30)),
}  # fmt: skip
MAPPING: dict[str, Any] = {
    "source": "fens-ed", "force": "fenshire", "controller": "Fens Hospitals",
    "columns": {"id": "ref", "occurred": "at", "easting": "e", "northing": "n", "offence": "kind"},
    "codes": {"assault zq": "violence", "noise zq": "asb"},
}  # fmt: skip


def agreement_file(folder: Path, **change: Any) -> Path:
    """Write an agreement file."""
    said = {name: value for name, value in (SAID | change).items() if value is not None}
    path = folder / f"{said['id']}.yaml"
    path.write_text(yaml.safe_dump(said))
    return path


def agree(ctx: Context, folder: Path, **change: Any) -> str:
    """Register an agreement; give its id."""
    return register(ctx, agreement_file(folder, **change)).id


def row(ref: str, day: date, kind: str = "assault zq", easting: int = 400_100) -> str:
    """Give one line of the partner's file."""
    return f"{ref},{day} 12:00,{easting},300100,{kind}"


def take(
    ws: Workspace,
    folder: Path,
    lines: list[str],
    name: str = "ed",
    known: datetime | None = None,
    header: str = "ref,at,e,n,kind",
    accept_drift: bool = False,
    **mapping: Any,
) -> IngestReport:
    """Ingest a partner's file of lines under a mapping."""
    file, rules = folder / f"{name}.csv", folder / f"{name}.map.yaml"
    file.write_text("\n".join([header, *lines]) + "\n")
    rules.write_text(yaml.safe_dump(MAPPING | mapping, sort_keys=False))
    options: dict[str, Any] = {"mapping": str(rules), "available_at": known}
    if accept_drift:
        options["accept_drift"] = True
    return ingest(
        ws, SOURCES["table"], [file], options=options, actor=LOCAL_ANALYST, purpose="administration"
    )
