"""How far a server is reached: this machine only, or beyond it behind sign-in and TLS."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from peelian.api.access import Access, read_access
from peelian.domain.errors import Misuse
from peelian.store.accounts import any_account
from peelian.store.catalogue import reading
from peelian.store.workspace import Workspace

OWN: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_DOCS: Final = "see docs/access.md"


@dataclass(frozen=True)
class Reach:
    """What `serve` was told: how people sign in, and the certificate, if TLS ends here."""

    access: str = ""
    certificate: Path | None = None
    key: Path | None = None

    @property
    def tls(self) -> bool:
        """Say whether TLS ends in this process."""
        return self.certificate is not None and self.key is not None

    def open(self, ws: Workspace, host: str) -> Access | None:
        """Give how people sign in; None for the one local analyst.

        Raises:
            Misuse: a host beyond this machine without sign-in, accounts, a name, or TLS.
        """
        if (self.certificate is None) != (self.key is None):
            raise Misuse("TLS needs both files", expected="--certificate and --key")
        for path in (self.certificate, self.key):
            if path is not None and not path.is_file():
                raise Misuse("a file of TLS is not there", expected="--certificate and --key as PEM files")
        if not self.access:
            check_host(host)
            return None
        proxied = bool(read_access(ws.home, self.access, secure=False).proxies)
        access = read_access(ws.home, self.access, secure=self.tls or proxied)
        check_host(host, access)
        if access.mode == "accounts":
            with reading(ws) as conn:
                if not any_account(conn):
                    raise Misuse("nobody could sign in: there is no account",
                                 do="add one with: peelian account add")  # fmt: skip
        return access

    def uvicorn(self, access: Access | None) -> dict[str, Any]:
        """Give uvicorn's settings: forwarded headers are believed of the named proxies only, else of none."""
        said: dict[str, Any] = {"proxy_headers": False}
        if access is not None and access.proxies:
            said = {"proxy_headers": True, "forwarded_allow_ips": ",".join(access.proxies)}
        if self.tls:
            said |= {"ssl_certfile": str(self.certificate), "ssl_keyfile": str(self.key)}
        return said


def check_host(host: str, access: Access | None = None) -> str:
    """Give the host when this server may listen there.

    Raises:
        Misuse: beyond this machine without access control, a name of its own, or TLS.
    """
    if host in OWN:
        return host
    if access is None:
        raise Misuse(
            "refused to serve beyond this machine: no access control is set up",
            expected="--host 127.0.0.1, or --access accounts or oidc",
            do="use an SSH tunnel to look at it from elsewhere, or " + _DOCS,
        )
    if not access.hosts:
        raise Misuse("the server's own name is not known", expected="hosts = [...] in access.toml", do=_DOCS)
    if not access.secure:
        raise Misuse(
            "refused to serve beyond this machine without TLS",
            expected="--certificate and --key, or proxies = [...] in access.toml where a proxy ends it",
            do=_DOCS,
        )
    if "*" in access.proxies:
        raise Misuse("every address would be believed as a proxy", expected="the proxy's own addresses")
    return host
