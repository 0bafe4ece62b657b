"""Pages of the actions that follow the signature: reports, a session moved, an end before time, attestations, exchanges."""

from __future__ import annotations

from flask import render_template, request

from forms.after import AwardForm, EndingForm, ExchangeForm, MoveForm
from forms.evaluation import report_form
from models.evaluation import Voice
from models.states import Role
from services.acting import Action
from services.attestation import awarding
from services.errors import NotFound
from services.evaluation import asking, giving
from services.evaluation.questions import VOICES
from services.immersion import ending, exchanges, moving
from services.immersion.hosting import say_session
from services.immersion.moving import Move
from services.immersion.requesting import PlannedSession
from territory.calendar import local, say_date

from .acting_pages import ask_and_act, draw, form_page, perform_action, posted
from .templating import page_now
from .visitor import Visitor

_QUESTIONS = "dossier/questions.html"


@form_page("bilan")
def report(visitor: Visitor, action: Action):
    dossier, typed = visitor.dossier, posted()
    voice = VOICES.get(visitor.role.value)
    said = (typed if typed is not None else request.args).get("voix", "")
    if visitor.role == Role.COORDINATOR:
        if said not in [each.value for each, *_ in giving.to_fill_in(dossier)]:
            return render_template("dossier/retours_a_remplir.html", visitor=visitor, dossier=dossier, base=visitor.base,
                                   layout=visitor.layout, action=action, voices=giving.to_fill_in(dossier), errors=[])
        voice = Voice(said)
    if voice is None:
        raise NotFound()
    row = asking.evaluation_of(dossier, voice)
    form = report_form(voice)(typed, data=dict(row.answers) if row and typed is None else None)
    return ask_and_act(visitor, action, "dossier/retour.html", form, lambda filled: giving.Report(voice, filled.values()),
                       voice=voice, given=row is not None and row.given_at is not None, label=row.label if row else voice.label)


@form_page("deplacer")
def move_session(visitor: Visitor, action: Action):
    dossier, typed = visitor.dossier, posted()
    today = local(page_now()).date()
    form = MoveForm(typed)
    form.offer([(session.id, say_session(session)) for session in moving.movable(dossier, today)])
    form.read_sessions(typed, 1, today)

    def ask() -> str:
        return draw(visitor, action, "dossier/autre_date.html", form, form.wrong_in_sessions if typed is not None else (),
                    open=_open_move(dossier))
    if typed is None:
        return ask()
    good = form.validate()
    if not (form.validate_sessions() and good):
        return ask(), 422
    move = Move(int(form.session.data), PlannedSession(*form.sessions()[0]))
    return perform_action(visitor, action, form.words.data or "", ask, extra=move)


def _open_move(dossier) -> tuple[str, str] | None:
    row = moving.open_move(dossier)
    return (row.was, moving.said(row)) if row is not None else None


@form_page("arreter")
def stop_immersion(visitor: Visitor, action: Action):
    dossier, typed = visitor.dossier, posted()
    days = ending.lived_days(dossier, local(page_now()).date())
    form = EndingForm(typed, data=None if typed is not None or days else {"last": "aucun"})
    form.offer([(day.isoformat(), say_date(day)) for day in days], ending.causes(dossier))
    return ask_and_act(visitor, action, _QUESTIONS, form,
                       lambda filled: ending.Ending(ending.cause(filled.cause.data), filled.last_on))


@form_page("attester")
def award(visitor: Visitor, action: Action):
    dossier, typed = visitor.dossier, posted()
    today = local(page_now()).date()
    held = [(session.id, say_session(session)) for session in dossier.sessions if session.on <= today]
    known = {"sessions": [str(number) for number, _ in held], "activities": "\n".join(awarding.activities_said(dossier))}
    form = AwardForm(typed, data=None if typed is not None else known)
    form.offer(held)
    return ask_and_act(visitor, action, _QUESTIONS, form, lambda filled: awarding.Award(
        tuple(map(int, filled.sessions.data)), filled.lines(awarding.LONGEST_ACTIVITY, awarding.MOST_ACTIVITIES)))


@form_page("echange")
def plan_exchange(visitor: Visitor, action: Action):
    dossier, typed = visitor.dossier, posted()
    form = ExchangeForm(typed, today=local(page_now()).date(), data=None if typed is not None else exchanges.known(dossier))
    return ask_and_act(visitor, action, _QUESTIONS, form, lambda filled: exchanges.Exchange(
        filled.on.data, filled.starts.hour, filled.ends.hour, filled.place.data or ""))
