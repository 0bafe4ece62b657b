"""The tables that can leave: which rows, which columns, in which words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from models.base import db
from models.coop import HELP_THEMES, ActivityType, AnimationTheme, AnimationType, Initiative
from models.dossier import Dossier
from models.instance import instance
from models.journal import JournalEntry
from models.states import Kind
from models.structure import MemberKind, Membre
from models.vocabulary import SKILLS, labels
from territory import communes
from territory.calendar import local

from .sheets import Cell, Sheet


def years(now: datetime) -> list[int]:
    """The years there is something of, the latest first."""
    first = db.session.scalar(select(func.min(Dossier.confirmed_at)).where(Dossier.confirmed_at.is_not(None)))
    this = local(now).year
    return list(range(this, (local(first).year if first else this) - 1, -1))


def _within(at: datetime | None, year: int | None) -> bool:
    return at is not None and (year is None or local(at).year == year)


def _day(at: datetime | None) -> date | None:
    return local(at).date() if at else None


def _place(insee: str) -> tuple[str, str]:
    """``(commune, intercommunal structure)`` of an INSEE code, "" where it is unknown."""
    commune = communes.commune(insee)
    epci = communes.epci(commune.epci) if commune and commune.epci else None
    return commune.name if commune else "", epci.label if epci else ""


def requests(year: int | None) -> Sheet:
    """Every confirmed request, without the name or the address of anybody: for a report, or figures of one's own."""
    rows: list[list[Cell]] = []
    network = instance().network
    first = dict(db.session.execute(select(JournalEntry.dossier_id, func.min(JournalEntry.at)).where(
        JournalEntry.kind == "answered").group_by(JournalEntry.dossier_id)).all())
    for dossier in db.session.scalars(select(Dossier).where(Dossier.confirmed_at.is_not(None)).order_by(Dossier.id)):
        if not _within(dossier.confirmed_at, year):
            continue
        commune, epci = _place(dossier.commune)
        holder = network.coordinator(dossier.assigned_to) if dossier.assigned_to else None
        answered = first.get(dossier.id)
        hours = round((answered - dossier.confirmed_at).total_seconds() / 3600) if answered else None
        rows.append([dossier.reference, dossier.kind_.label, dossier.title, commune, epci, _day(dossier.confirmed_at),
                     dossier.state_label, dossier.promised_on, _day(dossier.moved_at), hours, holder.name if holder else ""])
    return Sheet("Demandes", ["Référence", "Sorte", "Objet", "Commune", "Intercommunalité", "Reçue le", "Étape",
                              "Réponse promise pour le", "Dernier mouvement le", "Première réponse (heures)", "Suivie par"], rows)


def members(year: int | None) -> Sheet:
    """The members of today, or those who joined that year."""
    rows: list[list[Cell]] = []
    found = db.session.scalars(select(Membre).where(Membre.left_at.is_(None)).options(selectinload(Membre.structure))
                               .order_by(Membre.family_name, Membre.given_name))
    for member in found:
        if year is not None and local(member.joined_at).year != year:
            continue
        commune, epci = _place(member.commune)
        rows.append([member.family_name, member.given_name, MemberKind(member.kind).label, member.email, member.phone, member.job,
                     member.structure.name if member.structure else "", commune, epci,
                     ", ".join(labels(SKILLS, member.skills_offered)), ", ".join(labels(SKILLS, member.skills_sought)),
                     _day(member.joined_at)])
    return Sheet("Membres", ["Nom", "Prénom", "Sorte", "Courriel", "Téléphone", "Métier", "Structure", "Commune",
                             "Intercommunalité", "Compétences offertes", "Compétences recherchées", "Membre depuis le"], rows)


#: What was done -> the theme it is reported under, for what is not help.
_DONE = {"accepted": (Kind.ADHESION, AnimationTheme.NETWORK), "convention_issued": (Kind.IMMERSION, AnimationTheme.CAREER)}


def activity(year: int | None) -> Sheet:
    """One line for each thing the coordination did, in the exact words of the State's tool: help answered, somebody welcomed,
    a convention sent to be signed. Counted once each, on the first day; no name, no word of anybody."""
    entries = db.session.execute(select(JournalEntry.kind, func.min(JournalEntry.at), Dossier).join(
        Dossier, Dossier.id == JournalEntry.dossier_id).where(JournalEntry.kind.in_(["answered", *_DONE]))
        .group_by(JournalEntry.kind, Dossier.id).order_by(func.min(JournalEntry.at), Dossier.id)).all()
    rows: list[list[Cell]] = []
    for kind, at, dossier in entries:
        theme = _theme(kind, dossier)
        if theme is not None and _within(at, year):
            rows.append([_day(at), ActivityType.ANIMATION.value, Initiative.ASKED.value, AnimationType.EXCHANGE.value,
                         theme.value, dossier.reference])
    return Sheet("Activité", ["date", "type_activite_coordination", "initiative", "type_animation", "thematique_animation",
                              "reference"], rows)


def _theme(kind: str, dossier: Dossier) -> AnimationTheme | None:
    if kind == "answered":
        known = dossier.kind_ == Kind.ENTRAIDE
        return HELP_THEMES.get(str(dossier.answers.get("help_kind", "")), AnimationTheme.SUPPORT) if known else None
    wanted, theme = _DONE[kind]
    return theme if dossier.kind_ == wanted else None


#: name in addresses -> (what it is, what makes it)
TABLES: dict[str, tuple[str, Callable[[int | None], Sheet]]] = {
    "demandes": ("Les demandes, sans aucun nom", requests),
    "membres": ("Les membres, avec leurs adresses", members),
    "activite": ("L’activité, pour La Coop de la médiation numérique", activity),
}


def build(name: str, year: int | None) -> Sheet:
    """The table of that name, of one year or of all."""
    return TABLES[name][1](year)
