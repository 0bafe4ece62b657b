"""Who is away: the absences of the network's file, and those coordinators announce by mail or on their page."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, delete, func, or_, select

from mail import outbox
from mail.letters import coordination
from models.address import CoordinatorAbsence
from models.base import ask, db, transaction
from models.dossier import Dossier, Participant
from models.instance import instance
from models.network import Coordinator
from models.states import ENDED, Role
from territory.calendar import local, say_date
from territory.said_days import Days, UnreadableDays, read_days

from .. import routing
from ..errors import NotAllowed, Refused
from ..links import link_to

#: An absence that is over is forgotten after this long.
KEPT = timedelta(days=30)
_ABSENCE = CoordinatorAbsence.__table__.c
#: Asked for every mail: made once (models/statements.py).
_AWAY = select(_ABSENCE.email).where(_ABSENCE.first_on <= bindparam("day"), _ABSENCE.last_on >= bindparam("day"))


def away_on(day: date) -> frozenset[str]:
    """Addresses, in lower case, of those who announced that they are away on that day."""
    return frozenset(ask(_AWAY, day=day).scalars())


def absent_on(day: date) -> frozenset[str]:
    """Addresses, in lower case, of all who are away on that day: announced, or in the file."""
    written = {person.email.lower() for person in instance().network.coordinators if person.absent_on(day)}
    return away_on(day) | written


def away_until(email: str, day: date) -> date | None:
    """The last day of the absence, announced or in the file, that this coordinator is in on that day; None when present."""
    return with_written(email, day, db.session.scalar(select(func.max(CoordinatorAbsence.last_on)).where(
        CoordinatorAbsence.email == email.lower(), CoordinatorAbsence.first_on <= day, CoordinatorAbsence.last_on >= day)))


def with_written(email: str, day: date, announced: date | None) -> date | None:
    """The last day they are away: as they announced it, or as the file says."""
    person = instance().network.coordinator(email)
    written = [absence.last for absence in person.absences if absence.covers(day)] if person else []
    return max([*written, *filter(None, [announced])], default=None)


def announced(email: str, today: date) -> CoordinatorAbsence | None:
    """The absence, now or to come, that this coordinator announced."""
    return db.session.scalar(select(CoordinatorAbsence).where(
        CoordinatorAbsence.email == email.lower(), CoordinatorAbsence.last_on >= today).order_by(CoordinatorAbsence.first_on))


def days_said(words: str, now: datetime) -> Days:
    """The days that words of a mail name.

    :raises Refused: none, or past; the sentence says why and what to write.
    """
    try:
        return read_days(words, local(now).date())
    except UnreadableDays as unread:
        why = str(unread)
        raise Refused(f"{why[:1].upper()}{why[1:]}. Écrivez par exemple «\u00a0je m’absente jusqu’au 12 décembre\u00a0», ou "
                      "«\u00a0je m’absente du 7 au 12 décembre\u00a0».") from unread


def go_away(email: str, days: Days, now: datetime) -> str:
    """:func:`leave`, from a page."""
    with transaction():
        return leave(email, days, now)


def leave(email: str, days: Days, now: datetime) -> str:
    """Keep the absence a coordinator announces, in place of those announced before; inside a transaction.

    New requests go to the deputy meanwhile; what is open with the absent one is told to the deputy in one letter.
    """
    ring, person = instance(), _coordinator(email)
    today = local(now).date()
    if days.first < today or days.last < days.first:
        raise Refused("Une absence commence aujourd’hui ou plus tard, et finit après avoir commencé.")
    db.session.execute(delete(CoordinatorAbsence).where(CoordinatorAbsence.email == person.email.lower(),
                                                        CoordinatorAbsence.last_on >= today))
    db.session.add(CoordinatorAbsence(email=person.email.lower(), first_on=days.first, last_on=days.last, said_at=now))
    db.session.flush()
    said = f"Votre absence est notée, {said_days(days.first, days.last, today)}."
    deputy = routing.stand_in(ring.network, person, days.first, away_on(days.first))
    if deputy is None:
        return (f"{said} Personne ne peut vous remplacer ces jours-là : les nouvelles demandes continuent de vous arriver. "
                "Prévenez vos collègues.")
    held = held_by(person.email)
    outbox.post_to_address(
        coordination.colleague_away(ring.network, deputy.name, person.name, said_days(days.first, days.last, today),
                                    [as_held(dossier) for dossier in held]),
        deputy.email, deputy.name, now)
    follow = {0: "", 1: " La demande que vous suivez lui est signalée."}.get(
        len(held), f" Les {len(held)} demandes que vous suivez lui sont signalées.")
    return f"{said} Les nouvelles demandes vont à {deputy.name}.{follow}"


def come_back(email: str, now: datetime) -> str:
    """:func:`return_early`, from a page."""
    with transaction():
        return return_early(email, now)


def return_early(email: str, now: datetime) -> str:
    """End the absence a coordinator announced; inside a transaction.

    :raises Refused: none was announced; an absence of the file is not ended here.
    """
    person, today = _coordinator(email), local(now).date()
    row = announced(person.email, today)
    written = person.absent_on(today)
    if row is None:
        raise Refused("Votre absence est écrite dans le fichier du réseau\u00a0: demandez à qui exploite Ring de la retirer."
                      if written else "Aucune absence n’était annoncée\u00a0: vous recevez déjà les demandes.")
    if row.first_on < today:
        row.last_on = today - timedelta(days=1)
    else:
        db.session.delete(row)
    db.session.flush()
    if written:
        return ("Votre absence annoncée est terminée. Le fichier du réseau en prévoit une autre en ce moment\u00a0: demandez à "
                "qui exploite Ring de la retirer.")
    return "Bon retour. Les nouvelles demandes vous arrivent de nouveau."


def purge(now: datetime) -> int:
    """Forget absences that ended long ago; gives how many."""
    with transaction():
        return db.session.execute(delete(CoordinatorAbsence).where(
            CoordinatorAbsence.last_on < (local(now) - KEPT).date())).rowcount


def said_days(first: date, last: date, today: date) -> str:
    """« jusqu’au samedi 12 décembre 2026 compris », or from a day to another."""
    if first <= today:
        return f"jusqu’au {say_date(last)} compris"
    return f"du {say_date(first)} au {say_date(last)} compris"


def as_held(dossier: Dossier) -> coordination.Held:
    """A request as letters list it for who takes it over, with the address of its page."""
    return coordination.Held(dossier.reference, dossier.title, dossier.state_label,
                             say_date(dossier.promised_on) if dossier.promised_on else "",
                             link_to(f"/coordination/{dossier.reference}"))


def takes_part(email: str) -> ColumnElement[bool]:
    """That this coordinator is part of a request: asked of its few people, since an index by address would read, for each
    request, all those they were ever in (hence the empty word added)."""
    return Dossier.participants.any((Participant.role == Role.COORDINATOR.value) & Participant.active
                                    & (db.func.lower(Participant.email) + "" == email.lower()))


def held_by(email: str) -> list[Dossier]:
    """What is open and with that coordinator: what they took, and what is in their hands alone without anybody having
    taken it; the oldest promise first."""
    return list(db.session.scalars(select(Dossier).where(
        Dossier.state.notin_([*ENDED, "unconfirmed"]),
        or_(db.func.lower(Dossier.assigned_to) == email.lower(), (Dossier.assigned_to == "") & takes_part(email)))
        .order_by(Dossier.promised_on.is_(None), Dossier.promised_on, Dossier.id)))


def _coordinator(email: str) -> Coordinator:
    person = instance().network.coordinator(email)
    if person is None:
        raise NotAllowed()
    return person
