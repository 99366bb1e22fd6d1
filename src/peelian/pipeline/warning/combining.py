"""From what the detectors found to few warnings: the room `warn` decides, over all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from peelian.domain.panel import Panel
from peelian.domain.warning import EarlyWarning
from peelian.pipeline.warning.detecting import Looked
from peelian.pipeline.warning.places import Places
from peelian.warn.combine import combine


def combined(
    looked: Looked, *, area: str, as_of: date, parent: dict[str, str] | None = None,
    previous: Sequence[EarlyWarning] = (),
) -> tuple[EarlyWarning, ...]:  # fmt: skip
    """Give the warnings that all detectors' findings make together, strongest first.

    `parent` gives each square's larger place, `previous` warnings raised before, which may go on.
    """
    return combine(looked.found, area=area, as_of=as_of, previous=previous, parent=parent)


def parents_of(panel: Panel, places: Places) -> dict[str, str]:
    """Give each square's larger place, by code; squares of none are left out."""
    inside = np.flatnonzero(places.of_cell >= 0)
    return {str(panel.cells[k]): places.codes[places.of_cell[k]] for k in inside.tolist()}
