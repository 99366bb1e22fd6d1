"""`warn`: series from the workspace as they were known, few warnings, silence where nothing stands out."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from peelian.cli.warning_lines import raised_json, raised_lines
from peelian.domain.errors import Refused
from peelian.domain.time import london_midnight
from peelian.domain.warning_life import step_of
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.panels import load_panels
from peelian.pipeline.warning.expected import QUICK, quick_count
from peelian.pipeline.warning.raising import WarnRequest, warn, watch_of
from peelian.pipeline.warning.series import Watched
from peelian.store.warning_life import take_step
from peelian.store.warning_records import get_warning, list_warnings
from peelian.store.workspace import open_workspace
from peelian.warn import CORROBORATING
from peelian.warn.escalation_drivers import LESSER
from tests.pipeline.calls import BURST, FIRST, FORCE, PLACES, WEEKS, calls, deliver_calls, steady
from tests.pipeline.knives import bring_in
from tests.pipeline.reports import START
from tests.workspaces import fresh

END = (FIRST + timedelta(weeks=WEEKS)).date()
CALM = (FIRST + timedelta(weeks=BURST)).date()


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("calls")
    ws = fresh(folder / "home")
    deliver_calls(ws, folder, calls())
    ws.engine.dispose()
    return folder / "home"


@pytest.fixture
def town(held: Path, tmp_path: Path) -> Context:
    shutil.copytree(held, tmp_path / "home")
    return Context(open_workspace(tmp_path / "home"))


def cut(ctx: Context, as_of: date) -> Watched:
    return watch_of(ctx, WarnRequest(as_of))[1]


def test_series_are_what_was_known_and_count_everything_once(town: Context) -> None:
    watch = cut(town, END)
    lines = calls()
    assert watch.larger.every == "week"
    assert watch.larger.end == END
    assert watch.larger.support == "block"
    assert watch.larger.counts.sum() == pytest.approx(len(lines)) == watch.cells.counts.sum()
    assert watch.larger.counts.shape == (WEEKS, len(watch.larger.places))
    assert watch.larger.observed[:-1].all()
    assert watch.cells.points is not None
    assert len(watch.cells.points.day) == sum(1 for _ in lines if recent(_))
    assert (watch.cells.points.day >= 0).all()
    assert (np.diff(watch.cells.points.day) <= 0).all()


def recent(line: str) -> bool:
    return date.fromisoformat(line.split(",")[1][:10]) >= END - timedelta(days=365)


def test_an_earlier_day_sees_the_same_series_cut_shorter(town: Context) -> None:
    late, early = cut(town, END).larger, cut(town, CALM).larger
    assert early.places == late.places
    assert np.array_equal(early.counts, late.counts[:BURST])


def test_half_a_week_is_never_judged(town: Context) -> None:
    assert cut(town, END - timedelta(days=3)).larger.end == END - timedelta(days=7)


def test_a_burst_is_raised_once_and_named_where_it_is(town: Context) -> None:
    made = warn(town, WarnRequest(END))
    assert made.warnings
    first = made.warnings[0]
    middle = np.mean([PLACES[k] for k in (14, 15, 20, 21)], axis=0)
    assert np.hypot(first.easting - middle[0], first.northing - middle[1]) < 1000
    assert first.strength > 2
    assert first.false_alarms_a_week < 0.01
    assert first.start >= CALM - timedelta(weeks=2)
    assert made.kept == len(made.warnings) == list_warnings(town.ws).total
    again = warn(town, WarnRequest(END))
    assert again.kept == 0
    assert {one.id for one in again.warnings} == {one.id for one in made.warnings}
    said = "\n".join(raised_lines(made))
    assert "expected" in said
    beside = {one.detector: one for one in first.corroboration}
    assert list(beside) == list(CORROBORATING)
    assert beside["exceedance"].supports
    assert "(quick count)" in beside["exceedance"].words
    assert "Above the forecast's own range, in support: " in said
    assert "repeats at one point" in said
    assert raised_json(made)["warnings"][0]["id"] == first.id


def test_on_ended_data_it_stays_the_same_warning_and_is_never_its_own_past(town: Context) -> None:
    made = warn(town, WarnRequest(END))
    held = {one.id: (one.as_of, one.version) for one in list_warnings(town.ws).rows}
    later = warn(town, WarnRequest(END + timedelta(days=100)))
    assert later.judged == made.judged
    assert later.kept == 0
    assert {(one.id, one.as_of) for one in later.warnings} == {(one.id, END) for one in made.warnings}
    assert not {s.warning for one in later.warnings for s in one.similar} & set(held)
    assert {one.id: (one.as_of, one.version) for one in list_warnings(town.ws).rows} == held
    (first, *_) = made.warnings
    for step in (step_of("seen", reason="read"), step_of("closed", reason="looked", outcome="nothing found")):
        take_step(town.ws, town.actor, "prevention", first.id, step)
    warn(town, WarnRequest(END + timedelta(days=130)))
    assert get_warning(town.ws, first.id).state == "closed", "what was closed is not raised anew"
    assert list_warnings(town.ws).total == len(held)


def test_calm_is_one_line_with_what_was_watched(tmp_path: Path) -> None:
    ws = fresh(tmp_path / "home")
    deliver_calls(ws, tmp_path, steady())
    lines = raised_lines(warn(Context(ws), WarnRequest(END)))
    assert lines[0].startswith("No early warnings as of")
    assert "places watched" in lines[0]
    assert len(lines) == 2


def test_repeats_at_one_point_count_once_in_distinct(tmp_path: Path) -> None:
    ws = fresh(tmp_path / "home")
    deliver_calls(ws, tmp_path, calls(same_point=True))
    series = cut(Context(ws), END).cells
    assert series.distinct is not None
    hot = np.argmax(series.counts[BURST:].sum(axis=0))
    assert series.distinct[BURST:, hot].max() <= 1.0
    assert series.counts[BURST:, hot].min() >= 1.0
    assert (series.distinct <= series.counts + 1e-9).all()


def test_single_reports_in_homes_are_never_given(tmp_path: Path) -> None:
    ws = fresh(tmp_path / "home")
    deliver_calls(ws, tmp_path, calls(home=True))
    points = cut(Context(ws), END).cells.points
    assert points is not None
    homes = [line for line in calls(home=True) if line.endswith("home")]
    assert homes
    assert len(points.day) == sum(1 for line in calls(home=True) if recent(line)) - len(homes)


def test_violence_is_refused_where_homes_are_not_told_apart(small_home: Path, tmp_path: Path) -> None:
    shutil.copytree(small_home, tmp_path / "home")
    ctx = Context(open_workspace(tmp_path / "home"))
    as_of = (START + timedelta(weeks=58)).date()
    with pytest.raises(Refused, match="homes"):
        warn(ctx, WarnRequest(as_of, "violence"))
    assert warn(ctx, WarnRequest(as_of, "violence", for_evaluation=True)).kept == 0


def test_lesser_violence_beside_knife_violence_holds_none_of_it(tmp_path: Path) -> None:
    ctx = Context(fresh(tmp_path / "home"))
    told = bring_in(ctx, tmp_path / "knives")
    watch = watch_of(ctx, WarnRequest(date(2023, 1, 2), "knife-violence", every="week", for_evaluation=True))
    knives = [row for row in told if row["knife"] == "high"]
    lesser = [row for row in told if row["what"] == "violence" and row["knife"] == "none"]
    for series in watch[1].all:
        assert series.counts.sum() == pytest.approx(len(knives))
        assert dict(series.drivers)[LESSER.name].sum() == pytest.approx(len(lesser))


def test_too_little_history_is_refused_in_words(town: Context) -> None:
    with pytest.raises(Refused, match="weeks of asb were known"):
        warn(town, WarnRequest(date(2023, 2, 6)))


def test_the_quick_count_expects_what_a_steady_place_gives(town: Context) -> None:
    series = cut(town, CALM).larger
    expected = quick_count(series)
    assert expected.run == QUICK
    assert expected.mean.sum() == pytest.approx(series.counts[:-1].mean(axis=0).sum(), rel=0.25)
    assert (expected.dispersion > 0).all()
    panels = load_panels(
        town, resolve_area(town, FORCE, london_midnight(CALM)), cut(town, CALM).panels.target, "week",
        london_midnight(CALM),
    )  # fmt: skip
    assert panels.end >= CALM
