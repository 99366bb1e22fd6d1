"""Keep new warnings in the workspace."""

from __future__ import annotations

from collections.abc import Sequence

from peelian.domain.warning import EarlyWarning
from peelian.pipeline.context import Context


def keep(ctx: Context, warnings: Sequence[EarlyWarning]) -> int:
    """Store warnings that are not held yet and give how many those were."""
    return 0
