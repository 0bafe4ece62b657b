"""A network of ten coordinators, for what happens when they all act at once."""

from __future__ import annotations

from dataclasses import replace

from cast import COORDINATOR

from models.base import transaction
from models.dossier import Dossier, Participant
from models.network import Coordinator
from models.states import Role

TEN = [COORDINATOR, *(f"coordination{number}@ring.example" for number in range(2, 11))]


def coordinate(app) -> None:
    """Put nine more coordinators beside the default one."""
    ring = app.extensions["ring"]
    first = ring.network.default_coordinator
    more = tuple(Coordinator(f"Coordination {number}", address, "", ("30",), first.kinds, "", (), False)
                 for number, address in enumerate(TEN[1:], 2))
    app.extensions["ring"] = replace(ring, network=replace(ring.network, coordinators=(first, *more)))


def seat(dossier: Dossier) -> list[int]:
    """Have all ten take part in that dossier; gives their participants' ids, in the order of :data:`TEN`."""
    with transaction() as session:
        dossier = session.get(Dossier, dossier.id)
        known = {person.email: person for person in dossier.participants if person.role == Role.COORDINATOR}
        for address in TEN:
            if address not in known:
                known[address] = Participant(role=Role.COORDINATOR.value, name=address.partition("@")[0], email=address,
                                             active=True)
                dossier.participants.append(known[address])
        session.flush()
        return [known[address].id for address in TEN]
