"""Bedfordshire's ASB replayed month by month: the warnings that would have been raised, and what came after.

    python benchmarks/early_warnings_beds.py [--data DIR] [--out docs/evidence/warnings_beds.json]

As of the first of each month from April 2022 to January 2023, with nothing known later; for each warning the
next three months, beside as many LSOAs picked at random (the mean over all draws), by the plain count of the
month, and by the plain threshold. Months from May 2023 on are kept back: they are not even read.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import zipfile
from datetime import date
from pathlib import Path

import numpy as np

from peelian.domain.series import Series
from peelian.domain.time import period_starts
from peelian.domain.warning import EarlyWarning
from peelian.evaluate.warnings_after import After, Outlook, summed
from peelian.pipeline.context import Context, open_context
from peelian.pipeline.gazetteers import import_context
from peelian.pipeline.ingesting import IngestRequest, ingest
from peelian.pipeline.warning.raising import WarnRequest, warn, watch_of
from peelian.warn import threshold

KEPT_BACK = "2023-05"
FIRST, MONTHS, AHEAD = date(2022, 4, 1), 10, 3
WHO = ("warned", "plain threshold", "plain count", "at random")


def workspace(data: Path, scratch: Path) -> Context:
    """Give a workspace of the open months and the published boundaries."""
    part = scratch / "bedfordshire.zip"
    with (
        zipfile.ZipFile(data / "police-uk/bedfordshire-2021-03-to-2023-10.zip") as whole,
        zipfile.ZipFile(part, "w") as kept,
    ):
        for name in whole.namelist():
            if Path(name).name[:7] < KEPT_BACK:
                kept.writestr(name, whole.read(name))
    ctx = open_context(scratch / "home", None, "evaluation")
    ingest(ctx, IngestRequest("police-uk", (part,)))
    import_context(ctx, "boundaries", data / "boundaries/lsoa21.geojson.gz")
    return ctx


def replay(ctx: Context, as_of: date, whole: Series) -> tuple[list[str], dict[str, After], list[After]]:
    """Raise the warnings of one day and hold them against the months after."""
    made = warn(ctx, WarnRequest(as_of, every="month"))
    series = watch_of(ctx, WarnRequest(as_of, every="month"))[1].larger
    if series.places != whole.places:
        raise SystemExit("places changed between two days: the comparison would mix them")
    outlook = Outlook(whole, len(series.starts) - 1, AHEAD)
    places = [places_of(one, series) for one in made.warnings]
    each = [outlook.of(some) for some in places]
    chosen = sorted({at for some in places for at in some})
    scores = threshold.detect(series, seed=1).p
    lines = [line(one, after) for one, after in zip(made.warnings, each, strict=True)]
    many = len(chosen)
    picked = (
        outlook.of(chosen), outlook.by_score(scores, many), outlook.by_count(many), outlook.at_random(many),
    )  # fmt: skip
    return lines, dict(zip(WHO, picked, strict=True)), each


def places_of(one: EarlyWarning, series: Series) -> list[int]:
    """Give the larger places of a warning: its own, or those nearest to its squares' centre."""
    if one.support == series.support:
        return [series.places.index(code) for code in one.places]
    away = np.hypot(series.easting - one.easting, series.northing - one.northing)
    inside = np.flatnonzero(away <= one.radius_m)
    return inside.tolist() if len(inside) else [int(np.argmin(away))]


def line(one: EarlyWarning, after: After) -> str:
    """Say one warning and what came after."""
    repeats = "" if one.strength_distinct is None else f" ({one.strength_distinct:.1f} without repeats)"
    return (
        f"  {one.as_of:%Y-%m}  {one.title[:60]:60} {one.observed:5.0f} / {one.expected:5.1f}, "
        f"{one.strength:.1f} times{repeats}; {one.false_alarms_a_week:.2f} false a week; "
        f"next {AHEAD} months {after.reports:.0f} where {after.usual:.1f} were usual"
    )


def table(total: dict[str, After], places: str, ahead: str) -> list[str]:
    """Give the comparison in Markdown: of which places, and over how long after."""
    lines = [
        f"| picked | {places} | reports in the next {ahead} | usual | ratio | still 1.5 times or more |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for who, one in total.items():
        still = f"{one.still} ({one.still / max(one.places, 1):.0%})"
        lines.append(
            f"| {who} | {one.places} | {one.reports:,.0f} | {one.usual:,.0f} | {one.ratio:.2f} | {still} |"
        )
    return lines


def main() -> None:
    """Run and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, default=Path("../shared/data"))
    ask.add_argument("--out", type=Path)
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ctx = workspace(given.data, Path(folder))
        whole = watch_of(ctx, WarnRequest(date(2023, 5, 1), every="month"))[1].larger
        parts, raised = [], 0
        for as_of in period_starts(FIRST, MONTHS, "month"):
            lines, part, each = replay(ctx, as_of, whole)
            raised += len(each)
            parts.append(part)
            print(f"as of {as_of}: {len(lines)} warnings", *lines, sep="\n", flush=True)
    total = summed(parts)
    print(f"\n{raised} warnings in {MONTHS} months\n", *table(total, "LSOAs", f"{AHEAD} months"), sep="\n")
    if given.out:
        body = {"months": MONTHS, "warnings": raised, "after": {k: vars(v) for k, v in total.items()}}
        given.out.write_text(json.dumps(body, indent=1) + "\n")


if __name__ == "__main__":
    main()
