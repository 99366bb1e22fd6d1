"""Gather the facts of an area's use from the workspace: register, runs, gates, feeds, agreements, answers."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from peelian import __version__
from peelian.api.transparency_settings import answers
from peelian.api.transparency_system import source_urls, system_says
from peelian.domain.agreement import GATEWAYS, Agreement
from peelian.domain.errors import NotFound
from peelian.govern.records.facts import DataFacts, Facts, ModelFacts
from peelian.govern.scope import sources
from peelian.store.agreements import get_agreement
from peelian.store.catalogue import reading
from peelian.store.coverage import coverage
from peelian.store.deployments import EVERY, deployments
from peelian.store.grounds import beside_events, grounds
from peelian.store.row_cut import reading_as
from peelian.store.runs import RunRow, list_runs
from peelian.store.stopped import stopped_too
from peelian.store.workspace import Workspace

NOT_AUDITED = "not audited: nothing is known of how it falls on different areas"


def known_uses(ws: Workspace) -> list[str]:
    """Give the areas that have a run or a line in the register."""
    with reading_as(None), stopped_too():
        held = {row.area for row in list_runs(ws, last=1000)} | set(deployments(ws))
    return sorted(held - {"", EVERY})


def gather(ws: Workspace, area: str) -> Facts:
    """Give the facts of an area, also of a stopped one; whoever asks, for the records are public.

    Raises:
        NotFound: nothing here is of that area.
        Misuse: the organisation's answers cannot be read.
    """
    with reading_as(None), stopped_too():
        rows = list_runs(ws, area, last=1000)
        said = deployments(ws)
        entry = said.get(area) or said.get(EVERY)
        if not rows and area not in said:
            raise NotFound("there is no such area here", do="look at its name again")
        newest = _newest(rows)
        data = _data(ws, {force for row in newest for force in row.card.get("forces") or (row.force,)})
        agreements = _agreements(ws, {id_ for one in data for id_ in one.agreements})
    named = newest[0].card.get("area") if newest else None
    about = named if isinstance(named, dict) else {}
    status, owner, basis, ethics = (
        str(getattr(entry, name)) if entry else ""
        for name in ("status", "senior_owner", "lawful_basis", "ethics")
    )
    system = system_says() | {"source_urls": source_urls(one.source for one in data)}
    return Facts(
        area, str(about.get("name") or area), bool(about.get("simulated")), __version__, status, owner, basis,
        ethics, tuple(_model(row) for row in newest), data, agreements, answers(ws, area), system,
    )  # fmt: skip


def _newest(rows: list[RunRow]) -> list[RunRow]:
    found: dict[tuple[str, str, int], RunRow] = {}
    for row in rows:
        found.setdefault((row.target, row.every, int(row.card.get("window") or 1)), row)
    return [found[key] for key in sorted(found)]


def _model(row: RunRow) -> ModelFacts:
    card, model = row.card, row.card.get("model") or {}
    history = card.get("history") or {}
    origin = str(card.get("origin", "an unstated day"))
    fitted = card.get("fitted_at") or origin
    learned = (
        f"Learned from counts of {history.get('from', 'an unstated day')} up to {fitted}, "
        "tried on past dates that it had not seen"
    )
    inputs = f"Past counts by place and {row.every}, cut at {origin}" + (
        f"; {card['events']:,} events read" if "events" in card else ""
    )
    id_, version = str(model.get("id", "")), str(model.get("version") or "not numbered")
    return ModelFacts(
        row.target, str(card.get("title") or row.target), row.every, int(card.get("window") or 1),
        int(card.get("horizon") or 1), str(model.get("title") or id_), version,
        str((card.get("served") or {}).get("sentence", "")), _fairness(row.folder), inputs, learned,
        str(card.get("code_version") or __version__), row.run_id, f"described in docs/models/{id_}.md",
    )  # fmt: skip


def _fairness(folder: Path) -> str:
    path = folder / "fairness.json"
    if not path.is_file():
        return NOT_AUDITED
    held: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return f"{held.get('sentence', NOT_AUDITED)} (audited {str(held.get('made', 'on an unstated day'))[:10]})"


def _data(ws: Workspace, forces: set[str]) -> tuple[DataFacts, ...]:
    held, by = coverage(ws), grounds(ws)
    mine = held.filter(pl.col("force").is_in(sorted(forces))) if forces else held
    out: list[tuple[str, str, int, str, str, int]] = []
    for (source, force), part in sorted(mine.group_by(["source", "force"])):
        out.append((str(source), str(force), int(part["rows"].sum()), *_days(part)))
    for source, force, rows, start, end in beside_events(ws):
        if not forces or force in forces:
            out.append((source, force, rows, str(start), str(end - timedelta(days=1)), 0))
    return tuple(
        DataFacts(source, force, _scope(source), rows, first, last, missing, by.get((source, force), ()))
        for source, force, rows, first, last, missing in out
    )


def _scope(source: str) -> str:
    entry = sources().get(source)
    return f"{entry.cls}: {entry.reason}" if entry else "not on the allow-list"


def _days(part: pl.DataFrame) -> tuple[str, str, int]:
    """Give first and last day, and how many between them no delivery speaks of."""
    spans = sorted(zip(part["start"].to_list(), part["end"].to_list(), strict=True))
    reached, missing = spans[0][0], 0
    for start, end in spans:
        missing += max((start - reached).days, 0)
        reached = max(reached, end)
    last: date = reached - timedelta(days=1)
    return str(spans[0][0]), str(last), missing


def _agreements(ws: Workspace, ids: set[str]) -> dict[str, str]:
    out = {}
    with reading(ws) as conn:
        for id_ in sorted(ids):
            try:
                out[id_] = _words(get_agreement(conn, id_)[0])
            except NotFound:
                out[id_] = "not in the register of agreements"
    return out


def _words(one: Agreement) -> str:
    ends = f"to {one.ended or one.expiry}" if (one.ended or one.expiry) else "without an end"
    kept = f"rows erased after {one.retention_days} days" if one.retention_days else "not erased by age"
    to = ", ".join(one.recipients) or "nobody"
    whose = f"{one.controller}: " if one.controller else ""
    return (
        f"{whose}{one.title}; {GATEWAYS[one.gateway]}; for {', '.join(one.purposes)}; to {to}; {ends}; {kept}"
    )
