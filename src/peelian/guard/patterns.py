"""Shapes of single values, in regular expressions that never backtrack.

Read at: NHS number, ten digits and modulus 11 (NHS Data Dictionary, as restated in the documentation of a
library, concierge); PNC ID, two or four digits, a slash, digits and a letter (Ministry of Justice,
prisoner-offender-search); vehicle marks of the current, prefix and suffix series (as sellers of marks tell
them). Not read anywhere, so wide on purpose: CRO and National Insurance numbers.
"""

from __future__ import annotations

from typing import Final

EMAIL: Final = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
NHS_SPACED: Final = r"^\d{3}[ -]\d{3}[ -]\d{4}$"
NHS_SOLID: Final = r"^\d{10}$"
PNC: Final = r"^(?:19|20)?\d{2}/\d{1,7}[A-HJ-NP-RT-Z]$"
CRO: Final = r"^\d{1,6}/\d{2}[A-HJ-NP-RT-Z]$"
NI: Final = r"^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]$"
NI_NEVER: Final = ("BG", "GB", "NK", "KN", "TN", "NT", "ZZ")
MOBILE_SPOKEN: Final = (
    r"(?:^|[^\d])(?:(?:\+|00)44[ -]?(?:\(0\))?[ -]?7\d{3}[ -]?\d{3}[ -]?\d{3}"
    r"|07\d{3}[ -]\d{3}[ -]?\d{3})(?:[^\d]|$)"
)
MOBILE_SOLID: Final = r"^07\d{9}$"
LANDLINE_SPOKEN: Final = (
    r"^(?:\(0[123]\d{1,4}\)|(?:\+|00)44[ -]?(?:\(0\))?[ -]?[123]\d{1,3}|0[123]\d{1,4}[ -])"
    r" ?[ -]?\d{3,4}[ -]?\d{3,4}$"
)
LANDLINE_SOLID: Final = r"^0[123]\d{8,9}$"
PLATE_CURRENT: Final = r"^[A-HJ-PR-Y][A-HJ-PR-Y](?:0[1-9]|[1-7]\d) ?[A-HJ-PR-Z]{3}$"
PLATE_PREFIX: Final = r"^[A-HJ-NPR-TV-Y]\d{1,3} ?[A-HJ-PR-Z]{3}$"
PLATE_SUFFIX: Final = r"^[A-HJ-PR-Z]{3} ?\d{1,3}[A-HJ-NPR-TV-Y]$"
POSTCODE: Final = r"\b[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}\b"
IP: Final = r"^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$"
IMEI: Final = r"^\d{15}$"
HANDLE: Final = r"^@[A-Za-z0-9_.]{2,30}$"
HONORIFIC: Final = r"(?i)\b(?:mr|mrs|miss|ms|mx|master|dr|mstr)\.? [a-z][a-z'-]+"

_STREET: Final = (
    "street|st|road|rd|lane|ln|avenue|ave|av|drive|dr|close|cl|crescent|cres|court|ct|way|place|pl|gardens|gdns|"
    "grove|terrace|hill|park|walk|row|mews|square|sq|green|rise|view|parade|quay|wharf|house|lodge|cottage|farm|"
    "estate|bank|end|fold|gate|heol|ffordd|stryd|lon|clos|rhodfa|maes|cilgant"
)
HOUSE: Final = (
    rf"(?i)^(?:(?:flat|apt|apartment|unit|room|fflat)\.? ?\w{{1,4}},? )?(?:no\.? ?)?"
    rf"\d{{1,4}}[a-z]?(?:[-/]\d{{1,4}}[a-z]?)?,? (?:[a-z.'-]+ ){{0,4}}(?:{_STREET})\b"
)
HOUSE_WELSH: Final = (
    r"(?i)^\d{1,4}[a-z]?,? (?:heol|ffordd|stryd|lon|lôn|clos|rhodfa|maes|cilgant|tai|bryn) [a-z]"
)
FLAT: Final = r"(?i)^(?:flat|apt|apartment|fflat)\.? ?\w{1,4}\b"
ADDRESS: Final = (
    rf"(?:{HOUSE})|(?:{HOUSE_WELSH})|(?:{FLAT})|(?:(?i)^(?:[a-z]+ )?\d{{1,4}}[a-z]?[, ].*{POSTCODE})"
)
"""A house: its number and street, a flat, or a number and a full postcode."""
