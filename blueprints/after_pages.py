"""What a dossier's page shows once the convention is signed: dates proposed, reports, attestation, exchange, parcours."""

from __future__ import annotations

from typing import Any

from models.dossier import Dossier
from models.evaluation import Voice
from models.states import ImmersionState, Kind, Role
from services import convention
from services.attestation import reading
from services.evaluation import asking, giving
from services.immersion import ending, exchanges, moving


def after_signature(dossier: Dossier, role: Role) -> dict[str, Any]:
    """What that role may see of an immersion, nothing of another request."""
    if dossier.kind_ != Kind.IMMERSION:
        return {}
    move = moving.open_move(dossier)
    several = dossier.follows_id is not None or bool(dossier.continued_by)
    account = asking.evaluation_of(dossier, Voice.COMPANION)
    return {
        "move": (move.was, moving.said(move)) if move is not None else None,
        "reports": [(row.label, row.given_at, rows) for row, rows in giving.readable_by(dossier, role)],
        "awaited": giving.awaited(dossier) if role == Role.COORDINATOR else [],
        "account": account.id if account is not None and account.published_at else None,
        "sealed": convention.sealed_documents(dossier), "to_come": dossier.state == ImmersionState.SIGNED,
        "attestations": reading.shown_to(dossier, role), "exchange": exchanges.say(dossier),
        "exchange_place": exchanges.place(dossier),
        "ending": ending.said(dossier), "parcours": several and role in (Role.AUTHOR, Role.COORDINATOR)}
