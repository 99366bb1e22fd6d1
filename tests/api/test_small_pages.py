"""Help, glossary, search, model and audit pages: each says what is so, and no more."""

from __future__ import annotations

import csv
import io
import json

import pytest
from starlette.testclient import TestClient

from peelian.api.words import glossary, model_card
from peelian.domain.actor import LOCAL_ANALYST, Actor, AuditEntry
from peelian.store import audit
from peelian.store.audit_reading import A_PAGE, Asked, read_all, read_page
from peelian.store.workspace import Workspace
from tests.workspaces import database, ws

from .conftest import RUN

__all__ = ["database", "ws"]


def test_the_glossary_has_every_word_of_the_docs(client: TestClient) -> None:
    words = glossary()
    assert len(words) > 100
    assert len({anchor for _, anchor, _ in words}) == len(words)
    text = client.get("/glossary").text
    assert all(f'<dt id="{anchor}">' in text for _, anchor, _ in words)
    assert "](" not in text


def test_help_links_only_to_pages_that_are_there(client: TestClient) -> None:
    text = client.get("/help").text
    for part in text.split('href="')[1:]:
        path = part.split('"')[0]
        if path.startswith("/") and not path.startswith("/static"):
            assert client.get(path).status_code == 200, path


def test_search_finds_the_forecasts_own_places(client: TestClient) -> None:
    text = client.get("/search", params={"q": "mill"}).text
    assert "Mill Street" in text
    assert f'href="/runs/{RUN}/places/' in text
    assert "0 places found" in client.get("/search", params={"q": "zzzz"}).text
    assert "<b>" not in client.get("/search", params={"q": "<b>x"}).text
    assert client.get("/search", params={"q": "x" * 200}).status_code == 422
    assert client.get("/search", params={"q": "TG 50 10"}).status_code == 200


def test_the_model_page_says_when_nothing_was_compared_or_audited(client: TestClient) -> None:
    text = client.get("/model").text
    assert "Not yet compared with what happened" in text
    assert "Not yet audited" in text
    assert "Learned mixture of memories" in text  # the model card
    assert model_card("../../README") == model_card("no-such") == ()


def entry(id_: str, hits: float, low: float, high: float) -> dict[str, object]:
    gain = {"value": hits - 0.3, "low": low, "high": high}
    group = {"places": 300, "expected": 0.2, "observed": 0.25, "low": 0.2, "high": 0.31, "p_any": 0.18,
             "any_observed": 0.21}  # fmt: skip
    return {
        "id": id_, "title": id_.title(),
        "capture": [{"share": 0.05, "hit_rate": hits, "pai": hits / 0.05, "gain": gain}],
        "calibration": {"bias": -0.04, "slope": 0.97, "groups": [group]},
    }  # fmt: skip


def test_the_model_page_shows_the_backtests_own_figures(client: TestClient, workspace: Workspace) -> None:
    path = workspace.runs / RUN / "evaluation.json"
    before = path.read_text()
    said = {
        "models": [entry("learner", 0.35, 0.02, 0.08), entry("year-count", 0.3, 0.0, 0.0)],
        "rival": "year-count", "origins": ["2026-01-05"], "events": 1234.0, "intervals": "2,000 draws",
        "verdict": {"served": "learner"},
    }  # fmt: skip
    fairness = {
        "sentence": "No disparity was found that chance would not make.",
        "made": "2 November 2026",
        "parts": [],
    }
    try:
        path.write_text(json.dumps(said))
        path.with_name("fairness.json").write_text(json.dumps(fairness))
        text = client.get("/model").text
    finally:
        path.write_text(before)
        path.with_name("fairness.json").unlink()
    for part in (
        "35.0 %",
        "7.0",
        "30.0 %, PAI 6.0",
        "+5.0 points (+2.0 to +8.0)",
        "4.0 % less was expected",
        "0.97",
        "1,234",
    ):
        assert part in text, part
    assert "No disparity was found" in text
    assert "Not yet audited" not in text


def test_the_audit_page_filters_and_pages(ws: Workspace) -> None:
    other = Actor("o'neil", "analyst")
    for k in range(A_PAGE + 5):
        audit.record(ws, LOCAL_ANALYST, "analysis", AuditEntry("consultation", f"thing {k}"))
    audit.record(ws, other, "prevention", AuditEntry("disclosure", "export 100%_", area="x"))
    total, rows = read_page(ws, Asked(), 1)
    assert (total, len(rows), rows[0].actor) == (A_PAGE + 6, A_PAGE, "o'neil")
    assert len(read_page(ws, Asked(), 2)[1]) == 6
    assert read_page(ws, Asked(actor="o'neil"), 1)[0] == 1
    assert read_page(ws, Asked(what="100%_"), 1)[0] == 1  # its signs mean themselves
    assert read_page(ws, Asked(what="%"), 1)[0] == 1
    assert read_page(ws, Asked(verb="disclosure"), 1)[0] == 1
    day = rows[0].at.date()
    assert read_page(ws, Asked(first=day, last=day), 1)[0] in (A_PAGE + 6, 0)  # London's day, not UTC's
    everything = [row.what for row in read_all(ws, Asked(), ("what",))]
    assert everything[:2] == ["thing 0", "thing 1"]
    assert len(everything) == A_PAGE + 6


def test_the_audit_page_and_its_file(client: TestClient, workspace: Workspace) -> None:
    odd = AuditEntry("consultation", "=1+1", area="<i>")
    audit.record(workspace, LOCAL_ANALYST, "analysis", odd)
    text = client.get("/audit", params={"what": "=1+1"}).text
    assert "<i>" not in text
    assert "&lt;i&gt;" in text
    assert "linked in a chain" in text
    rows = list(csv.DictReader(io.StringIO(client.get("/api/v1/audit.csv?what=%3D1").text)))
    assert rows[0]["what"] == "'=1+1"
    newest = audit.list_audit(workspace, last=1)[0]
    assert (newest.verb, newest.what) == ("disclosure", "audit")


@pytest.mark.parametrize("asked", ["verb=spying", "first=soon", "last=2026-13-01", "page=0", "page=x"])
def test_wrong_filters_get_a_sentence(client: TestClient, asked: str) -> None:
    assert client.get(f"/audit?{asked}").status_code == 422
