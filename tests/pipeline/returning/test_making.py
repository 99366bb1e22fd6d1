"""The four returns from a ledger: JSON, workbook, document and page say the same; no formula, no power."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Misuse, NotFound, Refused
from peelian.domain.grid import BRITISH_NATIONAL_GRID_250
from peelian.domain.plan import NOT_PLANNABLE
from peelian.domain.returns import NAMES, NOTICE
from peelian.pipeline.context import Context
from peelian.pipeline.evaluating.asked import Asked
from peelian.pipeline.evaluating.evaluating import evaluate_intervention
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.jobs import work
from peelian.pipeline.planning.own_areas import import_areas
from peelian.pipeline.returning.making import ReturnRequest, make_return
from peelian.pipeline.returning.template import read_template, shipped_text
from peelian.store.catalogue import transaction
from peelian.store.interventions import add_entry
from peelian.store.ledger import read_events
from peelian.store.returns import folder_of, list_returns, read_return
from peelian.store.row_cut import Reader, reading_as
from peelian.store.workspace import open_workspace
from tests.pipeline.calls import FORCE, deliver_calls
from tests.pipeline.evaluating.town import CELLS, PLACES, entry, log
from tests.workspaces import fresh

START, END = date(2024, 1, 1), date(2024, 7, 1)
DATA = Path(__file__).parents[2] / "sources" / "data"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("returns")
    ctx = Context(fresh(folder / "home"))
    deliver_calls(ctx.ws, folder, log(0.5))
    ingest(ctx, IngestRequest("patrols", (DATA / "patrols",)))
    with transaction(ctx.ws) as conn:
        held = add_entry(conn, ctx.actor, ctx.purpose, replace(entry(), agency="=HYPERLINK(1)"))
        power = replace(entry(places=(0,)), kind="section 60", title="An order", legal_reference="s.60")
        add_entry(conn, ctx.actor, ctx.purpose, power)
    evaluate_intervention(ctx, held.entry.id, Asked("asb", every="week", before=40, buffer_m=300.0))
    ctx.ws.engine.dispose()
    return folder / "home"


@pytest.fixture
def ctx(home: Path, tmp_path: Path) -> Context:
    shutil.copytree(home, tmp_path / "home")
    return Context(open_workspace(tmp_path / "home"))


def made(ctx: Context, name: str, **options: Any) -> dict[str, Any]:
    return make_return(ctx, ReturnRequest(name, FORCE, START, END, **options))


def said(body: dict[str, Any]) -> list[str]:
    return [one["said"] for b in body["blocks"] for line in b["lines"] for one in line["figures"]]


@pytest.mark.parametrize("name", NAMES)
def test_every_format_holds_the_figures_of_the_api(ctx: Context, name: str) -> None:
    body = made(ctx, name)
    folder = folder_of(ctx.ws, body["id"])
    app = create_app(ctx.ws, actor=LOCAL_ANALYST, purpose="prevention")
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        assert client.get(f"/api/v1/returns/{body['id']}").json() == body
        page = client.get(f"/returns/{body['id']}").text
        kept = client.get(f"/api/v1/returns/{body['id']}/file?format=xlsx").content
        assert kept == (folder / "return.xlsx").read_bytes()
        assert body["id"] in client.get("/returns").text
    book, paper = openpyxl.load_workbook(folder / "return.xlsx"), Document(str(folder / "return.docx"))
    about = [str(cell.value) for row in book["About"].rows for cell in row]
    words = "\n".join(p.text for p in paper.paragraphs)
    assert NOTICE in about
    periods = [line["period"] for block in body["blocks"] for line in block["lines"]]
    assert not [one for one in (*periods, body["period"]) if re.search(r"\d{4}-\d\d", one)]
    assert body["id"] in about
    assert NOTICE in words
    assert body["id"] in words
    for block, sheet, table in zip(body["blocks"], book.worksheets[1:], paper.tables, strict=True):
        many = len(block["heads"])
        for k, line in enumerate(block["lines"]):
            row = [cell.value for cell in sheet[5 + k]]
            printed = [cell.text for cell in table.rows[1 + k].cells]
            assert printed[2 : 2 + many] == [one["said"] for one in line["figures"]]
            assert row[2 + many : 4 + many] == [line["source"], line["coverage"]]
            for one, cell in zip(line["figures"], row[2 : 2 + many], strict=True):
                assert cell == pytest.approx(one["value"]) if one["state"] == "known" else cell == one["said"]
            assert line["source"] in page.replace("&#39;", "'")
    assert not [c for s in book.worksheets for row in s.rows for c in row if c.data_type == "f"]


def test_a_formula_typed_by_someone_stays_text_and_no_power_is_told(ctx: Context) -> None:
    body = made(ctx, "vru")
    book = openpyxl.load_workbook(folder_of(ctx.ws, body["id"]) / "return.xlsx")
    told = [str(c.value) for s in book.worksheets for row in s.rows for c in row if c.value]
    assert not [text for text in told if text.startswith(("=", "+", "@"))]
    assert any("=HYPERLINK(1)" in text for text in told)
    assert not [text for text in told if any(power in text.lower() for power in NOT_PLANNABLE)]
    assert any("Left out: 1 entries of powers" in text for text in told)


def test_counts_are_the_ledger_s_and_what_no_feed_tells_is_not_known(ctx: Context) -> None:
    levels = {line["what"]: line for line in made(ctx, "csp")["blocks"][0]["lines"]}
    month = read_events(ctx.ws)["start"].dt.convert_time_zone("Europe/London").dt.date()
    expected = int(((month >= START) & (month < END)).sum())
    assert levels["Anti-social behaviour"]["figures"][0]["value"] == expected > 1000
    assert levels["Burglary"]["figures"][0]["said"] == "not known"


def test_verdicts_stand_with_their_interval(ctx: Context) -> None:
    block = next(b for b in made(ctx, "vru")["blocks"] if b["id"] == "worked")
    change, low, high = (one["value"] for one in block["lines"][0]["figures"][:3])
    assert low < -50 < high or low < change < -30
    assert "no design was locked" in block["lines"][0]["coverage"]


def test_hotspots_go_to_no_public_copy_and_months_without_patrols_are_not_known(ctx: Context) -> None:
    with pytest.raises(Refused, match="smaller"):
        made(ctx, "hotspot", audience="public")
    block = made(ctx, "hotspot")["blocks"][0]
    assert {one["figures"][0]["said"] for one in block["lines"]} <= {"not known", "0"}
    assert {one["figures"][3]["said"] for one in block["lines"]} <= {"not known"}


def test_the_same_ledger_gives_the_same_return_and_another_audience_another(ctx: Context) -> None:
    first, again, other = made(ctx, "csp"), made(ctx, "csp"), made(ctx, "csp", audience="partner")
    assert first["id"] == again["id"] != other["id"]
    assert not [one for one in said(other) if one.isdecimal() and 0 < int(one) < 5 and one not in said(first)]


def test_a_page_queues_a_return_and_a_verdict_and_the_worker_makes_them(ctx: Context) -> None:
    app = create_app(ctx.ws, actor=LOCAL_ANALYST, purpose="prevention")
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        form = {"name": "csp", "area": FORCE, "start": str(START), "end": str(END), "audience": "partner"}
        assert client.post("/returns", data=form).status_code == 303
        assert client.post("/returns", data={"name": "../../etc"}).status_code == 422
        assert client.post("/returns", data={"name": "csp", "area": "/etc/x.json"}).status_code == 422
        chosen = {"intervention": "i1", "target": "asb", "method": "wdd"}
        assert client.post("/evaluation", data=chosen).status_code == 303
        assert client.post("/evaluation", data={"intervention": "i99"}).status_code == 404
        assert work(ctx) == 2
        assert [one["audience"] for one in client.get("/api/v1/returns").json()["returns"]] == ["partner"]
        found = client.get("/api/v1/evaluations").json()["evaluations"]
        assert [one["method"] for one in found] == ["wdd", "event-study"]
        page = client.get("/evaluation").text
        assert "None was locked" in page
        assert 'data-evaluation="2"' in page
        assert 'data-evaluation="1"' not in page  # the newest of each speaks


def test_a_template_that_says_something_unknown_is_refused(ctx: Context, tmp_path: Path) -> None:
    for name in NAMES:
        assert read_template(shipped_text(name)).read
    own = tmp_path / "own.toml"
    own.write_text(shipped_text("csp").replace('groups = ["robbery"]', 'groups = ["possession of names"]'))
    with pytest.raises(Misuse, match="unknown"):
        made(ctx, "csp", template=own)
    own.write_text(shipped_text("csp").replace("annual assessment", "our own assessment"))
    assert made(ctx, "csp", template=own)["title"].endswith("our own assessment")
    with pytest.raises(Misuse, match="whole months"):
        make_return(ctx, ReturnRequest("csp", FORCE, date(2024, 1, 2), END))


def test_another_force_sees_no_return_and_no_closed_agreement_is_read_through_one(ctx: Context) -> None:
    body = made(ctx, "csp")
    agreements = frozenset(body["agreements"])
    assert agreements
    own = Reader((FORCE,), ("*",), agreements)
    with reading_as(own):
        assert read_return(ctx.ws, body["id"])["id"] == body["id"]
    for other in (replace(own, forces=("elsewhere",)), replace(own, areas=("x",)), Reader((FORCE,), ("*",))):
        with reading_as(other):
            assert list_returns(ctx.ws) == []
            with pytest.raises(NotFound):
                read_return(ctx.ws, body["id"])


def test_hotspots_brought_in_are_told_by_their_names_with_calls_inside_them(
    ctx: Context, tmp_path: Path
) -> None:
    east, north = PLACES[13]
    ring = [
        [east - 125 + dx, north - 125 + dy] for dx, dy in ((0, 0), (250, 0), (250, 250), (0, 250), (0, 0))
    ]
    body = {
        "type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "EPSG:27700"}},
        "features": [{"type": "Feature", "properties": {"name": "Lower fen"},
                      "geometry": {"type": "Polygon", "coordinates": [ring]}}],
    }  # fmt: skip
    (tmp_path / "h.geojson").write_text(json.dumps(body))
    import_areas(ctx, tmp_path / "h.geojson", "hotspot")
    block = made(ctx, "hotspot")["blocks"][0]
    assert {line["what"] for line in block["lines"]} == {"Lower fen"}
    assert "The 1 hotspots imported." in block["text"]
    events = read_events(ctx.ws)
    cell = BRITISH_NATIONAL_GRID_250.cell_of(events["easting"].to_numpy(), events["northing"].to_numpy())
    day = events["start"].dt.convert_time_zone("Europe/London").dt.date()
    inside = (cell == int(CELLS[13])) & ((day >= START) & (day < END)).to_numpy()
    told = [line["figures"][5]["value"] for line in block["lines"]]
    assert sum(one for one in told if one is not None) == int(inside.sum()) > 20


@pytest.mark.soak
@pytest.mark.parametrize("name", NAMES)
def test_libreoffice_opens_both_files(ctx: Context, name: str, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed here")
    folder = folder_of(ctx.ws, made(ctx, name)["id"])
    for kind in ("xlsx", "docx"):
        out = tmp_path / kind
        asked = [office, "--headless", "--convert-to", "pdf", "--outdir", str(out)]
        subprocess.run([*asked, str(folder / f"return.{kind}")], check=True, capture_output=True)
        assert (out / "return.pdf").read_bytes()[:5] == b"%PDF-"
