"""Make a plan of visits or teams, give each place its prevention options, and keep it as a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from peelian.domain.errors import Misuse, NotFound
from peelian.domain.intervention import InterventionKind
from peelian.domain.plan import Plan, Rules, Team, WhatIf
from peelian.domain.progress import Tick, no_tick
from peelian.domain.shifts import Shifts
from peelian.pipeline.areas import grid_of
from peelian.pipeline.context import Context
from peelian.pipeline.planning.candidates import Choice, choice_of, may_plan
from peelian.pipeline.planning.drafting import card_of, held_of, rows_of
from peelian.pipeline.planning.outlines import outlines_of
from peelian.pipeline.planning.over_areas import choice_of_areas
from peelian.pipeline.planning.own_areas import areas_held
from peelian.pipeline.planning.resources import Resources, read_resources, share_rule
from peelian.pipeline.planning.settings import settings_of_places
from peelian.pipeline.setting_shifts import shifts_held
from peelian.plan.allocate import allocate, sensitivity, visits_only
from peelian.plan.catalogue.load import digest, held
from peelian.plan.options import options
from peelian.store.plans import keep_plan
from peelian.store.runs import RunRow, get_run, latest_run

SECONDS = 120.0
"""Most clock for the choice: on a quiet machine it is proven long before."""
DOUBT_SECONDS = 60.0


@dataclass(frozen=True)
class PlanRequest:
    """What was asked for: `visits` in all (0: as many as the teams of `resources` can give).

    `resources` is the path of a file of teams and rules; a rule said here takes the place of the file's.
    `own_areas` names a kind of the force's own areas to plan for, `shifts` shares a run's first `days` over
    the force's shifts. The run is the newest of the target unless one is named. Visits are shared out by harm
    as the shipped rule says unless `share_by_harm`, or the file, says otherwise.
    """

    visits: int = 0
    target: str = "violence"
    area: str | None = None
    run: str | None = None
    most_visits_a_place: int | None = None
    cap_each_area: float | None = None
    hold_out: float | None = None
    excluded: tuple[str, ...] = ()
    seed: int | None = None
    for_evaluation: bool = False
    resources: str | None = None
    own_areas: str | None = None
    shifts: bool = False
    days: int = 7
    contiguous: bool = False
    share_by_harm: float | str | None = None


@dataclass(frozen=True, eq=False)
class Planned:
    """A plan with the run it rests on and the rows of its visits, most harm first."""

    plan: Plan
    run: RunRow
    choice: Choice
    rows: pl.DataFrame
    id: str | None
    """None where it was made for evaluation and not kept."""
    offers: dict[str, dict[str, Any]] = field(default_factory=dict)
    what_if: tuple[WhatIf, ...] = ()


def make_plan(ctx: Context, request: PlanRequest, tick: Tick = no_tick) -> Planned:
    """Choose places and slots for the visits, exactly, under the rules; keep the plan as a draft.

    Raises:
        Misuse: neither visits nor teams, or a file that is wrong. NotFound: no run, or no such areas.
        Refused: the target's rows may include homes, a team is a power that is recorded only, shifts are
            asked for and none are held, or no plan keeps all the rules, with those in conflict named.
    """
    if request.visits < 0 or (request.visits == 0 and request.resources is None):
        raise Misuse("a plan needs a visit", expected="--visits 1 or more, or --resources FILE")
    if request.days < 1:
        raise Misuse("a plan needs a day", expected="--days 1 or more")
    kinds = held(ctx.ws.home)
    given = read_resources(Path(request.resources), kinds) if request.resources else None
    run = _run(ctx, request)
    may_plan(run, for_evaluation=request.for_evaluation)
    ctx.consult("combination", f"plan {run.target}", area=run.area, window=run.run_id)
    tick("reading the run", 0.1)
    rules = _rules(request, given)
    choice = _choice(ctx, request, run, _shifts(ctx, request, run, given), rules)
    teams, rules = _teams(request, given, choice, rules)
    tick("choosing", 0.3)
    made = allocate(choice.candidates, choice.slots, teams, rules, seconds=SECONDS)
    tick("how much hangs on budget and doubt", 0.7)
    what_if = sensitivity(choice.doubted(), choice.slots, teams, rules, made, seconds=DOUBT_SECONDS)
    tick("matching prevention options", 0.9)
    chosen = sorted({visit.place for visit in made.visits})
    grid = grid_of(str(run.card["grid"]["crs"]), float(run.card["grid"]["size"]))
    settings = settings_of_places(ctx, run, grid, choice.squares, chosen)
    offers = _offers(kinds, run, choice, settings)
    rows = rows_of(made, choice, teams, told=given is not None)
    if request.for_evaluation:
        return Planned(made, run, choice, rows, None, offers, what_if)
    card = card_of(made, choice, rows, offers, teams, what_if, told=given is not None)
    card |= {"catalogue": digest(kinds), "visits_asked": request.visits}
    outlines = outlines_of(choice, chosen, grid)
    kept = keep_plan(ctx.ws, ctx.actor, ctx.purpose, held_of(run, choice, card), rows, outlines)
    return Planned(made, run, choice, rows, kept.id, offers, what_if)


def _run(ctx: Context, request: PlanRequest) -> RunRow:
    if request.run is not None:
        return get_run(ctx.ws, request.run)
    found = latest_run(ctx.ws, request.area, request.target)
    if found is None:
        raise NotFound(
            f"there is no forecast of {request.target} to plan from",
            do=f"make one with: peelian forecast --target {request.target}",
        )
    return found


def _shifts(ctx: Context, request: PlanRequest, run: RunRow, given: Resources | None) -> Shifts | None:
    named = given is not None and any(one.shifts or one.days for one in given.file.team)
    return shifts_held(ctx) if run.every != "shift" and (request.shifts or named) else None


def _choice(ctx: Context, request: PlanRequest, run: RunRow, shifts: Shifts | None, rules: Rules) -> Choice:
    if request.own_areas is None:
        return choice_of(run, shifts, days=request.days, contiguous=rules.contiguous)
    areas = areas_held(ctx, request.own_areas)
    return choice_of_areas(run, request.own_areas, areas, shifts, days=request.days)


def _rules(request: PlanRequest, given: Resources | None) -> Rules:
    rules = given.rules if given else Rules()
    said: dict[str, Any] = {
        "most_visits_a_place": request.most_visits_a_place, "cap_each_area": request.cap_each_area,
        "hold_out": request.hold_out, "seed": request.seed, "most_visits": request.visits or None,
        "excluded": request.excluded or None, "contiguous": request.contiguous or None,
    }  # fmt: skip
    rules = replace(rules, **{name: value for name, value in said.items() if value is not None})
    shared = request.share_by_harm
    if shared is None and given is not None:
        shared = given.file.rules.share_by_harm
    return replace(rules, share_by_harm=share_rule(shared, contiguous=rules.contiguous))


def _teams(
    request: PlanRequest, given: Resources | None, choice: Choice, rules: Rules
) -> tuple[Sequence[Team], Rules]:
    if given is not None:
        return given.teams(choice.windows), rules
    return visits_only(request.visits, choice.slots, rules)


def _offers(
    kinds: Sequence[InterventionKind], run: RunRow, choice: Choice, settings: dict[int, tuple[str, ...]]
) -> dict[str, dict[str, Any]]:
    ids, patterns = choice.candidates.ids, choice.patterns
    return {
        ids[k]: options(near, (), run.target, patterns[k], kinds).to_json()  # type: ignore[arg-type]
        for k, near in settings.items()
    }
