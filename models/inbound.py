"""Mail that arrived: the bytes first, whatever they are, then what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTCDateTime, db
from .states import Labelled

if TYPE_CHECKING:
    from .dossier import Participant


class InboundState(Labelled):
    RECEIVED = "received", "reçu, à traiter"
    DONE = "done", "rattaché à un échange"
    IGNORED = "ignored", "sans suite (message automatique)"
    QUARANTINED = "quarantined", "mis de côté"
    WAITING = "waiting", "en attente de la confirmation d’une adresse"
    DISCARDED = "discarded", "écarté par la coordination"
    FORM = "form", "en attente d’un formulaire à compléter"


class InboundMessage(db.Model):
    """One message; ``dedupe_key`` (SHA-256 of the raw bytes) makes a second delivery harmless."""

    # The few a coordinator decided, among all that came. A number that stands in signed addresses is given once.
    __table_args__ = (Index("ix_inbound_message_handled", "handled_at", sqlite_where=text("handled_at IS NOT NULL"),
                            postgresql_where=text("handled_at IS NOT NULL")), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(64), unique=True)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    carrier: Mapped[str] = mapped_column(String(20))
    message_id: Mapped[str] = mapped_column(String(300), default="", index=True)
    sender: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(String(300), default="")
    """So that a person can recognise mail set aside, and that what answers a reply keeps its subject."""
    state: Mapped[str] = mapped_column(String(20), default=InboundState.RECEIVED.value, index=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """While one reader has it, no other takes it."""
    handled_by: Mapped[str] = mapped_column(String(254), default="")
    """The coordinator who decided what becomes of mail set aside."""
    handled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"), index=True)

    dossier_id: Mapped[int | None] = mapped_column(ForeignKey("dossier.id", ondelete="SET NULL"), index=True)
    """The request it was attached to, or that was opened from it."""

    participant: Mapped[Participant | None] = relationship()
    body: Mapped[InboundBody | None] = relationship(cascade="all, delete-orphan", passive_deletes=True)

    @property
    def raw(self) -> bytes:
        """The bytes of the mail; empty once they are kept no more (services/inbound/erasing.py)."""
        return self.body.raw if self.body else b""


class InboundBody(db.Model):
    """The bytes of a mail, apart from what becomes of it, as an ``OutboxBody`` is."""

    inbound_message_id: Mapped[int] = mapped_column(ForeignKey("inbound_message.id", ondelete="CASCADE"), primary_key=True,
                                                    autoincrement=False)
    raw: Mapped[bytes] = mapped_column(LargeBinary)


class CarrierState(db.Model):
    """Where one carrier stands (an IMAP folder, the pipe, the LMTP listener; ``envoi``, the server letters leave through):
    what it did last, where it goes on.

    ``position`` is the carrier's own: for IMAP the UIDVALIDITY, the last UID taken, and tries by UID of what fails.
    """

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    last_success_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str] = mapped_column(String(500), default="")
    position: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
