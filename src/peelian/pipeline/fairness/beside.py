"""The audit that stands for a model, laid beside each of its runs for pages and files to read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from peelian.pipeline.context import Context
from peelian.store.fairness_audits import audit_of, served_key
from peelian.store.runs import RunRow, get_run, list_runs

FILE: Final = "fairness.json"
_MOST: Final = 1000


def lay_beside(ctx: Context, run: RunRow, body: dict[str, Any]) -> None:
    """Lay an audit beside every run of the same area, target, period, window and model."""
    key = served_key(run.card)
    for row in list_runs(ctx.ws, run.area, run.target, last=_MOST):
        if served_key(row.card) == key:
            _write(row.folder, body)
    _write(run.folder, body)


def carry(ctx: Context, run_id: str) -> None:
    """Lay the audit that stands for a new run's model beside it, if there is one."""
    row = get_run(ctx.ws, run_id)
    found = audit_of(ctx.ws, row)
    if found is not None:
        _write(row.folder, found.body)


def _write(folder: Path, body: dict[str, Any]) -> None:
    if not folder.is_dir():  # a run whose files were collected
        return
    temporary = folder / f"{FILE}.tmp"
    temporary.write_text(json.dumps(body, indent=1, allow_nan=False), "utf-8")
    temporary.rename(folder / FILE)
