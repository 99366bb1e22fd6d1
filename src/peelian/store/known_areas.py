"""Which areas this workspace knows by code: frozen masks, forces held, areas of runs and of warnings."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection, select

from peelian.domain.errors import Refused
from peelian.store.catalogue import reading
from peelian.store.tables import delivery, run
from peelian.store.warning_tables import warning, warning_watch
from peelian.store.workspace import Workspace


def known_areas(ws: Workspace) -> frozenset[str]:
    """Give the codes."""
    with reading(ws) as conn:
        held = {code for column in _COLUMNS for code in _distinct(conn, column)}
    frozen = {str(json.loads(path.read_text())["code"]) for path in ws.areas.glob("*.json")}
    return frozenset((held | frozen) - {""})


def check_cells(ws: Workspace, area: str, places: Sequence[str]) -> None:
    """Do nothing when all places are squares of the area, or where its squares are not held.

    Raises:
        Refused: some are not; says how many, never which.
    """
    for path in ws.areas.glob("*.json"):
        if str(json.loads(path.read_text())["code"]) == area and path.with_suffix(".npy").is_file():
            cells = set(np.load(path.with_suffix(".npy"), allow_pickle=False)[0].tolist())
            strange = sum(not one.isdecimal() or int(one) not in cells for one in places)
            if strange:
                raise Refused(
                    f"{strange} of {len(places)} places are no squares of the area",
                    expected="numbers of squares, as a forecast's table gives them",
                )


_COLUMNS = (delivery.c.force, run.c.area, warning.c.area, warning_watch.c.area)


def _distinct(conn: Connection, column: object) -> set[str]:
    return {str(code) for (code,) in conn.execute(select(column).distinct())}  # type: ignore[call-overload]
