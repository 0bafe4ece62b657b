"""Who takes care of a request: a coordinator takes it, gives it back, or hands it over to a colleague."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mail import outbox
from mail.letters import coordination
from models.base import db
from models.dossier import CLOCK, Actor, Dossier
from models.instance import instance
from models.network import Coordinator
from models.states import ENDED, STATES, Kind, Role
from territory.calendar import local, say_date
from territory.spelling import fold

from ..acting import Action, as_coordinator, register, reply_address, still_coordinates, write_to_coordinator
from ..conversation import note
from ..errors import Refused
from .presence import away_until

#: What a colleague who receives a request is told of what was said before.
_HISTORY, _HISTORY_LENGTH = 8, 1_500
_OPEN = {kind: frozenset(state.value for state in STATES[kind]) - ENDED - {"unconfirmed"} for kind in Kind}
_COORDINATOR = frozenset({Role.COORDINATOR})


def holder(dossier: Dossier) -> Coordinator | None:
    """The coordinator who said « je prends », while they still coordinate."""
    return instance().network.coordinator(dossier.assigned_to) if dossier.assigned_to else None


def take(dossier: Dossier, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """Somebody takes care of the request: the other coordinators of the exchange are told, so that two do not work twice."""
    before = holder(dossier)
    dossier.assigned_to = by.participant.email
    dossier.record("taken", by, now)
    told = _tell(dossier, by, words, now, also=before)
    return "Vous vous occupez de cette demande." + (f" {told}" if told else "")


def give_back(dossier: Dossier, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """They no longer take care of it: nobody does, until somebody takes it."""
    dossier.assigned_to = ""
    dossier.record("given_back", by, now)
    told = _tell(dossier, by, words, now)
    return "Vous ne vous occupez plus de cette demande\u00a0: personne ne l’a prise." + (f" {told}" if told else "")


def _tell(dossier: Dossier, by: Actor, words: str, now: datetime, also: Coordinator | None = None) -> str:
    if words:
        note(dossier, by, words, now)
    if also is not None:
        as_coordinator(dossier, also.email)
        db.session.flush()
    others = [person for person in dossier.coordinators if person is not by.participant and still_coordinates(person)]
    for person in others:
        outbox.post(coordination.holder_changed(instance().network, dossier, person, by.participant.name, words,
                                                taken=bool(dossier.assigned_to),
                                                reply_address=reply_address(person, dossier.author)), person, now,
                    answer_for=dossier.author)
    kept = "Vos mots sont gardés en note interne." if words else ""
    if not others:
        return kept
    names = " et ".join(person.name for person in others)
    return " ".join(filter(None, [f"{names} {'est prévenu·e' if len(others) == 1 else 'sont prévenus'} par courriel.", kept]))


def hand_over(dossier: Dossier, by: Actor, words: str, now: datetime, email: str) -> str:
    """Another coordinator receives the request, with what was said so far, and takes care of it from now on."""
    network = instance().network
    colleague = network.coordinator(email or "")
    if colleague is None or colleague.email.lower() == by.participant.email.lower():
        raise Refused("Choisissez une autre personne de la coordination.")
    so_far = history(dossier)
    if words:
        note(dossier, by, words, now)
    receiver = as_coordinator(dossier, colleague.email)
    db.session.flush()
    dossier.assigned_to = receiver.email
    dossier.record("handed_over", by, now)
    dossier.record("routed", Actor(CLOCK.role, receiver, by.via), now)
    write_to_coordinator(dossier, receiver, now, coordination.Handed(by.participant.name, words, so_far))
    by.participant.active = False  # the answers go to the colleague; acting again brings them back
    until = away_until(colleague.email, local(now).date())
    absent = f" Attention\u00a0: son absence est annoncée jusqu’au {say_date(until)}." if until else ""
    return (f"La demande est transmise à {colleague.name}, qui la reçoit avec l’échange. Vous n’en recevez plus les "
            f"courriels.{absent}")


def history(dossier: Dossier) -> list[coordination.Said]:
    """The latest words of the exchange and its notes, in order, for a colleague who begins to read."""
    said = []
    for message in dossier.messages[-_HISTORY:]:
        who = message.participant.display_name if message.participant else instance().network.name
        head = f"{'Note interne, ' if message.is_note else ''}{who}, {say_date(local(message.at).date())}"
        cut = message.body if len(message.body) <= _HISTORY_LENGTH else f"{message.body[:_HISTORY_LENGTH].rstrip()} […]"
        files = f"\nFichiers\u00a0: {', '.join(file.name for file in message.files)}" if message.files else ""
        said.append(coordination.Said(head, cut + files))
    return said


class ColleagueUnknown(Refused):
    """No coordinator, or more than one, answers to that name."""


def colleague_named(words: str, asking: str) -> Coordinator:
    """The one coordinator that ``words`` name, by address, whole name, or a part of it that one alone bears.

    :raises ColleagueUnknown: nobody or several; the sentence lists who can be named.
    """
    others = [c for c in instance().network.coordinators if c.email.lower() != asking.lower()]
    bare = words.strip().strip("<>«»\"“”.,; \u00a0")
    inside = next((piece.strip("<>()[],;").removeprefix("mailto:") for piece in bare.split() if "@" in piece), bare)
    if found := [c for c in others if c.email.lower() == inside.lower()]:
        return found[0]
    named = fold(bare)
    same = [c for c in others if named and fold(c.name) == named]
    part = [c for c in others if named and set(named.split()) <= set(fold(c.name).split())]
    found = same or part
    if len(found) == 1:
        return found[0]
    if not others:
        raise ColleagueUnknown("Vous êtes seul·e à la coordination\u00a0: il n’y a personne à qui transmettre.")
    known = ", ".join(f"{c.name} ({c.email})" for c in others)
    if not named:
        raise ColleagueUnknown(f"Il manque le nom. Vous pouvez écrire «\u00a0transmettre à\u00a0» puis un de ces noms ou "
                               f"adresses\u00a0: {known}.")
    why = "désigne plusieurs personnes" if found else "n’est le nom de personne d’autre à la coordination"
    raise ColleagueUnknown(f"«\u00a0{bare[:80]}\u00a0» {why}. Vous pouvez transmettre à\u00a0: {known}.")


def colleagues(asking: str) -> list[Coordinator]:
    """Those a coordinator can hand a request over to."""
    return [c for c in instance().network.coordinators if c.email.lower() != asking.lower()]


def _free(dossier: Dossier, who: Any) -> str:
    person = holder(dossier)
    if person is None:
        return ""
    if who is not None and who.email.lower() == person.email.lower():
        return "Vous vous occupez déjà de cette demande."
    return (f"{person.name} s’occupe déjà de cette demande. Pour la prendre quand même, pressez «\u00a0Je m’en occupe à sa "
            "place\u00a0» sur sa page, ou écrivez «\u00a0je prends quand même\u00a0» en répondant à un de ses courriels\u00a0: "
            "votre collègue sera prévenu·e.")


def _taken_by_another(dossier: Dossier, who: Any) -> str:
    person = holder(dossier)
    if person is None:
        return "Personne ne s’occupe de cette demande\u00a0: écrivez «\u00a0je prends\u00a0»."
    mine = who is not None and who.email.lower() == person.email.lower()
    return "Vous vous occupez déjà de cette demande." if mine else ""


def _mine(dossier: Dossier, who: Any) -> str:
    person = holder(dossier)
    if person is None or who is None or who.email.lower() != person.email.lower():
        return "Vous ne vous occupez pas de cette demande."
    return ""


def _somebody_else(_dossier: Dossier, who: Any) -> str:
    alone = who is not None and not colleagues(who.email)
    return "Vous êtes seul·e à la coordination\u00a0: il n’y a personne à qui transmettre." if alone else ""


_WORDS = "Un mot pour vos collègues"
register(
    Action("prendre", "Je m’en occupe", "dit à vos collègues que vous vous occupez de la demande", _OPEN, _COORDINATOR,
           take, words="optional", words_label=_WORDS, whole=True, only=_free),
    Action("prendre-quand-meme", "Je m’en occupe à sa place",
           "prend la demande qu’une ou un collègue avait prise ; elle ou il est prévenu", _OPEN, _COORDINATOR, take,
           words="optional", words_label=_WORDS, whole=True, only=_taken_by_another),
    Action("rendre", "Je ne m’en occupe plus", "dit que vous ne vous en occupez plus", _OPEN, _COORDINATOR, give_back,
           words="optional", words_label=_WORDS, whole=True, only=_mine),
    Action("transmettre", "Transmettre à une ou un collègue",
           "confie la demande à une ou un collègue, qui la reçoit avec l’échange", _OPEN, _COORDINATOR, hand_over,
           words="optional", words_label="Un mot pour votre collègue", form=True, whole=True, only=_somebody_else),
)
