"""What the network attests after an immersion: a sealed PDF and an open badge, to the companion and to the host."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTCDateTime, db
from .states import Labelled

if TYPE_CHECKING:
    from .dossier import Immersion, Participant
    from .stored_file import StoredFile


class AttestationState(Labelled):
    DUE = "due", "en préparation"
    SENT = "sent", "délivrée"
    FAILED = "failed", "en échec"
    REVOKED = "revoked", "retirée"


class Attestation(db.Model):
    """One attestation and its badge. ``data`` is ``pdf.attestation.AttestationData`` as JSON; ``badge`` the signed credential.

    The row is made by a decision, the PDF and the badge by a job (``state`` due), tried again until it is done. Its id is its
    place in the list of revoked badges: rows are never removed but with their dossier.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    immersion_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"))
    recipient: Mapped[str] = mapped_column(String(20))
    """"companion" or "host"."""
    state: Mapped[str] = mapped_column(String(10), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    verification_code: Mapped[str] = mapped_column(String(20), unique=True)
    badge_uuid: Mapped[str] = mapped_column(String(36), unique=True)
    badge: Mapped[str] = mapped_column(Text, default="")
    """The credential as a signed token; "" until the job made it."""
    salt: Mapped[str] = mapped_column(String(32))
    awarded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    pdf_sha256: Mapped[str] = mapped_column(String(64), default="")
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_why: Mapped[str] = mapped_column(String(1000), default="")

    immersion: Mapped[Immersion] = relationship(back_populates="attestations")
    participant: Mapped[Participant | None] = relationship()
    file: Mapped[StoredFile | None] = relationship(foreign_keys=file_id)
