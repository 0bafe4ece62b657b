"""The mail door: store the bytes, then understand them and call the verb they mean.

``receive(raw)`` returns once the bytes are committed, so that a carrier may tell its source "taken". What follows may
fail or be interrupted: the stored message is taken up again by the clock.
"""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime

from models.instance import instance
from models.typography import french
from services import inbound
from services.attachments import judge

from .commands import doubtful_word, read_command
from .kind import Kind, bounced_addresses, classify
from .parse import ParsedMail, parse
from .reply_text import reply_text

#: What mail/outbox.py gives a letter; a report quotes it.
OUR_MESSAGE_ID = re.compile(rb"<\d{14}\.[0-9a-f]{20}@[^>\s]+>")
THE_RETURNED_LETTER = re.compile(rb"(?im)^[>\s]*message-id:\s*(" + OUR_MESSAGE_ID.pattern + rb")")

log = logging.getLogger(__name__)

#: Files of one mail together.
FILES_BYTES = 20 * 1024 * 1024
FILES_COUNT = 20


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
        inbound.answers_again(mail.sender_address, now)
        _human(message_id, mail, now)


def _bounce(message_id: int, mail: ParsedMail, raw: bytes, now: datetime) -> None:
    participants = tuple(dict.fromkeys(found for found, _ in inbound.find_participants(mail.recipients, ())))
    reports = bounced_addresses(mail)
    # RFC 3464, 2.3.3: where one address is put off and another refused, what failed is what matters.
    first = next((report for report in reports if report.action.lower() != "delayed"), reports[0] if reports else None)
    said = inbound.Report(first.status, first.action, first.diagnostic) if first else inbound.Report("", "", mail.subject)
    inbound.bounced(message_id, mail.message_id, participants, _letters_named(mail, raw), said, now)


def _letters_named(mail: ParsedMail, raw: bytes) -> tuple[str, ...]:
    """Message-IDs of ours in a report, first the one the returned letter bears itself."""
    everything = b"\n".join([raw, mail.text.encode(), *(file.content for file in mail.attachments)])
    found = [*THE_RETURNED_LETTER.findall(everything), *OUR_MESSAGE_ID.findall(everything)]
    return tuple(dict.fromkeys(name.decode("ascii", "replace") for name in found))


def _human(message_id: int, mail: ParsedMail, now: datetime) -> None:
    sender = mail.sender_address
    answered = (*mail.references, mail.in_reply_to) if mail.in_reply_to else mail.references
    candidates = inbound.find_participants(mail.recipients, answered)
    mine = [pair for pair in candidates if inbound.address_of(pair[0]) == sender]
    if not mine:
        reason = ("l’expéditeur n’est pas la personne attendue dans cet échange" if candidates
                  else "aucun échange ne correspond à ce courriel")
        inbound.set_aside(message_id, mail.message_id, reason, now, sender, mail.subject)
        return
    participant_id, to_id = mine[0]
    if inbound.is_repeat(message_id, mail.message_id, participant_id):
        inbound.ignore(message_id, mail.message_id, "déjà reçu")
        return
    inbound.take_reply(message_id, mail.message_id, participant_id, to_id, understand(mail, participant_id), now)


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
    files, refused = _files(mail)
    return inbound.Understood(words=kept.strip(), elided=elided, command=command.slug if command else "",
                              command_words=command.words if command else "",
                              doubtful=doubtful_word(kept, role), files=files, refused_files=refused)


def _files(mail: ParsedMail) -> tuple[tuple[tuple[str, str, bytes], ...], tuple[str, ...]]:
    kept, refused, total = [], [], 0
    for file in mail.attachments:
        if file.inline:
            continue
        verdict = judge(file.filename, file.content)
        total += len(file.content)
        if not verdict.ok:
            refused.append(verdict.reason)
        elif total > FILES_BYTES or len(kept) >= FILES_COUNT:
            refused.append(french(f"« {verdict.clean_name} » n'a pas été gardé : l'ensemble des fichiers dépasse 20\u00a0Mo. "
                                  "Envoyez-le dans un autre courriel."))
        else:
            kept.append((verdict.clean_name, verdict.media_type, file.content))
    return tuple(kept), tuple(refused)


def process_stored(now: datetime) -> int:
    """Take up what was stored and never understood; gives how many."""
    waiting = inbound.unprocessed(now)
    for message_id in waiting:
        try:
            process(message_id, now)
        except Exception:
            log.exception("message %s could not be understood", message_id)
            inbound.give_back(message_id)
    return len(waiting)
