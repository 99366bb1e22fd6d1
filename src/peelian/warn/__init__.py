"""Detectors of early signs: each a small module with `SPEC` and `detect`, listed here, literal on purpose.

`DETECTORS` raise warnings, out of one budget of false ones. `CORROBORATING` raise none: what they say of a
warning that was raised is printed in it. Why none of them does: docs/warnings.md.
"""

from __future__ import annotations

from typing import Final

from peelian.domain.contracts import Detector
from peelian.warn import (
    cusum,
    ears,
    escalation,
    exceedance,
    farrington,
    mixture_scan,
    near_repeat,
    scan,
)

DETECTORS: Final[dict[str, Detector]] = {
    farrington.SPEC.id: farrington,
    cusum.SPEC.id: cusum,
    ears.SPEC.id: ears,
    mixture_scan.SPEC.id: mixture_scan,
    escalation.SPEC.id: escalation,
}
CORROBORATING: Final[dict[str, Detector]] = {
    scan.SPEC.id: scan,
    exceedance.SPEC.id: exceedance,
    near_repeat.SPEC.id: near_repeat,
}
