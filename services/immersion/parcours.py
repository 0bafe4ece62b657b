"""Several immersions of the same person are stages of one parcours: each goes on from the one before."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from mail import outbox
from mail.letters import accueil
from models.access_link import Purpose
from models.base import db
from models.dossier import Actor, Dossier, Immersion, Participant, next_number, reference
from models.instance import instance
from models.states import ImmersionState, Kind, Role
from territory.calendar import local, say_date

from .. import acting
from ..acting import Action, register, who_coordinates, write_to_coordinator
from ..conversation import keep_words
from ..links import personal_url
from ..next_steps import next_step

#: What a new stage does not take from the one before: it is asked anew.
_ITS_OWN = ("host", "exchange", "ending", "exchanges_cancelled")


@dataclass(frozen=True)
class Stage:
    """One immersion of a parcours; ``days`` and ``minutes`` are those that took place."""

    reference: str
    host: str
    state: str
    first_on: date | None
    days: int
    minutes: int
    current: bool


def stages(dossier: Immersion) -> list[Stage]:
    """The parcours that immersion belongs to, from its first stage on; the immersion alone where it has no other."""
    return [_stage(each, each.id == dossier.id) for each in _all(dossier)]


def _all(dossier: Immersion) -> list[Immersion]:
    """Up to the first stage, then down all that goes on from any of these, in one question whatever their number."""
    one = Dossier.__table__
    up = select(one.c.id, one.c.follows_id).where(one.c.id == dossier.id).cte("up", recursive=True)
    up = up.union(select(one.c.id, one.c.follows_id).join(up, up.c.follows_id == one.c.id))
    down = select(up.c.id).cte("down", recursive=True)
    down = down.union(select(one.c.id).join(down, down.c.id == one.c.follows_id))
    return list(db.session.scalars(
        select(Immersion).where(Immersion.id.in_(select(down.c.id))).order_by(Immersion.id)
        .options(joinedload(Immersion.sessions), joinedload(Immersion.host))).unique())


def _stage(dossier: Immersion, current: bool) -> Stage:
    never = dossier.answers.get("ending", {}).get("last_on") == ""
    lived = not never and dossier.state in (ImmersionState.LIVED, ImmersionState.INTERRUPTED, ImmersionState.CLOSED)
    sessions = list(dossier.sessions) if lived else []
    return Stage(dossier.reference, dossier.host.name if dossier.host else "", dossier.state_label,
                 min((session.on for session in dossier.sessions), default=None), len({session.on for session in sessions}),
                 sum(session.minutes for session in sessions), current)


def add_stage(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """A new request with the same answers, whose address is proved already: at the same host or elsewhere, the coordination
    and the employer decide as for any other."""
    number = next_number(Kind.IMMERSION, local(now).year)
    new = Immersion(
        year=local(now).year, number=number, reference=reference(Kind.IMMERSION, local(now).year, number),
        submission_key=f"suite-{secrets.token_urlsafe(24)}", state=ImmersionState.SUBMITTED.value, title=dossier.title,
        commune=dossier.commune, created_at=now, confirmed_at=now, moved_at=now, follows_id=dossier.id,
        answers={key: value for key, value in dossier.answers.items() if key not in _ITS_OWN}, summary=dossier.summary)
    author = dossier.author
    new.participants.append(Participant(role=Role.AUTHOR.value, name=author.name, email=author.email, phone=author.phone,
                                        quality=author.quality, organisation=author.organisation, active=True))
    for coordinator in who_coordinates(dossier):
        new.participants.append(Participant(role=Role.COORDINATOR.value, name=coordinator.name, email=coordinator.email,
                                            phone=coordinator.phone, active=True))
    db.session.add(new)
    db.session.flush()
    dossier.record("stage_added", by, now)
    new.record("stage_of", Actor(by.role, None, by.via), now)
    acting.promise(new, now)
    _tell(new, by, words, now)
    return f"La nouvelle étape est demandée, sous la référence {new.reference}. La coordination la reçoit."


def _tell(new: Immersion, by: Actor, words: str, now: datetime) -> None:
    who = new.author if by.role == Role.AUTHOR else next((p for p in new.coordinators if by.participant
                                                          and p.email == by.participant.email), new.author)
    keep_words(new, Actor(Role(who.role), who, by.via), words, now)
    for coordinator in new.coordinators:
        write_to_coordinator(new, coordinator, now)
    outbox.post(accueil.request_received(
        instance().network, new, new.author, personal_url(Purpose.DOSSIER, new.author, now),
        say_date(new.promised_on) if new.promised_on else "", new.coordinators[-1].name,
        next_step(new)), new.author, now)


def _under_way(dossier: Dossier, who: Any) -> str:
    if who is None:  # offered to somebody in that role, whoever they are
        return ""
    following = next((each for each in dossier.continued_by if each.state not in ("refused", "withdrawn", "closed")), None)
    return f"Une nouvelle étape est déjà demandée ({following.reference})." if following else ""


_S = ImmersionState
_AFTER = {Kind.IMMERSION: frozenset({_S.LIVED.value, _S.INTERRUPTED.value, _S.NOT_HELD.value, _S.CLOSED.value})}

register(
    Action("etape", "Demander une nouvelle étape",
           "demande une autre immersion, avec les mêmes réponses ; elle continue ce parcours",
           _AFTER, frozenset({Role.AUTHOR, Role.COORDINATOR}), add_stage, words="optional",
           words_label="Ce que vous cherchez cette fois, et où", only=_under_way),
)
