"""What a mail says, for the verbs that decide what becomes of it: the mail door reads, this names what it found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import current_app

#: Where the application keeps the mail door's reader: ``bytes -> MailContent``.
READER = "read_mail"
#: And what takes messages up again: ``(ids, now) -> None``.
PROCESSOR = "process_mail"


@dataclass(frozen=True)
class MailContent:
    """One mail as a person would read it. Addresses are in lower case; ``files`` are ``(name, media type, content)``.

    ``original_name`` and ``original_address`` are those of the mail that was forwarded, where one can be told.
    ``readable`` is False where nothing but the bytes can be shown.
    """

    mail_id: str
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    recipients: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    sent_at: datetime | None = None
    words: str = ""
    elided: str = ""
    phone: str = ""
    forwarded: bool = False
    original_name: str = ""
    original_address: str = ""
    files: tuple[tuple[str, str, bytes], ...] = ()
    refused_files: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    readable: bool = True

    @property
    def people(self) -> tuple[tuple[str, str], ...]:
        """Who may be the author, ``(name, address)``: of the mail forwarded first, then of this one."""
        first = ((self.original_name, self.original_address),) if self.original_address else ()
        return (*first, (self.sender_name, self.sender))


def read(raw: bytes) -> MailContent:
    """What the stored bytes of a mail say."""
    return current_app.extensions[READER](raw)


def take_up(ids: list[int], now: datetime) -> None:
    """Have messages that may go on understood now; whatever fails is taken up again by the clock."""
    if ids:
        current_app.extensions[PROCESSOR](ids, now)


def split_name(name: str, address: str) -> tuple[str, str]:
    """``(given name, family name)`` as well as a mail lets one guess; to be read again by the person.

    « Noa Fictif », « FICTIF Noa », « Fictif, Noa », else prenom.nom@…
    """
    if not name:
        parts = [part for part in address.partition("@")[0].replace("_", ".").split(".") if part.isalpha()]
        return (parts[0].capitalize(), parts[1].capitalize()) if len(parts) == 2 else ("", "")
    if "," in name:
        family, _, given = name.partition(",")
        return given.strip(), family.strip()
    words = name.split()
    capitals = [word for word in words if len(word) > 1 and word.isupper()]
    if capitals and len(capitals) < len(words):
        return " ".join(word for word in words if word not in capitals), " ".join(capitals).title()
    return words[0], " ".join(words[1:])
