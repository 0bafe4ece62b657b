"""An immersion, from the request to the host's dates: the employer first, then a host that suits."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from mail import outbox
from mail.letters import conversation, immersion
from models.access_link import Purpose
from models.base import db
from models.convention import ImmersionSession
from models.dossier import CLOCK, Actor, Dossier, Immersion, Participant
from models.instance import instance
from models.states import ImmersionState, Kind, Role
from models.structure import Structure
from pdf.convention_data import Session as PlannedSession  # noqa: F401  the page gives them
from territory.calendar import local, say_date

from ..acting import Action, register, reply_address, who_coordinates
from ..conversation import keep_words
from ..errors import Refused
from ..links import personal_url
from . import planning
from .host_search import offers, possible_hosts
from .hosting import HostAnswer, HostsToAsk, known, prepared, say_session
from .session_checks import PUBLIC_AGENT, answer_expected


def _in(*states: ImmersionState) -> dict[Kind, frozenset[str]]:
    return {Kind.IMMERSION: frozenset(state.value for state in states)}


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
    outbox.post(immersion.employer_to_agree(network, dossier, employer, url, words, answer_by(dossier)), employer, now)
    outbox.post(immersion.taken_in_hand(network, dossier, dossier.author, by.participant.name, employer.display_name),
                dossier.author, now)
    return f"Un courriel part à {employer.display_name}, pour demander son accord de principe."


def take_alone(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The coordination takes in hand the request of who comes in their own name: a host is looked for at once."""
    dossier.move_to(ImmersionState.EMPLOYER_AGREED, by, now, "taken_alone")
    author, person = dossier.author, by.participant
    db.session.flush()
    network = instance().network
    outbox.post(immersion.taken_alone(network, dossier, author, person.name, words, personal_url(Purpose.DOSSIER, author, now)),
                author, now)
    outbox.post(immersion.employer_agreed(network, dossier, person, "", "", personal_url(Purpose.DOSSIER, person, now),
                                          offers(possible_hosts(dossier, now)), reply_address(person)), person, now)
    return (f"Un courriel dit à {author.display_name} que vous cherchez un accueil. Les structures qui peuvent accueillir vous "
            "arrivent par courriel.")


def answer_by(dossier: Immersion) -> str:
    """Until when the employer of a public agent may take to answer, in words (décret n° 2022-1043); "" for others."""
    if planning.suggested_frame(dossier) != PUBLIC_AGENT:
        return ""
    return say_date(answer_expected(local(dossier.created_at).date()))


def employer_agrees(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The employer agrees in principle; the author and the coordination are told."""
    dossier.move_to(ImmersionState.EMPLOYER_AGREED, by, now, "employer_agreed")
    keep_words(dossier, by, words, now)
    hosts = offers(possible_hosts(dossier, now))
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


def propose_host(dossier: Immersion, by: Actor, words: str, now: datetime, asked: HostsToAsk | int) -> str:
    """Ask a structure whether it can host; those to ask next if it cannot are kept.

    :raises Refused: it cannot be asked: not a host any more, or its address is another party's.
    """
    first, then = (asked.first, asked.then) if isinstance(asked, HostsToAsk) else (asked, ())
    dossier.answers = {**dossier.answers, "next_hosts": [number for number in then if number != first]}
    host = _ask_host(dossier, by, words, now, first, by.participant.name)
    waiting = [structure.name for number in dossier.answers["next_hosts"] if (structure := db.session.get(Structure, number))]
    return (f"Un courriel part à {host.display_name}, pour demander si l’accueil est possible."
            + (f" En cas de refus, nous demanderons ensuite à {', puis à '.join(waiting)}." if waiting else ""))


def _ask_host(dossier: Immersion, by: Actor, words: str, now: datetime, structure_id: int, coordinator: str) -> Participant:
    structure = db.session.get(Structure, structure_id)
    contact = structure.contact if structure else None
    if structure is None or contact is None or not structure.hosts:
        raise Refused("Cette structure ne peut pas être proposée : choisissez-en une autre.")
    if contact.email in {p.email.lower() for p in dossier.participants if p.role in (Role.AUTHOR, Role.EMPLOYER)}:
        raise Refused("L’adresse de cette structure est aussi celle d’une autre partie : elles doivent être différentes.")
    host = next((p for p in dossier.participants if p.role == Role.HOST and p.email.lower() == contact.email), None)
    if host is None:
        host = Participant(role=Role.HOST.value, name=contact.name, email=contact.email, phone=contact.phone,
                           quality=contact.job, organisation=structure.name)
        dossier.participants.append(host)
    host.active = True
    dossier.host = structure
    dossier.move_to(ImmersionState.HOST_ASKED, by, now, "next_host_asked" if by.via == CLOCK.via else "host_asked")
    db.session.flush()
    url = personal_url(Purpose.DOSSIER, host, now)
    outbox.post(immersion.host_to_agree(instance().network, dossier, host, url, coordinator, words,
                                        prepared(known(dossier, host)), reply_address(host)), host, now)
    return host


def host_agrees(dossier: Immersion, by: Actor, words: str, now: datetime, answer: HostAnswer) -> str:
    """The host agrees and gives its dates; everybody is told, the coordination with what deserves a look. A host who answered
    on its page keeps a copy; one who wrote has its own letter, and what was understood of it.

    :raises Refused: a date cannot be kept; the sentences say which.
    """
    found = planning.findings(dossier, answer.sessions, now)
    if wrong := [finding.sentence for finding in found if finding.error]:
        raise Refused(" ".join(wrong))
    dossier.sessions[:] = [ImmersionSession(**asdict(session)) for session in answer.sessions]
    dossier.answers = {**dossier.answers, "host": {k: v for k, v in asdict(answer).items() if k != "sessions"}}
    dossier.move_to(ImmersionState.HOST_AGREED, by, now, "host_agreed", sessions=len(answer.sessions))
    keep_words(dossier, by, words, now)
    lines = [say_session(session) for session in answer.sessions]
    told = _others(dossier, by) + ([by.participant] if by.via == "web" and by.role == Role.HOST else [])
    for person in told:
        url = personal_url(Purpose.DOSSIER, person, now)
        outbox.post(immersion.host_agreed(instance().network, dossier, person, by.participant.display_name, lines, url,
                                          reply_address(person), found if person.role == Role.COORDINATOR else ()), person, now)
    return ("Merci, vos dates sont transmises. Vous pouvez compléter votre part de la convention par votre lien ; vous la "
            "relirez avant de la signer."
            + (f" À vérifier : {' '.join(finding.sentence for finding in found)}" if found else ""))


def host_declines(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The host cannot this time; the next one chosen is asked, else the search goes on. Only the coordination needs to know."""
    _leave_host(dossier, by, now, "host_declined")
    keep_words(dossier, by, words, now)
    following = _ask_next(dossier, now)
    for person in who_coordinates(dossier):
        outbox.post(immersion.not_possible(instance().network, dossier, person, by.participant.display_name, words,
                                           goes_on=True, following=following), person, now)
    return "Merci d’avoir répondu. La coordination cherche une autre structure."


def _ask_next(dossier: Immersion, now: datetime) -> str:
    """Ask the first structure kept for that case which can still be asked; its name, "" when there is none."""
    waiting = list(dossier.answers.get("next_hosts", []))
    while waiting:
        number = waiting.pop(0)
        dossier.answers = {**dossier.answers, "next_hosts": waiting}
        try:
            # Chosen by the coordination beforehand: in its name, though nobody presses anything now.
            chosen = Actor(Role.COORDINATOR, who_coordinates(dossier)[0], CLOCK.via)
            return _ask_host(dossier, chosen, "", now, number, chosen.participant.name).display_name
        except Refused:
            continue
    return ""


def change_host(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The coordination looks for another host; the one that was asked is told, those kept for later are forgotten."""
    host = dossier.participant(Role.HOST)
    dossier.answers = {**dossier.answers, "next_hosts": []}
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
    "sent_outside": ImmersionState.OUTSIDE,
    "confirmed": ImmersionState.SUBMITTED, "employer_asked": ImmersionState.EMPLOYER_ASKED,
    "taken_alone": ImmersionState.EMPLOYER_AGREED,
    "employer_agreed": ImmersionState.EMPLOYER_AGREED, "host_declined": ImmersionState.EMPLOYER_AGREED,
    "host_changed": ImmersionState.EMPLOYER_AGREED, "host_asked": ImmersionState.HOST_ASKED,
    "next_host_asked": ImmersionState.HOST_ASKED,
    "host_agreed": ImmersionState.HOST_AGREED, "convention_shown": ImmersionState.IN_REVIEW,
    "convention_reopened": ImmersionState.IN_REVIEW, "convention_issued": ImmersionState.TO_SIGN,
    "convention_signed": ImmersionState.SIGNED, "lived": ImmersionState.LIVED}
_SIGNED = (ImmersionState.SIGNED, ImmersionState.LIVED)


def reopen(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """What ended by mistake is taken up where it stood, with its people, its dates and its convention; they are told."""
    before = next((_STAGES[entry.kind] for entry in reversed(dossier.journal)
                   if entry.kind in _STAGES and _STAGES[entry.kind] != dossier.state), ImmersionState.SUBMITTED)
    stage = (before if dossier.state != ImmersionState.CLOSED or before in (*_SIGNED, ImmersionState.OUTSIDE)
             else ImmersionState.TO_SIGN)
    dossier.move_to(stage, by, now, "reopened")
    keep_words(dossier, by, words, now)
    for person in _others(dossier, by):
        outbox.post(conversation.request_reopened(instance().network, dossier, person, by.participant.name, words), person, now)
    return "La demande est rouverte, à l’étape où elle s’était arrêtée. Les personnes concernées reçoivent un courriel."


def _others(dossier: Dossier, by: Actor) -> list[Participant]:
    return [p for p in dossier.participants if p.active and p is not by.participant]


def _has_employer(dossier: Immersion, _who: object) -> str:
    """A placement that another service's convention covers has no employer to ask (services/immersion/placement.py)."""
    if "placement" in (dossier.answers or {}):
        return "Cette demande est une PMSMP à préparer : il n’y a pas d’employeur à qui écrire. Envoyez la fiche préparatoire."
    return "" if dossier.backing else "Cette personne travaille à son compte : il n’y a pas d’accord à demander pour elle."


def _is_alone(dossier: Immersion, _who: object) -> str:
    return "" if not dossier.backing else "Cette personne a un employeur ou une association : son accord est demandé."


_S = ImmersionState
_BEFORE_END = (_S.SUBMITTED, _S.EMPLOYER_ASKED, _S.EMPLOYER_AGREED, _S.HOST_ASKED, _S.HOST_AGREED, _S.IN_REVIEW, _S.TO_SIGN,
               _S.CHANGE_ASKED, _S.DECLINED, _S.EXPIRED)
_AUTHOR, _COORDINATOR = frozenset({Role.AUTHOR}), frozenset({Role.COORDINATOR})
_EMPLOYER, _HOST = frozenset({Role.EMPLOYER}), frozenset({Role.HOST})

register(
    Action("accepter", "Prendre en charge et demander l’accord de principe",
           "prend la demande en charge ; l’employeur, ou l’association d’un bénévole, reçoit la demande d’accord de principe",
           _in(_S.SUBMITTED), _COORDINATOR, accept, words="optional", words_label="Un mot pour qui donne cet accord", main=True,
           only=_has_employer),
    Action("accepter", "Prendre en charge et chercher un accueil",
           "prend la demande en charge ; la personne travaille à son compte, aucun accord n’est à demander pour elle",
           _in(_S.SUBMITTED), _COORDINATOR, take_alone, words="optional", words_label="Un mot pour la personne", main=True,
           only=_is_alone),
    Action("accepter", "Donner mon accord de principe",
           "donne l’accord de principe ; la coordination cherche alors une structure d’accueil", _in(_S.EMPLOYER_ASKED),
           _EMPLOYER, employer_agrees, words="optional", words_label="Un mot, lu par la coordination et la personne", main=True),
    Action("proposer", "Proposer une structure d’accueil", "propose une structure d’accueil", _in(_S.EMPLOYER_AGREED),
           _COORDINATOR, propose_host, words="optional", words_label="Un mot pour la structure d’accueil", form=True, main=True),
    Action("accueillir", "Accueillir et donner des dates", "accepte d’accueillir", _in(_S.HOST_ASKED), _HOST, host_agrees,
           words="optional", words_label="Un mot pour la personne et la coordination", form=True, main=True),
    Action("refuser", "Ne pas accueillir cette fois",
           "dit que vous ne pouvez pas accueillir cette fois ; une autre structure est cherchée", _in(_S.HOST_ASKED), _HOST,
           host_declines, words="optional", words_label="Un mot pour la coordination, si vous le souhaitez"),
    Action("refuser", "Ne pas donner mon accord",
           "ne donne pas l’accord ; la demande s’arrête, les personnes concernées sont prévenues",
           _in(_S.EMPLOYER_ASKED, _S.EMPLOYER_AGREED, _S.HOST_ASKED), _EMPLOYER,
           refuse, words="required", words_label="La raison, lue par la coordination et la personne"),
    Action("refuser", "Ne pas donner suite", "ne donne pas suite ; le motif est transmis aux personnes concernées",
           _in(*_BEFORE_END), _COORDINATOR, refuse, words="required", words_label="Le motif, transmis aux personnes concernées"),
    Action("changer-accueil", "Chercher une autre structure d’accueil", "reprend la recherche d’une structure d’accueil",
           _in(_S.HOST_ASKED, _S.HOST_AGREED), _COORDINATOR, change_host, words="required",
           words_label="Un mot pour la structure qui était sollicitée"),
    Action("retirer", "Retirer ma demande", "retire la demande ; les personnes concernées sont prévenues", _in(*_BEFORE_END),
           _AUTHOR, withdraw, words="optional", words_label="Un mot pour les personnes concernées"),
    Action("rouvrir", "Rouvrir la demande", "reprend la demande à l’étape où elle s’était arrêtée",
           _in(_S.REFUSED, _S.CLOSED, _S.OUTSIDE),
           _COORDINATOR, reopen, words="optional", words_label="Un mot pour les personnes concernées"),
)
