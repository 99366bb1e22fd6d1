"""A run cut to the squares of an area: the same numbers, names and history, of those squares alone."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import numpy.typing as npt

from peelian.api.named_areas import NamedArea, squares_in
from peelian.api.run_folder import Run
from peelian.domain.grid import Floats


@dataclass(frozen=True, eq=False)
class PartRun(Run):
    """A run's squares in an area; `at` their positions in the whole run `of`, ascending."""

    of: Run
    at: npt.NDArray[np.int64]
    area: NamedArea

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name each square as the whole run does: told apart from squares outside as well."""
        return tuple(self.of.names[k] for k in self.at.tolist())

    @cached_property
    def year_before(self) -> Floats:
        """Give what was recorded a year before, (H, C)."""
        return self.of.year_before[:, self.at]


def part_of(run: Run, area: NamedArea) -> PartRun:
    """Cut a run to an area; its card says the area's name in the place of the whole's.

    Raises:
        Refused: no square of the run has its middle there.
    """
    whole, at = run.base, squares_in(run, area)
    own = {field.name: getattr(whole, field.name) for field in fields(Run)}
    named = {**whole.card["area"], "name": f"{area.title}, {whole.card['area']['name']}"}
    own |= {name: own[name][:, at] for name in ("mean", "dispersion", "p_any", "q05", "q50", "q95")}
    own |= {name: tuple(own[name][k] for k in at.tolist()) for name in ("streets", "lsoas")}
    own |= {
        "cells": whole.cells[at], "last_year": whole.last_year[at], "card": {**whole.card, "area": named},
    }  # fmt: skip
    return PartRun(**own, of=whole, at=at, area=area)
