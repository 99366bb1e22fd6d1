"""Nothing that is typed about acting (entries, problems, decisions) may hold a person's data."""

from __future__ import annotations

from functools import lru_cache

from peelian.domain.errors import Misuse
from peelian.guard.typed import person_in


def no_person(**words: str) -> None:
    """Do nothing when no text holds a person's data; `_` in a name is said as a space.

    Raises:
        Misuse: says which text and which kind of data, never the text.
    """
    for name, text in words.items():
        kind = _looked_at(text) if text else None
        if kind:
            raise Misuse(
                f"the {name.replace('_', ' ')} seems to hold {kind}",
                expected="words about the place and what was done; roles and teams, never a person",
                do="say it without names, numbers or addresses of anyone",
            )


@lru_cache(maxsize=4096)
def _looked_at(text: str) -> str | None:
    """A register's file says the same agency and reason on most of its rows: each is looked at once."""
    return person_in(text)
