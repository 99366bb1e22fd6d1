"""What a run's own backtest says of the model served: hits, PAI and calibration beside the plain count."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from peelian.api.run_folder import Run


@dataclass(frozen=True)
class ModelView:
    """`served` and `rival` are entries of evaluation.json's `models`; `fairness` is fairness.json."""

    evaluation: dict[str, Any] | None
    served: dict[str, Any] | None
    rival: dict[str, Any] | None
    fairness: dict[str, Any] | None

    @property
    def captures(self) -> list[dict[str, Any]]:
        """Give, for each share of places, both hit rates, both PAI, and the gain with its interval."""
        if self.served is None or self.rival is None:
            return []
        pairs = zip(self.served["capture"], self.rival["capture"], strict=True)
        return [{"share": one["share"], "served": one, "plain": other} for one, other in pairs]

    @property
    def groups(self) -> list[dict[str, Any]]:
        """Give the calibration groups: places alike in what was expected, and what was then recorded."""
        return list((self.served or {}).get("calibration", {}).get("groups", []))


def model_view(run: Run) -> ModelView:
    """Read what the run holds; what was not worked out yet is None."""
    evaluation = _read(run, "evaluation.json")
    models = {one["id"]: one for one in (evaluation or {}).get("models", [])}
    verdict = (evaluation or {}).get("verdict") or {}
    served = models.get(str(run.card["model"]["id"])) or models.get(str(verdict.get("served")))
    rival = models.get(str((evaluation or {}).get("rival")))
    return ModelView(evaluation if models else None, served, rival, run.fairness)


def _read(run: Run, name: str) -> dict[str, Any] | None:
    path = run.base.folder / name
    if not path.is_file():
        return None
    said = json.loads(path.read_text("utf-8"))
    return said if isinstance(said, dict) else None
