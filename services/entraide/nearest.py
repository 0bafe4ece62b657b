"""The members who suit best and live nearest, without reading all the others: each commune is asked first how many it has."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_

from models.base import db
from models.structure import Membre
from territory import communes
from territory.distance import how_far


def away(commune: str, other: str) -> float:
    """Kilometres between two communes by their INSEE codes."""
    return how_far(communes.commune(commune), communes.commune(other))


def nearest(wanted: Select, tier: ColumnElement[int], commune: str, order: Callable[[int, float], tuple], number: int,
            *, cut: bool = False, lock: bool = False) -> tuple[list[Row], bool]:
    """At least ``number`` rows of ``wanted``, members, if there are as many; and whether there are others. Two questions.

    :param tier: what comes before distance, a small whole number by which the rows are counted with their commune.
    :param order: from tier and kilometres, what is asked first; those it makes equal are given whole, in no order.
    :param cut: no more than ``number``: of those of one commune and tier, the first to join.
    :param lock: have others who would change these members wait, inside a transaction.
    """
    counted = db.session.execute(wanted.with_only_columns(tier.label("tier"), Membre.commune, func.count().label("number"))
                                 .order_by(None).group_by("tier", Membre.commune)).all()
    ranked = sorted((order(row.tier, away(commune, row.commune)), row.tier, row.commune, row.number) for row in counted)
    taken, total = [], 0
    for _order, group in groupby(ranked, key=lambda item: item[0]):
        if total >= number:
            break
        for _same, of_tier, place, count in group:
            taken.append((of_tier, place))
            total += count
    if not taken:
        return [], False
    places: dict[int, list[str]] = {}
    for of_tier, place in taken:
        places.setdefault(of_tier, []).append(place)
    rows = wanted.where(or_(*(and_(tier == of_tier, Membre.commune.in_(found)) for of_tier, found in places.items())))
    if cut:
        rank = case(*((and_(tier == of_tier, Membre.commune == place), at) for at, (of_tier, place) in enumerate(taken)))
        rows = rows.order_by(None).order_by(rank, Membre.id).limit(number)
    found = db.session.execute(rows.with_for_update(of=Membre) if lock else rows).all()
    return list(found), len(taken) < len(ranked) or len(found) < total
