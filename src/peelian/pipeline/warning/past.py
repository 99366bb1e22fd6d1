"""Similar past warnings, and how they ended."""

from __future__ import annotations

from peelian.domain.area import Area
from peelian.domain.warning import EarlyWarning
from peelian.pipeline.context import Context
from peelian.pipeline.warning.series import Watched


def with_similar(ctx: Context, area: Area, warning: EarlyWarning, watch: Watched) -> EarlyWarning:
    """Give the warning with past ones alike in place, size or kind."""
    return warning
