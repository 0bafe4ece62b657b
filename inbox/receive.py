"""The mail door: store the bytes, then understand them and call the verb they mean.

``receive(raw)`` returns once the bytes are committed, so that a carrier may tell its source "taken". What follows may
fail or be interrupted: the stored message is taken up again by the clock.
"""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from time import monotonic

from models.instance import instance
from models.report_questions import SAY
from models.states import Kind as RequestKind
from services import inbound

from . import private
from .apart import NotRead, apart
from .authenticity import Verdict, sender_verdict
from .commands import Command, doubtful_word, read_command
from .content import content_of, kept_files
from .decisions import read_decision
from .decode import addresses_in
from .host_answer import read_host_answer, without_answers
from .kind import Classification, Kind, bounced_addresses
from .parse import ParsedMail
from .reading import read
from .reply_text import reply_text
from .report_answer import answers_questions, read_report, without_questions
from .said_move import read_move
from .signature_block import part_signature

#: What mail/outbox.py gives a letter; a report quotes it.
OUR_MESSAGE_ID = re.compile(rb"<\d{14}\.[0-9a-f]{20}@[^>\s]+>")
THE_RETURNED_LETTER = re.compile(rb"(?im)^[>\s]*message-id:\s*(" + OUR_MESSAGE_ID.pattern + rb")")

#: The action that a report is.
REPORT = "bilan"

#: What is done on the word of its sender. The others change nothing, whoever wrote them.
_TRUSTED_KINDS = (Kind.HUMAN, Kind.BOUNCE)
IMITATED = "l’adresse de l’expéditeur est peut-être imitée : notre serveur de courriel n’a pas pu la vérifier"
SUBJECT_ALONE = "seul l’objet nomme la demande, et rien ne prouve que ce courriel vient bien de cette personne"

log = logging.getLogger(__name__)

#: Seconds a round of :func:`process_stored` begins new messages: letters that wait for the same worker leave meanwhile.
ROUND = 40.0


def keep(raw: bytes, carrier: str, now: datetime) -> int | None:
    """Store one message, for who has it understood later (:func:`attempt`). Gives its id; None where it is private, and gone."""
    return None if private.taken(raw, now) else inbound.store(raw, carrier, now)


def receive(raw: bytes, carrier: str = "pipe", now: datetime | None = None) -> int | None:
    """Take one RFC 5322 message in. Gives its id; the bytes are committed when this returns. None where it answers a neutral
    letter (``private.py``): nothing is stored of it.

    Never raises for what the message holds; an error of the database while storing is raised (the carrier tries again).
    """
    now = now or datetime.now(UTC)
    if private.taken(raw, now):
        return None
    message_id, mine = inbound.store_claimed(raw, carrier, now)
    attempt(message_id, now, raw if mine else None)
    return message_id


def attempt(message_id: int, now: datetime, claimed: bytes | None = None) -> None:
    """:func:`process`, for who has others to see to: a failure is logged without content, and the sweep tries again later.

    :param claimed: the bytes, where the caller claimed the message already.
    """
    try:
        if claimed is None:
            process(message_id, now)
        else:
            _understand(message_id, claimed, now)
    except NotRead as failure:
        log.error("message %s could not be read: %s", message_id, failure)
        inbound.give_back(message_id, now)
    except Exception:
        log.exception("message %s could not be understood", message_id)
        inbound.give_back(message_id, now)


def process(message_id: int, now: datetime) -> None:
    """Understand a stored message and do what it says, once."""
    raw = inbound.claim(message_id, now)
    if raw is not None:
        _understand(message_id, raw, now)


def _understand(message_id: int, raw: bytes, now: datetime) -> None:
    mail, found = apart(read, raw, instance().settings.mail_domain)
    try:
        _do(message_id, mail, found, raw, now)
    except inbound.AlreadyTaken:
        inbound.ignore(message_id, mail.message_id, inbound.ALREADY_TAKEN)


def _do(message_id: int, mail: ParsedMail, found: Classification, raw: bytes, now: datetime) -> None:
    settings = instance().settings
    if found.kind in _TRUSTED_KINDS and sender_verdict(mail, settings.authserv_id) == Verdict.FAIL:
        inbound.set_aside(message_id, mail.message_id, IMITATED, now, mail.sender_address, mail.subject)
    elif found.kind == Kind.BOUNCE:
        _bounce(message_id, mail, raw, now)
    elif inbound.unsubscribed(message_id, mail.message_id, mail.recipients, now):
        return
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
    reports = apart(bounced_addresses, mail, raw)
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
    """Words of a person: a reply, a decision about mail set aside, a new request; else a person of ours looks at them."""
    sender = mail.sender_address
    candidates = inbound.find_participants(mail.recipients, mail.answered)
    mine = inbound.whose(candidates, sender) or inbound.as_colleague(candidates, sender) or _by_subject(mail, candidates)
    if mine is not None:
        participant_id, to_id = mine
        inbound.take_reply(message_id, mail.message_id, participant_id, to_id, understand(mail, participant_id), now)
        return
    content = content_of(mail)
    door = inbound.door_of(mail.recipients)
    # Whoever answers a letter that was passed on to them, but writes to a door, knocks at the door.
    if candidates and (door is None or inbound.find_participants(mail.recipients, ())):
        inbound.from_elsewhere(message_id, candidates, content, now)
    elif (about := inbound.queue_item(mail.recipients)) is not None:
        _decide(message_id, about, content, now)
    elif door is not None:
        _request(message_id, door, content, now, proved=_vouched_for(mail))
    elif inbound.find_by_subject(mail.subject, sender):
        inbound.set_aside(message_id, mail.message_id, SUBJECT_ALONE, now, sender, mail.subject)
    else:
        inbound.unmatched(message_id, content, now)


def _by_subject(mail: ParsedMail, candidates: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The conversation whose reference is in the subject, where our own mail server vouches for who writes."""
    if candidates or not _vouched_for(mail):
        return None
    return next(iter(inbound.find_by_subject(mail.subject, mail.sender_address)), None)


def _vouched_for(mail: ParsedMail) -> bool:
    """Whether our own mail server says who writes: a reference in a subject is believed with that alone."""
    # Somebody may write the header of our server as long as it does not, so that only a name we were told counts.
    named = instance().settings.MAIL_AUTHSERV_ID
    return bool(named) and sender_verdict(mail, named) == Verdict.PASS


def _decide(message_id: int, about: int, content: inbound.MailContent, now: datetime) -> None:
    coordinator = inbound.coordinator_at(content.sender)
    if coordinator is None:
        inbound.from_elsewhere(message_id, [], content, now)
        return
    decision = read_decision(content.words)
    inbound.decide(message_id, about, coordinator, decision.what if decision else "", decision.reference if decision else "",
                   content, now)


def _request(message_id: int, door: RequestKind, content: inbound.MailContent, now: datetime, *, proved: bool) -> None:
    if (participant_id := inbound.cited(content)) is not None:
        # The subject names the request: words may be kept there, a command may not be given.
        inbound.take_reply(message_id, content.mail_id, participant_id, 0, inbound.Understood(
            content.words, content.elided, files=content.files, refused_files=content.refused_files, subject=content.subject,
            proved=proved), now)
        return
    inbound.take_request(message_id, door, content, now)


def understand(mail: ParsedMail, participant_id: int) -> inbound.Understood:
    """The new words, the command and the files of a reply."""
    seat = inbound.seat_of(participant_id)
    voice = inbound.report_awaited(participant_id) if seat.kind == RequestKind.IMMERSION else None
    if mail.forwarded:
        # A forwarded letter is the message: nothing of it may be cut (reference email.md 1.4, 23).
        kept, elided, signature = mail.text, "", ""
    else:
        sent = inbound.last_letter_text(participant_id)
        if seat.role == "host":
            sent = without_answers(sent)
        if voice is not None:
            sent = without_questions(sent, voice)
        cut = apart(reply_text, mail.text, mail.html, sent)
        kept, signature = part_signature(cut.kept, mail.sender_address, mail.sender_name)
        elided = cut.elided
    doubtful = doubtful_word(kept, seat.role, seat.kind)
    command = None if doubtful else read_command(kept, seat.role, seat.kind)
    report = inbound.ReportLines()
    if voice is not None and (command is None or command.slug == REPORT):
        report = read_report(command.words if command else kept, voice)
        if command is None and not doubtful and answers_questions(report):
            command = Command(REPORT, report.words, SAY)
    hosting = read_host_answer(command.words) if command and command.slug == "accueillir" else inbound.HostLines()
    files, refused = kept_files(mail)
    return inbound.Understood(
        words=kept.strip(), elided="\n\n".join(filter(None, [signature, elided])), command=command.slug if command else "",
        command_words=command.words if command else "", doubtful=doubtful, files=files, refused_files=refused,
        hosting=hosting, report=report, move=read_move(command.argument) if command and command.slug == "deplacer" else None,
        said=command.said if command else "", argument=command.argument if command else "", subject=mail.subject,
        copies=_copies(mail))


def _copies(mail: ParsedMail) -> tuple[str, ...]:
    """Whom else the mail was written to: neither its sender nor an address of ours."""
    written = [address for name in ("to", "cc") for value in mail.headers.get(name, ()) for address in addresses_in(value)]
    return tuple(dict.fromkeys(address for address in written
                               if address != mail.sender_address and not inbound.is_ours(address)))


def process_stored(now: datetime) -> int:
    """Take up what was stored and never understood, what was tried least first; gives how many."""
    until, done = monotonic() + ROUND, 0
    for message_id in inbound.unprocessed(now):
        if monotonic() > until:
            break
        attempt(message_id, now)
        done += 1
    return done


def take_up(ids: list[int], now: datetime) -> None:
    """Understand stored messages, one failing without harm to the others; what fails stays for the sweep."""
    for message_id in ids:
        attempt(message_id, now)
