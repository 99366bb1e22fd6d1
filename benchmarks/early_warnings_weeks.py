"""Real weeks replayed: warnings that assaults in Chicago and Toronto would have raised, and what came after.

    python benchmarks/early_warnings_weeks.py [--data DIR] [--only chicago] [--out FILE.json]

Assaults outside homes (Chicago's aggravated ones), with their own day and place: no open source of this
country has both. As of each Monday, with nothing known later; for the larger places of the warnings of each
week the next 4 and 13 weeks, beside as many places at random (the mean over all draws), by the plain count
of the week, by the plain threshold and by Farrington alone. What is kept back of either city is not read.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from early_warnings_beds import places_of, table
from peelian.domain.series import Series
from peelian.domain.target import target_named
from peelian.domain.time import london_midnight
from peelian.domain.warning import EarlyWarning
from peelian.evaluate.warnings_after import After, Outlook, summed
from peelian.pipeline.areas import resolve_area
from peelian.pipeline.context import Context, open_context
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.panels import Panels, load_panels
from peelian.pipeline.warning.raising import WarnRequest, raised_from
from peelian.pipeline.warning.series import watched
from peelian.warn import farrington, threshold

AHEAD = (4, 13)
TARGET = "violence"
Parts = dict[int, list[dict[str, After]]]


@dataclass(frozen=True)
class City:
    """A published file, its replay from a Monday on until a day, and from when it is kept back."""

    file: str
    first: date
    until: date
    kept_back: date


CITIES = {
    "chicago": City(
        "chicago-aggravated-assaults-2010-to-2017.parquet",
        date(2015, 1, 5),
        date(2016, 9, 27),
        date(2017, 1, 2),
    ),
    "toronto": City("toronto-2014-to-2019.parquet", date(2017, 1, 2), date(2018, 9, 25), date(2018, 12, 31)),
}


def held(name: str, city: City, data: Path, scratch: Path) -> tuple[Context, Panels]:
    """Give a workspace of the city's file and its weeks up to what is kept back."""
    ctx = open_context(scratch / name, None, "evaluation")
    ingest(ctx, IngestRequest("table", (data / city.file,), mapping=name, force=name))
    known = london_midnight(city.kept_back)
    return ctx, load_panels(ctx, resolve_area(ctx, name, known), target_named(TARGET), "week", known)


def mondays(city: City) -> Iterator[date]:
    """Give each Monday of the replay."""
    day = city.first
    while day < city.until:
        yield day
        day += timedelta(days=7)


def replay(ctx: Context, panels: Panels, day: date, whole: Series, parts: Parts) -> list[EarlyWarning]:
    """Raise the warnings of one day, add what came after by who picked, and give them."""
    watch = watched(panels, day, for_evaluation=True)
    series = watch.larger
    if series.places != whole.places:
        raise SystemExit("places changed between two days: the comparison would mix them")
    made = raised_from(ctx, WarnRequest(day, TARGET, every="week"), panels.area, watch)
    chosen = sorted({at for one in made.warnings for at in places_of(one, series)})
    scores = {"plain threshold": threshold, "farrington": farrington}
    p = {name: rule.detect(series, seed=1).p for name, rule in scores.items()} if chosen else {}
    for ahead in AHEAD if chosen else ():
        outlook = Outlook(whole, len(series.starts) - 1, ahead)
        many = len(chosen)
        found = {"warned": outlook.of(chosen)}
        found |= {name: outlook.by_score(one, many) for name, one in p.items()}
        found |= {"plain count": outlook.by_count(many), "at random": outlook.at_random(many)}
        parts[ahead].append(found)
    return list(made.warnings)


def judged(name: str, data: Path, scratch: Path) -> dict[str, Any]:
    """Replay one city and print its tables."""
    city = CITIES[name]
    ctx, panels = held(name, city, data, scratch)
    whole = watched(panels, city.kept_back, for_evaluation=True).larger
    parts: Parts = {ahead: [] for ahead in AHEAD}
    days = list(mondays(city))
    raised = [one for day in days for one in replay(ctx, panels, day, whole, parts)]
    print(
        f"\n{name}: {len(raised)} warnings in {len(days)} weeks, {len(whole.places)} larger places\n",
        flush=True,
    )
    totals = {ahead: summed(some) for ahead, some in parts.items()}
    for ahead, total in totals.items():
        print(*table(total, "places", f"{ahead} weeks"), "", sep="\n", flush=True)
    after = {str(a): {who: vars(one) for who, one in total.items()} for a, total in totals.items()}
    return {"weeks": len(days), "warnings": len(raised), "after": after}


def main() -> None:
    """Run and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, default=Path("../shared/data"))
    ask.add_argument("--only", choices=tuple(CITIES))
    ask.add_argument("--out", type=Path)
    given = ask.parse_args()
    with tempfile.TemporaryDirectory(prefix="peelian-weeks-") as folder:
        names = (given.only,) if given.only else tuple(CITIES)
        body = {name: judged(name, given.data, Path(folder)) for name in names}
    if given.out:
        given.out.write_text(json.dumps(body, indent=1) + "\n")


if __name__ == "__main__":
    main()
