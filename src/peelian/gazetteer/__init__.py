"""Local place names: location text, postcode, UPRN, USRN or grid reference to a point, with its doubt."""

from __future__ import annotations

from peelian.gazetteer.codes import grid_points, look_up
from peelian.gazetteer.index import Gazetteer, load
from peelian.gazetteer.locating import resolve

__all__ = ["Gazetteer", "grid_points", "load", "look_up", "resolve"]
