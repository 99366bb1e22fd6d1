"""Tell a database that does not answer from all other faults, for those who may not know a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from peelian.domain.errors import NotNow


@contextmanager
def reachable() -> Iterator[None]:
    """Do something with the records database.

    Raises:
        NotNow: it is down, restarting, locked or full. Nothing of the transaction stands, or all of it.
    """
    try:
        yield
    except exc.SQLAlchemyError as error:
        if (told := not_now(error)) is not None:
            raise told from error
        raise


def not_now(error: BaseException) -> NotNow | None:
    """Give what an error of the records database says when it is that it does not answer; else None."""
    away = isinstance(error, exc.OperationalError | exc.InterfaceError | exc.TimeoutError)
    if away or (isinstance(error, exc.DBAPIError) and error.connection_invalidated):
        return NotNow("the records database does not answer now", do="send the same again in a few seconds")
    return None
