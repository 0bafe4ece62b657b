"""« Je ne sais pas » is an answer too: whom to turn to, from the contacts of the network's file and the member structures
nearby that agreed to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, select

from mail import outbox
from mail.letters import entraide as letters
from models.base import db
from models.dossier import Actor, Dossier, Entraide
from models.entraide import Answer
from models.instance import instance
from models.states import EntraideState, Kind, Role
from models.structure import Membre, Structure
from territory import communes
from territory.distance import describe, how_far

from ..acting import Action, register
from ..conversation import keep, note_first_answer
from ..errors import Refused
from .helping import TOO_LATE, solicitation

#: As many as a letter gives.
MOST = 6


@dataclass(frozen=True)
class Contact:
    """Somebody to turn to; ``key`` names it in a form; ``how`` are ways to reach them, as they may be shown."""

    key: str
    name: str
    about: str
    how: str


def contacts(dossier: Dossier) -> list[Contact]:
    """Whom to turn to about that theme around there: the network's contacts first, then member structures by distance."""
    return [*_of_the_file(dossier), *_of_members(dossier)][:MOST]


def _of_the_file(dossier: Dossier) -> list[Contact]:
    here, theme = communes.commune(dossier.commune), dossier.answers.get("theme")
    around = {here.epci, here.departement} if here else set()
    return [Contact(f"r{rank}", one.name, one.about, ", ".join(filter(None, (one.phone, one.email, one.website))))
            for rank, one in enumerate(instance().network.help.orientations)
            if (not one.themes or theme in one.themes) and (not one.territories or around & set(one.territories))]


def _of_members(dossier: Dossier) -> list[Contact]:
    """Structures that offer that skill and whose representative agreed to be shown, with what they agreed to show."""
    here, theme = communes.commune(dossier.commune), dossier.answers.get("theme", "")
    rows = db.session.execute(
        select(Structure, Membre).join(Membre, Membre.structure_id == Structure.id).where(
            Membre.kind == "structure", Membre.left_at.is_(None), cast(Structure.skills, String).contains(f'"{theme}"'),
            cast(Membre.directory, String).contains('"nom"'))).all()
    found = []
    for structure, contact in rows:
        there = communes.commune(structure.commune)
        shown = [(structure.website, True), (contact.phone, "telephone" in contact.directory),
                 (contact.email, "courriel" in contact.directory)]
        how = ", ".join(value for value, agreed in shown if value and agreed)
        if how and contact.email != dossier.author.email.lower():
            away = how_far(here, there)
            place = f"{there.name}, {describe(here, there)}" if here and there else ""
            found.append((away, Contact(f"s{structure.id}", structure.name, place, how)))
    return [contact for _, contact in sorted(found, key=lambda item: (item[0], item[1].name))]


def orient(dossier: Entraide, by: Actor, words: str, now: datetime, chosen: Sequence[str] | None = None) -> str:
    """Tell who asked whom to turn to; ``chosen``: keys of contacts, None: all of them. A peer who says so and had not taken
    the request leaves it to others.

    :raises Refused: neither a contact nor a word: there is nothing to say.
    """
    given = [contact for contact in contacts(dossier) if chosen is None or contact.key in chosen]
    if not given and not words:
        raise Refused("Nous n’avons pas de contact pour ce sujet sur ce territoire\u00a0: écrivez quelques mots, qui iront à la "
                      "personne, ou «\u00a0pas cette fois\u00a0».")
    lines = "\n".join(f"- {one.name}\u00a0: {one.how}" for one in given)
    keep(dossier, by, f"{words}\n\n{lines}".strip(), now, to=dossier.author)
    if by.role == Role.COORDINATOR or dossier.helper is by.participant:
        if dossier.state == EntraideState.SUBMITTED:
            dossier.move_to(EntraideState.IN_PROGRESS, by, now, "oriented")
        else:
            dossier.record("oriented", by, now)
        note_first_answer(dossier, by, now)
    else:
        asked = solicitation(dossier, by.participant)
        asked.answer, asked.answered_at = Answer.ORIENTED.value, now
        dossier.record("oriented", by, now)
    outbox.post(letters.oriented(instance().network, dossier, dossier.author, by.participant.shown_to(dossier.author), words,
                                 [[one.name, f"{one.about}\n{one.how}".strip()] for one in given],
                                 goes_on=dossier.state == EntraideState.SUBMITTED), dossier.author, now)
    return "Merci. La personne sait vers qui se tourner."


def _may_orient(dossier: Dossier, who: Any) -> str:
    """A peer who was asked, while nobody else helps; whoever helps; the coordination."""
    if who is None or who.role != Role.HELPER or dossier.helper is None or dossier.helper.id == who.id:
        return ""
    return TOO_LATE


register(
    Action("orienter", "Je ne sais pas, mais j’oriente", "donne à la personne des contacts du territoire, avec vos mots",
           {Kind.ENTRAIDE: frozenset({"submitted", "in_progress"})}, frozenset({Role.HELPER, Role.COORDINATOR}), orient,
           words="optional", words_label="Un mot pour la personne", form=True, only=_may_orient),
)
