"""Who is told of warnings, as imported into the workspace: one small file, replaced whole."""

from __future__ import annotations

import json
import os
from pathlib import Path

from peelian.domain.warning_delivery import Delivery, delivery_of
from peelian.store.workspace import Workspace


def settings_file(ws: Workspace) -> Path:
    """Name the file."""
    return ws.home / "settings" / "warnings.json"


def read_delivery(ws: Workspace) -> Delivery:
    """Give the settings; without any, nobody is told and warnings wait on their page."""
    try:
        return delivery_of(json.loads(settings_file(ws).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Delivery()


def write_delivery(ws: Workspace, delivery: Delivery) -> None:
    """Replace the settings, whole or not at all."""
    held = settings_file(ws)
    held.parent.mkdir(parents=True, exist_ok=True)
    temporary = held.with_name(f"{held.name}.{os.getpid()}.tmp")
    temporary.write_text(json.dumps(delivery.to_json(), indent=1), encoding="utf-8")
    temporary.rename(held)
