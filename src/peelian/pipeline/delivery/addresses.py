"""Where a webhook may go: https to public addresses; loopback and private networks only if allowed by name.

A webhook's address is a way to make this machine ask any other (server-side request forgery). So the name
is resolved here, every address it has is checked, and the connection goes to a checked address: a name
that resolves to another one a moment later gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from peelian.domain.errors import Refused
from peelian.domain.warning_delivery import Delivery
from peelian.guard.outward import check_outward
from peelian.pipeline.delivery.sending import Failed

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_CARRIES_IPV4: Final = tuple(
    ipaddress.IPv6Network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")
)
"""Ranges by which an IPv6 address reaches an IPv4 one inside it: not followed."""


@dataclass(frozen=True)
class Target:
    """Checked addresses: connect to one of `ips`, speak to `host`."""

    tls: bool
    host: str
    port: int
    path: str
    ips: tuple[str, ...]


def url_fault(url: str, *, loopback: bool) -> str:
    """Say what is wrong with a webhook's URL by its form alone; empty if nothing is."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "it is no URL"
    if not parts.hostname or port == 0 or any(c.isspace() or ord(c) < 32 for c in url):
        return "it is no URL"
    if parts.username is not None or parts.password is not None or parts.fragment:
        return "it carries a user, a password or a fragment"
    if parts.scheme == "https":
        return ""
    if parts.scheme == "http" and loopback and is_loopback_name(parts.hostname):
        return ""
    return "it is not https (plain http only to this machine, with loopback = true)"


def is_loopback_name(host: str) -> bool:
    """Whether a host's name means this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def resolve(url: str, delivery: Delivery) -> Target:
    """Give the checked address a webhook is sent to.

    Raises:
        Failed: the form is wrong, the name has no address, or any address it has is not allowed.
    """
    fault = url_fault(url, loopback=delivery.loopback)
    if fault:
        raise Failed(f"the webhook's address is refused: {fault}", permanent=True)
    parts = urlsplit(url)
    host, tls = str(parts.hostname), parts.scheme == "https"
    port = parts.port or (443 if tls else 80)
    try:
        check_outward(host)
    except Refused:
        raise Failed("the webhook's host is not on this server's list of hosts", permanent=True) from None
    ips = _looked_up(host, port)
    networks = [ipaddress.ip_network(one) for one in delivery.networks]
    if not all(_allowed(one, networks, delivery.loopback) for one in ips):
        raise Failed(
            "the webhook's name resolves to a private or local address that the settings do not allow",
            permanent=True,
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(tls, host, port, path, tuple(dict.fromkeys(map(str, ips))))


def _looked_up(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Failed("the webhook's name has no address", unreachable=True) from None
    return [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]


def _allowed(
    ip: Address, networks: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network], loopback: bool
) -> bool:
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return _allowed(ip.ipv4_mapped, networks, loopback)
        if any(ip in one for one in _CARRIES_IPV4):
            return False
    if any(ip.version == one.version and ip in one for one in networks):
        return True
    if ip.is_loopback:
        return loopback
    return ip.is_global and not ip.is_multicast
