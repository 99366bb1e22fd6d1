"""schemathesis over the whole API as each role: no 5xx, no status that its description does not name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import status_code_conformance

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST
from peelian.govern.roles import ROLES
from peelian.store.runs import add_run
from peelian.store.workspace import Workspace
from tests.acting_made import added, decided, opened
from tests.api.conftest import RUN
from tests.api.run_folder import write_run
from tests.api.signing import account, app_of, signed_in
from tests.workspaces import fresh

CHECKS = [not_a_server_error, status_code_conformance]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    ws = fresh(tmp_path_factory.mktemp("described") / "home")
    add_run(ws, RUN, write_run(ws.runs / RUN), force="kent")
    problem = opened(ws)
    added(ws, problem.id)
    decided(ws, "problem", problem.id)
    yield ws
    ws.engine.dispose()


def operations(app: Any) -> list[Any]:
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers={"host": "127.0.0.1"})
    found = [one.ok() for one in schema.get_all_operations()]
    return [one for one in found if "stream" not in one.path]  # an answer that does not end


def broken(operation: Any, headers: dict[str, str], examples: int) -> str:
    """Try an operation; give what is wrong, empty if nothing."""

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=bool(os.environ.get("CI")),
        suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def tried(case: Any) -> None:
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)

    try:
        tried()
    except BaseException as error:
        return f"{operation.label}: {str(error)[:600]}"
    return ""


def test_every_operation_as_the_local_analyst(home: Workspace) -> None:
    app = create_app(home, actor=LOCAL_ANALYST, purpose="analysis")
    every = operations(app)
    assert len(every) > 30
    wrong = [said for one in every if (said := broken(one, {"host": "127.0.0.1"}, 2))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", [*ROLES, "nobody"])
def test_some_operations_as_each_role(home: Workspace, role: str) -> None:
    wrong = as_role(home, role, 1, every=8)
    assert not wrong, "\n".join(wrong)


@pytest.mark.soak
@pytest.mark.parametrize("role", [*ROLES, "nobody"])
def test_every_operation_as_each_role_for_long(home: Workspace, role: str) -> None:
    wrong = as_role(home, role, 150)
    assert not wrong, "\n".join(wrong)


def as_role(home: Workspace, role: str, examples: int, every: int = 1) -> list[str]:
    """Try the operations as a role: every so many-th, from another one on for each role."""
    app = app_of(home)
    headers = {"host": "127.0.0.1"}
    if role not in ("nobody", "public"):
        one = account(home, f"r-{role.replace(' ', '-')}-{examples}", role, agency="Council")
        headers["cookie"] = f"peelian={signed_in(app, one).cookies['peelian']}"
    return [
        said
        for one in operations(app)[len(role) % every :: every]
        if (said := broken(one, headers, examples))
    ]


def test_the_description_names_what_may_go_wrong(home: Workspace) -> None:
    app = create_app(home, actor=LOCAL_ANALYST, purpose="analysis")
    for path, methods in app.openapi()["paths"].items():
        for method, said in methods.items():
            assert {"401", "403", "404", "422", "429"} <= set(said["responses"]), (path, method)
