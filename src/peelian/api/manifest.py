"""The manifest: all the page needs to draw a run, but the numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from peelian.api import quantise
from peelian.api.layers import Layer
from peelian.api.level_run import opens, views
from peelian.api.projection import lonlat, proj4
from peelian.api.run_folder import Run
from peelian.api.story import story
from peelian.api.wording import CERTAINTY_LABELS, sure


def manifest(run: Run, layers: list[Layer]) -> dict[str, Any]:
    """Give the manifest of a run (the shape is part of the HTTP contract)."""
    grid = run.base.grid
    block = quantise.Block(grid, run.base.cells)
    card = run.card
    base = f"/api/v1/runs/{run.id}"
    return {
        "run": run.id, "area": card["area"], "target": card["target"], "title": run.title,
        "simulated": run.simulated,
        "origin": card["origin"], "every": card["every"], "window": run.window,
        "as_of": card["as_of"], "created": card.get("created"), "model": _model(run),
        "served": card.get("served"), "snapshot": card.get("snapshot"), "seed": card.get("seed"),
        "fairness": run.audit.to_json(),
        "grid": {
            "name": grid.name, "crs": grid.crs, "proj4": proj4(grid.crs), "size": grid.size,
            "x0": block.x0, "y0": block.y0, "cols": block.columns, "rows": block.rows,
            "columns": grid.columns, "first_column": block.first_column, "first_row": block.first_row,
            "unit": grid.unit, "unit_m": grid.unit_m,
        },
        "bounds": bounds(run.base, block),
        "view": run.level, "views": views(run), "opens": opens(run),
        "steps": [
            {"index": k, "start": start.isoformat(), "end": end.isoformat(), "label": run.label(k)}
            for k, (start, end) in enumerate(zip(run.starts, run.ends, strict=True))
        ],
        "layers": [layer.entry(run.id, run.level) for layer in layers],
        "certainty": {"labels": [sure(level) for level in range(len(CERTAINTY_LABELS))]},
        "story": story(run),
        "links": {
            "table": f"{base}/table", "csv": f"{base}/table?format=csv", "scene": f"{base}/scene.geojson",
            "evaluation": f"{base}/evaluation", "fairness": f"{base}/fairness",
            "concentration": f"{base}/concentration", "list": "/list",
            "report": f"/runs/{run.id}/report", "own_data": "/use-your-own-data",
        },
    }  # fmt: skip


def _model(run: Run) -> dict[str, Any]:
    """Give the model's card, its title in the reader's language."""
    card: dict[str, Any] = run.card["model"]
    return card | {"title": run.model_title} if "title" in card else card


def bounds(run: Run, block: quantise.Block) -> list[float]:
    """Give west, south, east and north of the block, degrees, from points along its edges."""
    across = np.linspace(0, block.columns * run.grid.size, 9)
    up = np.linspace(0, block.rows * run.grid.size, 9)
    x, y = np.meshgrid(block.x0 + across, block.y0 + up)
    lon, lat = lonlat(run.grid.crs, x, y)
    return [round(float(part), 6) for part in (lon.min(), lat.min(), lon.max(), lat.max())]
