"""Entries, problems, actions and decisions as JSON values, the same for pages, machines and commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from peelian.domain.recorded_only import names_power
from peelian.store.actions import HeldAction
from peelian.store.decisions import HeldDecision
from peelian.store.interventions import HeldEntry
from peelian.store.problems import HeldProblem


def entry_json(held: HeldEntry) -> dict[str, Any]:
    """Give an entry of the register; `recorded_only` marks a power that is never planned."""
    entry = held.entry
    return asdict(entry) | {
        "places": list(entry.places), "start": str(entry.start), "end": str(entry.end),
        "last_day": str(entry.end - timedelta(days=1)), "problem": held.problem,
        "recorded_only": names_power(entry.kind, entry.title), "added": held.added.isoformat(),
        "withdrawn": held.withdrawn.isoformat() if held.withdrawn else None,
        "withdrawn_why": held.withdrawn_why,
    }  # fmt: skip


def problem_json(held: HeldProblem) -> dict[str, Any]:
    """Give a problem without what belongs to it."""
    one = held.problem
    return {
        "id": held.id, "title": one.title, "area": one.area, "target": one.target, "state": held.state,
        "stage": held.stage, "owner_agency": one.owner_agency, "area_kind": one.area_kind,
        "places": list(one.places), "names": list(one.names), "warnings": list(one.warnings),
        "parts": dict(one.parts), "opened": held.opened.isoformat(),
        "closed": held.closed.isoformat() if held.closed else None, "closed_why": held.closed_why,
        "version": held.version,
    }  # fmt: skip


def action_json(held: HeldAction, on: date) -> dict[str, Any]:
    """Give an action; `overdue` as of a day."""
    late = held.done is None and held.due < on
    return vars(held) | {
        "due": str(held.due), "done": str(held.done) if held.done else None, "overdue": late,
    }  # fmt: skip


def decision_json(held: HeldDecision) -> dict[str, Any]:
    """Give a decision; `stands` says whether something may be done by it."""
    return vars(held.decision) | {
        "id": held.id, "options": list(held.decision.options), "needs_second": held.needs_second,
        "second_role": held.second_role, "second_approved": held.second_approved,
        "second_why": held.second_why,
        "second_at": held.second_at.isoformat() if held.second_at else None, "queue": held.queue,
        "waits": held.waits, "stands": held.stands, "at": held.at.isoformat(),
    }  # fmt: skip


def whole_json(
    held: HeldProblem, actions: Sequence[HeldAction], decisions: Sequence[HeldDecision],
    entries: Sequence[HeldEntry], on: date,
) -> dict[str, Any]:  # fmt: skip
    """Give a problem with its actions, decisions and interventions."""
    return problem_json(held) | {
        "actions": [action_json(one, on) for one in actions],
        "decisions": [decision_json(one) for one in decisions],
        "interventions": [entry_json(one) for one in entries],
    }
