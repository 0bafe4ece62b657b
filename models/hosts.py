"""Where an address leads: to this machine and its own network, or to a place anybody can reach."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def within_reach_of_few(url: str) -> bool:
    """True where the host of ``url`` is this machine or one of its own network (RFC 1918, 6761, 6762).

    A name of one word is in no public directory. False where it cannot be read.
    """
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return False
    try:
        return ip_address(host).is_private
    except ValueError:
        return bool(host) and ("." not in host or host.endswith((".localhost", ".local")))
