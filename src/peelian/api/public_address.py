"""Where the server may fetch from: public addresses, unless a setting allows the own network."""

from __future__ import annotations

import ipaddress
import socket
from typing import Final

from peelian.domain.errors import Fault, Refused

_CARRIES_IPV4: Final = tuple(
    ipaddress.IPv6Network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "::/96")
)
"""Ranges by which an IPv6 address reaches an IPv4 one inside it: not followed."""


def public_ip(host: str, port: int, *, private: bool = False) -> str:
    """Give an address of a name to connect to: connecting to it, not to the name, leaves no second look-up.

    Raises:
        Refused: one of its addresses is private, local or otherwise not public, and `private` is not set.
        Fault: the name has none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Fault("the far map's name has no address", do="the map works without it") from None
    ips = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not private and not all(map(is_public, ips)):
        raise Refused("the far map's name leads into a private network",
                      do="if that is meant: peelian basemap use style ADDRESS --private")  # fmt: skip
    return str(ips[0])


def is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Say whether an address is on the public internet.

    >>> is_public(ipaddress.ip_address("169.254.169.254")), is_public(ipaddress.ip_address("8.8.8.8"))
    (False, True)
    """
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(ip.ipv4_mapped)
        if any(ip in one for one in _CARRIES_IPV4):
            return False
    return ip.is_global and not ip.is_multicast
