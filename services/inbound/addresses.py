"""Other addresses of a person: learnt by asking the address we know, and never taken on the word of the new one.

Somebody answers a letter from an address we do not know. Perhaps it is their other mailbox, perhaps the letter was passed
on: the mail waits, and the known address is asked (issue 3, part 2; reference email.md 1.4, 5, 6 and 25).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select

from mail import outbox
from mail.letters import courriels as letters
from models.access_link import AccessLink, Purpose, new_link
from models.address import SecondAddress
from models.base import db, insert_row, transaction
from models.dossier import Participant
from models.inbound import InboundMessage, InboundState
from models.instance import instance
from models.network import Coordinator
from models.states import Role

from .. import indexing, sweeping, throttle
from ..errors import AlreadyDone, LinkExpired
from ..links import link_url, read_link
from .answering import is_person, may_answer
from .finding import Candidate
from .reading import MailContent, take_up
from .storing import mark, put_aside, refuse_taken

#: The known address has this long to answer; then a coordinator looks at what waits.
ASKED_FOR = timedelta(days=3)
#: A question nobody answered is forgotten after this long.
KEPT_UNANSWERED = timedelta(days=30)
NO_ANSWER = "la question « est-ce bien votre adresse ? » est restée sans réponse"
_NOT_THEIRS = "la personne attendue a répondu que cette adresse n’est pas la sienne"


def main_address(email: str) -> str:
    """The address letters go to, for an address somebody writes from; the same one when nothing else is known."""
    known = db.session.scalars(select(SecondAddress.email).where(
        SecondAddress.other == email.lower(), SecondAddress.confirmed_at.is_not(None))).all()
    # A mailbox that several people share says nothing of who writes.
    return known[0] if len(known) == 1 else email.lower()


def is_theirs(email: str, sender: str) -> bool:
    """True when ``sender`` is the address ``email`` or one its owner confirmed."""
    if email.lower() == sender.lower():
        return True
    return db.session.scalar(select(SecondAddress.id).where(
        SecondAddress.email == email.lower(), SecondAddress.other == sender.lower(),
        SecondAddress.confirmed_at.is_not(None))) is not None


def theirs_among(emails: Collection[str], sender: str) -> set[str]:
    """Those of ``emails`` (lower case) whose owner writes from ``sender``: it is theirs, or they confirmed it."""
    known = db.session.scalars(select(SecondAddress.email).where(
        SecondAddress.other == sender.lower(), SecondAddress.confirmed_at.is_not(None)))
    return {sender.lower(), *known}.intersection(emails)


def whose(candidates: list[Candidate], sender: str) -> Candidate | None:
    """The conversation among ``candidates`` whose person wrote, by their own address or another of theirs."""
    return next((pair for pair in candidates if is_theirs(pair[0].email, sender)), None)


def coordinator_at(sender: str) -> Coordinator | None:
    """The coordinator who writes from that address, theirs in ``network.toml`` or one they confirmed."""
    network = instance().network
    return network.coordinator(sender) or network.coordinator(main_address(sender))


@dataclass(frozen=True)
class _Known:
    """Who is expected: the address we know, and what the answer is about ("" outside of any request)."""

    email: str
    name: str
    reference: str
    participant: Participant | None = None


def from_elsewhere(message_id: int, candidates: list[Candidate], content: MailContent, now: datetime) -> None:
    """A signed address was answered by somebody else: a person decides, or the person expected is asked.

    :param candidates: as :func:`find_participants` gives them; none for the address of a mail set aside.
    """
    with transaction():
        row = note(message_id, content)
        participant = db.session.get(Participant, candidates[0][0].participant_id) if candidates else None
        known = _expected(participant)
        row.participant = participant if participant is None or participant.dossier.confirmed_at else None
        if reason := _for_a_person(known, content):
            aside(row, reason, content, now)
            return
        _ask(row, known, content, now)


def note(message_id: int, content: MailContent) -> InboundMessage:
    """Keep on the row what lets a person recognise the mail; inside a transaction.

    :raises AlreadyTaken: the same mail was dealt with.
    """
    refuse_taken(message_id, content.mail_id, sender=content.sender)
    row = db.session.get(InboundMessage, message_id)
    row.sender, row.subject, row.message_id = content.sender[:254], content.subject[:300], content.mail_id[:300]
    return row


def aside(row: InboundMessage, reason: str, content: MailContent, now: datetime) -> None:
    """Set a person's mail aside and tell them so, once a day; inside a transaction."""
    put_aside(row.id, content.mail_id, reason, now, content.sender, content.subject)
    indexing.keep_mail(row.id, f"{content.sender} {content.sender_name} {content.subject}\n{content.words}")
    if may_answer(content.sender, "kept", now):
        outbox.post_to_address(letters.kept_for_coordination(instance().network, content.sender_name), content.sender,
                               content.sender_name, now, answering=content.mail_id)


def _expected(participant: Participant | None) -> _Known:
    if participant is None:
        person = instance().network.default_coordinator
        return _Known(person.email.lower(), person.name, "")
    return _Known(participant.email.lower(), participant.display_name, participant.dossier.reference, participant)


def _for_a_person(known: _Known, content: MailContent) -> str:
    """Why nobody is asked and a coordinator decides, or ""."""
    expected = f"une lettre adressée à {known.name}" + (f" ({known.reference})" if known.reference else "")
    if known.participant and not known.participant.dossier.confirmed_at:
        return f"répond à {expected}, dont l’adresse n’est pas encore confirmée"
    who = _known_as(content.sender, known.participant)
    if who:
        return f"l’expéditeur est {who}, et répond à {expected}"
    if any(is_theirs(known.email, address) for address in content.recipients):
        return f"l’expéditeur est inconnu et répond à {expected}, qui est en copie"
    if content.forwarded:
        return f"l’expéditeur est inconnu et transfère {expected}"
    if not content.sender.isascii():
        # « nоa@ » with a Cyrillic o looks like hers: she would say yes, and whoever has it would speak for her.
        return f"l’expéditeur est inconnu, et son adresse a des lettres qui ressemblent à d’autres ; il répond à {expected}"
    if not is_person(content.sender):
        return f"l’expéditeur n’est pas une personne à qui répondre ; il écrit à propos d’{expected}"
    return ""


def _known_as(sender: str, participant: Participant | None) -> str:
    if (coordinator := coordinator_at(sender)) is not None:
        return f"{coordinator.name}, de la coordination"
    others = participant.dossier.participants if participant else []
    other = next((p for p in others if p is not participant and is_theirs(p.email, sender)), None)
    return f"{other.display_name}, {Role(other.role).label}" if other else ""


def _ask(row: InboundMessage, known: _Known, content: MailContent, now: datetime) -> None:
    network, other = instance().network, content.sender
    asked = _questions(known.email, other)
    if any(link.used_at for link in asked):
        aside(row, _NOT_THEIRS, content, now)
        return
    if not any(link.created_at > now - ASKED_FOR for link in asked):
        if not throttle.allow(f"is-it-you:{known.email}", 3, 86400, now):
            aside(row, "l’expéditeur n’est pas la personne attendue, à qui plusieurs questions sont déjà parties", content, now)
            return
        if db.session.scalar(select(SecondAddress).where(SecondAddress.email == known.email,
                                                         SecondAddress.other == other)) is None:
            db.session.add(SecondAddress(email=known.email, other=other, asked_at=now))
        token, link = new_link(Purpose.ADDRESS, known.email, now, known.participant)
        link.about = other[:254]
        insert_row(link)
        # Not a letter of the conversation: « oui » in answer to it must not be taken for an agreement to anything else.
        outbox.post_to_address(letters.is_it_you(network, known.name, other, known.reference,
                                                 link_url(Purpose.ADDRESS, token)), known.email, known.name, now)
    mark(row.id, content.mail_id, InboundState.WAITING, f"en attente : cette adresse est-elle aussi celle de {known.name} ?")
    if may_answer(other, "second-address", now):
        outbox.post_to_address(letters.usual_address_asked(network, content.sender_name), other, content.sender_name, now,
                               answering=content.mail_id)


def _questions(known: str, other: str) -> list[AccessLink]:
    return list(db.session.scalars(select(AccessLink).where(
        AccessLink.purpose == Purpose.ADDRESS.value, AccessLink.email == known, AccessLink.about == other)))


@dataclass(frozen=True)
class Question:
    """What the known address is asked; ``mails`` are those that wait for the answer."""

    other: str
    known: str
    mails: list[InboundMessage]


def read_question(token: str, now: datetime) -> Question:
    """What a link asks; changes nothing.

    :raises LinkUnknown, LinkExpired: and :class:`AlreadyDone` once it is answered.
    """
    link = read_link(token, Purpose.ADDRESS, now, spent=True)
    confirmed = is_theirs(link.email, link.about)
    if link.used_at or confirmed:
        raise AlreadyDone(f"Vous avez déjà répondu : {link.about} est aussi votre adresse." if confirmed else
                          f"Vous avez déjà répondu : {link.about} n’est pas votre adresse.")
    return Question(link.about, link.email, _waiting(link))


def answer_question(token: str, yes: bool, now: datetime) -> Question:
    """The known address says whether the other one is theirs, once; what waited is then theirs, or a coordinator's to see.

    :raises LinkUnknown, LinkExpired: and :class:`AlreadyDone` at the second click.
    """
    with transaction():
        link = read_link(token, Purpose.ADDRESS, now, spent=True)
        db.session.refresh(link, with_for_update=True)
        question = read_question(token, now)
        for mail in question.mails:
            db.session.refresh(mail, with_for_update=True)
        mails = [mail for mail in question.mails if mail.state in (InboundState.WAITING, InboundState.QUARANTINED)]
        link.used_at = now
        row = db.session.scalar(select(SecondAddress).where(SecondAddress.email == link.email,
                                                            SecondAddress.other == link.about))
        if yes:
            if instance().network.coordinator(link.about):
                raise LinkExpired("Cette adresse est celle de la coordination.")
            if row is None:
                row = SecondAddress(email=link.email, other=link.about, asked_at=link.created_at)
                db.session.add(row)
            row.confirmed_at = now
            for mail in mails:
                # Understood again, as theirs this time; whoever claims it first does it, and once.
                mail.state, mail.attempts, mail.lease_until, mail.reason = InboundState.RECEIVED.value, 0, None, ""
        else:
            if row is not None:
                db.session.delete(row)  # the link remembers the answer, for as long as links are kept
            for mail in mails:
                put_aside(mail.id, mail.message_id, _NOT_THEIRS, now, mail.sender, mail.subject)
        ids = [mail.id for mail in mails] if yes else []
    take_up(ids, now)
    return question


def _waiting(link: AccessLink) -> list[InboundMessage]:
    """Mail of the other address, meant for the owner of the known one, that nobody has dealt with."""
    mine = func.lower(Participant.email) == link.email.lower()
    if instance().network.coordinator(link.email):
        mine = or_(mine, InboundMessage.participant_id.is_(None))
    waits = or_(InboundMessage.state == InboundState.WAITING.value,
                (InboundMessage.state == InboundState.QUARANTINED.value) & (InboundMessage.reason == NO_ANSWER))
    return list(db.session.scalars(
        select(InboundMessage).outerjoin(Participant, InboundMessage.participant_id == Participant.id)
        .where(InboundMessage.sender == link.about, waits, mine).order_by(InboundMessage.id)))


def learn(email: str, other: str, now: datetime) -> bool:
    """A coordinator vouches that ``other`` is also the address of ``email``; inside a transaction.

    The known address is told. False where it cannot be: it is the same, one of ours, or a coordinator's.
    """
    email, other = email.lower(), other.lower()
    if is_theirs(email, other) or not is_person(other) or instance().network.coordinator(other):
        return False
    row = db.session.scalar(select(SecondAddress).where(SecondAddress.email == email, SecondAddress.other == other))
    if row is None:
        row = SecondAddress(email=email, other=other, asked_at=now)
        db.session.add(row)
    row.confirmed_at = now
    outbox.post_to_address(letters.address_added(instance().network, other), email, "", now)
    return True


def stop_waiting(now: datetime) -> int:
    """Bring to the coordination what waited three days for an answer, and forget old questions; gives how many."""
    with transaction():
        db.session.execute(delete(SecondAddress).where(SecondAddress.confirmed_at.is_(None),
                                                       SecondAddress.asked_at < now - KEPT_UNANSWERED))
    return sweeping.each_due(select(InboundMessage).where(
        InboundMessage.state == InboundState.WAITING.value, InboundMessage.received_at < now - ASKED_FOR), _give_up, now)


def _give_up(row: InboundMessage, now: datetime) -> int:
    put_aside(row.id, row.message_id, NO_ANSWER, now, row.sender, row.subject)
    return 1
