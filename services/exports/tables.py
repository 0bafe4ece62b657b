"""The tables that can leave: which rows, which columns, in which words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from models.backing import said_for
from models.base import db
from models.coop import HELP_THEMES, ActivityType, AnimationTheme, AnimationType, Initiative
from models.dossier import Dossier
from models.instance import instance
from models.journal import COUNTED, JournalEntry
from models.states import STATES, Kind
from models.structure import MemberKind, Membre, Structure
from models.vocabulary import SKILLS, labels
from territory import communes
from territory.calendar import PARIS, local

from .. import employing
from .sheets import Cell, Sheet


def years(now: datetime) -> list[int]:
    """The years there is something of, the latest first."""
    first = db.session.scalar(select(func.min(Dossier.confirmed_at)).where(Dossier.confirmed_at.is_not(None)))
    this = local(now).year
    return list(range(this, (local(first).year if first else this) - 1, -1))


def _in_year(at: InstrumentedAttribute | ColumnElement, year: int | None) -> list[ColumnElement[bool]]:
    """That ``at`` lies in the year, as it is counted in Paris; nothing for all years."""
    if year is None:
        return []
    return [at >= datetime(year, 1, 1, tzinfo=PARIS), at < datetime(year + 1, 1, 1, tzinfo=PARIS)]


def _streamed(wanted: Select) -> Iterator[Row]:
    """Rows some at a time: a table is as long as the years, and is never held whole.

    Asked for with the first row only: once a page has answered, its session is given back, and PostgreSQL forgets what was
    being read; what is streamed afterwards has a session of its own.
    """
    yield from db.session.execute(wanted.execution_options(yield_per=1000))


def _day(at: datetime | None) -> date | None:
    return local(at).date() if at else None


def _place(insee: str) -> tuple[str, str]:
    """``(commune, intercommunal structure)`` of an INSEE code, "" where it is unknown."""
    commune = communes.commune(insee)
    epci = communes.epci(commune.epci) if commune and commune.epci else None
    return commune.name if commune else "", epci.label if epci else ""


def requests(year: int | None) -> Sheet:
    """Every confirmed request, without the name or the address of anybody: for a report, or figures of one's own."""
    first = (select(func.min(JournalEntry.at)).where(JournalEntry.dossier_id == Dossier.id, JournalEntry.kind == "answered")
             .correlate(Dossier).scalar_subquery())
    wanted = select(Dossier.reference, Dossier.kind, Dossier.title, Dossier.commune, Dossier.confirmed_at, Dossier.state,
                    Dossier.promised_on, Dossier.moved_at, Dossier.assigned_to, first.label("answered_at"),
                    Dossier.answers["work_status"].as_string().label("work_status")).where(
        Dossier.confirmed_at.is_not(None), *_in_year(Dossier.confirmed_at, year)).order_by(Dossier.id)
    return Sheet("Demandes", ["Référence", "Sorte", "Objet", "Commune", "Intercommunalité", "Reçue le", "Étape",
                              "Réponse promise pour le", "Dernier mouvement le", "Première réponse (heures)", "Suivie par"],
                 (_request(row) for row in _streamed(wanted)))


def _request(row: Row) -> list[Cell]:
    holder = instance().network.coordinator(row.assigned_to) if row.assigned_to else None
    hours = round((row.answered_at - row.confirmed_at).total_seconds() / 3600) if row.answered_at else None
    kind = Kind(row.kind)
    step = said_for(STATES[kind](row.state).label, row.work_status or "")
    return [row.reference, kind.label, row.title, *_place(row.commune), _day(row.confirmed_at), step, row.promised_on,
            _day(row.moved_at), hours, holder.name if holder else ""]


def members(year: int | None) -> Sheet:
    """The members of today, or those who joined that year."""
    wanted = (
        select(Membre.family_name, Membre.given_name, Membre.kind, Membre.email, Membre.phone, Membre.job, Membre.commune,
               Membre.skills_offered, Membre.skills_sought, Membre.joined_at, Structure.name.label("structure"),
               employing.not_reached().label("unreached"))
        .outerjoin(Structure, Structure.id == Membre.structure_id)
        .where(Membre.left_at.is_(None), *_in_year(Membre.joined_at, year))
        .order_by(Membre.family_name, Membre.given_name, Membre.id))
    return Sheet("Membres", ["Nom", "Prénom", "Sorte", "Courriel", "Téléphone", "Métier", "Structure", "Commune",
                             "Intercommunalité", "Compétences offertes", "Compétences recherchées", "Membre depuis le",
                             "Employeur"],
                 (_member(row) for row in _streamed(wanted)))


def _member(member: Row) -> list[Cell]:
    return [member.family_name, member.given_name, MemberKind(member.kind).label, member.email, member.phone, member.job,
            member.structure or "", *_place(member.commune), ", ".join(labels(SKILLS, member.skills_offered)),
            ", ".join(labels(SKILLS, member.skills_sought)), _day(member.joined_at),
            "non joint" if member.unreached else ""]


#: What was done -> the theme it is reported under, for what is not help.
_DONE = {"accepted": (Kind.ADHESION, AnimationTheme.NETWORK), "convention_issued": (Kind.IMMERSION, AnimationTheme.CAREER)}


def activity(year: int | None) -> Sheet:
    """One line for each thing the coordination did, in the exact words of the State's tool: help answered, somebody welcomed,
    a convention sent to be signed. Counted once each, on the first day; no name, no word of anybody."""
    at = func.min(JournalEntry.at)
    first = (select(JournalEntry.kind, JournalEntry.dossier_id, at.label("at")).where(
        JournalEntry.kind.in_(["answered", *_DONE]), COUNTED).group_by(JournalEntry.kind, JournalEntry.dossier_id).subquery())
    wanted = select(first.c.kind.label("what"), first.c.at, Dossier.kind, Dossier.reference,
                    Dossier.answers["help_kind"].as_string().label("help_kind")).join(
        Dossier, Dossier.id == first.c.dossier_id).where(*_in_year(first.c.at, year)).order_by(first.c.at, Dossier.id)
    return Sheet("Activité", ["date", "type_activite_coordination", "initiative", "type_animation", "thematique_animation",
                              "reference"],
                 ([_day(row.at), ActivityType.ANIMATION.value, Initiative.ASKED.value, AnimationType.EXCHANGE.value, theme.value,
                   row.reference] for row in _streamed(wanted) if (theme := _theme(row)) is not None))


def _theme(row: Row) -> AnimationTheme | None:
    if row.what == "answered":
        return HELP_THEMES.get(row.help_kind or "", AnimationTheme.SUPPORT) if row.kind == Kind.ENTRAIDE else None
    wanted, theme = _DONE[row.what]
    return theme if row.kind == wanted else None


#: name in addresses -> (what it is, what makes it)
TABLES: dict[str, tuple[str, Callable[[int | None], Sheet]]] = {
    "demandes": ("Les demandes, sans aucun nom", requests),
    "membres": ("Les membres, avec leurs adresses", members),
    "activite": ("L’activité, pour La Coop de la médiation numérique", activity),
}


def build(name: str, year: int | None) -> Sheet:
    """The table of that name, of one year or of all."""
    return TABLES[name][1](year)
