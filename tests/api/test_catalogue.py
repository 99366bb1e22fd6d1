"""Kinds of intervention over HTTP: each figure with its sentence; powers apart from what may be planned."""

from __future__ import annotations

from fastapi.testclient import TestClient

from peelian.api.app import create_app
from peelian.domain.actor import Actor
from peelian.domain.plan import NOT_PLANNABLE
from peelian.plan.catalogue.load import shipped
from peelian.store.workspace import Workspace

KINDS = "/api/v1/interventions/kinds"


def test_the_catalogue_as_it_is_in_force_with_powers_apart(client: TestClient) -> None:
    body = client.get(KINDS).json()
    assert len(body["kinds"]) + len(body["recorded_only"]) == len(shipped())
    assert {one["id"] for one in body["recorded_only"]} == set(NOT_PLANNABLE)
    assert not any(one["id"] in NOT_PLANNABLE or not one["plannable"] for one in body["kinds"])
    for one in body["kinds"]:
        for entry in one["evidence"]:
            assert entry["sentence"]
            assert entry["source"]


def test_one_kind_by_its_id_with_hyphens_or_not_found(client: TestClient) -> None:
    body = client.get(f"{KINDS}/shared-injury-data").json()
    first = body["evidence"][0]
    assert (first["effect"].split()[0], first["low"], first["high"]) == ("0.58", "0.49", "0.69")
    assert client.get(f"{KINDS}/tanks").status_code == 404


def test_a_visitor_is_refused(workspace: Workspace) -> None:
    app = create_app(workspace, actor=Actor("someone", "visitor"), purpose="demonstration")
    with TestClient(app, base_url="http://127.0.0.1:8000") as visitor:
        assert visitor.get(KINDS).status_code == 403
