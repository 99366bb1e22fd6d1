"""A workspace with accounts, and clients that sign in by the real pages."""

from __future__ import annotations

import re
from typing import Any

import pyotp
from fastapi import FastAPI
from starlette.testclient import TestClient

from peelian.api.access import Access
from peelian.api.app import create_app
from peelian.api.signing_in import purposes_of
from peelian.domain.actor import LOCAL_ANALYST
from peelian.govern.passwords import hash_password
from peelian.store import accounts
from peelian.store.accounts import Account
from peelian.store.catalogue import transaction
from peelian.store.sessions import begin, sign_in
from peelian.store.workspace import Workspace

ADDRESS = "http://127.0.0.1:8000"
PASSWORD = "correct-horse-battery"
SECRET = pyotp.random_base32()


def app_of(ws: Workspace, **more: Any) -> FastAPI:
    access = Access(**{"mode": "accounts", "force": "kent", **more})
    return create_app(ws, actor=LOCAL_ANALYST, purpose="analysis", access=access)


def client_of(app: FastAPI) -> TestClient:
    return TestClient(app, base_url=ADDRESS, follow_redirects=False)


def account(
    ws: Workspace, id_: str = "a1001", role: str = "analyst", force: str = "kent", **more: Any
) -> Account:
    reach = {"areas": ("*",), "agreements": ("*",), "purposes": ("*",)} | more
    one = Account(id_, role, force, **reach)
    with transaction(ws) as conn:
        accounts.add_account(conn, one)
    return one


def with_password(ws: Workspace, one: Account, *, totp: bool = True) -> Account:
    with transaction(ws) as conn:
        accounts.set_password(conn, one.id, hash_password(PASSWORD))
        if totp:
            accounts.set_totp(conn, one.id, SECRET, 0)
    return one


def signed_in(app: FastAPI, one: Account, purpose: str | None = None) -> TestClient:
    """A client with a session of the account, made as the last step of signing in makes it."""
    ws: Workspace = app.state.house.ws
    limits = app.state.house.access.limits
    with transaction(ws) as conn:
        old = begin(conn, {})
        token = sign_in(conn, old, one, purpose or purposes_of(one)[0], limits)  # type: ignore[arg-type]
    client = client_of(app)
    client.cookies.set("peelian", token)
    return client


def csrf_of(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, "the page holds no token"
    return found.group(1)


def post(client: TestClient, path: str, typed: dict[str, str], *, page: str | None = None) -> Any:
    """Open the page, and send its form."""
    shown = client.get(page or path, follow_redirects=True)
    return client.post(path, data={"csrf": csrf_of(shown.text), **typed})
