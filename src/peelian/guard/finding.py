"""What the detectors say: a kind, and a sentence that names no value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """A column is person-shaped: its `kind` (such as "name" or "NHS number") and why, in a sentence."""

    kind: str
    sentence: str
    by_name: bool = False
