"""Partner feeds end to end: twelve samples come in, coverage speaks of each, patrols reach no forecast."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from peelian.domain.target import target_named
from peelian.domain.time import london_midnight
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.count_coverage import rows_of
from peelian.pipeline.coverage_gaps import coverage_summary
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.panels import load_panels
from peelian.sources import SOURCES
from peelian.store.area_counts import read_area_counts
from peelian.store.ledger import read_events
from peelian.store.patrols import read_patrols
from peelian.store.sites import read_sites, standing_at

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "sources" / "data"
PARTNERS = tuple(name for name in SOURCES if name not in ("police_uk", "table"))


def bring(ctx: Context, *feeds: str) -> dict[str, int]:
    """Ingest samples; give how many rows each read."""
    return {feed: ingest(ctx, IngestRequest(feed, (DATA / feed,))).total.read for feed in feeds}


def test_every_sample_comes_in_and_again_changes_nothing(ctx: Context) -> None:
    bring(ctx, *PARTNERS)
    for feed in PARTNERS:
        again = ingest(ctx, IngestRequest(feed, (DATA / feed,))).total
        assert (again.accepted, again.revised, again.retracted) == (0, 0, 0), feed
        assert again.balanced


def test_coverage_speaks_of_every_feed_once_a_measure(ctx: Context) -> None:
    bring(ctx, *PARTNERS)
    rows = coverage_summary(ctx)
    assert {row["source"] for row in rows} == set(PARTNERS)
    counts = {(r["source"], r["kind"]): r for r in rows if "measure" in r}
    care = counts["social_care", "Children in need starts by lsoa"]
    assert (care["from"], care["to"]) == (date(2024, 1, 1), date(2024, 3, 31))
    assert (care["areas"], care["withheld"], care["basis"]) == (4, 3, "residence")
    # X02000011 and X02000012 pass; X02000013 has 7 adults, X02000014 is mainly an institution's.
    convictions = counts["known_offending", "convictions by msoa"]
    assert (convictions["share_passing"], convictions["usable"]) == (0.5, True)
    assert "50 % of areas pass" in convictions["note"]
    assert "unusable" in counts["known_offending", "convictions by lsoa"]["note"]


def counted(passing: int, areas: int, year: int = 2023, source: str = "known_offending") -> pl.DataFrame:
    held = [k < passing for k in range(areas)]
    return pl.DataFrame(
        {
            "source": source, "force": "f", "group": "convictions", "area_kind": "msoa", "basis": "offence",
            "area": [f"X02{k:06d}" for k in range(areas)], "suppressed": [not one for one in held],
            "start": datetime(year, 1, 1, tzinfo=UTC), "end": datetime(year + 1, 1, 1, tzinfo=UTC),
        }
    )  # fmt: skip


@pytest.mark.parametrize(("passing", "usable"), [(0, False), (19, False), (20, True), (100, True)])
def test_under_a_fifth_of_areas_the_layer_calls_itself_unusable(passing: int, usable: bool) -> None:
    (row,) = rows_of(counted(passing, 100))
    assert row["usable"] is usable
    assert ("unusable" in row["note"]) is not usable
    assert f"{passing} % of areas pass" in row["note"]
    (other,) = rows_of(counted(passing, 100, source="social_care"))
    assert other["usable"] is True
    assert "pass" not in other["note"]


def test_a_period_that_was_not_delivered_is_a_gap(ctx: Context) -> None:
    (row,) = rows_of(pl.concat([counted(9, 10, 2020), counted(1, 10, 2023)]))
    assert row["gaps"] == "2021-01-01 to 2022-12-31"
    assert row["share_passing"] == 0.1  # of the newest


def test_counts_are_read_as_they_were_known(ctx: Context) -> None:
    bring(ctx, "known_offending", "social_care")
    assert read_area_counts(ctx.ws, as_of=datetime(2024, 3, 31, tzinfo=UTC)).is_empty()
    lagged = read_area_counts(ctx.ws, as_of=datetime(2024, 4, 2, tzinfo=UTC))
    assert set(lagged["source"]) == {"known_offending"}
    rows = read_area_counts(ctx.ws, source="social_care")
    assert rows.height == 5
    assert rows["count"].to_list().count(0) == 0
    assert rows["count"].is_null().equals(rows["suppressed"])


def test_sites_are_read_with_no_name(ctx: Context) -> None:
    bring(ctx, "sites")
    sites = read_sites(ctx.ws)
    assert sites.height == 5
    then = standing_at(sites, datetime(2024, 6, 1, tzinfo=UTC))
    assert (then["group"] == "licensed-premises").sum() == 1  # the night club closed in January
    stored = b"".join(path.read_bytes() for path in ctx.ws.home.rglob("*") if path.is_file())
    assert b"Lamplighter" not in stored


def test_no_panel_can_read_patrols(ctx: Context) -> None:
    """The same panel, to the byte, with and without patrols; and no event, however asked for."""
    bring(ctx, "police_crime", "police_incidents", "ambulance")
    area = resolve_area(ctx, "simulated-eldermarch", london_midnight(date(2024, 3, 1)))
    known, origin = london_midnight(date(2024, 4, 1)), date(2024, 2, 5)
    before = load_panels(ctx, area, target_named("violence"), "day", known).at(origin, as_of=known)
    events = read_events(ctx.ws)
    bring(ctx, "patrols", "social_care", "known_offending", "sites")
    after = load_panels(ctx, area, target_named("violence"), "day", known).at(origin, as_of=known)
    assert read_patrols(ctx.ws).height == 4
    assert read_events(ctx.ws).equals(events)
    assert after.types == before.types
    assert np.array_equal(after.counts, before.counts)
    assert np.array_equal(after.observed, before.observed)
    assert np.array_equal(after.elsewhere, before.elsewhere)
    assert before.counts.sum() > 0


def test_nothing_that_forecasts_imports_the_patrols() -> None:
    users = {
        path.relative_to(ROOT / "src" / "peelian").as_posix()
        for path in (ROOT / "src" / "peelian").rglob("*.py")
        if re.search(r"store\.patrols|read_patrols|records=\"patrols\"", path.read_text("utf-8"))
    }
    # What was done is counted in a hotspot return; no forecast is made of it.
    assert users <= {"store/patrols.py", "pipeline/coverage_gaps.py", "pipeline/returning/patrols.py"}
