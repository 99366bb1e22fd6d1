"""Pages name an area; its code stays in addresses and in what a form sends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from peelian.api.app import create_app
from peelian.api.area_names import area_name
from peelian.domain.actor import LOCAL_ANALYST
from peelian.store.runs import add_run
from peelian.store.workspace import Workspace
from tests.workspaces import fresh

from .signing import client_of

CODE, NAME = "simulated-north", "Northmarch, a fictional island"


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    made = fresh(tmp_path / "home")
    made.areas.mkdir(exist_ok=True)
    (made.areas / f"{CODE}.json").write_text(json.dumps({"code": CODE, "name": NAME}))
    add_run(made, "run", {"area": {"code": "OLD1", "name": "Oldmarch"}, "target": "asb", "every": "week"})
    return made


def test_areas_to_choose_from_are_named_and_sent_by_code(ws: Workspace) -> None:
    client = client_of(create_app(ws, actor=LOCAL_ANALYST, purpose="prevention"))
    for path in ("/interventions", "/problems"):
        page = client.get(path).text
        assert f'<option value="{CODE}">{NAME}</option>' in page, path  # by its frozen squares
        assert '<option value="OLD1">Oldmarch</option>' in page, path  # by its newest run's card
        assert f">{CODE}<" not in page


def test_a_page_is_headed_by_the_name_and_an_unknown_code_stays_itself(ws: Workspace) -> None:
    client = client_of(create_app(ws, actor=LOCAL_ANALYST, purpose="prevention"))
    page = client.get("/about/OLD1").text
    assert "What is used and shown about Oldmarch" in page
    assert 'action="/about/OLD1/challenges"' in page
    assert area_name("E0") == "E0"
