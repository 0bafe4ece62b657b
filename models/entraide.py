"""Help among peers: who was asked, the meeting set, what the exchange became for others, and what people thought of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm.attributes import set_committed_value

from .base import UTCDateTime, ask, db
from .states import Labelled

if TYPE_CHECKING:
    from .dossier import Dossier, Entraide, Participant


class Answer(Labelled):
    """What a member who was asked to help said."""

    NONE = "none", "sollicité·e, sans réponse"
    TAKEN = "taken", "aide la personne"
    DECLINED = "declined", "pas cette fois"
    PASSED = "passed", "a proposé quelqu’un d’autre"
    PAUSED = "paused", "en pause"
    GIVEN_BACK = "given_back", "a rendu la demande"
    ORIENTED = "oriented", "ne sait pas, a orienté la personne"


class Solicitation(db.Model):
    """One member asked to help with one request, or to be a mentor.

    ``email`` (lower case) is what the pace a member accepted is counted by.
    """

    __table_args__ = (UniqueConstraint("dossier_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    wave: Mapped[int]
    """1 for those asked first; 0 for somebody a colleague or the coordination named."""
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(String(20), default=Answer.NONE.value)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    dossier: Mapped[Dossier] = relationship(back_populates="solicitations")
    participant: Mapped[Participant] = relationship()

    @property
    def answer_label(self) -> str:
        return Answer(self.answer).label


class Meeting(db.Model):
    """A moment to talk: up to three slots somebody of the exchange proposed, and the one chosen. The latest counts."""

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"), index=True)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    slots: Mapped[list[str]] = mapped_column(JSON)
    """Moments in UTC, as ISO 8601, in order."""
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(300), default="")
    starts_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The slot chosen; None while nobody chose."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Of the calendar event, one more at each change (RFC 5545, 3.8.7.4)."""

    dossier: Mapped[Entraide] = relationship(back_populates="meetings")
    proposed_by: Mapped[Participant | None] = relationship()

    @property
    def moments(self) -> list[datetime]:
        return [datetime.fromisoformat(slot) for slot in self.slots]


_ANY_MEETING = select(Meeting.__table__.c.id).where(Meeting.__table__.c.dossier_id == bindparam("of")).limit(1)


def no_meeting(dossier: Entraide) -> bool:
    """True where none was read and there is none: asked for every word of an exchange, and objects cost ten times as much."""
    if "meetings" in dossier.__dict__ or not dossier.id or ask(_ANY_MEETING, of=dossier.id):
        return False
    set_committed_value(dossier, "meetings", [])
    return True


class FicheState(Labelled):
    PROPOSED = "proposed", "accord demandé"
    AGREED = "agreed", "à relire par la coordination"
    PUBLISHED = "published", "publiée"
    WITHDRAWN = "withdrawn", "retirée"


class Fiche(db.Model):
    """A question and its answer, without names, for others: made of an exchange once both who wrote it agree."""

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int | None] = mapped_column(ForeignKey("dossier.id", ondelete="SET NULL"), unique=True)
    slug: Mapped[str] = mapped_column(String(90), unique=True)
    state: Mapped[str] = mapped_column(String(20))
    theme: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(150), default="")
    question: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    author_agreed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    helper_agreed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When who answered agreed: the peer, or the coordination where it answered itself."""
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class OpinionCount(db.Model):
    """How many gave that answer to a question asked at the end of an exchange: numbers, tied to nobody and no request."""

    year: Mapped[int] = mapped_column(primary_key=True)
    help_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    question: Mapped[str] = mapped_column(String(20), primary_key=True)
    answer: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int]
