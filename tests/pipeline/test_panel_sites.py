"""Sites reach a panel as known and standing then; what is learnt later changes no earlier panel."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from peelian.domain.grid import BRITISH_NATIONAL_GRID_250 as GRID
from peelian.domain.panel import Sites
from peelian.domain.records import SITE_SCHEMA
from peelian.domain.target import target_named
from peelian.domain.time import london_midnight
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.panel_sites import SitesHeld, sites_held
from peelian.pipeline.panels import load_panels

DATA = Path(__file__).parents[2] / "tests" / "sources" / "data"
FOREVER = datetime(2200, 1, 1, tzinfo=UTC)


def row(key: int, kind: str, known: int, *, version: int = 0, op: str = "assert", east: float = 1000.0,
        start: int = 2010, end: datetime = FOREVER) -> dict[str, object]:  # fmt: skip
    """One version of a site, known from January of a year."""
    return {
        "key_hi": key, "key_lo": 0, "content": 0, "group": kind, "start": datetime(start, 1, 1, tzinfo=UTC),
        "end": end, "easting": east, "northing": 500.0, "weight": None,
        "available_at": datetime(known, 1, 1, tzinfo=UTC), "source": "sites", "force": "f", "part": "p",
        "version": version, "op": op,
    }  # fmt: skip


def held(*rows: dict[str, object]) -> SitesHeld:
    return SitesHeld(
        pl.DataFrame(rows, schema_overrides=SITE_SCHEMA | {"version": pl.Int32, "op": pl.String})
    )


def same(one: Sites | None, other: Sites | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.kinds == other.kinds and all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("kind", "easting", "northing", "weight")
    )


def at(year: int) -> datetime:
    return datetime(year, 6, 1, tzinfo=UTC)


def test_a_site_counts_while_it_stands_and_once_it_is_known() -> None:
    sites = held(
        row(1, "school", 2015), row(2, "licensed-premises", 2015, east=900.0, end=at(2018)),
        row(3, "licensed-premises", 2019), row(4, "school", 2015, start=2020),
    )  # fmt: skip
    then = sites.at(at(2016), at(2016))
    assert then is not None
    assert then.kinds == ("licensed-premises", "school")
    assert then.kind.tolist() == [0, 1]
    assert then.easting.tolist() == [900.0, 1000.0]
    assert then.weight.tolist() == [1.0, 1.0]
    assert sites.at(at(2014), at(2016)) is None
    later = sites.at(at(2021), at(2021))
    assert later is not None
    assert later.kind.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    "later",
    [
        row(9, "school", 2020),
        row(9, "aaa", 2020),
        row(1, "school", 2020, version=1, op="revise", east=2000.0),
        row(1, "school", 2020, version=1, op="retract"),
    ],
)
def test_what_is_known_later_changes_no_earlier_panel(later: dict[str, object]) -> None:
    first = (row(1, "school", 2015), row(2, "stop", 2016))
    before, after = held(*first), held(*first, later)
    for year in range(2014, 2020):
        assert same(before.at(at(year), at(year)), after.at(at(year), at(year)))
    assert not same(before.at(at(2021), at(2021)), after.at(at(2021), at(2021)))


def test_sites_ingested_reach_the_panel_from_when_they_are_known(ctx: Context) -> None:
    for feed in ("police_crime", "sites"):
        ingest(ctx, IngestRequest(feed, (DATA / feed,)))
    known = london_midnight(date(2024, 4, 1))
    area = resolve_area(ctx, "simulated-eldermarch", known)
    panels = load_panels(ctx, area, target_named("violence"), "day", known)
    origin = date(2024, 2, 5)
    assert panels.at(origin, as_of=london_midnight(date(2024, 1, 31))).sites is None  # received 1 February
    sites = panels.at(origin).sites
    assert sites is not None
    assert "licensed-premises" in sites.kinds
    pubs = sites.kind == sites.kinds.index("licensed-premises")
    assert pubs.sum() == 1  # the night club closed in January
    assert sites.easting[pubs].tolist() == [554905.0]


def test_an_area_far_from_every_site_has_none(ctx: Context) -> None:
    ingest(ctx, IngestRequest("sites", (DATA / "sites",)))
    near = GRID.cell_of(np.array([554905.0]), np.array([512660.0]))
    assert sites_held(ctx, GRID, near) is not None
    assert sites_held(ctx, GRID, near + 40 * GRID.columns) is None  # ten kilometres north
    assert sites_held(ctx, GRID, near[:0]) is None
