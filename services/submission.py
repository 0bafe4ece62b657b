"""Sending a form: stored first, once, then the author's address is asked to be confirmed, before anyone else is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from mail import outbox
from mail.letters import accueil
from models.access_link import Purpose, new_link
from models.base import db, insert_row, transaction
from models.dossier import CLOCK, DOSSIERS, Actor, Dossier, Participant, dossier_by_key, next_number, reference
from models.inbound import InboundMessage
from models.instance import instance
from models.network import Coordinator
from models.outbox import OutboxMessage
from models.states import STATES, AdhesionState, Kind, Role
from models.structure import Membre
from models.typography import french
from territory.calendar import local, say_date

from . import acting, conversation, files, reminding, routing, sweeping, throttle
from .coordination import presence
from .entraide import waves
from .errors import AlreadyDone, LinkExpired, NotFound, Refused, TooMany
from .links import link_to, link_url, personal_url, read_link
from .membre import doubles
from .next_steps import next_step

REMINDED_AFTER = timedelta(days=2)
DELETED_AFTER = timedelta(days=7)


@dataclass(frozen=True)
class Author:
    given_name: str
    family_name: str
    email: str
    phone: str = ""
    quality: str = ""
    organisation: str = ""
    named: bool = True  # whether a peer who helps may read their name

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True)
class Submission:
    """A complete form. ``key`` names the rendered form: sent twice, it makes one request."""

    kind: Kind
    key: str
    title: str
    commune: str
    author: Author
    answers: dict[str, Any]
    summary: list[Any]
    uploads: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Submitted:
    """``again``: this very form had been sent before; ``confirmed``: its address is confirmed already."""

    reference: str
    kind: Kind
    email: str
    again: bool
    confirmed: bool = False


def submit(submission: Submission, access: str, now: datetime, also: Callable[[Dossier], None] | None = None) -> Submitted:
    """Store a request and ask its author to confirm their address; nobody else is told yet.

    :param access: what names the internet access it comes from (an IP address): counted, never kept.
    :param also: called at the end inside the same transaction, with the request stored.
    :raises TooMany: too many requests from there, or too many mails to that address.
    """
    try:
        return _submit(submission, access, now, also)
    except (IntegrityError, TooMany):
        found = dossier_by_key(submission.key)
        if found is None:
            raise
        return told(found, again=True)


def _submit(submission: Submission, access: str, now: datetime, also: Callable[[Dossier], None] | None) -> Submitted:
    ring = instance()
    dossier = _new_dossier(submission, now)
    [person] = dossier.participants
    # All but the number is made ready before others are kept waiting at the lock (bench/README.md).
    token, link = new_link(Purpose.CONFIRM, person.email, now)
    letter = accueil.address_to_confirm(ring.network, dossier, person, link_url(Purpose.CONFIRM, token))
    with transaction():
        # A form sent twice is told by its key, which is unique: the second one is undone whole, numbers and counts included.
        if not throttle.allow(f"access:{access}", ring.settings.REQUESTS_PER_HOUR, 3600, now):
            raise TooMany()
        if not throttle.allow(f"mail:{person.email.lower()}", 10, 86400, now):
            raise TooMany("Beaucoup de demandes sont parties avec cette adresse aujourd’hui. Vérifiez vos courriels, "
                          "indésirables compris, ou réessayez demain.")
        pending = dossier.reference
        dossier.number = next_number(submission.kind, dossier.year)
        dossier.reference = reference(submission.kind, dossier.year, dossier.number)
        insert_row(dossier)
        person.dossier_id = dossier.id
        insert_row(person)
        entry = dossier.record("submitted", Actor(Role.AUTHOR, person), now)
        entry.dossier_id, entry.participant_id, link.participant_id = dossier.id, person.id, person.id
        insert_row(entry)
        insert_row(link)
        files.attach_uploads(submission.uploads, dossier)
        outbox.post(letter.with_reference(pending, dossier.reference), person, now)
        if also:
            also(dossier)
        return Submitted(dossier.reference, submission.kind, person.email, again=False)


def told(dossier: Dossier, again: bool) -> Submitted:
    """What the page after a sending says of a request."""
    return Submitted(dossier.reference, dossier.kind_, dossier.author.email, again, dossier.confirmed_at is not None)


def _new_dossier(submission: Submission, now: datetime) -> Dossier:
    """The request and its author, not stored yet; its number, 0, is only given under the lock."""
    kind, author, year = submission.kind, submission.author, local(now).year
    cls = DOSSIERS[kind]
    dossier = cls(year=year, number=0, reference=reference(kind, year, 0), submission_key=submission.key,
                  state=cls.first_state.value, title=french(submission.title)[:200], commune=submission.commune,
                  created_at=now, moved_at=now, answers=submission.answers, summary=submission.summary)
    dossier.participants.append(Participant(
        role=Role.AUTHOR.value, name=author.name, email=author.email, phone=author.phone, quality=author.quality,
        organisation=author.organisation, named=author.named))
    return dossier


def receipt(number: str, again: bool) -> Submitted:
    """What the page that follows a sending says, reached again by Back or by a bookmark; raises as :func:`arrived`."""
    return told(arrived(number), again)


def arrived(number: str) -> Dossier:
    """The request of that reference.

    :raises NotFound: it was deleted since.
    """
    dossier = db.session.scalar(select(Dossier).where(Dossier.reference == number))
    if dossier is None:
        raise NotFound("Cette demande n’existe plus : sans confirmation, elle a été effacée.")
    return dossier


def read_confirmation(token: str, now: datetime) -> Dossier:
    """The request a confirmation link is for; changes nothing.

    :raises LinkUnknown, LinkExpired: and :class:`AlreadyDone` when it is confirmed already.
    """
    row = read_link(token, Purpose.CONFIRM, now, spent=True)
    dossier = row.participant.dossier
    if dossier.confirmed_at:
        raise AlreadyDone(f"Votre adresse est déjà confirmée. Votre demande {dossier.reference} est bien arrivée.")
    return dossier


def confirm(token: str, now: datetime) -> Dossier:
    """The author's address is theirs: the request reaches a coordinator.

    :raises LinkUnknown, LinkExpired: and :class:`AlreadyDone` at the second click.
    """
    with transaction():
        row = read_link(token, Purpose.CONFIRM, now, spent=True)
        acting.lock(row.participant.dossier)
        dossier = read_confirmation(token, now)
        if row.used_at is not None:
            raise LinkExpired("Ce lien a déjà servi.")
        row.used_at = now
        _confirmed(dossier, Actor(Role.AUTHOR, dossier.author), now)
        return dossier


def _confirmed(dossier: Dossier, author: Actor, now: datetime) -> None:
    dossier.confirmed_at = now
    dossier.move_to(dossier.confirmed_state, author, now, "confirmed")
    arrive(dossier, now)
    conversation.relay_waiting(dossier, author, now)


def confirm_by_reply(dossier: Dossier, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """« oui » to the letter that asks it does what its button does; words written under it go to the coordination.

    :raises Refused: too late, the request is about to be deleted.
    """
    if now - dossier.created_at > DELETED_AFTER:
        raise Refused("Cette demande attendait votre confirmation depuis plus de sept jours\u00a0: elle s’efface. Pour la faire "
                      f"de nouveau, remplissez le formulaire\u00a0: {link_to('/')}")
    by.participant.muted_at = None  # who had said « stop » and confirms wants an answer
    _confirmed(dossier, by, now)
    if words:
        conversation.write(dossier, by, words, now)
    return "Votre adresse est confirmée."


acting.register(acting.Action(
    "confirmer", "Confirmer mon adresse", "confirme votre adresse ; la demande part à la coordination",
    {kind: frozenset({"unconfirmed"}) for kind in Kind if "unconfirmed" in set(STATES[kind])}, frozenset({Role.AUTHOR}),
    confirm_by_reply, words="optional", words_label="Un mot pour la coordination", whole=True))


def take_in(submission: Submission, now: datetime, via: str) -> Dossier:
    """Store a request whose author's address is known to be theirs, confirmed; inside a transaction.

    The caller then lets it :func:`arrive`. ``via`` "web": its author sent the form; "mail": somebody opened it from a mail.

    :raises AlreadyDone: a request was made of it before.
    """
    if (known := dossier_by_key(submission.key)) is not None:
        raise AlreadyDone(f"Une demande est déjà ouverte : {known.reference}.")
    dossier = _new_dossier(submission, now)
    dossier.number = next_number(submission.kind, dossier.year)
    dossier.reference = reference(submission.kind, dossier.year, dossier.number)
    db.session.add(dossier)
    db.session.flush()
    author = Actor(Role.AUTHOR, dossier.author, via)
    if via == "web":
        dossier.record("submitted", author, now)
    dossier.confirmed_at = now
    dossier.move_to(dossier.confirmed_state, author, now, "confirmed_by_mail" if via == "web" else "arrived_by_mail")
    files.attach_uploads(submission.uploads, dossier)
    return dossier


def arrive(dossier: Dossier, now: datetime) -> None:
    """A confirmed request reaches its coordinator, unless its author asks to join twice; inside a transaction."""
    if dossier.kind_ == Kind.ADHESION and _joined_twice(dossier, now):
        return
    today = local(now).date()
    route = routing.choose(instance().network, dossier.kind_, dossier.commune, today, presence.away_on(today))
    bring_to(dossier, route.coordinator, route.journal, now)


def _joined_twice(dossier: Dossier, now: datetime) -> bool:
    """A known person is told so, once the address is proved theirs, and the second request does not go further."""
    network, author = instance().network, dossier.author
    member = db.session.scalar(select(Membre).where(Membre.email == author.email.lower(), Membre.left_at.is_(None)))
    if member:
        dossier.move_to(AdhesionState.WITHDRAWN, Actor(Role.AUTHOR, author), now, "withdrawn")
        outbox.post(accueil.already_member(network, author.name, say_date(local(member.joined_at).date()),
                                            link_to("/mon-espace")), author, now)
        return True
    other = db.session.scalar(
        select(Dossier).join(Participant, Participant.dossier_id == Dossier.id)
        .where(Dossier.kind == Kind.ADHESION.value, Dossier.state == "submitted", Dossier.id != dossier.id,
               Participant.role == Role.AUTHOR.value, func.lower(Participant.email) == author.email.lower()))
    if other is None:
        return False
    dossier.move_to(AdhesionState.WITHDRAWN, Actor(Role.AUTHOR, author), now, "withdrawn")
    url = personal_url(Purpose.DOSSIER, other.author, now)
    outbox.post(accueil.already_asked(network, other, other.author, url), other.author, now)
    return True


def bring_to(dossier: Dossier, person: Coordinator, journal: str, now: datetime) -> None:
    """Confide a request to that coordinator, with a receipt to its author; ``journal`` tells how they were chosen."""
    network = instance().network
    acting.promise(dossier, now)
    coordinator = acting.as_coordinator(dossier, person.email)
    db.session.flush()
    dossier.record(journal, Actor(Role.CLOCK, coordinator, "clock"), now)
    url = personal_url(Purpose.DOSSIER, dossier.author, now)
    waves.begin(dossier, now)
    outbox.post(accueil.request_received(network, dossier, dossier.author, url, say_date(dossier.promised_on),
                                         person.name, next_step(dossier)), dossier.author, now)
    acting.write_to_coordinator(dossier, coordinator, now, peers=waves.said_of_peers(dossier),
                                alike=doubles.said_of_request(dossier))


def remind_unconfirmed(now: datetime) -> int:
    """Remind once those who have not confirmed after two days, in working hours; gives how many.

    The letter is written when it may leave and not before: meanwhile the person may confirm.
    """
    if reminding.working(now) != now:
        return 0
    return sweeping.each_due(select(Dossier).where(
        Dossier.confirmed_at.is_(None), Dossier.reminded_at.is_(None), Dossier.state == "unconfirmed",
        Dossier.created_at < now - REMINDED_AFTER), _remind, now)


def _remind(dossier: Dossier, now: datetime) -> int:
    if reminding.may_leave(dossier.author.email, now) > now:  # this person was reminded of something today
        return 0
    dossier.reminded_at = now
    dossier.record("confirmation_reminded", CLOCK, now)
    url = personal_url(Purpose.CONFIRM, dossier.author, now)
    deleted_on = say_date(local(dossier.created_at + DELETED_AFTER).date())
    letter = accueil.confirmation_reminder(instance().network, dossier, dossier.author, url, deleted_on)
    reminding.post(letter, dossier.author, now)
    return 1


def delete_unconfirmed(now: datetime) -> int:
    """Delete for good what was never confirmed in seven days, with its links and files; gives how many."""
    return sweeping.each_due(select(Dossier).where(
        Dossier.state == "unconfirmed", Dossier.created_at < now - DELETED_AFTER), _delete, now)


def _delete(dossier: Dossier, _now: datetime) -> int:
    # Letters hold a copy of what was sent, and answers to them quote it: they go too.
    db.session.execute(delete(OutboxMessage).where(OutboxMessage.dossier_id == dossier.id))
    db.session.execute(delete(InboundMessage).where(
        InboundMessage.participant_id.in_([person.id for person in dossier.participants])))
    for file in dossier.files:
        file.dossier_id = None  # the purge of uploads removes row and content
    db.session.delete(dossier)
    return 1
