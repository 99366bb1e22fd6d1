"""What the public sees of a forecast gives no single event away: each is left out and all is made again.

The whole pipeline runs each time: events read from the ledger, counted, the served model fitted, larger
places reckoned, the run's folder written and read, its bands taken. Only the event left out is missing from
what was read, as if it had never been sent.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from peelian.api.run_folder import read_run
from peelian.domain.actor import LOCAL_ANALYST
from peelian.domain.target import target_named
from peelian.domain.tier import PUBLIC
from peelian.features.standing import counts_as
from peelian.govern.disclosure.bands import BANDS
from peelian.pipeline import forecasting
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.forecast_request import ForecastRequest
from peelian.pipeline.panels import END_OF_TIME, Panels, load_panels
from peelian.pipeline.releasing_bands import propose_bands, public_bands
from peelian.store.releases import get_release
from peelian.store.workspace import open_workspace
from tests.cli.conftest import Run, Simulated

ROOT = Path(__file__).resolve().parents[2]
ASKED = ForecastRequest("asb", "month", date(2023, 3, 1), horizon=1, window=3)
"""A quarter ahead, as public tables are by quarters; anti-social behaviour has places at the floor here."""
Key = tuple[int, int]
Seen = tuple[dict[str, str], dict[str, float]]


@pytest.fixture
def ctx(run: Run, simulated: Simulated, tmp_path: Path) -> Context:
    """The tiny force with its neighbourhoods, by itself."""
    shutil.copytree(simulated.home, tmp_path / "home")
    boundaries = simulated.extract.parent / "lsoa.geojson"
    said = run("context", "import", "boundaries", boundaries, "--home", tmp_path / "home")
    assert said.code == 0, said.err
    return Context(open_workspace(tmp_path / "home"), LOCAL_ANALYST, "analysis")


def events_counted(ctx: Context) -> list[Key]:
    """Keys of the events that the target counts and the forecast may learn from, in order."""
    panels = load_panels(ctx, resolve_area(ctx, None, END_OF_TIME), target_named("asb"), "month", END_OF_TIME)
    rows = panels.events_known(panels.opens(ASKED.origin)).filter(counts_as(target_named("asb")))
    return sorted(rows.select("key_hi", "key_lo").unique().iter_rows())


@contextmanager
def without(event: Key | None, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """The ledger read as if one event had never been sent."""

    def less(*args: Any, **more: Any) -> Panels:
        held = load_panels(*args, **more)
        if event is None:
            return held
        mine = (pl.col("key_hi") == event[0]) & (pl.col("key_lo") == event[1])
        left = held.versions.filter(~mine)
        assert left.height < held.versions.height
        return replace(held, versions=left)

    with patch.context() as patched:
        patched.setattr(forecasting, "load_panels", less)
        yield


def shown(ctx: Context, event: Key | None, patch: pytest.MonkeyPatch) -> Seen:
    """The bands without an event, and each place's count of the year before."""
    with without(event, patch):
        made = forecasting.learned_forecast(ctx, ASKED)
    assert made.forecast.model == "learner"
    by_lsoa, seen = public_bands(read_run(made.folder))
    if event is not None:
        shutil.rmtree(made.folder)
    return seen, dict(zip(by_lsoa.codes, by_lsoa.last_year.tolist(), strict=True))


def leave_out(ctx: Context, keys: list[Key], patch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Leave each event out and say how far bands moved; assertions are the caller's."""
    before, year = shown(ctx, None, patch)
    assert set(before.values()) == set(BANDS)
    steps, hidden, came, least, moved = [0, 0, 0], 0, 0, np.inf, 0
    for event in keys:
        after, count = shown(ctx, event, patch)
        least = min(least, *(count[code] for code in after))
        both = before.keys() & after.keys()
        far = [abs(BANDS.index(before[code]) - BANDS.index(after[code])) for code in both]
        steps[max(far)] += 1
        moved += sum(one > 0 for one in far)
        hidden += bool(before.keys() - after.keys())
        came += bool(after.keys() - before.keys())
    return {
        "events": len(keys), "neighbourhoods": len(year), "shown": len(before),
        "at_the_floor": sum(PUBLIC.least <= one < PUBLIC.least + 1 for one in year.values()),
        "events_that_moved_no_band": steps[0], "events_that_moved_a_band_by_one": steps[1],
        "events_that_moved_a_band_by_two": steps[2], "bands_moved_in_all": moved,
        "events_after_which_a_place_at_the_floor_was_withheld": hidden,
        "events_after_which_a_place_was_newly_shown": came,
        "least_past_count_of_a_place_shown": least,
    }  # fmt: skip


def holds(told: dict[str, Any]) -> None:
    """No band moves by two, and no place under the floor is ever shown."""
    assert told["at_the_floor"] > 0, "no place stands at the floor: the test could not fail there"
    assert told["events_that_moved_a_band_by_two"] == 0
    assert told["events_after_which_a_place_was_newly_shown"] == 0
    assert told["least_past_count_of_a_place_shown"] >= PUBLIC.least


def test_leaving_out_one_event_of_the_served_model(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, _ = shown(ctx, None, monkeypatch)
    release = get_release(ctx.ws, propose_bands(ctx, "asb"))  # what is proposed is what is compared
    assert release.table["shown"] == seen
    keys = events_counted(ctx)
    drawn = np.random.default_rng(2).choice(len(keys), 3, replace=False)
    holds(leave_out(ctx, [keys[k] for k in drawn], monkeypatch))


@pytest.mark.soak
def test_leaving_out_each_of_500_events_of_the_served_model(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = events_counted(ctx)
    drawn = np.random.default_rng(1).choice(len(keys), 500, replace=False)
    told = leave_out(ctx, [keys[k] for k in drawn], monkeypatch)
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    said = {
        "what": "each of 500 events left out of what is read from the ledger, the served model fitted again "
        "by the whole pipeline, and the public's bands compared; a simulated force of 90 neighbourhoods",
        "commit": commit, "target": ASKED.target, "every": ASKED.every, "window": ASKED.window,
        "events_counted": len(keys), **told,
    }  # fmt: skip
    out = ROOT / "docs" / "evidence" / "leave-one-out.json"
    out.write_text(json.dumps(said, indent=1) + "\n")
    holds(told)
