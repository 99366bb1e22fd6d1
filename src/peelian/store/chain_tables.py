"""The catalogue's tables of chain."""

from __future__ import annotations
