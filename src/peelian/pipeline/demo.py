"""The demonstration: five agencies' simulated feeds brought in and forecast; fuller stages follow as jobs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any, Final

from peelian.domain.errors import Misuse
from peelian.domain.fairness_standing import KINDS
from peelian.domain.progress import Tick
from peelian.domain.returns import NAMES as RETURNS
from peelian.domain.target import target_named
from peelian.domain.time import YEAR_PERIODS, step
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.fairness.lookup import import_lookup
from peelian.pipeline.forecast_request import ForecastRequest
from peelian.pipeline.forecasting import Run, forecast
from peelian.pipeline.fusing import origins_of
from peelian.pipeline.gazetteers import import_context
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.panels import END_OF_TIME, Panels, load_panels
from peelian.pipeline.simulating import simulate
from peelian.pipeline.transparency.demonstration import state_simulated
from peelian.simulate.agencies.write import AgencyFiles
from peelian.simulate.scenario import load_scenario
from peelian.store import jobs
from peelian.store.coverage import coverage

TARGET: Final = "violence"
EVERY: Final = "week"
WINDOW: Final = 4
STEPS: Final = 4
BACKTEST_ORIGINS = 13
FUSING_ORIGINS = 8
PLAN_VISITS, HOLD_OUT = 40, 0.1
FEEDS: Final = (
    "police_crime", "police_incidents", "council_asb", "ambulance", "emergency_department", "fire",
    "social_care", "school_exclusions", "known_offending", "patrols", "sites",
)  # fmt: skip
CONTROLLERS: Final = ("police", "council", "ambulance service", "hospital trust", "fire and rescue service")
"""Who sends them. cdr_2007 is left out: its rows are in the agencies' own feeds already."""
Stage = Callable[[str], AbstractContextManager[Tick]]


def prepare(ctx: Context, stage: Stage, *, scenario: str = "plain", seed: int = 1) -> Run:
    """Run the main job on the simulated force, up to the first forecast, and queue the fuller stages.

    `stage` gives a progress tick for each named stage. A second call in the same workspace queues only
    what failed.

    Raises:
        Misuse: the workspace already holds other data; simulated values are never laid over real places.
    """
    _refuse_real_data(ctx)
    folder = ctx.ws.home / "simulated" / f"{scenario}-{seed}"
    with stage("1/3 simulating a fictional force area") as tick:
        files = simulate(scenario, seed, folder, tick, ("agencies",), FEEDS)
        assert files.agencies is not None  # asked for just above
    with stage(f"2/3 ingesting the feeds of {len(CONTROLLERS)} agencies") as tick:
        _bring_in(ctx, files.agencies, load_scenario(scenario).force, tick)
    with stage("3/3 forecasting violence in public places") as tick:
        area = resolve_area(ctx, str(files.area), END_OF_TIME)
        shutil.copyfile(files.scene, ctx.ws.areas / f"{area.code}.scene.geojson")
        for level in ("lsoa", "msoa"):
            import_context(ctx, "boundaries", files.scene.with_name(f"{level}.geojson"))
        for kind in KINDS:
            import_lookup(ctx, files.scene.with_name(f"audit_{kind}.csv"), kind)
        panels = load_panels(ctx, area, target_named(TARGET), EVERY, END_OF_TIME)
        run = forecast(ctx, _request(area.code, panels.end), tick)
        state_simulated(ctx, area.code)
    _queue(ctx, panels, files.agencies, load_scenario(scenario).force)
    return run


def _bring_in(ctx: Context, files: AgencyFiles, force: str, tick: Tick) -> None:
    """Ingest each feed by its shipped mapping; places told in words resolve by the area's own names."""
    tick("place names", 0.0)
    import_context(ctx, "premises", files.gazetteer)
    for k, feed in enumerate(FEEDS):
        begun, share = k / len(FEEDS), 1 / len(FEEDS)

        def part(what: str, done: float, begun: float = begun, share: float = share) -> None:
            tick(what, begun + share * done)

        ingest(ctx, IngestRequest(feed, files.feeds[feed], force=force), part)


def _request(area: str, origin: date) -> ForecastRequest:
    return ForecastRequest(TARGET, EVERY, origin, horizon=STEPS, window=WINDOW, area=area)


def _queue(ctx: Context, panels: Panels, files: AgencyFiles, force: str) -> None:
    """Queue what the page reports as still running, but for what waits, runs or is done already."""
    held = [(one.kind, one.arguments) for one in jobs.list(ctx.ws, last=1000) if one.state != "failed"]
    for kind, arguments in _fuller(panels, files, force):
        if (kind, arguments) not in held:
            jobs.create(ctx.ws, kind, arguments)


def _fuller(panels: Panels, files: AgencyFiles, force: str) -> list[tuple[str, dict[str, Any]]]:
    """Give the fuller stages: how good, how concentrated, links, what fusing gains."""
    end, area = panels.end, panels.area.code
    asked = {"target": TARGET, "every": EVERY, "area": area, "window": WINDOW}
    last = step(end, EVERY, -WINDOW)
    a_year = YEAR_PERIODS[EVERY]
    earliest = step(panels.first, EVERY, a_year + WINDOW)  # so that one origin is left to choose the rival on
    first = max(step(last, EVERY, 1 - BACKTEST_ORIGINS), earliest)
    forecast_asked = asked | {"origin": str(end), "horizon": STEPS}
    origins = [str(one) for one in origins_of(end, EVERY, WINDOW, FUSING_ORIGINS, earliest)]
    return [
        ("warn", {"as_of": str(end), "target": "asb", "area": area}),
        ("plan", {"visits": PLAN_VISITS, "target": TARGET, "area": area, "hold_out": HOLD_OUT}),
        ("learn", {"area": area}),
        ("backtest", asked | {"first": str(first), "last": str(last)}),
        ("forecast", forecast_asked),
        ("concentration", forecast_asked),
        ("fairness", {"area": area}),
        *(("return", {"name": name, "area": area}) for name in RETURNS),
        ("link", {"force": force}),
        ("fusing", {
            "truth": str(files.harm), "area": area, "every": EVERY, "window": WINDOW, "origins": origins,
        }),
    ]  # fmt: skip


def _refuse_real_data(ctx: Context) -> None:
    others = [f for f in coverage(ctx.ws)["force"].unique().to_list() if not f.startswith("simulated")]
    if others:
        raise Misuse(
            f"this workspace holds {', '.join(sorted(others))}",
            expected="an empty workspace, so that no simulated value is drawn beside real places",
            do="choose another with --home",
        )
