"""SPF: which servers may send for a domain, read as a receiver reads it (RFC 7208)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

from .verdict import Checked, Mark
from .zone import Zone

#: Beyond as many questions to the DNS, a receiver takes the whole record for an error (RFC 7208, 4.6.4).
MOST_LOOKUPS = 10


class _Broken(Exception):
    """The record is an error for whoever reads it; the message says why."""


@dataclass
class _Reading:
    """What was met while following the record and those it includes."""

    zone: Zone
    addresses: list[str]
    lookups: int = 0
    allowed: bool = False
    seen: set[str] = field(default_factory=set)

    def count(self) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise _Broken(f"il faut plus de {MOST_LOOKUPS} questions au DNS pour le lire, et il ne compte donc plus (RFC 7208, "
                          "4.6.4). Retirez des « include: » inutiles")


def check_spf(domain: str, server: str, zone: Zone) -> Checked:
    """What the SPF record of ``domain`` is worth, and whether it lets ``server`` (a name or an address, or "") send."""
    found = _records(domain, zone)
    if not found:
        return Checked(Mark.MISSING, f"Aucun SPF pour {domain}.")
    if len(found) > 1:
        return Checked(Mark.WRONG, f"{len(found)} SPF pour {domain} : aucun ne compte (RFC 7208, 4.5). Réunissez-les en un seul.")
    reading = _Reading(zone, zone.addresses(server) if server else [])
    try:
        end = _follow(domain, found[0], reading)
    except _Broken as error:
        return Checked(Mark.WRONG, f"Le SPF de {domain} est faux : {error}.")
    if end == "+":
        return Checked(Mark.WRONG, f"Le SPF de {domain} autorise tout le monde (« all ») : mettez « -all » à la fin.")
    if end not in ("-", "~"):
        return Checked(Mark.ADVICE, f"Le SPF de {domain} n’interdit rien : finissez-le par « -all ».")
    if reading.addresses and not reading.allowed:
        return Checked(Mark.ADVICE, f"Le SPF de {domain} est en place, mais n’autorise pas {server} ({reading.addresses[0]}). "
                                    "C’est juste si votre fournisseur envoie depuis d’autres adresses ; sinon, ajoutez "
                                    f"« a:{server} ».")
    return Checked(Mark.RIGHT, f"Le SPF de {domain} est en place{f', et autorise {server}' if reading.allowed else ''}.")


def _records(domain: str, zone: Zone) -> list[str]:
    return [text for text in zone.texts(domain) if re.match(r"v=spf1(?: |$)", text, re.IGNORECASE)]


def _follow(domain: str, record: str, reading: _Reading) -> str:
    """Read a record to its end; gives the sign of its ``all``, "" where it has none."""
    if domain in reading.seen:
        raise _Broken(f"{domain} s’inclut lui-même")
    reading.seen.add(domain)
    redirect = ""
    for term in record.split()[1:]:
        sign = term[0] if term[0] in "+-~?" else "+"
        name, separator, value = re.fullmatch(r"([\w.-]*)([:=/]?)(.*)", term.lstrip("+-~?")).groups()
        name = name.lower()
        if name == "all":
            return sign
        if separator == "=":
            redirect = value if name == "redirect" else redirect
        elif name == "include":
            _include(value, reading, sign)
        elif name in ("a", "mx", "exists", "ptr"):
            reading.count()
            if name in ("a", "mx") and sign == "+":
                _match_names(name, (value if separator == ":" else "") or domain, reading)
        elif name in ("ip4", "ip6"):
            _match_network(value, reading, sign)
        else:
            raise _Broken(f"« {term} » n’y a pas de sens")
    if redirect:
        reading.count()
        return _follow(redirect, _only(redirect, reading.zone), reading)
    return ""


def _include(value: str, reading: _Reading, sign: str) -> None:
    reading.count()
    before = reading.allowed
    _follow(value, _only(value, reading.zone), reading)
    if sign != "+":
        reading.allowed = before


def _only(domain: str, zone: Zone) -> str:
    found = _records(domain, zone)
    if len(found) != 1:
        raise _Broken(f"il renvoie à {domain}, qui n’a pas un SPF et un seul")
    return found[0]


def _match_names(kind: str, name: str, reading: _Reading) -> None:
    name, _, _ = name.partition("/")
    if "%" in name:  # a macro: only a receiver knows what it stands for
        return
    hosts = reading.zone.exchangers(name) if kind == "mx" else [name]
    if any(address in reading.zone.addresses(host) for host in hosts if host for address in reading.addresses):
        reading.allowed = True


def _match_network(value: str, reading: _Reading, sign: str) -> None:
    try:
        network = ip_network(value, strict=False)
    except ValueError as error:
        raise _Broken(f"« {value} » n’est pas une adresse") from error
    if sign == "+" and any(ip_address(address) in network for address in reading.addresses):
        reading.allowed = True
