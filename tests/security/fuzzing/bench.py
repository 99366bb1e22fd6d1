"""Where a parser is tried: a folder, a workspace that is opened once, and what a parser is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from peelian.pipeline.context import Context
from peelian.store.workspace import open_workspace


@dataclass
class Bench:
    """A folder of one's own, and a workspace in it."""

    folder: Path
    kept: dict[str, Any] = field(default_factory=dict)
    """What a parser made once and uses again."""

    @cached_property
    def ctx(self) -> Context:
        """Give the workspace as the local analyst has it."""
        return Context(open_workspace(self.folder / "home"))

    def put(self, name: str, data: bytes) -> Path:
        """Write a file into a folder of its own, and give where it lies."""
        path = self.folder / "tried" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path


Seeds = dict[str, bytes]
Read = Callable[[Bench, str, bytes], object]


@dataclass(frozen=True)
class Parser:
    """What reads bytes from outside: valid files by name, and the reading, which may refuse."""

    name: str
    seeds: Callable[[Bench], Seeds]
    read: Read
