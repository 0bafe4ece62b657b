"""Letters to be sent and sent: the rendered bytes, written in the same transaction as what caused them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, LargeBinary, String, TextClause, func, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTCDateTime, db
from .states import Labelled

if TYPE_CHECKING:
    from .dossier import Dossier, Participant


class OutboxState(Labelled):
    DUE = "due", "à envoyer"
    SENDING = "sending", "en cours d’envoi"
    SENT = "sent", "accepté par le serveur d’envoi"
    CAPTURED = "captured", "gardé dans la boîte intégrée"
    FAILED = "failed", "non remis"
    HELD = "held", "en attente d’une adresse qui marche"


def _reminder(table: str = "") -> TextClause:
    return text(f"{table}letter LIKE '%/_reminder' ESCAPE '/'")


#: Of which letters the rule « never two reminders a day » is (``mail.letter.REMINDER``): the very words of an index.
REMINDERS = _reminder("outbox_message.")


class OutboxMessage(db.Model):
    """One letter to one person; ``message_id`` is fixed before the first try, so that a repeat is recognised."""

    # What is due; then whom a reminder was for and on which day, apart from all other letters.
    __table_args__ = (Index("ix_outbox_message_state_due", "state", "due_at"),
                      Index("ix_outbox_message_reminder", func.lower(literal_column("recipient")),
                            func.coalesce(literal_column("sent_at"), literal_column("due_at")),
                            sqlite_where=_reminder(), postgresql_where=_reminder()))

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    letter: Mapped[str] = mapped_column(String(60))
    dossier_id: Mapped[int | None] = mapped_column(ForeignKey("dossier.id", ondelete="SET NULL"), index=True)
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"), index=True)
    answer_for_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"))
    """Whom an answer to this letter is for, where the reply address is lost on the way."""
    recipient: Mapped[str] = mapped_column(String(254), index=True)
    recipient_name: Mapped[str] = mapped_column(String(200), default="")
    envelope_from: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(20), default=OutboxState.DUE.value)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    first_tried_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the server first put it off to later: the three days it is tried for begin then."""
    server_said: Mapped[str] = mapped_column(String(500), default="")

    dossier: Mapped[Dossier | None] = relationship()
    participant: Mapped[Participant | None] = relationship(foreign_keys=participant_id)
    body: Mapped[OutboxBody | None] = relationship(cascade="all, delete-orphan", passive_deletes=True)

    @property
    def raw(self) -> bytes:
        """The bytes of the letter; empty once they are kept no more (services/delivery/retention.py)."""
        return self.body.raw if self.body else b""


class OutboxBody(db.Model):
    """The bytes of a letter, apart from what becomes of it: a database writes a changed row again from end to end."""

    outbox_message_id: Mapped[int] = mapped_column(ForeignKey("outbox_message.id", ondelete="CASCADE"), primary_key=True,
                                                   autoincrement=False)
    raw: Mapped[bytes] = mapped_column(LargeBinary)
