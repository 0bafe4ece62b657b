"""Pages of what the people of an exchange of help may do and that asks more than a few words."""

from __future__ import annotations

from datetime import datetime

from flask import render_template, request

from forms.entraide import (
    ChooseForm,
    ColleagueForm,
    FicheForm,
    OpinionForm,
    OrientForm,
    PauseForm,
    PickForm,
    SlotsForm,
    TakeForm,
)
from services.acting import Action
from services.entraide import candidates, choosing, meeting, orientation
from services.entraide import fiche as fiches
from territory.calendar import PARIS, local, say_datetime
from territory.said_days import Days

from .acting_pages import Visitor, form_page, perform_action, wrong_fields
from .templating import page_now


def _page(visitor: Visitor, action: Action, form, extra):
    def ask() -> str:
        return render_template("entraide/repondre.html", visitor=visitor, dossier=visitor.dossier, base=visitor.base,
                               layout=visitor.layout, action=action, form=form, asker=visitor.asker, errors=wrong_fields(form))
    if request.method != "POST":
        return ask()
    if not form.validate():
        return ask(), 422
    return perform_action(visitor, action, form.words.data or "" if "words" in form else "", ask, extra=extra(form))


@form_page("prendre")
def take(visitor: Visitor, action: Action):
    known = {"named": ["oui"] if visitor.participant.named else []}
    form = TakeForm(request.form if request.method == "POST" else None, data=known)
    return _page(visitor, action, form, lambda filled: bool(filled.named.data))


@form_page("solliciter")
def pick(visitor: Visitor, action: Action):
    found = candidates.considered(visitor.dossier, page_now())
    form = PickForm(request.form if request.method == "POST" else None)
    form.offer([(str(one.candidate.membre_id), one.candidate.name, _why(one)) for one in found])

    def ask() -> str:
        return render_template("entraide/solliciter.html", visitor=visitor, dossier=visitor.dossier, base=visitor.base,
                               layout=visitor.layout, action=action, form=form, found=found, errors=wrong_fields(form),
                               against=any(one.against for one in found))
    if request.method != "POST":
        return ask()
    if not form.validate():
        return ask(), 422
    return perform_action(visitor, action, form.words.data or "", ask,
                          extra=choosing.Pick(int(form.peer.data), bool(form.knowingly.data)))


def _why(one: candidates.Considered) -> str:
    said = ", ".join(one.reasons)
    return f"{said[0].upper()}{said[1:]}" + (f". Attention\u00a0: {one.against}" if one.against else "")


@form_page("collegue")
def pass_on(visitor: Visitor, action: Action):
    form = ColleagueForm(request.form if request.method == "POST" else None)
    return _page(visitor, action, form, lambda filled: filled.colleague.data)


@form_page("pause")
def pause(visitor: Visitor, action: Action):
    today = local(page_now()).date()
    form = PauseForm(request.form if request.method == "POST" else None, today=today)
    return _page(visitor, action, form, lambda filled: Days(today, filled.last.data))


@form_page("orienter")
def orient(visitor: Visitor, action: Action):
    known = orientation.contacts(visitor.dossier)
    form = OrientForm(request.form if request.method == "POST" else None, data={"contacts": [one.key for one in known]})
    form.offer(known)
    return _page(visitor, action, form, lambda filled: filled.contacts.data or [])


@form_page("creneaux")
def propose_slots(visitor: Visitor, action: Action):
    today = local(page_now()).date()
    form = SlotsForm(request.form if request.method == "POST" else None, today=today, data={"minutes": "30"})

    def proposal(filled: SlotsForm) -> meeting.Proposal:
        slots = tuple(datetime.combine(day, hour, PARIS) for day, hour in filled.moments())
        return meeting.Proposal(slots, int(filled.minutes.data), filled.place.data or "")
    return _page(visitor, action, form, proposal)


@form_page("choisir")
def choose_slot(visitor: Visitor, action: Action):
    form = ChooseForm(request.form if request.method == "POST" else None)
    slots = visitor.dossier.meeting.moments
    form.offer([(str(rank), say_datetime(slot)) for rank, slot in enumerate(slots, 1) if slot > page_now()])
    return _page(visitor, action, form, lambda filled: filled.slot.data)


@form_page("avis")
def give_opinion(visitor: Visitor, action: Action):
    form = OpinionForm(request.form if request.method == "POST" else None)
    return _page(visitor, action, form, lambda filled: {"answered": filled.answered.data, "again": filled.again.data})


@form_page("rediger-fiche")
def edit_fiche(visitor: Visitor, action: Action):
    known = vars(fiches.draft(visitor.dossier)) if request.method != "POST" else None
    form = FicheForm(request.form if request.method == "POST" else None, data=known)
    return _page(visitor, action, form,
                 lambda filled: fiches.FicheText(filled.title.data, filled.question.data, filled.answer.data))
