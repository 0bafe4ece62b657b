"""What alerts leave behind: a number a year, and themes a referent writes. Neither tells a case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from models.alerte import AlerteCount, AlerteSynthese
from models.base import db, transaction
from models.typography import french

from ..errors import NotAllowed, TextMissing
from .coarse import day
from .sessions import Reader

#: Under this, a number could point at somebody.
FEWEST = 5
_TITLE, _BODY = 150, 6000


def shown(now: datetime) -> list[tuple[int, str]]:
    """``(year, words)`` for years that had enough, the latest first. The year under way is said by fives: nobody can see
    the number move on the day a colleague wrote."""
    rows = db.session.scalars(select(AlerteCount).where(AlerteCount.received >= FEWEST).order_by(AlerteCount.year.desc()))
    this = day(now).year
    return [(row.year, f"{row.received} messages" if row.year < this else
             french(f"au moins {row.received - row.received % FEWEST} messages")) for row in rows]


def enough(now: datetime) -> bool:
    """True when a synthesis may be written: this year and the last brought enough alerts for none to be recognised."""
    year = day(now).year
    return (db.session.scalar(select(func.sum(AlerteCount.received)).where(AlerteCount.year >= year - 1)) or 0) >= FEWEST


def syntheses() -> list[AlerteSynthese]:
    """The latest first."""
    return list(db.session.scalars(select(AlerteSynthese).order_by(AlerteSynthese.id.desc())))


def publish(reader: Reader, title: str, body: str, now: datetime) -> None:
    """Show themes to everybody; the referent answers for their saying nothing of a case.

    :raises NotAllowed: too few alerts came.
    :raises TextMissing:
    """
    if not enough(now):
        raise NotAllowed(f"Une synthèse s’écrit à partir de {FEWEST} messages reçus sur deux ans : en dessous, on pourrait "
                         "reconnaître quelqu’un.")
    title, body = title.strip(), body.strip()
    if not title or not body or len(title) > _TITLE or len(body) > _BODY:
        raise TextMissing(f"Écrivez un titre ({_TITLE} caractères au plus) et un texte ({_BODY} au plus).")
    with transaction():
        db.session.add(AlerteSynthese(title=title, body=body, written_on=day(now), written_by=reader.person.name))


def withdraw(synthesis_id: int) -> None:
    """Take a synthesis off; twice is once."""
    with transaction():
        row = db.session.get(AlerteSynthese, synthesis_id) if synthesis_id < 2**31 else None
        if row is not None:
            db.session.delete(row)
