"""Detectors of early signs: each a small module with `SPEC` and `detect`, listed here, literal on purpose."""

from __future__ import annotations

from typing import Final

from peelian.domain.contracts import Detector

DETECTORS: Final[dict[str, Detector]] = {}
