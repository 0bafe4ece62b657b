"""All that happened to a request, in one order: words, notes, what the journal says, letters and what became of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from models.base import db
from models.dossier import Dossier
from models.outbox import OutboxMessage, OutboxState
from models.typography import french

#: Entries of the journal that only say that words were written: the words themselves stand there.
_SAID = frozenset({"wrote", "answered", "noted"})
#: Letters that only carry words which stand there too.
_CARRIED = frozenset({"conversation/message_relayed"})


@dataclass(frozen=True)
class Event:
    """One thing: ``kind`` is message, note, journal or letter; ``head`` says what, ``words`` are those that were written."""

    at: datetime
    kind: str
    head: str
    words: str = ""
    files: list[str] = field(default_factory=list)


def events(dossier: Dossier) -> list[Event]:
    """In order, the oldest first."""
    names = {person.id: person.display_name for person in dossier.participants}
    found = [Event(entry.at, "journal", entry.sentence) for entry in dossier.journal if entry.kind not in _SAID]
    for message in dossier.messages:
        who = names.get(message.participant_id, "Le réseau")
        to = f", à {names[message.to_id]}" if message.to_id in names else ""
        files = [file.name for file in message.files]
        found.append(Event(message.at, "note" if message.is_note else "message", f"{who}{to}", message.body, files))
    letters = db.session.scalars(select(OutboxMessage).where(OutboxMessage.dossier_id == dossier.id,
                                                             OutboxMessage.letter.notin_(_CARRIED)))
    for row in letters:
        to = names.get(row.participant_id, row.recipient_name or row.recipient)
        found.append(Event(row.created_at, "letter", french(f"« {row.subject} », à {to} : {OutboxState(row.state).label}")))
    order = {"journal": 0, "message": 1, "note": 1, "letter": 2}  # of the same moment: what was done, then who is told
    return sorted(found, key=lambda event: (event.at, order[event.kind]))
