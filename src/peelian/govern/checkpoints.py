"""Signed checkpoints of the audit's chain: Ed25519 (RFC 8032, 2017) over a place in it and its link.

A checkpoint that lies elsewhere (a panel's inbox, another organisation) proves the whole chain before it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from peelian.domain.audit_chain import Broken, Link
from peelian.domain.canonical import canonical_json
from peelian.domain.errors import Misuse

ENVIRONMENT: Final = "PEELIAN_AUDIT_KEY"
"""Names a file that holds the private key: 64 hexadecimal digits, readable by its owner alone."""


@dataclass(frozen=True)
class Checkpoint:
    """What was signed, by whom (the public key), and whose signature counts from here on if that changes.

    `before` is the SHA-256 of the signature of the checkpoint before it: none can be left out.
    """

    seq: int
    hash: str
    at: int
    key: str
    next_key: str
    before: str
    signature: str

    def said(self) -> bytes:
        """Give the bytes that are signed."""
        body = asdict(self)
        del body["signature"]
        return canonical_json(body | {"peelian": "audit checkpoint"}).encode()


class Signer:
    """Holds a private key."""

    def __init__(self, secret: Ed25519PrivateKey) -> None:
        self._secret = secret

    @property
    def key(self) -> str:
        """Give the public key, 64 hexadecimal digits."""
        return self._secret.public_key().public_bytes_raw().hex()

    def sign(self, head: Link, at: int, after: str = "", next_key: str = "") -> Checkpoint:
        """Sign the chain's head at an instant (microseconds since 1970); `after` is the last signature."""
        bare = Checkpoint(head.seq, head.hash, at, self.key, next_key, before(after), "")
        return Checkpoint(**asdict(bare) | {"signature": self._secret.sign(bare.said()).hex()})


def before(signature: str) -> str:
    """Give how a checkpoint names the one before it by its signature; empty for the first."""
    return hashlib.sha256(signature.encode()).hexdigest() if signature else ""


def new_secret() -> str:
    """Make a private key, 64 hexadecimal digits."""
    return Ed25519PrivateKey.generate().private_bytes_raw().hex()


def signer(default: Path) -> Signer:
    """Give the signer whose key the environment names, else the workspace's own, made when first asked.

    Raises:
        Misuse: the file is no key, or others can read it.
    """
    named = os.environ.get(ENVIRONMENT)
    path = Path(named) if named else default
    if not named and not path.exists():
        write_secret(path, new_secret())
    try:
        mode, text = path.stat().st_mode, path.read_text().strip()
        secret = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text))
    except (OSError, ValueError):
        raise Misuse(
            "the audit's key cannot be read",
            expected="a file of 64 hexadecimal digits",
            do=f"name it in {ENVIRONMENT}",
        ) from None
    if mode & 0o077:
        raise Misuse(
            "the audit's key can be read by others", expected="mode 600", do=f"chmod 600 {path.name}"
        )
    return Signer(secret)


def write_secret(path: Path, secret: str) -> None:
    """Write a private key that only its owner may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret + "\n")


def is_signed(one: Checkpoint) -> bool:
    """Say whether the signature is the key's own."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(one.key))
        public.verify(bytes.fromhex(one.signature), one.said())
    except (ValueError, InvalidSignature):
        return False
    return True


def false_checkpoints(
    made: Sequence[Checkpoint], links: Mapping[int, str], trusted: Collection[str], head: int,
    *, every: bool = True,
) -> Iterable[Broken]:  # fmt: skip
    """List what is wrong with checkpoints, oldest first; with `every`, also where one is left out.

    `links` holds the chain's links at the places signed; `trusted` the public keys vouched for, none to
    take the first checkpoint's on trust. A key that follows another counts only where the other named it.
    """
    keys, last = set(trusted), ""
    for one in made:
        if not keys:
            keys = {one.key}
        if not is_signed(one):
            yield Broken(one.seq, "the checkpoint's signature is not its key's")
        elif one.key not in keys:
            yield Broken(one.seq, "the checkpoint is signed by a key that nobody vouched for")
        elif one.seq > head:
            yield Broken(one.seq, f"{one.seq - head:,} rows that were signed for are gone from the end")
        elif one.seq and links.get(one.seq) != one.hash:
            yield Broken(one.seq, "the chain is another than the one that was signed")
        elif every and one.before != before(last):
            yield Broken(one.seq, "a checkpoint before it is gone, or was put in")
        elif one.next_key:
            keys.add(one.next_key)
        last = one.signature


def checkpoint_of(said: Mapping[str, Any]) -> Checkpoint:
    """Read a checkpoint.

    Raises:
        Misuse: it is none.
    """
    try:
        return Checkpoint(
            int(said["seq"]), str(said["hash"]), int(said["at"]), str(said["key"]), str(said["next_key"]),
            str(said["before"]), str(said["signature"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, OverflowError):
        raise Misuse("this is no checkpoint", expected="what peelian audit checkpoint printed") from None
