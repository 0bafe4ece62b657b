"""A request for help that a coordinator opens from somebody's mail, as if the person had filled the form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from models.base import db
from models.dossier import Actor, Dossier, Participant
from models.inbound import InboundMessage
from models.network import Coordinator
from models.outbox import OutboxMessage
from models.states import Kind, Role
from models.stored_file import StoredFile
from models.structure import Membre
from models.typography import french
from models.vocabulary import HELP_KINDS, THEMES, label
from territory import communes

from .. import acting, submission
from ..errors import NotAllowed
from ..submission import Author, Submission
from .addresses import main_address
from .answering import is_person
from .reading import MailContent, split_name


@dataclass(frozen=True)
class Known:
    """What the network knows of who writes, as a member or from their latest request; "" where it knows nothing."""

    given_name: str = ""
    family_name: str = ""
    phone: str = ""
    post: str = ""
    job: str = ""
    organisation: str = ""
    commune: str = ""
    structure: dict[str, Any] | None = None
    member_since: datetime | None = None


@dataclass(frozen=True)
class OpenRequest:
    """What a coordinator says of the request to open; ``commune`` may be "": the one who opens it then keeps it."""

    given_name: str
    family_name: str
    email: str
    phone: str
    organisation: str
    commune: str
    help_kind: str
    theme: str
    question: str


def known_of(email: str) -> Known:
    """What the network knows of the person behind an address."""
    member = db.session.scalar(select(Membre).where(Membre.email == email.lower(), Membre.left_at.is_(None)))
    if member:
        structure = member.structure
        return Known(member.given_name, member.family_name, member.phone, member.answers.get("post") or "", member.job,
                     structure.name if structure else "", member.commune, member.answers.get("structure"), member.joined_at)
    latest = db.session.scalar(
        select(Participant).join(Dossier).where(func.lower(Participant.email) == email.lower(),
                                                Participant.role == Role.AUTHOR.value)
        .order_by(Dossier.id.desc()).limit(1))
    if latest is None:
        return Known()
    answers = latest.dossier.answers
    given, family = split_name(latest.name, email)
    return Known(answers.get("given_name") or given, answers.get("family_name") or family, latest.phone,
                 answers.get("post") or "", answers.get("job") or "", latest.organisation, latest.dossier.commune,
                 answers.get("structure") or answers.get("employer", {}).get("structure"))


def question_of(content: MailContent) -> str:
    """The words of a mail as a question, set as French is: its subject too, where the words do not say it already."""
    subject = content.subject.strip()
    while (rest := _without_prefix(subject)) != subject:
        subject = rest
    if not subject or subject.lower() in content.words.lower() or subject.lower() in _EMPTY_SUBJECTS:
        return french(content.words)
    return french(f"{subject}\n\n{content.words}".strip())


_EMPTY_SUBJECTS = frozenset({
    "aide", "bonjour", "demande", "demande d'aide", "demande d’aide", "question", "immersion", "adhésion", "(sans objet)",
    "sans objet", "(no subject)"})
_PREFIXES = ("re:", "re :", "ré:", "tr:", "tr :", "fw:", "fwd:", "fwd :")


def _without_prefix(subject: str) -> str:
    found = next((prefix for prefix in _PREFIXES if subject.lower().startswith(prefix)), "")
    return subject[len(found):].strip()


def guessed(row: InboundMessage, content: MailContent) -> OpenRequest:
    """The request as the mail alone lets one write it; a coordinator may correct each line on the page."""
    name, address = content.people[0]
    email = main_address(address or row.sender)
    known = known_of(email)
    given, family = split_name(name, email)
    return OpenRequest(
        known.given_name or given or email.partition("@")[0], known.family_name or family, email,
        known.phone or content.phone, known.organisation, known.commune, "question", "autre", question_of(content))


def open_for(row: InboundMessage, asked: OpenRequest, kept: list[StoredFile], by: Coordinator, now: datetime) -> Dossier:
    """Make the request, confirmed, and bring it to its coordinator with a receipt to its author; inside a transaction.

    :raises NotAllowed: the author's address is no person's. :raises AlreadyDone: the person sent the form meanwhile.
    """
    if not is_person(asked.email):
        raise NotAllowed("Indiquez l’adresse de courriel de la personne qui demande de l’aide.")
    dossier = submission.take_in(_submission(row, asked), now, "mail")
    colleague = Actor(Role.COORDINATOR, acting.as_coordinator(dossier, by.email), "web")
    db.session.flush()
    dossier.record("opened_from_mail", colleague, now)
    for file in kept:
        file.dossier = dossier
        db.session.add(file)
    db.session.flush()
    if not asked.commune:
        submission.bring_to(dossier, by, "routed", now)
        return dossier
    # Who opened it is not in charge of it for all that: they are in it if the territory says so, or when they act.
    colleague.participant.active = False
    submission.arrive(dossier, now)
    return dossier


def _submission(row: InboundMessage, asked: OpenRequest) -> Submission:
    place = communes.commune(asked.commune)
    help_kind, theme = label(HELP_KINDS, asked.help_kind), label(THEMES, asked.theme)
    name = f"{asked.given_name} {asked.family_name}".strip()
    who = [["Nom", name], ["Adresse de courriel", asked.email, "contact"], ["Téléphone", asked.phone, "contact"],
           ["Structure", asked.organisation], ["Commune de travail", place.label if place else ""]]
    return Submission(
        kind=Kind.ENTRAIDE, key=mail_key(row), title=f"{help_kind} : {theme}", commune=asked.commune,
        author=Author(asked.given_name, asked.family_name, asked.email, asked.phone, "", asked.organisation),
        answers={"question": asked.question, "help_kind": asked.help_kind, "theme": asked.theme, "concerns": "",
                 "urgency": "normale", "visibility": [], "post": ""},
        summary=[["Ce qui vous amène", [["Votre question", asked.question], ["Ce que vous cherchez", help_kind],
                                        ["Le sujet", theme]]], ["Vous", [line for line in who if line[1]]]])


#: Begins the key of a request made of a mail; a form that was opened on the site has a key of its own.
MAIL_KEY = "courriel-"


def mail_key(row: InboundMessage) -> str:
    """What makes of one mail one request, whoever makes it. Of the bytes: a number may be given again once its row went."""
    return MAIL_KEY + row.dedupe_key[:50]


def letter_answered(message_ids: tuple[str, ...]) -> str:
    """The subject of the letter of ours, outside of any request, that a mail answers; "" when it answers none."""
    if not message_ids:
        return ""
    return db.session.scalar(select(OutboxMessage.subject).where(OutboxMessage.message_id.in_(message_ids))
                             .order_by(OutboxMessage.id.desc()).limit(1)) or ""
