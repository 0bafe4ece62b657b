"""A dossier: one request from its submission to its end, with those who take part in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, bindparam, func, literal_column, select
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from .backing import EMPLOYER, Backing, backing_of, said_for
from .base import UTCDateTime, db, insert_row, run
from .entraide import Answer, no_meeting
from .journal import JournalEntry
from .shelf import shelf_indexes
from .states import ENDED, STATES, AdhesionState, EntraideState, ImmersionState, Kind, Labelled, Role, check_transition

if TYPE_CHECKING:
    from .attestation import Attestation
    from .convention import Convention, ImmersionSession
    from .conversation import Message
    from .entraide import Fiche, Meeting, Solicitation
    from .evaluation import Evaluation
    from .session_move import SessionMove
    from .stored_file import StoredFile
    from .structure import Structure


@dataclass(frozen=True)
class Actor:
    """Who acts and through which door (``web``, ``mail`` or ``clock``)."""

    role: Role
    participant: Participant | None = None
    via: str = "web"


CLOCK = Actor(Role.CLOCK, None, "clock")


#: Who may keep their name from the other, and what is read in its place.
UNNAMED: dict[str, str] = {Role.AUTHOR: "La personne qui a posé la question", Role.HELPER: "Un·e pair du réseau",
                           Role.MENTOR: "Une personne du réseau"}
#: The same, where it is not a question that was asked.
_UNNAMED_AUTHOR: dict[str, str] = {Kind.MENTORAT: "La personne à accompagner"}


class Participant(db.Model):
    """A person in a dossier's conversation, in one role: the address mail goes to and is expected from."""

    # Whose address it is, however it was typed. A number that stands in signed addresses is given once.
    __table_args__ = (UniqueConstraint("dossier_id", "role", "email"),
                      Index("ix_participant_email_lower", func.lower(literal_column("email"))), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(40), default="")
    quality: Mapped[str] = mapped_column(String(200), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    active: Mapped[bool] = mapped_column(default=True)
    muted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Since when they asked not to be written to about this dossier (« stop »)."""
    named: Mapped[bool] = mapped_column(default=True)
    """Whether who asks for help and who helps may read each other's name; the coordination always reads it."""

    dossier: Mapped[Dossier] = relationship(back_populates="participants")

    @property
    def display_name(self) -> str:
        """What the others read: the name, and the organisation where it says who speaks; never the address."""
        if self.role in (Role.EMPLOYER, Role.HOST, Role.SIGNATORY, Role.TUTOR) and self.organisation:
            return f"{self.name} ({self.organisation})"
        return self.name

    def shown_to(self, reader: Participant | None, *, begins: bool = True) -> str:
        """What that person of the dossier reads (None: whoever it is), at the beginning of a sentence or in it."""
        if self.named or self.role not in UNNAMED or reader is self or (reader is not None and reader.role not in UNNAMED):
            return self.display_name
        own = _UNNAMED_AUTHOR.get(self.dossier.kind) if self.role == Role.AUTHOR else None
        said = own or UNNAMED[self.role]
        return said if begins else said[0].lower() + said[1:]

    @property
    def role_label(self) -> str:
        if self.role == Role.EMPLOYER and isinstance(self.dossier, Immersion) and self.dossier.backing:
            return self.dossier.backing.structure
        return Role(self.role).label


class Dossier(db.Model):
    """One request.

    ``answers`` are the typed answers the verbs work with; ``summary`` is what the person read and sent, as a list of
    ``[section, [[question, answer], ...]]``, shown as it was in letters and pages.
    """

    # Kind, year and number are in the reference, which is unique: an index of their own would be written for nothing.
    __table_args__ = (Index("ix_dossier_state_promised", "state", "promised_on"), *shelf_indexes())

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    year: Mapped[int]
    number: Mapped[int]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    submission_key: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(200))
    commune: Mapped[str] = mapped_column(String(5))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    moved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    promised_on: Mapped[date | None]
    """Day by which the coordination promised to move; none while it waits for somebody else."""
    awaits_coordination: Mapped[bool] = mapped_column(default=False)
    """Somebody wrote and the coordination has not answered yet."""
    assigned_to: Mapped[str] = mapped_column(String(254), default="")
    """Address of the coordinator who said « je prends »; "" while nobody did."""
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    summary: Mapped[list[Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)

    participants: Mapped[list[Participant]] = relationship(
        back_populates="dossier", cascade="all, delete-orphan", order_by=Participant.id)
    journal: Mapped[list[JournalEntry]] = relationship(
        back_populates="dossier", cascade="all, delete-orphan", order_by=JournalEntry.id)
    messages: Mapped[list[Message]] = relationship(
        back_populates="dossier", cascade="all, delete-orphan", order_by="Message.id")
    files: Mapped[list[StoredFile]] = relationship(back_populates="dossier", order_by="StoredFile.id")
    solicitations: Mapped[list[Solicitation]] = relationship(
        back_populates="dossier", cascade="all, delete-orphan", order_by="Solicitation.id", passive_deletes=True)
    """Members asked to help, or to be a mentor."""

    # What one kind alone has is read with the rest: one question a request, not two.
    __mapper_args__ = {"polymorphic_on": "kind", "version_id_col": version, "with_polymorphic": "*"}

    @property
    def kind_(self) -> Kind:
        return Kind(self.kind)

    @property
    def state_label(self) -> str:
        label = STATES[Kind(self.kind)](self.state).label
        return said_for(label, (self.answers or {}).get("work_status", "")) if EMPLOYER.of in label else label

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def author(self) -> Participant:
        return next(p for p in self.participants if p.role == Role.AUTHOR)

    @property
    def coordinators(self) -> list[Participant]:
        return [p for p in self.participants if p.role == Role.COORDINATOR and p.active]

    @property
    def helper(self) -> Participant | None:
        """The peer who took a request for help, if one did."""
        return None

    def summary_for(self, role: str) -> list[Any]:
        """The summary as ``role`` may read it: addresses and telephones are for their author only, who asks is not for the
        peers who are asked to help, and nothing for who only signs or accompanies."""
        if role in (Role.SIGNATORY, Role.TUTOR):
            return []
        own = role == Role.AUTHOR
        sections = self.summary[:-1] if role in (Role.HELPER, Role.MENTOR) else self.summary
        return [[section, [row[:2] for row in rows if own or len(row) == 2]] for section, rows in sections]

    def participant(self, role: Role) -> Participant | None:
        """The latest active participant in ``role``, if any."""
        return next((p for p in reversed(self.participants) if p.role == role and p.active), None)

    def record(self, kind: str, by: Actor, now: datetime, **facts: Any) -> JournalEntry:
        """Write a line of the journal. ``kind`` is a key of :data:`models.journal.SENTENCES`."""
        entry = JournalEntry(kind=kind, at=now, via=by.via, facts=facts)
        session = object_session(self)
        if session is None or self in session.new or "journal" in self.__dict__:
            entry.participant = by.participant
            self.journal.append(entry)
            return entry
        # Without reading the whole journal to write its last line.
        if by.participant is not None and by.participant.id is None:
            session.flush()
        entry.dossier_id, entry.participant_id = self.id, by.participant.id if by.participant else None
        insert_row(entry)
        return entry

    def move_to(self, state: Labelled, by: Actor, now: datetime, journal: str, **facts: Any) -> None:
        """Change the state, and say so in the journal; only services call this.

        :raises TransitionRefused: when the table of transitions does not allow it.
        """
        check_transition(Kind(self.kind), self.state, state, by.role)
        self.state = state.value
        self.moved_at = now
        self.record(journal, by, now, **facts)


class Adhesion(Dossier):
    """A request to join; ``answers["member_kind"]`` is structure, professional or learner."""

    __mapper_args__ = {"polymorphic_identity": "adhesion"}
    first_state = AdhesionState.UNCONFIRMED
    confirmed_state = AdhesionState.SUBMITTED


class Entraide(Dossier):
    """A request for help."""

    __mapper_args__ = {"polymorphic_identity": "entraide"}
    first_state = EntraideState.UNCONFIRMED
    confirmed_state = EntraideState.SUBMITTED

    first_answer_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    next_wave_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    """When more peers are asked, if nobody helps by then; None: nobody is looked for."""
    waves: Mapped[int | None]
    """How many times peers were asked."""
    watched_on: Mapped[date | None]
    """The promised day that ``watch_step`` is about."""
    watch_step: Mapped[int | None]
    """What was done about that day: 1, who should answer was reminded; 2, the deputy was told; 3, the safety address too."""
    opinion_given: Mapped[bool | None]

    meetings: Mapped[list[Meeting]] = relationship(
        back_populates="dossier", cascade="all, delete-orphan", order_by="Meeting.id")
    fiche: Mapped[Fiche | None] = relationship()

    @property
    def helper(self) -> Participant | None:
        if not any(person.role == Role.HELPER for person in self.participants):
            return None  # nobody was asked yet: nothing to read
        return next((asked.participant for asked in self.solicitations if asked.answer == Answer.TAKEN), None)

    @property
    def meeting(self) -> Meeting | None:
        """The latest meeting proposed or set."""
        if no_meeting(self):
            return None
        return self.meetings[-1] if self.meetings else None

    @property
    def help_kind(self) -> str:
        return self.answers.get("help_kind", "")

    @property
    def first_answer_minutes(self) -> int | None:
        """How long its author waited for a first answer, once their address was confirmed."""
        if self.first_answer_at is None or self.confirmed_at is None:
            return None
        return max(0, int((self.first_answer_at - self.confirmed_at).total_seconds() // 60))  # a clock may be set back


class Immersion(Dossier):
    """A request to be received by another structure for a few days."""

    __mapper_args__ = {"polymorphic_identity": "immersion"}
    first_state = ImmersionState.UNCONFIRMED
    confirmed_state = ImmersionState.SUBMITTED

    host_id: Mapped[int | None] = mapped_column(ForeignKey("structure.id", ondelete="SET NULL"), index=True)
    host: Mapped[Structure | None] = relationship()
    sessions: Mapped[list[ImmersionSession]] = relationship(
        back_populates="immersion", cascade="all, delete-orphan", order_by="ImmersionSession.on")
    conventions: Mapped[list[Convention]] = relationship(
        back_populates="immersion", cascade="all, delete-orphan", order_by="Convention.id")
    moves: Mapped[list[SessionMove]] = relationship(
        back_populates="immersion", cascade="all, delete-orphan", order_by="SessionMove.id")
    evaluations: Mapped[list[Evaluation]] = relationship(
        back_populates="immersion", cascade="all, delete-orphan", order_by="Evaluation.id")
    attestations: Mapped[list[Attestation]] = relationship(
        back_populates="immersion", cascade="all, delete-orphan", order_by="Attestation.id")
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("dossier.id", ondelete="SET NULL"), index=True)
    """The immersion this one goes on from: a stage of the same parcours."""
    continued_by: Mapped[list[Immersion]] = relationship(
        primaryjoin="Immersion.id == foreign(remote(Immersion.follows_id))", viewonly=True, order_by="Immersion.id")

    @property
    def backing(self) -> Backing:
        """Who stands behind the person received."""
        return backing_of((self.answers or {}).get("work_status", ""))

    @property
    def convention(self) -> Convention | None:
        """The latest version of the convention, draft included; an amendment is none."""
        return next((row for row in reversed(self.conventions) if not row.number), None)


DOSSIERS: dict[Kind, type[Dossier]] = {
    Kind.ADHESION: Adhesion, Kind.ENTRAIDE: Entraide, Kind.IMMERSION: Immersion}


class ReferenceCounter(db.Model):
    """Last number given, per kind and year; taken inside the transaction, so that an error leaves no gap."""

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


def reference(kind: Kind, year: int, number: int) -> str:
    """``AIDE-2026-0042``: short, and read out on the phone."""
    return f"{kind.prefix}-{year}-{number:04d}"


def next_number(kind: Kind, year: int) -> int:
    """The next number of ``kind`` in ``year``, starting at 1; one statement, so that two at once cannot get the same."""
    return run(_next_number, of=kind.value, in_year=year).scalar()


def _next_number(insert):
    row = insert(ReferenceCounter.__table__).values(kind=bindparam("of"), year=bindparam("in_year"), last=1)
    return row.on_conflict_do_update(index_elements=["kind", "year"], set_={"last": ReferenceCounter.last + 1}
                                     ).returning(ReferenceCounter.last)


_ID_BY_KEY = select(Dossier.__table__.c.id).where(Dossier.__table__.c.submission_key == bindparam("key"))


def dossier_by_key(key: str) -> Dossier | None:
    """The dossier already made from that rendered form, if any."""
    known = db.session.execute(_ID_BY_KEY, {"key": key}).scalar_one_or_none()
    return None if known is None else db.session.get(Dossier, known)
