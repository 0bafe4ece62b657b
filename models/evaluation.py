"""What each party says of an immersion once it is over: one row a report asked, with its answers when they come."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .backing import Backing
from .base import UTCDateTime, db
from .states import Labelled

if TYPE_CHECKING:
    from .dossier import Immersion, Participant


class Voice(Labelled):
    """Whose report it is; the value is the party's name in a convention."""

    COMPANION = "companion", "récit de la personne accueillie"
    HOST = "host", "regard de l’accueil"
    EMPLOYER = "employer", "bilan de l’employeur"


def label_of(voice: Voice, backing: Backing) -> str:
    """« bilan de l’association »: whose report, where an association stands in an employer's place."""
    return backing.report if voice == Voice.EMPLOYER and backing else voice.label


class Publication(Labelled):
    """What the companion wants done with their account."""

    NO = "", "ne pas publier"
    NAMED = "named", "publier avec mon nom"
    NAMELESS = "nameless", "publier sans mon nom"


class Evaluation(db.Model):
    """One report: asked the day after the last session, given once by its party or filled in for them, corrected as often as
    they like until the request ends.

    ``agreements``: for an account to be published, party ("host", "employer") -> "oui" or "non".
    """

    __table_args__ = (UniqueConstraint("immersion_id", "voice"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    immersion_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"), index=True)
    voice: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reminders: Mapped[int] = mapped_column(default=0)
    given_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"))
    via: Mapped[str] = mapped_column(String(10), default="")
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    publication: Mapped[str] = mapped_column(String(10), default="")
    agreements: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def label(self) -> str:
        """Whose report it is, by the name that party has in this immersion."""
        return label_of(Voice(self.voice), self.immersion.backing)

    immersion: Mapped[Immersion] = relationship(back_populates="evaluations")
    given_by: Mapped[Participant | None] = relationship()
