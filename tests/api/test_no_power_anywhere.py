"""Over every page and route: a power that was used stands where what was done is recorded, nowhere else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.plan import NOT_PLANNABLE
from peelian.pipeline.context import Context
from peelian.pipeline.planning.making import PlanRequest, make_plan
from peelian.store.catalogue import transaction
from peelian.store.effect_verdicts import add_verdict
from peelian.store.runs import add_run
from tests.acting_made import added, decided, opened
from tests.api.run_folder import write_run
from tests.api.test_routes import api_routes
from tests.workspaces import fresh

RECORDED = {
    "/interventions", "/api/v1/register", "/api/v1/register/{id_}", "/problems/{problem}",
    "/api/v1/problems/{problem}", "/decisions", "/api/v1/decisions", "/api/v1/decisions/{decision}",
    "/evaluation", "/api/v1/evaluations", "/api/v1/evaluations/{number}",
    "/api/v1/interventions/kinds", "/glossary", "/audit", "/api/v1/audit", "/api/v1/audit.csv",
}  # fmt: skip
"""Where use of a power is recorded, evaluated or looked back on, or its word explained."""
WORDS = (*NOT_PLANNABLE, "an order under the act", "live camera van")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TestClient]:
    ws = fresh(tmp_path / "home")
    add_run(ws, "r1", write_run(ws.runs / "r1") | {"marks_known": True})
    problem = opened(ws)
    reference = "Criminal Justice and Public Order Act 1994"
    for kind, title, at in (("section 60", "An order under the Act", "100"),
                            ("facial recognition", "Live camera van", "101")):  # fmt: skip
        added(ws, problem.id, kind=kind, title=title, places=at, legal_reference=reference)
    decided(ws, "problem", problem.id)
    body = {
        "kind": "section 60", "title": "An order under the Act", "target": "violence", "method": "wdd",
        "every": "month", "from": "2026-01-01", "to": "2026-11-01", "headline": "No change.", "lines": [],
        "nearby": {"why_not": "none asked for"}, "cost": None, "not_measured": [], "design": None,
        "effect": {"method": "wdd", "seen": 1.0, "expected": 1.0, "ratio": None, "ratio_low": None,
                   "ratio_high": None, "change": 0.0, "change_low": -1.0, "change_high": 1.0, "p": 1.0,
                   "treated": 1, "controls": 3, "periods": 1, "level": 0.95, "more": {}, "clear": False},
    }  # fmt: skip
    with transaction(ws) as conn:
        add_verdict(conn, LOCAL_ANALYST, "evaluation", "i1", "wdd", body)
    make_plan(Context(ws), PlanRequest(12))
    app = create_app(ws, actor=LOCAL_ANALYST, purpose="prevention")
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        yield client


def test_no_route_proposes_or_exports_a_power(desk: TestClient) -> None:
    plan = desk.get("/api/v1/plans").json()["plans"][0]["id"]
    named = defaultdict(lambda: "1", {
        "run": "r1", "layer": "expected", "level": "block", "kind": "lighting", "plan": plan, "id_": "i1",
    })  # fmt: skip
    looked, told = 0, set()
    for route in api_routes(desk):
        if "GET" not in route.methods or route.path.endswith("/stream"):
            continue
        answer = desk.get(route.path.replace(":path", "").format_map(named), params={"decision": 1})
        looked += answer.status_code == 200
        text = answer.content.decode("utf-8", "replace").lower()
        if any(word in text for word in WORDS):
            told.add(route.path)
    assert looked > 40
    assert told - RECORDED == set()
    assert "/interventions" in told  # so that the words looked for are the words told
