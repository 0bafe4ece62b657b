"""Structures and members of the network."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTCDateTime, db
from .states import Labelled


class MemberKind(Labelled):
    STRUCTURE = "structure", "structure"
    PROFESSIONAL = "professional", "professionnel·le"
    LEARNER = "learner", "en devenir"


class Structure(db.Model):
    """An organisation that works for digital inclusion; a member, or named by one as an employer."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    public: Mapped[bool] = mapped_column(default=False)
    typology: Mapped[str] = mapped_column(String(30), default="")
    siret: Mapped[str] = mapped_column(String(14), default="", index=True)
    address: Mapped[str] = mapped_column(String(300), default="")
    commune: Mapped[str] = mapped_column(String(5))
    website: Mapped[str] = mapped_column(String(300), default="")
    skills: Mapped[list[str]] = mapped_column(JSON, default=list)
    hosts: Mapped[bool] = mapped_column(default=False)
    host_places: Mapped[int] = mapped_column(default=0)
    host_technical: Mapped[str] = mapped_column(Text, default="")
    host_human: Mapped[str] = mapped_column(Text, default="")
    host_periods: Mapped[str] = mapped_column(Text, default="")
    host_access: Mapped[str] = mapped_column(Text, default="")
    """How one comes and moves there: transport, steps, what a person with a disability may want to know."""
    possibilities: Mapped[str] = mapped_column(Text, default="")
    constraints: Mapped[str] = mapped_column(Text, default="")

    members: Mapped[list[Membre]] = relationship(back_populates="structure", order_by="Membre.id")

    @property
    def contact(self) -> Membre | None:
        """Who answers for the structure: the member who joined in its name."""
        return next((m for m in self.members if m.kind == MemberKind.STRUCTURE and m.left_at is None), None)


class Membre(db.Model):
    """A member the network has accepted: a structure's representative, a professional, or a learner."""

    # The directory, in its order, with what it is narrowed and counted by.
    __table_args__ = (Index("ix_membre_name", "family_name", "given_name", "id", "left_at", "kind", "commune"),
                      {"sqlite_autoincrement": True})  # its number stands in links

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    job: Mapped[str] = mapped_column(String(200), default="")
    commune: Mapped[str] = mapped_column(String(5))
    skills_offered: Mapped[list[str]] = mapped_column(JSON, default=list)
    skills_sought: Mapped[list[str]] = mapped_column(JSON, default=list)
    levels: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """Code of a skill offered or sought -> how well it is mastered, a code of :data:`models.vocabulary.LEVELS`."""
    directory: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Fields the member agreed to show in the directory; nothing by default."""
    pace: Mapped[str] = mapped_column(String(20), default="")
    """How often they accept to be asked for help, a code of :data:`models.vocabulary.PACES`; "": they were never asked it,
    and nobody asks them anything."""
    pause_ends_on: Mapped[date | None]
    """The last day of a pause: nobody asks them anything until the day after."""
    advises_employers: Mapped[bool] = mapped_column(default=False)
    """A structure's representative who answers other employers' questions."""
    mentors: Mapped[bool] = mapped_column(default=False)
    """Agreed to be proposed as a mentor to somebody who begins."""
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    charter_version: Mapped[str] = mapped_column(String(20))
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When they last said that what the network knows of them is right; none: when they joined."""
    asked_to_check_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    adhesion_id: Mapped[int | None] = mapped_column(ForeignKey("dossier.id", ondelete="SET NULL"), index=True)
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structure.id", ondelete="SET NULL"), index=True)

    structure: Mapped[Structure | None] = relationship(back_populates="members")

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


class Invitation(db.Model):
    """A professional whom the structure they work for names: they fill in their own data, or say no thank you."""

    __table_args__ = (UniqueConstraint("structure_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id", ondelete="CASCADE"))
    by: Mapped[str] = mapped_column(String(200))
    """Who named them, as they are called."""
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254), index=True)
    invited_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    structure: Mapped[Structure] = relationship()

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"
