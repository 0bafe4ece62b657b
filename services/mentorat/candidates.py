"""Who may be proposed as a mentor: who offers it, near, who knows what is sought, within their pace; never somebody of the
same employer where there is anybody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from models.base import db
from models.dossier import Participant
from models.entraide import Answer, Solicitation
from models.mentorat import Mentorat
from models.states import ENDED
from models.structure import Membre
from models.vocabulary import PACE_LIMITS, SKILLS, labels
from territory import communes
from territory.calendar import local
from territory.distance import describe, kilometres
from territory.spelling import fold

from ..entraide.candidates import RING_KM, Own, asked_since, reachable, too_often
from ..errors import Refused

#: How many people one mentor accompanies at once.
MOST_AT_ONCE = 2
#: How many a letter names; the page shows them all.
NAMED = 5
#: Of who offers to be a mentor and was never asked how often they may be solicited.
_DEFAULT_PACE = "trimestre"


@dataclass(frozen=True)
class MentorChoice:
    """A member who may be proposed. ``shared``: what the newcomer seeks and they offer; ``busy``: how many they accompany."""

    membre_id: int
    name: str
    place: str
    distance: str
    shared: tuple[str, ...]
    same_employer: bool
    busy: int

    @property
    def about(self) -> str:
        """Where, how far, what is shared, and what to know before asking."""
        found = [self.place, self.distance, f"savoir-faire recherchés\u00a0: {', '.join(self.shared)}" if self.shared else "",
                 "accompagne déjà une personne" if self.busy else "", "même employeur" if self.same_employer else ""]
        return ", ".join(filter(None, found))


def possible_mentors(dossier: Mentorat, now: datetime, *, lock: bool = False) -> list[MentorChoice]:
    """Who may be proposed, the nearest first, and among neighbours who shares most of what is sought.

    ``lock``: inside a transaction, so that two requests at once do not both ask somebody who accepts to be asked once.
    """
    wanted = reachable(local(now).date()).where(Membre.mentors, Membre.pace != "jamais")
    rows = db.session.execute(wanted.with_for_update(of=Membre) if lock else wanted).all()
    emails = {row.email for row in rows}
    asked, busy, own = asked_since(emails, now), _accompanying(), Own(dossier, rows, spared=True)
    here, sought = communes.commune(dossier.commune), set(dossier.answers.get("skills_sought") or [])
    found = []
    for row in rows:
        pace = row.pace if row.pace in PACE_LIMITS else _DEFAULT_PACE
        if row.email in own.asked or busy.get(row.email, 0) >= MOST_AT_ONCE or too_often(pace, asked.get(row.email, []), now):
            continue
        there = communes.commune(row.commune)
        away = kilometres(here, there) if here and there else 1e6
        shared = [code for code in row.skills_offered if code in sought]
        made = MentorChoice(row.id, f"{row.given_name} {row.family_name}", there.name if there else "",
                            describe(here, there) if here and there else "", tuple(labels(SKILLS, shared)), own.employs(row),
                            busy.get(row.email, 0))
        found.append((away // RING_KM, -len(shared), made.busy, away, row.id, made))
    choices = [made for *_, made in sorted(found, key=lambda item: item[:-1])]
    return [made for made in choices if not made.same_employer] or choices


def _accompanying() -> dict[str, int]:
    """How many people each mentor accompanies, or is about to, by address."""
    rows = db.session.execute(
        select(Solicitation.email, func.count()).join(Mentorat, Mentorat.id == Solicitation.dossier_id)
        .where(Mentorat.state.not_in(ENDED), Solicitation.answer == Answer.TAKEN.value).group_by(Solicitation.email))
    return dict(tuple(row) for row in rows)


def offers(choices: list[MentorChoice]) -> list[tuple[str, str, str]]:
    """The first ones as a letter names them: name, what speaks for them, the words that propose them."""
    names = [fold(choice.name) for choice in choices]
    return [(choice.name, choice.about, f"proposer {choice.name}" if names.count(fold(choice.name)) == 1
             else f"proposer {choice.name}, {choice.place}") for choice in choices[:NAMED]]


def mentor_named(dossier: Mentorat, words: str, now: datetime) -> int:
    """Id of the one possible mentor that ``words`` name.

    :raises Refused: none or several; the sentence names those who can be proposed.
    """
    choices, named = possible_mentors(dossier, now), set(fold(words).split())
    found = [choice for choice in choices if named and named <= set(fold(f"{choice.name} {choice.place}").split())]
    if len(found) == 1:
        return found[0].membre_id
    if not choices:
        raise Refused("Pour le moment, aucun membre disponible n’a dit vouloir être mentor ou mentore.")
    can = " ; ".join(f"«\u00a0{say}\u00a0» ({about})" for _name, about, say in offers(choices))
    raise Refused(("Plusieurs personnes portent ce nom." if found else "Nous ne trouvons pas cette personne parmi les mentors "
                   "et mentores disponibles.") + f" Vous pouvez écrire\u00a0: {can}.")


def seat_of(dossier: Mentorat, who: Participant) -> Solicitation | None:
    """How that person was asked to be the mentor."""
    return next((asked for asked in dossier.solicitations if asked.participant_id == who.id), None)
