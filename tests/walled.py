"""A workspace on PostgreSQL as its owner has it, and as a login that owns nothing is served it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from peelian.store.catalogue import transaction
from peelian.store.database_roles import APP, create_roles
from peelian.store.engine import make_engine
from peelian.store.workspace import Workspace, open_workspace
from tests.workspaces import database_url


@contextmanager
def walled(home: Path) -> Iterator[tuple[Workspace, Workspace]]:
    """The owner's workspace, and the same by a member of `peelian_app` with five pooled connections."""
    for url in database_url("postgres"):
        assert url is not None
        owner = open_workspace(home, url)
        login = f"login_{uuid.uuid4().hex[:12]}"
        with transaction(owner) as conn:
            create_roles(conn)
            conn.execute(text(f"create role {login} login in role {APP}"))
        served = Workspace(home, _pooled(url, login))
        yield owner, served
        served.engine.dispose()
        with transaction(owner) as conn:
            conn.execute(text(f"drop owned by {login}"))
            conn.execute(text(f"drop role {login}"))
            for role in (APP, "peelian_training"):
                conn.execute(text(f"drop owned by {role}"))
        owner.engine.dispose()


def _pooled(url: str, login: str) -> Engine:
    engine = make_engine(make_url(url).set(username=login).render_as_string(hide_password=False))
    engine.pool = type(engine.pool)(engine.pool._creator, pool_size=5, max_overflow=0)  # type: ignore[attr-defined]
    return engine
