"""Who signs a version of a convention, and what proves it; what comes back on paper."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .backing import ASSOCIATION
from .base import UTCDateTime, db
from .states import Labelled

if TYPE_CHECKING:
    from .convention import Convention
    from .dossier import Participant
    from .stored_file import StoredFile


class PartyName(Labelled):
    """The parties of a convention, in the order of the signature boxes."""

    HOST = "host", "structure d’accueil"
    COMPANION = "companion", "personne accueillie"
    EMPLOYER = "employer", "structure employeuse"


class Way(Labelled):
    """How somebody signed."""

    LINK = "link", "par lien"
    PAPER = "paper", "sur papier"


class CopyState(Labelled):
    """What became of a document sent back."""

    RECEIVED = "received", "à examiner"
    EXAMINED = "examined", "à accepter ou non"
    ACCEPTED = "accepted", "acceptée"
    REFUSED = "refused", "non retenue"


class Signature(db.Model):
    """One person who signs one version, made when it is sent to be signed, and what is known of their signature.

    ``way`` is "" until they signed. ``link`` is the public name of the personal link they used. A time in ``voided_at``
    says that it does not count any more: another version replaced the one they signed, for the reason ``voided_because``.
    """

    __table_args__ = (UniqueConstraint("convention_id", "party", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    convention_id: Mapped[int] = mapped_column(ForeignKey("convention.id", ondelete="CASCADE"))
    party: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(default=0)
    """Rank among those who sign for the party."""
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    quality: Mapped[str] = mapped_column(String(200), default="")
    capacity: Mapped[str] = mapped_column(String(200), default="")
    structure: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")

    way: Mapped[str] = mapped_column(String(10), default="")
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """By link: the moment."""
    signed_on: Mapped[date | None]
    """On paper: the day written by hand."""
    statement: Mapped[str] = mapped_column(Text, default="")
    """The words beside the box that was ticked."""
    shown_hash: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of the PDF that was in view."""
    link: Mapped[str] = mapped_column(String(40), default="")
    link_sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    identified_by: Mapped[str] = mapped_column(String(200), default="")
    code_hash: Mapped[str] = mapped_column(String(64), default="")
    code_sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    code_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    code_tries: Mapped[int] = mapped_column(default=0)

    copy_id: Mapped[int | None] = mapped_column(ForeignKey("returned_copy.id", ondelete="SET NULL"))
    deposited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    deposited_by: Mapped[str] = mapped_column(String(200), default="")
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accepted_by: Mapped[str] = mapped_column(String(200), default="")

    declined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why they declined, in their words."""
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    voided_because: Mapped[str] = mapped_column(Text, default="")

    views: Mapped[int] = mapped_column(default=0)
    """How often the page was looked at by somebody who pressed something on it; proves nothing."""
    first_viewed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_viewed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminders: Mapped[int] = mapped_column(default=0)

    convention: Mapped[Convention] = relationship(back_populates="signatures")
    participant: Mapped[Participant | None] = relationship()
    copy: Mapped[ReturnedCopy | None] = relationship()

    @property
    def signed(self) -> bool:
        return bool(self.way) and self.voided_at is None

    @property
    def copy_to_decide(self) -> ReturnedCopy | None:
        """The document that person signed by hand and sent back, as long as the coordination has not decided of it."""
        if self.signed or self.participant_id is None:
            return None
        return next((copy for copy in reversed(self.convention.copies) if copy.deposited_by_id == self.participant_id
                     and copy.state in (CopyState.RECEIVED, CopyState.EXAMINED)), None)

    @property
    def party_label(self) -> str:
        # Without an employment contract, it is the association of a volunteer that signs in an employer's place.
        if self.party == PartyName.EMPLOYER and self.convention.immersion.backing == ASSOCIATION:
            return ASSOCIATION.structure
        return PartyName(self.party).label


class ReturnedCopy(db.Model):
    """A version signed by hand, sent back by mail or on a page; the coordination decides whether it is accepted.

    ``sources`` are the ids of the files as they came, in order; ``file`` is the one PDF made of them. ``found`` is what its
    comparison with the version sent says: it warns, and decides nothing.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    convention_id: Mapped[int] = mapped_column(ForeignKey("convention.id", ondelete="CASCADE"), index=True)
    deposited_at: Mapped[datetime] = mapped_column(UTCDateTime)
    deposited_by_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"))
    via: Mapped[str] = mapped_column(String(10), default="web")
    sources: Mapped[list[Any]] = mapped_column(JSON, default=list)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(20), default=CopyState.RECEIVED.value)
    kind: Mapped[str] = mapped_column(String(20), default="")
    found: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(Text, default="")

    convention: Mapped[Convention] = relationship(back_populates="copies")
    deposited_by: Mapped[Participant | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()
