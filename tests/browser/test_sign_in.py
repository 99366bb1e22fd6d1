"""Signing in in Chromium: a passkey made and used by a virtual authenticator, under the real CSP."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Page, expect

from peelian.store.catalogue import reading
from peelian.store.passkeys import passkeys_of
from peelian.store.workspace import Workspace
from tests.api.signing import PASSWORD, account, app_of, with_password
from tests.workspaces import fresh

pytestmark = pytest.mark.browser


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    made = fresh(tmp_path / "home")
    with_password(made, account(made), totp=False)
    return made


@pytest.fixture
def place(ws: Workspace) -> Iterator[str]:
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app_of(ws), log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [held]}, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    yield f"http://localhost:{held.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


def test_a_passkey_is_made_then_signs_in_alone(page: Page, place: str, ws: Workspace) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
               "hasUserVerification": True, "isUserVerified": True,
               "automaticPresenceSimulation": True}  # fmt: skip
    key = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    page.goto(f"{place}/account")
    expect(page).to_have_url(f"{place}/sign-in")
    page.fill("#account", "a1001")
    page.fill("#password", PASSWORD)
    page.click("text=Go on")
    expect(page.locator("h1")).to_have_text("Set up a second proof")
    page.click("text=Make a passkey on this device")
    expect(page.locator("h1")).to_have_text("Your account")
    assert "1 passkey" in page.inner_text("main")
    with reading(ws) as conn:
        (made,) = passkeys_of(conn, "a1001")
    assert len(made.public_key) >= 40  # COSE: 42 bytes of Ed25519, 77 of P-256
    page.click("text=Sign out >> nth=-1")
    expect(page).to_have_url(f"{place}/sign-in")
    page.click("text=Sign in with a passkey")
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(f"{place}/account")
    expect(page.locator("h1")).to_have_text("Your account")
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
    page.click("text=Sign out >> nth=-1")
    page.click("text=Sign in with a passkey")
    page.goto(f"{place}/account")
    expect(page.locator("h1")).to_have_text("Sign in")
