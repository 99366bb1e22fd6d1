"""Files of place names, codes, boundaries and maps; and place texts as people type them."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
import zipfile
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
import shapely
from pyogrio.raw import write

from peelian.api.basemap import folder
from peelian.domain.shifts import FORM
from peelian.gazetteer import Gazetteer
from peelian.gazetteer.codes import grid_points, look_up
from peelian.gazetteer.loaders import load_kind
from peelian.gazetteer.locating import resolve
from peelian.pipeline.area_file import read_area_file
from peelian.pipeline.areas import grid_of
from peelian.pipeline.basemaps import import_file
from peelian.pipeline.gazetteers import import_context
from peelian.pipeline.planning.own_areas import import_areas
from peelian.store.tile_file import tile
from tests.browser.tiny_tiles import write_mbtiles, write_pmtiles
from tests.gazetteer import town
from tests.security.fuzzing.bench import Bench, Parser, Seeds

BOX: Final = (0.0, 0.0, 700_000.0, 1_300_000.0)
RING: Final = [[-0.46, 52.13], [-0.44, 52.13], [-0.44, 52.14], [-0.46, 52.14], [-0.46, 52.13]]
POLYGON: Final = {"type": "Polygon", "coordinates": [RING]}
SETTINGS: Final[dict[str, Seeds]] = {
    "lookup": {
        "lookup.csv": b"""lsoa21cd,msoa21cd,ltla24cd
E01000001,E02000001,E06000001
E01000002,E02000001,E06000001
"""
    },
    "calendar": {
        "calendar.csv": b"""start,end,kind,available_at
2026-07-22,2026-09-01,school holiday,
2026-11-07,,match,2026-06-01
"""
    },
    "shifts": {"shifts.yaml": FORM.encode()},
    "severity": {
        "groups.csv": b"""group,weight,source,year
violence,120.5,a source,2024
robbery,700,a source,2024
""",
        "codes.csv": b"""code,group,weight,offences,source,year
1A,violence,120,10,a source,2024
2,violence,7,3,a source,2024
""",
    },
    "population": {"population.csv": b"lsoa21cd,population\nE01000001,1500\nE01000002,1700\n"},
}
NAMES: Final[dict[str, Seeds]] = {
    "open-uprn": {
        "osopenuprn.csv": b"""UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE
1,400001.0,100001.0,51.0,-1.9
"""
    },
    "open-usrn": {
        "usrn.csv": b"""usrn,street_type,WKT
20100001,Designated,"MULTILINESTRING ((0 0, 300 0), (300 0, 400 0))"
"""
    },
    "open-roads": {
        "roads.csv": b"""WKT,name_1,road_classification_number
"LINESTRING (0 0, 100 0)",High Street,A97
"LINESTRING (100 0, 100 100)",Mill Lane,
"""
    },
    "postcodes": {
        "onspd.csv": b"pcd,pcds,oseast1m,osnrth1m,lsoa11,lsoa21\nZZ1 4AB,ZZ1 4AB,445050,160005,Z1,Z2\n",
        "degrees.csv": b"postcode,latitude,longitude\nZZ1 4AB,51.337,-1.354\n",
    },
}


def collection(*geometries: dict[str, Any], crs: str = "", **said: Any) -> bytes:
    """Write GeoJSON of these shapes, coded A0, A1 ..."""
    features = [
        {"type": "Feature", "geometry": one,
         "properties": {"code": f"E0100000{k}", "name": f"Area {k}", "name_1": "High Street"} | said}
        for k, one in enumerate(geometries)
    ]  # fmt: skip
    body: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs:
        body["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(body).encode()


def names(kind: str, bench: Bench, name: str, data: bytes) -> None:
    """Load place names of a kind, in memory only."""
    load_kind(kind, bench.put(name, data), BOX)


def name_seeds(kind: str, bench: Bench) -> Seeds:
    """Give the invented town's file of a kind; open names also as the product's zip."""
    files = bench.kept.setdefault("town", None) or town.write_files(bench.folder / "town")
    bench.kept["town"] = files
    more = dict(NAMES.get(kind, {}))
    if kind == "open-roads":
        more["roads.geojson"] = collection({"type": "LineString", "coordinates": [[0, 0], [100, 0]]})
    if kind in files:
        path = files[kind]
        lines = path.read_bytes().split(b"\n")[:40]
        more[f"town{path.suffix}"] = b"\n".join(lines)
    if kind == "open-names":
        whole = bench.put("names.zip", b"")
        with zipfile.ZipFile(whole, "w") as archive:
            archive.writestr("Data/SU46.csv", more["town.csv"])
            archive.writestr("Doc/licence.txt", "free")
        more["opname_csv_gb.zip"] = whole.read_bytes()
    return more


def given(kind: str, _bench: Bench) -> Seeds:
    """Give the files of a setting; people also as Parquet."""
    more: Seeds = {}
    if kind == "population":
        out = io.BytesIO()
        pl.read_csv(SETTINGS[kind]["population.csv"]).write_parquet(out)
        more["population.parquet"] = out.getvalue()
    return SETTINGS[kind] | more


def boundary_seeds(_bench: Bench) -> Seeds:
    """Give boundaries, plain and packed."""
    plain = collection(POLYGON)
    return {"lsoa.geojson": plain, "lsoa.geojson.gz": gzip.compress(plain)}


def setting(kind: str, bench: Bench, name: str, data: bytes) -> None:
    """Bring a file of a setting into the workspace."""
    import_context(bench.ctx, kind, bench.put(name, data))


def shape_seeds(bench: Bench, *, lines: bool) -> Seeds:
    """Give GeoPackage, zipped shapefile and GeoJSON of areas, or of lines."""
    folder = Path(tempfile.mkdtemp(dir=bench.folder))
    shape = (
        shapely.LineString([(5e5, 2.5e5), (5.003e5, 2.5e5)])
        if lines
        else shapely.box(4e5, 3e5, 4.01e5, 3.005e5)
    )
    kind = "LineString" if lines else "Polygon"
    for name, driver in (("a.gpkg", "GPKG"), ("a.shp", "ESRI Shapefile")):
        columns = [np.array(["High Street"], object), np.array(["H1"], object), np.array(["A Road"], object)]
        write(folder / name, np.array([shapely.to_wkb(shape)], object), columns, ["name_1", "code", "class"],
              layer="road_link" if name.endswith("gpkg") else None, geometry_type=kind, crs="EPSG:27700",
              driver=driver)  # fmt: skip
    packed = folder / "a.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in folder.glob("a.*"):
            if path.suffix not in (".zip", ".gpkg"):
                archive.write(path, path.name)
    plain = json.loads(shapely.to_geojson(shape))
    british = "urn:ogc:def:crs:EPSG::27700"
    return {"a.gpkg": (folder / "a.gpkg").read_bytes(), "a.zip": packed.read_bytes(),
            "a.geojson": collection(plain, crs=british)}  # fmt: skip


def own_areas(bench: Bench, name: str, data: bytes) -> None:
    """Bring in a force's own areas."""
    import_areas(bench.ctx, bench.put(name, data), "hotspot")


def basemap(bench: Bench, name: str, data: bytes) -> None:
    """Bring in a file of a map, and ask it for a tile."""
    import_file(bench.ctx, bench.put(name, data), (499_000, 249_000, 501_000, 251_000))
    if name.endswith("mbtiles"):
        tile(folder(bench.ctx.ws.home) / "map.mbtiles", 0, 0, 0)


def basemap_seeds(bench: Bench) -> Seeds:
    """Give one of each kind of map file."""
    bench.folder.mkdir(parents=True, exist_ok=True)
    packed = write_pmtiles(bench.folder / "m.pmtiles").read_bytes()
    where = bench.folder / "m.mbtiles"
    where.unlink(missing_ok=True)
    return {"m.pmtiles": packed, "m.mbtiles": write_mbtiles(where).read_bytes(),
            "a.gpkg": shape_seeds(bench, lines=True)["a.gpkg"]}  # fmt: skip


def area(bench: Bench, name: str, data: bytes) -> None:
    """Read an area file."""
    read_area_file(bench.put(name, data), grid_of)


def area_seeds(_bench: Bench) -> Seeds:
    """Give area files with a boundary, and with points in a place abroad."""
    boundary = {
        "name": "Bedford",
        "code": "bedford",
        "boundary": POLYGON,
        "simulated": True,
        "no_data": POLYGON,
    }
    points = {
        "name": "Far",
        "crs": "EPSG:2913",
        "cell_size": 500,
        "points": [[7644000.0, 683000.0], [7645000.0, 683000.0]],
    }
    return {"a.json": json.dumps(boundary).encode(), "b.json": json.dumps(points).encode(),
            "c.yaml": b"name: Far\ncell_size: 250\npoints: [[500000, 200000]]\n"}  # fmt: skip


def typed_place(bench: Bench, _name: str, data: bytes) -> None:
    """Look a typed place up: streets, corners, premises, postcodes, grid references."""
    if "places" not in bench.kept:
        files = town.write_files(bench.folder / "town")
        bench.kept["places"] = Gazetteer.of(
            pl.concat([load_kind(kind, path) for kind, path in files.items()])
        )
    places = bench.kept["places"]
    texts = pl.Series(data.decode("utf-8", "replace").split("\n"), dtype=pl.String)
    assert resolve(texts, places).height == len(texts)
    for kind in ("postcode", "uprn", "usrn"):
        assert look_up(kind, texts, places).height == len(texts)
    assert grid_points(texts).height == len(texts)


PLACE_TEXTS: Final = {"p.txt": (
    b"O/S Red Lion, High Street, Hollowmere\nJct Mill Lane / Church St\nZZ1 4AB\nSU 44400 60300\n"
    b"Fairmart car park nr Station Rd\n12 Acacia Ave\nStryd Fawr, Caerfelin\nA97 nr High St\n"
)}  # fmt: skip
PARSERS: Final = (
    *(Parser(kind, partial(name_seeds, kind), partial(names, kind))
      for kind in ("open-names", "postcodes", "open-uprn", "open-usrn", "open-roads", "premises")),
    *(Parser(f"setting {kind}", partial(given, kind), partial(setting, kind)) for kind in SETTINGS),
    Parser("boundaries", boundary_seeds, partial(setting, "boundaries")),
    Parser("streets", partial(shape_seeds, lines=True), partial(setting, "streets")),
    Parser("own areas", partial(shape_seeds, lines=False), own_areas),
    Parser("basemap file", basemap_seeds, basemap),
    Parser("area file", area_seeds, area),
    Parser("typed place", lambda _: PLACE_TEXTS, typed_place),
)  # fmt: skip
