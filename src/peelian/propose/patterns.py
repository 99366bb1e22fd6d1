"""Shapes of values that speak of a place, as regular expressions for texts in any case."""

from __future__ import annotations

from typing import Final

GRID_REFERENCE: Final = r"^(?i)[HNOST][A-HJ-Z] ?\d{2,5} ?\d{2,5}$"
LSOA: Final = r"^[EW]01\d{6}$"
MSOA: Final = r"^[EW]02\d{6}$"
OTHER_AREA: Final = r"^[EWKSN](?:0[5-9]|1\d|2\d|3\d|92)\d{6}$"
POSTCODE: Final = r"^(?i)[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$"
OUTCODE: Final = r"^(?i)[A-Z]{1,2}\d[A-Z\d]?$"
YES_NO: Final = r"^(?i)(?:y|n|yes|no|true|false|t|f|ie|na|oes|nac oes|0|1|u|unknown|dk|not known)$"
STREET: Final = (
    r"(?i)\b(?:street|st|road|rd|lane|ln|avenue|ave|close|way|drive|dr|place|square|court|approach|hill|"
    r"station|park|centre|outside|opposite|near|junction|stryd|heol|ffordd|red lion|inn|arms|club|pub)\b"
)
