"""From the register and the ledger to a verdict that is kept: a planted effect, none, and refusals."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from peelian.cli.effects import verdict_lines
from peelian.domain.errors import Fault, Misuse, Refused
from peelian.pipeline.context import Context
from peelian.pipeline.evaluating.asked import Asked
from peelian.pipeline.evaluating.designing import check_draw, draw_from, lock
from peelian.pipeline.evaluating.evaluating import evaluate_intervention
from peelian.store.catalogue import transaction
from peelian.store.decision_tables import study_design
from peelian.store.effect_verdicts import list_verdicts
from peelian.store.interventions import add_entry, withdraw_entry
from peelian.store.workspace import open_workspace
from tests.pipeline.calls import deliver_calls
from tests.pipeline.evaluating.town import CELLS, END, PLACES, START, TREATED, entry, log
from tests.workspaces import fresh

_ASKED = Asked("asb", every="week", before=40, buffer_m=300.0)


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[float, Path]:
    out = {}
    for ratio in (0.5, 1.0):
        folder = tmp_path_factory.mktemp(f"town{int(10 * ratio)}")
        ws = fresh(folder / "home")
        deliver_calls(ws, folder, log(ratio))
        ws.engine.dispose()
        out[ratio] = folder / "home"
    return out


@pytest.fixture
def lit(homes: dict[float, Path], tmp_path: Path) -> Context:
    shutil.copytree(homes[0.5], tmp_path / "home")
    return _entered(Context(open_workspace(tmp_path / "home")))


def _entered(ctx: Context) -> Context:
    with transaction(ctx.ws) as conn:
        add_entry(conn, ctx.actor, ctx.purpose, entry())
    return ctx


@pytest.mark.parametrize("method", ["auto", "wdd", "matched", "synthetic"])
def test_half_the_calls_stopped_and_each_method_finds_it(lit: Context, method: str) -> None:
    made = evaluate_intervention(lit, "i1", replace(_ASKED, method=method))
    effect = made["effect"]
    expected = 1.2 * len(TREATED) * 20
    assert effect["clear"]
    assert effect["change_low"] < -expected / 2 < effect["change_high"] or method == "wdd"
    assert effect["change"] < 0
    assert "fell more than chance explains" in made["headline"]
    assert made["cost"]["low"] < made["cost"]["each"] < made["cost"]["high"]
    assert made["method"] == ("event-study" if method == "auto" else method)
    assert made["not_measured"]


def test_verdicts_are_kept_beside_each_other_and_say_what_they_are(lit: Context) -> None:
    first = evaluate_intervention(lit, "i1", _ASKED)
    evaluate_intervention(lit, "i1", replace(_ASKED, method="wdd"))
    held = list_verdicts(lit.ws, "i1")
    assert [one.method for one in held] == ["wdd", "event-study"]
    assert held[1].verdict == json.loads(json.dumps({k: v for k, v in first.items() if k != "verdict"}))
    said = "\n".join(verdict_lines(first))
    assert "No design was locked" in said
    assert "within 300 m" in said
    assert "Not measured:" in said


def test_nothing_is_called_nothing_and_kept(homes: dict[float, Path], tmp_path: Path) -> None:
    shutil.copytree(homes[1.0], tmp_path / "home")
    ctx = _entered(Context(open_workspace(tmp_path / "home")))
    made = evaluate_intervention(ctx, "i1", _ASKED)
    assert not made["effect"]["clear"]
    assert "not proof of no effect" in made["headline"]
    assert len(list_verdicts(ctx.ws)) == 1


def test_a_start_within_a_week_leaves_that_week_out(lit: Context) -> None:
    with transaction(lit.ws) as conn:
        withdraw_entry(conn, lit.actor, lit.purpose, "i1", "a day late")
        add_entry(conn, lit.actor, lit.purpose, entry(start=START + timedelta(days=2)))
    made = evaluate_intervention(lit, "i2", _ASKED)
    assert any("left out" in line for line in made["lines"])
    assert made["effect"]["periods"] == 19
    with pytest.raises(Refused, match="withdrawn"):
        evaluate_intervention(lit, "i1", _ASKED)


def test_pooled_entries_start_in_steps_and_others_are_no_controls(lit: Context) -> None:
    with transaction(lit.ws) as conn:
        late = entry((100, 101, 102, 103), START + timedelta(weeks=6))
        add_entry(conn, lit.actor, lit.purpose, late)
        add_entry(conn, lit.actor, lit.purpose, entry((120, 121), START, END, "youth-work"))
    made = evaluate_intervention(lit, "i1", replace(_ASKED, same_kind=True))
    assert sorted(made["pooled"]) == ["i1", "i2"]
    assert made["effect"]["treated"] == 16
    assert any("2 places of other entries" in line for line in made["lines"])
    with pytest.raises(Misuse, match="several"):
        evaluate_intervention(lit, "i1", replace(_ASKED, same_kind=True, method="wdd"))


def test_what_cannot_be_estimated_is_refused(lit: Context) -> None:
    with transaction(lit.ws) as conn:
        add_entry(conn, lit.actor, lit.purpose, entry((140, 141), kind="wardens"))
        whole = replace(entry(kind="campaign"), area_kind="area", places=())
        add_entry(conn, lit.actor, lit.purpose, whole)
        short = entry((130,), END - timedelta(days=3), END, kind="clean-up")
        add_entry(conn, lit.actor, lit.purpose, short)
        strange = replace(entry((131,), kind="patrol"), area_kind="ward")
        add_entry(conn, lit.actor, lit.purpose, strange)
    for id_, method, said in (
        ("i2", "event-study", "too few"), ("i2", "matched", "cannot be matched"),
        ("i3", "auto", "whole area"), ("i4", "auto", "whole periods"), ("i5", "auto", "kind of place"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=said):
            evaluate_intervention(lit, id_, replace(_ASKED, method=method))
    with pytest.raises(Misuse):
        evaluate_intervention(lit, "i1", replace(_ASKED, method="randomised"))
    assert list_verdicts(lit.ws) == []


def _drawn(tmp_path: Path) -> dict[str, Any]:
    file = tmp_path / "places.csv"
    file.write_text("place,count\n" + "".join(f"{CELLS[k]},{k % 7}\n" for k in range(len(PLACES))))
    return draw_from(file, share=0.5, stratum=6, seed=11)


def test_a_locked_draw_is_what_is_evaluated(lit: Context, tmp_path: Path) -> None:
    draw = _drawn(tmp_path)
    assert draw == _drawn(tmp_path)
    body = {"target": "asb", "method": "randomised", "every": "week", "before": 20, "draw": draw}
    made = lock(lit, "d1", body, by_role="analyst")
    verdict = evaluate_intervention(lit, "i1", Asked(), "d1")
    assert (verdict["method"], verdict["design"]) == ("randomised", "d1")
    assert any(made.sha256[:12] in line or "locked only after" in line for line in verdict["lines"])
    with transaction(lit.ws) as conn:
        conn.execute(update(study_design).values(design=body | {"target": "violence"}))
    with pytest.raises(Fault, match="not the one that was locked"):
        evaluate_intervention(lit, "i1", Asked(), "d1")


def test_a_draw_changed_by_hand_cannot_be_locked(lit: Context, tmp_path: Path) -> None:
    draw = _drawn(tmp_path)
    draw["treated"][0] = 1 - draw["treated"][0]
    with pytest.raises(Refused, match="seed draws"):
        check_draw(draw)
    with pytest.raises(Misuse, match="what is measured"):
        lock(lit, "d2", {"draw": _drawn(tmp_path)}, by_role="analyst")


def test_a_second_ring_is_told_and_is_no_control_of_its_own(lit: Context) -> None:
    made = evaluate_intervention(lit, "i1", _ASKED)
    near, further = made["nearby"], made["nearby"]["further"]
    assert (further["from_metres"], further["metres"]) == (300.0, 600.0)
    assert further["effect"]["treated"] > 4
    assert further["effect"]["controls"] == near["effect"]["controls"] - further["effect"]["treated"]
    assert further["sign"] == "not told apart from none"  # nothing was planted there
    assert further["effect"]["level"] == pytest.approx(0.975)
