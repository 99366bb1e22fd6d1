"""The public reads the records without signing in; they hold no forecast, and outlive a stop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from peelian.govern.records.all import MAKERS
from peelian.pipeline.context import Context
from peelian.pipeline.transparency.demonstration import state_simulated
from peelian.pipeline.transparency.records import approve
from peelian.store.deployments import set_deployment
from peelian.store.runs import add_run
from tests.pipeline.test_transparency import AREA, card
from tests.workspaces import fresh

from .signing import account, app_of, client_of, signed_in


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Context:
    home: Path = tmp_path_factory.mktemp("open") / "home"
    ctx = Context(fresh(home), purpose="administration")
    add_run(ctx.ws, "run-1", card())
    state_simulated(ctx, AREA)
    return ctx


@pytest.fixture
def public(made: Context) -> Iterator[TestClient]:
    with client_of(app_of(made.ws)) as client:
        yield client


def test_anyone_reads_every_record_as_page_text_and_json(public: TestClient) -> None:
    assert f'href="/transparency/{AREA}"' in public.get("/transparency").text
    index = public.get(f"/transparency/{AREA}").text
    body = public.get(f"/api/v1/transparency/{AREA}").json()
    assert body["facts_sha256"] in index
    assert [one["record"] for one in body["records"]] == list(MAKERS)
    for kind, one in zip(MAKERS, body["records"], strict=True):
        page = public.get(f"/transparency/{AREA}/{kind}")
        text = public.get(f"/api/v1/transparency/{AREA}/{kind}.md")
        assert (page.status_code, text.status_code) == (200, 200)
        assert "SIMULATED" in page.text
        for field in (field for part in one["sections"] for field in part["fields"]):
            assert field["label"] in page.text
            assert field["label"] in text.text
    assert public.get(f"/transparency/{AREA}/nothing").status_code == 404
    assert public.get("/transparency/nowhere").status_code == 404
    assert f"/transparency/{AREA}" in public.get(f"/about/{AREA}").text


def test_the_answers_to_challenges_are_for_staff(made: Context, public: TestClient) -> None:
    assert public.get("/challenges").status_code in (303, 401, 403)
    app = app_of(made.ws)
    for role, seen in (("supervisor", 200), ("audit", 200), ("officer", 403)):
        client = signed_in(app, account(made.ws, f"a-{role}", role))
        assert client.get("/challenges").status_code == seen, role


def test_an_approval_and_what_changed_since_are_told(made: Context, public: TestClient) -> None:
    assert "A draft: not approved" in public.get(f"/transparency/{AREA}/equality").text
    approve(made, AREA, "equality", "panel 3")
    assert "nothing it rests on has changed" in public.get(f"/transparency/{AREA}/equality").text
    add_run(made.ws, "run-2", card("shrunk-decay"))
    assert "CHANGED SINCE APPROVAL" in public.get(f"/transparency/{AREA}/equality").text


def test_the_records_outlive_a_stop(made: Context, public: TestClient) -> None:
    set_deployment(made.ws, made.actor, made.purpose, AREA, "discontinued", why="the panel said stop")
    assert "discontinued" in public.get(f"/transparency/{AREA}").text
    about = public.get(f"/about/{AREA}").text
    assert "only history is shown" in about
    state = "conditional"
    full = {"senior_owner": "SIMULATED", "lawful_basis": "SIMULATED", "ethics": "SIMULATED"}
    set_deployment(made.ws, made.actor, made.purpose, AREA, state, **full)
