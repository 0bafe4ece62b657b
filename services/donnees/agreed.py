"""Who agreed to which version of the commitments, as the coordination sees it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from models.agreement import CharterAgreement, CharterRound
from models.base import db
from models.charter import current_charter
from models.structure import MemberKind, Membre

from .agreeing import Change, changes, current_round, known_version

SHOWN = 200


@dataclass(frozen=True)
class Unanswered:
    """A member who has not agreed to the version put to them."""

    name: str
    email: str
    structure: str
    version: str
    asked_at: datetime | None
    reminders: int


@dataclass(frozen=True)
class Overview:
    """``latest``: the newest version there is; ``asked``: the one put to the members; ``by_version``: how many agreed to each."""

    latest: str
    asked: CharterRound | None
    by_version: list[tuple[str, int]]
    unanswered: list[Unanswered]
    left_out: int

    @property
    def to_ask(self) -> bool:
        """True where a newer version than what some agreed to was not put to them."""
        return (self.asked is None or self.asked.version < self.latest) and any(
            version < self.latest for version, _number in self.by_version)


def overview() -> Overview:
    """Where the members stand."""
    counted = Counter(dict(db.session.execute(select(Membre.charter_version, func.count()).where(
        Membre.left_at.is_(None)).group_by(Membre.charter_version)).all()))
    asked = current_round()
    waiting = _unanswered(asked) if asked else []
    return Overview(current_charter().version, asked, sorted(counted.items(), reverse=True), waiting[:SHOWN],
                    max(0, len(waiting) - SHOWN))


def _unanswered(asked: CharterRound) -> list[Unanswered]:
    mine = (CharterAgreement.membre_id == Membre.id) & (CharterAgreement.version == asked.version)
    rows = db.session.execute(select(Membre, CharterAgreement).outerjoin(CharterAgreement, mine).where(
        Membre.left_at.is_(None), Membre.charter_version < asked.version).options(selectinload(Membre.structure))
        .order_by(Membre.family_name, Membre.given_name, Membre.id)).all()
    new = known_version(asked.version)
    otherwise = {(kind, version): bool(new and changes(kind, known_version(version), new))
                 for kind, version in {(member.kind, member.charter_version) for member, _row in rows}}
    return [Unanswered(member.name, member.email, member.structure.name if member.structure else "", member.charter_version,
                       row.asked_at if row else None, row.reminders if row else 0)
            for member, row in rows if otherwise[member.kind, member.charter_version]]


def changes_of_latest() -> list[tuple[str, list[Change]]]:
    """What the newest version says otherwise than the one most members agreed to, for each kind of member that it concerns."""
    new = current_charter()
    found = []
    for kind in MemberKind:
        older = db.session.execute(select(Membre.charter_version).where(
            Membre.left_at.is_(None), Membre.kind == kind.value, Membre.charter_version < new.version)
            .group_by(Membre.charter_version).order_by(func.count().desc(), Membre.charter_version.desc()).limit(1)).scalar()
        if older and (said := changes(kind.value, known_version(older), new)):
            found.append((kind.label, said))
    return found
