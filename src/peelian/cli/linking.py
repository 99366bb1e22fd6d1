"""The commands `link` and `overlap`: one incident from many reports, and who saw what."""

from __future__ import annotations


def link() -> None:
    """Find which reports of several agencies are of one incident."""
    from peelian.domain.errors import Fault

    raise Fault("link is not built yet")


def overlap() -> None:
    """Say by area how many incidents each agency saw, alone and together."""
    from peelian.domain.errors import Fault

    raise Fault("overlap is not built yet")
