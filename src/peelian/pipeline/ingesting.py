"""Ingest: the one door. Looks the source up, hands it to the ingest room, returns its report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from peelian.domain.errors import Misuse
from peelian.domain.progress import Tick, no_tick
from peelian.govern.scope import check_source
from peelian.guard.barred import barred_name
from peelian.ingest.run import IngestReport
from peelian.ingest.run import ingest as run_ingest
from peelian.pipeline.context import Context
from peelian.sources import SOURCES


@dataclass(frozen=True)
class IngestRequest:
    """What was asked for."""

    source: str
    paths: tuple[Path, ...]
    mapping: str | None = None
    force: str | None = None
    available_at: datetime | None = None
    agreement: str | None = None
    accept_drift: bool = False


def ingest(ctx: Context, request: IngestRequest, tick: Tick = no_tick) -> IngestReport:
    """Bring files in; every row ends in one bin.

    Raises:
        Misuse: unknown source, missing path or mapping.
        Refused: a file that cannot be what it was said to be.
    """
    source_id = request.source.replace("-", "_")
    if source_id in SOURCES or barred_name(request.source):
        check_source(request.source)
    if source_id not in SOURCES:
        known = ", ".join(name.replace("_", "-") for name in SOURCES)
        raise Misuse(f"unknown source {request.source!r}", expected=known)
    source = SOURCES[source_id]
    for path in request.paths:
        if not path.exists():
            raise Misuse(f"there is no file or folder {path}", do="check the path")
    if source.SPEC.needs_mapping and request.mapping is None:
        raise Misuse(
            f"{request.source} needs --mapping FILE", expected="a YAML file", do="see docs/sources/table.md"
        )
    options: dict[str, Any] = {"now": datetime.now(UTC)}
    for name in ("mapping", "force", "available_at", "agreement"):
        if getattr(request, name) is not None:
            options[name] = getattr(request, name)
    if request.accept_drift:
        options["accept_drift"] = True
    if ctx.ws.gazetteer.is_file():
        options["gazetteer"] = ctx.ws.gazetteer
    return run_ingest(
        ctx.ws, source, list(request.paths), options=options, actor=ctx.actor, purpose=ctx.purpose, tick=tick
    )
