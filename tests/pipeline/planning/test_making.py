"""A plan from a run: the busiest places, rules kept, options for each, refused where homes cannot be told."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from peelian.cli.planning_lines import lines, plan_json
from peelian.domain.errors import Misuse, NotFound, Refused
from peelian.domain.plan import NOT_PLANNABLE, SHARE_BY_HARM
from peelian.pipeline.context import Context
from peelian.pipeline.planning.candidates import choice_of
from peelian.pipeline.planning.making import Planned, PlanRequest, make_plan
from peelian.plan.options import NO_OPTION
from peelian.store.plans import get_plan, read_visits
from peelian.store.runs import add_run, get_run
from tests.api.run_folder import write_run
from tests.pipeline.planning.conftest import RUN
from tests.workspaces import fresh


def made(ctx: Context, **asked: object) -> Planned:
    return make_plan(ctx, PlanRequest(20, **asked))  # type: ignore[arg-type]


def test_without_rules_the_places_of_most_expected_harm_are_chosen(ctx: Context) -> None:
    plan = made(ctx, share_by_harm="off")
    forecast = pl.read_parquet(ctx.ws.runs / RUN / "forecast.parquet").drop_nulls("mean")
    first = forecast.filter(pl.col("period_start") == pl.col("period_start").min())
    best = first.sort("mean", descending=True).head(20)
    assert set(plan.rows["place"]) == set(best["place"])
    assert plan.plan.covered == pytest.approx(best["mean"].sum())
    for name in ("last-year-count", "equal-spread"):
        assert plan.plan.rivals[name] <= plan.plan.covered + 1e-9
    told = plan.rows.join(best, on="place")
    np.testing.assert_allclose(told["expected"], told["mean"])
    np.testing.assert_allclose(told["high"], told["q95"])


def test_visits_are_shared_out_by_harm_unless_the_planner_says_otherwise(ctx: Context) -> None:
    plan = made(ctx)
    assert plan.plan.rules.share_by_harm == SHARE_BY_HARM
    held, count = plan.choice.candidates, Counter(v.place for v in plan.plan.visits)
    harm, visits = np.zeros(len(held.zones)), np.zeros(len(held.zones))
    for place in range(len(held.ids)):
        zone = held.zone_of[held.area[place]]
        harm[zone] += held.harm[place].sum()
        visits[zone] += count[place]
    off = np.abs(visits - 20 * harm / harm.sum())
    assert len(harm) > 1
    assert off.max() <= max(20 * SHARE_BY_HARM, 1 - 1 / len(harm)) + 1e-6
    card = get_plan(ctx.ws, str(plan.id)).card["sharing"]
    assert card["within"] == SHARE_BY_HARM
    free = made(ctx, share_by_harm="off").plan
    assert card["cost"] == pytest.approx(1 - plan.plan.covered / free.covered, abs=1e-3)
    assert "shared out by harm" in "\n".join(lines(plan))
    assert plan_json(plan)["sharing"] == card
    assert free.zones == ()
    assert made(ctx, contiguous=True).plan.zones == ()
    assert made(ctx, share_by_harm="0.2").plan.rules.share_by_harm == 0.2
    with pytest.raises(Misuse, match="neither a share nor off"):
        made(ctx, share_by_harm="a little")


def test_every_place_has_a_prevention_option_or_the_statement(ctx: Context) -> None:
    plan = made(ctx)
    assert set(plan.offers) == set(plan.rows["place"])
    for offer in plan.offers.values():
        assert any(one["prevention"] for one in offer["options"]) or offer["statement"] == NO_OPTION
        assert not {one["kind"] for one in offer["options"]} & set(NOT_PLANNABLE)
    assert not any(power in json.dumps(plan.offers).lower() for power in NOT_PLANNABLE)


def test_rules_hold(ctx: Context) -> None:
    plan = made(ctx, cap_each_area=0.5, hold_out=0.2, seed=3)
    out = {plan.choice.candidates.ids[k] for k in plan.plan.held_out}
    assert out
    assert not out & set(plan.rows["place"])
    assert max(Counter(plan.rows["area"]).values()) <= 10
    assert {plan.choice.candidates.ids[k] for k in made(ctx, hold_out=0.2, seed=3).plan.held_out} == out
    left_out = plan.rows["place"][0]
    assert left_out not in set(made(ctx, excluded=(left_out,)).rows["place"])


def test_rules_that_cannot_hold_are_named(ctx: Context) -> None:
    with pytest.raises(Refused, match="cap_each_area"):
        made(ctx, cap_each_area=0.001)


def test_a_plan_is_kept_as_a_draft_with_its_visits(ctx: Context) -> None:
    plan = made(ctx)
    assert plan.id is not None
    held = get_plan(ctx.ws, plan.id)
    assert (held.state, held.run, held.card["visits"]) == ("draft", RUN, 20)
    assert held.card["covered"] == pytest.approx(plan.plan.covered)
    assert read_visits(ctx.ws, plan.id).equals(plan.rows)


def test_where_homes_cannot_be_told_no_plan_is_made(tmp_path: Path) -> None:
    ws = fresh(tmp_path / "home")
    add_run(ws, RUN, write_run(ws.runs / RUN) | {"marks_known": False})
    with pytest.raises(Refused, match="cannot tell homes"):
        made(Context(ws))
    assert made(Context(ws), for_evaluation=True).id is None


def test_what_is_asked_wrongly_is_told(ctx: Context) -> None:
    with pytest.raises(Misuse, match="needs a visit"):
        make_plan(ctx, PlanRequest(0))
    with pytest.raises(NotFound, match="no forecast of asb"):
        make_plan(ctx, PlanRequest(5, "asb"))


def test_places_without_records_are_no_candidates(ctx: Context) -> None:
    choice = choice_of(get_run(ctx.ws, RUN))
    forecast = pl.read_parquet(ctx.ws.runs / RUN / "forecast.parquet")
    silent = set(forecast.filter(pl.col("mean").is_null())["place"])
    assert silent
    assert not silent & set(choice.candidates.ids)
    assert len(choice.slots) == 1
