"""Two people at one request: who comes second reads what the first did before doing anything."""

from __future__ import annotations

from sqlalchemy import select

from models.base import db
from models.journal import JournalEntry
from territory.calendar import say_datetime

from .errors import Overtaken

#: What nobody minds doing beside somebody else: notes, and saying who takes care of it (which looks for itself).
UNHURRIED = frozenset({"note", "retirer-note", "prendre", "prendre-quand-meme", "rendre", "transmettre", "adresse"})
#: Entries that decide nothing, and are words all the same.
_WORDS = frozenset({"wrote", "answered", "wrote_late", "mail_attached"})


def refuse_overtaken(dossier_id: int, participant_id: int, seen_entry: int, quiet: frozenset[str]) -> None:
    """Call with the dossier locked.

    :param quiet: entries of the journal that nobody needs to read first.
    :raises Overtaken: somebody else wrote or decided since that line of the journal.
    """
    later = db.session.scalars(select(JournalEntry).where(
        JournalEntry.dossier_id == dossier_id, JournalEntry.id > seen_entry).order_by(JournalEntry.id)).all()
    told = [entry for entry in later if entry.participant_id not in (None, participant_id)
            and (entry.kind in _WORDS or entry.kind not in quiet)]
    if told:
        raise Overtaken([f"{entry.sentence[:-1]}, {say_datetime(entry.at)}." for entry in told], later[-1].id)
