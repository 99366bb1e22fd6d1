"""Rows and extra variables of a program, gathered piece by piece and put together once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from peelian.domain.plan import Floats, Ints


class Rows:
    """Gathers rows over `columns` yes-or-no columns and any further variables."""

    def __init__(self, columns: int) -> None:
        self.columns, self.count = columns, 0
        self._row: list[Ints] = []
        self._column: list[Ints] = []
        self._value: list[Floats] = []
        self._bounds: list[Floats] = []
        self._more: list[tuple[float, float, bool]] = []

    def variable(self, low: float, high: float, *, whole: bool = False) -> int:
        """One more variable; gives its number."""
        self._more.append((low, high, whole))
        return self.columns + len(self._more) - 1

    def add(
        self, row: npt.ArrayLike, column: npt.ArrayLike, value: npt.ArrayLike, low: float, high: float,
        count: int, *, extra: Sequence[tuple[int, int, float]] = (),
    ) -> None:  # fmt: skip
        """`count` rows with the same bounds; entries (row from 0, column, value), and `extra` ones."""
        more = np.array(extra, dtype=float).reshape(-1, 3)
        self._row.append(np.concatenate([np.asarray(row), more[:, 0]]).astype(np.int64) + self.count)
        self._column.append(np.concatenate([np.asarray(column), more[:, 1]]).astype(np.int64))
        self._value.append(np.concatenate([np.asarray(value, dtype=float), more[:, 2]]))
        self._bounds.append(np.tile([[low, high]], (count, 1)).astype(float))
        self.count += count

    def add_one(self, entries: Sequence[tuple[int, float]], low: float, high: float) -> None:
        """A single row."""
        column, value = [c for c, _ in entries], [v for _, v in entries]
        self.add(np.zeros(len(entries), dtype=np.int64), column, value, low, high, 1)

    def finish(self) -> tuple[Any, Floats, Floats, Floats, Floats, npt.NDArray[np.bool_]]:
        """Matrix (scipy csc), row bounds low and high, variables' upper and lower bounds, which are whole."""
        from scipy.sparse import coo_matrix

        size = (self.count, self.columns + len(self._more))
        entries = np.concatenate(self._value), (np.concatenate(self._row), np.concatenate(self._column))
        bounds = np.concatenate(self._bounds)
        more = np.array(self._more, dtype=float).reshape(-1, 3)
        upper = np.concatenate([np.ones(self.columns), more[:, 1]])
        lower = np.concatenate([np.zeros(self.columns), more[:, 0]])
        whole = np.concatenate([np.ones(self.columns, dtype=bool), more[:, 2] > 0])
        return coo_matrix(entries, shape=size).tocsc(), bounds[:, 0], bounds[:, 1], upper, lower, whole
