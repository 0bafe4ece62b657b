"""What keeps letters and answers in one thread, in each person's own mail program.

Programs group by identifiers (Thunderbird, Apple Mail, Roundcube: RFC 5256, RFC 5322 3.6.4), and two of them by subject as
well: Gmail and Outlook begin a new thread when it changes. So a letter answers the latest thing in that person's mailbox,
their own mail or our letter, and words of the conversation keep the subject of the thread they answer.

Nobody's identifiers but the person's own are ever written: a Message-ID names its sender's mail server.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import bindparam, literal, or_, select
from sqlalchemy.orm import object_session

from models.base import ask
from models.dossier import Dossier, Participant
from models.inbound import InboundMessage, InboundState
from models.outbox import OutboxMessage

_ID = re.compile(r"<[!-;=?-~]{3,250}>")
#: What a mail program puts before a subject it answers, in French and in English.
_ANSWER = re.compile(r"\s*(?:(?:re|ré|rép|aw|tr|fwd?)\s?(?:\[\d+\])?\s?:\s*)+", re.IGNORECASE)
_LONGEST_SUBJECT = 250


@dataclass(frozen=True)
class Thread:
    """Where a letter stands: ``answers`` is a Message-ID or "", ``references`` are in order.

    ``subject``, without the reference, is that of the thread; "" when the letter keeps its own.
    """

    answers: str
    references: tuple[str, ...]
    subject: str

    @property
    def fields(self) -> list[tuple[str, str]]:
        """In-Reply-To and References."""
        found = [("In-Reply-To", self.answers)] if self.answers else []
        return [*found, ("References", " ".join(self.references))]


#: Letters that carry somebody's words: they go on with the exchange of words, whatever notice came in between.
_WORDS = ("conversation/message_relayed",)
#: Letters that answer the mail just taken in.
_ANSWERS = ("coordination/command_done", "coordination/command_refused", "coordination/no_longer",
            "conversation/reply_not_taken", "conversation/request_over")

_SENT, _CAME = OutboxMessage.__table__.c, InboundMessage.__table__.c
#: Made once, and of columns alone: building a statement costs more than running this one (bench/README.md). ``at`` is
#: compared and nothing else: it comes as the driver gives it.
_LETTERS = (select(_SENT.message_id, _SENT.created_at.label("at"), _SENT.subject, literal(False).label("theirs"), _SENT.letter)
            .where(_SENT.participant_id == bindparam("participant")).order_by(_SENT.id.desc()).limit(1))
_MAILS = (select(_CAME.message_id, _CAME.received_at.label("at"), _CAME.subject, literal(True).label("theirs"))
          .where(_CAME.participant_id == bindparam("participant"), _CAME.state == InboundState.DONE.value)
          .order_by(_CAME.id.desc()).limit(1))
_LETTERS_WITH_WORDS = _LETTERS.where(or_(*(_SENT.letter == name for name in _WORDS)))
_MAILS_WITH_WORDS = _MAILS.where(_CAME.reason == "")


def thread_of(letter: str, dossier: Dossier, participant: Participant, domain: str) -> Thread:
    """The thread that the ``letter`` of that name, about ``dossier`` to ``participant``, continues; inside a transaction.

    The root is a Message-ID nobody sent: each person's thread then holds together without naming another's letter.
    """
    root = f"<dossier-{dossier.id}-{participant.id}@{domain}>"
    if object_session(participant) is None:  # written a moment ago, by the first letter's own transaction
        return Thread("", (root,), "")
    last = ask(_LETTERS, participant=participant.id).first()
    if letter in _WORDS:
        worded = last if last and last.letter in _WORDS else ask(_LETTERS_WITH_WORDS, participant=participant.id).first()
        answered = _later(worded, ask(_MAILS_WITH_WORDS, participant=participant.id).first())
    else:
        answered = _later(last, ask(_MAILS, participant=participant.id).first())
    subject = _subject(answered, dossier) if letter in (*_WORDS, *_ANSWERS) else ""
    answered = answered or last
    if answered is None:
        return Thread("", (root,), "")
    # The letter their mail answered stands between, for programs that have lost either. Never the whole chain: some
    # relays refuse long headers (reference email.md 1.6).
    between = [last.message_id] if answered.theirs and last is not None else []
    return Thread(answered.message_id, (root, *between, answered.message_id), subject)


def _later(letter, mail):
    """The later of the two; of the same instant the mail, as that is what the letter answered.

    A mail without an identifier that the person's own program would know is passed over.
    """
    if mail is None or not _ID.fullmatch(mail.message_id) or mail.message_id.endswith("@without-message-id.invalid>"):
        return letter
    return mail if letter is None or letter.at <= mail.at else letter


def _subject(answered, dossier: Dossier) -> str:
    """What the subject of a letter or a mail says after the reference, with « Re: » before; "" for another subject.

    What follows the reference is ours, given back to whom it was written; what gateways put before it they put again.
    """
    if answered is None:
        return ""
    said = answered.subject
    if answered.theirs:
        mark = f"[{dossier.reference}]"
        if mark not in said:
            return ""
        said = said.rpartition(mark)[2]
    bare = _ANSWER.sub("", said, count=1).strip() if _ANSWER.match(said) else said.strip()
    return f"Re: {bare}" if 0 < len(bare) <= _LONGEST_SUBJECT else ""

