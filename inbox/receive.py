"""The mail door: store the bytes, then understand them and call the verb they mean.

``receive(raw)`` returns once the bytes are committed, so that a carrier may tell its source "taken". What follows may
fail or be interrupted: the stored message is taken up again by the clock.
"""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime

from models.instance import instance
from models.states import Kind as RequestKind
from services import inbound

from .commands import doubtful_word, read_command
from .content import content_of, kept_files
from .decisions import read_decision
from .kind import Kind, bounced_addresses, classify
from .parse import ParsedMail, parse
from .reply_text import reply_text

#: What mail/outbox.py gives a letter; a report quotes it.
OUR_MESSAGE_ID = re.compile(rb"<\d{14}\.[0-9a-f]{20}@[^>\s]+>")

log = logging.getLogger(__name__)


def receive(raw: bytes, carrier: str = "pipe", now: datetime | None = None) -> int:
    """Take one RFC 5322 message in. Gives its id; the bytes are committed when this returns.

    Never raises for what the message holds; an error of the database while storing is raised (the carrier tries again).
    """
    now = now or datetime.now(UTC)
    message_id = inbound.store(raw, carrier, now)
    try:
        process(message_id, now)
    except Exception:
        # Stored already: the sweep tries again, then sets it aside. The reason goes to the log without content.
        log.exception("message %s could not be understood yet", message_id)
        inbound.give_back(message_id)
    return message_id


def process(message_id: int, now: datetime) -> None:
    """Understand a stored message and do what it says, once."""
    raw = inbound.claim(message_id, now)
    if raw is None:
        return
    mail = parse(raw)
    domain = instance().settings.mail_domain
    found = classify(mail, domain)
    if found.kind == Kind.BOUNCE:
        _bounce(message_id, mail, raw, now)
    elif found.kind == Kind.SPAM:
        inbound.set_aside(message_id, mail.message_id, "courriel signalé comme indésirable", now, mail.sender_address,
                          mail.subject)
    elif found.kind != Kind.HUMAN:
        inbound.ignore(message_id, mail.message_id, f"{found.kind}: {', '.join(found.reasons)}")
    else:
        _human(message_id, mail, now)


def _bounce(message_id: int, mail: ParsedMail, raw: bytes, now: datetime) -> None:
    participants = inbound.find_participants(mail.recipients, ())
    reports = bounced_addresses(mail)
    if reports and all(report.action.lower() == "delayed" for report in reports):
        # RFC 3464, 2.3.3: the server still tries, nothing has failed yet.
        inbound.ignore(message_id, mail.message_id, "remise retardée, le serveur essaie encore")
        return
    ours = tuple(found.decode() for found in OUR_MESSAGE_ID.findall(raw))
    said = " ".join(filter(None, (reports[0].status, reports[0].diagnostic))) if reports else mail.subject
    permanent = bool(reports) and reports[0].status.startswith("5")
    inbound.bounced(message_id, mail.message_id, participants[0][0] if participants else None, ours, said, permanent, now)


def _human(message_id: int, mail: ParsedMail, now: datetime) -> None:
    """Words of a person: a reply, a decision about mail set aside, a new request; else a person of ours looks at them."""
    sender = mail.sender_address
    answered = (*mail.references, mail.in_reply_to) if mail.in_reply_to else mail.references
    candidates = inbound.find_participants(mail.recipients, answered)
    if (mine := inbound.whose(candidates, sender)) is not None:
        participant_id, to_id = mine
        if inbound.is_repeat(message_id, mail.message_id, participant_id):
            inbound.ignore(message_id, mail.message_id, "déjà reçu")
            return
        inbound.take_reply(message_id, mail.message_id, participant_id, to_id, understand(mail, participant_id), now)
        return
    if inbound.is_copy(message_id, mail.message_id, sender):
        inbound.ignore(message_id, mail.message_id, "déjà reçu")
        return
    content = content_of(mail)
    door = inbound.door_of(mail.recipients)
    # Whoever answers a letter that was passed on to them, but writes to a door, knocks at the door.
    if candidates and (door is None or inbound.find_participants(mail.recipients, ())):
        inbound.from_elsewhere(message_id, candidates, content, now)
    elif (about := inbound.queue_item(mail.recipients)) is not None:
        _decide(message_id, about, content, now)
    elif door is not None:
        _request(message_id, door, content, now)
    else:
        inbound.unmatched(message_id, content, now)


def _decide(message_id: int, about: int, content: inbound.MailContent, now: datetime) -> None:
    coordinator = inbound.coordinator_at(content.sender)
    if coordinator is None:
        inbound.from_elsewhere(message_id, [], content, now)
        return
    decision = read_decision(content.words)
    inbound.decide(message_id, about, coordinator, decision.what if decision else "", decision.reference if decision else "",
                   content, now)


def _request(message_id: int, door: RequestKind, content: inbound.MailContent, now: datetime) -> None:
    if (participant_id := inbound.cited(content)) is not None:
        # The subject names the request and nothing proves it: words may be kept there, a command may not be given.
        inbound.take_reply(message_id, content.mail_id, participant_id, 0, inbound.Understood(
            content.words, content.elided, files=content.files, refused_files=content.refused_files), now)
        return
    inbound.take_request(message_id, door, content, now)


def understand(mail: ParsedMail, participant_id: int) -> inbound.Understood:
    """The new words, the command and the files of a reply."""
    if mail.forwarded:
        # A forwarded letter is the message: nothing of it may be cut (reference email.md 1.4, 23).
        kept, elided = mail.text, ""
    else:
        cut = reply_text(mail.text, mail.html, inbound.last_letter_text(participant_id))
        kept, elided = cut.kept, cut.elided
    role = inbound.role_of(participant_id)
    command = read_command(kept, role)
    files, refused = kept_files(mail)
    return inbound.Understood(words=kept.strip(), elided=elided, command=command.slug if command else "",
                              command_words=command.words if command else "",
                              doubtful=doubtful_word(kept, role), files=files, refused_files=refused)


def process_stored(now: datetime) -> int:
    """Take up what was stored and never understood; gives how many."""
    waiting = inbound.unprocessed(now)
    take_up(waiting, now)
    return len(waiting)


def take_up(ids: list[int], now: datetime) -> None:
    """Understand stored messages, one failing without harm to the others; what fails stays for the sweep."""
    for message_id in ids:
        try:
            process(message_id, now)
        except Exception:
            log.exception("message %s could not be understood", message_id)
            inbound.give_back(message_id)
