"""Where cells are on the globe: longitude and latitude of points of a projected CRS."""

from __future__ import annotations

import warnings

import numpy as np
import pyproj
from convertbng import cutil

from peelian.domain.grid import Floats

BRITISH_PROJ4 = (
    "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy "
    "+towgs84=446.448,-125.157,542.06,0.1502,0.247,0.8421,-20.4894 +units=m +no_defs"
)
"""EPSG:27700 for the browser, with the seven-parameter shift, which PROJ's own export leaves out: about 2 m
from OSTN15, where leaving it out would be some 100 m."""


def lonlat(crs: str, easting: Floats, northing: Floats) -> tuple[Floats, Floats]:
    """Give longitude and latitude (WGS84 degrees) of points of `crs`.

    EPSG:27700 goes by OSTN15; points outside its polygon (the sea) by the seven-parameter shift, within a
    few metres.
    """
    x, y = np.asarray(easting, np.float64), np.asarray(northing, np.float64)
    if crs != "EPSG:27700":
        return _by_proj(crs, x, y)
    lon, lat = (np.array(part, np.float64) for part in cutil.convert_osgb36_to_ll(x.ravel(), y.ravel()))
    lost = ~(np.isfinite(lon) & np.isfinite(lat))
    if lost.any():
        lon[lost], lat[lost] = _by_proj(BRITISH_PROJ4, x.ravel()[lost], y.ravel()[lost])
    return lon.reshape(x.shape), lat.reshape(x.shape)


def _by_proj(crs: str, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    transformer = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True, allow_ballpark=False)
    lon, lat = transformer.transform(x, y)
    return np.asarray(lon, np.float64), np.asarray(lat, np.float64)


def proj4(crs: str) -> str:
    """Give the PROJ.4 string the browser projects with."""
    if crs == "EPSG:27700":
        return BRITISH_PROJ4
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # pyproj warns that the short form loses the CRS's name
        return str(pyproj.CRS.from_user_input(crs).to_proj4())


def metres_per_unit(crs: str) -> float:
    """Give the metres in one unit of a projected CRS's first axis (0.3048006 for US feet)."""
    return float(pyproj.CRS.from_user_input(crs).axis_info[0].unit_conversion_factor)
