"""What comes back by mail to a neutral letter. Its bytes are stored nowhere: an author's words are sealed to their alert, all the
rest is gone. Who answered is told, in neutral words, where to write (decision 0015)."""

from __future__ import annotations

import hashlib
import hmac
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mail.letter import Letter
from mail.letters import alerte as letters
from mail.private_addresses import private_numbers, private_secrets
from models.alerte import Alerte, AlerteState
from models.base import db, transaction
from models.instance import instance

from ..errors import NotAllowed, TooMany
from ..links import link_to
from . import brake, codes, notices, writing
from .sealed import seal_words

#: Of a mail, as far as the names of our letters are looked for: they are in its head, or in the letter it returns.
LOOKED_AT = 512 * 1024
#: Mails to one alert, and letters to one address, within a quarter of an hour.
_MAILS, _TOLD = 10, 3
SITE = "Le site"
UNREACHED = "Le courriel neutre envoyé à l’adresse laissée n’a pas pu être remis : elle ne marche pas, ou est mal écrite."
UNREADABLE = "Un courriel est arrivé pour cet échange et n’a pas pu être lu. Il n’en est rien gardé."


@dataclass(frozen=True)
class Mailed:
    """What a person wrote by mail: their new words, whose address it left from, how many files came along."""

    mail_id: str
    sender: str
    text: str
    files: int = 0


def letters_named(raw: bytes) -> list[int]:
    """The neutral letters a mail speaks of, empty for any other mail; see ``mail/private_addresses.py``."""
    head = raw[:LOOKED_AT]
    found = [number for secret in private_secrets(instance().settings.alerte_dir) for number in private_numbers(head, secret)]
    return list(dict.fromkeys(found))


def join(number: int, mailed: Mailed, now: datetime) -> None:
    """Seal an author's words to their alert and tell its readers; a mail delivered twice is joined once.

    Without an alert that can take them, nothing is kept and the sender is told where to write.
    """
    words = {"by": "", "text": _shown(mailed), "mailed_from": mailed.sender}
    try:
        brake.count("mail", str(number), _MAILS, now)
        joined = bool(words["text"]) and _sealed_into(number, words, _key_of(mailed.mail_id), now)
    except (NotAllowed, TooMany):
        joined = None
    if joined is None or not words["text"]:
        refuse(number, mailed.sender, now)
    elif joined:
        _tell(letters.mail_joined(instance().network, link_to("/suite")), mailed.sender, number, now)


def _shown(mailed: Mailed) -> str:
    """The words, as long as an answer on the page may be, and what is missing of them."""
    text, missing = mailed.text.strip(), []
    if len(text) > writing.LONGEST:
        text = text[:writing.LONGEST].rstrip() + "…"
        missing.append("la fin de ce courriel, trop long")
    if mailed.files:
        missing.append("le fichier joint" if mailed.files == 1 else f"les {mailed.files} fichiers joints")
    note = f"[Non gardé : {' et '.join(missing)}.]" if missing else ""
    return "\n\n".join(filter(None, [text, note]))


def note(number: int, text: str, mail_id: str, now: datetime) -> None:
    """Add what the site has to say to an alert, sealed with the rest; an alert that is gone, or closed, needs no such word."""
    row = _alert(number)
    if row is not None and row.state in (AlerteState.WAITING.value, AlerteState.OPEN.value):
        with suppress(NotAllowed):
            _sealed_into(number, {"by": SITE, "text": text}, _key_of(mail_id), now)


def refuse(number: int, sender: str, now: datetime) -> None:
    """Tell who answered a neutral letter that nothing of it is kept, and where to write."""
    page = link_to("/suite" if number else "/referents")
    _tell(letters.mail_refused(instance().network, page), sender, number, now)


def _tell(letter: Letter, email: str, number: int, now: datetime) -> None:
    if not email:
        return
    with suppress(TooMany):
        brake.count("mail-told", email.lower(), _TOLD, now)
        with transaction():
            notices.post(letter, email, "", now, number)


def _key_of(mail_id: str) -> str:
    return hmac.digest(instance().settings.SECRET_KEY.encode(), b"private-mail:" + mail_id.encode(), hashlib.sha256).hex()


def _alert(number: int) -> Alerte | None:
    """The alert of that number; None where it is gone, or where two bear it."""
    found = [row_id for row_id, public in db.session.execute(select(Alerte.id, Alerte.public_key)).all()
             if codes.letter_number(public) == number]
    return db.session.get(Alerte, found[0]) if len(found) == 1 else None


def _sealed_into(number: int, words: dict[str, str], key: str, now: datetime) -> bool:
    """Whether they were added; False where this mail was before.

    :raises NotAllowed: the alert is gone.
    """
    row = _alert(number)
    if row is None:
        raise NotAllowed()
    sealed, row_id = seal_words(row.public_key, words), row.id
    with suppress(IntegrityError), transaction():  # two carriers at once: the other one was faster
        row = writing.locked(row_id)
        if any(message.mail_key == key for message in row.messages):
            return False
        writing.add(row, sealed, now, mail_key=key)
        return True
    return False
