"""Who may be proposed as a mentor: who offers it, near, who knows what is sought, within their pace; never somebody of the
same employer where there is anybody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, literal, select

from models.base import db
from models.dossier import Participant
from models.entraide import Answer, Solicitation
from models.mentorat import Mentorat
from models.states import ENDED
from models.structure import Membre
from models.vocabulary import PACE_LIMITS, SKILLS, labels
from territory import communes
from territory.calendar import local
from territory.distance import describe
from territory.spelling import fold

from ..entraide.candidates import RING_KM, Own, asked_since, offers_skill, parts, reachable, too_often
from ..entraide.nearest import away, nearest
from ..errors import Refused

#: How many people one mentor accompanies at once.
MOST_AT_ONCE = 2
#: How many a letter names, and the page; any other is proposed by name.
NAMED, SHOWN = 5, 15
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


def possible_mentors(dossier: Mentorat, now: datetime, most: int = 1, *, only: int | None = None) -> list[MentorChoice]:
    """Who may be proposed, the nearest first, and among neighbours who shares most of what is sought.

    :param most: no more than so many.
    :param only: that member, inside a transaction: locked until its end, so that two requests at once do not both ask somebody
        who accepts to be asked once.
    """
    wanted = _wanted(now)
    if only is not None:
        rows = db.session.execute(wanted.where(Membre.id == only).with_for_update(of=Membre)).all()
        return _unless_colleagues(dossier, _weighed(dossier, rows, now), now)
    shared = sum((case((offers_skill(code), -1), else_=0) for code in sorted(dossier.answers.get("skills_sought") or [])),
                 literal(0))
    number, others = 4 * most, True
    while others:
        rows, others = nearest(wanted, shared, dossier.commune, lambda tier, away: (away // RING_KM, tier), number)
        found = _others_first(_weighed(dossier, rows, now))
        if len(found) >= most and not found[0].same_employer:
            break
        number *= 10
    return found[:most]


def _wanted(now: datetime) -> Select[Any]:
    """Members who offer to be mentors and may be asked, as far as one row tells."""
    return reachable(local(now).date()).where(Membre.mentors, Membre.pace != "jamais")


def _unless_colleagues(dossier: Mentorat, some: list[MentorChoice], now: datetime) -> list[MentorChoice]:
    """Of ``some``, nobody of the same employer where there is anybody else, among them or not."""
    some = _others_first(some)
    if some and some[0].same_employer and not all(one.same_employer for one in possible_mentors(dossier, now)):
        return []
    return some


def _others_first(choices: list[MentorChoice]) -> list[MentorChoice]:
    """Nobody of the same employer where there is anybody else."""
    return [made for made in choices if not made.same_employer] or choices


def _weighed(dossier: Mentorat, rows: Sequence[Any], now: datetime) -> list[MentorChoice]:
    emails = {row.email for row in rows}
    asked, busy, own = asked_since(emails, now), _accompanying(emails), Own(dossier, rows, spared=True)
    here, sought = communes.commune(dossier.commune), set(dossier.answers.get("skills_sought") or [])
    found = []
    for row in rows:
        pace = row.pace if row.pace in PACE_LIMITS else _DEFAULT_PACE
        if row.email in own.asked or busy.get(row.email, 0) >= MOST_AT_ONCE or too_often(pace, asked.get(row.email, []), now):
            continue
        there, km = communes.commune(row.commune), away(dossier.commune, row.commune)
        shared = [code for code in row.skills_offered if code in sought]
        made = MentorChoice(row.id, f"{row.given_name} {row.family_name}", there.name if there else "",
                            describe(here, there) if here and there else "", tuple(labels(SKILLS, shared)), own.employs(row),
                            busy.get(row.email, 0))
        found.append((km // RING_KM, -len(shared), made.busy, km, row.id, made))
    return [made for *_, made in sorted(found, key=lambda item: item[:-1])]


def _accompanying(emails: set[str]) -> dict[str, int]:
    """How many people each of these mentors accompanies, or is about to, by address."""
    found: dict[str, int] = {}
    for part in parts(sorted(emails)):
        rows = db.session.execute(
            select(Solicitation.email, func.count()).join(Mentorat, Mentorat.id == Solicitation.dossier_id)
            .where(Solicitation.email.in_(part), Mentorat.state.not_in(ENDED), Solicitation.answer == Answer.TAKEN.value)
            .group_by(Solicitation.email))
        found |= dict(tuple(row) for row in rows)
    return found


def offers(choices: list[MentorChoice]) -> list[tuple[str, str, str]]:
    """The first ones as a letter names them: name, what speaks for them, the words that propose them."""
    names = [fold(choice.name) for choice in choices]
    return [(choice.name, choice.about, f"proposer {choice.name}" if names.count(fold(choice.name)) == 1
             else f"proposer {choice.name}, {choice.place}") for choice in choices[:NAMED]]


def mentor_named(dossier: Mentorat, words: str, now: datetime) -> int:
    """Id of the one possible mentor that ``words`` name.

    :raises Refused: none or several; the sentence names those who bear that name, else those who can be proposed.
    """
    found = _called(dossier, set(fold(words).split()), now)
    if len(found) == 1:
        return found[0].membre_id
    choices = found or possible_mentors(dossier, now, SHOWN)
    if not choices:
        raise Refused("Pour le moment, aucun membre disponible n’a dit vouloir être mentor ou mentore.")
    can = " ; ".join(f"«\u00a0{say}\u00a0» ({about})" for _name, about, say in offers(choices))
    raise Refused(("Plusieurs personnes portent ce nom." if found else "Nous ne trouvons pas cette personne parmi les mentors "
                   "et mentores disponibles.") + f" Vous pouvez écrire\u00a0: {can}.")


def _called(dossier: Mentorat, named: set[str], now: datetime) -> list[MentorChoice]:
    """Who may be proposed and whose name, with their commune, has all these words. Of the others the name alone is read."""
    if not named:
        return []
    everybody = db.session.execute(_wanted(now).with_only_columns(Membre.id, Membre.given_name, Membre.family_name,
                                                                  Membre.commune))
    places: dict[str, str] = {}
    ids = []
    for number, given, family, code in everybody:
        if code not in places:
            places[code] = there.name if (there := communes.commune(code)) else ""
        if named <= set(fold(f"{given} {family} {places[code]}").split()):
            ids.append(number)
    rows = [row for part in parts(ids) for row in db.session.execute(_wanted(now).where(Membre.id.in_(part)))]
    return _unless_colleagues(dossier, _weighed(dossier, rows, now), now)


def seat_of(dossier: Mentorat, who: Participant) -> Solicitation | None:
    """How that person was asked to be the mentor."""
    return next((asked for asked in dossier.solicitations if asked.participant_id == who.id), None)
