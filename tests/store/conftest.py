"""Workspaces on both databases."""

from tests.workspaces import database, empty_database, ws

__all__ = ["database", "empty_database", "ws"]
