"""A problem is shared with partners; the warnings it came from, with their small counts, are not."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from peelian.domain.actor import LOCAL_ANALYST
from peelian.store.agreements import add_agreement
from peelian.store.catalogue import reading, transaction
from peelian.store.problems import list_problems
from peelian.store.warnings import keep_warnings
from peelian.store.workspace import Workspace
from tests.acting_made import opened
from tests.two_forces import act
from tests.warnings_made import made
from tests.workspaces import fresh

from .signing import account, app_of, signed_in
from .test_access_matrix import isa

AREA = "kent-centre"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """Kent's problem, and one from a warning under an agreement that lets no officer in."""
    ws = fresh(tmp_path_factory.mktemp("partner") / "home")
    act(ws, "kent")
    with transaction(ws) as conn:
        add_agreement(conn, isa("isa", "Hospital", (), ("analysis",)), force="kent")
    shut = made("w-shut", area=AREA, target="violence", agreements=("isa",))
    keep_warnings(ws, LOCAL_ANALYST, "prevention", [shut])
    opened(ws, area=AREA, warnings=("w-shut",), title="From a warning that is shut")
    return app_of(ws, force="")


def number_of(app: FastAPI, title: str) -> int:
    with reading(app.state.house.ws) as conn:
        return next(one.id for one in list_problems(conn) if one.problem.title == title)


def test_a_partner_reads_the_problem_and_not_the_words_of_its_warning(app: FastAPI) -> None:
    ws: Workspace = app.state.house.ws
    path = f"/problems/{number_of(app, 'Evenings in kent')}"
    own = signed_in(app, account(ws, "k1001", "officer")).get(path)
    partner = signed_in(app, account(ws, "p1001", "partner", agency="Council")).get(path)
    assert own.status_code == partner.status_code == 200
    assert "35 reports" in own.text
    assert "35 reports" not in partner.text
    assert "/warnings/w-kent" not in partner.text


def test_a_partner_opens_no_problem_from_a_warning(app: FastAPI) -> None:
    ws: Workspace = app.state.house.ws
    client = signed_in(app, account(ws, "p2002", "partner", agency="Council"))
    said = {"title": "Taken over", "owner_agency": "Council", "area": AREA, "target": "asb"}
    refused = client.post("/api/v1/problems", json=said | {"warnings": "w-kent"})
    assert refused.status_code == 403
    assert "High Street" not in refused.text
    assert client.post("/api/v1/problems", json=said).status_code == 201


def test_a_problem_outlives_what_its_warning_rested_on(app: FastAPI) -> None:
    ws: Workspace = app.state.house.ws
    path = f"/problems/{number_of(app, 'From a warning that is shut')}"
    for id_, role, seen in (("k3003", "analyst", True), ("k4004", "officer", False)):
        purpose = "analysis" if role == "analyst" else "prevention"
        page = signed_in(app, account(ws, id_, role), purpose).get(path)
        assert page.status_code == 200
        assert ("/warnings/w-shut" in page.text) is seen
