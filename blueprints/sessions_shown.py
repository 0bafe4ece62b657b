"""When an immersion takes place, and where, for the pages of those who take part: as it stands, moved sessions included."""

from __future__ import annotations

from typing import Any

from models.states import ImmersionState, Kind, Role
from services.convention.in_force import on_the_spot
from services.immersion import hosting, moving, planning

from .visitor import Visitor

_TAKE_PART = frozenset({Role.AUTHOR, Role.EMPLOYER, Role.HOST, Role.TUTOR, Role.COORDINATOR})


def when(visitor: Visitor) -> dict[str, Any]:
    """``days``: the sessions in words; ``moved``: the signed documents say others; ``there``: where, and who welcomes."""
    dossier = visitor.dossier
    if dossier.kind_ != Kind.IMMERSION or visitor.role not in _TAKE_PART:
        return {"days": [], "moved": False, "there": []}
    days = [hosting.say_session(session) for session in planning.days_known(dossier)]
    host = on_the_spot(dossier) if dossier.state == ImmersionState.SIGNED else {}
    welcomes = ", ".join(filter(None, (host.get("tutor_name"), host.get("tutor_contact"))))
    rows = (("Où", host.get("address")), ("Comment venir", host.get("access")), ("Qui accueille", welcomes))
    there = [row for row in rows if row[1]]
    return {"days": days, "moved": moving.moved_since(dossier), "there": there}
