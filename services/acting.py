"""What people may do to a dossier: one table for the pages, the replies by mail and the links.

An action is offered where the kind, the state and the role allow it; ``perform`` is the single way to do it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm.attributes import set_committed_value

from mail import outbox
from mail.addresses import ReplyAddress, write_address
from mail.letters import coordination
from models.access_link import Purpose
from models.base import db, read_kept, transaction
from models.dossier import Actor, Dossier, Participant
from models.instance import instance
from models.states import WAITING_FOR_COORDINATOR, Kind, Role
from territory import communes
from territory.calendar import add_working_days, local, say_date

from . import known
from .actions import ACTIONS, Action, available, find_action, named, named_here, register, too_late
from .coordination.overtaking import UNHURRIED, refuse_overtaken, who_decided
from .errors import AlreadyDone, NotAllowed, NotFound, TextMissing
from .links import personal_url
from .relaying import relayed
from .words import words_of

__all__ = ["ACTIONS", "Action", "available", "find_action", "named", "named_here", "register", "too_late"]

_PERSON = Participant.__table__.c
#: Words that say something of the coordinator, not of the dossier, offered in new requests (services/coordination/presence.py).
OF_ONESELF = frozenset({"absence"})

def perform(slug: str, participant_id: int, words: str, now: datetime, via: str = "web", extra: Any = None,
            seen_version: int | None = None, seen_entry: int | None = None,
            also: Callable[[Participant, str], None] | None = None) -> str:
    """Do one thing to the dossier of ``participant_id``, as that person, in one transaction.

    :param seen_version: version of the dossier the person was looking at; a strict action refuses an older one.
    :param seen_entry: the last line of the journal on the page the person was looking at; what others wrote or decided since
        is shown to them before anything is done.
    :param also: called at the end inside the same transaction, with the participant and the sentence.
    :returns: the sentence that tells what was done.
    :raises AlreadyDone: somebody else decided meanwhile, or it is the second click.
    :raises Overtaken: something happened since ``seen_entry``.
    :raises NotAllowed: that role may not do that now.
    :raises TextMissing: the action wants words.
    """
    participant = load_participant(participant_id)
    dossier = participant.dossier
    action = _offered(dossier, participant, slug, now)
    words = words.strip()
    if action.words == "required" and not words:
        raise TextMissing(f"Écrivez quelques mots\u00a0: {action.words_label[0].lower()}{action.words_label[1:]}.")
    ready = action.prepare(dossier, words, now) if action.prepare else extra
    with transaction():
        participant = take_seat(participant_id)
        dossier = participant.dossier
        action = _offered(dossier, participant, slug, now)
        if seen_entry is not None and slug not in UNHURRIED:
            refuse_overtaken(dossier.id, participant.id, seen_entry)
        # A coordinator who had handed the request over, and acts, is part of the exchange again.
        participant.active = True
        words = words if action.whole else relayed(words, dossier)
        if action.strict and seen_version is not None and dossier.version != seen_version:
            raise AlreadyDone(who_decided(dossier, participant))
        before = dossier.state
        done = action.verb(dossier, Actor(Role(participant.role), participant, via), words, now, ready)
        if dossier.state != before:
            promise(dossier, now)
        if also:
            also(participant, done)
        return done


_REQUEST = Dossier.__table__
_LOCKED = (select(_REQUEST).where(_REQUEST.c.id == select(_PERSON.dossier_id).where(_PERSON.id == bindparam("who"))
                                  .scalar_subquery()).with_for_update())
_PEOPLE = select(Participant.__table__).where(_PERSON.dossier_id == bindparam("of")).order_by(_PERSON.id)


def take_seat(participant_id: int) -> Participant:
    """That participant, their dossier locked as :func:`lock` does and its people read, all of it as it is now.

    Two questions instead of one for each thing the verb touches; at the start of a transaction, before anything changes.

    :raises NotFound: no such participant.
    """
    if not (found := read_kept(Dossier, _LOCKED, who=participant_id)):
        raise NotFound()
    dossier = found[0]
    # After the lock: who joined while we waited is among them.
    people = read_kept(Participant, _PEOPLE, of=dossier.id)
    set_committed_value(dossier, "participants", people)
    for person in people:
        set_committed_value(person, "dossier", dossier)
    return next(person for person in people if person.id == participant_id)


def lock(dossier: Dossier) -> Dossier:
    """Have others who would change this dossier wait for the end of the transaction; gives it as it is now."""
    # The dossier's own row: its people may be joined to it, as a page read it, and PostgreSQL locks no row that may be missing.
    db.session.refresh(dossier, with_for_update={"of": Dossier})
    return dossier


def promise(dossier: Dossier, now: datetime) -> None:
    """Say by when the coordination will move, when it is its turn; nothing is promised while others are waited for."""
    if dossier.kind_ == Kind.ENTRAIDE and dossier.promised_on and dossier.first_answer_at is None and not dossier.ended:
        return  # the day said to who asked holds until a first answer comes, whoever took it meanwhile
    if dossier.state in WAITING_FOR_COORDINATOR or dossier.awaits_coordination:
        days = instance().network.promised_days(dossier.kind, dossier.answers.get("help_kind", ""))
        dossier.promised_on = add_working_days(local(now).date(), days)
    else:
        dossier.promised_on = None


def _offered(dossier: Dossier, participant: Participant, slug: str, now: datetime) -> Action:
    role = Role(participant.role)
    if not (still_coordinates(participant) if role == Role.COORDINATOR else participant.active):
        raise NotAllowed()
    if action := find_action(dossier, role, slug, now, participant):
        return action
    for action in named_here(dossier, role):
        if action.slug == slug:
            raise AlreadyDone(action.why_not(dossier, participant, now))
    if any(a.slug == slug and role in a.roles and dossier.kind_ in a.where for a in ACTIONS):
        raise AlreadyDone(who_decided(dossier, participant))
    raise NotAllowed()


def still_coordinates(participant: Participant) -> bool:
    """False for somebody who left the file of the network since: their old letters and links are worth nothing more."""
    return instance().network.coordinator(participant.email) is not None


def load_participant(participant_id: int) -> Participant:
    """:raises NotFound: no such participant."""
    participant = db.session.get(Participant, participant_id)
    if participant is None:
        raise NotFound()
    return participant


def _coordinator_in(dossier: Dossier, email: str) -> Participant | None:
    return next((p for p in dossier.participants if p.role == Role.COORDINATOR and p.email.lower() == email.lower()), None)


def as_coordinator(dossier: Dossier, email: str) -> Participant:
    """The coordinator of that address as a participant of the dossier, added if they were not yet."""
    known = _coordinator_in(dossier, email)
    if known:
        known.active = True
        return known
    person = instance().network.coordinator(email)
    if person is None:
        raise NotAllowed()
    participant = Participant(role=Role.COORDINATOR.value, name=person.name, email=person.email, phone=person.phone)
    dossier.participants.append(participant)
    return participant


def who_coordinates(dossier: Dossier) -> list[Participant]:
    """Whom an author's words reach: the dossier's coordinators who still coordinate, else the default one; never nobody."""
    network = instance().network
    present = [person for person in dossier.coordinators if network.coordinator(person.email)]
    if not present:
        present = [as_coordinator(dossier, network.default_coordinator.email)]
        db.session.flush()
    return present


def participant_for(dossier_id: int, email: str) -> int:
    """Id of the participant that coordinator is in that dossier; makes it when a colleague steps in."""
    with transaction():
        dossier = db.session.get(Dossier, dossier_id)
        if dossier is None:
            raise NotFound()
        participant = as_coordinator(dossier, email)
        db.session.flush()
        return participant.id


def participant_of(dossier: Dossier, email: str) -> Participant | Onlooker:
    """The coordinator of that address in the dossier; for one who only looks, a participant that is not stored."""
    known = _coordinator_in(dossier, email)
    if known:
        return known
    person = instance().network.coordinator(email)
    if person is None:
        raise NotAllowed()
    return Onlooker(dossier, person.name, person.email)


@dataclass(frozen=True)
class Onlooker:
    """A coordinator who reads a colleague's dossier: same rights, not yet part of the exchange."""

    dossier: Dossier
    name: str
    email: str
    id: int = 0
    role: str = Role.COORDINATOR.value
    quality: str = ""
    active: bool = True


def write_to_coordinator(dossier: Dossier, coordinator: Participant, now: datetime,
                         handed: coordination.Handed | None = None, peers: str = "", alike: str = "") -> None:
    """The letter that brings a request to its coordinator, with all that is needed to decide.

    ``handed``: who hands it over, with which words, and what was said; a new request has none. ``peers``: who else is asked.
    ``alike``: who is known and resembles who asks to join.
    """
    ring = instance()
    url = personal_url(Purpose.DOSSIER, coordinator, now)
    place = communes.commune(dossier.commune)
    letter = coordination.request_to_coordinator(
        ring.network, dossier, coordinator, url, commands(dossier, coordinator, now, url),
        say_date(dossier.promised_on) if dossier.promised_on else "", known.known_as(dossier.author.email),
        place.label if place else "", reply_address(coordinator, dossier.author), [file.name for file in dossier.files], handed,
        peers, alike)
    outbox.post(letter, coordinator, now, answer_for=dossier.author)


def reply_address(participant: Participant, answer_for: Participant | None = None) -> str:
    """Where ``participant`` writes to, for prepared replies; the words are for ``answer_for``, else for the coordination."""
    settings = instance().settings
    return write_address(ReplyAddress(participant.id, answer_for.id if answer_for else 0), settings.SECRET_KEY,
                         settings.mail_domain)


def commands(dossier: Dossier, who: Participant, now: datetime, url: str = "") -> list[coordination.Command]:
    """The words ``who`` may write now, in the order of the table.

    With ``url``, that of the dossier's page: what is decided has a link too, and what a coordinator may say of themselves
    is there.
    """
    role = Role(who.role)
    offered = {a.slug: a for a in available(dossier, role, now, who)}
    found = []
    for word in words_of(role, dossier.kind):
        slug = word.slugs[dossier.kind_]
        if action := offered.get(slug):
            link = f"{url}/{slug}" if url and (action.main or slug == "refuser") else ""
            found.append(coordination.Command(word.shown, action.explanation, action.label, link, word.hint))
        elif slug in OF_ONESELF and url:
            found.append(coordination.Command(word.shown, word.does, "", "", word.hint))
    return found
