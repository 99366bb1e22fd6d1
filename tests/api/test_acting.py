"""Acting by API and on pages: the same rules by both, nothing leaves without a decision, no script needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST
from peelian.store.audit import list_audit
from peelian.store.runs import add_run
from peelian.store.warnings import keep_warnings
from peelian.store.workspace import Workspace
from tests.acting_made import typed
from tests.api.run_folder import write_run
from tests.warnings_made import made, repeats
from tests.workspaces import fresh

PROBLEM = {"title": "Evenings at the market", "owner_agency": "council", "warnings": "w1"}
DECISION = {
    "about_kind": "problem", "about": "1", "decided": "youth outreach on three evenings",
    "by_role": "partnership chair", "why": "fits the hours", "options": "do nothing\nyouth outreach",
}  # fmt: skip
ACTION = {"what": "repair the lamps", "agency": "council", "due": "2020-01-31", "decision": "1"}
POWER = "Criminal Justice and Public Order Act 1994, section 60"
PAGES = (
    "/problems",
    "/problems/1",
    "/decisions",
    "/interventions",
    "/actions",
    "/problems/1/tasking?decision=1",
)


@pytest.fixture
def house(tmp_path: Any) -> Workspace:
    ws = fresh(tmp_path / "home")
    add_run(ws, "run", write_run(ws.runs / "run"))
    keep_warnings(ws, LOCAL_ANALYST, "prevention", [made(), repeats()])
    return ws


@pytest.fixture
def desk(house: Workspace) -> Iterator[TestClient]:
    app = create_app(house, actor=LOCAL_ANALYST, purpose="prevention")
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        yield client


def post(desk: TestClient, path: str, body: dict[str, Any], status: int = 201) -> Any:
    answer = desk.post(f"/api/v1/{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_from_a_warning_to_a_closed_problem(desk: TestClient, house: Workspace) -> None:
    one = post(desk, "problems", PROBLEM)
    assert (one["places"], one["names"], one["target"]) == (
        ["100", "101"],
        ["High Street", "Mill Lane"],
        "asb",
    )
    assert "none was named" in desk.get("/api/v1/problems/1/tasking").json()["message"]
    post(desk, "problems/1/actions", ACTION, 404)
    assert post(desk, "decisions", DECISION)["cites_forecast"] is True
    assert post(desk, "problems/1/actions", ACTION)["overdue"] is True
    post(desk, "register", typed(problem="1"))
    post(desk, "register", typed(problem="1", kind="section 60", legal_reference=POWER))
    pack = desk.get("/api/v1/problems/1/tasking?decision=1").json()
    assert [one["id"] for one in pack["interventions"]] == ["i1"]
    assert "1 entries of the register" in pack["left_out"][0]
    (council,) = desk.get("/api/v1/actions").json()["agencies"]
    assert (council["agency"], council["actions"][0]["problem_title"]) == ("council", one["title"])
    post(desk, "problems/1/closing", {"reason": "over"}, 409)
    post(desk, "actions/1/end", {"outcome": "lamps burn"})
    post(desk, "problems/1/parts", {"part": "assessment", "text": "reports fell back, doubt is wide"})
    assert post(desk, "problems/1/closing", {"reason": "over"})["state"] == "closed"
    whole = desk.get("/api/v1/problems/1").json()
    assert [len(whole[name]) for name in ("actions", "decisions", "interventions")] == [1, 1, 2]
    said = [row.what for row in list_audit(house, last=100)]
    kept = (
        "problem 1 opened", "decision 1 about problem 1: taken", "intervention i1 entered: street-outreach",
        "problem 1: assessment written", "problem 1 closed",
    )  # fmt: skip
    for what in kept:
        assert said.count(what) == 1, what


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"dose": ""}, 409, "lacks its dose"),
        ({"end": "2026-09-01"}, 409, "ends before it starts"),
        ({"end": "2999-09-01"}, 409, "lies in the future"),
        ({"area": "ELSE"}, 409, "not known here"),
        ({"kind": "facial recognition"}, 409, "no legal reference"),
        ({"start": "soon"}, 422, "not a day"),
        ({"decision_maker": "Mrs Smith"}, 422, "a name"),
        ({"reason": "ring 07700 900123"}, 422, "a phone number"),
        ({"problem": "9"}, 404, "no such problem"),
        ({"who": "x"}, 422, "cannot be used"),
    ],
)
def test_an_entry_that_cannot_be_says_why(
    desk: TestClient, changes: dict[str, str], status: int, said: str
) -> None:
    message = post(desk, "register", typed(**changes), status)["message"]
    assert said in message
    assert "Smith" not in message
    assert desk.get("/api/v1/register").json()["entries"] == []


def test_an_overlap_is_refused_and_a_withdrawal_frees_it(desk: TestClient) -> None:
    post(desk, "register", typed())
    assert "overlaps entry i1" in post(desk, "register", typed(), 409)["message"]
    post(desk, "register/i1/withdrawal", {"reason": "entered twice"})
    assert post(desk, "register", typed())["id"] == "i2"
    assert len(desk.get("/api/v1/register?withdrawn=true").json()["entries"]) == 2
    assert desk.get("/api/v1/register/i1").json()["withdrawn_why"] == "entered twice"
    assert desk.get("/api/v1/register/i9").status_code == 404


def test_a_power_where_a_forecast_points_waits_in_the_ethics_queue(desk: TestClient) -> None:
    post(desk, "problems", PROBLEM)
    one = post(desk, "decisions", DECISION | {"decided": "deploy facial recognition"})
    assert (one["waits"], one["queue"], one["stands"]) == (True, "ethics", False)
    assert "waits for its second" in desk.get("/api/v1/problems/1/tasking?decision=1").json()["message"]
    assert "Ethics queue" in desk.get("/decisions").text
    yes = {"role": "ethics panel", "why": "seen", "approve": "yes"}
    post(desk, "decisions/1/second", yes | {"role": "Partnership Chair"}, 409)
    done = desk.post("/decisions/1/second", data=yes)
    assert done.status_code == 303
    assert "Ethics queue: waiting" not in desk.get("/decisions").text
    assert desk.get("/api/v1/decisions?queue=ethics").json()["decisions"][0]["stands"] is True
    for path in ("/api/v1/problems/1/tasking?decision=1", "/problems/1/tasking?decision=1"):
        assert desk.get(path).status_code == 409  # recorded, never exported
    post(desk, "problems/1/actions", ACTION, 409)


def test_no_power_is_proposed_by_a_response_or_an_action(desk: TestClient) -> None:
    post(desk, "problems", PROBLEM)
    post(desk, "decisions", DECISION)
    post(desk, "problems/1/parts", {"part": "response", "text": "a Section 60 order each Friday"}, 409)
    post(desk, "problems/1/actions", ACTION | {"what": "stop and search at the gate"}, 409)


def test_a_later_refusal_takes_the_decision_back(desk: TestClient) -> None:
    post(desk, "problems", PROBLEM)
    post(desk, "decisions", DECISION)
    assert desk.get("/problems/1/tasking?decision=1").status_code == 200
    post(desk, "decisions", DECISION | {"refused": "yes", "decided": "wait for the lamps"})
    assert "followed by decision 2" in desk.get("/api/v1/problems/1/tasking?decision=1").json()["message"]


def test_repeat_reports_stay_coarse_and_out_of_the_pack(desk: TestClient) -> None:
    one = post(desk, "problems", PROBLEM | {"warnings": "r1"})
    assert (one["area_kind"], one["places"]) == ("lsoa", ["E01000001"])
    fine = PROBLEM | {"warnings": "r1", "area": "SIM1", "target": "asb", "area_kind": "cell", "places": "100"}
    assert "LSOA at the finest" in post(desk, "problems", fine, 409)["message"]
    post(desk, "decisions", DECISION)
    pack = desk.get("/api/v1/problems/1/tasking?decision=1").json()
    assert pack["warnings"] == []
    assert "welfare" in pack["left_out"][0]
    assert "Mill Lane" not in desk.get("/problems/1").text


def test_forms_need_no_script_and_keep_what_was_typed(desk: TestClient) -> None:
    assert desk.post("/problems", data=PROBLEM).headers["location"] == "/problems/1"
    assert desk.post("/decisions", data=DECISION).headers["location"] == "/decisions?done=1"
    assert desk.post("/problems/1/actions", data=ACTION).status_code == 303
    assert (
        desk.post(
            "/problems/1/parts", data={"part": "scanning", "text": "fights", "version": "1"}
        ).status_code
        == 303
    )
    stale = desk.post(
        "/problems/1/parts", data={"part": "scanning", "text": "typed <b>late</b>", "version": "1"}
    )
    assert stale.status_code == 409
    assert "Nothing was kept" in stale.text
    assert "typed &lt;b&gt;late&lt;/b&gt;" in stale.text
    assert desk.post("/interventions", data=typed()).headers["location"] == "/interventions?done=i1"
    again = desk.post("/interventions", data=typed(reason="as typed"))
    assert (again.status_code, "overlaps entry i1" in again.text, "as typed" in again.text) == (
        409,
        True,
        True,
    )
    assert desk.post("/interventions/i1/withdrawal", data={"reason": "twice"}).status_code == 303
    assert desk.post("/interventions/i1/withdrawal", data={}).status_code == 422
    assert desk.post("/problems/1/actions/1/end", data={"outcome": "done"}).status_code == 303
    assert desk.post("/problems/1/closing", data={"reason": "over", "version": "4"}).status_code == 409
    assert desk.post("/decisions", data=DECISION | {"options": ""}).status_code == 422
    assert desk.post("/problems", data=PROBLEM, headers={"origin": "http://evil.example"}).status_code == 403


def test_pages_hold_no_script_and_say_what_the_api_says(desk: TestClient) -> None:
    for page in PAGES[:1] + PAGES[2:5]:
        assert desk.get(page).status_code == 200, page
    post(desk, "problems", PROBLEM | {"title": "<i>Market</i> | evenings"})
    post(desk, "decisions", DECISION)
    post(desk, "problems/1/actions", ACTION)
    post(desk, "register", typed(problem="1"))
    for page in PAGES:
        text = desk.get(page).text
        for word in ("<script", "style=", "<style", "http://", "https://", "onclick", "<i>"):
            assert word not in text, (page, word)
    assert 'data-problem="1"' in desk.get("/problems").text
    assert 'data-entry="i1"' in desk.get("/interventions").text
    assert "Overdue" in desk.get("/actions").text
    assert 'value="w1"' in desk.get("/problems?warning=w1").text
    text = desk.get("/api/v1/problems/1/tasking?decision=1&format=markdown").text
    assert text.startswith("# Tasking pack: \\<i\\>Market\\</i\\> \\| evenings")
    assert "| repair the lamps | council | 31 January 2020 | overdue |" in text
