"""Records follow the live system: model, feed, agreement, register and answers each change them by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from peelian.api.transparency_facts import NOT_AUDITED, gather
from peelian.api.transparency_settings import settings_file, template
from peelian.domain.agreement import Agreement
from peelian.domain.errors import Misuse, Refused
from peelian.govern.records.facts import changes
from peelian.pipeline.context import Context
from peelian.pipeline.transparency.demonstration import state_simulated
from peelian.pipeline.transparency.records import approve, check, write, write_template
from peelian.store.agreements import add_agreement, change_term
from peelian.store.catalogue import now, transaction
from peelian.store.deployments import set_deployment
from peelian.store.runs import add_run
from peelian.store.tables import delivery
from peelian.store.workspace import Workspace
from tests.workspaces import fresh

AREA = "SIM1"
FULL = {"senior_owner": "a post", "lawful_basis": "a basis", "ethics": "a reference"}


def card(model: str = "learner", version: str = "2") -> dict[str, Any]:
    return {
        "area": {"code": AREA, "name": "Easthaven", "simulated": True}, "target": "violence", "every": "week",
        "window": 4, "horizon": 4, "origin": "2024-01-01", "title": "violence in public places",
        "model": {"id": model, "title": f"The {model}", "version": version}, "events": 100,
        "served": {"sentence": "It gained +0.010 nats, 95 % interval +0.006 to +0.014."},
        "history": {"from": "2021-01-04"}, "forces": ["kent"],
    }  # fmt: skip


def deliver(ws: Workspace, source: str, agreement: str, records: str = "events") -> None:
    row = {
        "records": records, "kind": "crime", "source": source, "crs": "EPSG:27700", "complete": True,
        "groups": ["violence"], "start": date(2023, 1, 1), "end": date(2024, 1, 1), "available_at": now(),
        "rows": 500, "snapshot": 1, "force": "kent", "agreement": agreement,
    }  # fmt: skip
    with transaction(ws) as conn:
        conn.execute(insert(delivery).values(row))


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    ws = fresh(tmp_path / "home")
    add_run(ws, "run-1", card())
    deliver(ws, "police_uk", "open-data")
    return Context(ws, purpose="administration")


def test_the_demonstration_lacks_nothing(ctx: Context) -> None:
    assert not check(ctx, AREA).stands
    state_simulated(ctx, AREA)
    state_simulated(ctx, AREA)
    found = check(ctx, AREA)
    assert (found.live, found.missing, found.faults, found.changed) == (True, (), (), ())
    assert found.fields > 100


def test_the_records_change_with_what_is_served_fed_agreed_and_registered(ctx: Context) -> None:
    state_simulated(ctx, AREA)
    ws = ctx.ws

    def named(act: Any) -> list[str]:
        before = gather(ws, AREA).said()
        act()
        return changes(before, gather(ws, AREA).said())

    def agree() -> None:
        with transaction(ws) as conn:
            add_agreement(conn, Agreement("isa-1", "A sharing", "council", "cda-s115", ("prevention",),
                                          ("kent",), ("*",), date(2023, 1, 1), date(2027, 1, 1)))  # fmt: skip
        deliver(ws, "council_asb", "isa-1")

    def end() -> None:
        with transaction(ws) as conn:
            change_term(conn, "isa-1", ended=date(2026, 1, 1))

    served = named(lambda: add_run(ws, "run-2", card("shrunk-decay", "3")))
    assert any("name: was The learner, is The shrunk-decay" in one for one in served)
    assert any(one.startswith("data council_asb of kent: scope: new") for one in named(agree))
    assert any(one.startswith("data sites of kent: held: new") for one in
               named(lambda: deliver(ws, "sites", "open-data", "sites")))  # fmt: skip
    assert any(one.startswith("agreement isa-1: was ") for one in named(end))
    said = named(lambda: set_deployment(ws, ctx.actor, ctx.purpose, AREA, "discontinued", why="stop"))
    assert "status: was conditional, is discontinued" in said, "the records of a stopped area are still made"


def test_an_approval_stands_until_a_fact_changes(ctx: Context) -> None:
    with pytest.raises(Refused, match="lack a fact"):
        approve(ctx, AREA, "dpia", "board 7")
    state_simulated(ctx, AREA)
    with pytest.raises(Misuse, match="reference"):
        approve(ctx, AREA, "dpia", " ")
    with pytest.raises(Misuse):
        approve(ctx, AREA, "atrs", "board 7")
    approve(ctx, AREA, "dpia", "board 7")
    assert check(ctx, AREA).stands
    add_run(ctx.ws, "run-2", card() | {"served": {"sentence": "A newer verdict."}})
    assert check(ctx, AREA).stands, "a new verdict on the same model undoes no approval"
    add_run(ctx.ws, "run-3", card("shrunk-decay"))
    found = check(ctx, AREA)
    assert not found.stands
    assert any(one.startswith("dpia: model of violence") for one in found.changed)


def test_a_live_deployment_that_lacks_facts_does_not_stand(ctx: Context) -> None:
    set_deployment(ctx.ws, ctx.actor, ctx.purpose, AREA, "approved", **FULL)
    found = check(ctx, AREA)
    assert found.live
    assert any("Contact email: not stated by the organisation" in one for one in found.missing)
    assert any("contact_email: it is empty" in one for one in found.faults)


def test_fairness_is_read_or_said_to_be_missing(ctx: Context) -> None:
    assert gather(ctx.ws, AREA).models[0].fairness == NOT_AUDITED
    folder = ctx.ws.runs / "run-1"
    folder.mkdir()
    (folder / "fairness.json").write_text('{"sentence": "Even.", "made": "2026-11-01T00:00:00"}')
    assert gather(ctx.ws, AREA).models[0].fairness == "Even. (audited 2026-11-01)"


def test_the_files_and_the_questions(ctx: Context, tmp_path: Path) -> None:
    path = write_template(ctx)
    assert path.read_text().count('= ""') >= 20
    with pytest.raises(Misuse, match="already"):
        write_template(ctx)
    made = write(ctx, AREA, tmp_path / "out")
    assert {"atrs.json", "atrs.md", "dpia.md", "atrs-4.0.json", "facts.json"} <= {one.name for one in made}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("team = 'ring 07700 900123'", "team seems to hold"),
        ("colour = 'red'", "none of the questions"),
        ("contact = 'somebody'", "mailbox"),
        ("team = [1]", "must be a text"),
        ("team = ", "no TOML"),
    ],
)
def test_answers_that_cannot_be_used_say_why(ctx: Context, text: str, says: str) -> None:
    path = settings_file(ctx.ws)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    with pytest.raises(Misuse, match=says):
        gather(ctx.ws, AREA)


def test_an_area_may_answer_otherwise(ctx: Context) -> None:
    path = settings_file(ctx.ws)
    path.parent.mkdir(exist_ok=True)
    path.write_text(template(simulated=True) + f'\n[areas.{AREA}]\nteam = "the east team"\n')
    assert gather(ctx.ws, AREA).answers["team"] == "the east team"
