"""Three years of a small made-up force: violence on a few lively streets, of which a part is with a knife."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from peelian.pipeline.context import Context
from peelian.pipeline.ingesting import IngestRequest, ingest

DAYS = 3 * 364
SIDE = 24
MAPPING = """\
source: written-for-the-test
force: {force}
controller: Testshire Police
licence: written for the test
crs: EPSG:27700
covers: {{from: 2020-01-06, to: 2023-01-01}}
columns: {{id: id, occurred: when, easting: e, northing: n, offence: what{knife}, lsoa: lsoa}}
time: {{format: "%Y-%m-%d %H:%M", zone: Europe/London, granularity: minute}}
codes: {{violence: violence, robbery: robbery, asb: asb}}
"""


def rows(seed: int = 5, n: int = 6000, knives: float = 0.05) -> list[dict[str, object]]:
    """Events on a square of SIDE x SIDE cells; a few corners hold most of them."""
    dice = random.Random(seed)
    lively = [dice.gammavariate(0.4, 1.0) for _ in range(SIDE * SIDE)]
    places = dice.choices(range(SIDE * SIDE), lively, k=n)
    out: list[dict[str, object]] = []
    for i, place in enumerate(places):
        when = datetime(2020, 1, 6, tzinfo=UTC) + timedelta(minutes=dice.randrange(DAYS * 1440))
        kind = dice.choices(["violence", "robbery", "asb"], [6, 2, 4])[0]
        knife = "high" if kind != "asb" and dice.random() < knives else "none"
        out.append(
            {
                "id": f"r{i}", "when": when.strftime("%Y-%m-%d %H:%M"),
                "e": 400_125 + 250 * (place % SIDE), "n": 300_125 + 250 * (place // SIDE), "what": kind,
                "knife": knife, "lsoa": f"E0101{place % SIDE // 4:02d}{place // SIDE // 4:02d}",
            }
        )  # fmt: skip
    return out


def bring_in(
    ctx: Context, folder: Path, *, force: str = "testshire", marked: bool = True, knives: float = 0.05
) -> list[dict[str, object]]:
    """Ingest the force's events; without `marked` no column says whether a knife was there."""
    table = rows(knives=knives)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "m.yaml").write_text(MAPPING.format(force=force, knife=", knife: knife" if marked else ""))
    frame = pl.DataFrame(table)
    (frame if marked else frame.drop("knife")).write_csv(folder / "t.csv")
    ingest(ctx, IngestRequest("table", (folder / "t.csv",), mapping=str(folder / "m.yaml")))
    return table
