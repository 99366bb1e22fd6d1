"""Coverage and lineage over HTTP and as pages: a hole is missing, never zero, on the map too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from starlette.testclient import TestClient

from peelian.api import quantise
from peelian.api.app import create_app
from peelian.api.coverage import feeds_of, month_words
from peelian.api.overlap import PATTERNS
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Refused
from peelian.link.overlap import PATTERNS as LINKED
from peelian.pipeline.context import Context
from peelian.pipeline.forecast_request import ForecastRequest
from peelian.pipeline.forecasting import Run, forecast
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.store.catalogue import transaction
from peelian.store.links import add_link_run
from peelian.store.workspace import open_workspace
from tests.pipeline.agreed import agree, row, take

from .conftest import RUN
from .run_folder import UNHELD, mask

FIRST = date(2023, 1, 2)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Context, Run]:
    """A real forecast from two files with two months missing between them."""
    folder = tmp_path_factory.mktemp("feeds")
    ctx = Context(open_workspace(folder / "home"))
    agree(ctx, folder)
    weeks = [row(f"a{k}", FIRST + timedelta(days=k)) for k in range(400)]
    later = [row(f"b{k}", FIRST + timedelta(days=k)) for k in range(470, 560)]
    take(ctx.ws, folder, [*weeks, row("odd", FIRST, "no such code")], "early")
    take(ctx.ws, folder, later, "late")
    origin = FIRST + timedelta(days=560)
    return ctx, forecast(ctx, ForecastRequest("violence", "week", origin, model="year-count"))


@pytest.fixture
def served(made: tuple[Context, Run]) -> Iterator[TestClient]:
    app = create_app(made[0].ws, actor=LOCAL_ANALYST, purpose="analysis")
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        yield client


def test_a_hole_is_missing_in_the_coverage_table(served: TestClient) -> None:
    (feed,) = served.get("/api/v1/coverage").json()["feeds"]
    months = {one["month"]: one["held"] for one in feed["months"]}
    assert months["2023-06"] == 1.0
    assert 0 < months["2024-02"] < 1
    assert months["2024-03"] == 0.0
    assert feed["missing_months"] == 1
    assert (feed["rows"], feed["groups"]) == (490, ["asb", "violence"])


def test_the_data_page_says_feeds_agreements_files_and_rows_put_aside(served: TestClient) -> None:
    page = served.get("/data").text
    for words in ("Fenshire health partners", "March 2024: missing", "late.csv", "put aside", "table"):
        assert words in page
    assert "no such code" not in page


def test_lineage_over_http_is_that_of_the_command(served: TestClient, made: tuple[Context, Run]) -> None:
    cell = int(made[1].forecast.cells[0])
    found = served.get(f"/api/v1/runs/{made[1].run_id}/places/{cell}/lineage").json()
    assert sum(one["area"] for one in found["inputs"]) == 490
    assert {file["name"] for file in found["files"]} == {"early.csv", "late.csv"}
    page = served.get(f"/runs/{made[1].run_id}/places/{cell}/lineage").text
    assert "early.csv" in page


def test_the_coverage_layer_is_hatched_where_nothing_is_held(client: TestClient) -> None:
    layers = {one["id"]: one for one in client.get(f"/api/v1/runs/{RUN}").json()["layers"]}
    body = np.frombuffer(client.get(layers["coverage"]["url"]).content, np.uint8)
    inside = body[body > 0]
    assert len(inside) == len(mask())
    classes, _ = quantise.unpack(inside)
    assert (classes == 0).sum() == UNHELD.stop - UNHELD.start
    assert set(classes.tolist()) == {0, 5}


def test_months_before_a_feed_began_are_not_called_missing() -> None:
    coverage = pl.DataFrame(
        {
            "source": ["a", "b"], "force": ["f", "f"], "kind": ["k", "k"], "groups": [["x"], ["x"]],
            "start": [date(2024, 1, 1), date(2024, 3, 16)], "end": [date(2024, 4, 1), date(2024, 4, 1)],
            "rows": [5, 6],
        }
    )  # fmt: skip
    old, new = feeds_of(coverage, date(2024, 4, 10))
    assert [share for _, share in old.months] == [1.0, 1.0, 1.0]
    assert [share for _, share in new.months] == [None, None, 1.0]
    assert (new.gaps, new.age_days, month_words(None)) == (0, 10, "before the feed began")


def test_who_saw_what_is_shown_only_while_every_linked_feed_may_be_read(
    served: TestClient, made: tuple[Context, Run]
) -> None:
    ws = made[0].ws
    row = {"area": "fenshire", "published": "police", "incidents": "under 5"} | dict.fromkeys(
        PATTERNS, "not known"
    )
    lsoas = [row | {"area": f"E{k}", "incidents": f"{1_000 + k:,}"} for k in range(30)]
    overlap = {"area": [row], "lsoa": [*lsoas, row | {"area": "not stated"}]}

    def keep(*feeds: str) -> None:
        card = {"feeds": dict.fromkeys(feeds, 9), "overlap": overlap}
        with transaction(ws) as conn:
            add_link_run(
                conn, ws, "one", force="fenshire", snapshot=1, path=ws.links / "x.parquet", card=card
            )

    assert served.get("/api/v1/overlap").json()["forces"] == []
    assert "Who saw what" not in served.get("/data").text
    keep("table")
    (one,) = served.get("/api/v1/overlap").json()["forces"]
    assert (one["area"], one["lsoas"], len(one["lsoa"])) == ([row], 30, 20)
    assert [r["area"] for r in one["lsoa"]][:2] == ["E29", "E28"]
    page = served.get("/data").text
    for words in ("Who saw what", "The 20 LSOAs with most incidents, of 30", "not estimated", "under 5"):
        assert words in page
    keep("table", "ambulance")  # nothing of an ambulance feed may be read here
    assert served.get("/api/v1/overlap").json()["forces"] == []


def test_the_patterns_of_the_page_are_those_of_linking() -> None:
    assert tuple(LINKED.values()) == PATTERNS


def test_nothing_held_is_said(tmp_path: Path) -> None:
    app = create_app(open_workspace(tmp_path / "empty"), actor=LOCAL_ANALYST, purpose="analysis")
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        assert "Nothing is held yet" in client.get("/data").text
        assert client.get("/api/v1/coverage").json() == {"feeds": [], "reporters": []}


def test_a_refused_file_is_said_to_be_refused(
    made: tuple[Context, Run], served: TestClient, tmp_path: Path
) -> None:
    file, rules = tmp_path / "people.csv", tmp_path / "people.yaml"
    file.write_text("ref,Surname,at\n1,Zq,2024-01-01\n")
    rules.write_text("{source: p, force: simulated-p, columns: {occurred: at}, codes: {default: asb}}")
    with pytest.raises(Refused, match="Surname"):
        ingest(made[0], IngestRequest("table", (file,), mapping=str(rules)))
    assert "people.csv (refused: nothing was taken)" in served.get("/data").text
