"""A coordinator corrects somebody's address; nothing of the request leaves for it before its holder has confirmed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from mail import outbox
from mail.addresses import ReplyAddress, write_address
from mail.head import readdressed
from mail.letters import accueil
from models.access_link import AccessLink, Purpose, new_link
from models.base import db, insert_row, transaction
from models.dossier import Actor, Dossier, Participant
from models.instance import instance
from models.outbox import OutboxMessage, OutboxState
from models.states import STATES, Kind, Role
from models.structure import Membre

from .. import throttle
from ..acting import Action, lock, register
from ..errors import AlreadyDone, LinkExpired, NotFound, Refused, TooMany
from ..links import link_url, read_link
from . import stopping

_ASKED_A_DAY = 5


@dataclass(frozen=True)
class Correction:
    """``email`` is the address to put in place of that person's; "" when theirs works and is to be tried again."""

    participant_id: int
    email: str = ""


def _correct(dossier: Dossier, by: Actor, _words: str, now: datetime, wanted: Any) -> str:
    if not isinstance(wanted, Correction):
        raise Refused("Choisissez la personne dont l’adresse est à corriger.")
    person = next((p for p in dossier.participants if p.id == wanted.participant_id and p.active), None)
    if person is None:
        raise NotFound()
    if not wanted.email:
        return _try_again(person, now)
    if person.role == Role.COORDINATOR:
        raise Refused("Les adresses de la coordination se changent dans le fichier du réseau.")
    _check(person, wanted.email)
    if not throttle.allow(f"new-address:{person.id}", _ASKED_A_DAY, 86400, now):
        raise TooMany("Plusieurs adresses ont déjà été essayées aujourd’hui pour cette personne. Réessayez demain.")
    _ask(person, wanted.email, now)
    dossier.record("address_corrected", by, now)
    return (f"Un courriel est parti à {wanted.email}. Quand {person.name} aura confirmé cette adresse, les courriels qui "
            "attendent y partiront.")


def _try_again(person: Participant, now: datetime) -> str:
    if not stopping.stopped_among({person.email}):
        raise AlreadyDone("Cette adresse n’est pas arrêtée : les courriels y partent.")
    count = stopping.lift(person.email, now)
    if not count:
        return f"L’adresse de {person.name} est de nouveau utilisée. Aucun courriel n’attendait."
    left = "Un courriel part" if count == 1 else f"{count} courriels partent"
    return f"{left} à l’adresse de {person.name}, de nouveau utilisée."


def _check(person: Participant, email: str) -> None:
    """:raises Refused: an address this person cannot have."""
    new = email.lower()
    if new == person.email.lower():
        raise Refused("C’est déjà l’adresse de cette personne. Si elle marche, demandez de réessayer.")
    if new.rpartition("@")[2] == instance().settings.mail_domain.lower():
        raise Refused("C’est une adresse du réseau : indiquez l’adresse de la personne.")
    if stopping.stopped_among({new}):
        raise Refused("Nos courriels ne parviennent pas non plus à cette adresse. Vérifiez-la auprès de la personne.")
    if any(p is not person and p.role == person.role and p.email.lower() == new for p in person.dossier.participants):
        raise Refused("Une autre personne de cette demande a déjà cette adresse.")


def _ask(person: Participant, email: str, now: datetime, about: str = "") -> None:
    """Ask the holder of ``email`` whether it is that person's: no name and nothing of the request is told yet."""
    db.session.execute(update(AccessLink).where(
        AccessLink.purpose == Purpose.NEW_ADDRESS.value, AccessLink.participant_id == person.id,
        AccessLink.revoked_at.is_(None)).values(revoked_at=now))
    token, link = new_link(Purpose.NEW_ADDRESS, email, now, person)
    link.about = about
    insert_row(link)
    ring = instance()
    letter = accueil.new_address(ring.network, person.dossier.reference, link_url(Purpose.NEW_ADDRESS, token), own=bool(about))
    row = outbox.post_to_address(letter, email, "", now)
    # Its fate is shown with the request, and what comes back of it names the person.
    back = write_address(ReplyAddress(person.id, 0, bounce=True), ring.settings.SECRET_KEY, ring.settings.mail_domain)
    db.session.execute(update(OutboxMessage).where(OutboxMessage.id == row.id).values(
        dossier_id=person.dossier_id, participant_id=person.id, envelope_from=back).execution_options(synchronize_session=False))


#: ``AccessLink.about`` of the two links of a change that its holder asks: both have to be pressed.
OLD, NEW = "old", "new"


def ask_both(person: Participant, email: str, now: datetime) -> None:
    """Somebody asks to be written to elsewhere: the address they have and the new one are both asked; inside a transaction.

    :raises Refused: an address they cannot have. :raises TooMany: asked too often today.
    """
    _check(person, email)
    if not throttle.allow(f"new-address:{person.id}", _ASKED_A_DAY, 86400, now):
        raise TooMany("Plusieurs changements d’adresse ont déjà été demandés aujourd’hui. Réessayez demain.")
    _ask(person, email, now, NEW)
    token, link = new_link(Purpose.NEW_ADDRESS, person.email, now, person)
    link.about = OLD
    insert_row(link)
    letter = accueil.address_to_leave(instance().network, person.dossier, person, email, link_url(Purpose.NEW_ADDRESS, token))
    outbox.post(letter, person, now)


def _other_side(link: AccessLink) -> AccessLink | None:
    """The link of the other address, where both have to say yes."""
    if not link.about:
        return None
    return db.session.scalar(select(AccessLink).where(
        AccessLink.purpose == Purpose.NEW_ADDRESS.value, AccessLink.participant_id == link.participant_id,
        AccessLink.revoked_at.is_(None), AccessLink.about == (NEW if link.about == OLD else OLD)).order_by(AccessLink.id.desc()))


def asked_by_both(link: AccessLink) -> tuple[str, bool]:
    """The new address that a link is about, and whether the other side has still to say yes."""
    other = _other_side(link)
    wanted = link if link.about != OLD else other
    return (wanted or link).email, other is not None and other.used_at is None


def read_new_address(token: str, now: datetime) -> AccessLink:
    """The link a new address is confirmed with; changes nothing.

    :raises LinkUnknown, LinkExpired: and :class:`LinkExpired` too once it has served.
    """
    try:
        return read_link(token, Purpose.NEW_ADDRESS, now)
    except LinkExpired as error:
        raise LinkExpired(f"{error.sentence} Pour en recevoir un autre, écrivez à la coordination.") from error


def confirm_address(token: str, now: datetime) -> Participant:
    """Who holds the new address says it is theirs: the person is written to there from now on, held letters first.

    :raises LinkUnknown, LinkExpired, Refused: somebody else of the request has taken that address since.
    """
    with transaction():
        link = read_new_address(token, now)
        person = link.participant
        dossier = lock(person.dossier)
        # Read again under the lock: the second click finds it used.
        db.session.refresh(link)
        if link.used_at is not None:
            raise LinkExpired("Ce lien a déjà servi.")
        other = _other_side(link)
        wanted = other if link.about == OLD and other is not None else link
        _check(person, wanted.email)
        link.used_at = now
        if other is not None and other.used_at is None:
            return person  # the other address has still to say yes
        old, new = person.email, wanted.email
        same = [p for p in dossier.participants if p.email.lower() == old.lower() and p.role != Role.COORDINATOR
                and not any(q.role == p.role and q.email.lower() == new.lower() for q in dossier.participants)]
        for one in same:
            move_seat(one, old, new, now)
        if dossier.kind_ == Kind.ADHESION and person.role == Role.AUTHOR:
            _move_member(dossier, old, new)
        stopping.lift(new, now)
        dossier.record("address_confirmed", Actor(Role(person.role), person, "web"), now)
        if not stopping.stopped_among({old}):
            letter = accueil.address_replaced(instance().network, dossier.reference, own=bool(link.about))
            outbox.post_to_address(letter, old, "", now)
        return person


def move_seat(person: Participant, old: str, new: str, now: datetime) -> None:
    """Write to somebody of a request at another address, letters that wait first; their old links die. Inside a transaction."""
    waiting = db.session.scalars(select(OutboxMessage).where(
        OutboxMessage.participant_id == person.id, func.lower(OutboxMessage.recipient) == old.lower(),
        OutboxMessage.state.in_([OutboxState.HELD.value, OutboxState.DUE.value])).order_by(OutboxMessage.id)).all()
    for letter in waiting:
        letter.body.raw = readdressed(letter.raw, letter.recipient_name, new)
        letter.recipient = new
        stopping.let_go(letter, now)
    # Links that left for the old address may be in a stranger's mailbox; those of letters that wait never left.
    first = min((letter.created_at for letter in waiting), default=now)
    mine = (AccessLink.participant_id == person.id, AccessLink.purpose == Purpose.DOSSIER.value)
    db.session.execute(update(AccessLink).where(*mine, AccessLink.created_at < first, AccessLink.revoked_at.is_(None))
                       .values(revoked_at=now))
    db.session.execute(update(AccessLink).where(*mine).values(email=new))
    person.email = new


def _move_member(dossier: Dossier, old: str, new: str) -> None:
    member = db.session.scalar(select(Membre).where(Membre.adhesion_id == dossier.id, Membre.email == old.lower()))
    taken = db.session.scalar(select(Membre.id).where(Membre.email == new.lower()))
    if member is not None and taken is None:
        member.email = new.lower()


_CONFIRMED = {kind: frozenset(state.value for state in STATES[kind]) - {"unconfirmed"} for kind in Kind}

register(Action("adresse", "Corriger une adresse", "corrige l’adresse de courriel d’une personne", _CONFIRMED,
                frozenset({Role.COORDINATOR}), _correct, form=True))
