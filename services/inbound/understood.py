"""What a reply says once it is understood, and what is done with it whatever it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from mail import outbox
from mail.letters import conversation as letters
from models.dossier import CLOCK, Actor, Participant
from models.instance import instance
from models.states import Role
from models.stored_file import StoredFile

from ..evaluation.questions import ReportLines
from ..files import new_file
from ..immersion.hosting import HostLines
from ..immersion.moving import SaidMove


@dataclass(frozen=True)
class Understood:
    """What a reply says, without reference to the database. ``command`` is the slug of an action, or ""."""

    words: str
    elided: str = ""
    command: str = ""
    command_words: str = ""
    doubtful: str = ""
    """A word of command the reply begins with, where it is not certain that a command was meant."""
    files: tuple[tuple[str, str, bytes], ...] = ()
    """``(name, media type, content)`` of the files that were accepted."""
    refused_files: tuple[str, ...] = field(default=())
    """A sentence for each file that was not."""
    said: str = ""
    """The word the command was given with."""
    argument: str = ""
    """What followed it on its line, where it takes a name or a day."""
    hosting: HostLines = field(default_factory=HostLines)
    """What a host's answer says line by line, where it is one."""
    report: ReportLines = field(default_factory=ReportLines)
    """What a report says question by question, where it is one."""
    move: SaidMove | None = None
    """The session to move, and where to, where that is asked."""
    subject: str = ""
    copies: tuple[str, ...] = ()
    """Addresses of others the mail was sent to: noted, never written to, and given no right."""
    proved: bool = True
    """False where a subject alone names the request: anybody can write one, so that the coordination alone has the words."""


def kept_files(reply: Understood, now: datetime) -> list[StoredFile]:
    """Its files, stored."""
    return [new_file(name, kind, content, now) for name, kind, content in reply.files]


def say_refused_files(participant: Participant, reasons: tuple[str, ...], now: datetime) -> None:
    """Tell who sent files that were not taken which ones, and why; inside a transaction."""
    if reasons:
        participant.dossier.record("file_refused", CLOCK, now)
        outbox.post(letters.reply_not_taken(instance().network, participant.name, list(reasons),
                                            participant.dossier.reference), participant, now)


def copied(participant: Participant, reply: Understood, now: datetime) -> None:
    """Note that a mail had others in copy: the journal says how many; inside a transaction."""
    if reply.copies:
        participant.dossier.record("copied", Actor(Role(participant.role), participant, "mail"), now, count=len(reply.copies))


def elided_with_copies(reply: Understood) -> str:
    """What was cut from the mail, and who was in copy: for the coordination alone."""
    head = f"En copie de ce courriel\u00a0: {', '.join(reply.copies)}" if reply.copies else ""
    return "\n\n".join(filter(None, [head, reply.elided]))
