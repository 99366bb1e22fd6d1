"""The catalogue's tables of trust."""

from __future__ import annotations
