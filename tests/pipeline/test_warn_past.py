"""Similar past warnings: the same place first, never the same episode, with what came after in words."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from peelian.domain.series import Series
from peelian.domain.time import period_starts
from peelian.domain.warning import EarlyWarning
from peelian.pipeline.context import Context
from peelian.pipeline.warning.again import as_held
from peelian.pipeline.warning.expected import QUICK, run_before, with_expected
from peelian.pipeline.warning.keeping import keep
from peelian.pipeline.warning.past import after_words, past_warnings, with_similar
from peelian.store.runs import add_run
from peelian.store.workspace import open_workspace
from tests.workspaces import fresh

START = date(2024, 1, 1)


def series(every: str = "week") -> Series:
    counts = np.full((80, 3), 2.0)
    counts[60:64, 1] = 9.0
    starts = tuple(period_starts(START, 80, "week"))
    return Series(
        "asb", "week", "lsoa", starts, starts[-1] + timedelta(days=7), ("a", "b", "c"), np.arange(3) * 800.0,
        np.zeros(3), counts, np.ones((80, 3), bool),
    )  # fmt: skip


def raised(name: str, week: int, places: tuple[str, ...], strength: float = 3.0) -> EarlyWarning:
    as_of = START + timedelta(weeks=week)
    return EarlyWarning(
        name, "rise", "asb", "More", "fens", "lsoa", places, places, 0.0, 0.0, 300.0,
        as_of - timedelta(weeks=3), as_of, 9.0 * strength, 9.0, strength, None, 0.01, 0.1, ("x",), ("why",),
    )  # fmt: skip


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    fresh(tmp_path / "home").engine.dispose()
    return Context(open_workspace(tmp_path / "home"))


def keep_all(ctx: Context, *warnings: EarlyWarning) -> int:
    return keep(ctx, warnings, area="fens", target="asb", as_of=warnings[-1].as_of, places=3)[1]


def test_past_ones_of_the_same_place_come_first_and_this_episode_never(ctx: Context) -> None:
    now = raised("now", 79, ("b",))
    assert keep_all(ctx, raised("elsewhere", 40, ("c",))) == 1
    assert keep_all(ctx, raised("before", 60, ("b",))) == 1
    assert keep_all(ctx, raised("yesterday", 75, ("b",))) == 1
    assert keep_all(ctx, now) == 0, "four weeks apart it goes on, as one"
    told = with_similar(now, past_warnings(ctx, "fens", "asb"), (series(),)).similar
    assert [one.warning for one in told] == ["before", "elsewhere"], "yesterday's is this one going on"
    assert told[0].outcome == "not closed yet (new)"
    other = with_similar(raised("c", 79, ("c",)), past_warnings(ctx, "fens", "asb"), (series(),)).similar
    assert other[0].warning == "elsewhere", "the same place comes first"


def test_of_the_same_periods_it_is_the_same_and_with_late_reports_it_moves_on(ctx: Context) -> None:
    first = replace(raised("first", 70, ("b", "c")), until=START + timedelta(weeks=70))
    keep_all(ctx, first)
    past = past_warnings(ctx, "fens", "asb")
    later = replace(first, id="other", as_of=first.as_of + timedelta(days=90), similar=())
    assert as_held(later, past) == first
    moved = as_held(replace(later, observed=30.0), past)
    assert (moved.id, moved.as_of) == ("first", later.as_of)
    assert with_similar(moved, past, (series(),)).similar == ()
    assert with_similar(replace(moved, id="x"), past, (series(),)).similar == ()
    for new in (replace(later, until=START + timedelta(weeks=71)), replace(later, places=("a",))):
        assert as_held(new, past) == new, "other weeks or another place: another warning"


def test_what_came_after_is_counted_in_words() -> None:
    words = after_words(raised("one", 60, ("b",)), series())
    assert words == "in the 8 weeks after it 44 reports, where 16.0 were usual"
    assert after_words(raised("one", 80, ("b",)), series()) == "what came after is not known yet"
    assert after_words(raised("one", 60, ("nowhere",)), series()) == "what came after is not known yet"
    hidden = series()
    seen = np.ones((80, 3), bool)
    seen[62:, 1] = False
    assert "in the 2 weeks after it 18 reports" in after_words(
        raised("one", 60, ("b",)), replace(hidden, observed=seen)
    )


def test_a_run_made_before_the_period_tells_what_was_expected(ctx: Context) -> None:
    watched = series()
    card = {
        "area": {"code": "fens"}, "target": "asb", "every": "week", "window": 1,
        "origin": str(watched.starts[-1]), "as_of": f"{watched.starts[-2]}T00:00:00+00:00",
    }  # fmt: skip
    assert run_before(ctx, "fens", watched) is None
    add_run(ctx.ws, "late", card | {"as_of": f"{watched.end}T00:00:00+00:00"})
    assert run_before(ctx, "fens", watched) is None, "a run that knew the period cannot say what was expected"
    add_run(ctx.ws, "in-time", card)
    found = run_before(ctx, "fens", watched)
    assert found is not None
    assert found.run_id == "in-time"
    add_run(ctx.ws, "of-four-weeks", card | {"origin": str(watched.starts[-3]), "horizon": 4})
    latest = run_before(ctx, "fens", watched)
    assert latest is not None
    assert latest.run_id == "in-time", "the latest origin knew most"
    shutil.rmtree(found.folder, ignore_errors=True)
    told = with_expected(ctx, "fens", watched).expected
    assert told is not None
    assert told.run == QUICK, "its files are gone: a quick count stands in"


def test_a_run_of_several_weeks_tells_each_of_them_by_its_own_law(ctx: Context) -> None:
    watched = series()
    card = {
        "area": {"code": "fens"}, "target": "asb", "every": "week", "window": 1, "horizon": 3,
        "origin": str(watched.starts[-3]), "as_of": f"{watched.starts[-3]}T00:00:00+00:00",
    }  # fmt: skip
    add_run(ctx.ws, "short", card | {"horizon": 2})
    assert run_before(ctx, "fens", watched) is None, "it ended before the week that is judged"
    add_run(ctx.ws, "of-three", card)
    run = run_before(ctx, "fens", watched)
    assert run is not None
    run.folder.mkdir(parents=True)
    weeks = [(start, place, 1.0 + k) for k, start in enumerate(watched.starts[-3:]) for place in ("b", "a")]
    rows = pl.DataFrame(weeks, schema=["period_start", "place", "mean"], orient="row")
    rows = rows.with_columns(pl.lit(watched.support).alias("support"), dispersion=pl.lit(0.25))
    rows.write_parquet(run.folder / "levels.parquet")
    told = with_expected(ctx, "fens", watched).expected
    assert told is not None
    assert told.run == "of-three"
    assert told.mean[:2].tolist() == [3.0, 3.0]
    assert np.isnan(told.mean[2]), "of a place that the run does not know nothing is made up"
    assert told.dispersion[:2].tolist() == [0.25, 0.25]
