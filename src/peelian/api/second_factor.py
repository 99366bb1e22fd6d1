"""The second factor: one-time codes (TOTP, RFC 6238, 2011) that an app on a telephone makes."""

from __future__ import annotations

import time
from io import BytesIO
from typing import Final

import pyotp
import segno

STEP_S: Final = 30
ISSUER: Final = "Peelian"


def new_secret() -> str:
    """Make a secret (base32, 160 bits)."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, at: float | None = None) -> int | None:
    """Give the time step a code is right for, now or one step before or after; None when it is wrong."""
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdigit() and len(typed) == 6):
        return None
    now = int((time.time() if at is None else at) // STEP_S)
    otp = pyotp.TOTP(secret)
    return next((step for step in (now, now - 1, now + 1) if otp.verify(typed, for_time=step * STEP_S)), None)


def qr(secret: str, account: str) -> str:
    """Give the picture an app reads, as a data address (SVG)."""
    held = BytesIO()
    said = pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)
    made = segno.make(said, error="m")
    return str(made.svg_data_uri(scale=5, border=3)) if held.tell() == 0 else ""


def grouped(secret: str) -> str:
    """Give the secret in groups of four, to be typed by hand."""
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
