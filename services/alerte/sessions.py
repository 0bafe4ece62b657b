"""A referent who reads: their key, opened by the passphrase, stays locked on the server under a secret only their browser has."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from models.alerte import AlerteKey, AlerteSession
from models.base import db, transaction
from models.instance import instance
from models.network import Referent

from ..errors import LinkExpired
from . import referents
from .sealed import CannotOpen, Pair, lock_with, open_with, pair_of, session_keys

LASTS = timedelta(hours=1)


class SessionOver(LinkExpired):
    sentence = "Votre page s’est refermée, par prudence. Ouvrez-la de nouveau par le lien d’un courriel et votre phrase de passe."


@dataclass(frozen=True)
class Reader:
    """A referent whose key is open, for the time of one request."""

    person: Referent
    key_id: int
    pair: Pair
    session_id: int

    @property
    def email(self) -> str:
        return self.person.email.lower()


def open_session(token: str, passphrase: str, now: datetime) -> str:
    """Open a referent's page; gives the secret to be kept in a cookie.

    :raises LinkUnknown, LinkExpired, WrongPassphrase:
    """
    _person, key = referents.read_way_in(token, now)
    if key is None:
        raise LinkExpired("Votre clé n’est pas encore faite.")
    key_id = key.id
    pair = referents.unlocked(key, passphrase, now)
    secret = secrets.token_bytes(32)
    found_by, box = session_keys(secret)
    with transaction():
        db.session.add(AlerteSession(token_hash=found_by, key_id=key_id, locked_key=lock_with(box, pair.private),
                                     expires_at=now + LASTS))
    return base64.urlsafe_b64encode(secret).decode("ascii")


def reader(cookie: str, now: datetime) -> Reader:
    """Who reads now.

    :raises SessionOver: nobody: no such session, over, or no referent any more.
    """
    try:
        found_by, box = session_keys(base64.urlsafe_b64decode(cookie))
    except ValueError:
        raise SessionOver() from None
    row = db.session.scalar(select(AlerteSession).where(AlerteSession.token_hash == found_by))
    if row is None or row.expires_at <= now:
        raise SessionOver()
    key = db.session.get(AlerteKey, row.key_id)
    person = instance().network.referent(key.email)
    if person is None:
        raise SessionOver()
    try:
        return Reader(person, key.id, pair_of(open_with(box, row.locked_key)), row.id)
    except CannotOpen:
        raise SessionOver() from None


def close_session(cookie: str) -> None:
    """Forget the key, wherever the cookie was copied."""
    try:
        found_by, _box = session_keys(base64.urlsafe_b64decode(cookie))
    except ValueError:
        return
    with transaction():
        db.session.execute(delete(AlerteSession).where(AlerteSession.token_hash == found_by))


def purge(now: datetime) -> int:
    """Remove what is over; inside a transaction."""
    return db.session.execute(delete(AlerteSession).where(AlerteSession.expires_at <= now)).rowcount
