"""Take-away: a view as a file, by an address that stays. What goes out is written down as a disclosure."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from peelian.api.asking import Asked, asks
from peelian.api.export_files import to_csv, to_geojson, to_parquet
from peelian.api.export_page import page
from peelian.api.export_picture import picture
from peelian.api.export_table import FORMATS, export_frame, parse_steps
from peelian.domain.errors import Misuse

router = APIRouter(prefix="/api/v1/runs", tags=["take-away"])


@router.get("/{run}/export.{format}")
def read_export(
    format: Literal["csv", "geojson", "parquet", "png", "pdf"],
    asked: Annotated[Asked, Depends(asks("disclosure", "export"))],
    step: Annotated[str, Query(max_length=6)] = "0",
    layer: Annotated[str, Query(max_length=40)] = "expected",
) -> Response:
    """Give a view of a run as a file: `level`, `step` (or `all`, not for pictures) and `layer` choose it."""
    run = asked.run()
    steps = parse_steps(run, step)
    if format in ("png", "pdf") and len(steps) > 1:
        raise Misuse("a picture shows one step", expected=f"step from 0 to {run.steps - 1}")
    if format in ("png", "pdf"):
        drawn = asked.layer(run, layer)
        body = picture(run, drawn, steps[0]) if format == "png" else page(run, drawn, steps[0])
    else:
        frame = export_frame(run, steps, layer)
        body = {"csv": lambda: to_csv(frame), "geojson": lambda: to_geojson(run, frame),
                "parquet": lambda: to_parquet(run, frame)}[format]()  # fmt: skip
    name = f"{run.id}-{run.level}-{layer}-{step}.{format}"
    return Response(
        body, media_type=FORMATS[format],
        headers={"content-disposition": f'attachment; filename="{name}"', "x-peelian-run": run.id},
    )  # fmt: skip
