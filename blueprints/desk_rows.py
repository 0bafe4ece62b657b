"""A request as the lists of the coordinators' space show it."""

from __future__ import annotations

from typing import Any

from models.dossier import Dossier
from services.coordination import desk, holding
from territory.calendar import local

from .dossier_page import state_tone


def dossier_row(dossier: Dossier, today, away: frozenset[str]) -> dict[str, Any]:
    """A line of the coordinators' lists; ``away``: addresses of the coordinators who are."""
    left = desk.days_left(dossier, today)
    taken = holding.holder(dossier)
    person = taken or (dossier.coordinators[0] if dossier.coordinators else None)
    holder = person.name if person else ""
    if not dossier.ended:
        holder = f"{holder}, s’en occupe" if taken else f"à prendre, reçue par {holder}" if holder else "à prendre"
    if person and person.email.lower() in away and not dossier.ended:
        holder += " (en absence)"
    return {"url": f"/coordination/{dossier.reference}", "reference": dossier.reference, "who": dossier.author.name,
            "what": dossier.title, "since": local(dossier.created_at).date(), "promised": dossier.promised_on,
            "late": left is not None and left < 0, "left": left, "free": taken is None and not dossier.ended,
            "id": dossier.id, "version": dossier.version, "state_label": dossier.state_label, "state_tone": state_tone(dossier),
            "holder": holder}
