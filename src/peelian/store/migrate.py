"""Bring the catalogue to this version's tables; safe when several processes open it at once."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from peelian.domain.errors import Fault

HEAD: Final = "0009"
"""The newest migration: a literal, so that opening a current workspace does not import Alembic."""
_LOCK: Final = 0x7065656C  # one number for the advisory lock of PostgreSQL


def migrate(engine: Engine) -> None:
    """Upgrade to `HEAD` in one transaction; does nothing, quickly, when already there.

    Raises:
        Fault: when the catalogue was written by a newer Peelian.
    """
    with engine.connect().execution_options(writes=False) as connection:
        held = version(connection)
    if held == HEAD:
        return
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        held = version(connection)  # again: another process may have done it while we waited for the lock
        if held == HEAD:
            return
        if held is not None and held > HEAD:
            raise Fault(
                f"the workspace's catalogue is at version {held}, newer than this program's {HEAD}",
                do="use the newer Peelian",
            )
        _upgrade(connection)


def version(connection: Connection) -> str | None:
    """Give the migration the catalogue is at; None for an empty database."""
    if connection.dialect.name == "postgresql" and not inspect(connection).has_table("alembic_version"):
        return None  # a failed select would spoil the transaction
    try:
        return connection.execute(text("select version_num from alembic_version")).scalar()
    except DBAPIError as error:
        if "no such table" in str(error.orig):
            return None
        raise


def build(connection: Connection, revision: str) -> None:
    """Make the tables as they stood at a migration, in an empty database."""
    _upgrade(connection, revision)


def _upgrade(connection: Connection, to: str = "head") -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
