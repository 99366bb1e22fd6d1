"""Workspaces on both databases."""

from __future__ import annotations

from tests.workspaces import database, ws

__all__ = ["database", "ws"]
