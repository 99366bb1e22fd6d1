"""Columns of lawful extracts: what partners send about places, times and kinds of incident. All invented."""

from __future__ import annotations

from typing import Final

ROWS: Final = 60
STREETS: Final = (
    "Victoria Road", "High Street", "Albert Street",
    "Church Lane", "Elizabeth Way", "St John's Walk", "George Street",
    "Quern Lane", "Harper Close", "Edward Road",
    "Charles Street", "Park Avenue", "Kelly Gardens", "Morgan Terrace",
    "Market Place", "Heol y Castell", "Ffordd Taf", "Stryd Fawr", "Mill Hill", "James Watt Square",
)  # fmt: skip
PUBS: Final = (
    "The Red Lion", "Kings Head", "George Hotel",
    "Prince Albert", "Duke of Wellington", "The Anchor", "Nags Head",
    "Rose and Crown", "The Swan", "White Hart",
    "Queen Victoria", "The Three Tuns", "Station Tavern", "The Bell",
)  # fmt: skip
WARDS: Final = (
    "Castle",
    "Harpur",
    "De Parys",
    "Kingsbrook",
    "Putnoe",
    "Goldington",
    "Brickhill",
    "Newnham",
    "Cauldwell",
)
TOWNS: Final = (
    "Fenton",
    "Eldermarch",
    "Quernford",
    "Saltby",
    "Marsh End",
    "Upper Dale",
    "Llanfair",
    "Aberquern",
)
SCHOOLS: Final = (
    "St Mary's Primary",
    "Quern Academy",
    "King Edward School",
    "Ysgol y Bryn",
    "Thomas Moore School",
)
OFFENCES: Final = (
    "Assault occasioning actual bodily harm", "Common assault",
    "Robbery of personal property", "Theft from the person",
    "Criminal damage to a dwelling", "Harassment",
    "Affray", "Wounding with intent to do grievous bodily harm",
    "Racially or religiously aggravated assault without injury", "Burglary dwelling",
)  # fmt: skip
CALLS: Final = (
    "Rowdy behaviour",
    "Noise",
    "Vehicle nuisance",
    "Begging",
    "Street drinking",
    "Fireworks",
    "Cardiac arrest",
)
FORCES: Final = ("Fenshire Constabulary", "Eldermarch Police", "Heddlu Aberquern")
PLACES: Final = (
    "Outside Red Lion", "Junction of High Street and Mill Hill",
    "Fenton bus station", "Car park rear of the library",
    "On or near Park Avenue", "Near Tesco Express", "Quern Bridge", "Subway by the ring road",
)  # fmt: skip


def _of(values: tuple[str, ...]) -> list[str]:
    return [values[k % len(values)] for k in range(ROWS)]


COLUMNS: Final[dict[str, list[object]]] = {
    # Ids and codes
    "Crime Ref": [f"42CN/{1000 + k}/25" for k in range(ROWS)],
    "Incident Number": [f"{k:04d}-04032025" for k in range(ROWS)],
    "CAD No": [f"CAD{250304000 + k}" for k in range(ROWS)],
    "URN": [2_500_000_000 + 37 * k for k in range(ROWS)],
    "Log ID": [f"0{100 + k} 0403202{k % 10}" for k in range(ROWS)],
    "Occurrence": [f"D25{k:06d}" for k in range(ROWS)],
    "uprn": [10_002_345_600 + 11 * k for k in range(ROWS)],
    "uprn12": [f"0100{23456000 + 7 * k}" for k in range(ROWS)],
    "usrn": [20_700_123 + k for k in range(ROWS)],
    "HO class": [f"{8 + k % 4}N" for k in range(ROWS)],
    "Home Office code": [f"{100 + k % 9}/{k % 30:02d}" for k in range(ROWS)],
    "Stats class": [f"{k % 60:03d}/{k % 90:02d}" for k in range(ROWS)],
    "MPDS": [f"{4 + k % 26}{'ABCDE'[k % 5]}{k % 9:02d}" for k in range(ROWS)],
    "Beat": [f"{'ABC'[k % 3]}{'DEF'[k % 3]}{k % 12:02d}" for k in range(ROWS)],
    "Beat code": [f"F{k % 9}{'XY'[k % 2]}" for k in range(ROWS)],
    "Call sign": [f"{'EF'[k % 2]}{k % 80:02d}" for k in range(ROWS)],
    "Station": [f"ST{k % 12:02d}" for k in range(ROWS)],
    "LSOA code": [f"E0101{7000 + k}" for k in range(ROWS)],
    "MSOA21CD": [f"W0200{100 + k}" for k in range(ROWS)],
    "Ward code": [f"E0500{8000 + k}" for k in range(ROWS)],
    "Hash": [f"{k * 2654435761 % 2**64:016x}" for k in range(ROWS)],
    # Times
    "Date recorded": [f"{1 + k % 28:02d}/03/2025" for k in range(ROWS)],
    "Time": [f"{k % 24:02d}:{(7 * k) % 60:02d}" for k in range(ROWS)],
    "Committed from": [f"2025-03-{1 + k % 28:02d} {k % 24:02d}:10" for k in range(ROWS)],
    "Quarter": [f"2024 Q{1 + k % 4}" for k in range(ROWS)],
    "Last updated": [f"2025-04-{1 + k % 28:02d}T09:00:00Z" for k in range(ROWS)],
    "Week": [f"2025-W{1 + k % 52:02d}" for k in range(ROWS)],
    "Licence granted": [f"{1 + k % 28:02d}/06/{2021 + k % 4}" for k in range(ROWS)],
    # Places
    "Easting": [510_000 + 40 * k for k in range(ROWS)],
    "Northing": [270_000 + 30 * k for k in range(ROWS)],
    "Longitude": [-0.5 + k / 1000 for k in range(ROWS)],
    "Grid Ref": [f"TL{10000 + 91 * k:05d}{40000 + 57 * k:05d}" for k in range(ROWS)],
    "What3words": [f"quern.marsh.lamp{'abcdefghij'[k % 10]}" for k in range(ROWS)],
    "Street name": _of(STREETS),
    "Location": _of(PLACES),
    "Location name": _of(PLACES),
    "Premises name": _of(PUBS),
    "Ward name": _of(WARDS),
    "Town": _of(TOWNS),
    "School name": _of(SCHOOLS),
    "Postcode": [f"FT{1 + k % 9} {k % 9}{'ABDEFGHJ'[k % 8]}{'LNPQRSTU'[k % 8]}" for k in range(ROWS)],
    "Postcode sector": [f"FT{1 + k % 9} {k % 9}" for k in range(ROWS)],
    "Enw'r stryd": _of(STREETS),
    "Lleoliad": _of(PLACES),
    "Block": [f"0{k % 90:02d}XX W OHIO ST" for k in range(ROWS)],
    "Road": [f"A{420 + k % 9}" for k in range(ROWS)],
    "Force name": _of(FORCES),
    "Council name": _of(("Fenton Borough Council", "Cyngor Aberquern")),
    # Kinds
    "Offence name": _of(OFFENCES),
    "Offence description": _of(OFFENCES),
    "Event type": _of(CALLS),
    "Nature of call": _of(CALLS),
    "Math o ddigwyddiad": _of(("Sŵn", "Cerbyd", "Cardota")),
    "Crime type": _of(("Robbery", "Violence and sexual offences", "Anti-social behaviour")),
    "Last outcome category": _of(
        ("Investigation complete; no suspect identified", "Suspect charged", "Local resolution")
    ),
    "Weapon used": _of(("Knife", "None", "Bottle", "Firearm")),
    "Location type": _of(("Public house", "Street", "Dwelling", "Park")),
    "DV flag": _of(("Y", "N")),
    "Hate crime": _of(("None", "Race", "Religion", "Disability")),
    "Sexual offence flag": _of(("0", "1")),
    "Disposal": _of(("No further action", "Arrest made", "Advice given", "Conveyed")),
    "Injury": _of(("Serious", "Slight", "None")),
    "Priority": _of(("Grade 1", "Grade 2", "Immediate")),
    "Method of report": _of(("999", "101", "Online", "Mobile app")),
    "Repeat location": [bool(k % 2) for k in range(ROWS)],
    "Age of building": [1900 + k for k in range(ROWS)],
    # Counts
    "Number of victims": [1 + k % 3 for k in range(ROWS)],
    "No of offenders": [k % 4 for k in range(ROWS)],
    "Count": [k % 12 for k in range(ROWS)],
    "Population": [1500 + 13 * k for k in range(ROWS)],
    "Rate per 1000": [k / 7 for k in range(ROWS)],
    "Response minutes": [k % 45 for k in range(ROWS)],
    "Capacity": [100 + 5 * k for k in range(ROWS)],
}
"""A column a line: its name, and 60 values."""

_CORE: Final = ("Committed from", "Easting", "Northing", "Offence name")
LAYOUTS: Final = [
    (*_CORE, *tuple(COLUMNS)[start : start + width])
    for start, width in [(k, 6) for k in range(0, 66, 3)] + [(k, 11) for k in range(0, 63, 3)]
]
"""43 layouts, each of the core and a run of other columns."""
