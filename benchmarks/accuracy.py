"""Accuracy on real data: the table of docs/measured.md, printed in Markdown by the commands a user would run.

usage: python benchmarks/accuracy.py [--data DIR] [--only NAME,...] [--out FILE.json] [--keep DIR]

Each case ingests the published files into a new workspace and backtests every forecaster at the origins
below. The rival is the plain count of the best log score on the origins before the window. Bedfordshire
from May 2023 and Chicago in 2017 are kept back and not read as outcomes here.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from peelian.domain.time import Every
from peelian.evaluate.result import BacktestResult, ModelScore
from peelian.pipeline.backtesting import BacktestRequest, backtest
from peelian.pipeline.context import Context, open_context
from peelian.pipeline.ingesting import IngestRequest, ingest

BEDFORDSHIRE = IngestRequest("police-uk", (Path("police-uk/bedfordshire-2021-03-to-2023-10.zip"),))
CHICAGO = IngestRequest(
    "table", (Path("chicago-aggravated-assaults-2010-to-2017.parquet"),), mapping="chicago", force="chicago"
)


@dataclass(frozen=True)
class Case:
    """One row of the table: what is ingested, what is forecast, from when to when."""

    name: str
    words: str
    feed: IngestRequest
    target: str
    every: Every
    first: date
    last: date
    lag: int = 0


BEDS_VIOLENCE = "Bedfordshire, all violence and sexual offences, homes included"
MONTHS, WEEKS = (date(2022, 11, 1), date(2023, 4, 1)), (date(2016, 1, 4), date(2016, 12, 26))
CASES = (
    Case("beds-violence", BEDS_VIOLENCE, BEDFORDSHIRE, "violence", "month", *MONTHS),
    Case("beds-violence-lag2", "the same, two months late", BEDFORDSHIRE, "violence", "month", *MONTHS, 2),
    Case("beds-asb", "Bedfordshire, anti-social behaviour", BEDFORDSHIRE, "asb", "month", *MONTHS),
    Case("beds-asb-lag2", "the same, two months late", BEDFORDSHIRE, "asb", "month", *MONTHS, 2),
    Case("chicago", "Chicago, aggravated assault outside homes", CHICAGO, "violence", "week", *WEEKS),
)  # fmt: skip
HEAD = (
    "| data | served | gain over the best plain count, nats per event (95 %) | hits at 1 % (plain) "
    "| hits at 2 % (plain) | hits at 5 % (plain) | slope | events | origins |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
)


def score(case: Case, homes: dict[Path, Context], data: Path, keep: Path) -> BacktestResult:
    """Ingest what the case needs, once a feed, and backtest."""
    path = case.feed.paths[0]
    if path not in homes:
        homes[path] = open_context(keep / path.stem, None, "evaluation")
        request = IngestRequest(case.feed.source, (data / path,), case.feed.mapping, case.feed.force)
        print(f"{case.name}: {ingest(homes[path], request).total}", file=sys.stderr)
    asked = BacktestRequest(case.target, case.every, case.first, case.last, case.lag)
    return backtest(homes[path], asked).result


def row(case: Case, result: BacktestResult) -> str:
    """Give one line of the table: the candidate beside the rival, and who is served."""
    rival = result.model(result.rival)
    best = result.model(result.verdict.candidate or result.rival)
    gain = f"{best.gain.value:+.3f} ({best.gain.low:+.3f} to {best.gain.high:+.3f})"
    hits = [
        f"{100 * hit_rate(best, share):.1f} % ({100 * hit_rate(rival, share):.1f} %)"
        for share in (0.01, 0.02, 0.05)
    ]
    span = f"{len(result.origins)} {result.every}s"
    cells = [
        case.words, f"{result.verdict.served} (rival: {result.rival})", gain, *hits,
        f"{best.calibration.slope:.2f}", f"{result.events:,.0f}", span,
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def hit_rate(model: ModelScore, share: float) -> float:
    """Give the share of events caught at a share of the area."""
    return next(c.hit_rate for c in model.capture if c.share == share)


def main() -> None:
    """Run the cases and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=beside)
    parser.add_argument("--only", default=",".join(c.name for c in CASES))
    parser.add_argument("--out", type=Path, help="also write every score here, as JSON")
    parser.add_argument("--keep", type=Path, help="keep the workspaces in this folder")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        sys.exit(f"no data at {asked.data}: give --data DIR")
    wanted = asked.only.split(",")
    homes: dict[Path, Context] = {}
    found = {}
    print(HEAD)
    with tempfile.TemporaryDirectory(prefix="peelian-accuracy-") as folder:
        for case in (c for c in CASES if c.name in wanted):
            began = time.perf_counter()
            result = score(case, homes, asked.data, asked.keep or Path(folder))
            print(row(case, result), flush=True)
            print(
                f"{case.name}: {time.perf_counter() - began:.0f} s. {result.verdict.sentence}",
                file=sys.stderr,
            )
            found[case.name] = result.to_json()
    if asked.out:
        asked.out.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
