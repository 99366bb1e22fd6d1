"""Runs with one fragment of the product's source exchanged: in memory, never on disk."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType

import yaml

import peelian

ROOT = Path(peelian.__file__).parent
ORDER = (
    "domain.time", "domain.grid", "domain.target", "domain.negative_binomial", "domain.panel", "domain.area",
    "features.mask", "features.observed", "features.spread", "features.standing", "features.voices",
    "features.incidents", "features.panel", "models.past", "models.memory", "evaluate.capture",
    "evaluate.rounds", "pipeline.panels",
)  # fmt: skip
"""Modules made anew for each mutant, each after those it imports."""
Get = Callable[[str], ModuleType]
"""Gives a module by its name without `peelian.`: the mutant's, where there is one."""


@dataclass(frozen=True)
class Mutant:
    """One change: in a module, `was` (found exactly once) becomes `now`."""

    what: str
    module: str
    was: str
    now: str

    @property
    def id(self) -> str:
        return f"{self.module}: {self.what}"


def mutants() -> list[Mutant]:
    """Read the list beside this file."""
    held = yaml.safe_load(Path(__file__).with_name("mutants.yaml").read_text())
    return [Mutant(what, module, *pair) for module, each in held.items() for what, pair in each.items()]


class StaleMutant(Exception):
    """The fragment is no longer there once: the source moved on, and the list must follow."""


def real(name: str) -> ModuleType:
    """Give the module as it is."""
    return importlib.import_module(f"peelian.{name}")


@cache
def _compiled(name: str) -> CodeType:
    return compile(source(name), _path(name), "exec")


@cache
def source(name: str) -> str:
    return Path(_path(name)).read_text()


def _path(name: str) -> str:
    return str(ROOT / f"{name.replace('.', '/')}.py")


@contextmanager
def mutated(mutant: Mutant) -> Iterator[Get]:
    """Give the modules with the mutant in them; afterwards all is as before.

    Raises:
        StaleMutant: the fragment is not in the source exactly once.
    """
    if source(mutant.module).count(mutant.was) != 1:
        raise StaleMutant(f"{mutant.id}: {mutant.was!r} is not there exactly once")
    text = source(mutant.module).replace(mutant.was, mutant.now)
    changed = compile(text, _path(mutant.module), "exec")
    kept = {name: real(name) for name in ORDER}
    start = ORDER.index(mutant.module)
    try:
        for name in ORDER[start:]:
            _place(name, ModuleType(f"peelian.{name}"))
            module = sys.modules[f"peelian.{name}"]
            module.__file__, module.__package__ = _path(name), f"peelian.{name.rpartition('.')[0]}"
            exec(changed if name == mutant.module else _compiled(name), module.__dict__)
        yield lambda name: sys.modules[f"peelian.{name}"]
    finally:
        for name, module in kept.items():
            _place(name, module)


def _place(name: str, module: ModuleType) -> None:
    sys.modules[f"peelian.{name}"] = module
    package, _, leaf = name.rpartition(".")
    setattr(sys.modules[f"peelian.{package}"], leaf, module)
