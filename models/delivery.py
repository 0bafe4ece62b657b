"""What becomes of letters once they left, per address: what servers said, addresses no longer written to, what waits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import UTCDateTime, db
from .states import Labelled


class Outcome(Labelled):
    ACCEPTED = "accepted", "accepté par le serveur"
    DEFERRED = "deferred", "différé, nous réessayons"
    REFUSED = "refused", "refusé par le serveur"
    TOO_BIG = "too_big", "refusé, trop lourd"
    BOUNCED_SOFT = "bounced_soft", "revenu, difficulté passagère"
    BOUNCED_HARD = "bounced_hard", "revenu, l’adresse ne marche pas"
    GIVEN_UP = "given_up", "abandonné après trois jours d’essais"


class DeliveryEvent(db.Model):
    """One thing a mail server said of one letter; ``email`` is in lower case."""

    id: Mapped[int] = mapped_column(primary_key=True)
    outbox_message_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_message.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(20), default="")
    """Reply code or enhanced status (RFC 5321, RFC 3463), as the server wrote it."""
    said: Mapped[str] = mapped_column(String(500), default="")


class StoppedAddress(db.Model):
    """An address (lower case) no letter is sent to any more, until it is corrected or answers again."""

    email: Mapped[str] = mapped_column(String(254), primary_key=True)
    stopped_at: Mapped[datetime] = mapped_column(UTCDateTime)
    because: Mapped[str] = mapped_column(String(20))
    """An :class:`Outcome`."""
    said: Mapped[str] = mapped_column(String(500), default="")
    lifted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Since when it is written to again; what came back before then counts no more."""


class MailOptOut(db.Model):
    """Somebody does not want one kind of letters (``topic``: ``digest``); never of what they must receive."""

    email: Mapped[str] = mapped_column(String(254), primary_key=True)
    topic: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class DigestItem(db.Model):
    """A notice that can wait: told together with others in one letter rather than in a shower of them."""

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sentence: Mapped[str] = mapped_column(String(500))
    dossier_id: Mapped[int | None] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"))
    inbound_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_message.id", ondelete="CASCADE"))
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
