"""What goes with a member who asks for it, and what stays: the one place that says it and does it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update

from models.access_link import AccessLink
from models.address import SecondAddress
from models.base import db
from models.convention import Convention, ConventionState
from models.conversation import Message
from models.delivery import DeliveryEvent, MailOptOut, StoppedAddress
from models.dossier import Actor, Dossier, Immersion, Participant
from models.entraide import Answer, Solicitation
from models.inbound import InboundMessage
from models.merge import Merge, Twin
from models.outbox import OutboxMessage
from models.states import Role
from models.structure import Invitation, Membre, Structure

from .. import indexing
from ..entraide import helping
from ..mentorat.ending import forget_mentor
from . import traces

WORDS = "Ces mots ont été effacés à la demande de la personne qui les avait écrits."
_NOT_SENT = {ConventionState.DRAFT.value, ConventionState.SHOWN.value}


def kept_as_proof(dossiers: Collection[int]) -> set[int]:
    """Those of these requests of which a convention was sent to be signed: three parties rely on it."""
    return set(db.session.scalars(select(Convention.immersion_id).where(
        Convention.immersion_id.in_(dossiers), Convention.state.not_in(_NOT_SENT))))


def erase(member: Membre, now: datetime) -> None:
    """Erase that member; inside a transaction.

    Go: their record, their agreements, their requests with their letters and files, their words and their name where they took
    part in others' requests, their addresses and links. Stay: conventions sent to be signed with what was said around them, what
    others wrote, what names nobody.
    """
    session = db.session
    emails = {member.email, *session.scalars(select(SecondAddress.other).where(
        SecondAddress.email == member.email, SecondAddress.confirmed_at.is_not(None)))}
    seats = session.scalars(select(Participant).where(
        func.lower(Participant.email).in_(emails), Participant.role != Role.COORDINATOR.value).order_by(Participant.id)).all()
    proofs = kept_as_proof([seat.dossier_id for seat in seats])
    structure = member.structure
    marks = traces.marks_of(member, seats, emails)
    for seat in seats:
        if seat.dossier_id in proofs:
            seat.phone = ""
    own = {seat.dossier_id: seat.dossier for seat in seats if seat.role == Role.AUTHOR and seat.dossier_id not in proofs}
    for seat in seats:
        if seat.dossier_id not in proofs and seat.dossier_id not in own:
            if seat.role == Role.MENTOR:
                forget_mentor(seat.dossier, seat, now)
            _unname(seat)
            _give_back(seat, now)
            traces.take_out(seat.dossier, marks)
    session.flush()
    indexing.forget_emptied()
    traces.take_out_of_the_rest(marks)
    _forget_mail(emails, seats, proofs)
    for dossier in own.values():
        _remove(dossier)
    session.flush()
    session.execute(delete(SecondAddress).where(or_(SecondAddress.email.in_(emails), SecondAddress.other.in_(emails))))
    for table in (Invitation, MailOptOut, StoppedAddress, DeliveryEvent):
        session.execute(delete(table).where(table.email.in_(emails)))
    session.execute(delete(Merge).where(Merge.kind == Twin.MEMBRE.value,
                                        or_(Merge.kept_id == member.id, Merge.gone_id == member.id)))
    session.expire_all()
    session.delete(member)
    session.flush()
    if structure is not None:
        _leave(structure)


def _unname(seat: Participant) -> None:
    """They took part in somebody else's request: it stays, without their name and their words."""
    for message in db.session.scalars(select(Message).where(Message.participant_id == seat.id)):
        message.body, message.elided = WORDS, ""
        for file in list(message.files):
            file.dossier_id = file.message_id = None  # the purge of uploads removes row and content
    nobody = f"efface-{seat.id}@invalid"
    db.session.execute(update(Solicitation).where(Solicitation.participant_id == seat.id).values(email=nobody))
    seat.name, seat.email, seat.phone, seat.quality, seat.organisation = traces.NAME, nobody, "", "", ""
    seat.active = False


def _give_back(seat: Participant, now: datetime) -> None:
    """Somebody else is looked for, where they were helping: nobody writes to who is gone."""
    dossier = seat.dossier
    if dossier.helper is not seat:
        return
    if not dossier.ended:
        helping.give_back(dossier, Actor(Role.HELPER, seat, "clock"), "", now)
    for asked in dossier.solicitations:
        if asked.participant_id == seat.id:
            asked.answer = Answer.GIVEN_BACK.value


def _forget_mail(emails: set[str], seats: Sequence[Participant], proofs: set[int]) -> None:
    """Letters to them and mail from them, but for what belongs to a proof."""
    session = db.session
    stays = OutboxMessage.dossier_id.in_(proofs)
    session.execute(delete(OutboxMessage).where(func.lower(OutboxMessage.recipient).in_(emails),
                                                or_(OutboxMessage.dossier_id.is_(None), ~stays)))
    # A mail that was understood bears the seat of who wrote it, one that was not their address.
    session.execute(delete(InboundMessage).where(InboundMessage.participant_id.in_(
        [seat.id for seat in seats if seat.dossier_id not in proofs])))
    session.execute(delete(InboundMessage).where(func.lower(InboundMessage.sender).in_(emails), or_(
        InboundMessage.dossier_id.is_(None), InboundMessage.dossier_id.not_in(proofs)), or_(
        InboundMessage.participant_id.is_(None), InboundMessage.participant_id.in_(
            select(Participant.id).where(Participant.dossier_id.not_in(proofs))))))
    in_proofs = select(Participant.id).where(Participant.dossier_id.in_(proofs))
    session.execute(delete(AccessLink).where(AccessLink.email.in_(emails), or_(
        AccessLink.participant_id.is_(None), AccessLink.participant_id.not_in(in_proofs))))


def _remove(dossier: Dossier) -> None:
    """Their own request, with everything that came with it."""
    session = db.session
    session.execute(delete(OutboxMessage).where(OutboxMessage.dossier_id == dossier.id))
    session.execute(delete(InboundMessage).where(or_(
        InboundMessage.dossier_id == dossier.id, InboundMessage.participant_id.in_([one.id for one in dossier.participants]))))
    for file in list(dossier.files):
        file.dossier_id = file.message_id = None
    session.delete(dossier)


def _leave(structure: Structure) -> None:
    """Their structure stays for others; one that was theirs alone goes with them."""
    session = db.session
    session.refresh(structure)
    if structure.members:
        if structure.contact is None:
            structure.hosts = False
        return
    hosted = session.scalar(select(Immersion.id).where(Immersion.host_id == structure.id).limit(1))
    if hosted is None:
        session.delete(structure)
    else:
        structure.hosts = False
