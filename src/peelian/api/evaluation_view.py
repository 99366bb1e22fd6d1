"""Verdicts on interventions as JSON values: design, comparison, effect, ring, cost, and what is unknown."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from peelian.api.acting_view import entry_json
from peelian.domain.errors import Fault, NotFound
from peelian.domain.recorded_only import names_power
from peelian.store.designs import get_design
from peelian.store.effect_verdicts import HeldVerdict
from peelian.store.interventions import HeldEntry, get_entry
from peelian.store.workspace import Workspace


def evaluation_json(ws: Workspace, held: HeldVerdict) -> dict[str, Any]:
    """Give a verdict with its entry of the register and its design; `null` marks a null result."""
    entry = _entry(ws, held.intervention)
    body = held.verdict
    return {
        "id": held.id, "intervention": held.intervention, "at": held.at.isoformat(timespec="seconds"),
        "method": held.method, "null": not body["effect"]["clear"],
        "recorded_only": names_power(str(body["kind"]), str(body["title"])),
        "entry": entry_json(entry) if entry else None, "design": _design(ws, held, entry),
        "unknown": unknown_of(body), "verdict": body,
    }  # fmt: skip


def unknown_of(body: dict[str, Any]) -> list[str]:
    """Say what the verdict does not know: what was not measured, and the figures it could not give."""
    out = list(body["not_measured"])
    if "why_not" in body["nearby"]:
        out.insert(0, f"Whether harm moved next door: {body['nearby']['why_not']}")
    cost = body.get("cost")
    if not cost:
        out.insert(0, "The cost of each event avoided: the cost of the work was not entered.")
    elif cost["each"] is None:
        out.insert(0, "The cost of each event avoided: no event was seen to be avoided.")
    elif cost["high"] is None:
        out.insert(0, "The most that each event avoided may have cost: perhaps nothing was avoided.")
    if body["effect"]["ratio"] is None:
        out.insert(0, "The change in per cent: too few events were expected for one.")
    return out


def _entry(ws: Workspace, id_: str) -> HeldEntry | None:
    try:
        return get_entry(ws, id_)
    except NotFound:
        return None


def _design(ws: Workspace, held: HeldVerdict, entry: HeldEntry | None) -> dict[str, Any] | None:
    """Give the design as it stands now; one changed from outside is told as changed."""
    if held.design is None:
        return None
    try:
        design = get_design(ws, held.design)
    except NotFound:
        return {"id": held.design, "state": "missing"}
    except Fault:
        return {"id": held.design, "state": "changed"}
    begun = datetime.combine(entry.entry.start, time(), UTC) if entry else None
    return {
        "id": design.id, "state": "locked", "sha256": design.sha256, "by_role": design.by_role,
        "locked": design.locked.isoformat(timespec="seconds"),
        "before_start": design.locked < begun if begun else None, "randomised": "draw" in design.design,
    }  # fmt: skip
