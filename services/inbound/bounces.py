"""A letter that came back: what its report says is kept beside the letter, and nobody is answered.

Anybody can send a report, and a return address is read by whoever receives a letter. What is believed is the Message-ID of
a letter of ours, random, that only its recipient and the servers on its way have seen: who can name it could refuse the
letter as well. A report that names none stops nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from models.base import db, transaction
from models.dossier import Participant
from models.inbound import InboundState
from models.outbox import OutboxMessage

from .. import throttle
from ..delivery import noting
from ..delivery.verdicts import of_report
from .storing import mark_once

#: Reports without the Message-ID of a letter that are kept for one person, per day.
_UNNAMED_A_DAY = 5


@dataclass(frozen=True)
class Report:
    """What a non-delivery report says: RFC 3463 ``status`` or "", RFC 3464 ``action`` or "", the server's words."""

    status: str
    action: str
    said: str


def bounced(message_id: int, mail_id: str, participant_ids: tuple[int, ...], letters: tuple[str, ...], report: Report,
            now: datetime) -> None:
    """A report came in: noted with the letter it names; nobody is answered.

    :param participant_ids: whom the addresses it was sent to name, where they are signed by us.
    :param letters: Message-IDs of ours found in it, the returned letter's own first.
    """
    words = report.said if report.status in report.said else f"{report.status} {report.said}".strip()
    with transaction():
        letter = _returned(letters)
        whose = {letter.participant_id} if letter is not None else set(participant_ids)
        participant = db.session.get(Participant, next(iter(whose))) if whose - {None} else None
        # RFC 3464, 2.3.3: the server still tries, nothing has failed yet.
        told = "remise retardée, le serveur essaie encore" if report.action.lower() == "delayed" else "avis de non-remise"
        # About nobody's letter: perhaps a neutral one of an alert, of which not even the address may stay (0015).
        said = f"{told} : {words}" if letter is not None or participant is not None else told
        mark_once(message_id, mail_id, InboundState.IGNORED, said, participant.id if participant else None)
        if letter is None:
            if participant is not None and throttle.allow(f"unnamed-report:{participant.id}", _UNNAMED_A_DAY, 86400, now):
                noting.note_unnamed(participant.email, report.status, words, now)
        elif participant_ids and letter.participant_id not in participant_ids:
            # One person's return address with another's letter: no server does that.
            mark_once(message_id, mail_id, InboundState.IGNORED, f"avis de non-remise qui se contredit : {words}")
        else:
            noting.note_report(letter, of_report(report.status, report.action, report.said), report.status, words, now)


def _returned(letters: tuple[str, ...]) -> OutboxMessage | None:
    found = db.session.scalars(select(OutboxMessage).where(OutboxMessage.message_id.in_(letters))).all()
    return min(found, key=lambda letter: letters.index(letter.message_id), default=None)
