"""The 43 territorial forces of England and Wales, by the code their open data go by and by ONS name and code.

Names and codes: ONS Police Force Areas (December 2020). A force not held here is told as not held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Force:
    """One force: `code` as data.police.uk writes it in file names, `ons` its area's code."""

    code: str
    name: str
    ons: str


_NAMES: Final = {
    "E23000001": "Metropolitan Police",
    "E23000002": "Cumbria",
    "E23000003": "Lancashire",
    "E23000004": "Merseyside",
    "E23000005": "Greater Manchester",
    "E23000006": "Cheshire",
    "E23000007": "Northumbria",
    "E23000008": "Durham",
    "E23000009": "North Yorkshire",
    "E23000010": "West Yorkshire",
    "E23000011": "South Yorkshire",
    "E23000012": "Humberside",
    "E23000013": "Cleveland",
    "E23000014": "West Midlands",
    "E23000015": "Staffordshire",
    "E23000016": "West Mercia",
    "E23000017": "Warwickshire",
    "E23000018": "Derbyshire",
    "E23000019": "Nottinghamshire",
    "E23000020": "Lincolnshire",
    "E23000021": "Leicestershire",
    "E23000022": "Northamptonshire",
    "E23000023": "Cambridgeshire",
    "E23000024": "Norfolk",
    "E23000025": "Suffolk",
    "E23000026": "Bedfordshire",
    "E23000027": "Hertfordshire",
    "E23000028": "Essex",
    "E23000029": "Thames Valley",
    "E23000030": "Hampshire",
    "E23000031": "Surrey",
    "E23000032": "Kent",
    "E23000033": "Sussex",
    "E23000034": "London, City of",
    "E23000035": "Devon & Cornwall",
    "E23000036": "Avon and Somerset",
    "E23000037": "Gloucestershire",
    "E23000038": "Wiltshire",
    "E23000039": "Dorset",
    "W15000001": "North Wales",
    "W15000002": "Gwent",
    "W15000003": "South Wales",
    "W15000004": "Dyfed-Powys",
}
_WRITTEN: Final = {"E23000001": "metropolitan", "E23000034": "city-of-london"}


def _code(ons: str, name: str) -> str:
    return _WRITTEN.get(ons) or name.lower().replace(" & ", "-and-").replace(" ", "-")


FORCES: Final = tuple(
    sorted(
        (Force(_code(ons, name), "City of London" if ons == "E23000034" else name, ons)
         for ons, name in _NAMES.items()),
        key=lambda one: one.name,
    )
)  # fmt: skip
