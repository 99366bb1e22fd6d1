"""A warning as JSON and back; a number that is none is kept as a word, which every database can hold."""

from __future__ import annotations

import math
from dataclasses import asdict
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from peelian.domain.warning import EarlyWarning
from peelian.domain.warning_words import has_point, shown

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def card_of(warning: EarlyWarning) -> dict[str, Any]:
    """Give the warning as JSON values."""
    made: dict[str, Any] = _plain(asdict(warning))
    return made


def shown_card(warning: EarlyWarning) -> dict[str, Any]:
    """Give the warning as JSON values that may be shown: see `warning_words.shown`."""
    card = card_of(shown(warning))
    gone = () if has_point(warning) else ("easting", "northing", "radius_m")
    return {name: value for name, value in card.items() if name not in gone}


def warning_of(card: dict[str, Any]) -> EarlyWarning:
    """Give the warning a card was made of; fields it does not know yet keep their defaults."""
    return _reader().validate_python(card)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    # A number of numpy is no JSON value.
    return value.item() if hasattr(value, "item") else value


@cache
def _reader() -> TypeAdapter[EarlyWarning]:
    from pydantic import TypeAdapter  # late: a plain command does not pay for it

    return TypeAdapter(EarlyWarning)
