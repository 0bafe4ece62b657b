"""Who may be asked to help: who offers it, who is near, who accepts to be asked now; never the asker's own employer where
the asker says so."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import String, cast, or_, select

from models.base import db
from models.delivery import StoppedAddress
from models.dossier import Dossier, Entraide
from models.entraide import Solicitation
from models.instance import instance
from models.structure import MemberKind, Membre, Structure
from models.vocabulary import NEAR_SKILLS, PACE_LIMITS, PACES, SKILLS, label
from territory import communes
from territory.calendar import local, say_date
from territory.distance import describe, kilometres
from territory.spelling import fold

#: Among members of one ring of so many kilometres, who was asked the longest ago comes first.
RING_KM = 15
#: Providers of mailboxes to the public: their addresses say nothing of an employer.
_PUBLIC_PROVIDERS = frozenset({
    "gmail.com", "googlemail.com", "orange.fr", "wanadoo.fr", "laposte.net", "free.fr", "sfr.fr", "neuf.fr", "bbox.fr",
    "outlook.com", "outlook.fr", "hotmail.com", "hotmail.fr", "live.fr", "msn.com", "yahoo.fr", "yahoo.com", "icloud.com",
    "proton.me", "protonmail.com", "gmx.fr", "gmx.com", "aol.com"})


#: A coordinator who chooses by hand reads so many.
_SHOWN = 15


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


def candidates(dossier: Entraide, now: datetime, *, anybody: bool = False) -> list[Candidate]:
    """Who may be asked now, in the order to ask them: who offers the very skill, then by distance, turn by turn.

    Inside a transaction: the members found are locked until its end, so that two requests at once do not both ask
    somebody who accepts to be asked once. ``anybody``: whatever they offer, and however far (a colleague named them).
    """
    wanted = _available(local(now).date()) if anybody else _offering(dossier, local(now).date())
    rows = db.session.execute(wanted.with_for_update(of=Membre)).all()
    emails = {row.email for row in rows}
    last = asked_since(emails, now)
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
    return [made for *_, made in sorted(found, key=lambda item: item[:-1])]


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
    today = local(now).date()
    rows = db.session.execute(_willing() if only is None else
                              _willing().where(Membre.id == only).with_for_update(of=Membre)).all()
    last, own = asked_since({row.email for row in rows}, now), Own(
        dossier, rows, spared="employeur" in (dossier.answers.get("visibility") or []))
    employers, theme = for_employers(dossier), dossier.answers.get("theme", "")
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
    return [one for *_, one in sorted(found, key=lambda item: item[:-1])][:_SHOWN]


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
    offered = cast(Membre.skills_offered, String)  # a list as JSON: codes are plain letters, between quotes
    return _available(today).where(or_(*(offered.contains(f'"{code}"', autoescape=True)
                                         for code in (theme, *NEAR_SKILLS.get(theme, ())))))


def _candidate(row, dossier: Entraide) -> Candidate:
    here, there = communes.commune(dossier.commune), communes.commune(row.commune)
    return Candidate(row.id, f"{row.given_name} {row.family_name}", row.email, "nom" in row.directory, row.commune,
                     tuple(row.skills_offered), dossier.answers.get("theme") in row.skills_offered,
                     kilometres(here, there) if here and there else 1e6)


def asked_since(emails: Collection[str], now: datetime) -> dict[str, list[datetime]]:
    """When each was asked, as far back as a pace counts."""
    longest = max(days for _, days in PACE_LIMITS.values())
    found: dict[str, list[datetime]] = {}
    for part in _parts(sorted(emails)):
        for email, at in db.session.execute(select(Solicitation.email, Solicitation.asked_at).where(
                Solicitation.email.in_(part), Solicitation.asked_at > now - timedelta(days=longest))):
            found.setdefault(email, []).append(at)
    return found


def _parts(items: list[str], size: int = 500) -> Iterator[list[str]]:
    # SQLite takes a limited number of values in one statement.
    return (items[start:start + size] for start in range(0, len(items), size))


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
        asker = db.session.scalar(select(Membre).where(Membre.email == author.email.lower()))
        self.structure_id = asker.structure_id if asker else None
        named, theirs = fold(author.organisation), {row.structure_id for row in rows if row.structure_id}
        known = db.session.execute(select(Structure.id, Structure.name).where(Structure.id.in_(theirs)))
        self.same_name = {structure_id for structure_id, name in known if named and fold(name) == named}

    def employs(self, row) -> bool:
        """True when that member works for the same employer, where that counts (``spared``)."""
        if not self.spared:
            return False
        domain = row.email.rpartition("@")[2]
        same = row.structure_id is not None and row.structure_id in {self.structure_id, *self.same_name}
        return same or (domain == self.domain and domain not in _PUBLIC_PROVIDERS)
