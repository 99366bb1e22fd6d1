"""The fairness audit that stands for a run, as its page and the API show it; or that there is none."""

from __future__ import annotations

from typing import Any

from peelian.api.run_folder import Run


def fairness_json(run: Run) -> dict[str, Any]:
    """Give the audit beside the run (null: not audited) with how it stands today."""
    return {"run": run.id, "standing": run.audit.to_json(), "audit": run.fairness}
