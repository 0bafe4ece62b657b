"""The author's verbs: leave an alert, come back with the code, answer, erase. Words are sealed before a transaction opens."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from mail.letters import alerte as letters
from models.alerte import Alerte, AlerteAccess, AlerteCount, AlerteMessage, AlerteState
from models.base import db, run, transaction
from models.instance import instance
from models.network import Referent

from ..errors import NotAllowed, Refused, TextMissing
from ..links import link_to
from . import brake, codes, erasing, notices, referents, relief
from .circle import Circle, circle
from .coarse import day, half_day
from .readers import readers_of, tell
from .sealed import AuthorKeys, CannotOpen, author_keys, new_pair, open_key, open_words, seal_key, seal_words

_SENT, _TRIED = 20, 30
#: Signs of one answer.
LONGEST = 8000


class NobodyMayRead(Refused):
    sentence = ("Aucune personne référente ne peut lire votre message : toutes ont le même employeur que vous, ou vous les avez "
                "écartées. Rien n’a été envoyé ni gardé.")


class CodeUnknown(Refused):
    sentence = "Ce code n’ouvre rien. Vérifiez les mots et leur ordre. Un message est effacé 60 jours après sa clôture."


@dataclass(frozen=True)
class Left:
    """What somebody leaves: ``rows``, question and answer, as their reader sees them; ``said``, their words."""

    said: str
    rows: list[list[str]]
    name: str = ""
    email: str = ""
    employer: str = ""
    avoided: tuple[str, ...] = ()
    avoided_words: str = ""


@dataclass(frozen=True)
class Said:
    """Words of an alert, opened. ``by`` is "" for its author; ``mailed_from``: the address they came from, by mail."""

    by: str
    on: date
    text: str
    mailed_from: str = ""


@dataclass(frozen=True)
class Opened:
    """An alert, opened by its author or by a referent, in memory for the time of one page."""

    row: Alerte
    name: str
    state: AlerteState
    rows: list[list[str]]
    said: list[Said]
    contact: dict[str, Any] = field(repr=False, default_factory=dict)

    @property
    def closed(self) -> bool:
        return self.state == AlerteState.CLOSED

    @property
    def erased(self) -> bool:
        return self.state == AlerteState.ERASED


def who_would_read(left: Left) -> Circle:
    """Shown to the author before anything is sent."""
    return circle(left.employer, left.avoided, left.avoided_words)


def leave(left: Left, code: str, access: str, now: datetime) -> tuple[Referent, ...]:
    """Seal and keep an alert, and tell its readers that something waits. Sent twice with one code, it is kept once.

    :param code: words drawn for this form, which nobody has but its author.
    :raises CodeMisread, TextMissing, TooMany:
    :raises NobodyMayRead: nothing was kept.
    """
    if not left.said.strip():
        raise TextMissing("Écrivez quelques mots, même très peu.")
    brake.count("leave", access, _SENT, now)
    keys = author_keys(codes.read(code))
    found = who_would_read(left)
    if not found.readers:
        raise NobodyMayRead()
    people = tuple(person for person, _key in found.readers)
    pair = new_pair()
    sealed = seal_words(pair.public, {
        "by": "", "text": left.said, "rows": left.rows, "name": left.name, "email": left.email, "employer": left.employer,
        "avoided": list(left.avoided), "avoided_words": left.avoided_words})
    today = day(now)
    row = Alerte(public_key=pair.public, author_key=seal_key(keys.pair.public, pair.private), locator=keys.locator,
                 state=AlerteState.WAITING.value, sent_on=today, moved_on=today, waits_since_at=half_day(now), recalls=0)
    row.messages = [AlerteMessage(sealed=sealed, written_on=today)]
    row.accesses = [AlerteAccess(key_id=key.id, sealed_key=seal_key(key.public_key, pair.private))
                    for _person, key in found.readers]
    row.accesses += [AlerteAccess(key_id=key.id, sealed_key=relief.for_later(key.public_key, pair.private), stands_by=True)
                     for _person, key in found.standing_by]
    with suppress(IntegrityError), transaction():  # the second of two presses at once finds the first one's row
        if _found_by(keys) is not None:
            return people
        db.session.add(row)
        db.session.flush()
        run(_one_more, in_year=today.year)
        tell(row, people, now)
        if left.email:
            notices.post(letters.received(instance().network, link_to("/suite")), left.email, "",
                         now, codes.letter_number(pair.public))
    return people


def _one_more(insert):
    row = insert(AlerteCount.__table__).values(year=bindparam("in_year"), received=1)
    return row.on_conflict_do_update(index_elements=["year"], set_={"received": AlerteCount.received + 1})


def _found_by(keys: AuthorKeys) -> Alerte | None:
    return db.session.scalar(select(Alerte).where(Alerte.locator == keys.locator))


def come_back(typed: str, access: str, now: datetime) -> tuple[str, Opened]:
    """The author reads: ``(code, alert)``; nothing is changed.

    :raises CodeMisread, CodeUnknown, TooMany:
    """
    code, row, private = _own(typed, access, now)
    return code, opened(row, private)


def _own(typed: str, access: str, now: datetime) -> tuple[str, Alerte, bytes]:
    brake.count("code", access, _TRIED, now)
    code = codes.read(typed)
    keys = author_keys(code)
    row = _found_by(keys)
    if row is None:
        raise CodeUnknown()
    if row.state == AlerteState.ERASED:
        return code, row, b""
    try:
        return code, row, open_key(keys.pair.private, row.author_key)
    except CannotOpen:
        raise CodeUnknown() from None


def opened(row: Alerte, private: bytes) -> Opened:
    """An alert in clear, in memory alone."""
    state = AlerteState(row.state)
    found = [(message.written_on, open_words(private, message.sealed)) for message in row.messages]
    first = found[0][1] if found else {}
    said = [Said(words["by"], on, words["text"], words.get("mailed_from", "")) for on, words in found]
    return Opened(row, codes.name_of(row.public_key), state, first.get("rows", []), said, first)


def answer(typed: str, text: str, access: str, now: datetime) -> str:
    """The author writes again; a closed alert is open again. Gives the code.

    :raises CodeMisread, CodeUnknown, TooMany, TextMissing, NotAllowed:
    """
    code, row, _private = _own(typed, access, now)
    if not text.strip():
        raise TextMissing("Écrivez votre message avant de l’envoyer.")
    if len(text) > LONGEST:
        raise TextMissing(f"Raccourcissez ce message : {LONGEST} caractères au plus, il en compte {len(text)}.")
    sealed = seal_words(row.public_key, {"by": "", "text": text})
    row_id = row.id
    with transaction():
        add(locked(row_id), sealed, now)
    return code


def add(row: Alerte, sealed: bytes, now: datetime, mail_key: str | None = None) -> None:
    """Add sealed words that readers have to read; inside a transaction."""
    today = day(now)
    row.messages.append(AlerteMessage(sealed=sealed, written_on=today, mail_key=mail_key))
    if row.state == AlerteState.CLOSED:
        row.move(AlerteState.OPEN, today)
    row.moved_on = today
    if row.waits_since_at is None:
        row.waits_since_at, row.recalled_on, row.recalls = half_day(now), None, 0
        tell(row, readers_of(row), now)


def locked(row_id: int) -> Alerte:
    """An alert that is not erased, for writing.

    :raises NotAllowed: it is.
    """
    row = db.session.get(Alerte, row_id, with_for_update=True)
    if row is None or row.state == AlerteState.ERASED:
        raise NotAllowed("Ce message a été supprimé : on ne peut plus y répondre.")
    return row


def erase(typed: str, access: str, now: datetime) -> None:
    """The author has all words removed; that it was is all that stays, with the day. Twice is once.

    :raises CodeMisread, CodeUnknown, TooMany:
    """
    _code, row, _private = _own(typed, access, now)
    row_id = row.id
    with transaction():
        erasing.erase(db.session.get(Alerte, row_id, with_for_update=True), day(now))


def missing_readers(found: Opened) -> tuple[Referent, ...]:
    """Referents who may read that alert and cannot yet: enrolled since, or after the key of the only reader was lost."""
    have = {access.key_id for access in found.row.accesses if not access.stands_by}
    wanted = circle(found.contact.get("employer", ""), found.contact.get("avoided", ()), found.contact.get("avoided_words", ""))
    return tuple(person for person, key in wanted.readers if key.id not in have)


def entrust(typed: str, access: str, now: datetime) -> str:
    """The author lets all who may read it do so, with the key their code gives. Gives the code.

    :raises CodeMisread, CodeUnknown, TooMany, NotAllowed:
    """
    code, row, private = _own(typed, access, now)
    if private:
        share_with(row.id, private, missing_readers(opened(row, private)), now)
    return code


def share_with(row_id: int, private: bytes, people: tuple[Referent, ...], now: datetime) -> None:
    """Seal an alert's key to these referents too; twice is once.

    :raises NotAllowed: the alert was erased.
    """
    keys = {person.email.lower(): referents.key_of(person.email) for person in people}
    sealed = {email: (key.id, seal_key(key.public_key, private)) for email, key in keys.items() if key}
    with transaction():
        row = locked(row_id)
        have = {access.key_id: access for access in row.accesses}
        stood_by = {email for email, (key_id, _box) in sealed.items() if key_id in have and have[key_id].stands_by}
        for email in stood_by:
            key_id, box = sealed[email]
            have[key_id].stands_by, have[key_id].sealed_key = False, box
        new = [(email, key_id, box) for email, (key_id, box) in sealed.items() if key_id not in have]
        for _email, key_id, box in new:
            row.accesses.append(AlerteAccess(key_id=key_id, sealed_key=box))
        given = stood_by | {email for email, _key_id, _box in new}
        tell(row, tuple(person for person in people if person.email.lower() in given), now)
