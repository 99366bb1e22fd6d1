"""What only the organisation knows: one question a fact, asked in `settings/transparency.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Final


@dataclass(frozen=True)
class Question:
    """One question; `simulated` is its answer in the demonstration."""

    name: str
    asks: str
    simulated: str


def _read() -> tuple[Question, ...]:
    text = (resources.files("peelian.govern.records") / "questions.toml").read_text("utf-8")
    return tuple(Question(name, one["asks"], one["simulated"]) for name, one in tomllib.loads(text).items())


QUESTIONS: Final = _read()
NAMES: Final = tuple(one.name for one in QUESTIONS)
ASKS: Final = {one.name: one.asks for one in QUESTIONS}
MAILBOX: Final = "contact"
"""The one answer that may hold an address."""
