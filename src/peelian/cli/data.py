"""Commands about data: ingest, coverage, simulate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from peelian.cli.dates import instant
from peelian.cli.progress import progress
from peelian.cli.state import STATE, context


def ingest(
    source: Annotated[
        str,
        typer.Argument(
            help="The kind of feed: police-uk, table (any table of events), police-crime, police-incidents, "
            "council-asb, ambulance, emergency-department, fire, cdr-2007, social-care, school-exclusions, "
            "known-offending, patrols or sites."
        ),
    ],
    paths: Annotated[list[Path], typer.Argument(help="Files, archives or folders.")],
    mapping: Annotated[
        str | None, typer.Option(help="The mapping file, or the name of a shipped one.")
    ] = None,
    force: Annotated[str | None, typer.Option(help="Force code, where the files do not say it.")] = None,
    available_at: Annotated[
        str | None, typer.Option(help="When these files became available (YYYY-MM-DD[THH:MM]).")
    ] = None,
    agreement: Annotated[
        str | None, typer.Option(help="The sharing agreement they come under, where the mapping names none.")
    ] = None,
    accept_drift: Annotated[
        bool, typer.Option("--accept-drift", help="Take files that look unlike the feed's earlier ones.")
    ] = False,
) -> None:
    """Bring files in. Every row ends in one bin: accepted, duplicate, revised or quarantined."""
    from peelian.pipeline.ingesting import IngestRequest
    from peelian.pipeline.ingesting import ingest as run

    request = IngestRequest(
        source, tuple(paths), mapping, force, instant(available_at, "available-at"), agreement,
        accept_drift,
    )  # fmt: skip
    with progress("ingest") as tick:
        report = run(context(), request, tick)
    if STATE.json:
        print(json.dumps(report.to_json()))
        return
    from peelian.cli.show import ingest_lines

    print("\n".join(ingest_lines(report)))


def coverage() -> None:
    """Say what is held: source, force, months, rows, gaps."""
    from peelian.cli.show import coverage_rows, coverage_tables

    rows = coverage_rows(context())
    if STATE.json:
        print(json.dumps(rows, default=str))
    elif not rows:
        print("Nothing is held here yet. Bring data in with: peelian ingest police-uk FILE.zip")
    else:
        coverage_tables(rows)


def simulate(
    out: Annotated[Path, typer.Option(help="Folder to write to.")],
    scenario: Annotated[str, typer.Option(help="plain, hard, tiny or night.")] = "plain",
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 1,
) -> None:
    """Make a fictional force area with known truth, in the files' real layouts."""
    from peelian.pipeline.simulating import listed
    from peelian.pipeline.simulating import simulate as run

    with progress("simulate") as tick:
        files = run(scenario, seed, out, tick)
    if STATE.json:
        print(json.dumps(listed(files)))
        return
    print(f"Simulated, fictional data in {out}:")
    for name, path in listed(files).items():
        print(f"  {name}: {path}")
