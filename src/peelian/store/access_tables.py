"""The catalogue's tables of access."""

from __future__ import annotations
