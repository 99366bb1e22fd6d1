"""Workspaces on both databases, and the app's client with one run."""

from tests.api.conftest import client, workspace
from tests.workspaces import database, ws

__all__ = ["client", "database", "workspace", "ws"]
