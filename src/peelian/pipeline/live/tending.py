"""Housekeeping beside the taker: many small files become few, and what nobody needs is deleted."""

from __future__ import annotations

import time
from typing import Final

from peelian.pipeline.context import Context
from peelian.store.collect import collect
from peelian.store.compact import compact
from peelian.store.inbox import forget_keys

_SMALL: Final = (5_000, 100_000)
_EVERY: Final = (40, 1_200)
"""After so many takings, files of fewer rows than `_SMALL` are merged: small ones often, middling seldom."""
_COLLECT_S: Final = 600.0


class Tending:
    """Called after each taking that took something."""

    def __init__(self, ctx: Context) -> None:
        self._ctx, self._takings = ctx, 0
        self._collected = time.monotonic()

    def after(self, taken: int) -> None:
        """Note a taking of so many batches; tidy up when it is time."""
        if taken:
            self._takings += 1
            for small, every in zip(reversed(_SMALL), reversed(_EVERY), strict=True):
                if self._takings % every == 0:
                    compact(self._ctx.ws, actor=self._ctx.actor, purpose=self._ctx.purpose, small_rows=small)
                    break
        if time.monotonic() - self._collected > _COLLECT_S:
            self._collected = time.monotonic()
            collect(self._ctx.ws)
            forget_keys(self._ctx.ws)
