"""Every parser by name. One that reads bytes from outside and is not here is not tried: add it."""

from __future__ import annotations

from typing import Final

from tests.security.fuzzing import feeds, kept, places, settings, wire, words
from tests.security.fuzzing.bench import Parser

PARSERS: Final[dict[str, Parser]] = {
    one.name: one for module in (feeds, places, settings, wire, kept, words) for one in module.PARSERS
}
