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
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError) as error:
        raise _not_now() from error
    except exc.DBAPIError as error:
        if error.connection_invalidated:
            raise _not_now() from error
        raise


def _not_now() -> NotNow:
    return NotNow("the records database does not answer now", do="send the same again in a few seconds")
