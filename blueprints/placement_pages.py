"""The pages of a placement that another service's convention covers: the coordination's sheet, and what became of it."""

from __future__ import annotations

from datetime import date

from forms.placement import OutcomeForm, SheetForm, check_days
from services.acting import Action
from services.immersion import placement
from territory.calendar import local

from .acting_pages import ask_and_act, draw, form_page, perform_action, posted
from .templating import page_now
from .visitor import Visitor


@form_page("fiche")
def send_sheet(visitor: Visitor, action: Action):
    """What is known of the placement is completed, then sent to the person as a PDF."""
    typed = posted()
    known = placement.sheet_values(visitor.dossier)
    for name in ("first_on", "last_on"):
        known[name] = date.fromisoformat(known[name]) if known[name] else None
    form = SheetForm(typed, data=known, today=local(page_now()).date())

    def ask() -> str:
        return draw(visitor, action, "dossier/fiche.html", form)
    if typed is None:
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
    return ask_and_act(visitor, action, "dossier/suivi.html", OutcomeForm(posted()), lambda filled: filled.outcome.data)
