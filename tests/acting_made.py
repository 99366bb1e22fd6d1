"""Made-up entries, problems and decisions for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.decision import decision_of
from peelian.domain.intervention import Entry
from peelian.domain.problem import Problem
from peelian.domain.register_rules import entry_of
from peelian.store.catalogue import transaction
from peelian.store.decisions import HeldDecision, add_decision
from peelian.store.interventions import HeldEntry, add_entry
from peelian.store.problems import HeldProblem, open_problem
from peelian.store.workspace import Workspace

TODAY = date(2026, 11, 28)
TYPED = {
    "kind": "street-outreach", "title": "Youth outreach in the market", "area": "SIM1", "area_kind": "cell",
    "places": "100; 101", "start": "2026-10-01", "end": "2026-11-01", "agency": "council", "dose": "24",
    "dose_unit": "visits", "cost": "1200", "reason": "reports of anti-social behaviour after school",
    "decision_maker": "partnership chair", "legal_reference": "",
}  # fmt: skip


def typed(**changes: str) -> dict[str, str]:
    return TYPED | changes


def entry(**changes: str) -> Entry:
    return entry_of(typed(**changes))


def added(ws: Workspace, problem: int | None = None, **changes: str) -> HeldEntry:
    with transaction(ws) as conn:
        return add_entry(conn, LOCAL_ANALYST, "prevention", entry(**changes), problem=problem)


def opened(ws: Workspace, **changes: Any) -> HeldProblem:
    parts = {
        "title": "Evenings at the market", "area": "SIM1", "target": "asb", "owner_agency": "council",
        "area_kind": "cell", "places": ("100", "101"), "names": ("High Street", "Mill Lane"),
    }  # fmt: skip
    with transaction(ws) as conn:
        return open_problem(conn, LOCAL_ANALYST, "prevention", Problem(**(parts | changes)))


def decided(ws: Workspace, about_kind: str, about: object, **changes: Any) -> HeldDecision:
    parts = {
        "decided": "youth outreach on three evenings", "by_role": "partnership chair",
        "why": "it fits the hours and the place", "options": ("do nothing", "youth outreach"),
    }  # fmt: skip
    with transaction(ws) as conn:
        taken = decision_of(about_kind, str(about), **(parts | changes))
        return add_decision(conn, LOCAL_ANALYST, "prevention", taken)
