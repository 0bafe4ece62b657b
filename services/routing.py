"""Who receives a request: by kind, by the most precise territory, by a deputy during an absence, never nobody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from models.network import Coordinator, Network
from models.states import Kind
from territory import communes


@dataclass(frozen=True)
class Route:
    """``journal`` is the kind of journal entry that tells how the coordinator was chosen."""

    coordinator: Coordinator
    journal: str


def choose(network: Network, kind: Kind, insee: str, today: date, away: Collection[str] = ()) -> Route:
    """The coordinator for a request of ``kind`` from commune ``insee`` on that day.

    ``away``: addresses, in lower case, of those who said that they are away (services/coordination/presence.py), besides the
    absences of the file.

    Those who cover the commune's EPCI come before those who cover its département; among equals the one with the
    fewest territories, then the order of the file. Somebody absent is replaced by their deputy, and a deputy by
    theirs; if everybody in the chain is absent the default coordinator receives it all the same.
    """
    commune = communes.commune(insee)
    wanted = [commune.epci, commune.departement] if commune else []
    for territory in filter(None, wanted):
        covering = [c for c in network.coordinators if territory in c.territories and kind.value in c.kinds]
        if covering:
            return _present(network, min(covering, key=lambda c: len(c.territories)), today, away)
    found = _present(network, network.default_coordinator, today, away)
    return found if found.journal == "routed_to_deputy" else Route(found.coordinator, "routed_by_default")


def stand_in(network: Network, person: Coordinator, today: date, away: Collection[str] = ()) -> Coordinator | None:
    """Who receives in the place of ``person``, away on that day; None when everybody is."""
    found = _present(network, person, today, {*away, person.email.lower()}).coordinator
    return None if found is person or _absent(found, today, away) else found


def _absent(person: Coordinator, today: date, away: Collection[str]) -> bool:
    return person.absent_on(today) or person.email.lower() in away


def _present(network: Network, chosen: Coordinator, today: date, away: Collection[str]) -> Route:
    seen: list[Coordinator] = []
    current: Coordinator | None = chosen
    while current and _absent(current, today, away) and current not in seen:
        seen.append(current)
        current = network.coordinator(current.deputy) if current.deputy else None
    if current is None or current in seen:
        current = next((c for c in (network.default_coordinator, *network.coordinators) if not _absent(c, today, away)),
                       network.default_coordinator)
    return Route(current, "routed" if current is chosen else "routed_to_deputy")
