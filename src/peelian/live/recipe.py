"""The recipe of a running state: everything learned once, so that events alone move what is shown."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from peelian.domain.errors import NotFound
from peelian.domain.grid import Cells, Floats, Grid

CARD: Final = "live.json"
ARRAYS: Final = "live.npz"
FORM: Final = 1
"""Of the file: one of another form is made anew."""


@dataclass(frozen=True)
class Kind:
    """One type of event that is remembered: a name, and the offence groups and knife marks it counts."""

    name: str
    groups: tuple[str, ...]
    knife: tuple[str, ...] = ()  # empty: whatever the mark says


@dataclass(frozen=True, eq=False)
class Recipe:
    """How events become rates, for the cells of one run. Frozen; lies beside the run.

    `cells` (C,) sorted ids of `grid`. Kind 0 is the target, the others may feed it. `scales` (S,) mean delays
    in days; `branching` (K, S) further events of the target that one event of a kind brings on average;
    `kernel` (2R+1, 2R+1) where they fall, in cells, row 0 the southernmost; `background` (C,) events a day.
    With `levelled` the last scale brings nothing: its memory tells how far the whole area's level has moved.
    Only what was known at `cut` was learned from, and only rows of `forces` (empty: all) enter.
    """

    run: str
    target: str
    title: str
    grid: Grid
    cells: Cells
    kinds: tuple[Kind, ...]
    scales: Floats
    branching: Floats
    kernel: Floats
    background: Floats
    cut: datetime
    events: int  # learned from
    forces: tuple[str, ...] = ()
    levelled: bool = False

    @property
    def reach(self) -> int:
        """How many cells away an event is felt at most."""
        return len(self.kernel) // 2

    @cached_property
    def digest(self) -> str:
        """Name the recipe: a state belongs to one recipe only."""
        card, arrays = self._parts()
        return hashlib.sha256(json.dumps(card, sort_keys=True).encode() + arrays).hexdigest()

    def _parts(self) -> tuple[dict[str, Any], bytes]:
        card = {
            "form": FORM, "run": self.run, "target": self.target, "title": self.title,
            "grid": asdict(self.grid), "kinds": [asdict(kind) for kind in self.kinds],
            "cut": self.cut.isoformat(), "events": self.events, "forces": list(self.forces),
            "levelled": self.levelled,
        }  # fmt: skip
        body = io.BytesIO()
        np.savez(
            body, cells=self.cells, scales=self.scales, branching=self.branching, kernel=self.kernel,
            background=self.background,
        )  # fmt: skip
        return card, body.getvalue()


def write_recipe(recipe: Recipe, folder: Path) -> None:
    """Lay the recipe beside its run: `live.npz`, then `live.json`, whose presence says that it is whole."""
    card, arrays = recipe._parts()
    for name, body in ((ARRAYS, arrays), (CARD, json.dumps(card, indent=1).encode())):
        building = folder / f".{name}.building"
        building.write_bytes(body)
        building.rename(folder / name)


def has_recipe(folder: Path) -> bool:
    """Say whether a run has a recipe of this form."""
    card = folder / CARD
    return card.is_file() and json.loads(card.read_text(encoding="utf-8")).get("form") == FORM


def read_recipe(folder: Path) -> Recipe:
    """Read a run's recipe.

    Raises:
        NotFound: the run has none.
    """
    if not has_recipe(folder):
        raise NotFound("this run has no recipe of a running state", do="it is made when the map is served")
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
        held = {name: arrays[name] for name in arrays.files}
    kinds = tuple(Kind(k["name"], tuple(k["groups"]), tuple(k["knife"])) for k in card["kinds"])
    return Recipe(
        card["run"], card["target"], card["title"], Grid(**card["grid"]), held["cells"], kinds,
        held["scales"], held["branching"], held["kernel"], held["background"],
        datetime.fromisoformat(card["cut"]), int(card["events"]),
        tuple(card["forces"]), bool(card["levelled"]),
    )  # fmt: skip
