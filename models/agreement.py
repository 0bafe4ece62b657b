"""Who agreed to which version of the commitments, and when a new one is put to the members."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTCDateTime, db
from .states import Labelled
from .structure import Membre


class Way(Labelled):
    """How somebody agreed."""

    JOINING = "joining", "en rejoignant le réseau"
    LINK = "link", "par son lien"
    MAIL = "mail", "en répondant au courriel"


class CharterRound(db.Model):
    """A new version of the commitments put to those who agreed to an older one, by a coordinator who says why it changes."""

    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    why: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(String(254))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CharterAgreement(db.Model):
    """One member and one version of the commitments: asked, maybe reminded, maybe agreed to."""

    __table_args__ = (UniqueConstraint("membre_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    membre_id: Mapped[int] = mapped_column(ForeignKey("membre.id", ondelete="CASCADE"))
    version: Mapped[str] = mapped_column(String(20), index=True)
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminders: Mapped[int] = mapped_column(default=0)
    agreed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    way: Mapped[str] = mapped_column(String(20), default="")

    membre: Mapped[Membre] = relationship()
