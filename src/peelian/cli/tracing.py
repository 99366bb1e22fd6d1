"""The commands `lineage` and `erase`: from a forecast back to files, and what must go."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from peelian.cli.state import STATE, context


def lineage(
    run: Annotated[str, typer.Argument(help="A run's id, or `latest`.")] = "latest",
    cell: Annotated[
        int | None, typer.Option(help="A cell of the run (default: the one with the most expected).")
    ] = None,
) -> None:
    """Say what a forecast cell rests on: feeds, files, rules and counts."""
    from peelian.pipeline.lineage import lineage as run_lineage

    found = run_lineage(context(), run, cell)
    if STATE.json:
        print(json.dumps(found, default=str))
        return
    from peelian.cli.show_lineage import show_lineage

    show_lineage(found)


def erase(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would go.")] = False,
) -> None:
    """Erase what must go: rows of ended agreements, and rows older than their agreement allows."""
    from peelian.pipeline.erasing import erase as run_erase

    gone = run_erase(context("administration"), dry_run=dry_run)
    if STATE.json:
        print(json.dumps([vars(one) for one in gone]))
        return
    done = "would be erased" if dry_run else "erased"
    for one in gone:
        print(f"{one.rows:,} rows under {one.agreement} {done}: {one.rule}.")
    if not gone:
        print("Nothing is due to be erased.")
