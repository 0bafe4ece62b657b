"""What a message that was read asks for: found out here, done by its caller."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial

from models.instance import instance
from models.report_questions import SAY
from models.states import Kind as RequestKind
from services import inbound

from .apart import apart
from .authenticity import Verdict, sender_verdict
from .commands import Command, doubtful_word, read_command
from .content import content_of, kept_files
from .decisions import read_decision
from .decode import addresses_in
from .host_answer import read_host_answer, without_answers
from .kind import Kind, bounced_addresses
from .parse import ParsedMail
from .reading import Reading, new_words
from .reply_text import ReplyText
from .report_answer import answers_questions, read_report, without_questions
from .said_move import read_move

#: What mail/outbox.py gives a letter; a report quotes it.
OUR_MESSAGE_ID = re.compile(rb"<\d{14}\.[0-9a-f]{20}@[^>\s]+>")
THE_RETURNED_LETTER = re.compile(rb"(?im)^[>\s]*message-id:\s*(" + OUR_MESSAGE_ID.pattern + rb")")

#: The action that a report is.
REPORT = "bilan"

#: What is done on the word of its sender. The others change nothing, whoever wrote them.
_TRUSTED_KINDS = (Kind.HUMAN, Kind.BOUNCE)
IMITATED = "l’adresse de l’expéditeur est peut-être imitée : notre serveur de courriel n’a pas pu la vérifier"
SUBJECT_ALONE = "seul l’objet nomme la demande, et rien ne prouve que ce courriel vient bien de cette personne"

#: A reply, which may be written along with others, or what does all else; called once.
Meant = inbound.Reply | Callable[[], object]


def meaning(message_id: int, raw: bytes, reading: Reading, now: datetime) -> Meant:
    """What a message asks for. Nothing is done yet, but that an address which writes to us is written to again."""
    mail, found = reading.mail, reading.found
    aside = partial(inbound.set_aside, message_id, mail.message_id, now=now, sender=mail.sender_address, subject=mail.subject)
    if found.kind in _TRUSTED_KINDS and sender_verdict(mail, instance().settings.authserv_id) == Verdict.FAIL:
        return partial(aside, IMITATED)
    if found.kind == Kind.BOUNCE:
        return partial(_bounce, message_id, mail, raw, now)
    if inbound.asks_to_unsubscribe(mail.recipients):
        return partial(inbound.unsubscribe, message_id, mail.message_id, mail.recipients, now)
    if found.kind == Kind.SPAM:
        return partial(aside, "courriel signalé comme indésirable")
    if found.kind != Kind.HUMAN:
        return partial(inbound.ignore, message_id, mail.message_id, f"{found.kind}: {', '.join(found.reasons)}")
    inbound.answers_again(mail.sender_address, now)
    return _human(message_id, reading, now)


def _bounce(message_id: int, mail: ParsedMail, raw: bytes, now: datetime) -> None:
    participants = tuple(dict.fromkeys(seat.participant_id for seat, _ in inbound.find_participants(mail.recipients, ())))
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


def _human(message_id: int, reading: Reading, now: datetime) -> Meant:
    """Words of a person: a reply, a decision about mail set aside, a new request; else a person of ours looks at them."""
    mail, sender = reading.mail, reading.mail.sender_address
    candidates = inbound.find_participants(mail.recipients, mail.answered)
    mine = inbound.whose(candidates, sender) or inbound.as_colleague(candidates, sender) or _by_subject(mail, candidates)
    if mine is not None:
        seat, to_id = mine
        return inbound.Reply(message_id, mail.message_id, seat, to_id, understand(reading, seat))
    content = content_of(mail)
    door = inbound.door_of(mail.recipients)
    # Whoever answers a letter that was passed on to them, but writes to a door, knocks at the door.
    if candidates and (door is None or inbound.find_participants(mail.recipients, ())):
        return partial(inbound.from_elsewhere, message_id, candidates, content, now)
    if (about := inbound.queue_item(mail.recipients)) is not None:
        return partial(_decide, message_id, about, content, now)
    if door is not None:
        return _request(message_id, door, content, now, proved=_vouched_for(mail))
    if inbound.find_by_subject(mail.subject, sender):
        return partial(inbound.set_aside, message_id, mail.message_id, SUBJECT_ALONE, now, sender, mail.subject)
    return partial(inbound.unmatched, message_id, content, now)


def _by_subject(mail: ParsedMail, candidates: list[inbound.Candidate]) -> inbound.Candidate | None:
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


def _request(message_id: int, door: RequestKind, content: inbound.MailContent, now: datetime, *, proved: bool) -> Meant:
    if (participant_id := inbound.cited(content)) is not None:
        # The subject names the request: words may be kept there, a command may not be given.
        return inbound.Reply(message_id, content.mail_id, inbound.seat_of(participant_id), 0, inbound.Understood(
            content.words, content.elided, files=content.files, refused_files=content.refused_files, subject=content.subject,
            proved=proved))
    return partial(inbound.take_request, message_id, door, content, now)


def understand(reading: Reading, seat: inbound.Seat) -> inbound.Understood:
    """The new words, the command and the files of a reply."""
    mail = reading.mail
    voice = inbound.report_awaited(seat.participant_id) if seat.kind == RequestKind.IMMERSION else None
    if mail.forwarded:
        # A forwarded letter is the message: nothing of it may be cut (reference email.md 1.4, 23).
        cut = ReplyText(mail.text, "")
    else:
        sent = inbound.last_letter_text(seat.participant_id)
        if seat.role == "host":
            sent = without_answers(sent)
        if voice is not None:
            sent = without_questions(sent, voice)
        # What was read beforehand supposed a letter: most often the right one.
        cut = reading.cut if reading.cut and reading.sent == sent else apart(
            new_words, mail.text, mail.html, sent, mail.sender_address, mail.sender_name)
    kept = cut.kept
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
        words=kept.strip(), elided=cut.elided, command=command.slug if command else "",
        command_words=command.words if command else "", doubtful=doubtful, files=files, refused_files=refused,
        hosting=hosting, report=report, move=read_move(command.argument) if command and command.slug == "deplacer" else None,
        said=command.said if command else "", argument=command.argument if command else "", subject=mail.subject,
        copies=_copies(mail))


def _copies(mail: ParsedMail) -> tuple[str, ...]:
    """Whom else the mail was written to: neither its sender nor an address of ours."""
    written = [address for name in ("to", "cc") for value in mail.headers.get(name, ()) for address in addresses_in(value)]
    return tuple(dict.fromkeys(address for address in written
                               if address != mail.sender_address and not inbound.is_ours(address)))
