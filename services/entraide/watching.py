"""The promised day of a first answer, watched each hour: who should answer is reminded, then the deputy is told, then the
network's safety address; who asked is told without delay that they were not forgotten."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select

from mail import outbox
from mail.letters import entraide as letters
from models.access_link import Purpose
from models.base import db, transaction
from models.dossier import CLOCK, Actor, Entraide, Participant
from models.instance import instance
from models.states import Role
from territory.calendar import add_working_days, local, say_date

from .. import acting, reminding, routing, sweeping
from ..coordination import presence
from ..links import link_to, personal_url
from . import waves

_REMINDED, _DEPUTY, _SAFETY = 1, 2, 3
_OPEN = ("submitted", "in_progress")


def watch(now: datetime) -> int:
    """Do what is due about each promised day, in working hours; gives how many requests it was for."""
    if reminding.working(now) != now:
        return 0
    today, settings = local(now).date(), instance().network.help
    horizon = add_working_days(today, settings.remind_days)
    waiting = db.session.scalars(select(Entraide.id).where(
        Entraide.state.in_(_OPEN), Entraide.promised_on <= horizon,
        or_(Entraide.watched_on.is_(None), Entraide.watched_on != Entraide.promised_on, Entraide.watch_step < _SAFETY))).all()
    return sweeping.each("dossier", waiting, _look, now)


def _look(dossier_id: int, now: datetime) -> int:
    today = local(now).date()
    with transaction():
        dossier = db.session.get(Entraide, dossier_id)
        if dossier is None or (acting.lock(dossier).promised_on is None) or dossier.state not in _OPEN:
            return 0
        if dossier.watched_on != dossier.promised_on:
            dossier.watched_on, dossier.watch_step = dossier.promised_on, 0
        due = _due(dossier.promised_on, today)
        if due <= (dossier.watch_step or 0):
            return 0
        # One step an hour at most: nobody is passed over because the clock was stopped.
        dossier.watch_step = (dossier.watch_step or 0) + 1 if due > _REMINDED else due
        {_REMINDED: _remind, _DEPUTY: _tell_deputy, _SAFETY: _tell_safety}[dossier.watch_step](dossier, now)
        return 1


def _due(promised_on: date, today: date) -> int:
    """How far things should have gone by that day."""
    settings = instance().network.help
    if today >= add_working_days(promised_on, settings.safety_days):
        return _SAFETY
    if today > promised_on:
        return _DEPUTY
    return _REMINDED if today >= add_working_days(promised_on, -settings.remind_days) else 0


def _who_should_answer(dossier: Entraide) -> list[Participant]:
    return [dossier.helper] if dossier.helper else acting.who_coordinates(dossier)


def _remind(dossier: Entraide, now: datetime) -> None:
    for person in _who_should_answer(dossier):
        url = personal_url(Purpose.DOSSIER, person, now)
        reminding.post(letters.answer_reminder(instance().network, dossier, person, url, say_date(dossier.promised_on),
                                               dossier.answers["question"]), person, now)
    dossier.record("watch_reminded", CLOCK, now)


def _tell_deputy(dossier: Entraide, now: datetime) -> None:
    """The day is past: the deputy of who coordinates joins the exchange, the peer who was silent is thanked for another time,
    more peers are asked, and who asked is told."""
    network, today = instance().network, local(now).date()
    promised = say_date(dossier.promised_on)
    coordinates = acting.who_coordinates(dossier)
    person = network.coordinator(coordinates[-1].email) or network.default_coordinator
    deputy = routing.stand_in(network, person, today, presence.absent_on(today))
    told = list(coordinates)
    if deputy is not None:
        added = acting.as_coordinator(dossier, deputy.email)
        db.session.flush()
        told = [*(one for one in told if one is not added), added]
        dossier.record("watch_deputy", Actor(Role.CLOCK, added, "clock"), now)
    for one in told:
        url = personal_url(Purpose.DOSSIER, one, now)
        outbox.post(letters.answer_late(network, dossier, one, url, promised, dossier.answers["question"],
                                        helped=dossier.helper is not None), one, now, answer_for=dossier.author)
    if dossier.helper is None and dossier.next_wave_at is None and dossier.state == "submitted":
        waves.look_again(dossier, now)
    outbox.post(letters.answer_delayed(network, dossier, dossier.author, promised), dossier.author, now)


def _tell_safety(dossier: Entraide, now: datetime) -> None:
    ring = instance()
    to = ring.network.help.safety_email or ring.network.email
    url = link_to(f"/coordination/{dossier.reference}")
    names = [person.name for person in acting.who_coordinates(dossier)]
    outbox.post_to_address(letters.nobody_answers(ring.network, dossier.reference, dossier.title, say_date(dossier.promised_on),
                                                  names, url), to, ring.network.name, now)
    dossier.record("watch_safety", CLOCK, now)
