"""A referent's verbs: what waits, open, answer, close, share, erase. Each reading is noted, and its author sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from mail.letters import alerte as letters
from models.alerte import Alerte, AlerteAccess, AlerteMessage, AlerteReading, AlerteState
from models.base import db, transaction
from models.instance import instance
from models.network import Referent

from ..errors import NotAllowed, NotFound, TextMissing
from ..links import link_to
from . import erasing, notices, writing
from .coarse import day
from .codes import letter_number, name_of
from .sealed import CannotOpen, open_key, seal_words
from .sessions import Reader
from .writing import LONGEST, Opened


@dataclass(frozen=True)
class Line:
    """One alert in the list of a referent: nothing of what it says."""

    id: int
    name: str
    state: AlerteState
    sent_on: date
    moved_on: date
    unread: bool


def mine(reader: Reader) -> list[Line]:
    """Alerts this referent can read, unread ones first, then the latest."""
    rows = db.session.scalars(select(Alerte).join(AlerteAccess).where(AlerteAccess.key_id == reader.key_id,
                                                                    AlerteAccess.stands_by.is_(False))
                              .order_by(Alerte.moved_on.desc(), Alerte.id.desc())).all()
    return sorted(map(_line, rows), key=lambda line: not line.unread)


def _line(row: Alerte) -> Line:
    return Line(row.id, name_of(row.public_key), AlerteState(row.state), row.sent_on, row.moved_on,
                unread=row.waits_since_at is not None)


def _key_of(alert_id: int, reader: Reader) -> tuple[Alerte, bytes]:
    """:raises NotFound: no such alert for this referent, whether or not it exists for another."""
    access = db.session.scalar(select(AlerteAccess).where(AlerteAccess.alerte_id == alert_id,
                                                          AlerteAccess.key_id == reader.key_id,
                                                          AlerteAccess.stands_by.is_(False))) if alert_id < 2**31 else None
    if access is None:
        raise NotFound()
    if not access.sealed_key:
        return access.alerte, b""
    try:
        return access.alerte, open_key(reader.pair.private, access.sealed_key)
    except CannotOpen:
        raise NotFound() from None


def noted(alert_id: int, reader: Reader) -> bool:
    """True once this session's reading of that alert was noted: its page may be shown."""
    return db.session.scalar(select(AlerteReading.id).where(
        AlerteReading.alerte_id == alert_id, AlerteReading.session_id == reader.session_id).limit(1)) is not None


def line_of(alert_id: int, reader: Reader) -> Line:
    """That alert, unopened.

    :raises NotFound:
    """
    return _line(_key_of(alert_id, reader)[0])


def note(alert_id: int, reader: Reader, now: datetime) -> None:
    """Note that this referent opens that alert; it waits no more.

    :raises NotFound, NotAllowed:
    """
    _key_of(alert_id, reader)
    with transaction():
        row = writing.locked(alert_id)
        db.session.add(AlerteReading(alerte_id=row.id, email=reader.email, at=now, session_id=reader.session_id))
        row.waits_since_at, row.recalled_on, row.recalls = None, None, 0
        if row.state == AlerteState.WAITING:
            row.move(AlerteState.OPEN, day(now))


def read(alert_id: int, reader: Reader) -> Opened:
    """That alert in clear; its reading was noted before.

    :raises NotFound:
    """
    row, private = _key_of(alert_id, reader)
    return writing.opened(row, private)


def answer(alert_id: int, reader: Reader, text: str, now: datetime, *, close: bool = False) -> None:
    """Write to the author, and close if so wished; who left an address gets a neutral letter.

    :raises NotFound, NotAllowed, TextMissing:
    """
    if not text.strip() and not close:
        raise TextMissing("Écrivez votre message avant de l’envoyer.")
    if len(text) > LONGEST:
        raise TextMissing(f"Raccourcissez ce message : {LONGEST} caractères au plus, il en compte {len(text)}.")
    found = read(alert_id, reader)
    sealed = seal_words(found.row.public_key, {"by": reader.person.name, "text": text}) if text.strip() else b""
    with transaction():
        row = writing.locked(alert_id)
        if row.state == AlerteState.CLOSED:
            raise NotAllowed("Cet échange est clos. Il se rouvre si son auteur ou son autrice écrit.")
        row.moved_on, row.waits_since_at, row.recalled_on, row.recalls = day(now), None, None, 0
        if sealed:
            row.messages.append(AlerteMessage(sealed=sealed, written_on=day(now)))
        if row.state == AlerteState.WAITING:
            row.move(AlerteState.OPEN, day(now))
        if close:
            row.move(AlerteState.CLOSED, day(now))
        if email := found.contact.get("email"):
            notices.post(letters.something_to_read(instance().network, _back()), email, "", now, letter_number(row.public_key))


def _back() -> str:
    return link_to("/suite")


def may_get(alert_id: int, reader: Reader) -> tuple[Referent, ...]:
    """Referents that alert can be entrusted to: those its author would have had, and who cannot read it yet.

    :raises NotFound:
    """
    found = read(alert_id, reader)
    return writing.missing_readers(found) if not found.erased else ()


def share(alert_id: int, reader: Reader, email: str, now: datetime) -> None:
    """Let another referent read too: the author's wishes and employers are looked at again.

    :raises NotFound, NotAllowed:
    """
    _row, private = _key_of(alert_id, reader)
    people = tuple(person for person in may_get(alert_id, reader) if person.email == email)
    if not people:
        raise NotAllowed("Cette personne ne peut pas lire ce message, ou le peut déjà.")
    writing.share_with(alert_id, private, people, now)


def share_all(reader: Reader, now: datetime) -> int:
    """Before leaving: everything this referent reads, to all who may read it; gives how many were shared."""
    shared = 0
    for line in mine(reader):
        if line.state != AlerteState.ERASED and (people := may_get(line.id, reader)):
            _row, private = _key_of(line.id, reader)
            writing.share_with(line.id, private, people, now)
            shared += 1
    return shared


def erase(alert_id: int, reader: Reader, now: datetime) -> None:
    """Remove its words because its author asked for it, by phone or here.

    :raises NotFound, NotAllowed:
    """
    _key_of(alert_id, reader)
    with transaction():
        erasing.erase(writing.locked(alert_id), day(now))
