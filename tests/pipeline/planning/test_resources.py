"""Teams and rules by file: what is wrong is told, powers are refused, rules and shifts hold in the plan."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from peelian.domain.errors import Misuse, Refused
from peelian.domain.plan import NOT_PLANNABLE
from peelian.pipeline.context import Context
from peelian.pipeline.gazetteers import import_context
from peelian.pipeline.planning.candidates import choice_of
from peelian.pipeline.planning.making import Planned, PlanRequest, make_plan
from peelian.pipeline.planning.resources import example, read_resources
from peelian.plan.catalogue.load import shipped
from peelian.store.plans import get_plan
from peelian.store.runs import get_run
from tests.pipeline.planning.conftest import RUN

SHIFTS = 'day_begins: "07:00"\nshifts: {early: "07:00", late: "15:00", night: "23:00"}\n'
BASE = "[662500, 426500]"
TEAM = f"""
[[team]]
name = "Harbour patrol"
kind = "police patrol"
agency = "police"
base = {BASE}
mode = "car"
count = 2
shifts = ["late"]
days = ["Monday", "Friday"]
hours = 4.0

[[team]]
name = "Youth outreach"
kind = "outreach"
agency = "council youth service"
base = {BASE}
mode = "bicycle"
hours = 3.0
shifts = ["late"]
"""


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "teams.toml"
    path.write_text(text)
    return path


def planned(ctx: Context, tmp_path: Path, text: str, **asked: object) -> Planned:
    (tmp_path / "shifts.yaml").write_text(SHIFTS)
    import_context(ctx, "shifts", tmp_path / "shifts.yaml")
    return make_plan(ctx, PlanRequest(resources=str(file(tmp_path, text)), **asked))  # type: ignore[arg-type]


def test_the_example_is_a_file_that_can_be_read(tmp_path: Path) -> None:
    assert (Path(__file__).parents[3] / "docs" / "how-to" / "teams.toml").read_text() == example()
    made = read_resources(file(tmp_path, example()), shipped())
    assert made.kinds == ("visible presence", "street outreach", "lighting", "licensing visit")
    assert (made.rules.hold_out, made.rules.cap_each_area, made.rules.seed) == (0.1, 0.25, 1)


def test_teams_work_their_own_shifts_and_days_and_are_pooled(ctx: Context, tmp_path: Path) -> None:
    made = planned(ctx, tmp_path, TEAM + "[rules]\nleast_gap_slots = 1\nhold_out = 0.1\nseed = 4\n")
    assert set(made.rows["team"]) == {"Harbour patrol", "Youth outreach"}
    assert all(": late " in slot for slot in made.rows["slot"])
    police = made.rows.filter(team="Harbour patrol")
    assert {slot.split(": late ")[1][:3] for slot in police["slot"]} == {"Mon", "Fri"}
    assert not police["round"].is_null().any()
    assert set(police["round"]) <= {1, 2}
    for (_, _, _), stops in made.rows.group_by("slot", "team", "round"):
        assert sorted(stops["order"]) == list(range(1, stops.height + 1))
    assert made.plan.held_out
    assert not {made.choice.candidates.ids[k] for k in made.plan.held_out} & set(made.rows["place"])
    card = get_plan(ctx.ws, str(made.id)).card
    assert [(one["name"], one["count"]) for one in card["teams"]] == [
        ("Harbour patrol", 2),
        ("Youth outreach", 1),
    ]
    assert sum(one["visits"] for one in card["teams"]) == made.rows.height


def test_the_shifts_of_a_window_add_up_to_it(ctx: Context, tmp_path: Path) -> None:
    (tmp_path / "shifts.yaml").write_text(SHIFTS)
    import_context(ctx, "shifts", tmp_path / "shifts.yaml")
    from peelian.pipeline.setting_shifts import shifts_held

    run = get_run(ctx.ws, RUN)
    whole, parted = choice_of(run), choice_of(run, shifts_held(ctx), days=28)
    np.testing.assert_allclose(parted.candidates.harm.sum(axis=1), whole.candidates.harm.sum(axis=1))
    week = choice_of(run, shifts_held(ctx), days=7)
    assert len(week.slots) == 21
    assert week.candidates.harm.sum() < whole.candidates.harm.sum()
    assert any("7 of the 28 days" in note for note in week.notes)


def test_rules_of_the_file_hold_and_one_said_in_the_command_goes_before(ctx: Context, tmp_path: Path) -> None:
    text = TEAM + "[rules]\nmost_visits = 9\nmost_visits_a_place = 1\n"
    made = planned(ctx, tmp_path, text)
    assert made.rows.height <= 9
    assert max(Counter(made.rows["place"]).values()) == 1
    assert planned(ctx, tmp_path, text, visits=5).rows.height == 5


def test_sensitivity_and_rivals_stand_beside_it(ctx: Context, tmp_path: Path) -> None:
    made = planned(ctx, tmp_path, TEAM)
    said = {one.name: one for one in made.what_if}
    assert set(said) == {"budget -20 %", "budget +20 %", "forecast low", "forecast high"}
    assert said["budget -20 %"].covered < made.plan.covered < said["budget +20 %"].covered
    assert said["forecast low"].visits == said["forecast high"].visits == made.rows.height
    doubted = made.choice.doubted()
    assert (doubted.low < made.choice.candidates.harm).all()
    assert (doubted.high > made.choice.candidates.harm).all()
    assert set(made.plan.rivals) == {"last-year-count", "equal-spread"}


@pytest.mark.parametrize("power", [*NOT_PLANNABLE, "LFR van", "Stop & search team", "s.60 patrol"])
@pytest.mark.parametrize("key", ["name", "kind", "agency"])
def test_a_team_that_is_a_power_is_refused(tmp_path: Path, power: str, key: str) -> None:
    said = {"name": "Team", "kind": "police patrol", "agency": "police"} | {key: power}
    text = "[[team]]\n" + "".join(f'{k} = "{v}"\n' for k, v in said.items())
    text += f'base = {BASE}\nmode = "foot"\nhours = 1.0\n'
    with pytest.raises(Refused, match="recorded and evaluated only"):
        read_resources(file(tmp_path, text), shipped())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('kind = "outreach"', 'kind = "drone"'), "unknown kind"),
        (('mode = "car"', 'mode = "boat"'), "team.0.mode"),
        (("hours = 4.0", "hours = 40.0"), "team.0.hours"),
        (("count = 2", "members = 2"), "team.0.members"),
        (('["Monday", "Friday"]', '["Mon"]'), "team.0.days.0"),
        (("[[team]]", "[[team"), "not TOML"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_where(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    with pytest.raises(Misuse, match=said):
        read_resources(file(tmp_path, TEAM.replace(*change)), shipped())


def test_an_effect_needs_its_source(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="no source"):
        read_resources(file(tmp_path, TEAM + "[rules.effect]\noutreach = 0.1\n"), shipped())


def test_shifts_that_are_not_held_are_never_guessed(ctx: Context, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no shifts are held"):
        make_plan(ctx, PlanRequest(resources=str(file(tmp_path, TEAM))))
    with pytest.raises(Misuse, match="shift"):
        planned(ctx, tmp_path, TEAM.replace('shifts = ["late"]', 'shifts = ["dawn"]'))
    with pytest.raises(Misuse, match="--resources"):
        make_plan(ctx, PlanRequest())
