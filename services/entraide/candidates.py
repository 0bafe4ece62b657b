"""Who may be asked to help: who offers it, who is near, who accepts to be asked now; never the asker's own employer where
the asker says so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, false, or_, select

from models.base import db
from models.delivery import StoppedAddress
from models.dossier import Dossier, Entraide
from models.entraide import Solicitation
from models.instance import instance
from models.statements import parts
from models.structure import MemberKind, Membre, Structure
from models.vocabulary import NEAR_SKILLS, PACE_LIMITS, PACES, SKILLS, label
from territory import communes
from territory.calendar import local, say_date
from territory.distance import describe

from ..same_employer import same_employer
from .nearest import away, nearest

#: Among members of one ring of so many kilometres, who was asked the longest ago comes first.
RING_KM = 15
#: Providers of mailboxes to the public: their addresses say nothing of an employer.
_PUBLIC_PROVIDERS = frozenset({
    "gmail.com", "googlemail.com", "orange.fr", "wanadoo.fr", "laposte.net", "free.fr", "sfr.fr", "neuf.fr", "bbox.fr",
    "outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "live.fr", "msn.com", "yahoo.fr", "yahoo.com", "icloud.com",
    "proton.me", "protonmail.com", "gmx.fr", "gmx.com", "aol.com"})


#: A coordinator who chooses by hand reads so many, the best of so many: what a pace or an employer forbids is known afterwards.
_SHOWN, _LOOKED_AT = 15, 1000
#: So many are looked at for a wave, then ten times as many while too few of them may be asked.
_AT_FIRST = 50


@dataclass(frozen=True)
class Candidate:
    """A member who may be asked. ``own_skill``: offers the very skill of the request; ``away`` in kilometres, if known."""

    membre_id: int
    name: str
    email: str
    shows_name: bool
    commune: str
    skills: tuple[str, ...]
    own_skill: bool
    away: float


def for_employers(dossier: Entraide) -> bool:
    """Whether the question is for other employers: it is said to be, or who asks represents a structure."""
    if dossier.help_kind == "manager":
        return True
    asker = db.session.scalar(select(Membre.kind).where(Membre.email == dossier.author.email.lower(), Membre.left_at.is_(None)))
    return asker == MemberKind.STRUCTURE


def candidates(dossier: Entraide, now: datetime, most: int, *, among: ColumnElement[bool] | None = None) -> list[Candidate]:
    """Who may be asked now, in the order to ask them: who offers the very skill, then by distance, turn by turn.

    Inside a transaction: the members found are locked until its end, so that two requests at once do not both ask
    somebody who accepts to be asked once.

    :param most: no more than so many.
    :param among: of these members, whatever they offer, and however far (a colleague named them).
    """
    if among is not None:
        rows = db.session.execute(_available(local(now).date()).where(among).with_for_update(of=Membre)).all()
        return [made for *_, made in _in_turn(dossier, rows, now, anybody=True)[:most]]
    theme, wanted = dossier.answers.get("theme", ""), _offering(dossier, local(now).date())
    number, others = _AT_FIRST, True
    while others:
        rows, others = nearest(wanted, case((offers_skill(theme), 0), else_=1), dossier.commune,
                               lambda tier, away: (tier, away // RING_KM), number, lock=True)
        found = _in_turn(dossier, rows, now)
        if len(found) >= most:
            break
        number *= 10
    return [made for *_, made in found[:most]]


def _in_turn(dossier: Entraide, rows: Sequence[Any], now: datetime, *, anybody: bool = False) -> list[tuple]:
    """Those who may be asked, each behind what they are ordered by."""
    last = asked_since({row.email for row in rows}, now)
    own = Own(dossier, rows, spared="employeur" in (dossier.answers.get("visibility") or []))
    found = []
    for row in rows:
        if row.email in own.asked or own.employs(row) or too_often(row.pace, last.get(row.email, []), now):
            continue
        made = _candidate(row, dossier)
        if not anybody and dossier.help_kind == "renfort" and made.away > instance().network.help.reach_km:
            continue
        asked_at = max(last.get(row.email, []), default=datetime.min.replace(tzinfo=now.tzinfo))
        found.append((not made.own_skill, made.away // RING_KM, asked_at, made.away, made.membre_id, made))
    return sorted(found, key=lambda item: item[:-1])


@dataclass(frozen=True)
class Considered:
    """A member whom a coordinator may ask by hand: why they suit, and what they said that speaks against asking now, or ""."""

    candidate: Candidate
    reasons: tuple[str, ...]
    against: str


def considered(dossier: Entraide, now: datetime, only: int | None = None) -> list[Considered]:
    """Whom a coordinator may choose from: those who suit best first, those who would rather not be asked now last.

    Nobody who left, who never accepted to be asked, who was asked already, or whom the asker does not want asked.

    :param only: that member alone, inside a transaction: locked until its end, as :func:`candidates` does.
    """
    today, employers, theme = local(now).date(), for_employers(dossier), dossier.answers.get("theme", "")
    if only is not None:
        rows = db.session.execute(_willing().where(Membre.id == only).with_for_update(of=Membre)).all()
        return [one for *_, one in _weighed(dossier, rows, now, employers, theme)]
    suits = (Membre.advises_employers & (Membre.kind == MemberKind.STRUCTURE.value)) if employers else offers_skill(theme)
    tier = (case((_in_pause(today), 4), else_=0) + case((suits, 0), else_=2)
            + case((or_(false(), *(offers_skill(code) for code in NEAR_SKILLS.get(theme, ()))), 0), else_=1))
    for number in (4 * _SHOWN, _LOOKED_AT):
        rows, others = nearest(_willing(), tier, dossier.commune, lambda of_tier, away: (of_tier, away), number, cut=True)
        found = _weighed(dossier, rows, now, employers, theme)
        if not others or sum(not one.against for *_, one in found) >= _SHOWN:
            break
    return [one for *_, one in found[:_SHOWN]]


def _weighed(dossier: Entraide, rows: Sequence[Any], now: datetime, employers: bool, theme: str) -> list[tuple]:
    """What is to be said of each, behind what they are ordered by."""
    last, today = asked_since({row.email for row in rows}, now), local(now).date()
    own = Own(dossier, rows, spared="employeur" in (dossier.answers.get("visibility") or []))
    found = []
    for row in rows:
        if row.email in own.asked or own.employs(row):
            continue
        made, asked = _candidate(row, dossier), last.get(row.email, [])
        advises = employers and row.advises_employers and row.kind == MemberKind.STRUCTURE
        near = next((code for code in NEAR_SKILLS.get(theme, ()) if code in row.skills_offered), "")
        against = _against(row, asked, today, now)
        reasons = (_suits(advises, made.own_skill, theme, near), _where(dossier, made), _when(asked))
        found.append((bool(against), not (advises or (made.own_skill and not employers)), not near, made.away, row.id,
                      Considered(made, tuple(filter(None, reasons)), against)))
    return sorted(found, key=lambda item: item[:-1])


def _suits(advises: bool, own_skill: bool, theme: str, near: str) -> str:
    if advises:
        return "conseille d’autres responsables"
    if own_skill:
        return f"propose «\u00a0{label(SKILLS, theme)}\u00a0»"
    return f"propose «\u00a0{label(SKILLS, near)}\u00a0», un sujet proche" if near else "n’a pas indiqué ce sujet"


def _where(dossier: Entraide, made: Candidate) -> str:
    here, there = communes.commune(dossier.commune), communes.commune(made.commune)
    return f"{there.label}, {describe(here, there)}" if here and there else ""


def _when(asked: list[datetime]) -> str:
    """When they were asked last, as far back as a pace counts."""
    return f"sollicité·e le {say_date(local(max(asked)).date())}" if asked else "pas sollicité·e récemment"


def _against(row, asked: list[datetime], today: date, now: datetime) -> str:
    if row.pause_ends_on is not None and row.pause_ends_on >= today:
        return f"en pause jusqu’au {say_date(row.pause_ends_on)}"
    if too_often(row.pace, asked, now):
        return f"a déjà été sollicité·e autant que son rythme le permet ({label(PACES, row.pace).lower()})"
    return ""


def _available(today: date):
    """Members whom nothing keeps from being asked for help, a pace apart."""
    return reachable(today).where(Membre.pace.in_(PACE_LIMITS))


def _willing():
    """Members who accept to be asked for help and can be written to, in pause or not."""
    return _here().where(Membre.pace.in_(PACE_LIMITS))


def reachable(today: date):
    """Members who may be written to: here, at an address that works, and in no pause."""
    return _here().where(or_(Membre.pause_ends_on.is_(None), Membre.pause_ends_on < today))


def _here():
    """Members of today, at an address that works."""
    stopped = select(StoppedAddress.email).where(StoppedAddress.lifted_at.is_(None))
    return select(Membre.id, Membre.given_name, Membre.family_name, Membre.email, Membre.commune, Membre.skills_offered,
                  Membre.directory, Membre.pace, Membre.structure_id, Membre.pause_ends_on, Membre.advises_employers,
                  Membre.kind).where(Membre.left_at.is_(None), Membre.email.not_in(stopped)).order_by(Membre.id)


def _offering(dossier: Entraide, today: date):
    """Those of them who offer that help."""
    if for_employers(dossier):
        return _available(today).where(Membre.advises_employers, Membre.kind == MemberKind.STRUCTURE.value)
    theme = dossier.answers.get("theme", "")
    return _available(today).where(or_(*(offers_skill(code) for code in (theme, *NEAR_SKILLS.get(theme, ())))))


def offers_skill(code: str) -> ColumnElement[bool]:
    """Members who offer that skill."""
    # A list as JSON: codes are plain letters, between quotes.
    return cast(Membre.skills_offered, String).contains(f'"{code}"', autoescape=True)


def _in_pause(today: date) -> ColumnElement[bool]:
    return Membre.pause_ends_on.is_not(None) & (Membre.pause_ends_on >= today)


def _candidate(row, dossier: Entraide) -> Candidate:
    return Candidate(row.id, f"{row.given_name} {row.family_name}", row.email, "nom" in row.directory, row.commune,
                     tuple(row.skills_offered), dossier.answers.get("theme") in row.skills_offered,
                     away(dossier.commune, row.commune))


def asked_since(emails: Collection[str], now: datetime) -> dict[str, list[datetime]]:
    """When each was asked, as far back as a pace counts."""
    longest = max(days for _, days in PACE_LIMITS.values())
    found: dict[str, list[datetime]] = {}
    for part in parts(sorted(emails)):
        for email, at in db.session.execute(select(Solicitation.email, Solicitation.asked_at).where(
                Solicitation.email.in_(part), Solicitation.asked_at > now - timedelta(days=longest))):
            found.setdefault(email, []).append(at)
    return found


def too_often(pace: str, asked: list[datetime], now: datetime) -> bool:
    times, days = PACE_LIMITS[pace]
    return sum(at > now - timedelta(days=days) for at in asked) >= times


class Own:
    """What keeps somebody from being asked about that request: part in it already, or the asker's own employer."""

    def __init__(self, dossier: Dossier, rows: Sequence[Any], *, spared: bool) -> None:
        author = dossier.author
        self.asked = {person.email.lower() for person in dossier.participants}
        self.spared = spared
        if not self.spared:
            return
        self.domain = author.email.lower().rpartition("@")[2]
        asker = db.session.execute(select(Membre.structure_id, Structure.name).outerjoin(
            Structure, Structure.id == Membre.structure_id).where(Membre.email == author.email.lower())).first()
        self.structure_id = asker.structure_id if asker else None
        own = {author.organisation, (asker.name if asker else "") or ""} - {""}
        theirs = {row.structure_id for row in rows if row.structure_id}
        known = db.session.execute(select(Structure.id, Structure.name).where(Structure.id.in_(theirs)))
        self.same_name = {structure_id for structure_id, name in known if any(same_employer(name, one) for one in own)}

    def employs(self, row) -> bool:
        """True when that member works for the same employer, where that counts (``spared``)."""
        if not self.spared:
            return False
        domain = row.email.rpartition("@")[2]
        same = row.structure_id is not None and row.structure_id in {self.structure_id, *self.same_name}
        return same or (domain == self.domain and domain not in _PUBLIC_PROVIDERS)
