"""Invented names, places and texts of the labelled layouts. No real person, street or number."""

from __future__ import annotations

import random
from collections.abc import Callable

FORENAMES = (
    "Aled",
    "Mara",
    "Tomos",
    "Priya",
    "Callum",
    "Ffion",
    "Oskar",
    "Leila",
    "Nadia",
    "Owen",
    "Grace",
    "Ivan",
)
SURNAMES = (
    "Quernford",
    "Jones",
    "Patel",
    "Tarnley",
    "Evans",
    "Fennimore",
    "Okafor",
    "Smith",
    "Brack",
    "Hughes",
)
STREETS = (
    "Marl Lane",
    "Fenn Street",
    "High Street",
    "Tarn Road",
    "Station Approach",
    "Queen Street",
    "Mill Close",
)
PUBS = ("Red Lion", "Black Heron", "Old Mill", "Crown", "Three Tarns")
WARDS = ("Tarnwick North", "Fennbridge", "Marlow Vale", "Quern Central")
NARRATIVES = (
    "Male approached aggrieved and punched him to the face before running to the square, no weapon seen",
    "Group of youths shouting and throwing bottles outside the shop, moved on before arrival of the patrol",
    "Unknown offender forced the rear door and took jewellery while the occupants were away for the weekend",
    "Caller says loud music since about midnight and people fighting in the garden of the flats opposite",
)


def _nhs(rng: random.Random) -> str:
    while True:
        digits = [rng.randint(1, 9) for _ in range(9)]
        check = 11 - sum(d * w for d, w in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return "".join(map(str, [*digits, check % 11]))


def _postcode(rng: random.Random) -> str:
    area, letters = rng.choice(("ZE", "ZM", "ZQ", "YX")), "ABDEFGHJLNPQRSTUWXYZ"
    return f"{area}{rng.randint(1, 19)} {rng.randint(1, 9)}{rng.choice(letters)}{rng.choice(letters)}"


def _dob(rng: random.Random, form: str) -> str:
    import datetime

    return (datetime.date(1950, 1, 1) + datetime.timedelta(days=rng.randrange(19_000))).strftime(form)


def _code(rng: random.Random, prefix: str) -> str:
    return f"{rng.choice('EW')}{prefix}{rng.randint(1, 34000):06d}"


MADE: dict[str, Callable[[random.Random, str], object]] = {
    "name": lambda rng, _: f"{rng.choice(FORENAMES)} {rng.choice(SURNAMES)}",
    "surname": lambda rng, _: rng.choice(SURNAMES),
    "forename": lambda rng, _: rng.choice(FORENAMES),
    "officer": lambda rng, _: f"PC {rng.randint(1000, 9999)} {rng.choice(SURNAMES)}",
    "dob": _dob,
    "nhs": lambda rng, _: _nhs(rng),
    "phone": lambda rng, _: f"07{rng.randint(100, 999)} {rng.randint(100_000, 999_999)}",
    "email": lambda rng, _: f"{rng.choice(FORENAMES).lower()}{rng.randint(1, 99)}@mail.example",
    "nino": lambda rng, _: (
        f"{rng.choice(('AB', 'CE', 'JK'))}{rng.randint(100_000, 999_999)}{rng.choice('ABCD')}"
    ),
    "pnc": lambda rng, _: f"{rng.randint(1985, 2022)}/{rng.randint(0, 9_999_999):07d}{rng.choice('ABCDEF')}",
    "reg": lambda rng, _: (
        f"{rng.choice(('AB', 'CV', 'NX'))}{rng.randint(10, 23)} {rng.choice(('XKD', 'BHT', 'OLP'))}"
    ),
    "address": lambda rng, _: f"{rng.randint(1, 120)} {rng.choice(STREETS)}, Tarnwick, {_postcode(rng)}",
    "street": lambda rng, _: f"{rng.choice(('On or near ', ''))}{rng.choice(STREETS)}",
    "cross": lambda rng, _: f"{rng.choice(STREETS).upper()} \\ {rng.choice(STREETS).upper()}",
    "station": lambda rng, _: f"{rng.choice(WARDS)} Station",
    "place": lambda rng, _: rng.choice(
        (
            f"outside the {rng.choice(PUBS)}",
            f"{rng.choice(STREETS)} by the bus stop",
            "town centre",
            "taxi rank",
        )
    ),
    "ward": lambda rng, _: rng.choice(WARDS),
    "narr": lambda rng, _: rng.choice(NARRATIVES),
    "postcode": lambda rng, _: _postcode(rng),
    "outcode": lambda rng, _: _postcode(rng).split()[0],
    "lsoa": lambda rng, _: _code(rng, "01"),
    "msoa": lambda rng, _: _code(rng, "02"),
    "lsoaname": lambda rng, _: f"Tarnwick {rng.randint(1, 40):03d}{rng.choice('ABCD')}",
    "uprn": lambda rng, _: rng.randint(10_000_000, 100_099_999_999),
    "usrn": lambda rng, _: rng.randint(20_000_000, 49_999_999),
    "hex": lambda rng, size: "".join(rng.choices("0123456789abcdef", k=int(size))),
    "blank": lambda rng, _: "",
}
