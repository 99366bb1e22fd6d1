"""Two forces that may not see each other's, in one workspace, asked over HTTP: every page, route and id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from peelian.govern import policy
from peelian.store.catalogue import reading
from peelian.store.interventions import list_entries
from peelian.store.place_remarks import list_remarks
from peelian.store.problems import list_problems
from peelian.store.row_cut import Reader, reading_as
from peelian.store.workspace import Workspace
from tests.serving import serving_app
from tests.two_forces import FORCES, act
from tests.walled import walled
from tests.workspaces import fresh

from .signing import account, app_of, signed_in
from .test_access_matrix import gates
from .test_routes import api_routes

ENDLESS = {"live stream"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    ws = fresh(tmp_path_factory.mktemp("two") / "home")
    for force in FORCES:
        act(ws, force)
    return app_of(ws, force="")


def marks(force: str) -> list[str]:
    """Words that stand only in records of one force."""
    return [f"{force}-centre", f"Evenings in {force}", f"-{force}"]


def named(ws: Workspace, force: str) -> defaultdict[str, str]:
    """What a path may name of a force's records."""
    with reading_as(Reader((force,), ("*",))), reading(ws) as conn:
        problem = str(list_problems(conn)[0].id)
        entry = list_entries(conn)[0].entry.id
    with reading_as(Reader((force,), ("*",))):
        remark = list_remarks(ws)[0].id
    known = {
        "run": f"run-{force}", "plan": f"plan-{force}", "plan_id": f"plan-{force}", "warning": f"w-{force}",
        "problem": problem, "intervention": entry, "entry": entry, "id_": remark, "area": f"{force}-centre",
        "release": f"release-{force}", "layer": "expected", "level": "block",
    }  # fmt: skip
    return defaultdict(lambda: "1", known)


@pytest.mark.parametrize(("mine", "role"), [("kent", "supervisor"), ("essex", "audit")])
def test_no_route_gives_a_word_of_the_other_force(app: FastAPI, mine: str, role: str) -> None:
    """All but what is everyone's (`test_access_matrix` names those lines) and what another role asked."""
    ws: Workspace = app.state.house.ws
    (theirs,) = set(FORCES) - {mine}
    client = signed_in(app, account(ws, f"{role}-{mine}", role, mine))
    both = (named(ws, mine), named(ws, theirs))
    own, asked, leaks = set(), 0, []
    for route in sorted(api_routes(client), key=lambda one: one.path):
        ((verb, what),) = gates(route)
        roles = policy.TABLE[verb, what].roles
        left_out = "public" in roles or (role == "audit" and "supervisor" in roles)
        if what in ENDLESS or "GET" not in route.methods or left_out:
            continue
        for path in dict.fromkeys(_path(route, names) for names in both):
            said = client.get(path)
            asked += 1
            own |= {mark for mark in marks(mine) if mark in said.text}
            if any(mark in _without(said.text, path) for mark in marks(theirs)):
                leaks.append(path)
    assert leaks == []
    if role == "supervisor":
        assert own == set(marks(mine))  # they are there to be seen by their own
    assert asked > (100 if role == "supervisor" else 1)


def _path(route: APIRoute, names: defaultdict[str, str]) -> str:
    return route.path.replace(":path", "").format_map(names)


def _without(text: str, path: str) -> str:
    """Leave out the address that was asked for: who asks for a name knows it already."""
    for part in path.split("/"):
        text = text.replace(part, "") if part else text
    return text


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with walled(tmp_path_factory.mktemp("many")) as (owner, login):
        for force in FORCES:
            act(owner, force)
        yield login


@pytest.mark.postgres
@pytest.mark.parametrize(
    "requests", [120, pytest.param(10_000, marks=[pytest.mark.soak, pytest.mark.timeout(3_000)])]
)
def test_interleaved_requests_over_http_through_pooled_connections(served: Workspace, requests: int) -> None:
    """Eight clients at once, two forces, five connections of a login behind row-level security."""
    made = app_of(served, force="")
    paths = ("/api/v1/runs", "/api/v1/warnings", "/api/v1/problems", "/api/v1/plans", "/api/v1/register")
    tokens = {
        force: signed_in(made, account(served, f"many-{force}", "supervisor", force)).cookies["peelian"]
        for force in FORCES
    }
    with serving_app(made) as address, httpx.Client(base_url=address, timeout=60) as client:

        def ask(n: int) -> tuple[str, httpx.Response]:
            force = FORCES[n % 2]
            headers = {"cookie": f"peelian={tokens[force]}"}
            return force, client.get(paths[(n // 2) % len(paths)], headers=headers)

        with ThreadPoolExecutor(8) as pool:
            for force, said in pool.map(ask, range(requests)):
                (other,) = set(FORCES) - {force}
                assert said.status_code == 200, said.text
                assert f"{force}-centre" in said.text
                assert other not in said.text
