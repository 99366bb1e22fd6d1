"""The refusal of a file that is about people, or of a kind that is never taken: what of it may be kept."""

from __future__ import annotations

from typing import Final

from peelian.domain.errors import Refused

BARRED: Final = "of a barred kind"


class NotTaken(Refused):
    """Nothing of the file was taken. What may be recorded: column names, and why, by column or kind.

    `found` maps a column's name (or "the feed") to the kind found there. `columns` are names that themselves
    are harmless; `rows` is how many rows were looked at before the finding.
    """

    def __init__(
        self, what: str, *, expected: str = "", do: str = "", columns: tuple[str, ...] = (),
        found: dict[str, str] | None = None, rows: int = 0,
    ) -> None:  # fmt: skip
        super().__init__(what, expected=expected, do=do)
        self.columns, self.found, self.rows = columns, found or {}, rows
