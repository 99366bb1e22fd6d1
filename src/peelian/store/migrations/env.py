"""Alembic's entry: runs on the connection, and in the transaction, that `store.migrate` opened."""

from __future__ import annotations

from alembic import context

from peelian.store import (  # noqa: F401  # their tables are in METADATA
    access_tables,
    chain_tables,
    decision_tables,
    live_tables,
    trust_tables,
    warning_tables,
)
from peelian.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=False,  # the caller's transaction holds the whole upgrade, in both databases
)
context.run_migrations()
