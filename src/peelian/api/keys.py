"""A number that names a row: what a database's key can be, so that a larger one is misuse and no fault."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Ge, Lt

Key = Annotated[int, Ge(0), Lt(1 << 63)]
