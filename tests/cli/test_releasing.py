"""A table for the public, from the ledger to two people's word; what it tells never grows."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from peelian.api.app import create_app
from peelian.domain.actor import LOCAL_ANALYST, Actor
from peelian.domain.errors import Forbidden, Misuse, Refused
from peelian.pipeline import releasing
from peelian.pipeline.context import Context
from peelian.store.audit import list_audit
from peelian.store.catalogue import reading
from peelian.store.releases import get_release, list_releases, told_so_far
from peelian.store.workspace import open_workspace
from tests.cli.conftest import Run, Simulated

SECOND = Actor("second", "supervisor", "*", areas=("*",), agreements=("*",), purposes=("*",))


@pytest.fixture
def ctx(run: Run, simulated: Simulated, tmp_path: Path) -> Context:
    """The tiny force with its neighbourhoods, by itself."""
    shutil.copytree(simulated.home, tmp_path / "home")
    for level in ("lsoa", "msoa"):
        boundaries = simulated.extract.parent / f"{level}.geojson"
        said = run("context", "import", "boundaries", boundaries, "--home", tmp_path / "home")
        assert said.code == 0, said.err
    return Context(open_workspace(tmp_path / "home"), LOCAL_ANALYST, "analysis")


def second(ctx: Context) -> Context:
    return replace(ctx, actor=SECOND)


def test_two_people_release_and_all_is_told(ctx: Context) -> None:
    made = releasing.propose_counts(ctx, "asb")
    assert (str(made.start), str(made.end)) == ("2022-10-01", "2023-01-01")
    assert len(made.made.shown) > 20
    assert all(n % 5 == 0 and n >= 10 for n in made.made.shown.values())
    client = TestClient(
        create_app(ctx.ws, actor=LOCAL_ANALYST, purpose="demonstration"), base_url="http://127.0.0.1"
    )
    assert client.get("/api/v1/public/tables").json() == {"tables": []}
    with pytest.raises(Forbidden, match="may not approve"):
        releasing.approve(ctx, made.id, "looks right")
    word = {"state": "approved", "why": "looks right"}
    assert client.post(f"/api/v1/releases/{made.id}/word", json=word).status_code == 403
    assert "You proposed it" in client.get("/releases").text
    with pytest.raises(Misuse, match="no reason"):
        releasing.approve(second(ctx), made.id, " ")
    releasing.approve(second(ctx), made.id, "looks right")
    row = list_audit(ctx.ws, last=1)[0]
    assert (row.actor, row.verb, row.recipient) == ("second", "disclosure", "the public")
    table = client.get("/api/v1/public/tables").json()["tables"][0]
    assert table["shown"] == made.made.shown
    assert table["to"] == "2023-01-01"
    assert "small" not in json.dumps(table["withheld"])
    releasing.withdraw(second(ctx), made.id, "a feed was wrong")
    assert client.get("/api/v1/public/tables").json() == {"tables": []}
    with reading(ctx.ws) as conn:
        assert len(told_so_far(conn, list_releases(ctx.ws)[0].area)) == len(made.made.told)


def test_a_window_is_released_once(ctx: Context) -> None:
    made = releasing.propose_counts(ctx, "asb")
    with pytest.raises(Refused, match="already"):
        releasing.propose_counts(ctx, "asb")
    releasing.refuse(second(ctx), made.id, "not now")
    again = releasing.propose_counts(ctx, "asb")
    assert again.made.shown == made.made.shown, "the same records get the same noise"
    with pytest.raises(Refused, match="refused"):
        releasing.approve(second(ctx), made.id, "after all")


def test_a_neighbourhood_is_not_told_again_under_another_areas_name(ctx: Context) -> None:
    """Another area of the same squares but a corner: the difference would be the corner's."""
    made = releasing.propose_counts(ctx, "asb")
    (card,) = ctx.ws.areas.glob("*.json")
    body = json.loads(card.read_text()) | {"code": "less-a-corner"}
    (ctx.ws.areas / "less-a-corner.json").write_text(json.dumps(body))
    np.save(ctx.ws.areas / "less-a-corner.npy", np.load(card.with_suffix(".npy"))[:, :-3])
    with pytest.raises(Refused, match="another area"):
        releasing.propose_counts(ctx, "asb", "less-a-corner")
    releasing.refuse(second(ctx), made.id, "the smaller one is meant")
    assert releasing.propose_counts(ctx, "asb", "less-a-corner").made.shown


def test_a_protected_place_is_never_shown_by_itself(ctx: Context) -> None:
    shown = releasing.propose_counts(ctx, "asb")
    releasing.refuse(second(ctx), shown.id, "a refuge stands there")
    place = next(code for code in shown.made.shown if code.startswith("X01"))
    (ctx.ws.home / "settings" / "protected-places.txt").write_text(place + "\n")
    made = releasing.propose_counts(ctx, "asb")
    assert place not in made.made.shown
    assert place in get_release(ctx.ws, made.id).table["withheld"]


def test_nothing_is_released_of_a_quarter_that_is_not_whole(run: Run, ctx: Context) -> None:
    with pytest.raises(Refused, match="no whole quarter"):
        releasing.propose_counts(ctx, "burglary", now=datetime(2022, 3, 1, tzinfo=UTC))


def test_the_commands(run: Run, ctx: Context) -> None:
    home = ctx.ws.home
    assert "Nothing was ever" in run("release", "list", "--home", home).out
    said = run("release", "propose", "--target", "asb", "--home", home)
    assert said.code == 0
    assert "Nothing is public yet" in said.out
    listed = run("--json", "release", "list", "--home", home).json
    assert [one["state"] for one in listed] == ["proposed"]
    refused = run("release", "approve", listed[0]["id"], "--why", "fine", "--home", home)
    assert refused.code != 0
    assert "second person" in refused.err
