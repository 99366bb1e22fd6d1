"""Commands of the fairness audit: lookups in, the audit of what is served, what it found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from peelian.cli.progress import progress
from peelian.cli.state import STATE, context

app = typer.Typer(
    help="Whether kinds of area get attention in step with harm, and whose reports it rests on.",
    no_args_is_help=True,
)


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""


@app.command()
def lookup(
    path: Annotated[Path, typer.Argument(help="A CSV or Parquet table of neighbourhoods (LSOAs).")],
    kind: Annotated[str, typer.Option(help="deprivation, ethnicity or rurality.")],
) -> None:
    """Read what neighbourhoods are told apart by, for the audit only: no model can read it."""
    from peelian.pipeline.fairness.lookup import import_lookup

    with progress("lookup") as tick:
        made = import_lookup(context("administration"), path, kind, tick)
    if STATE.json:
        print(json.dumps({"kind": made.kind, "file": made.name, "areas": made.areas, "classes": made.classes,
                          "replaced": made.replaced}))  # fmt: skip
        return
    again = "; it replaces the one held" if made.replaced else ""
    print(f"{made.areas:,} neighbourhoods read from {made.name} ({kind}){again}. Only the audit reads them.")
    print("Audit what is served with: peelian fairness audit")


@app.command()
def audit(
    area: Annotated[str | None, typer.Option(help="An area's code (all).")] = None,
    target: Annotated[str | None, typer.Option(help="A target (all).")] = None,
    run: Annotated[str | None, typer.Option(help="One run in place of the newest of each.")] = None,
) -> None:
    """Audit each model served on forecasts held back: attention, calibration, harm missed, false flags."""
    from peelian.cli.fairness_lines import lines
    from peelian.pipeline.fairness.running import AuditRequest, audit_served

    with progress("fairness") as tick:
        made = audit_served(context("evaluation"), AuditRequest(area, target, run), tick)
    if STATE.json:
        print(json.dumps([one.body for one in made]))
        return
    for one in made:
        for line in lines(one.body):
            print(line)


@app.command()
def show(
    area: Annotated[str | None, typer.Option(help="An area's code (all).")] = None,
) -> None:
    """Say how each model served stands with its audit, and what the last one found."""
    from peelian.pipeline.fairness.standings import standings

    rows = standings(context("evaluation"), area)
    if STATE.json:
        print(json.dumps(rows))
        return
    for row in rows:
        print(f"{row['area']}, {row['target']} by {row['every']}: {row['model']}")
        print(f"    {row['standing']['sentence'] or 'Audit in date.'} {row['found']}".rstrip())
        if row["alternatives"]:
            print(f"    {row['alternatives']}")
        if row["stopped"]:
            print(f"    Stopped: {row['stopped']}.")


@app.command()
def feeds() -> None:
    """Say of each feed how much of it is known to be reported by the public."""
    from peelian.pipeline.fairness.feeds import feeds_said

    ctx = context()
    ctx.consult("consultation", "coverage")
    rows = feeds_said(ctx)
    if STATE.json:
        print(json.dumps(rows))
        return
    for row in rows:
        print(row["sentence"])
    if not rows:
        print("No reports are held here. Bring some in with: peelian ingest")
