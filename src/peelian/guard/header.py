"""Is a column, by its name alone, about a person?"""

from __future__ import annotations

from functools import lru_cache

from peelian.guard.finding import Finding
from peelian.guard.header_words import (
    BARE_ROLES,
    CLEARED,
    COUNTED,
    NAME_PAIRS,
    PHRASES,
    REFERENCES,
    ROLES,
    SINGLE,
    THINGS,
    TRAITS,
)  # fmt: skip
from peelian.guard.wording import words_of


@lru_cache(maxsize=4096)
def person_shaped(name: str) -> Finding | None:
    """Say whether a column called `name` holds what is person-shaped, and of which kind; None if not.

    Reads English and Welsh names in any style (`victimDOB`, `SURNM`, `Rhif Ffôn`, `veh_reg_no`). A name that
    may be harmless (`Street name`, `Ward name`, `Age of building`) is; its values are looked at anyway.

    >>> person_shaped("Surname").kind, person_shaped("veh_reg_no").kind, person_shaped("dyddiad geni").kind
    ('name', 'vehicle mark', 'date of birth')
    >>> person_shaped("Street name") is person_shaped("Home Office code") is None
    True
    """
    words = words_of(name)
    kind = _kind(words)
    if kind is None:
        return None
    return Finding(kind, f"by its name, the column {name[:60]!r} holds {_article(kind)}", by_name=True)


def is_of_person(name: str, whose: tuple[str, ...] = ()) -> bool:
    """Say whether a column's name speaks of a person: it holds a role (`victim`), or one of `whose`."""
    words = set(words_of(name))
    return bool(words & ROLES or words & set(whose))


def _article(kind: str) -> str:
    if kind in ("free text",) or kind.endswith("of a person"):
        return kind
    return ("an " if kind[0] in "aei" or kind.startswith("NHS") else "a ") + kind


def _kind(words: tuple[str, ...]) -> str | None:
    if not words:
        return None
    text = f" {' '.join(words)} "
    role = next((word for word in words if word in ROLES), None)
    for clear in CLEARED:
        text = text.replace(f" {clear} ", " ")
    left = tuple(text.split())
    if kind := next((kind for phrase, kind in PHRASES if f" {phrase} " in text), None):
        return kind
    if kind := SINGLE.get("".join(left)):
        return kind
    if kind := next((SINGLE[word] for word in left if word in SINGLE and not _is_measure(word, left)), None):
        return kind
    if role and (kind := _of_role(left)):
        return kind
    return _named(left)


def _of_role(words: tuple[str, ...]) -> str | None:
    """Say what a name with a role in it holds: counts of people are no person's."""
    if len(words) == 1:
        return "person reference" if words[0] in BARE_ROLES else None
    if COUNTED & set(words) or words[:2] in (("no", "of"), ("number", "of"), ("nifer", "y")):
        return None
    if kind := next((TRAITS[word] for word in words if word in TRAITS), None):
        return kind
    return "person reference" if REFERENCES & set(words) and not THINGS & set(words) else None


def _is_measure(word: str, words: tuple[str, ...]) -> bool:
    """Say whether a word that would be enough is a count or a thing's here: `Phone calls`, `Notes count`."""
    if COUNTED & set(words) or words[:2] in (("no", "of"), ("number", "of")):
        return True
    if SINGLE[word] == "phone number":
        return bool({"call", "calls", "stolen", "theft", "box", "mast", "signal", "network"} & set(words))
    if word in ("plate", "mo", "mob", "chi", "niche", "account", "skin", "race", "plant"):
        return len(words) > 1
    return word in ("nhs", "faith", "sex") and bool(THINGS & set(words))


def _named(words: tuple[str, ...]) -> str | None:
    """Say whose name a `name` is: a thing's, a person's, or (bare) perhaps a person's."""
    at = next((k for k, word in enumerate(words) if word in ("name", "nm", "names", "enw")), None)
    if at is None:
        return "vehicle mark" if words in (("reg",), ("registration",), ("vrm",)) else None
    rest = set(words[:at] + words[at + 1 :]) - {"the", "of", "y", "yr"}
    if not rest:
        return "name"
    if rest & THINGS or {word.removesuffix("s") for word in rest} & THINGS:
        return None
    return "name" if rest & NAME_PAIRS or rest & ROLES else None
