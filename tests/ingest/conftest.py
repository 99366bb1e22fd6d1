"""Workspaces on both databases."""

from tests.workspaces import database, ws

__all__ = ["database", "ws"]
