"""From what the detectors found to few warnings: the room `warn` decides, over all of them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np

from peelian.domain.panel import Panel
from peelian.domain.time import Every
from peelian.domain.warning import EarlyWarning
from peelian.pipeline.warning.detecting import Looked
from peelian.pipeline.warning.places import Places
from peelian.warn.combine import A_WEEK, combine
from peelian.warn.own_past import Past

LASTS: Final[dict[Every, float]] = {"week": 2.5}
"""Weeks in which one false warning is raised, on average: windows of weeks overlap, so it goes on.

Measured in null worlds by benchmarks/early_warnings.py: with it, new false warnings come once a force and
month at most. Not measured for months and days: there each raising counts as one.
"""


def combined(
    looked: Looked, *, area: str, as_of: date, parent: dict[str, str] | None = None,
    previous: Sequence[EarlyWarning] = (), lasts: float | None = None,
    past: Mapping[str, Past] | None = None, beside: Looked | None = None,
) -> tuple[EarlyWarning, ...]:  # fmt: skip
    """Give the warnings that all detectors' findings make together, strongest first.

    `parent` gives each square's larger place, `previous` warnings raised before, which may go on; `past` what
    was found in the area's own past (own_past.py), None to trust the detectors' chances as they are; `beside`
    what detectors found that raise nothing. A warning's false alarms a week are of new ones: each is raised
    in `lasts` weeks (default: `LASTS`).
    """
    if lasts is None:
        lasts = next((LASTS.get(series.every, 1.0) for series, _ in looked.found.values()), 1.0)
    made = combine(
        looked.found, area=area, as_of=as_of, budget=A_WEEK * lasts, previous=previous, parent=parent,
        past=past, beside=None if beside is None else beside.found,
    )  # fmt: skip
    return tuple(replace(one, false_alarms_a_week=one.false_alarms_a_week / lasts) for one in made)


def parents_of(panel: Panel, places: Places) -> dict[str, str]:
    """Give each square's larger place, by code; squares of none are left out."""
    inside = np.flatnonzero(places.of_cell >= 0)
    return {str(panel.cells[k]): places.codes[places.of_cell[k]] for k in inside.tolist()}
