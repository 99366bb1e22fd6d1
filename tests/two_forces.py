"""Everything that a force acts by and is warned of, written once for each of two forces of one workspace."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import Connection, Table, select

from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.problem import action_of
from peelian.domain.warning_delivery import Delivery, Recipient
from peelian.domain.warning_life import step_of
from peelian.store import tables
from peelian.store.access_tables import EVERYONES
from peelian.store.actions import add_action
from peelian.store.catalogue import transaction
from peelian.store.designs import lock_design
from peelian.store.effect_verdicts import add_verdict
from peelian.store.gates import set_gate
from peelian.store.place_remarks import Remark, add_remark
from peelian.store.releases import propose
from peelian.store.runs import add_run
from peelian.store.warning_life import take_step
from peelian.store.warning_settings import write_delivery
from peelian.store.warnings import Watched, keep_warnings
from peelian.store.workspace import Workspace
from tests.acting_made import added, decided, opened
from tests.store.test_plans import keep, made
from tests.warnings_made import made as made_warning

FORCES: Final = ("kent", "essex")
ACTED: Final = (
    "run", "plan", "problem", "action", "decision", "intervention", "study_design", "effect_verdict",
    "warning", "warning_step", "warning_watch", "outbox", "gate_verdict", "release",
)  # fmt: skip
"""Tables that `act` writes to; each of its rows names the force and, where there is one, the area."""
_ME: Final = (LOCAL_ANALYST, "prevention")


def area_of(force: str) -> str:
    """Give the code of the force's one area."""
    return f"{force}-centre"


def act(ws: Workspace, force: str) -> None:
    """Write one of everything, by the local analyst, who names no force."""
    area = area_of(force)
    write_delivery(
        ws, Delivery(recipients=(Recipient("desk", "desk", "webhook", "https://desk.example/in"),))
    )
    card = {"area": {"code": area, "name": area}, "target": "asb", "every": "week"}
    add_run(ws, f"run-{force}", card, force=force)
    watched = [Watched(area, "asb", date(2026, 10, 19), 2)]
    keep_warnings(ws, *_ME, [made_warning(f"w-{force}", area=area)], watched=watched)
    take_step(ws, *_ME, f"w-{force}", step_of("seen", reason="read at the meeting"))
    card = {"visits": 4, "places": 3, "covered": 1.0, "all_harm": 2.0, "gap": 0.0, "rivals": {}}
    keep(ws, made(f"plan-{force}", area=area, run=f"run-{force}", card=card))
    problem = opened(ws, area=area, warnings=(f"w-{force}",), title=f"Evenings in {force}")
    decided(ws, "plan", f"plan-{force}")
    entered = added(ws, problem.id, area=area).entry.id
    decision = decided(ws, "problem", problem.id).id
    with transaction(ws) as conn:
        add_action(conn, *_ME, problem.id, action_of("repair lamps", "council", date(2026, 12, 1), decision))
        lock_design(conn, *_ME, f"design-{force}", {"a": 1}, by_role="analyst", intervention=entered)
        add_verdict(conn, *_ME, entered, "wdd", {"effect": 0.0}, design=f"design-{force}")
        propose(conn, *_ME, {
            "id": f"release-{force}", "tier": "public", "kind": "counts", "area": area, "target": "asb",
            "start": date(2026, 1, 1), "end": date(2026, 4, 1), "table": {"shown": [], "withheld": []},
            "told": [],
        })  # fmt: skip
    set_gate(ws, area, "asb", "week", 4, 1, "plain", {"passed": False})
    add_remark(ws, *_ME, Remark("", area, f"run-{force}", "cell", "1", "High Street", "the bin is gone", ""))


def owners_seen(conn: Connection) -> dict[str, set[str]]:
    """Give, for every table of records, the forces of the rows that the present reader is given."""
    return {name: set(conn.execute(select(table.c.force)).scalars()) for name, table in _records().items()}


def areas_seen(conn: Connection) -> set[str]:
    """Give the areas of all rows that the present reader is given."""
    return {
        str(area) for table in _records().values() if "area" in table.c
        for area in conn.execute(select(table.c.area)).scalars()
    }  # fmt: skip


def _records() -> dict[str, Table]:
    return {
        name: table for name, table in tables.METADATA.tables.items()
        if "force" in table.c and name not in EVERYONES
    }  # fmt: skip
