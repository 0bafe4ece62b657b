"""What a person sees of the sealing of what all have signed, and what the coordination may do when it fails."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mail.calendar_invitation import agenda
from models.base import after_commit
from models.convention import ConventionState, SealState
from models.dossier import Actor, Dossier, Immersion, Participant
from models.states import ImmersionState, Kind, Role
from models.stored_file import StoredFile

from ..acting import Action, register
from ..errors import NotFound
from .appointments import appointments, network_address
from .completion import wake_sealer
from .sealing_job import try_again

_NOTHING = "Tout ce qui est signé est scellé, ou le sera dans un instant."


@dataclass(frozen=True)
class SealedDocument:
    """A document all have signed. ``state``: due, failed or sealed; ``file_id`` once it is sealed. ``error`` is for the
    coordination."""

    name: str
    state: SealState
    completed_at: datetime | None
    sealed_at: datetime | None
    file_id: int | None
    code: str
    error: str
    next_try_at: datetime | None


def sealed_documents(dossier: Dossier) -> list[SealedDocument]:
    """The signed documents of a request, the convention first."""
    if not isinstance(dossier, Immersion):
        return []
    rows = [row for row in dossier.conventions if row.state == ConventionState.SIGNED and row.seal_state]
    return [SealedDocument(
        f"avenant nº\u00a0{row.number}" if row.number else f"convention, version {row.version}", SealState(row.seal_state),
        row.completed_at, row.sealing.sealed_at if row.sealing else None, row.sealing.file_id if row.sealing else None,
        row.verification_code or "", row.sealing.error if row.sealing else "", row.sealing.next_try_at if row.sealing else None)
        for row in rows]


def sealed_files(dossier: Dossier) -> list[StoredFile]:
    """The sealed files of a request: all who take part may have them."""
    wanted = {each.file_id for each in sealed_documents(dossier)}
    return [row for row in dossier.files if row.id in wanted]


def agenda_file(dossier: Dossier, to: Participant, now: datetime) -> bytes:
    """The sessions of a signed convention, for a calendar. Raises NotFound before it is signed, or where it is not to be."""
    if dossier.state == ImmersionState.NOT_HELD:
        raise NotFound("L’immersion n’a pas lieu\u00a0: aucune date n’est à ajouter.")
    if not sealed_documents(dossier) or not dossier.sessions:
        raise NotFound("Les dates iront dans votre agenda une fois la convention signée.")
    return agenda(appointments(dossier, to), network_address(), now).content


def _nothing_fails(dossier: Dossier, _who: Any) -> str:
    return "" if any(each.state is SealState.FAILED for each in sealed_documents(dossier)) else _NOTHING


def seal_again(dossier: Immersion, by: Actor, _words: str, now: datetime, _extra: object = None) -> str:
    """Try at once what failed; the task does it, and says on the page what came of it."""
    for row in dossier.conventions:
        try_again(row)
    dossier.record("sealing_asked", by, now)
    after_commit(wake_sealer)
    return "Un nouvel essai commence. Cette page dira dans un instant s’il a réussi."


_S = ImmersionState
register(Action(
    "sceller", "Réessayer de sceller", "essaie de nouveau de sceller le document signé",
    {Kind.IMMERSION: frozenset(state.value for state in (_S.SIGNED, _S.LIVED, _S.INTERRUPTED, _S.NOT_HELD, _S.CLOSED))},
    frozenset({Role.COORDINATOR}), seal_again, only=_nothing_fails))
