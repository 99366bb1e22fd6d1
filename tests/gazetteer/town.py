"""An invented corner of country: four settlements, some hundred streets, premises, areas and postcodes.

Written as files in the layouts the real products have. Every name, place and code is made up.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import shapely

from peelian.gazetteer.loaders.open_names import HEADER

TOWNS = {  # name: (easting, northing, reach, other name, type)
    "Hollowmere": (445_000, 160_000, 1_400, "", "Town"),
    "Thornwick": (450_500, 163_000, 1_300, "", "Town"),
    "Caerfelin": (440_000, 166_000, 1_200, "Millfort", "Town"),
    "Ashcombe Green": (447_500, 165_500, 500, "", "Village"),
}
STREETS = """
Hollowmere
High Street: -300 0 300 0
Church Street: 0 -250 0 250
Station Road: 300 -400 300 400
Mill Lane: -300 -400 -300 300
Market Place: -60 60 60 60
London Road: 300 0 1200 -100
Acacia Avenue: -900 300 -300 300
Acacia Close: -700 300 -700 420
Victoria Road: -600 -200 0 -200
King Street: 0 150 300 150
Queen Street: 0 -100 300 -100
Bridge Street: -300 -100 0 -100
Castle Hill: -100 250 100 450
Park Road: 300 400 900 400
Sycamore Drive: 900 400 900 800
Larkspur Way: 600 400 600 700
Quarry Lane: -1100 -200 -600 -200
Tanners Row: -150 -200 -150 -350
St Mary's Road: 300 250 800 250
Old Brewery Yard: 100 150 100 220
Fenwick Crescent: -900 300 -1000 500
Harebell Gardens: 600 550 750 550
Juniper Court: 600 650 500 650
Wharf Road: -300 -300 -700 -500
Canal Walk: -700 -500 -1100 -500
Dovecote Lane: 800 250 1100 250
Priory Lane: -150 0 -150 200
Windmill Hill: 0 250 -200 600
Orchard Close: -450 300 -450 450
Meadow View: 900 600 1100 600
Saddlers Passage: 200 0 200 -100
Copperfield Terrace: -300 200 -600 200
Kestrel Way: 1100 600 1100 900
Old Mill Lane: -1100 -200 -1100 100
Thatchers Mews: 450 250 450 330
Thornwick
High Street: -350 0 350 0
Church Street: -100 -200 -100 300
Station Road: 350 -300 350 300
Victoria Road: -350 100 -350 -400
Park Road: -350 -250 350 -250
Queen Street: -100 200 350 200
Thornwick Road: -350 0 -1200 50
Northgate: 0 300 0 700
Gallows Lane: 350 300 700 600
Brackenbury Drive: 700 600 1000 600
Elderflower Close: 850 600 850 750
Foundry Street: 100 0 100 -250
Weavers Green: -250 -250 -250 -450
Ropewalk: 200 -250 200 -500
Cobblers Row: -200 0 -200 100
Marlpit Lane: -1200 50 -1200 500
Hazelwood Avenue: -800 30 -800 400
Beaumaris Way: 0 700 300 700
Lavender Grove: 300 700 300 900
Pinfold Lane: -350 -400 -700 -450
Nightingale Road: -700 -450 -1000 -450
Sheepwash Lane: 350 -300 800 -350
Tollhouse Road: 800 -350 1200 -350
Maple Avenue: 500 -315 500 -600
Dyers Court: 0 0 0 -80
Highfield Road: 0 500 -400 500
Bishops Walk: -100 250 -300 250
Caerfelin
Stryd Fawr/High Street: -300 0 300 0
Lôn y Felin/Mill Lane: -150 -300 -150 300
Heol yr Orsaf/Station Road: 300 -300 300 300
Heol y Bont: 0 0 0 -400
Ffordd Glyndŵr: -300 0 -900 100
Maes yr Haf: -600 50 -600 300
Clos y Nant: -150 300 -50 400
Stryd y Capel: 0 0 0 250
Heol yr Eglwys/Church Road: 0 200 300 200
Ffordd y Môr: 300 0 900 -100
Rhodfa'r Parc: -150 -200 -600 -250
Bryn Awel: 600 -50 600 300
Cilgant Celyn: -600 -250 -700 -400
Teras Rhosyn: 100 0 100 -150
Heol Pentwyn: -900 100 -1100 400
Stryd y Farchnad/Market Street: 150 0 150 200
Ashcombe Green
High Street: -150 0 150 0
The Green: -100 0 -100 100
Church Lane: 100 0 100 200
Smithy Lane: 150 0 400 -100
Pound Lane: -150 0 -350 -150
Ashcombe Road: 0 0 0 -450
Cuckoo Lane: 100 200 300 300
"""
PREMISES = """
Hollowmere
Red Lion: High Street: 100 10: 20
Kings Arms: Church Street: 0 120: 20
Fairmart: Station Road: 320 -200: 60
Fairmart Car Park: Station Road: 370 -220: 60
St Mary's Church: Church Street: 25 -60: 30
Willow Park: : -700 -20: 220
Willow Park Bandstand: : -650 30: 15
Hollowmere Station: Station Road: 320 -390: 80
Hollowmere Bus Station: King Street: 250 170: 60
Corn Exchange: Market Place: 10 80: 30
Anchor Inn: Wharf Road: -500 -390: 20
Blue Moon Nightclub: King Street: 120 140: 25
Riverside Leisure Centre: Canal Walk: -900 -510: 70
Hollowmere Library: Church Street: -20 200: 25
Priory Shopping Centre: Priory Lane: -170 120: 90
Queens Head: Bridge Street: -100 -90: 20
Dolphin Hotel: London Road: 600 -30: 30
Penny Farthing: Victoria Road: -200 -190: 20
Nine Elms Retail Park: London Road: 1100 -60: 180
Hollowmere General Hospital: Park Road: 700 430: 150
Pellows Bakery: Queen Street: 150 -110: 15
Market Car Park: Market Place: 50 90: 40
Copper Kettle Cafe: High Street: -200 -10: 15
Thornwick
Red Lion: High Street: -50 10: 20
Fairmart Express: Park Road: 50 -260: 25
Royal Oak: Victoria Road: -360 -100: 20
White Horse: High Street: 250 -10: 20
Thornwick Station: Station Road: 370 -280: 80
Victoria Gardens: : -450 -150: 120
Market Hall: High Street: 30 20: 40
Oak Tree Primary School: Highfield Road: -200 520: 70
Jubilee Recreation Ground: : 600 200: 150
Northgate Car Park: Northgate: 20 450: 50
Fox and Hounds: Gallows Lane: 500 440: 20
Rialto Cinema: Foundry Street: 110 -120: 30
Lucky Star Takeaway: Queen Street: 100 190: 15
Golden Fleece: Church Street: -110 150: 20
Thornwick Football Club: Tollhouse Road: 1000 -400: 120
Crown and Anchor: Ropewalk: 210 -400: 20
Caerfelin
Y Llew Coch: Stryd Fawr: 80 10: 20
Gorsaf Caerfelin/Caerfelin Station: Heol yr Orsaf: 320 -200: 70
Parc yr Afon/River Park: : -300 -350: 180
Ysgol y Bryn: Bryn Awel: 620 200: 80
Canolfan Hamdden Caerfelin/Caerfelin Leisure Centre: Ffordd y Môr: 700 -90: 70
Eglwys Fair/St Mary's Church: Heol yr Eglwys: 120 220: 30
Tafarn y Bont: Heol y Bont: 10 -300: 20
Neuadd y Dref/Town Hall: Stryd Fawr: -60 20: 35
Siop y Gornel: Maes yr Haf: -590 200: 15
Maes Parcio'r Farchnad/Market Car Park: Stryd y Farchnad: 170 150: 40
Ashcombe Green
Plough Inn: High Street: 60 10: 20
Ashcombe Village Hall: Church Lane: 110 120: 25
Cricket Pavilion: The Green: -110 60: 25
"""
AREAS = (  # name, town, x, y (from the town's centre), reach, LSOA that holds all of it
    ("Southfields", "Hollowmere", 700, -600, 350, "Z01000011"),
    ("Priory Ward", "Hollowmere", -200, 100, 400, ""),
    ("Northgate Ward", "Thornwick", 50, 600, 400, "Z01000021"),
    ("Docklands", "Hollowmere", -800, -450, 450, "Z01000013"),
    ("Pentwyn", "Caerfelin", -1000, 350, 350, "Z01000031"),
    ("Ashcombe Green", "Ashcombe Green", 0, 0, 500, "Z01000041"),
)
POSTCODES = (  # code, town, x, y, LSOA
    ("ZZ1 4AB", "Hollowmere", 50, 5, "Z01000010"),
    ("ZZ1 4CD", "Hollowmere", -650, 310, "Z01000012"),
    ("ZZ2 7QX", "Thornwick", 0, 10, "Z01000020"),
    ("ZZ2 7RT", "Thornwick", 900, 600, "Z01000022"),
    ("ZZ3 1NP", "Caerfelin", 0, 5, "Z01000030"),
    ("ZZ4 9LL", "Ashcombe Green", 0, 0, "Z01000041"),
)
MOTORWAY = (("M97 J3", 448_000, 157_000), ("M97 J4", 455_000, 159_500))


@dataclass(frozen=True)
class Street:
    name: str
    other: str
    town: str
    line: shapely.LineString


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    town = ""
    for line in text.strip().splitlines():
        if line in TOWNS:
            town = line
        else:
            yield town, line


def streets() -> list[Street]:
    made = []
    for town, line in _blocks(STREETS):
        names, _, ends = line.partition(": ")
        name, _, other = names.partition("/")
        x, y = TOWNS[town][:2]
        x1, y1, x2, y2 = map(float, ends.split())
        made.append(Street(name, other, town, shapely.LineString([(x + x1, y + y1), (x + x2, y + y2)])))
    return made


def premises() -> list[dict[str, object]]:
    made: list[dict[str, object]] = []
    for town, line in _blocks(PREMISES):
        names, street, at, radius = (part.strip() for part in line.split(":"))
        name, _, other = names.partition("/")
        x, y = map(float, at.split())
        made.append(
            {
                "name": name, "other_name": other, "street": street, "town": town,
                "easting": TOWNS[town][0] + x, "northing": TOWNS[town][1] + y, "radius": radius,
            }
        )  # fmt: skip
    return made


def areas() -> list[dict[str, object]]:
    return [
        {
            "name": name, "town": town, "easting": TOWNS[town][0] + x, "northing": TOWNS[town][1] + y,
            "radius": reach, "lsoa": lsoa,
        }
        for name, town, x, y, reach, lsoa in AREAS
    ]  # fmt: skip


def postcodes() -> list[dict[str, object]]:
    return [
        {"pcds": code, "oseast1m": TOWNS[town][0] + x, "osnrth1m": TOWNS[town][1] + y, "lsoa21": lsoa}
        for code, town, x, y, lsoa in POSTCODES
    ]


def links() -> list[dict[str, object]]:
    """Cut every street where it meets another of its town, as Open Roads does."""
    every = streets()
    made: list[dict[str, object]] = []
    for one in every:
        others = [o.line for o in every if o.town == one.town and o is not one]
        points = [one.line.intersection(o) for o in others]
        cuts = sorted(
            {one.line.project(p) for p in points if p.geom_type == "Point"} | {0.0, one.line.length}
        )
        for a, b in pairwise(cuts):
            part = shapely.LineString([one.line.interpolate(a), one.line.interpolate(b)])
            made.append({"WKT": part.wkt, "name_1": one.name, "name_2": one.other})
    return made


def open_names() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for town, (x, y, reach, other, local) in TOWNS.items():
        box = {"mbr_xmin": x - reach, "mbr_ymin": y - reach, "mbr_xmax": x + reach, "mbr_ymax": y + reach}
        point = {"geometry_x": x, "geometry_y": y}
        rows.append(
            {"name1": town, "name2": other, "type": "populatedPlace", "local_type": local} | point | box
        )
    for street in streets():
        west, south, east, north = street.line.bounds
        middle = street.line.interpolate(0.5, normalized=True)
        box = {"mbr_xmin": west, "mbr_ymin": south, "mbr_xmax": east, "mbr_ymax": north}
        rows.append(
            {
                "name1": street.name, "name2": street.other, "type": "transportNetwork",
                "local_type": "Named Road", "populated_place": street.town, "geometry_x": middle.x,
                "geometry_y": middle.y,
            }
            | box
        )  # fmt: skip
    return rows


def write_files(folder: Path) -> dict[str, Path]:
    """Write each kind's file; give their paths by kind."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {kind: folder / f"{kind}.csv" for kind in ("open-names", "open-roads", "premises", "areas",
                                                        "postcodes", "motorway-junctions")}  # fmt: skip
    with paths["open-names"].open("w", newline="") as file:  # as published: no line of column names
        csv.writer(file).writerows([[row.get(c, "") for c in HEADER] for row in open_names()])
    tables = {"open-roads": links(), "premises": premises(), "areas": areas(), "postcodes": postcodes()}
    tables["motorway-junctions"] = [
        {"junction_number": name, "WKT": f"POINT ({x} {y})"} for name, x, y in MOTORWAY
    ]
    for kind, rows in tables.items():
        with paths[kind].open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return paths


def truth(want: str) -> tuple[float, float] | None:
    """Give the point a phrase's label means; None for one that must stay unresolved.

    `s:High Street@Thornwick` a street, `p:` premises, `j:A|B@Town` a junction, `b:A|B|C@Town` A
    between B and C, `pc:` a postcode, `m:` a motorway junction, `g:E N` a point, `-` and `a:CODE` nothing.
    """
    kind, _, rest = want.partition(":")
    if kind in ("-", "a"):
        return None
    if kind == "g":
        east, north = map(float, rest.split())
        return east, north
    if kind == "m":
        return next((x, y) for name, x, y in MOTORWAY if name == rest)
    if kind == "pc":
        return next((TOWNS[t][0] + x, TOWNS[t][1] + y) for code, t, x, y, _ in POSTCODES if code == rest)
    name, _, town = rest.rpartition("@")
    if kind == "p":
        one = next(p for p in premises() if p["name"] == name and p["town"] == town)
        return float(str(one["easting"])), float(str(one["northing"]))
    lines = {s.name: s.line for s in streets() if s.town == town}
    names = name.split("|")
    if kind == "s":
        point = lines[name].interpolate(0.5, normalized=True)
    elif kind == "j":
        point = lines[names[0]].intersection(lines[names[1]])
    else:
        two = [lines[names[0]].intersection(lines[n]) for n in names[1:]]
        point = shapely.centroid(shapely.MultiPoint(two))
    return float(point.x), float(point.y)
