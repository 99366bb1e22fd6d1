"""Commands about a force's own areas: import them, list them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from peelian.cli.progress import progress
from peelian.cli.state import STATE, context

app = typer.Typer(
    help="A force's own areas: hotspots, beats, order and licensing areas.", no_args_is_help=True
)
_SHOWN = 10
KIND = "hotspot, beat, order or licensing."


@app.callback()
def group() -> None:
    """Keep the sub-commands together."""


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="GeoJSON, GeoPackage or shapefile (.shp, or its .zip).")],
    kind: Annotated[str, typer.Option(help=f"What they are: {KIND}")],
    crs: Annotated[
        str | None, typer.Option(help="The coordinate system, where the file tells none: EPSG:27700.")
    ] = None,
    layer: Annotated[str | None, typer.Option(help="The layer of a GeoPackage (default: its first).")] = None,
) -> None:
    """Read areas, to be planned for instead of squares. Replaces what was held of the kind."""
    from peelian.pipeline.planning.own_areas import import_areas

    with progress("areas") as tick:
        made = import_areas(context(), path, kind, crs=crs, layer=layer, tick=tick)
    if STATE.json:
        print(json.dumps(made.to_json()))
        return
    print(
        f"{made.rows:,} rows of {made.file}: {made.kept:,} areas of kind {kind} kept, {made.mended:,} mended."
    )
    for row, reason in made.quarantined[:_SHOWN]:
        print(f"  row {row} kept apart: {reason}")
    if len(made.quarantined) > _SHOWN:
        print(f"  ... and {len(made.quarantined) - _SHOWN} more: peelian areas list --kind {kind}")
    print(f"Plan for them: peelian plan --visits 30 --areas {kind}")


@app.command("list")
def list_(kind: Annotated[str | None, typer.Option(help=f"Only one kind: {KIND}")] = None) -> None:
    """List the areas held, with those kept apart and why."""
    from peelian.cli.show import table
    from peelian.pipeline.planning.own_areas import list_areas

    rows = list_areas(context(), kind).to_dicts()
    if STATE.json:
        print(json.dumps(rows))
    elif not rows:
        print("No areas are held. Bring them in: peelian areas import FILE --kind hotspot")
    else:
        table([
            {"kind": one["kind"], "code": one["code"], "name": one["name"],
             "km2": f"{one['km2']:.2f}" if one["km2"] is not None and not one["reason"] else "",
             "state": one["reason"] or ("mended" if one["mended"] else "as it came")}
            for one in rows
        ])  # fmt: skip
