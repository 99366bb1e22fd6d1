"""Names of warned places: the nearest published street and the area's name, never a number of ours."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from peelian.domain.area import Area
from peelian.domain.grid import Cells, Floats
from peelian.domain.warning import EarlyWarning
from peelian.pipeline.context import Context
from peelian.pipeline.places import name_places
from peelian.pipeline.setting_boundaries import boundaries_file

UNNAMED = "no published street"


@dataclass(frozen=True, eq=False)
class Names:
    """Streets by cell (C), with the cells' centres in metres, and names of larger areas by code."""

    easting: Floats
    northing: Floats
    street: tuple[str, ...]
    district: tuple[str, ...]
    areas: dict[str, str]
    cell: dict[str, int]

    def near(self, easting: float, northing: float) -> str:
        """Name the street nearest to a point, with the area that holds it where one is known."""
        if not len(self.easting):
            return UNNAMED
        at = int(np.argmin(np.hypot(self.easting - easting, self.northing - northing)))
        district = self.district[at]
        return f"{self.street[at]}, {district}" if district else self.street[at]

    def of(self, code: str) -> str:
        """Name a place by its code: an area's published name, or a cell's street."""
        if code in self.areas:
            return self.areas[code]
        return self.street[self.cell[code]] if code in self.cell else code


def names_of(ctx: Context, area: Area) -> Names:
    """Read the names of an area's places once."""
    table = name_places(ctx, area)
    easting, northing = area.grid.centre(table["cell"].to_numpy())
    metre = area.grid.unit_m
    file = boundaries_file(ctx, "lsoa")
    areas: dict[str, str] = {}
    if file.is_file():
        areas = dict(pl.read_parquet(file, columns=["code", "name"]).iter_rows())
    street = tuple(str(name or UNNAMED) for name in table["name"].to_list())
    held = [str(code or "") for code in table["lsoa"].to_list()]
    cells: Cells = table["cell"].to_numpy()
    index = {str(cell): k for k, cell in enumerate(cells.tolist())}
    district = tuple(areas.get(code, code) for code in held)
    return Names(easting * metre, northing * metre, street, district, areas, index)


def named(warning: EarlyWarning, names: Names) -> EarlyWarning:
    """Give the warning with its places' names and a title a person can find on a map.

    A warning of repeats is named by its area alone: a street would say too much of one address.
    """
    places = tuple(names.of(code) for code in warning.places)
    if warning.kind == "repeats":
        return replace(warning, names=places)
    where = names.near(warning.easting, warning.northing)
    return replace(warning, names=places, title=f"{warning.title} near {where}")
