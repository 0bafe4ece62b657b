"""A request by mail: aide@, rejoindre@ and immersion@ are doors like the forms, and answer with the form already filled.

Nothing reaches a coordinator before the person has read it again and sent it: the mail itself waits, is recalled once,
and comes to the coordination when nothing happens (issue 3, part 3).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from mail import outbox
from mail.letters import courriels as letters
from models.access_link import AccessLink, Purpose, new_link
from models.base import db, insert_row, transaction
from models.dossier import Actor, Dossier, Participant, dossier_by_key
from models.inbound import InboundMessage, InboundState
from models.instance import instance
from models.states import Kind, Role
from models.stored_file import StoredFile
from territory.calendar import add_working_days, local, say_date

from .. import acting, conversation, files, reminding, submission, sweeping, throttle
from ..errors import AlreadyDone, LinkExpired, LinkUnknown, TooMany
from ..links import link_to, personal_url, read_link
from ..submission import Submission, Submitted
from . import opening
from .addresses import aside, coordinator_at, main_address, note
from .answering import is_person, may_answer
from .citing import cited_request
from .opening import MAIL_KEY, mail_key, question_of
from .reading import MailContent, read, split_name
from .storing import mark, put_aside

#: Local part of the address -> kind of request.
DOORS: dict[str, Kind] = {"aide": Kind.ENTRAIDE, "rejoindre": Kind.ADHESION, "immersion": Kind.IMMERSION}
PREFIX: dict[Kind, str] = {Kind.ENTRAIDE: "/aide", Kind.ADHESION: "/rejoindre", Kind.IMMERSION: "/immersion"}
#: Letters with a form that one address, and the whole network, write in a day and in an hour to who wrote.
FORMS_A_DAY, FORMS_AN_HOUR = 5, 200
REMINDED_AFTER_WORKING_DAYS = 2
GIVEN_UP_AFTER = timedelta(days=7)
#: How long the words of a mail may be to fit the question of their form; joining has no such question.
_ROOM: dict[Kind, int] = {Kind.ENTRAIDE: 4000, Kind.IMMERSION: 2000, Kind.ADHESION: 0}
#: A file of the mail, as a form names it until it is sent.
_FILE = "courriel-"


def door_of(recipients: tuple[str, ...]) -> Kind | None:
    """The kind of request a mail asks for, by the address of ours it was sent to."""
    domain = instance().settings.mail_domain.lower()
    for address in recipients:
        local_part, _, host = address.lower().rpartition("@")
        if host == domain and (kind := DOORS.get(local_part.partition("+")[0])):
            return kind
    return None


def take_request(message_id: int, kind: Kind, content: MailContent, now: datetime) -> None:
    """Somebody writes to a door: answered with the form, filled; what a form cannot settle goes to a coordinator."""
    with transaction():
        row = note(message_id, content)
        person = main_address(content.sender)
        coordinator = coordinator_at(content.sender)
        if not is_person(content.sender):
            aside(row, f"{kind.label} par courriel, d’une adresse à laquelle on n’écrit pas", content, now)
        elif coordinator and content.forwarded:
            aside(row, f"transféré par {coordinator.name} à l’adresse des demandes : une {kind.label} à ouvrir ?", content, now)
        elif dossier := cited_request(content):
            aside(row, f"cite {dossier.reference} dans l’objet, sans y prendre part depuis cette adresse", content, now)
        elif kind == Kind.ADHESION and _known_already(row, person, content, now):
            return
        elif not _allowed(content.sender, now):
            aside(row, f"{kind.label} par courriel : beaucoup de courriels de cette adresse aujourd’hui", content, now)
        else:
            send_form(row, kind, content, now)


def _allowed(sender: str, now: datetime) -> bool:
    return (throttle.allow(f"form-by-mail:{sender}", FORMS_A_DAY, 86400, now)
            and throttle.allow("forms-by-mail", FORMS_AN_HOUR, 3600, now))


def _known_already(row: InboundMessage, person: str, content: MailContent, now: datetime) -> bool:
    """A member, or somebody whose request to join is not finished, needs no second form."""
    network, known = instance().network, opening.known_of(person)
    if known.member_since:
        put_aside(row.id, content.mail_id, "une personne déjà membre écrit à l’adresse des adhésions", now, content.sender,
                  content.subject)
        if may_answer(content.sender, "member", now):
            outbox.post_to_address(letters.member_writes(network, f"{known.given_name} {known.family_name}",
                                                         say_date(local(known.member_since).date())),
                                   person, content.sender_name, now, answering=content.mail_id)
        return True
    dossier = db.session.scalar(
        select(Dossier).join(Participant, Participant.dossier_id == Dossier.id)
        .where(Dossier.kind == Kind.ADHESION.value, Dossier.state.in_(["unconfirmed", "submitted"]),
               Participant.role == Role.AUTHOR.value, func.lower(Participant.email) == person)
        .order_by(Dossier.id.desc()).limit(1))
    if dossier is None:
        return False
    author = dossier.author
    kept = [files.new_file(*file, now) for file in content.files]
    conversation.write(acting.lock(dossier), Actor(Role.AUTHOR, author, "mail"),
                       content.words or "(sans texte, voir les pièces jointes)", now, elided=content.elided, files=kept)
    mark(row.id, content.mail_id, InboundState.DONE, "", author.id)
    row.dossier_id = dossier.id
    if may_answer(content.sender, "newcomer", now):
        purpose = Purpose.DOSSIER if dossier.confirmed_at else Purpose.CONFIRM
        outbox.post(letters.newcomer_writes(network, dossier, author, personal_url(purpose, author, now)), author, now)
    return True


def send_form(row: InboundMessage, kind: Kind, content: MailContent, now: datetime) -> None:
    """Write to who wrote, with a personal link to the form already filled; inside a transaction."""
    person = main_address(row.sender)
    db.session.execute(update(AccessLink).where(_links_of(row)).values(revoked_at=now))
    url = _form_url(row, kind, person, now)
    letter = letters.form_to_complete(
        instance().network, kind, _name(content, person), url, say_date(local(now + GIVEN_UP_AFTER).date()),
        [name for name, *_ in content.files], list(content.refused_files),
        _open_requests(person) if kind == Kind.ENTRAIDE else [], f"aide@{instance().settings.mail_domain}",
        coordinates=coordinator_at(row.sender) is not None)
    outbox.post_to_address(letter, person, content.sender_name, now, answering=content.mail_id)
    mark(row.id, content.mail_id, InboundState.FORM, f"{kind.label} par courriel : le formulaire n’est pas encore envoyé")


def _form_url(row: InboundMessage, kind: Kind, person: str, now: datetime) -> str:
    token, link = new_link(Purpose.PREFILL, person, now)
    # The digest and not the number: a number may be given again once its row was erased.
    link.about = f"{kind.value}:{row.dedupe_key}"
    insert_row(link)
    return link_to(f"{PREFIX[kind]}/reprendre/{token}")


def _name(content: MailContent, person: str) -> str:
    known = opening.known_of(person)
    return f"{known.given_name} {known.family_name}".strip() or content.sender_name


def _open_requests(person: str) -> list[Dossier]:
    return list(db.session.scalars(
        select(Dossier).join(Participant, Participant.dossier_id == Dossier.id)
        .where(Dossier.kind == Kind.ENTRAIDE.value, Dossier.state.in_(["submitted", "in_progress"]),
               Participant.role == Role.AUTHOR.value, func.lower(Participant.email) == person)
        .order_by(Dossier.id.desc()).limit(3)))


@dataclass(frozen=True)
class Prefill:
    """What a form is filled with, understood from a mail. ``key`` makes one request of it, however often it is sent.

    ``whole`` is False where the words do not fit the form: all of them are then joined to the request. ``files`` are
    ``{"id", "name", "size"}``. ``sent`` is the request already made of it.
    """

    key: str
    kind: Kind
    words: str
    whole: bool
    email: str
    known: opening.Known
    files: list[dict[str, object]]
    refused_files: tuple[str, ...] = ()
    sent: Submitted | None = None


def read_prefill(token: str, kind: Kind, now: datetime) -> Prefill:
    """What a personal link fills its form with; changes nothing.

    :raises LinkUnknown, LinkExpired: and :class:`AlreadyDone` when a coordinator put the mail into a request.
    """
    link = read_link(token, Purpose.PREFILL, now)
    wanted, _, digest = link.about.partition(":")
    row = db.session.scalar(select(InboundMessage).where(InboundMessage.dedupe_key == digest))
    if wanted != kind:
        raise LinkUnknown()
    if row is None:
        raise LinkExpired("Le courriel de ce lien est effacé. Remplissez le formulaire, ou écrivez-nous de nouveau.")
    made = dossier_by_key(mail_key(row))
    if made is None and row.dossier_id:
        into = db.session.get(Dossier, row.dossier_id)
        raise AlreadyDone(f"Votre courriel est déjà joint à la demande {into.reference}, par la coordination.")
    content = read(row.raw)
    words, room = question_of(content), _ROOM[kind]
    known = opening.known_of(link.email)
    given, family = split_name(content.sender_name, link.email)
    known = replace(known, given_name=known.given_name or given, family_name=known.family_name or family,
                    phone=known.phone or content.phone)
    return Prefill(mail_key(row), kind, _cut(words, room) if room else words, len(words) <= room, link.email, known,
                   [{"id": f"{_FILE}{number}", "name": name, "size": len(data)}
                    for number, (name, _type, data) in enumerate(content.files)],
                   content.refused_files, submission.told(made, again=True) if made else None)


def _cut(words: str, room: int) -> str:
    """The beginning of what is too long for its field, up to the end of a line."""
    if len(words) <= room:
        return words
    note_of_cut = "\n\n[La suite de votre courriel est jointe à la demande.]"
    return words[:room - len(note_of_cut)].rpartition("\n")[0].rstrip() + note_of_cut


def came_by_mail(key: str) -> bool:
    """True for the key of a form that a mail was turned into."""
    return key.startswith(MAIL_KEY)


def is_proved(key: str, email: str) -> bool:
    """True when the form of that key was opened by a link sent to that very address: it needs no second confirmation."""
    row = _row_of(key)
    return row is not None and db.session.scalar(select(AccessLink.id).where(
        _links_of(row), AccessLink.email == email.strip().lower()).limit(1)) is not None


def _row_of(key: str) -> InboundMessage | None:
    digest = key.removeprefix(MAIL_KEY)
    return db.session.scalar(select(InboundMessage).where(InboundMessage.dedupe_key.startswith(digest, autoescape=True))
                             ) if came_by_mail(key) and len(digest) == 50 else None


def submit(asked: Submission, access: str, now: datetime) -> Submitted:
    """Send a form that a mail was turned into: to the coordination at once when it bears the address the link was sent to,
    else as any form, to be confirmed. Once, however often it is sent.

    :raises TooMany: too many requests from there.
    """
    row = _row_of(asked.key)
    if row is None:  # erased meanwhile: a form like another
        return submission.submit(asked, access, now)
    if (made := dossier_by_key(asked.key)) is not None:
        return submission.told(made, again=True)
    content = read(row.raw)
    kept = [files.new_file(*file, now) for number, file in enumerate(content.files)
            if asked.kind != Kind.ENTRAIDE or f"{_FILE}{number}" in asked.uploads]
    if len(words := question_of(content)) > _ROOM[asked.kind]:
        asked = replace(asked, summary=[*asked.summary, ["Le courriel reçu", [["Ce qu’il disait", words]]]])
    if not is_proved(asked.key, asked.author.email):
        return submission.submit(asked, access, now, also=lambda dossier: _join(row.id, dossier, kept))
    with transaction():
        if not throttle.allow(f"access:{access}", instance().settings.REQUESTS_PER_HOUR, 3600, now):
            raise TooMany()
        db.session.refresh(row, with_for_update=True)
        if (made := dossier_by_key(asked.key)) is not None:
            return submission.told(made, again=True)
        dossier = submission.take_in(asked, now, "web")
        _join(row.id, dossier, kept)
        submission.arrive(dossier, now)
        return submission.told(dossier, again=False)


def _join(row_id: int, dossier: Dossier, kept: list[StoredFile]) -> None:
    """The mail and its files belong to the request from now on."""
    row = db.session.get(InboundMessage, row_id)
    for file in kept:
        file.dossier_id = dossier.id
        db.session.add(file)
    mark(row.id, row.message_id, InboundState.DONE, row.reason, dossier.author.id)
    row.dossier_id = dossier.id
    db.session.flush()


def remind(now: datetime) -> int:
    """Recall once, after two working days, a form that was not sent; gives how many."""
    return sweeping.each_due(_UNFINISHED, _remind, now)


def _remind(row: InboundMessage, now: datetime) -> int:
    kind, links = _asked(row)
    if len(links) != 1 or add_working_days(local(links[0].created_at).date(), REMINDED_AFTER_WORKING_DAYS) > local(now).date():
        return 0
    person, content = links[0].email, read(row.raw)
    until = say_date(local(links[0].created_at + GIVEN_UP_AFTER).date())
    outbox.post_to_address(letters.form_reminder(instance().network, kind, _name(content, person),
                                                 _form_url(row, kind, person, now), until),
                           person, content.sender_name, now, answering=row.message_id, due_at=reminding.may_leave(person, now))
    return 1


def give_up(now: datetime) -> int:
    """Bring to the coordination what nobody finished in seven days; gives how many."""
    return sweeping.each_due(_UNFINISHED, _give_up, now)


def _give_up(row: InboundMessage, now: datetime) -> int:
    kind, links = _asked(row)
    if not links or links[0].created_at > now - GIVEN_UP_AFTER:
        return 0
    put_aside(row.id, row.message_id, f"{kind.label} par courriel : le formulaire n’a pas été envoyé", now, row.sender,
              row.subject)
    return 1


#: Mails whose form is awaited.
_UNFINISHED = select(InboundMessage).where(InboundMessage.state == InboundState.FORM.value)


def _asked(row: InboundMessage) -> tuple[Kind, list[AccessLink]]:
    """What the awaited form asks, and the links of its latest sending, the first one first; none: it is awaited no more."""
    links = list(db.session.scalars(select(AccessLink).where(_links_of(row)).order_by(AccessLink.id)))
    return Kind(links[0].about.partition(":")[0]) if links else Kind.ENTRAIDE, links


def _links_of(row: InboundMessage):
    return ((AccessLink.purpose == Purpose.PREFILL.value) & AccessLink.revoked_at.is_(None)
            & AccessLink.about.endswith(f":{row.dedupe_key}"))
