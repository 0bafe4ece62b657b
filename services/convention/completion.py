"""The last signature is there: the version is signed, and about to be sealed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import current_app

from models.base import after_commit
from models.convention import Convention, ConventionKind, ConventionState, SealState
from models.dossier import Actor
from models.states import ImmersionState

#: Called after the commit of a last signature; the application sets it to "have somebody look now".
WAKE = "wake_sealer"
#: What an amendment does once all have signed it (amending.py adds it: it knows this module, not the other way round).
AFTER_AMENDMENT: list[Callable[[Convention, datetime], None]] = []


def complete(convention: Convention, by: Actor, now: datetime) -> None:
    """All have signed: say so, and have it sealed; inside the transaction of the last signature.

    The dossier moves on with the convention itself; an amendment leaves it where it is.
    """
    convention.state, convention.completed_at = ConventionState.SIGNED.value, now
    convention.seal_state = SealState.DUE.value
    dossier = convention.immersion
    if convention.kind == ConventionKind.CONVENTION:
        dossier.move_to(ImmersionState.SIGNED, by, now, "convention_signed", version=convention.version)
    else:
        dossier.record("amendment_signed", by, now, number=convention.number)
        for follow in AFTER_AMENDMENT:
            follow(convention, now)
    after_commit(wake_sealer)


def wake_sealer() -> None:
    """Have somebody look now."""
    # Without anybody to wake, the sweep finds the row.
    if wake := current_app.extensions.get(WAKE):
        wake()
