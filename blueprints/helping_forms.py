"""Pages of what a peer who is asked to help may do and that asks more than a few words."""

from __future__ import annotations

from flask import render_template, request

from forms.entraide import ColleagueForm, PauseForm, TakeForm
from services.acting import Action
from territory.calendar import local
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
    return perform_action(visitor, action, form.words.data or "", ask, extra=extra(form))


@form_page("prendre")
def take(visitor: Visitor, action: Action):
    known = {"named": ["oui"] if visitor.participant.named else []}
    form = TakeForm(request.form if request.method == "POST" else None, data=known)
    return _page(visitor, action, form, lambda filled: bool(filled.named.data))


@form_page("collegue")
def pass_on(visitor: Visitor, action: Action):
    form = ColleagueForm(request.form if request.method == "POST" else None)
    return _page(visitor, action, form, lambda filled: filled.colleague.data)


@form_page("pause")
def pause(visitor: Visitor, action: Action):
    today = local(page_now()).date()
    form = PauseForm(request.form if request.method == "POST" else None, today=today)
    return _page(visitor, action, form, lambda filled: Days(today, filled.last.data))
