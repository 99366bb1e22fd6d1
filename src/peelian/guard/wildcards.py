"""Column names that the engine would take for a pattern of names: one could stand for many, or for none."""

from __future__ import annotations

from collections.abc import Sequence

from peelian.domain.errors import Refused


def is_pattern(name: str) -> bool:
    """Say whether polars reads a name as a wildcard or a regular expression.

    >>> [is_pattern(name) for name in ("*", "^A$", "A", "cost ($)")]
    [True, True, False, False]
    """
    return name == "*" or (name.startswith("^") and name.endswith("$"))


def refuse_patterns(names: Sequence[str], file: str) -> None:
    """Let no file in with such a column name.

    Raises:
        Refused: there is one; the name itself is not repeated, it may be anything.
    """
    where = [k for k, name in enumerate(names, 1) if is_pattern(name)]
    if where:
        raise Refused(
            f"{file}: the name of column {where[0]} is a pattern, not a name",
            expected="names other than `*` and than those from `^` to `$`",
            do="rename the column",
        )
