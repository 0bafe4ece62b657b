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

from .acting_pages import Visitor, form_page, perform_action, wrong_fields
from .templating import page_now


def _asker(visitor: Visitor, action: Action, form, template: str = "dossier/questions.html", **more):
    """A function that draws the page, with its errors once something was sent."""
    def ask() -> str:
        sent = request.method == "POST" and "voir" not in request.form
        wrong = form.wrong_in_sessions if sent and hasattr(form, "wrong_in_sessions") else ()
        return render_template(template, visitor=visitor, dossier=visitor.dossier, base=visitor.base, layout=visitor.layout,
                               action=action, form=form, errors=wrong_fields(form, wrong) if sent else [], **more)
    return ask


def _posted():
    return request.form if request.method == "POST" else None


@form_page("bilan")
def report(visitor: Visitor, action: Action):
    dossier, posted = visitor.dossier, _posted()
    voice = VOICES.get(visitor.role.value)
    said = (posted if posted is not None else request.args).get("voix", "")
    if visitor.role == Role.COORDINATOR:
        if said not in [each.value for each, *_ in giving.to_fill_in(dossier)]:
            return render_template("dossier/retours_a_remplir.html", visitor=visitor, dossier=dossier, base=visitor.base,
                                   layout=visitor.layout, action=action, voices=giving.to_fill_in(dossier), errors=[])
        voice = Voice(said)
    if voice is None:
        raise NotFound()
    row = asking.evaluation_of(dossier, voice)
    form = report_form(voice)(posted, data=dict(row.answers) if row and posted is None else None)
    ask = _asker(visitor, action, form, "dossier/retour.html", voice=voice, given=row is not None and row.given_at is not None,
                 label=row.label if row else voice.label)
    if posted is None:
        return ask()
    if not form.validate():
        return ask(), 422
    return perform_action(visitor, action, "", ask, extra=giving.Report(voice, form.values()))


@form_page("deplacer")
def move_session(visitor: Visitor, action: Action):
    dossier, posted = visitor.dossier, _posted()
    today = local(page_now()).date()
    form = MoveForm(posted)
    form.offer([(session.id, say_session(session)) for session in moving.movable(dossier, today)])
    form.read_sessions(posted, 1, today)
    ask = _asker(visitor, action, form, "dossier/autre_date.html", open=_open_move(dossier))
    if posted is None:
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
    dossier, posted = visitor.dossier, _posted()
    days = ending.lived_days(dossier, local(page_now()).date())
    form = EndingForm(posted, data=None if posted is not None or days else {"last": "aucun"})
    form.offer([(day.isoformat(), say_date(day)) for day in days], ending.causes(dossier))
    ask = _asker(visitor, action, form)
    if posted is None:
        return ask()
    if not form.validate():
        return ask(), 422
    extra = ending.Ending(ending.cause(form.cause.data), form.last_on)
    return perform_action(visitor, action, form.words.data, ask, extra=extra)


@form_page("attester")
def award(visitor: Visitor, action: Action):
    dossier, posted = visitor.dossier, _posted()
    today = local(page_now()).date()
    held = [(session.id, say_session(session)) for session in dossier.sessions if session.on <= today]
    known = {"sessions": [str(number) for number, _ in held], "activities": "\n".join(awarding.activities_said(dossier))}
    form = AwardForm(posted, data=None if posted is not None else known)
    form.offer(held)
    ask = _asker(visitor, action, form)
    if posted is None:
        return ask()
    if not form.validate():
        return ask(), 422
    lines = form.lines(awarding.LONGEST_ACTIVITY, awarding.MOST_ACTIVITIES)
    return perform_action(visitor, action, "", ask, extra=awarding.Award(tuple(map(int, form.sessions.data)), lines))


@form_page("echange")
def plan_exchange(visitor: Visitor, action: Action):
    dossier, posted = visitor.dossier, _posted()
    form = ExchangeForm(posted, today=local(page_now()).date(), data=None if posted is not None else exchanges.known(dossier))
    ask = _asker(visitor, action, form)
    if posted is None:
        return ask()
    if not form.validate():
        return ask(), 422
    extra = exchanges.Exchange(form.on.data, form.starts.hour, form.ends.hour, form.place.data or "")
    return perform_action(visitor, action, form.words.data or "", ask, extra=extra)
