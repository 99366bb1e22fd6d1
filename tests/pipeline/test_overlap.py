"""Who saw what, by hand: silent feeds make it not known, small counts are withheld, the unseen a range."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Misuse
from peelian.pipeline.context import Context
from peelian.pipeline.linking import link
from peelian.pipeline.overlapping import changed_since, overlap_table, shown_rows, unseen_range
from tests.pipeline.reports import EVENTS, FORCE, deliver, event, hospital
from tests.workspaces import fresh

ALL = "police, ambulance, hospital"
NAMES = ("police only", "police and ambulance", "police and hospital", "all three")
ELSE = ("ambulance only", "hospital only", "ambulance and hospital")


@pytest.fixture(scope="module")
def holed(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """Ambulance (every second event) silent from event 49 to 99; LSOA one up to event 99, then two."""
    folder = tmp_path_factory.mktemp("holed")
    ctx = Context(fresh(folder / "home"))
    lsoas = ("E01000001", "E01000002")
    police = [event(k, f"p{k}", lsoa=lsoas[k >= 100]) for k in range(EVENTS)]
    deliver(ctx.ws, folder, "police_crime", police)
    deliver(ctx.ws, folder, "ambulance", [event(k, f"a{k}", 10, 60) for k in range(0, 49, 2)], "early")
    deliver(ctx.ws, folder, "ambulance", [event(k, f"a{k}", 10, 60) for k in range(100, EVENTS, 2)], "late")
    deliver(ctx.ws, folder, "emergency_department", hospital())
    link(ctx)
    return ctx


def test_by_area_by_hand(holed: Context) -> None:
    rows = {row["published"]: row for row in overlap_table(holed)}
    # events 0 to 48 and 100 to 133; hospital's last is 133, ambulance's last 138
    assert {words: n for words, n in rows[ALL].items() if n} == {
        "area": FORCE, "published": ALL, "incidents": 83, "police only": 35, "police and ambulance": 36,
        "police and hospital": 6, "all three": 6,
    }  # fmt: skip
    assert {published: row["incidents"] for published, row in rows.items()} == {
        ALL: 83, "police, hospital": 51, "police, ambulance": 5, "police": 1,
    }  # fmt: skip


def test_where_a_feed_is_silent_nothing_is_known_and_never_zero(holed: Context) -> None:
    for row in overlap_table(holed):
        if row["published"] != ALL:
            assert {row[n] for n in (*NAMES, *ELSE)} == {None}
    silent = next(row for row in shown_rows(overlap_table(holed)) if row["published"] == "police, hospital")
    assert silent["incidents"] == "51"
    assert {silent[n] for n in (*NAMES, *ELSE)} == {"not known"}


def test_by_lsoa_by_hand_and_small_counts_not_shown(holed: Context) -> None:
    exact = overlap_table(holed, by="lsoa")
    rows = {(row["area"], row["published"]): row for row in exact}
    one, two = rows["E01000001", ALL], rows["E01000002", ALL]
    assert [one[n] for n in NAMES] == [21, 21, 3, 4]
    assert [two[n] for n in NAMES] == [14, 15, 3, 2]
    shown = {(row["area"], row["published"]): row for row in shown_rows(exact)}
    assert [shown["E01000001", ALL][n] for n in NAMES] == ["21", "21", "withheld", "withheld"]
    assert [shown["E01000002", ALL][n] for n in NAMES] == ["14", "15", "withheld", "withheld"]
    assert shown["E01000002", "police"]["incidents"] == "under 5"


def test_a_pattern_whose_incidents_state_no_lsoa_is_not_known_in_any(tmp_path: Path) -> None:
    ctx = Context(fresh(tmp_path / "home"))
    deliver(ctx.ws, tmp_path, "police_crime", [event(k, f"p{k}", lsoa="E01000001") for k in range(60)])
    deliver(ctx.ws, tmp_path, "ambulance", [event(k, f"a{k}", 10, 60) for k in range(0, 60, 2)])
    alone = [event(k, f"h{k}", 600, 1_400) for k in range(60)]
    deliver(ctx.ws, tmp_path, "emergency_department", alone)
    link(ctx)
    rows = {row["area"]: row for row in overlap_table(ctx, by="lsoa") if row["published"] == ALL}
    assert rows["E01000001"]["hospital only"] is None
    assert rows["not stated"]["hospital only"] > 50
    assert rows["E01000001"]["ambulance only"] == 0


def test_it_is_said_when_the_ledger_has_changed_since(tmp_path: Path) -> None:
    ctx = Context(fresh(tmp_path / "home"))
    deliver(ctx.ws, tmp_path, "police_crime", [event(k, f"p{k}") for k in range(6)])
    deliver(ctx.ws, tmp_path, "ambulance", [event(k, f"a{k}", 10, 60) for k in range(6)])
    link(ctx)
    assert not changed_since(ctx)
    deliver(ctx.ws, tmp_path, "ambulance", [event(8, "a8")], "more")
    assert changed_since(ctx)


@pytest.mark.parametrize("dependence", [(0.0, 1.0), (3.0, 0.5)])
def test_no_range_is_no_range(holed: Context, dependence: tuple[float, float]) -> None:
    with pytest.raises(Misuse):
        unseen_range(holed, dependence=dependence)
    with pytest.raises(Misuse):
        overlap_table(holed, by="street")


def test_the_range_holds_the_unseen_of_a_world_of_independent_feeds(tmp_path: Path) -> None:
    rng = np.random.default_rng(11)
    seen = rng.random((3, 280)) < np.array([[0.6], [0.5], [0.4]])
    seen[:, [0, -1]] = True  # so that all three publish from the first day to the last
    ctx = Context(fresh(tmp_path / "home"))
    for who, feed, minutes in ((0, "police_crime", 0), (1, "ambulance", 10), (2, "emergency_department", 50)):
        mine = [event(int(k), f"{feed}{k}", minutes, 30 * who) for k in np.flatnonzero(seen[who])]
        deliver(ctx.ws, tmp_path, feed, mine)
    link(ctx)
    rows = {(row["sources"], row["assumed odds ratio"]): row for row in unseen_range(ctx)}
    pairs = {"police and ambulance": (0, 1), "police and hospital": (0, 2), "ambulance and hospital": (1, 2)}
    for words, (one, two) in pairs.items():
        a, b = seen[one], seen[two]
        row = rows[words, 1.0]
        exact = [int(cell.sum()) for cell in (a & b, a & ~b, ~a & b)]
        assert [row["both"], row["first only"], row["second only"]] == exact
        assert row["from"] <= row["neither"] <= row["to"]
        truth = int((~a & ~b).sum())
        assert rows[words, 0.5]["from"] <= truth <= rows[words, 3.0]["to"]
        assert rows[words, 0.5]["neither"] < row["neither"] < rows[words, 3.0]["neither"]


@pytest.fixture
def served(holed: Context) -> Iterator[TestClient]:
    app = create_app(holed.ws, actor=LOCAL_ANALYST, purpose="analysis")
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        yield client


def test_pages_and_http_give_what_may_be_shown_and_no_more(holed: Context, served: TestClient) -> None:
    (one,) = served.get("/api/v1/overlap").json()["forces"]
    assert one["force"] == FORCE
    assert one["area"] == shown_rows(overlap_table(holed))
    assert {row["area"] for row in one["lsoa"]} == {"E01000001", "E01000002"}
    assert one["lsoa"][0]["incidents"] == "51"
    said = served.get("/api/v1/overlap").json()["note"]
    page = served.get("/data").text
    for words in ("Who saw what", said, "withheld", "not known", FORCE, "The 5 LSOAs"):
        assert words in page
    assert "no identifiers" in said
    assert "not estimated" in said
