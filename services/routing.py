"""Who receives a request: by kind, by the most precise territory, by a deputy during an absence, never nobody."""

from __future__ import annotations

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


def choose(network: Network, kind: Kind, insee: str, today: date) -> Route:
    """The coordinator for a request of ``kind`` from commune ``insee`` on that day.

    Those who cover the commune's EPCI come before those who cover its département; among equals the one with the
    fewest territories, then the order of the file. Somebody absent is replaced by their deputy, and a deputy by
    theirs; if everybody in the chain is absent the default coordinator receives it all the same.
    """
    commune = communes.commune(insee)
    wanted = [commune.epci, commune.departement] if commune else []
    for territory in filter(None, wanted):
        covering = [c for c in network.coordinators if territory in c.territories and kind.value in c.kinds]
        if covering:
            return _present(network, min(covering, key=lambda c: len(c.territories)), today)
    found = _present(network, network.default_coordinator, today)
    return found if found.journal == "routed_to_deputy" else Route(found.coordinator, "routed_by_default")


def _present(network: Network, chosen: Coordinator, today: date) -> Route:
    seen: list[Coordinator] = []
    current: Coordinator | None = chosen
    while current and current.absent_on(today) and current not in seen:
        seen.append(current)
        current = network.coordinator(current.deputy) if current.deputy else None
    if current is None or current in seen:
        current = next((c for c in (network.default_coordinator, *network.coordinators) if not c.absent_on(today)),
                       network.default_coordinator)
    return Route(current, "routed" if current is chosen else "routed_to_deputy")
