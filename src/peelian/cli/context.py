"""Local files that give a setting: place names, postcodes, areas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peelian.cli.progress import progress
from peelian.cli.state import STATE, context

if TYPE_CHECKING:
    from peelian.gazetteer.entries import Box

app = typer.Typer(
    help="Local files that give a setting: place names, postcodes, areas.", no_args_is_help=True
)


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""


@app.command("import")
def import_(
    kind: Annotated[
        str,
        typer.Argument(
            help="open-names, open-roads, motorway-junctions, open-uprn, open-usrn, premises, areas, "
            "postcodes, boundaries, lookup, calendar, shifts, severity, population, streets or interventions."
        ),
    ],
    path: Annotated[Path, typer.Argument(help="The file, or a folder or zip of CSV files.")],
    within: Annotated[
        str | None,
        typer.Option(help="Keep only what lies in WEST,SOUTH,EAST,NORTH (metres, British National Grid)."),
    ] = None,
) -> None:
    """Read place names or codes, to resolve where events happened. Replaces the kind's earlier file."""
    from peelian.pipeline.gazetteers import import_context

    with progress("context") as tick:
        made = import_context(context(), kind.replace("_", "-"), path, box(within), tick)
    if STATE.json:
        body = {"kind": made.kind, "file": made.name, "sha256": made.sha256, "rows": made.rows}
        print(json.dumps(body | {"places": made.places, "replaced": made.replaced}))
        return
    if kind == "severity":
        print(f"{made.rows:,} harm weights read from {made.name}. Use them with: peelian forecast --harm")
        return
    if kind == "population":
        print(f"People of {made.rows:,} areas read from {made.name}. Backtests give curves by them too.")
        return
    if kind == "streets":
        print(f"{made.rows:,} lines read from {made.name}. `peelian concentration` gives curves by them too.")
        return
    if kind == "interventions":
        print(f"{made.rows:,} kinds read from {made.name}: {made.places['added']} added, "
              f"{made.places['replacing']} replacing. See them: peelian interventions list")  # fmt: skip
        return
    if kind in ("shifts", "calendar"):
        said = ", ".join(f"{n:,} of {what}" for what, n in made.places.items())
        print(f"{made.rows:,} entries read from {made.name}: {said}. Forecasts made from now on use them.")
        return
    parts = ", ".join(f"{n:,} {_PLURAL.get(what, what)}" for what, n in made.places.items())
    again = "; they replace those held of this kind" if made.replaced else ""
    print(f"{made.rows:,} places read from {made.name}: {parts}{again}.")
    print("Files ingested from now on are resolved against them; ingest an earlier file again to resolve it.")


@app.command("list")
def list_() -> None:
    """Say which context files are held."""
    from peelian.pipeline.gazetteers import listed

    rows = listed(context())
    if STATE.json:
        print(json.dumps(rows))
    elif not rows:
        print("No context files are held here. Bring one in with: peelian context import premises FILE.csv")
    else:
        from peelian.cli.show import table

        table(rows)


_PLURAL = {
    "street": "streets", "premises": "premises", "area": "areas", "junction": "junctions",
    "postcode": "postcodes", "uprn": "UPRNs", "usrn": "USRNs",
}  # fmt: skip


def box(text: str | None) -> Box | None:
    """Read WEST,SOUTH,EAST,NORTH.

    Raises:
        Misuse: it is not four numbers.
    """
    if text is None:
        return None
    from peelian.domain.errors import Misuse

    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise Misuse(
            "--within is not four numbers", expected="WEST,SOUTH,EAST,NORTH in metres, with commas"
        ) from None
    return west, south, east, north
