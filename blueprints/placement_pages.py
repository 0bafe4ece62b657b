"""The pages of a placement that another service's convention covers: the coordination's sheet, and what became of it."""

from __future__ import annotations

from datetime import date

from flask import render_template, request

from forms.placement import OutcomeForm, SheetForm, check_days
from services.acting import Action
from services.immersion import placement
from territory.calendar import local

from .acting_pages import Visitor, form_page, perform_action, wrong_fields
from .templating import page_now


@form_page("fiche")
def send_sheet(visitor: Visitor, action: Action):
    """What is known of the placement is completed, then sent to the person as a PDF."""
    posted = request.form if request.method == "POST" else None
    known = placement.sheet_values(visitor.dossier)
    for name in ("first_on", "last_on"):
        known[name] = date.fromisoformat(known[name]) if known[name] else None
    form = SheetForm(posted, data=known, today=local(page_now()).date())

    def ask() -> str:
        return render_template("dossier/fiche.html", visitor=visitor, dossier=visitor.dossier, base=visitor.base,
                               layout=visitor.layout, action=action, form=form, errors=wrong_fields(form) if posted else [])
    if posted is None:
        return ask()
    form.validate()
    check_days(form)
    if form.wrong:
        return ask(), 422
    answers = {name: form[name].data for name in placement.NAMES}
    return perform_action(visitor, action, form.words.data or "", ask,
                          extra=placement.sheet(visitor.dossier, answers, page_now()))


@form_page("suivi")
def tell_outcome(visitor: Visitor, action: Action):
    """Did it take place: one choice, a few words."""
    posted = request.form if request.method == "POST" else None
    form = OutcomeForm(posted)

    def ask() -> str:
        return render_template("dossier/suivi.html", visitor=visitor, dossier=visitor.dossier, base=visitor.base,
                               layout=visitor.layout, action=action, form=form, errors=wrong_fields(form) if posted else [])
    if posted is None:
        return ask()
    if not form.validate():
        return ask(), 422
    return perform_action(visitor, action, form.words.data or "", ask, extra=form.outcome.data)
