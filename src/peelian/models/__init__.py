"""Forecasters, one module each, plain counts first. Adding one costs a module and a line here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final, cast

from peelian.domain.contracts import Forecaster


class _Shelf(Mapping[str, Forecaster]):
    """Forecasters by name, each loaded when first taken: a command that fits none starts in half the time."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def __getitem__(self, name: str) -> Forecaster:
        if name not in self._names:
            raise KeyError(name)
        return cast(Forecaster, import_module(f"{__name__}.{name.replace('-', '_')}"))

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


MODELS: Final[Mapping[str, Forecaster]] = _Shelf(
    "last-period", "year-count", "five-year-count", "shrunk-decay", "kde", "promap", "risk-terrain",
    "self-exciting", "smoother", "learner", "stack",
)  # fmt: skip
BY_NAME: Final = frozenset({"stack"})
"""Compared only when asked for by name: it fits its members again, and has not passed the learner."""
SERVED: Final = "learner"
"""The forecaster served where a backtest has shown it beats the best plain count."""
