"""The figures of the network, counted: members, requests, delays, immersions. Numbers only; nobody's name is read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from flask import current_app
from sqlalchemy import Select, case, func, select

from models.base import db
from models.convention import Convention, ConventionKind, ImmersionSession
from models.dossier import Dossier, Immersion
from models.evaluation import Evaluation
from models.instance import instance
from models.journal import COUNTED, JournalEntry
from models.states import EntraideState, Kind
from models.structure import MemberKind, Membre
from models.vocabulary import THEMES
from territory import communes
from territory.calendar import PARIS, add_working_days, local

from .hiding import SMALLEST_SHOWN, Shown, few, months, rounded, shown, single
from .period import Period, say_month

NO_EPCI = "Sans intercommunalité connue"
#: How the members of each kind are called, as columns.
MEMBER_COLUMNS: dict[str, str] = {
    MemberKind.STRUCTURE: "Structures", MemberKind.PROFESSIONAL: "Professionnel·les", MemberKind.LEARNER: "En devenir"}
#: What became of a request for help, in the order of the table.
OUTCOMES: dict[str, tuple[EntraideState, ...]] = {
    "Résolues": (EntraideState.RESOLVED,), "Closes autrement": (EntraideState.CLOSED,),
    "Sans suite": (EntraideState.REFUSED,), "Retirées": (EntraideState.WITHDRAWN,),
    "En cours": (EntraideState.SUBMITTED, EntraideState.IN_PROGRESS)}


@dataclass(frozen=True)
class Delays:
    """How soon help came; None where too few requests were answered to tell.

    ``median``: time from a confirmed request to its first answer; ``in_time``: percentage of those answered within the promise.
    """

    answered: int | None
    median: timedelta | None
    in_time: int | None
    promised: int


@dataclass(frozen=True)
class Place:
    """Members at a place of the map: the middle of an EPCI's communes, in degrees."""

    name: str
    latitude: float
    longitude: float
    count: int | None


@dataclass(frozen=True)
class Figures:
    """All that is told of a period; every table is already fit to be published (docs/decisions/0021-figures-that-slide.md).

    ``themes`` and ``outcomes`` are told of a closed year only, None before; where the period slides, ``members``, ``immersions``
    and ``mentoring`` are rounded.
    """

    period: Period
    members: Shown
    map: tuple[Place, ...]
    themes: Shown | None
    months: Shown
    outcomes: Shown | None
    delays: Delays
    immersions: tuple[tuple[str, int | None], ...]
    mentoring: tuple[tuple[str, int | None], ...]


def figures(period: Period, now: datetime) -> Figures:
    """The figures of ``period``, counted once an hour: only an erasure can change them."""
    kept: dict[tuple[Period, str], Figures] = current_app.extensions.setdefault("figures", {})
    key = (period, now.strftime("%Y-%m-%d %H"))
    # Another thread may remove what is kept as the hour changes.
    if (found := kept.get(key)) is None:
        for old in [one for one in list(kept) if one[1] != key[1]]:
            kept.pop(old, None)
        found = kept[key] = count(period)
    return found


def since() -> date | None:
    """The day of the first request, None where there is none yet."""
    first = db.session.scalar(select(func.min(Dossier.confirmed_at)).where(Dossier.confirmed_at.is_not(None)))
    return local(first).date() if first else None


def count(period: Period) -> Figures:
    """Count everything; a few statements whatever the size of the network."""
    members = _members_table(_members(period))
    immersions, mentoring = _immersions(period), _mentoring(period)
    if not period.closed:
        members = members.rounded
        immersions, mentoring = (tuple((label, rounded(number)) for label, number in told) for told in (immersions, mentoring))
    asked = _asked(period)
    by_month = _by_month(period, asked)
    whole = by_month.total is not None
    return Figures(period, members, _map(members), _by_theme(asked, whole) if period.closed else None, by_month,
                   _by_outcome(asked, whole) if period.closed else None, _delays(period), immersions, mentoring)


def _confirmed(kind: Kind, period: Period, *columns) -> Select:
    return select(*columns).where(Dossier.kind == kind.value, Dossier.confirmed_at >= period.opens,
                                  Dossier.confirmed_at < period.closes)


def _members(period: Period) -> Counter[tuple[str, str]]:
    """How many members there were at the end of the period: (SIREN of the EPCI, kind) -> count."""
    found: Counter[tuple[str, str]] = Counter()
    for commune, kind, number in db.session.execute(
            select(Membre.commune, Membre.kind, func.count()).where(
                Membre.joined_at < period.closes, (Membre.left_at.is_(None)) | (Membre.left_at >= period.closes))
            .group_by(Membre.commune, Membre.kind)):
        place = communes.commune(commune)
        found[(place.epci if place else ""), kind] += number
    return found


def _members_table(by_place: Counter[tuple[str, str]]) -> Shown:
    """EPCI of the département, members or not, then others that have some; kinds as columns."""
    at_home = communes.epci_of_departement(instance().network.departement)
    sirens = {one.siren for one in at_home}
    others = sorted({siren for siren, _ in by_place} - sirens - {""}, key=_epci_name)
    rows = [(one.siren, one.label) for one in at_home] + [(siren, _epci_name(siren)) for siren in others]
    if any(siren == "" for siren, _ in by_place):
        rows.append(("", NO_EPCI))
    return shown([label for _, label in rows], MEMBER_COLUMNS.values(),
                 [[by_place[siren, kind.value] for kind in MEMBER_COLUMNS] for siren, _ in rows])


def _epci_name(siren: str) -> str:
    known = communes.epci(siren)
    return known.label if known else NO_EPCI


def _map(members: Shown) -> tuple[Place, ...]:
    """Where the EPCI of the département are, with what the table tells of each."""
    totals = dict(zip(members.rows, members.row_totals, strict=True))
    departement = instance().network.departement
    found = []
    for one in communes.epci_of_departement(departement):
        of = [place for place in communes.communes_of_epci(one.siren) if place.departement == departement]
        found.append(Place(one.label, sum(place.latitude for place in of) / len(of),
                           sum(place.longitude for place in of) / len(of), totals[one.label]))
    return tuple(found)


def _asked(period: Period) -> Counter[tuple[str, tuple[int, int], str]]:
    """Requests for help: (theme, month in Paris, state) -> count."""
    begin = [datetime(*month, 1, tzinfo=PARIS) for month in period.months]
    month = case(*((Dossier.confirmed_at >= begin[place], place) for place in range(len(begin) - 1, -1, -1)), else_=0)
    theme = Dossier.answers["theme"].as_string()
    rows = db.session.execute(_confirmed(Kind.ENTRAIDE, period, theme.label("theme"), month.label("month"), Dossier.state,
                                         func.count()).group_by("theme", "month", Dossier.state))
    return Counter({(theme, period.months[place], state): number for theme, place, state, number in rows})


def _by_theme(asked: Counter[tuple[str, tuple[int, int], str]], total_told: bool) -> Shown:
    counted: Counter[str] = Counter()
    codes = [code for code, _ in THEMES]
    for (theme, _month, _state), number in asked.items():
        counted[theme if theme in codes else "autre"] += number
    return single([label for _, label in THEMES], [counted[code] for code in codes], total_told=total_told)


def _by_month(period: Period, asked: Counter[tuple[str, tuple[int, int], str]]) -> Shown:
    counted: Counter[tuple[int, int]] = Counter()
    for (_theme, month, _state), number in asked.items():
        counted[month] += number
    names = [say_month(*month) for month in period.months]
    return months(names, [counted[month] for month in period.months], closed=period.closed)


def _by_outcome(asked: Counter[tuple[str, tuple[int, int], str]], total_told: bool) -> Shown:
    return single(OUTCOMES, [sum(number for (*_, state), number in asked.items() if state in states)
                             for states in OUTCOMES.values()], total_told=total_told)


def _delays(period: Period) -> Delays:
    first = (select(JournalEntry.dossier_id, func.min(JournalEntry.at).label("at"))
             .where(JournalEntry.kind == "answered", COUNTED, JournalEntry.at >= period.opens)  # no answer before its question
             .group_by(JournalEntry.dossier_id).subquery())
    rows = db.session.execute(_confirmed(Kind.ENTRAIDE, period, Dossier.confirmed_at, first.c.at)
                              .join(first, first.c.dossier_id == Dossier.id)).all()
    promised = instance().network.delays[Kind.ENTRAIDE.value]
    if len(rows) < SMALLEST_SHOWN:
        return Delays(few(len(rows)), None, None, promised)
    ends: dict[date, date] = {}
    in_time = 0
    for confirmed, answered in rows:
        day = local(confirmed).date()
        if day not in ends:
            ends[day] = add_working_days(day, promised)
        in_time += local(answered).date() <= ends[day]
    late = len(rows) - in_time
    share = None if 0 < late < SMALLEST_SHOWN or 0 < in_time < SMALLEST_SHOWN else round(100 * in_time / len(rows))
    return Delays(len(rows), median(answered - confirmed for confirmed, answered in rows), share, promised)


def _immersions(period: Period) -> tuple[tuple[str, int | None], ...]:
    """Each step on its own: what was asked in one year may be lived in the next."""
    asked = _how_many(_confirmed(Kind.IMMERSION, period, Immersion.id))
    signed = _how_many(select(Convention.id).where(
        Convention.kind == ConventionKind.CONVENTION.value, Convention.completed_at >= period.opens,
        Convention.completed_at < period.closes))
    lived = select(JournalEntry.dossier_id).where(JournalEntry.kind == "lived", COUNTED, JournalEntry.at >= period.opens,
                                                  JournalEntry.at < period.closes).distinct()
    lives = _how_many(lived)
    days = _how_many(select(ImmersionSession.immersion_id, ImmersionSession.on).where(
        ImmersionSession.immersion_id.in_(lived)).distinct())
    reports = _how_many(select(Evaluation.id).where(Evaluation.given_at >= period.opens, Evaluation.given_at < period.closes))
    told = few(lives)
    return (("Immersions demandées", few(asked)), ("Conventions signées par tous", few(signed)), ("Immersions vécues", told),
            # Days and reports tell of as many people as there were immersions.
            ("Jours d’immersion", days if told is not None else None),
            ("Retours donnés", few(reports) if told is not None else None))


def _mentoring(period: Period) -> tuple[tuple[str, int | None], ...]:
    """Each step on its own, in pairs: a newcomer to whom several mentors were proposed counts once a proposal.

    By lines of the journal that nothing but a mentoring has.
    """
    steps = {"Paires proposées": ("mentor_asked",), "Paires faites, d’un commun accord": ("newcomer_agreed",),
             "Mentorats terminés": ("mentorat_ended", "mentorat_ended_by_clock")}
    counted = dict(tuple(row) for row in db.session.execute(
        select(JournalEntry.kind, func.count()).where(
            JournalEntry.kind.in_([kind for kinds in steps.values() for kind in kinds]), COUNTED,
            JournalEntry.at >= period.opens, JournalEntry.at < period.closes).group_by(JournalEntry.kind)))
    return tuple((label, few(sum(counted.get(kind, 0) for kind in kinds))) for label, kinds in steps.items())


def _how_many(rows: Select) -> int:
    return db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0
