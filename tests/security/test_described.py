"""schemathesis over the whole API as each role: no 5xx, no status that its description does not name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import status_code_conformance
from starlette.responses import Response

from peelian.api.app import create_app
from peelian.api.attempts import Attempts
from peelian.domain.actor import LOCAL_ANALYST
from peelian.govern.roles import ROLES
from peelian.store.runs import add_run
from peelian.store.workspace import Workspace
from tests.acting_made import added, decided, opened
from tests.api.conftest import RUN
from tests.api.run_folder import write_run
from tests.api.signing import account, app_of, client_of, signed_in
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
    schema = schemathesis.openapi.from_asgi(
        "/api/v1/openapi.json", app, headers={"host": "127.0.0.1"}, timeout=600
    )
    found = [one.ok() for one in schema.get_all_operations()]
    return [one for one in found if "stream" not in one.path]  # an answer that does not end


def broken(operation: Any, who: dict[str, dict[str, str]], examples: int, *, fixed: bool = True) -> list[str]:
    """Send the same requests to an operation as each of `who`; give what is wrong, none if nothing."""
    wrong: dict[str, str] = {}

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=fixed,
        suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def tried(case: Any) -> None:
        for role, headers in who.items():
            try:
                case.validate_response(case.call(headers=headers, timeout=600), checks=CHECKS)
            except (Exception, BaseExceptionGroup) as error:
                wrong[role] = f"{operation.label} as {role}: {str(error)[:600]}"

    tried()
    return list(wrong.values())


def as_each_role(home: Workspace, mark: str) -> tuple[Any, dict[str, dict[str, str]]]:
    """Give an app people sign in to, and the headers of a request of each role, and of someone signing in."""
    app = app_of(home)
    app.state.attempts = Attempts(10**9)
    client = client_of(app)
    client.get("/sign-in")
    who = {"public": {}, "signing in": {"cookie": f"peelian={client.cookies['peelian']}"}}
    for role in ROLES[:-1]:
        one = account(home, f"{mark}-{role}", role, agency="Council")
        who[role] = {"cookie": f"peelian={signed_in(app, one).cookies['peelian']}"}
    return app, {role: {"host": "127.0.0.1", **headers} for role, headers in who.items()}


def test_every_operation_as_the_local_analyst(home: Workspace) -> None:
    app = create_app(home, actor=LOCAL_ANALYST, purpose="analysis")
    every = operations(app)
    assert len(every) > 30
    local = {"local analyst": {"host": "127.0.0.1"}}
    wrong = [said for one in every for said in broken(one, local, 2)]
    assert not wrong, "\n".join(wrong)


def test_every_operation_as_each_role(home: Workspace) -> None:
    app, who = as_each_role(home, "few")
    assert set(who) == {*ROLES, "signing in"}
    wrong = [said for one in operations(app) for said in broken(one, who, 2)]
    assert not wrong, "\n".join(wrong)


def test_a_status_that_is_not_described_is_told_for_each_role(home: Workspace) -> None:
    """What finds nothing must be able to."""
    app, who = as_each_role(home, "told")
    app.add_api_route("/api/v1/odd", lambda: Response(status_code=418))
    app.add_api_route("/api/v1/broken", lambda: Response(status_code=500), responses={500: {}})
    app.openapi_schema = None
    for one in operations(app):
        if one.path in ("/api/v1/odd", "/api/v1/broken"):
            assert len(broken(one, who, 1)) == len(who), one.label


@pytest.mark.soak
def test_every_operation_as_each_role_for_long(home: Workspace) -> None:
    app, who = as_each_role(home, "long")
    wrong = [said for one in operations(app) for said in broken(one, who, 150, fixed=False)]
    assert not wrong, "\n".join(wrong)


def test_the_description_names_what_may_go_wrong(home: Workspace) -> None:
    app = create_app(home, actor=LOCAL_ANALYST, purpose="analysis")
    for path, methods in app.openapi()["paths"].items():
        for method, said in methods.items():
            assert {"401", "403", "404", "422", "429"} <= set(said["responses"]), (path, method)
