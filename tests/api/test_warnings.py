"""Warnings by API and on pages: the same facts, each step with its reason, repeats never below LSOA."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
import shapely
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.warning import Counted
from peelian.store.audit import list_audit
from peelian.store.catalogue import transaction
from peelian.store.outbox import Message, Outcome, enqueue, lease, settle
from peelian.store.runs import add_run
from peelian.store.warnings import Watched, keep_warnings
from peelian.store.workspace import Workspace
from tests.api.run_folder import write_run
from tests.warnings_made import made, repeats
from tests.workspaces import fresh

SEE = {"step": "seen", "reason": "read at the meeting", "version": 0}


@pytest.fixture
def house(tmp_path: Any) -> Workspace:
    ws = fresh(tmp_path / "home")
    add_run(ws, "run", write_run(ws.runs / "run"))
    looked = [Watched("SIM1", "asb", made().as_of, 214)]
    raised = [made(), repeats(), made("w2", places=("9",), target="robbery", strength=1.5)]
    keep_warnings(ws, LOCAL_ANALYST, "prevention", raised, watched=looked)
    return ws


@pytest.fixture
def desk(house: Workspace) -> Iterator[TestClient]:
    app = create_app(house, actor=LOCAL_ANALYST, purpose="prevention")
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        yield client


def test_the_list_is_filtered_and_paged(desk: TestClient) -> None:
    every = desk.get("/api/v1/warnings").json()
    assert (every["total"], [one["id"] for one in every["warnings"]]) == (3, ["r1", "w1", "w2"])
    assert desk.get("/api/v1/warnings", params={"target": "robbery"}).json()["total"] == 1
    assert desk.get("/api/v1/warnings", params={"state": "closed"}).json()["total"] == 0
    second = desk.get("/api/v1/warnings", params={"limit": 2, "page": 2}).json()
    assert [one["id"] for one in second["warnings"]] == ["w2"]
    for bad in ("state=lost", "limit=0", "page=0", "limit=9999"):
        assert desk.get(f"/api/v1/warnings?{bad}").status_code == 422


def test_one_warning_tells_its_life_and_what_may_follow(desk: TestClient) -> None:
    one = desk.get("/api/v1/warnings/w1").json()
    assert (one["state"], one["next"]) == ("new", ["seen"])
    assert [step["step"] for step in one["life"]] == ["raised"]
    assert one["card"]["title"] == made().title
    assert "no reason to stop" in one["not_meant"]
    assert desk.get("/api/v1/warnings/none").status_code == 404


def test_a_whole_life_by_api(desk: TestClient, house: Workspace) -> None:
    steps: list[dict[str, Any]] = [
        SEE,
        {"step": "assigned", "reason": "path unlit", "agency": "council", "team": "ASB team"},
        {"step": "acted", "reason": "agreed", "agency": "council", "intervention": "lighting repaired"},
        {"step": "closed", "reason": "fell back", "outcome": "problem confirmed"},
    ]
    for k, step in enumerate(steps):
        answer = desk.post("/api/v1/warnings/w1/steps", json=step | {"version": k})
        assert (answer.status_code, answer.json()["state"]) == (201, step["step"])
    one = desk.get("/api/v1/warnings/w1").json()
    assert (one["agency"], one["team"], one["outcome"]) == ("council", "ASB team", "problem confirmed")
    assert one["life"][3]["intervention"] == "lighting repaired"
    assert one["next"] == []
    assert [row.verb for row in list_audit(house, last=9)].count("alteration") >= 4


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (SEE | {"reason": " "}, 422, "reason"),
        (SEE | {"step": "new"}, 422, "no such step"),
        (SEE | {"step": "closed", "outcome": "nothing found"}, 409, "cannot become closed"),
        (SEE | {"version": 7}, 409, "has changed"),
        (SEE | {"reason": "spoke to Mrs Smith"}, 422, "a name"),
        (SEE | {"reason": "ring 07700 900123"}, 422, "a phone number"),
        (SEE | {"who": "someone"}, 422, "cannot be used"),
    ],
)
def test_a_step_that_cannot_be_says_why(
    desk: TestClient, body: dict[str, Any], status: int, said: str
) -> None:
    answer = desk.post("/api/v1/warnings/w1/steps", json=body)
    assert answer.status_code == status
    assert said in answer.json()["message"]
    assert "Smith" not in answer.text
    assert desk.get("/api/v1/warnings/w1").json()["state"] == "new"


def test_repeats_are_told_by_lsoa_everywhere(desk: TestClient, house: Workspace) -> None:
    keep_warnings(house, LOCAL_ANALYST, "prevention", [repeats("r2", support="cell", places=("77",))])
    for id_ in ("r1", "r2"):
        texts = [
            desk.get(path).text
            for path in (f"/api/v1/warnings/{id_}", "/api/v1/warnings", "/warnings", f"/warnings/{id_}",
                         "/api/v1/warnings.geojson")
        ]  # fmt: skip
        assert [("12 Mill Lane" in text, '"77"' in text) for text in texts] == [(False, False)] * 5
        card = desk.get(f"/api/v1/warnings/{id_}").json()["card"]
        assert not {"easting", "northing", "radius_m"} & set(card)
    assert "Marsh 001A" in desk.get("/warnings/r1").text
    assert "not shown below LSOA" in desk.get("/warnings/r2").text


def test_shapes_are_circles_or_areas_and_repeats_have_none_without_outlines(
    desk: TestClient, house: Workspace
) -> None:
    shapes = {one["id"]: one for one in desk.get("/api/v1/warnings.geojson").json()["features"]}
    assert shapes["r1"]["geometry"] is None
    ring = shapes["w1"]["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    middle = shapely.Polygon(ring).centroid
    wide = max(math.dist((x * math.cos(math.radians(y)), y), (middle.x * math.cos(math.radians(y)), middle.y))
               for x, y in ring) * 111_195  # fmt: skip
    assert wide == pytest.approx(450, rel=0.01)
    held = house.home / "settings" / "boundaries" / "lsoa.parquet"
    held.parent.mkdir(parents=True)
    square = shapely.box(-0.5, 52.1, -0.49, 52.11)
    pl.DataFrame({"code": ["E01000001"], "wkb": [shapely.to_wkb(square)]}).write_parquet(held)
    again = {one["id"]: one for one in desk.get("/api/v1/warnings.geojson").json()["features"]}
    assert shapely.from_geojson(json.dumps(again["r1"]["geometry"])).equals(square)


def test_pages_say_what_the_api_says(desk: TestClient) -> None:
    page = desk.get("/warnings").text
    assert "3 open: 3 new." in page
    assert "214 places watched" in page
    for one in desk.get("/api/v1/warnings").json()["warnings"]:
        assert f'data-warning="{one["id"]}"' in page
        assert one["false_alarms"] in page
    assert desk.get("/warnings?target=robbery").text.count("data-warning=") == 1
    assert "fits this filter" in desk.get("/warnings?state=closed").text


def test_pages_hold_no_script_no_inline_style_and_nothing_from_elsewhere(desk: TestClient) -> None:
    for path in ("/warnings", "/warnings/w1", "/warnings/r1"):
        text = desk.get(path).text
        for word in ("<script", "style=", "<style", "http://", "https://", "onclick"):
            assert word not in text, (path, word)


def test_nothing_found_is_said_with_what_was_watched(tmp_path: Any) -> None:
    ws = fresh(tmp_path / "none")
    app = create_app(ws, actor=LOCAL_ANALYST, purpose="prevention")
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        assert "nothing has been watched yet" in client.get("/warnings").text
        looked = [Watched("SIM1", "asb", made().as_of, 1_234)]
        keep_warnings(ws, LOCAL_ANALYST, "prevention", [], watched=looked)
        assert "No early warnings: 1,234 places watched." in client.get("/warnings").text


def test_a_step_by_form_needs_no_script(desk: TestClient) -> None:
    done = desk.post("/warnings/w1/steps", data={name: str(value) for name, value in SEE.items()})
    assert (done.status_code, done.headers["location"]) == (303, "/warnings/w1?done=seen")
    assert "the warning is now seen" in desk.get("/warnings/w1?done=seen").text
    stale = desk.post("/warnings/w1/steps", data={"step": "closed", "reason": "typed <b>before</b>",
                                                     "version": "0", "outcome": "nothing found"})  # fmt: skip
    assert stale.status_code == 409
    assert "The step was not taken" in stale.text
    assert "typed &lt;b&gt;before&lt;/b&gt;" in stale.text
    assert desk.post("/warnings/w1/steps", data={"step": "seen"}).status_code == 422
    assert desk.post("/warnings/none/steps", data=SEE).status_code == 404
    assert (
        desk.post("/warnings/w1/steps", data=SEE, headers={"origin": "http://evil.example"}).status_code
        == 403
    )


def test_what_could_not_be_delivered_is_on_the_page(desk: TestClient, house: Workspace) -> None:
    with transaction(house) as conn:
        enqueue(conn, [Message("w1:raised", "webhook", "north-desk", "w1", {})])
    settle(house, [Outcome(lease(house)[0], "the webhook answered 500")], LOCAL_ANALYST, "prevention")
    page = desk.get("/warnings").text
    assert "1 message could not be delivered." in page
    assert "north-desk" in page
    assert "the webhook answered 500" in desk.get("/warnings/w1").text


def test_an_odd_card_is_shown(desk: TestClient, house: Workspace) -> None:
    odd = made("odd", places=("5",), strength=float("inf"), strength_distinct=None, counts=(), similar=(),
               checks=(), set_off_by=(), title="<i>Marsh</i>")  # fmt: skip
    gone = made("gone", places=("6",), counts=tuple(Counted(made().start, None) for _ in range(3)))
    keep_warnings(house, LOCAL_ANALYST, "prevention", [odd, gone])
    assert "many times" in desk.get("/warnings/odd").text
    assert "<i>Marsh" not in desk.get("/warnings").text
    assert desk.get("/warnings/gone").status_code == 200
