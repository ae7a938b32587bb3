"""Which network a visitor comes from, as a name that tells nobody which."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

from makegood.kit.secrets import sign

V4_PREFIX, V6_PREFIX = 24, 56


def network_of(request: HttpRequest) -> str:
    """The visitor's network, hashed. Behind a proxy that we trust, the one that it names."""
    address = request.META.get("REMOTE_ADDR") or ""
    return network_at(address, request.headers.get("X-Forwarded-For", ""))


def network_at(address: str, forwarded: str) -> str:
    """The network of who is connected, and of whom a proxy that we trust says they speak for."""
    if settings.TRUSTS_PROXY and forwarded:
        # The proxy appends: only the last one is its own word.
        address = forwarded.rpartition(",")[2].strip()
    return sign("network", _prefix(address))


def _prefix(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    length = V4_PREFIX if found.version == 4 else V6_PREFIX
    return str(ipaddress.ip_network(f"{found}/{length}", strict=False))
