"""Which structure to ask for an immersion: what it offers against what is sought, what it brings, how far, places left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, String, cast, func, select
from sqlalchemy.orm import aliased

from mail.letters import immersion as letters
from models.base import db
from models.dossier import Immersion
from models.states import Role
from models.structure import MemberKind, Membre, Structure
from models.vocabulary import SKILLS, labels
from territory import communes
from territory.calendar import local, say_day
from territory.communes import Commune
from territory.distance import describe, how_far
from territory.spelling import fold

from ..errors import Refused
from .planning import taken_days

#: How many structures a letter offers, and the page; any other is proposed by its name.
OFFERED, SHOWN = 5, 30
#: How many days already taken are named.
_NAMED_DAYS = 3


@dataclass(frozen=True)
class HostChoice:
    """A structure that said it can host, and what speaks for it.

    ``wished``: which of the contributions the person wishes it brings; ``taken``: days to come already promised there, in
    words; ``declined``: it was asked for this request, and could not.
    """

    structure_id: int
    name: str
    place: str
    distance: str
    matching: tuple[str, ...]
    places: int
    technical: str
    human: str
    constraints: str
    wished: tuple[str, ...] = ()
    taken: str = ""
    declined: bool = False

    @property
    def about(self) -> str:
        """Where, how far, which of the skills sought, and what is taken already."""
        skills = f", compétences recherchées\u00a0: {', '.join(self.matching)}" if self.matching else ""
        taken = f", {self.taken}" if self.taken else ""
        return f"{self.place}, {self.distance}{skills}{taken}"


def possible_hosts(dossier: Immersion, now: datetime, most: int | None = None) -> list[HostChoice]:
    """Member structures that can host: most of the skills sought first, then of the contributions wished, then the nearest.

    The person’s own structure is never proposed. Who already said no to this request comes last.

    :param most: no more than so many, those that suit best.
    """
    here = communes.commune(dossier.commune)
    sought, wished = set(dossier.answers.get("skills_sought", [])), dossier.answers.get("contributions") or []
    own = dossier.answers["employer"]["structure"] if "employer" in dossier.answers else dossier.answers.get("activity", {})
    said_no = {p.email.lower() for p in dossier.participants if p.role == Role.HOST and not p.active}
    places, found = {}, []
    for row in _hosts():
        if (row.siret and row.siret == own.get("siret")) or row.name.lower() == own.get("name", "").lower():
            continue
        if row.commune not in places:
            there = communes.commune(row.commune)
            places[row.commune] = there, how_far(here, there)
        brought = tuple(word for code, word, text in (("technique", "techniques", row.host_technical),
                                                      ("humain", "humains", row.host_human)) if code in wished and text)
        found.append((row.contact.lower() in said_no, -len(_sought_there(row, sought)), -len(brought), places[row.commune][1],
                      row.id, row, brought))
    shown = sorted(found, key=lambda item: item[:5])[:most]
    days = taken_days([row.id for *_, row, _brought in shown], dossier.id, local(now).date())
    return [_choice(row, here, places[row.commune][0], sought, brought, days.get(row.id, []), declined)
            for declined, *_, row, brought in shown]


def _hosts() -> Iterable[Row]:
    """Structures that said they can host and have somebody who answers for them, with that address."""
    speaks = (Membre.structure_id == Structure.id) & (Membre.kind == MemberKind.STRUCTURE.value) & Membre.left_at.is_(None)
    first = select(func.min(Membre.id)).where(speaks).correlate(Structure).scalar_subquery()
    contact = aliased(Membre)
    return db.session.execute(
        select(Structure.id, Structure.name, Structure.siret, Structure.commune, Structure.host_places, Structure.host_technical,
               Structure.host_human, Structure.constraints, cast(Structure.skills, String).label("skills"),
               contact.email.label("contact"))
        .join(contact, contact.id == first).where(Structure.hosts, Structure.host_places > 0))


def _sought_there(row: Row, sought: set[str]) -> list[str]:
    """The skills sought that it has: those of a thousand structures stay the text they are, whose codes are between quotes."""
    return [code for code in sorted(sought) if f'"{code}"' in row.skills]


def _choice(row: Row, here: Commune | None, there: Commune | None, sought: set[str], brought: tuple[str, ...],
            days: list[tuple[date, int]], declined: bool) -> HostChoice:
    return HostChoice(
        row.id, row.name, there.label if there else "", describe(here, there) if here and there else "",
        tuple(labels(SKILLS, _sought_there(row, sought))), row.host_places, row.host_technical,
        row.host_human, row.constraints, brought, _taken(days, row.host_places), declined)


def _taken(days: list[tuple[date, int]], places: int) -> str:
    full = [on for on, people in days if people >= places]
    if not full:
        return ""
    named = ", ".join(f"le {say_day(on)}" for on in full[:_NAMED_DAYS])
    more = f" et {len(full) - _NAMED_DAYS} autres jours" if len(full) > _NAMED_DAYS + 1 else " et un autre jour" if len(
        full) > _NAMED_DAYS else ""
    return f"complet {named}{more}"


def offers(choices: list[HostChoice]) -> list[letters.Offer]:
    """The first five as a letter lists them, each with the words that ask it; a name two structures bear takes its place."""
    choices = [choice for choice in choices if not choice.declined]
    names = [fold(choice.name) for choice in choices]
    return [letters.Offer(choice.name, choice.about, f"proposer {choice.name}" if names.count(fold(choice.name)) == 1
                          else f"proposer {choice.name}, {choice.place}") for choice in choices[:OFFERED]]


class HostUnknown(Refused):
    """No structure that can host, or more than one, answers to that name."""


def host_named(dossier: Immersion, words: str, now: datetime) -> int:
    """Id of the one possible host that ``words`` name: its whole name, or a part of it that it alone bears.

    :raises HostUnknown: none or several; the sentence lists those that can be proposed.
    """
    choices = possible_hosts(dossier, now)
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
