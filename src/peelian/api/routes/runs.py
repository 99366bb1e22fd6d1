"""Runs: the manifest, the scene and the evaluation files."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import FileResponse, JSONResponse, Response

from peelian.api.asking import Asked, asks
from peelian.api.languages import language, plain
from peelian.api.layers import offered
from peelian.api.level_run import views
from peelian.api.manifest import manifest
from peelian.domain.errors import NotFound
from peelian.store.runs import list_runs

router = APIRouter(prefix="/api/v1/runs", tags=["runs"])


@router.get("")
def read_runs(
    asked: Annotated[Asked, Depends(asks("consultation", "list of runs"))], area: str | None = None
) -> dict[str, Any]:
    """List what can be chosen: the newest run of each area, target and length of period, newest first."""
    newest: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in list_runs(asked.ws, area):
        card = row.card
        newest.setdefault((row.area, row.target, row.every), {
            "run": row.run_id, "area": card.get("area"), "target": row.target,
            "title": card.get("title") and plain(str(card["title"])),
            "every": row.every, "origin": card.get("origin"), "created": row.created.isoformat(),
        })  # fmt: skip
    return {"runs": list(newest.values())}


@router.get("/{run}")
def read_manifest(asked: Annotated[Asked, Depends(asks("consultation", "run manifest"))]) -> dict[str, Any]:
    """Give the manifest of a run; `latest` is the newest."""
    run = asked.run()
    return manifest(run, [asked.layer(run, name) for name in offered(run)])


@router.get("/{run}/scene.geojson")
def read_scene(asked: Annotated[Asked, Depends(asks("consultation", "scene"))]) -> Response:
    """Give boundaries, towns and stations (WGS84); none held is an empty collection."""
    path = asked.run().folder / "scene.geojson"
    if path.is_file():
        return FileResponse(path, media_type="application/geo+json")
    return JSONResponse({"type": "FeatureCollection", "features": []}, media_type="application/geo+json")


@router.get("/{run}/levels/{level}.geojson")
def read_bounds(level: str, asked: Annotated[Asked, Depends(asks("consultation", "boundaries"))]) -> Response:
    """Give the places of a view (WGS84): a feature's `id` is the place's number, as the table's `cell`."""
    run = asked.run().base
    if level not in {one["id"] for one in views(run)} - {"cell"}:
        raise NotFound("this run has no such view", do="see its manifest's views")
    return FileResponse(run.folder / f"{level}.geojson", media_type="application/geo+json")


@router.get("/{run}/evaluation")
def read_evaluation(asked: Annotated[Asked, Depends(asks("consultation", "evaluation"))]) -> Any:
    """Give the backtest's scores of this run's target; `ready` is false until its stage has finished."""
    scores = _file(asked, "evaluation.json", "the evaluation")
    if language() == "en" or "models" not in scores:
        return scores
    return scores | {"models": [one | {"title": plain(str(one["title"]))} for one in scores["models"]]}


@router.get("/{run}/concentration")
def read_concentration(asked: Annotated[Asked, Depends(asks("consultation", "concentration"))]) -> Any:
    """Give how concentrated the harm is; `ready` is false until its stage has finished."""
    return _file(asked, "concentration.json", "the view of concentration")


@router.get("/{run}/fusing")
def read_fusing(asked: Annotated[Asked, Depends(asks("consultation", "check of fusing"))]) -> Any:
    """Give what fusing agencies gained on simulated truth (a harness check); `ready` is false until then."""
    return _file(asked, "fusing.json", "the check of fusing")


def _file(asked: Asked, name: str, what: str) -> Any:
    path = asked.run().folder / name
    if not path.is_file():
        return {"ready": False, "what": f"{what} of this run is not there yet: its stage has not finished"}
    return json.loads(path.read_text(encoding="utf-8")) | {"ready": True}
