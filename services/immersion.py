"""An immersion, from the request to the host's dates: the employer first, then a host that suits."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from mail import outbox
from mail.letters import conversation, immersion
from models.access_link import Purpose
from models.base import db
from models.convention import ImmersionSession
from models.dossier import Actor, Dossier, Immersion, Participant
from models.instance import instance
from models.states import ImmersionState, Kind, Role
from models.structure import Structure
from models.vocabulary import SKILLS, labels
from pdf.convention_data import Session as PlannedSession  # noqa: F401  the page gives them
from territory import communes
from territory.distance import describe, kilometres
from territory.spelling import fold

from .acting import Action, register, reply_address, who_coordinates
from .conversation import keep_words
from .errors import Refused
from .hosting import HostAnswer, known, prepared, say_session
from .links import personal_url

#: How many structures a letter offers; the page shows them all.
OFFERED = 5


def _in(*states: ImmersionState) -> dict[Kind, frozenset[str]]:
    return {Kind.IMMERSION: frozenset(state.value for state in states)}


@dataclass(frozen=True)
class HostChoice:
    """A structure that said it can host, and what speaks for it."""

    structure_id: int
    name: str
    place: str
    distance: str
    matching: tuple[str, ...]
    places: int
    technical: str
    human: str
    constraints: str

    @property
    def about(self) -> str:
        """Where, how far, and which of the skills sought."""
        skills = f", compétences recherchées\u00a0: {', '.join(self.matching)}" if self.matching else ""
        return f"{self.place}, {self.distance}{skills}"


def possible_hosts(dossier: Immersion) -> list[HostChoice]:
    """Member structures that can host: those with most of the skills sought first, then the nearest.

    The employer itself is never proposed.
    """
    here = communes.commune(dossier.commune)
    sought = set(dossier.answers.get("skills_sought", []))
    employer = dossier.answers["employer"]
    found = []
    for structure in db.session.scalars(select(Structure).where(Structure.hosts, Structure.host_places > 0)):
        contact = structure.contact
        there = communes.commune(structure.commune)
        same = structure.siret and structure.siret == employer["structure"].get("siret")
        if contact is None or same or structure.name.lower() == employer["structure"]["name"].lower():
            continue
        matching = sought & set(structure.skills)
        away = kilometres(here, there) if here and there else 1e6
        found.append((-len(matching), away, HostChoice(
            structure.id, structure.name, there.label if there else "", describe(here, there) if here and there else "",
            tuple(labels(SKILLS, list(matching))), structure.host_places, structure.host_technical,
            structure.host_human, structure.constraints)))
    return [choice for *_, choice in sorted(found, key=lambda item: item[:2])]


def offers(choices: list[HostChoice]) -> list[immersion.Offer]:
    """The first five as a letter lists them, each with the words that ask it; a name two structures bear takes its place."""
    names = [fold(choice.name) for choice in choices]
    return [immersion.Offer(choice.name, choice.about, f"proposer {choice.name}" if names.count(fold(choice.name)) == 1
                            else f"proposer {choice.name}, {choice.place}") for choice in choices[:OFFERED]]


class HostUnknown(Refused):
    """No structure that can host, or more than one, answers to that name."""


def host_named(dossier: Immersion, words: str) -> int:
    """Id of the one possible host that ``words`` name: its whole name, or a part of it that it alone bears.

    :raises HostUnknown: none or several; the sentence lists those that can be proposed.
    """
    choices = possible_hosts(dossier)
    named = fold(words)
    same = [choice for choice in choices if named in (fold(choice.name), fold(f"{choice.name} {choice.place}"))]
    part = [choice for choice in choices if named and set(named.split()) <= set(fold(f"{choice.name} {choice.place}").split())]
    found = same or part
    if len(found) == 1:
        return found[0].structure_id
    if not choices:
        raise HostUnknown("Pour le moment, aucune structure membre n’a dit pouvoir accueillir.")
    can = " ; ".join(f"«\u00a0{offer.say}\u00a0» ({offer.about})" for offer in offers(choices))
    why = (f"Nous ne savons pas quelle structure proposer\u00a0: «\u00a0{words.strip()[:80]}\u00a0» "
           + ("désigne plusieurs structures." if found else "n’est le nom d’aucune structure qui accueille.")
           if named else "Il manque le nom de la structure.")
    raise HostUnknown(f"{why} Vous pouvez écrire\u00a0: {can}.")


def accept(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The coordination takes the request in hand: the employer is asked for an agreement in principle."""
    contact = dossier.answers["employer"]
    employer = next((p for p in dossier.participants if p.role == Role.EMPLOYER and p.email == contact["email"]), None)
    if employer is None:  # a request taken up again has its employer already
        employer = Participant(role=Role.EMPLOYER.value, name=contact["name"], email=contact["email"],
                               phone=contact.get("phone", ""), quality=contact.get("quality", ""),
                               organisation=contact["structure"]["name"])
        dossier.participants.append(employer)
    dossier.move_to(ImmersionState.EMPLOYER_ASKED, by, now, "employer_asked")
    db.session.flush()
    network = instance().network
    url = personal_url(Purpose.DOSSIER, employer, now)
    outbox.post(immersion.employer_to_agree(network, dossier, employer, url, words), employer, now)
    outbox.post(immersion.taken_in_hand(network, dossier, dossier.author, by.participant.name, employer.display_name),
                dossier.author, now)
    return f"Un courriel part à {employer.display_name}, pour demander son accord de principe."


def employer_agrees(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The employer agrees in principle; the author and the coordination are told."""
    dossier.move_to(ImmersionState.EMPLOYER_AGREED, by, now, "employer_agreed")
    keep_words(dossier, by, words, now)
    hosts = offers(possible_hosts(dossier))
    for person in [dossier.author, *who_coordinates(dossier)]:
        url = personal_url(Purpose.DOSSIER, person, now)
        outbox.post(immersion.employer_agreed(instance().network, dossier, person, by.participant.display_name, words, url,
                                              hosts if person.role == Role.COORDINATOR else [], reply_address(person)),
                    person, now)
    return "Merci, votre accord de principe est enregistré. Vous relirez la convention avant de la signer."


def refuse(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The employer or the coordination says no: the request ends, all who know of it are told."""
    journal = "employer_declined" if by.role == Role.EMPLOYER else "refused"
    told = _others(dossier, by)
    dossier.move_to(ImmersionState.REFUSED, by, now, journal)
    keep_words(dossier, by, words, now)
    for person in told:
        outbox.post(immersion.not_possible(instance().network, dossier, person, by.participant.display_name, words,
                                           goes_on=False), person, now)
    return "La demande s’arrête. Les personnes concernées reçoivent un courriel."


def withdraw(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The author gives up; all who know of it are told."""
    told = _others(dossier, by)
    dossier.move_to(ImmersionState.WITHDRAWN, by, now, "withdrawn")
    keep_words(dossier, by, words, now)
    for person in told:
        outbox.post(conversation.request_withdrawn(instance().network, dossier, person, words), person, now)
    return "Votre demande est retirée. Les personnes concernées reçoivent un courriel."


def propose_host(dossier: Immersion, by: Actor, words: str, now: datetime, structure_id: int) -> str:
    """Ask a structure whether it can host.

    :raises Refused: it cannot be asked: not a host any more, or its address is another party's.
    """
    structure = db.session.get(Structure, structure_id)
    contact = structure.contact if structure else None
    if structure is None or contact is None or not structure.hosts:
        raise Refused("Cette structure ne peut pas être proposée : choisissez-en une autre.")
    if contact.email in {p.email.lower() for p in dossier.participants if p.role in (Role.AUTHOR, Role.EMPLOYER)}:
        raise Refused("L’adresse de cette structure est aussi celle d’une autre partie : les trois doivent être différentes.")
    host = next((p for p in dossier.participants if p.role == Role.HOST and p.email.lower() == contact.email), None)
    if host is None:
        host = Participant(role=Role.HOST.value, name=contact.name, email=contact.email, phone=contact.phone,
                           quality=contact.job, organisation=structure.name)
        dossier.participants.append(host)
    host.active = True
    dossier.host = structure
    dossier.move_to(ImmersionState.HOST_ASKED, by, now, "host_asked")
    db.session.flush()
    url = personal_url(Purpose.DOSSIER, host, now)
    outbox.post(immersion.host_to_agree(instance().network, dossier, host, url, by.participant.name, words,
                                        prepared(known(dossier, host)), reply_address(host)), host, now)
    return f"Un courriel part à {host.display_name}, pour demander si l’accueil est possible."


def host_agrees(dossier: Immersion, by: Actor, words: str, now: datetime, answer: HostAnswer) -> str:
    """The host agrees and gives its dates; everybody is told."""
    dossier.sessions[:] = [ImmersionSession(**asdict(session)) for session in answer.sessions]
    dossier.answers = {**dossier.answers, "host": {k: v for k, v in asdict(answer).items() if k != "sessions"}}
    dossier.move_to(ImmersionState.HOST_AGREED, by, now, "host_agreed", sessions=len(answer.sessions))
    keep_words(dossier, by, words, now)
    lines = [say_session(session) for session in answer.sessions]
    for person in _others(dossier, by):
        url = personal_url(Purpose.DOSSIER, person, now)
        outbox.post(immersion.host_agreed(instance().network, dossier, person, by.participant.display_name, lines, url,
                                          reply_address(person)), person, now)
    return "Merci, vos dates sont transmises. Vous relirez la convention avant de la signer."


def host_declines(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The host cannot this time; the search goes on, nobody but the coordination needs to know."""
    _leave_host(dossier, by, now, "host_declined")
    keep_words(dossier, by, words, now)
    for person in who_coordinates(dossier):
        outbox.post(immersion.not_possible(instance().network, dossier, person, by.participant.display_name, words,
                                           goes_on=True), person, now)
    return "Merci d’avoir répondu. La coordination cherche une autre structure."


def change_host(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The coordination looks for another host; the one that was asked is told."""
    host = dossier.participant(Role.HOST)
    _leave_host(dossier, by, now, "host_changed")
    if host:
        outbox.post(immersion.not_possible(instance().network, dossier, host, by.participant.name, words, goes_on=False),
                    host, now)
    return "La recherche d’une structure d’accueil reprend. La structure sollicitée reçoit un courriel."


def _leave_host(dossier: Immersion, by: Actor, now: datetime, journal: str) -> None:
    host = dossier.participant(Role.HOST)
    dossier.move_to(ImmersionState.EMPLOYER_AGREED, by, now, journal)
    dossier.host = None
    dossier.sessions.clear()
    dossier.answers = {k: v for k, v in dossier.answers.items() if k != "host"}
    if host:
        host.active = False


#: What the journal says of a request on its way -> the stage it was then at.
_STAGES: dict[str, ImmersionState] = {
    "confirmed": ImmersionState.SUBMITTED, "employer_asked": ImmersionState.EMPLOYER_ASKED,
    "employer_agreed": ImmersionState.EMPLOYER_AGREED, "host_declined": ImmersionState.EMPLOYER_AGREED,
    "host_changed": ImmersionState.EMPLOYER_AGREED, "host_asked": ImmersionState.HOST_ASKED,
    "host_agreed": ImmersionState.HOST_AGREED, "convention_shown": ImmersionState.IN_REVIEW,
    "convention_reopened": ImmersionState.IN_REVIEW, "convention_issued": ImmersionState.TO_SIGN,
    "convention_signed": ImmersionState.SIGNED, "lived": ImmersionState.LIVED}
_SIGNED = (ImmersionState.SIGNED, ImmersionState.LIVED)


def reopen(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """What ended by mistake is taken up where it stood, with its people, its dates and its convention; they are told."""
    before = next((_STAGES[entry.kind] for entry in reversed(dossier.journal) if entry.kind in _STAGES), ImmersionState.SUBMITTED)
    stage = before if dossier.state != ImmersionState.CLOSED or before in _SIGNED else ImmersionState.TO_SIGN
    dossier.move_to(stage, by, now, "reopened")
    keep_words(dossier, by, words, now)
    for person in _others(dossier, by):
        outbox.post(conversation.request_reopened(instance().network, dossier, person, by.participant.name, words), person, now)
    return "La demande est rouverte, à l’étape où elle s’était arrêtée. Les personnes concernées reçoivent un courriel."


def _others(dossier: Dossier, by: Actor) -> list[Participant]:
    return [p for p in dossier.participants if p.active and p is not by.participant]


_S = ImmersionState
_BEFORE_END = (_S.SUBMITTED, _S.EMPLOYER_ASKED, _S.EMPLOYER_AGREED, _S.HOST_ASKED, _S.HOST_AGREED, _S.IN_REVIEW, _S.TO_SIGN)
_AUTHOR, _COORDINATOR = frozenset({Role.AUTHOR}), frozenset({Role.COORDINATOR})
_EMPLOYER, _HOST = frozenset({Role.EMPLOYER}), frozenset({Role.HOST})

register(
    Action("accepter", "Prendre en charge et écrire à l’employeur",
           "prend la demande en charge ; l’employeur reçoit la demande d’accord de principe", _in(_S.SUBMITTED),
           _COORDINATOR, accept, words="optional", words_label="Un mot pour l’employeur", main=True),
    Action("accepter", "Donner mon accord de principe", "donne l’accord de principe", _in(_S.EMPLOYER_ASKED), _EMPLOYER,
           employer_agrees, words="optional", words_label="Un mot, lu par la coordination et la personne", main=True),
    Action("proposer", "Proposer une structure d’accueil", "propose une structure d’accueil", _in(_S.EMPLOYER_AGREED),
           _COORDINATOR, propose_host, words="optional", words_label="Un mot pour la structure d’accueil", form=True, main=True),
    Action("accueillir", "Accueillir et donner des dates", "accepte d’accueillir", _in(_S.HOST_ASKED), _HOST, host_agrees,
           words="optional", words_label="Un mot pour la personne et la coordination", form=True, main=True),
    Action("refuser", "Ne pas accueillir cette fois", "ne peut pas accueillir cette fois", _in(_S.HOST_ASKED), _HOST,
           host_declines, words="optional", words_label="Un mot pour la coordination, si vous le souhaitez"),
    Action("refuser", "Ne pas donner mon accord", "ne donne pas l’accord", _in(_S.EMPLOYER_ASKED, _S.EMPLOYER_AGREED,
                                                                           _S.HOST_ASKED), _EMPLOYER,
           refuse, words="required", words_label="La raison, lue par la coordination et la personne"),
    Action("refuser", "Ne pas donner suite", "ne donne pas suite ; le motif est transmis aux personnes concernées",
           _in(*_BEFORE_END), _COORDINATOR, refuse, words="required", words_label="Le motif, transmis aux personnes concernées"),
    Action("changer-accueil", "Chercher une autre structure d’accueil", "reprend la recherche d’une structure d’accueil",
           _in(_S.HOST_ASKED, _S.HOST_AGREED), _COORDINATOR, change_host, words="required",
           words_label="Un mot pour la structure qui était sollicitée"),
    Action("retirer", "Retirer ma demande", "retire la demande", _in(*_BEFORE_END), _AUTHOR, withdraw, words="optional",
           words_label="Un mot pour les personnes concernées"),
    Action("rouvrir", "Rouvrir la demande", "reprend la demande à l’étape où elle s’était arrêtée", _in(_S.REFUSED, _S.CLOSED),
           _COORDINATOR, reopen, words="optional", words_label="Un mot pour les personnes concernées"),
)
