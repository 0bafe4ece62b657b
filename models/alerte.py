"""Alerts: what is kept of them, nearly all of it sealed. Another trust zone: nothing here is tied to a dossier, and no other
table names an alert. Days rather than times, so that nobody is recognised by when they wrote."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTCDateTime, db
from .states import Labelled


class AlerteState(Labelled):
    WAITING = "waiting", "pas encore lu"
    OPEN = "open", "en cours"
    CLOSED = "closed", "clos"
    ERASED = "erased", "supprimé"


#: Which state may follow which. Words of its author open a closed one again.
MOVES: dict[AlerteState, frozenset[AlerteState]] = {
    AlerteState.WAITING: frozenset({AlerteState.OPEN, AlerteState.ERASED}),
    AlerteState.OPEN: frozenset({AlerteState.CLOSED, AlerteState.ERASED}),
    AlerteState.CLOSED: frozenset({AlerteState.OPEN, AlerteState.ERASED}),
    AlerteState.ERASED: frozenset(),
}


class AlerteMoveRefused(Exception):
    """A programming error: no alert goes from that state to that one."""


class AlerteKey(db.Model):
    """A referent's key pair: the public half, and the private one locked by their passphrase, which nobody else knows."""

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    locked_key: Mapped[bytes] = mapped_column(LargeBinary)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    passes: Mapped[int]
    memory: Mapped[int]
    made_on: Mapped[date]


class AlerteSession(db.Model):
    """A referent who reads now: their private key, locked under a secret that only their browser holds."""

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("alerte_key.id", ondelete="CASCADE"))
    locked_key: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Alerte(db.Model):
    """One alert. Its words are sealed to ``public_key``; the private half is sealed to each reader and to its author."""

    id: Mapped[int] = mapped_column(primary_key=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    author_key: Mapped[bytes] = mapped_column(LargeBinary)
    """The private key, sealed to the author's key, which their code of words gives."""
    locator: Mapped[str] = mapped_column(String(64), unique=True)
    """Finds the alert of a code, and says nothing of the code."""
    state: Mapped[str] = mapped_column(String(10))
    sent_on: Mapped[date]
    moved_on: Mapped[date]
    """When somebody last wrote, read, closed or erased."""
    waits_since_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The half-day its author wrote words nobody has read yet."""
    recalled_on: Mapped[date | None]
    """When its readers were last reminded."""
    recalls: Mapped[int] = mapped_column(default=0)
    escalated_on: Mapped[date | None]
    """When all reminders were spent, and whoever stood by was let in."""

    messages: Mapped[list[AlerteMessage]] = relationship(order_by="AlerteMessage.id", back_populates="alerte")
    accesses: Mapped[list[AlerteAccess]] = relationship(order_by="AlerteAccess.id", back_populates="alerte")
    readings: Mapped[list[AlerteReading]] = relationship(order_by="AlerteReading.id")

    def move(self, state: AlerteState, on: date) -> None:
        """:raises AlerteMoveRefused: :data:`MOVES` does not know that step."""
        if state not in MOVES[AlerteState(self.state)]:
            raise AlerteMoveRefused(f"{self.state} -> {state}")
        self.state, self.moved_on = state.value, on


class AlerteAccess(db.Model):
    """One referent who can read one alert: its private key, sealed to theirs. Empty once the alert is erased."""

    __table_args__ = (UniqueConstraint("alerte_id", "key_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alerte_id: Mapped[int] = mapped_column(ForeignKey("alerte.id", ondelete="CASCADE"))
    key_id: Mapped[int] = mapped_column(ForeignKey("alerte_key.id", ondelete="CASCADE"), index=True)
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)
    stands_by: Mapped[bool] = mapped_column(default=False)
    """Opens nothing until nobody read for long (``services/alerte/relief.py``)."""

    alerte: Mapped[Alerte] = relationship(back_populates="accesses")
    key: Mapped[AlerteKey] = relationship()


class AlerteMessage(db.Model):
    """Words of the author or of a referent, sealed; who wrote them is sealed with them."""

    __table_args__ = (Index("ix_alerte_message_mail", "alerte_id", "mail_key", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alerte_id: Mapped[int] = mapped_column(ForeignKey("alerte.id", ondelete="CASCADE"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    written_on: Mapped[date]
    mail_key: Mapped[str | None] = mapped_column(String(64))
    """Of words that came by mail: a keyed hash, so that a mail delivered twice is joined once."""

    alerte: Mapped[Alerte] = relationship(back_populates="messages")


class AlerteReading(db.Model):
    """Who opened an alert, and when: shown to its author."""

    id: Mapped[int] = mapped_column(primary_key=True)
    alerte_id: Mapped[int] = mapped_column(ForeignKey("alerte.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("alerte_session.id", ondelete="SET NULL"))


class AlerteNotice(db.Model):
    """A neutral letter on its way, locked whole under the instance's secret; gone as soon as a server took it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    locked: Mapped[bytes] = mapped_column(LargeBinary)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    given_up_at: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    captured: Mapped[bool] = mapped_column(default=False)


class AlerteCount(db.Model):
    """How many alerts came in a year: all that stays of them."""

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    received: Mapped[int]


class AlerteSynthese(db.Model):
    """Themes a referent draws from several alerts, without the case, for everybody to read."""

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(150))
    body: Mapped[str] = mapped_column(Text)
    written_on: Mapped[date]
    written_by: Mapped[str] = mapped_column(String(150))
