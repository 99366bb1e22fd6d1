"""Welsh messages: gettext catalogues, one a part of the pages, read once and laid together."""

from __future__ import annotations

from functools import lru_cache
from gettext import GNUTranslations
from importlib import resources
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def catalogues() -> dict[str, Catalog]:
    """Give each file of Welsh messages by its name: the frame, the pages, words made in Python, the map."""
    found: dict[str, Catalog] = {}
    for path in sorted((resources.files(__name__) / "cy").iterdir(), key=lambda one: one.name):
        if path.name.endswith(".po"):
            with path.open("rb") as file:
                found[path.name] = read_po(file, locale="cy")
    return found


@lru_cache(maxsize=1)
def welsh() -> GNUTranslations:
    """Give all messages as one catalogue; one without a Welsh text is given in English."""
    together = Catalog(locale="cy")
    for catalogue in catalogues().values():
        for one in catalogue:
            if one.id:
                together.add(one.id, one.string, context=one.context)
    compiled = BytesIO()
    write_mo(compiled, together)
    compiled.seek(0)
    return GNUTranslations(compiled)


@lru_cache(maxsize=1)
def known() -> frozenset[str]:
    """Give the English texts that have a Welsh one."""
    every = (one for catalogue in catalogues().values() for one in catalogue)
    return frozenset(
        one.id for one in every if isinstance(one.id, str) and one.id and one.string and not one.context
    )
