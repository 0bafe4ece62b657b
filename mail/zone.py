"""Asking the DNS, with short waits: what is there, that nothing is there, or that nobody answers."""

from __future__ import annotations

from ipaddress import ip_address

import dns.exception
import dns.resolver
import dns.reversename
from dns.rdatatype import RdataType


class NoResolver(Exception):
    """No DNS server answers: this machine is offline, or the server asked for is not one."""


class Unanswered(Exception):
    """A DNS server answers, but does not know how to find that name."""


class Zone:
    """What the DNS says. Names are given without a dot at the end."""

    #: Seconds for one answer, retries included.
    PATIENCE = 4

    def __init__(self, server: str = "") -> None:
        """``server`` is "9.9.9.9", "127.0.0.1:5353" or "[::1]:5353"; "" is the one the machine is set to use.

        :raises ValueError: not an IP address.
        """
        self._resolver: dns.resolver.Resolver | None
        try:
            self._resolver = dns.resolver.Resolver(configure=not server)
        except dns.resolver.NoResolverConfiguration:
            self._resolver = None
            return
        self._resolver.lifetime, self._resolver.timeout = self.PATIENCE, self.PATIENCE / 2
        if server:
            address, port = _address(server)
            self._resolver.nameservers, self._resolver.port = [address], port

    def reach(self) -> None:
        """:raises NoResolver: nobody answers, or somebody to whom the root of all names is unknown."""
        try:
            if self._resolver is None:
                raise NoResolver
            self._resolver.resolve(".", RdataType.NS, raise_on_no_answer=False)
        except dns.exception.DNSException as error:
            raise NoResolver from error

    def texts(self, name: str) -> list[str]:
        """TXT records, the strings of each put together (RFC 7208, 3.3)."""
        return [b"".join(row.strings).decode("utf-8", "replace") for row in self._ask(name, RdataType.TXT)]

    def exchangers(self, name: str) -> list[str]:
        """Names of the servers that receive mail, the preferred first; "" is one that refuses all (RFC 7505)."""
        rows = sorted(self._ask(name, RdataType.MX), key=lambda row: row.preference)
        return [str(row.exchange).rstrip(".") for row in rows]

    def addresses(self, name: str) -> list[str]:
        """IPv4 and IPv6 addresses of a name; of an address, itself."""
        try:
            return [str(ip_address(name))]
        except ValueError:
            return [row.address for kind in (RdataType.A, RdataType.AAAA) for row in self._ask(name, kind)]

    def names(self, address: str) -> list[str]:
        """Names an IP address says it has (PTR)."""
        rows = self._ask(str(dns.reversename.from_address(address)).rstrip("."), RdataType.PTR)
        return [str(row.target).rstrip(".") for row in rows]

    def _ask(self, name: str, kind: RdataType) -> list:
        if self._resolver is None:
            raise NoResolver
        try:
            return list(self._resolver.resolve(f"{name.rstrip('.')}.", kind, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException as error:
            raise Unanswered(name) from error


def _address(server: str) -> tuple[str, int]:
    host, port = server, "53"
    if server.startswith("["):
        host, closed, port = server[1:].partition("]")
        port = (port.removeprefix(":") or "53") if closed else ""
    elif server.count(":") == 1:
        host, _, port = server.partition(":")
    if not port.isdecimal() or int(port) > 65535:
        raise ValueError(server)
    return str(ip_address(host)), int(port)
