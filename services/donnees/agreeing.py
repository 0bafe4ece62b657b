"""A new version of the commitments asks again, kindly: what changes in plain words, one press or « j’accepte » in reply.

Nobody is punished for not answering: what they agreed to when they joined still holds, and the coordination sees who has not
answered (issue 5, part 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from mail import outbox
from mail.letters import donnees as letters
from models.access_link import Purpose, new_link
from models.agreement import CharterAgreement, CharterRound, Way
from models.base import db, insert_row, transaction
from models.charter import Charter, charter, current_charter
from models.dossier import Actor, Dossier, Participant
from models.instance import instance
from models.network import Coordinator
from models.states import Kind, Role
from models.structure import MemberKind, Membre
from models.typography import french

from .. import reminding, sweeping
from ..acting import Action, register
from ..errors import AlreadyDone, LinkExpired, Refused
from ..known import NO_LONGER, member_of
from ..links import link_url, read_link
from ..words import AGREES_TO_COMMITMENTS
from .space import whose

#: No more in an hour: a large network is not written to at once.
AT_ONCE = 50
#: How long after the question, then after the first reminder; never more.
REMINDED_AFTER = (timedelta(days=30), timedelta(days=90))


@dataclass(frozen=True)
class Change:
    """One commitment that is not as it was: ``before`` or ``after`` is "" where there was, or is, none."""

    title: str
    before: str
    after: str

    @property
    def sentence(self) -> str:
        """How it changes, for a letter."""
        if not self.before:
            return french(f"Nouveau : {self.after}")
        if not self.after:
            return "Ne figure plus dans les engagements."
        return french(f"Avant : {self.before}\n\nMaintenant : {self.after}")


def changes(kind: str, old: Charter | None, new: Charter) -> list[Change]:
    """What a version says otherwise to a kind of member, in its order; all of it where the older one is not known."""
    before = {one.code: one for one in old.of(kind)} if old else {}
    after = {one.code: one for one in new.of(kind)}
    found = [Change(one.title, before[code].text if code in before else "", one.text) for code, one in after.items()
             if code not in before or (before[code].title, before[code].text) != (one.title, one.text)]
    return found + [Change(one.title, one.text, "") for code, one in before.items() if code not in after]


def known_version(version: str) -> Charter | None:
    try:
        return charter(version)
    except KeyError:
        return None


def changes_for(member: Membre) -> list[Change]:
    """What the version that is put to the members says otherwise than the one this member agreed to; nothing where none is."""
    asked = current_round()
    if asked is None or asked.version <= member.charter_version or (new := known_version(asked.version)) is None:
        return []
    return changes(member.kind, known_version(member.charter_version), new)


def current_round() -> CharterRound | None:
    """The latest version put to the members, if any was."""
    return db.session.scalar(select(CharterRound).order_by(CharterRound.version.desc()).limit(1))


def put_to_members(version: str, why: str, by: Coordinator, now: datetime) -> None:
    """Have the members asked, from the next working hour on.

    :param version: the one that was read on the page: another may have been put since.
    :raises AlreadyDone: at the second press. :raises Refused: another version came meanwhile, or there is nothing to ask.
    """
    with transaction():
        if version != current_charter().version:
            raise Refused("Une autre version des engagements vient d’arriver. Relisez la page.")
        if db.session.get(CharterRound, version) is not None:
            raise AlreadyDone("Cette version est déjà proposée aux membres.")
        db.session.add(CharterRound(version=version, why=why.strip(), asked_by=by.email, asked_at=now))


def ask(now: datetime) -> int:
    """Ask those who have not been, then remind, in working hours; gives how many letters left. For the hourly job."""
    asked = current_round()
    if asked is None or reminding.working(now) != now:
        return 0
    return sweeping.each_due(_waiting(asked, now), _ask, now)


def _ask(member: Membre, now: datetime) -> int:
    asked, found = current_round(), changes_for(member)
    if not found or reminding.may_leave(member.email, now) > now:
        return 0
    row = _known_row(member, asked.version)
    if row is None:
        db.session.add(CharterAgreement(membre_id=member.id, version=asked.version, asked_at=now))
    else:
        row.reminders, row.reminded_at = row.reminders + 1, now
    _write(member, asked, found, now, again=row is not None)
    return 1


def _waiting(asked: CharterRound, now: datetime) -> Select[tuple[Membre]]:
    """Who is to be written to now: never asked, or asked long enough ago and not reminded as often as may be."""
    mine = (CharterAgreement.membre_id == Membre.id) & (CharterAgreement.version == asked.version)
    due = CharterAgreement.id.is_(None)
    for number, after in enumerate(REMINDED_AFTER):
        due |= (CharterAgreement.reminders == number) & (
            func.coalesce(CharterAgreement.reminded_at, CharterAgreement.asked_at) < now - after)
    return select(Membre).outerjoin(CharterAgreement, mine).where(
        Membre.left_at.is_(None), Membre.charter_version < asked.version, CharterAgreement.agreed_at.is_(None), due,
        Membre.kind.in_(_kinds_changed(asked))).order_by(CharterAgreement.id.is_not(None), Membre.id).limit(AT_ONCE)


def _kinds_changed(asked: CharterRound) -> list[str]:
    """The kinds of members to whom that version says something else than an older one did."""
    new = known_version(asked.version)
    older = db.session.scalars(select(Membre.charter_version).where(Membre.charter_version < asked.version).distinct()).all()
    return [kind.value for kind in MemberKind if new and any(changes(kind.value, known_version(one), new) for one in older)]


def _write(member: Membre, asked: CharterRound, found: list[Change], now: datetime, *, again: bool) -> None:
    network, seat, url = instance().network, _seat(member), _url(member, asked.version, now)
    told = [(one.title, one.sentence) for one in found]
    letter = (letters.charter_reminder(network, member.name, told, url, by_reply=seat is not None) if again else
              letters.charter_proposed(network, member.name, asked.why, told, url, by_reply=seat is not None))
    if seat is not None:
        reminding.post(letter, seat, now)
    else:
        outbox.post_to_address(letter, member.email, member.name, now)


def _seat(member: Membre) -> Participant | None:
    """The member's place in their own request to join, where an answer comes back to."""
    adhesion = db.session.get(Dossier, member.adhesion_id) if member.adhesion_id else None
    author = adhesion.author if adhesion and adhesion.kind == Kind.ADHESION else None
    return author if author and author.active and author.email.lower() == member.email else None


def _url(member: Membre, version: str, now: datetime) -> str:
    token, row = new_link(Purpose.CHARTER, member.email, now)
    row.about = version
    insert_row(row)
    return link_url(Purpose.CHARTER, token)


def read_agreement(token: str, now: datetime) -> Membre:
    """Whose agreement a link asks for; changes nothing.

    :raises LinkUnknown, LinkExpired: among others once the member left or changed address.
    """
    link = read_link(token, Purpose.CHARTER, now)
    member = db.session.scalar(select(Membre).where(Membre.email == link.email, Membre.left_at.is_(None)))
    if member is None:
        raise LinkExpired("Cette adresse n’est plus celle d’un membre du réseau.")
    return member


def agree_by_link(token: str, version: str, now: datetime) -> str:
    """The member presses; gives the version they agree to. Twice is once.

    :param version: the one that was in view.
    """
    with transaction():
        return _agreed(read_agreement(token, now), version, Way.LINK, now)


def agree_in_space(token: str, version: str, now: datetime) -> str:
    """The same from their space."""
    with transaction():
        return _agreed(whose(token, now), version, Way.LINK, now)


def _agreed(member: Membre, version: str, way: Way, now: datetime, by: Actor | None = None) -> str:
    asked = current_round()
    if asked is None or asked.version != version:
        raise Refused("Une autre version des engagements est proposée depuis. Relisez la page avant d’accepter.")
    if member.charter_version >= version:
        return version
    first = _row(member, member.charter_version)
    if first.agreed_at is None:
        first.agreed_at, first.way = member.joined_at, Way.JOINING.value
    row = _row(member, version)
    row.agreed_at, row.way = now, way.value
    member.charter_version = version
    seat = _seat(member)
    if seat is not None:
        seat.dossier.record("charter_agreed", by or Actor(Role.AUTHOR, seat), now, version=version)
    return version


def _known_row(member: Membre, version: str) -> CharterAgreement | None:
    return db.session.scalar(select(CharterAgreement).where(CharterAgreement.membre_id == member.id,
                                                            CharterAgreement.version == version))


def _row(member: Membre, version: str) -> CharterAgreement:
    row = _known_row(member, version)
    if row is None:
        row = CharterAgreement(membre_id=member.id, version=version)
        db.session.add(row)
    return row


def joined(member: Membre, now: datetime) -> None:
    """Keep what somebody who joins agrees to; inside a transaction, the member in the session."""
    db.session.flush()
    row = _row(member, member.charter_version)
    row.agreed_at, row.way = now, Way.JOINING.value


def history(member: Membre) -> list[tuple[str, datetime, str]]:
    """``(version, when, how)`` of all they agreed to, the latest first."""
    rows = db.session.scalars(select(CharterAgreement).where(
        CharterAgreement.membre_id == member.id, CharterAgreement.agreed_at.is_not(None))).all()
    found = [(row.version, row.agreed_at, Way(row.way).label) for row in rows]
    if member.charter_version not in {version for version, *_ in found}:
        found.append((member.charter_version, member.joined_at, Way.JOINING.label))
    return sorted(found, reverse=True)


def _not_asked(dossier: Dossier, who: object) -> str:
    if who is None:
        return ""
    if (member := member_of(dossier)) is None:
        return NO_LONGER
    return "" if changes_for(member) else "Rien ne vous est demandé pour le moment."


def agree(dossier: Dossier, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """« J’accepte » in reply to the letter, or the button of the page of the request."""
    version = _agreed(member_of(dossier), current_round().version, Way.MAIL if by.via == "mail" else Way.LINK, now, by)
    return f"Merci, c’est noté : vous avez accepté les engagements, version {version}."


register(Action(AGREES_TO_COMMITMENTS, "Accepter les nouveaux engagements", "accepte la nouvelle version des engagements",
                {Kind.ADHESION: frozenset({"accepted"})}, frozenset({Role.AUTHOR}), agree, only=_not_asked))
