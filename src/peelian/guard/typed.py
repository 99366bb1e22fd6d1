"""Does a sentence someone typed hold a person's data? Names no value, whatever it finds."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Final

import polars as pl

from peelian.domain.errors import Misuse
from peelian.domain.warning_life import Step, step_of
from peelian.guard import patterns as p
from peelian.guard.names import names_share

_TITLED: Final = re.compile(r"\b(?:Mr|Mrs|Miss|Ms|Mx|Dr)\.? [A-Z][a-z'’-]+")
_WORD: Final = re.compile(r"[^\s,;:()\"“”]+")
_SHAPES: Final = (
    ("an e-mail address", p.EMAIL), ("a phone number", p.MOBILE_SPOKEN), ("a phone number", p.MOBILE_SOLID),
    ("a phone number", p.LANDLINE_SPOKEN), ("a phone number", p.LANDLINE_SOLID),
    ("an NHS number", p.NHS_SPACED), ("a National Insurance number", p.NI), ("a PNC number", p.PNC),
    ("a vehicle mark", p.PLATE_CURRENT), ("an address", p.FLAT),
)  # fmt: skip
_STREETS: Final = (
    "street|road|lane|avenue|close|drive|crescent|court|gardens|terrace|grove|way|place|row|mews"
)
_TITLED_STREETS: Final = "|".join(one.title() for one in _STREETS.split("|"))
_HOUSE: Final = re.compile(
    rf"\b\d{{1,4}}[A-Za-z]?,? (?:(?:[A-Z][a-z'’-]+ ){{1,3}}(?:{_TITLED_STREETS})"
    rf"|(?i:[a-z'’-]+ (?:{_STREETS})))\b"
)
"""A house by number and street: narrower than a column's test, for "12 street wardens" is none."""
_BORN: Final = re.compile(
    r"(?i)\b(?:d\.?o\.?b\.?|born(?: on)?|date of birth)\W{0,3}(?:is )?\d{1,4}[/. -]\d{1,2}[/. -]\d{2,4}\b"
)
_HANDLE: Final = re.compile(
    r"(?i)(?:^|[\s(])@[a-z0-9_.]{3,30}\b|\b(?:facebook|instagram|tiktok|twitter|x|snapchat|linkedin)\.com/\w"
    r"|\b(?:insta|instagram|snap|snapchat|tiktok)\s*[:=]\s*\w"
)
_LONGEST: Final = 4  # words of a value, such as of a telephone number


def person_in(text: str) -> str | None:
    """Say which kind of a person's data a typed sentence holds, or None.

    A sentence is not a column: each run of up to four words is looked at by itself, and two capitalised
    words that are a first name and a surname count as a name, unless they name a place.

    >>> person_in("lighting repaired by the council, youth outreach on Friday")
    >>> person_in("spoke to Mrs Smith"), person_in("ring 07700 900123"), person_in("visit 12 Mill Lane")
    ('a name', 'a phone number', 'an address')
    """
    words = [word.strip(".!?'’") for word in _WORD.findall(text)]
    if _TITLED.search(text) or _named(words):
        return "a name"
    if _HOUSE.search(text):
        return "an address"
    if _BORN.search(text):
        return "a date of birth"
    if _HANDLE.search(text):
        return "a name on a social network"
    runs = pl.DataFrame({"run": _runs(words)}, schema={"run": pl.String})
    for kind, pattern in _SHAPES:
        if runs["run"].str.contains(pattern).any():
            return kind
    return None


def sound_step(to: str, **words: str) -> Step:
    """Make a step of a warning's life of words as typed, none of them about a person.

    Raises:
        Misuse: something is missing, or a person's data stand in it.
    """
    step = step_of(to, **words)
    for name in ("reason", "agency", "team", "intervention"):
        kind = person_in(getattr(step, name))
        if kind:
            raise Misuse(
                f"the {name} seems to hold {kind}", expected="words about the place and what was done",
                do="say it without names, numbers or addresses of anyone",
            )  # fmt: skip
    return step


def _named(words: list[str]) -> bool:
    pairs = [_plain(f"{a} {b}") for a, b in pairwise(words) if a[:1].isupper() and b[:1].isupper()]
    return bool(pairs) and names_share(pl.Series(pairs).unique())[2] > 0


def _plain(text: str) -> str:
    """Give the text without accents, as the lists of names have it."""
    return "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))


def _runs(words: list[str]) -> list[str]:
    many = len(words)
    return [" ".join(words[k : k + n]) for n in range(1, _LONGEST + 1) for k in range(many - n + 1)]
