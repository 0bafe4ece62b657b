"""Two people at one request: who comes second reads what the first did before doing anything."""

from __future__ import annotations

from sqlalchemy import select

from models.base import db
from models.dossier import Dossier, Participant
from models.journal import JournalEntry
from territory.calendar import say_datetime

from ..errors import Overtaken

#: Entries of the journal that decide nothing (``peer_asked_beyond`` is written no more, and stands in older journals).
NOT_DECISIONS = frozenset({
    "noted", "note_removed", "wrote", "wrote_by_subject", "answered", "wrote_late", "copied", "slowed", "same_words", "muted",
    "unmuted", "taken",
    "given_back", "handed_over", "coordinator_left", "bulk_undone", "routed", "routed_to_deputy",
    "file_refused", "mail_failed", "link_renewed", "part_saved",
    "parts_asked", "peers_asked", "peer_asked_by_hand", "peer_asked_beyond",
    "peers_exhausted", "peer_declined", "peer_paused", "peer_passed", "first_answer",
    "watch_reminded", "watch_deputy", "watch_safety", "slots_proposed", "slot_chosen", "meeting_cancelled", "opinion_given",
    "fiche_agreed", "signature_recalled", "became_member", "employer_told", "employer_suggested", "still_right", "charter_agreed",
    "records_merged", "records_parted"})
#: What nobody minds doing beside somebody else: notes, and saying who takes care of it (which looks for itself).
UNHURRIED = frozenset({"note", "retirer-note", "prendre", "prendre-quand-meme", "rendre", "transmettre", "adresse"})
#: Entries that decide nothing, and are words all the same.
_WORDS = frozenset({"wrote", "wrote_by_subject", "answered", "wrote_late", "mail_attached"})


def refuse_overtaken(dossier_id: int, participant_id: int, seen_entry: int) -> None:
    """Call with the dossier locked.

    :raises Overtaken: somebody else wrote or decided since that line of the journal.
    """
    later = db.session.scalars(select(JournalEntry).where(
        JournalEntry.dossier_id == dossier_id, JournalEntry.id > seen_entry).order_by(JournalEntry.id)).all()
    told = [entry for entry in later if entry.participant_id not in (None, participant_id)
            and (entry.kind in _WORDS or entry.kind not in NOT_DECISIONS)]
    if told:
        raise Overtaken([f"{entry.sentence[:-1]}, {say_datetime(entry.at)}." for entry in told], later[-1].id)


def who_decided(dossier: Dossier, reader: Participant) -> str:
    """What was decided meanwhile, by whom and when, in sentences that ``reader`` may read."""
    last = next((e for e in reversed(dossier.journal) if e.kind not in NOT_DECISIONS), None)
    said = f" Déjà décidé\u00a0: {last.sentence_for(reader)[:-1]}, {say_datetime(last.at)}." if last else ""
    return f"La demande a changé depuis\u00a0: elle est maintenant à l’étape «\u00a0{dossier.state_label}\u00a0».{said}"
