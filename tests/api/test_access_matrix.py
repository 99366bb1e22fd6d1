"""Every route as every role, and every combination of role, agency, area and agreement against real rows."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import select

from peelian.domain.actor import Verb
from peelian.domain.agreement import Agreement
from peelian.govern import policy
from peelian.govern.roles import ROLES
from peelian.store import tables
from peelian.store.agreements import add_agreement, change_term, today
from peelian.store.audit import list_audit
from peelian.store.catalogue import reading, transaction
from peelian.store.grants import reader_of
from peelian.store.row_cut import Reader, reading_as
from peelian.store.runs import add_run, list_runs
from peelian.store.workspace import Workspace
from tests.store.test_plans import keep, made
from tests.workspaces import fresh

from .run_folder import write_run
from .signing import account, app_of, client_of, csrf_of, signed_in
from .test_routes import _flat, api_routes

PLACES = [("kent", "north"), ("kent", "south"), ("essex", "north"), ("", "north")]


def isa(id_: str, controller: str, recipients: tuple[str, ...], purposes: tuple[str, ...]) -> Agreement:
    day = date(2020, 1, 1)
    return Agreement(id_, "A sharing agreement", controller, "cda-s115", purposes, recipients, ("*",), day,
                     today() + timedelta(days=30))  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Runs and segments of two forces, two areas and two agreements."""
    ws = fresh(tmp_path_factory.mktemp("matrix") / "home")
    every = ("prevention", "analysis", "evaluation")
    with transaction(ws) as conn:
        add_agreement(conn, isa("isa-ambulance", "Ambulance", ("Council",), every), force="kent")
        add_agreement(conn, isa("isa-hospital", "Hospital", ("Nobody",), ("analysis",)), force="essex")
    for n, ((force, area), agreement) in enumerate(product(PLACES, ("", "isa-ambulance", "isa-hospital"))):
        card = write_run(ws.runs / f"r{n}") if n == 0 else {}
        card = {**card, "area": {"code": area, "name": area}, "target": "violence", "every": "week"}
        card |= {"agreements": [agreement] if agreement else []}
        add_run(ws, f"r{n}", card, force=force)
        with transaction(ws) as conn:
            conn.execute(tables.segment.insert().values(
                path=f"s{n}", records="events", source="x", crs="EPSG:27700", force=force,
                agreement=agreement or "open-data", controller={"isa-ambulance": "Ambulance",
                "isa-hospital": "Hospital"}.get(agreement, ""), rows=1, bytes=1, sha256="0" * 64,
                corrections=False, added=1,
            ))  # fmt: skip
    return ws


def gates(route: APIRoute) -> list[tuple[Verb, str]]:
    """What the route asks of the policy."""
    found, waiting = [], [route.dependant]
    while waiting:
        one = waiting.pop()
        waiting += one.dependencies
        if hasattr(one.call, "asks"):
            found.append(one.call.asks)
    return found


def test_every_route_asks_once_and_has_a_line_in_the_table(home: Workspace) -> None:
    missing, unasked = [], []
    for route in api_routes(client_of(app_of(home))):
        asked = gates(route)
        if len(asked) != 1:
            unasked.append(route.path)
        missing += [f'("{verb}", "{what}")  # {route.path}' for verb, what in asked
                    if (verb, what) not in policy.TABLE]  # fmt: skip
    assert unasked == []
    assert missing == [], "add a line each to govern/access_table.py:\n" + "\n".join(sorted(set(missing)))


def test_every_kind_of_job_has_a_line_in_the_table() -> None:
    from peelian.pipeline.jobs import KINDS

    assert {kind for kind in KINDS if ("alteration", f"job {kind}") not in policy.TABLE} == set()


def test_mounted_files_hold_nothing_of_a_workspace(home: Workspace) -> None:
    kept = {getattr(r, "path", "") for r in _flat(app_of(home).routes) if not isinstance(r, APIRoute)}
    assert kept <= {"/static", "/assets", ""}


@pytest.fixture(scope="module")
def app(home: Workspace) -> FastAPI:
    return app_of(home)


@pytest.mark.parametrize("role", ROLES)
def test_each_route_answers_a_role_as_the_table_says(app: FastAPI, home: Workspace, role: str) -> None:
    ws: Workspace = app.state.house.ws
    if role == "public":
        client = client_of(app)
        client.get("/sign-in")
        token = csrf_of(client.get("/sign-in").text)
    else:
        client = signed_in(app, account(ws, f"role-{role}", role, agency="Council"))
        token = csrf_of(client.get("/account").text)
    named = {
        "run": "r0",
        "layer": "expected",
        "level": "block",
        "cell": 4762648,
        "warning": "w1",
        "kind": "x",
    }
    for route in sorted(api_routes(client), key=lambda one: one.path):
        ((verb, what),) = gates(route)
        line = policy.TABLE.get((verb, what))
        if line is None or what in {"sign-out", "own account", "live stream"}:
            continue
        path = route.path.replace(":path", "").format_map(defaultdict(lambda: 1, named))
        if "POST" in route.methods:
            form = {"csrf": token} if not path.startswith("/api/") else None
            answer = client.post(path, data=form) if form else client.post(path, json={})
        else:
            answer = client.get(path)
        newest = list_audit(ws, last=3)
        refused = role not in line.roles
        if refused and role == "public":
            page = "GET" in route.methods and not path.startswith(("/api/", "/ogc"))
            assert answer.status_code == (303 if page else 401), path
            if page:
                assert answer.headers["location"].startswith("/sign-in?next="), path
        elif refused:
            assert answer.status_code == 403, (path, answer.status_code)
        else:
            assert answer.status_code < 500, path
            denied = "is not allowed" in answer.text and answer.status_code == 403
            assert not denied, (path, answer.text[-900:])
        if "POST" not in route.methods or form is None:
            said = f"refused: {what}" if refused else what
            assert any((row.verb, row.what) == (verb, said) for row in newest), path


def readable(force: str, role: str, agency: str, areas: tuple[str, ...], able: set[str]) -> set[str]:
    """Which runs may be read, by the rules as the issue says them."""
    found = set()
    for n, ((owner, area), agreement) in enumerate(product(PLACES, ("", "isa-ambulance", "isa-hospital"))):
        owner = owner or "kent"  # the workspace's own
        if (
            (force in {"*", owner})
            and ("*" in areas or area in areas)
            and (not agreement or agreement in able)
        ):
            found.add(f"r{n}")
    return found


@pytest.mark.parametrize("role", ["analyst", "supervisor", "officer", "partner", "audit"])
def test_matrix_of_agency_area_and_agreement_over_http(app: FastAPI, home: Workspace, role: str) -> None:
    purpose = {"officer": "prevention", "audit": "evaluation"}.get(role, "analysis")
    combinations = product(
        ("kent", "essex", "*"), ("", "Council", "Ambulance"), (("north",), ("south",), ("*",), ()),
        (("isa-ambulance",), ("isa-hospital",), ("*",), ()),
    )  # fmt: skip
    for k, (force, agency, areas, agreements) in enumerate(combinations):
        if role == "partner" and not agency:
            continue
        one = account(home, f"m-{role}-{k}", role, force, agency=agency, areas=areas, agreements=agreements)
        able = set()
        staff = {"kent": "isa-ambulance", "essex": "isa-hospital"}
        for id_, parties in (("isa-ambulance", {"Council", "Ambulance"}), ("isa-hospital", set())):
            named = agency in parties or (role != "partner" and (force == "*" or staff[force] == id_))
            on_list = "*" in agreements or id_ in agreements
            right_purpose = id_ == "isa-ambulance" or purpose == "analysis"
            if named and on_list and right_purpose:
                able.add(id_)
        may = readable(force, role, agency, areas, able)
        with reading(home) as conn:
            reader = reader_of(conn, one.actor, purpose, "kent")  # type: ignore[arg-type]
        assert {a for a in reader.agreements if a.startswith("isa")} == able
        for n in range(12) if k % 13 == 0 and role != "partner" else ():  # who has no line for a run
            client = signed_in(app, one, purpose)
            got = client.get(f"/api/v1/runs/r{n}/evaluation" if role in {"analyst", "supervisor", "audit"}
                             else f"/api/v1/runs/r{n}")  # fmt: skip
            if f"r{n}" in may:
                assert got.status_code in {200, 404, 500}, (k, n, got.text)  # r0 alone has a folder
            else:
                assert got.status_code in {403, 404}, (k, n, got.text)
                assert "such" in got.text or "not allowed" in got.text
        with reading_as(reader), reading(home) as conn:
            paths = set(conn.execute(select(tables.segment.c.path)).scalars())
            seen = list(conn.execute(select(tables.run.c.id, tables.run.c.card)))
        shut = {row.id for row in seen if not set(row.card["agreements"]) <= reader.agreements}
        assert {row.id for row in seen} - shut == may, (role, force, agency, areas, agreements)
        opened = {"open-data"} if "*" in agreements else set()
        expected = set()
        for n, ((owner, _), agreement) in enumerate(product(PLACES, ("", "isa-ambulance", "isa-hospital"))):
            if force in {"*", owner or "kent"} and (agreement or "open-data") in able | opened:
                expected.add(f"s{n}")
        assert paths == expected, (role, force, agency, agreements)


def test_an_agreements_end_stops_reads_at_the_next_request(home: Workspace, app: FastAPI) -> None:
    one = account(home, "ender", "analyst", "kent")
    client = signed_in(app, one, "analysis")
    keep(home, made("of-r1", area="north", run="r1", force="kent", card=_PLAN))
    assert client.get("/api/v1/plans/of-r1").status_code == 200
    assert client.get("/api/v1/runs/r1/evaluation").status_code != 403
    assert _listed(client) == {"north": "r10", "south": "r4"}  # r11 and r5 are under one that is not kent's
    with transaction(home) as conn:
        change_term(conn, "isa-ambulance", ended=today() - timedelta(days=1))
    try:
        said = client.get("/api/v1/runs/r1/evaluation")
        assert said.status_code == 403
        assert "agreement" in said.json()["expected"]
        assert client.get("/api/v1/health").json()["latest_run"] not in {"r1", "r4", "r10"}
        assert _listed(client) == {"north": "r9", "south": "r3"}
        assert client.get("/api/v1/plans/of-r1").status_code == 404
    finally:
        with transaction(home) as conn:
            change_term(conn, "isa-ambulance", expiry=today() + timedelta(days=30))
    assert client.get("/api/v1/runs/r1/evaluation").status_code != 403


_PLAN = {"visits": 4, "places": 3, "covered": 1.0, "all_harm": 2.0, "gap": 0.0, "rivals": {}}


def _listed(client: Any) -> dict[str, str]:
    """The newest run told of each area."""
    return {one["area"]["code"]: one["run"] for one in client.get("/api/v1/runs").json()["runs"]}


def test_interleaved_requests_never_mix(home: Workspace, app: FastAPI) -> None:
    """By threads in one process; 10,000 over HTTP through pooled connections: test_two_forces."""
    asked, requests = [], 120
    for force, area in (("kent", "north"), ("kent", "south"), ("essex", "north"), ("essex", "south")):
        id_ = f"i-{force}-{area}"
        asked.append((force, area, signed_in(app, account(home, id_, "analyst", force, areas=(area,)))))

    def ask(n: int) -> tuple[str, str, list[Any]]:
        force, area, client = asked[n % len(asked)]
        return force, area, client.get("/api/v1/runs").json()["runs"]

    with ThreadPoolExecutor(8) as pool:
        for force, area, runs in pool.map(ask, range(requests)):
            assert {(one["area"]["code"]) for one in runs} <= {area}
            assert bool(runs) == ((force, area) != ("essex", "south"))


def test_no_session_is_shared_by_threads(home: Workspace) -> None:
    with reading_as(Reader(("essex",), ("*",))):
        assert {row.force for row in list_runs(home)} == {"essex"}
        with ThreadPoolExecutor(1) as pool:  # a thread of its own copies nothing: no reader, so no request
            assert len(pool.submit(list_runs, home).result()) == 12


_OF_CELLS = ("/", "/list", "/plans", "/warnings", "/evaluation", "/api/v1/runs", "/api/v1/runs/r0",
             "/api/v1/runs/r0/table", "/api/v1/plans", "/api/v1/warnings", "/api/v1/evaluations")  # fmt: skip


@pytest.mark.parametrize("role", ["partner", "public"])
def test_no_cell_and_no_small_count_reaches_a_partner_or_the_public(
    app: FastAPI, home: Workspace, role: str
) -> None:
    one = account(home, "cells", "partner", "kent", agency="Council") if role == "partner" else None
    client = signed_in(app, one) if one else client_of(app)
    refused = {403} if one else {303, 401}
    paths = {route.path for route in api_routes(client) if "GET" in route.methods}
    assert len(paths & set(_OF_CELLS)) >= 6
    for path in _OF_CELLS:
        if path in paths or path.endswith("/r0") or "/r0/" in path:
            assert client.get(path).status_code in refused | {404}, path
    if one:
        assert client.get("/problems").status_code == 200
    assert client.get("/api/v1/public/tables").status_code == 200


def test_the_public_has_the_open_lines_and_no_other() -> None:
    opened = {what for (_, what), line in policy.TABLE.items() if "public" in line.roles}
    assert opened == {
        "sign-in page", "health", "api description", "help page", "basemap", "glossary",
        "phone page's worker", "OGC landing page", "OGC conformance", "OGC API definition", "sign-in",
        "sign-out", "public tables", "about page", "challenge page", "challenge", "transparency",
    }  # fmt: skip
