"""From a partner's offence codes and words to our groups; what cannot be read off is never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

import yaml

SEXUAL: Final = "sexual"
_CODE: Final = re.compile(r"^0*(\d{1,3}(?:\.\d{1,2})?[A-Za-z]?)$")


@dataclass(frozen=True)
class Read:
    """One code, the group read off (None: a person must say), how sure, whether it is a sexual offence."""

    code: str
    group: str | None
    confidence: float
    sexual: bool = False


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(
        (resources.files("peelian.propose") / "offences.yaml").read_text("utf-8")
    )
    content["codes"] = {str(c).upper(): group for group, codes in content["codes"].items() for c in codes}
    return content


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in text if not unicodedata.combining(c)).replace("_", " ").strip()


def read_code(code: str, feed: str, *, classes: bool = True) -> Read:
    """Read one code off. `classes` says that bare numbers are Home Office classes.

    >>> read_code("8N", "police_crime").group, read_code("Lladrad", "police_crime").group
    ('violence', 'robbery')
    >>> read_code("04D02", "ambulance").group is None
    True
    """
    text = _plain(code)
    for group, sure, pattern in _tables()["feeds"].get(feed, ()):
        if re.search(pattern, text):
            return Read(code, None if group == "unknown" else group, sure if group != "unknown" else 0.3)
    found = _CODE.match(code.strip().split(" ")[0])
    if found and classes and (group := _tables()["codes"].get(found.group(1).upper())):
        return Read(code, "violence" if group == SEXUAL else group, 0.96, group == SEXUAL)
    hits = [(g, s) for g, s, pattern in _tables()["words"] if re.search(pattern, text)]
    if not hits:
        return Read(code, None, 0.3)
    group, sure = hits[0]
    others = {g for g, _ in hits[1:]} - {group, SEXUAL}
    sure = sure - 0.04 * len(others)
    return Read(code, "violence" if group == SEXUAL else group, sure, group == SEXUAL)


def read_codes(codes: Sequence[str], feed: str) -> list[Read]:
    """Read each code off. Bare numbers are classes only where other codes are Home Office classes."""
    known = _tables()["codes"]
    classed = [c for c in codes if (m := _CODE.match(c.strip())) and m.group(1).upper() in known]
    lettered = any(c.strip()[-1:].isalpha() for c in classed)
    return [read_code(code, feed, classes=lettered and len(classed) >= 0.5 * len(codes)) for code in codes]


def share_read(codes: Sequence[str]) -> float:
    """Give the share of codes that any table reads: how much a column looks like offences."""
    if not codes:
        return 0.0
    reads = read_codes(codes, "")
    return sum(r.group is not None for r in reads) / len(reads)
