"""What the server refuses on a Welsh page is said in English and marked so, wherever it is said."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from .conftest import RUN
from .spoken import misspoken

AREA = "Easthaven and Westhaven"
REFUSED = [
    ("/problems", {"title": "x"}), ("/decisions", {"about_kind": "problem", "about": "99"}),
    ("/interventions", {"title": "lamps", "start": "31 Octember"}), ("/plans", {"visits": "none"}),
    ("/returns", {"name": "safer-streets", "start": "31 April 2025"}),
    ("/releases/none", {"state": "approved"}),
    ("/releases/none", {"state": "approved", "why": "looked at"}), ("/warnings/none/steps", {"step": "seen"}),
    ("/evaluation", {"intervention": "none"}), ("/about/SIM1/challenges", {"text": ""}),
    ("/start/files", {}), ("/challenges/none", {}),
]  # fmt: skip
"""A form that cannot be taken, of each page that has one."""
NOT_FOUND = [
    f"/runs/{RUN}/places/999999999",
    "/challenges/none",
    "/about/none",
    "/transparency/none",
    "/runs/x",
]


@pytest.mark.parametrize(("path", "typed"), REFUSED)
def test_a_form_that_is_refused_says_why_in_a_marked_language(
    client: TestClient, path: str, typed: dict[str, str]
) -> None:
    answer = client.post(path, params={"lang": "cy"}, data=typed)
    assert answer.status_code >= 400
    assert '<html lang="cy">' in answer.text
    assert 'lang="en-GB"' in answer.text.split("<main", 1)[1]
    assert misspoken(answer.text, AREA) == []


@pytest.mark.parametrize("path", NOT_FOUND)
def test_what_is_not_there_is_told_in_a_marked_language(client: TestClient, path: str) -> None:
    answer = client.get(path, params={"lang": "cy"})
    assert answer.status_code >= 400
    assert misspoken(answer.text, AREA) == []
