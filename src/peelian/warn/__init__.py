"""Detectors of early signs: each a small module with `SPEC` and `detect`, listed here, literal on purpose."""

from __future__ import annotations

from typing import Final

from peelian.domain.contracts import Detector
from peelian.warn import cusum, ears, escalation, farrington, mixture_scan

DETECTORS: Final[dict[str, Detector]] = {
    farrington.SPEC.id: farrington,
    cusum.SPEC.id: cusum,
    ears.SPEC.id: ears,
    mixture_scan.SPEC.id: mixture_scan,
    escalation.SPEC.id: escalation,
}
