"""The coordinators' space: the way in by a link, and what waits for a decision."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select, update

from mail import outbox
from mail.letters import coordination as letters
from models.access_link import AccessLink, Purpose, hash_token, new_link
from models.base import db, transaction
from models.dossier import Dossier
from models.instance import instance
from models.network import Coordinator
from models.outbox import OutboxMessage, OutboxState
from models.states import ENDED, WAITING_FOR_COORDINATOR

from . import throttle
from .errors import LinkExpired, NotFound
from .links import PATHS, read_link


def ask_sign_in(email: str, access: str, now: datetime) -> None:
    """Send a way in to a coordinator's address; an unknown address gets a letter too, so the screen is always the same."""
    ring = instance()
    with transaction():
        allowed = throttle.allow(f"sign-in:{email.lower()}", 3, 900, now)
        allowed = throttle.allow(f"sign-in-from:{access}", 30, 3600, now) and allowed
        if not allowed:
            return
        person = ring.network.coordinator(email)
        base = ring.settings.PUBLIC_URL.rstrip("/")
        if person is None:
            outbox.post_to_address(letters.sign_in_unknown(ring.network, f"{base}/rejoindre"), email, "", now)
            return
        db.session.execute(update(AccessLink).where(
            AccessLink.purpose == Purpose.SIGN_IN.value, AccessLink.email == person.email, AccessLink.used_at.is_(None)
        ).values(revoked_at=now))
        token, row = new_link(Purpose.SIGN_IN, person.email, now)
        db.session.add(row)
        url = base + PATHS[Purpose.SIGN_IN].format(token=token)
        outbox.post_to_address(letters.sign_in_link(ring.network, person.name, url), person.email, person.name, now)


def read_sign_in(token: str, now: datetime) -> Coordinator:
    """Who a sign-in link is for; changes nothing.

    :raises LinkUnknown, LinkExpired:
    """
    row = read_link(token, Purpose.SIGN_IN, now)
    person = instance().network.coordinator(row.email)
    if person is None:
        raise LinkExpired("Cette adresse n’ouvre plus l’espace de coordination.")
    return person


def open_session(token: str, now: datetime) -> str:
    """Spend a sign-in link; gives the token of a new session, to be kept in a cookie.

    :raises LinkUnknown, LinkExpired:
    """
    with transaction():
        person = read_sign_in(token, now)
        spent = db.session.execute(update(AccessLink).where(
            AccessLink.token_hash == hash_token(token), AccessLink.used_at.is_(None)).values(used_at=now))
        if spent.rowcount != 1:
            raise LinkExpired("Ce lien a déjà servi.")
        session_token, row = new_link(Purpose.SESSION, person.email, now)
        db.session.add(row)
        return session_token


def session_owner(token: str, now: datetime) -> Coordinator | None:
    """The coordinator whose living session this token is, if any."""
    row = db.session.scalar(select(AccessLink).where(AccessLink.token_hash == hash_token(token),
                                                     AccessLink.purpose == Purpose.SESSION.value))
    return instance().network.coordinator(row.email) if row is not None and row.alive(now) else None


def close_session(token: str, now: datetime) -> None:
    """End a session on the server, wherever its cookie was copied."""
    with transaction():
        db.session.execute(update(AccessLink).where(
            AccessLink.token_hash == hash_token(token), AccessLink.purpose == Purpose.SESSION.value
        ).values(revoked_at=now))


def to_do() -> list[Dossier]:
    """What waits for the coordination, oldest promise first."""
    return list(db.session.scalars(select(Dossier).where(_awaits()).order_by(Dossier.promised_on, Dossier.id)))


def _awaits():
    return or_(Dossier.state.in_(WAITING_FOR_COORDINATOR), Dossier.awaits_coordination)


def under_way() -> list[Dossier]:
    """What goes on but waits for somebody else, the one that has not moved for longest first."""
    return list(db.session.scalars(
        select(Dossier).where(Dossier.state.notin_([*ENDED, "unconfirmed"]), ~_awaits())
        .order_by(Dossier.moved_at, Dossier.id)))


def ended(limit: int = 50) -> list[Dossier]:
    """What ended, the latest first."""
    return list(db.session.scalars(select(Dossier).where(Dossier.state.in_(ENDED), ~_awaits(), Dossier.confirmed_at.is_not(None))
                                   .order_by(Dossier.moved_at.desc()).limit(limit)))


def find(reference: str) -> Dossier:
    """The confirmed dossier of that reference.

    :raises NotFound: none, or its author has not confirmed it yet.
    """
    dossier = db.session.scalar(select(Dossier).where(Dossier.reference == reference.upper(),
                                                      Dossier.confirmed_at.is_not(None)))
    if dossier is None:
        raise NotFound("Aucune demande ne porte cette référence.")
    return dossier


def days_left(dossier: Dossier, today: date) -> int | None:
    """Days to the promise, negative once it is late; None when nothing is promised any more."""
    return (dossier.promised_on - today).days if dossier.promised_on else None


def failed_letters(dossier: Dossier) -> list[OutboxMessage]:
    """Letters of that dossier the server would not take."""
    return list(db.session.scalars(select(OutboxMessage).where(OutboxMessage.dossier_id == dossier.id,
                                                               OutboxMessage.state == OutboxState.FAILED.value)))
