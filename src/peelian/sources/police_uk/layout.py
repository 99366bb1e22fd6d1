"""What a data.police.uk file is: its name, its columns, its crime types."""

from __future__ import annotations

import re
from typing import Final

from peelian.domain.offence import scope_of

FILE_NAME: Final = re.compile(
    r"^(\d{4}-(?:0[1-9]|1[0-2]))-([a-z0-9-]+?)-(street|outcomes|stop-and-search)\.csv$"
)
MONTH: Final = re.compile(r"^\d{4}-(?:0[1-9]|1[0-2])$")
FORCE: Final = re.compile(r"^[a-z0-9][a-z0-9-]{0,60}$")

STREET_COLUMNS: Final = (
    "Crime ID", "Month", "Reported by", "Longitude", "Latitude", "Location", "LSOA code", "Crime type",
)  # fmt: skip
OUTCOME_COLUMNS: Final = ("Crime ID", "Month", "Reported by", "Outcome type")
SEARCH_COLUMNS: Final = ("Object of search", "Self-defined ethnicity", "Officer-defined ethnicity")

GROUP_OF: Final[dict[str, str]] = {
    "Anti-social behaviour": "asb",
    "Bicycle theft": "theft",
    "Burglary": "burglary",
    "Criminal damage and arson": "damage",
    "Drugs": "drugs",
    "Other crime": "other",
    "Other theft": "theft",
    "Possession of weapons": "weapons-possession",
    "Public order": "public-order",
    "Robbery": "robbery",
    "Shoplifting": "theft",
    "Theft from the person": "theft",
    "Vehicle crime": "vehicle",
    "Violence and sexual offences": "violence",
}
"""The fourteen published types. Violence is one with sexual offences: the source cannot separate them."""

SCOPE_OF: Final = {words: scope_of(group, "unknown") for words, group in GROUP_OF.items()}

PRECISION_M: Final = 105.0
"""Published points are snap points; between two vintages 90 % moved by at most this far."""

ID_SALT: Final = "police_uk/crime-id"
"""One salt for street and outcomes: an outcome's `event_hi`, `event_lo` is the key of its crime."""

_OTHER_NAMES: Final = {"btp": "british-transport", "psni": "northern-ireland"}
_TITLES: Final = frozenset({"police", "constabulary", "service", "of", "and", "the"})


def _words(name: str) -> frozenset[str]:
    text = name.lower().replace("&", " and ")
    return frozenset(re.sub(r"[^a-z0-9]+", " ", text).split()) - _TITLES


def force_from_name(name: str) -> str:
    """Give the slug of a force's published name.

    >>> force_from_name("Bedfordshire Police"), force_from_name("Devon & Cornwall Police")
    ('bedfordshire', 'devon-and-cornwall')
    """
    text = re.sub(r"[^a-z0-9]+", "-", name.lower().replace("&", " and ")).strip("-")
    slug = re.sub(r"-(police|constabulary)(-service)?$", "", text)
    return {"british-transport": "btp", "metropolitan": "metropolitan"}.get(slug, slug)


def names_force(name: str | None, slug: str) -> bool:
    """Tell whether a published force name is that of a file's slug.

    >>> names_force("Gwent Police", "gwent"), names_force("Kent Police", "essex")
    (True, False)
    """
    return name is not None and _words(_OTHER_NAMES.get(slug, slug)) <= _words(name)
