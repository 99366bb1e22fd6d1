"""The page of a place: its chart and table agree, what was done is told with its verdict, doubts are kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.api.history_chart import history_chart
from peelian.api.places import place_detail
from peelian.api.run_folder import read_run
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.intervention import Entry
from peelian.store.audit import list_audit
from peelian.store.catalogue import transaction
from peelian.store.effect_verdicts import add_verdict
from peelian.store.interventions import add_entry
from peelian.store.place_remarks import list_remarks
from peelian.store.runs import add_run
from peelian.store.workspace import Workspace, open_workspace

from .conftest import RUN
from .run_folder import UNHELD, WINDOW, mask, write_run

CELL = int(mask()[60])


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, TestClient]:
    ws = open_workspace(tmp_path_factory.mktemp("places"))
    add_run(ws, RUN, write_run(ws.runs / RUN))
    app = create_app(ws, actor=LOCAL_ANALYST, purpose="demonstration")
    return ws, TestClient(app, base_url="http://127.0.0.1:8000")


def test_both_addresses_give_the_place(client: TestClient) -> None:
    for path in (f"/places/{CELL}", f"/runs/{RUN}/places/{CELL}", f"/places/{CELL}?run={RUN}&step=2"):
        page = client.get(path)
        assert page.status_code == 200, path
        assert "Why this place" in page.text
        assert "This looks wrong" in page.text
        assert " style=" not in page.text
    assert client.get("/places/7").status_code == 404
    assert client.get(f"/places/{CELL}?step=99").status_code == 422
    assert client.get("/places/0?level=block").status_code == 200


def test_the_chart_adds_up_what_was_recorded(workspace: Workspace) -> None:
    run = read_run(workspace.runs / RUN)
    place = place_detail(run, CELL, 0)
    chart = history_chart(run, place, 0)
    assert chart is not None
    counts = [one["count"] for one in place["history"]]
    told = [None if None in counts[k : k + WINDOW] else sum(counts[k : k + WINDOW])
            for k in range(0, len(counts), WINDOW)]  # fmt: skip
    assert [bar.count for bar in chart.bars] == told
    assert told[0] is None  # one week of it was not published
    assert chart.bars[0].y is None
    assert "not all published" in chart.words
    assert chart.ahead is not None
    assert f"likely range {place['q05']} to {place['q95']}" in chart.ahead.words
    assert chart.ahead.top <= chart.ahead.bottom <= chart.base


def test_nothing_held_draws_nothing(workspace: Workspace) -> None:
    run = read_run(workspace.runs / RUN)
    cell = int(mask()[UNHELD][0])
    assert history_chart(run, place_detail(run, cell, 0), 0) is None


def test_what_was_done_is_told_with_its_verdict(house: tuple[Workspace, TestClient]) -> None:
    ws, client = house
    start = date(2026, 10, 1)
    given = ("lighting", "Lamps in the lane", "SIM1", "cell")
    entry = Entry("", *given, (str(CELL),), start, start + timedelta(days=9), "council", 6.0, "lamps", None,
                  "dark corners", "partnership board")  # fmt: skip
    with transaction(ws) as conn:
        held = add_entry(conn, LOCAL_ANALYST, "prevention", entry)
    assert "nobody has evaluated it" in client.get(f"/places/{CELL}").text
    assert "Lamps in the lane" not in client.get(f"/places/{int(mask()[61])}").text
    with transaction(ws) as conn:
        said = {"headline": "No clear change was seen.", "effect": {"clear": False}}
        add_verdict(conn, LOCAL_ANALYST, "prevention", held.entry.id, "matched", said)
    page = client.get(f"/places/{CELL}").text
    assert "Lamps in the lane" in page
    assert "No clear change was seen." in page
    assert "no clear effect" in page


def test_what_looks_wrong_is_kept_and_answered(house: tuple[Workspace, TestClient]) -> None:
    ws, client = house
    there = f"/places/{CELL}/wrong"
    kept = client.post(there, data={"text": "The school here has closed."}, follow_redirects=False)
    assert kept.status_code == 303
    (one,) = list_remarks(ws)
    assert (one.text, one.place, one.run, one.answer) == ("The school here has closed.", str(CELL), RUN, "")
    assert any(f"correction {one.id}" in row.what for row in list_audit(ws, last=5))
    assert "The school here has closed." in client.get(kept.headers["location"]).text
    answered = client.post(f"/corrections/{one.id}", data={"answer": "Right: its site was taken out."})
    assert answered.status_code == 200
    assert list_remarks(ws)[0].answer == "Right: its site was taken out."
    again = client.post(f"/corrections/{one.id}", data={"answer": "Something else."})
    assert again.status_code == 409 or 400 <= again.status_code < 500
    assert list_remarks(ws)[0].answer == "Right: its site was taken out."


@pytest.mark.parametrize("text", ["", "  ", "ask Mrs Smith", "ring 07700 900123", "x" * 1001])
def test_a_person_or_nothing_is_not_kept(house: tuple[Workspace, TestClient], text: str) -> None:
    ws, client = house
    answer = client.post(f"/places/{CELL}/wrong", data={"text": text})
    assert 400 <= answer.status_code < 500
    assert "Nothing was kept" in answer.text
    assert list_remarks(ws) == []
    assert client.post("/corrections/..%2f..%2fx", data={"answer": "y"}).status_code in {404, 405}
