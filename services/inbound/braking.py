"""The brake: mail that comes too often, or says the same again, is kept and goes no further, whatever its headers say.

Two machines that answer each other stop here, even when neither says that it is one (reference email.md 1.4, 8 and 30).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from enum import Enum

from models.dossier import Participant
from models.states import Role
from models.stored_file import StoredFile

from .. import throttle

#: Mails of one person about one dossier that act or are relayed, within :data:`WITHIN` seconds.
MOST = 10
#: A coordinator writes to three parties, notes and decides.
MOST_OF_A_COORDINATOR = 30
#: Mails of one address in all dossiers, within the same time.
MOST_OF_AN_ADDRESS = 60
WITHIN = 3 * 3600
#: Beyond this many times the limit, a mail is not shown on the page any more; its bytes are kept all the same.
_SHOWN = 3
#: The same words from the same person to the same one, within this many seconds, are one message.
SAME_WITHIN = 600
#: « Oui » and « Merci » may answer two questions.
_SHORT = 40


class Brake(Enum):
    """What becomes of a mail."""

    GOES = "goes"
    KEPT = "kept"
    """Too many: kept and shown, relayed to nobody, answered by nothing."""
    PILED = "piled"
    """Far too many: kept as it came."""


def brake(participant: Participant, now: datetime) -> Brake:
    """Count one more mail of that person; inside a transaction."""
    most = MOST_OF_A_COORDINATOR if participant.role == Role.COORDINATOR else MOST
    goes = throttle.allow(f"mails:{participant.id}", most, WITHIN, now)
    goes = throttle.allow(f"mails-of:{participant.email.lower()}", MOST_OF_AN_ADDRESS, WITHIN, now) and goes
    if goes:
        return Brake.GOES
    return Brake.KEPT if throttle.allow(f"mails-kept:{participant.id}", most * (_SHOWN - 1), WITHIN, now) else Brake.PILED


def said_before(participant: Participant, to_id: int, words: str, files: Sequence[StoredFile], now: datetime) -> bool:
    """True when that person just wrote these very words, with these files, to the same one; inside a transaction.

    Undone with the transaction: a mail taken up again after an error has not been said before.
    """
    said = " ".join(words.split())
    if len(said) < _SHORT and not files:
        return False
    told = hashlib.sha256(said.encode())
    for file in files:
        told.update(bytes.fromhex(file.sha256))
    return not throttle.allow(f"said:{participant.id}:{to_id}:{told.hexdigest()}", 1, SAME_WITHIN, now)


def tells(participant: Participant, what: str, now: datetime) -> bool:
    """True the first time in :data:`WITHIN` seconds that the coordination is to be told of it; inside a transaction."""
    return throttle.allow(f"{what}-told:{participant.id}", 1, WITHIN, now)
