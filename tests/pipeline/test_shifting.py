"""Shifts from the command to the file: they add up to the day, and are off where hours are not known."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from peelian.api.places import place_detail
from peelian.api.run_folder import read_run
from peelian.cli.forecasts import every_of
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.errors import Misuse, Refused
from peelian.domain.forecast import LevelForecast
from peelian.domain.panel import Parents
from peelian.domain.rhythm import HOURS, Rhythm
from peelian.domain.shifts import FORM, shifts_of
from peelian.pipeline.context import Context, open_context
from peelian.pipeline.forecast_file import forecast_table
from peelian.pipeline.forecast_request import ForecastRequest
from peelian.pipeline.forecasting import forecast
from peelian.pipeline.gazetteers import import_context, listed
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.shifting import by_shift

ORIGIN = date(2024, 3, 29)  # clocks go forward in the third policing day's night
MAPPING = """\
source: written-for-the-test
force: testshire
controller: Testshire Police
licence: written for the test
crs: EPSG:27700
covers: {{from: 2023-01-02, to: 2024-05-05}}
columns: {{occurred: when, easting: e, northing: n, offence: what}}
time: {{format: "%Y-%m-%d %H:%M", zone: Europe/London, granularity: {grain}}}
codes: {{robbery: robbery}}
"""
ASKED = ForecastRequest("robbery", "shift", ORIGIN, horizon=9, model="year-count")


def rows(n: int = 2600) -> pl.DataFrame:
    """Sixteen months of robberies: half the places keep late hours, the others those of schools."""
    dice = random.Random(7)
    out = []
    for _ in range(n):
        place = dice.randrange(12)
        day = date(2023, 1, 2) + timedelta(days=dice.randrange(490))
        hour = dice.choice([21, 22, 23]) if place < 6 else dice.choice([8, 9, 15])
        e, north = 400_000 + 250 * (place % 4), 300_000 + 250 * (place // 4)
        out.append(
            {"when": f"{day} {hour:02d}:{dice.randrange(60):02d}", "e": e, "n": north, "what": "robbery"}
        )
    return pl.DataFrame(out)


def home(folder: Path, grain: str, *, shifts: str | None = FORM) -> Context:
    (folder / "m.yaml").write_text(MAPPING.format(grain=grain))
    rows().write_csv(folder / "t.csv")
    ctx = open_context(folder / "home", None)
    ingest(ctx, IngestRequest("table", (folder / "t.csv",), mapping=str(folder / "m.yaml")))
    if shifts is not None:
        (folder / "shifts.yaml").write_text(shifts)
        import_context(ctx, "shifts", folder / "shifts.yaml")
    return ctx


@pytest.fixture(scope="module")
def minutes(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return home(tmp_path_factory.mktemp("minutes"), "minute")


def test_shifts_add_up_to_the_day_and_keep_the_clock(minutes: Context) -> None:
    made = forecast(minutes, ASKED).forecast
    table = forecast_table(made)
    starts = table["period_start"].unique().sort()
    assert [f"{s:%d %H:%M %z}" for s in starts.to_list()][4:9] == [
        "30 15:00 +0000", "30 23:00 +0000", "31 07:00 +0100", "31 15:00 +0100", "31 23:00 +0100",
    ]  # fmt: skip
    assert made.every == "shift"
    assert made.ends[:-1] == made.starts[1:]
    parts = np.sum(list(made.contributions.values()), axis=0)
    assert np.abs(parts - made.mean).max() < 1e-12
    late = made.mean[1] > made.mean[0]  # Friday late against early
    busy = made.mean[:3].sum(axis=0) > 0.05
    assert 3 <= (late & busy).sum() <= 9
    assert (~late & busy).sum() >= 3


def test_the_run_s_card_files_and_place_say_shift_and_week(minutes: Context) -> None:
    made = forecast(minutes, ASKED)
    card = json.loads((made.folder / "run.json").read_text())
    assert card["shifts"] == {"day_begins": "07:00", "zone": "Europe/London",
                              "shifts": {"early": "07:00", "late": "15:00", "night": "23:00"}}  # fmt: skip
    assert sorted(card["rhythm"]["kinds"]) == ["busiest every day 08-10", "busiest every day 21-00"]
    week = pl.read_parquet(made.folder / "rhythm.parquet")
    sums = week.group_by("kind").agg(pl.col("share").sum(), pl.len()).sort("kind")
    assert sums["kind"].to_list() == [-1, 0, 1]
    assert np.allclose(sums["share"], 1.0)
    assert sums["len"].to_list() == [HOURS] * 3
    run = read_run(made.folder)
    assert run.label(2) == "Friday 29 March 2024, night shift, 23:00 to 07:00"
    place = place_detail(run, int(run.cells[run.order[0][0]]), 2)
    assert "on Friday 29 March 2024, night shift, 23:00 to 07:00, is" in place["sentence"]
    assert place["start"] == "2024-03-29T23:00:00+00:00"
    assert place["history_every"] == "day"
    assert place["rhythm"]["name"].startswith("busiest every day")
    assert abs(sum(place["rhythm"]["hours"]) - 1) < 1e-3


def test_nothing_after_the_policing_day_s_first_hour_is_read(minutes: Context, tmp_path: Path) -> None:
    first = forecast(minutes, ASKED).forecast
    assert first.card["as_of"] == "2024-03-29T07:00:00+00:00"
    later = home(tmp_path, "minute")
    extra = rows(2600).with_columns(when=pl.col("when").str.replace(r"^\S+", "2024-03-29"))
    extra.filter(pl.col("when") > "2024-03-29 07").head(60).write_csv(tmp_path / "more.csv")
    asked = IngestRequest("table", (tmp_path / "more.csv",), mapping=str(tmp_path / "m.yaml"))
    assert ingest(later, asked).total.accepted > 20
    assert np.array_equal(forecast(later, ASKED).forecast.mean, first.mean)


def test_days_alone_give_a_day_and_refuse_a_shift(tmp_path: Path) -> None:
    ctx = home(tmp_path, "day")
    with pytest.raises(Refused, match="shift they fall is not known"):
        forecast(ctx, ASKED)
    made = forecast(ctx, replace(ASKED, every="day", horizon=2))
    assert made.forecast.mean.sum() > 0
    assert "not known" in json.loads((made.folder / "run.json").read_text())["rhythm"]["off"]
    assert not (made.folder / "rhythm.parquet").exists()
    run = read_run(made.folder)
    assert "not known" in place_detail(run, int(run.cells[0]), 0)["rhythm"]["off"]


def test_months_alone_refuse_days_and_shifts(tmp_path: Path) -> None:
    ctx = home(tmp_path, "month")
    for every in ("day", "shift"):
        with pytest.raises(Refused, match="not known"):
            forecast(ctx, replace(ASKED, every=every, horizon=1))


def test_without_a_shifts_file_its_form_is_shown(tmp_path: Path) -> None:
    ctx = home(tmp_path, "minute", shifts=None)
    with pytest.raises(Refused) as error:
        forecast(ctx, ASKED)
    assert FORM in error.value.expected
    (tmp_path / "bad.yaml").write_text("day_begins: 06:00\nshifts: {early: 07:00, late: 19:00}")
    with pytest.raises(Misuse, match="no shift begins with the policing day"):
        import_context(ctx, "shifts", tmp_path / "bad.yaml")
    assert listed(ctx) == []


def test_a_second_file_takes_the_first_one_s_place(tmp_path: Path) -> None:
    ctx = open_context(tmp_path / "home", None)
    for begins in ("06:00", "07:00"):
        (tmp_path / "s.yaml").write_text(f'day_begins: "{begins}"\nshifts: {{all: "{begins}"}}')
        made = import_context(ctx, "shifts", tmp_path / "s.yaml")
    assert (made.rows, made.replaced) == (1, True)
    assert [one["kind"] for one in listed(ctx)] == ["shifts"]


def test_windows_of_periods_and_backtests_of_shifts_are_misuses(minutes: Context) -> None:
    with pytest.raises(Misuse, match="by itself"):
        forecast(minutes, replace(ASKED, window=2))
    with pytest.raises(Misuse, match="scored"):
        every_of("shift")
    assert every_of("shift", shift=True) == "shift"


def test_levels_are_shared_as_their_cells_are(minutes: Context) -> None:
    day = forecast(minutes, replace(ASKED, every="day", horizon=1)).forecast
    cells = len(day.cells)
    parents = Parents("district", ("a", "b"), np.arange(cells) % 2)
    mean = np.stack([day.mean[0][::2].sum(), day.mean[0][1::2].sum()])[None, :] * 1.1
    level = LevelForecast(parents, mean, np.full((1, 2), 0.3))
    night = np.where(np.arange(HOURS) % 24 >= 21, 1.0, 0.1)
    profiles = np.stack([night / night.sum(), np.full(HOURS, 1 / HOURS)])
    belongs = np.eye(2)[np.arange(cells) % 2]
    rhythm = Rhythm(
        "Europe/London", profiles, belongs, profiles.mean(axis=0), np.ones(2) / 2, ("", ""), 9.0, 9.0
    )
    shifts = shifts_of({"day_begins": "07:00", "shifts": {"day": "07:00", "night": "19:00"}})
    made = by_shift(replace(day, levels=(level,)), rhythm, shifts, 2)
    assert np.allclose(made.mean.sum(axis=0), day.mean[0], atol=1e-12)
    assert np.allclose(made.levels[0].mean.sum(axis=0), mean[0], atol=1e-12)
    assert np.allclose(made.levels[0].mean[:, 1], mean[0, 1] / 2)
    assert made.levels[0].mean[1, 0] > made.levels[0].mean[0, 0]


def test_seed_and_instants_make_the_same_bytes(minutes: Context, tmp_path: Path) -> None:
    first = forecast(minutes, ASKED).forecast
    again = forecast(Context(minutes.ws, LOCAL_ANALYST), ASKED).forecast
    assert first.mean.tobytes() == again.mean.tobytes()
    assert isinstance(first.starts[0], datetime)
    assert first.starts[0].astimezone(UTC) == datetime(2024, 3, 29, 7, tzinfo=UTC)
