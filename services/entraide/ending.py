"""How a request for help ends: resolved, closed, withdrawn, and taken up again."""

from __future__ import annotations

from datetime import datetime

from mail import outbox
from mail.letters import conversation, entraide
from models.access_link import Purpose
from models.dossier import Actor, Dossier, Entraide, Participant
from models.instance import instance
from models.states import EntraideState, Kind, Role

from ..acting import Action, register, reply_address, who_coordinates
from ..conversation import keep_words
from ..links import personal_url

_OPEN = {Kind.ENTRAIDE: frozenset({"submitted", "in_progress"})}
_AUTHOR, _COORDINATOR = frozenset({Role.AUTHOR}), frozenset({Role.COORDINATOR})


def resolve(dossier: Dossier, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The question found its answer; everybody in the exchange but the one who says so is told."""
    dossier.move_to(EntraideState.RESOLVED, by, now, "resolved")
    _ends(dossier)
    keep_words(dossier, by, words, now)
    for person in everybody(dossier):
        if person is not by.participant:
            read = words if person in (dossier.helper, dossier.author) else ""
            letter = entraide.resolved(instance().network, dossier, person, by.participant.shown_to(person, begins=False), read,
                                       personal_url(Purpose.DOSSIER, person, now), reply_address(person))
            outbox.post(letter, person, now)
    if by.role == Role.AUTHOR:
        return _AFTER
    return "La demande est résolue. Merci de l’avoir dit."


#: What the author reads once they said so by mail; the page offers the same.
_AFTER = (
    "La demande est résolue, merci de l’avoir dit. Deux questions nous aideraient\u00a0: avez-vous eu la réponse qu’il vous "
    "fallait, et demanderiez-vous de nouveau de l’aide au réseau\u00a0? Répondez par exemple «\u00a0avis oui, oui\u00a0». Cet "
    "échange peut servir à d’autres\u00a0: répondez «\u00a0d’accord pour une fiche\u00a0», et il sera publié sans aucun nom si "
    "l’autre personne est d’accord aussi.")


def close(dossier: Dossier, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The coordination ends the exchange; the author is told and may answer."""
    dossier.move_to(EntraideState.CLOSED, by, now, "closed")
    _ends(dossier)
    return _end(dossier, by, words, now, "La demande est close.")


def refuse(dossier: Dossier, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The coordination does not take the request up, and says why to its author."""
    dossier.move_to(EntraideState.REFUSED, by, now, "refused")
    _ends(dossier)
    return _end(dossier, by, words, now, "La demande n’est pas retenue.")


def _end(dossier: Dossier, by: Actor, words: str, now: datetime, done: str) -> str:
    keep_words(dossier, by, words, now)
    outbox.post(entraide.ended(instance().network, dossier, dossier.author, by.participant.name, words), dossier.author, now)
    if dossier.helper is not None:
        outbox.post(entraide.ended(instance().network, dossier, dossier.helper, by.participant.name, ""), dossier.helper, now)
    return f"{done} {dossier.author.name} reçoit un courriel."


def withdraw(dossier: Dossier, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """The author no longer needs help."""
    dossier.move_to(EntraideState.WITHDRAWN, by, now, "withdrawn")
    _ends(dossier)
    keep_words(dossier, by, words, now)
    for person in everybody(dossier):
        if person is not by.participant:
            outbox.post(conversation.request_withdrawn(instance().network, dossier, person, words), person, now)
    return "Votre demande est retirée. Les personnes de l’échange reçoivent un courriel."


def reopen(dossier: Dossier, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """What ended too soon goes on; the other side is told."""
    dossier.move_to(EntraideState.IN_PROGRESS, by, now, "reopened")
    keep_words(dossier, by, words, now)
    told = [dossier.author] if by.role == Role.COORDINATOR else who_coordinates(dossier)
    for person in [*told, *([dossier.helper] if dossier.helper else [])]:
        outbox.post(conversation.request_reopened(instance().network, dossier, person, by.participant.shown_to(person), words),
                    person, now)
    return "La demande est rouverte, l’échange reprend."


def everybody(dossier: Entraide) -> list[Participant]:
    """Who asked, the peer who helps, and the coordination."""
    return [dossier.author, *([dossier.helper] if dossier.helper else []), *who_coordinates(dossier)]


def _ends(dossier: Entraide) -> None:
    """Nobody else is asked any more, and no answer is promised."""
    dossier.next_wave_at = None


register(
    Action("resolu", "C’est résolu", "dit que la question a sa réponse ; l’échange s’arrête, et peut être rouvert", _OPEN,
           _AUTHOR | _COORDINATOR, resolve, words="optional", words_label="Un mot pour la suite"),
    Action("clore", "Clore la demande", "met fin à l’échange ; la personne est prévenue", _OPEN, _COORDINATOR, close,
           words="optional", words_label="Un mot pour la personne"),
    Action("refuser", "Ne pas retenir la demande", "ne retient pas la demande ; le motif est transmis à la personne", _OPEN,
           _COORDINATOR, refuse, words="required", words_label="Le motif, transmis à la personne"),
    Action("retirer", "Retirer ma demande", "retire la demande ; les personnes de l’échange sont prévenues", _OPEN, _AUTHOR,
           withdraw, words="optional", words_label="Un mot pour la coordination"),
    Action("rouvrir", "Rouvrir la demande", "rouvre la demande ; l’échange reprend",
           {Kind.ENTRAIDE: frozenset({"resolved", "closed", "refused"})}, _AUTHOR | _COORDINATOR, reopen, words="optional",
           words_label="Un mot pour la suite"),
)
