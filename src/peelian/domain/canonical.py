"""One way to write a JSON value, so that the same content has the same SHA-256 everywhere."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from peelian.domain.errors import Misuse


def canonical_json(value: Any) -> str:
    """Write a JSON value with its keys sorted, without spaces; as RFC 8785 (2020) but for numbers' forms.

    Numbers are written as Python writes them, so 1 and 1.0 are two values.

    >>> canonical_json({"b": [1, 2.5], "a": "é"})
    '{"a":"é","b":[1,2.5]}'

    Raises:
        Misuse: what is no JSON value: NaN, infinity, a date, a key that is no text.
    """
    _check_keys(value)
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError):
        raise Misuse("this cannot be written as JSON", expected="text, finite numbers, lists, maps") from None


def digest_of(value: Any) -> str:
    """Give the SHA-256 of a value's canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def _check_keys(value: Any) -> None:
    # json.dumps would turn the keys 1 and "1" into the same text, and two designs into one.
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise Misuse("a key of a map is no text", expected="names as keys")
        for one in value.values():
            _check_keys(one)
    elif isinstance(value, list | tuple):
        for one in value:
            _check_keys(one)
