"""What changes once a convention is sent: the page of an amendment, and that of who is to be reached otherwise."""

from __future__ import annotations

from flask import g

from forms.amendment import AmendForm
from forms.convention_questions import keep_payers
from forms.details import DETAILS
from services import convention
from services.acting import Action
from services.convention import amending, details
from services.errors import Refused
from services.immersion.requesting import PlannedSession
from territory.calendar import local

from .acting_forms import sessions_asked
from .acting_pages import ask_and_act, draw, form_page, perform_action, posted
from .templating import page_now
from .visitor import Visitor


@form_page("avenant")
def amend(visitor: Visitor, action: Action):
    """What the convention says today is shown; what is written otherwise is what changes."""
    dossier, typed, today = visitor.dossier, posted(), local(page_now()).date()
    data = amending.as_it_stands(dossier)
    shown = convention.as_values(data)
    form = AmendForm(typed, today=today, data=shown)
    form.offer_frames(amending.frames_within_reach(data))
    keep_payers(form, dossier.backing.structure)
    to_come = [session for session in data.sessions if session.on >= today]
    form.read_sessions(typed, sessions_asked() if typed is not None else len(to_come) + 1, today,
                       () if typed is not None else to_come)
    sent = typed is not None and "ajouter" not in typed

    def ask() -> str:
        return draw(visitor, action, "dossier/avenant.html", form, form.wrong_in_sessions if sent else ())
    if not sent:
        return ask()
    good = form.validate()
    if not (form.validate_sessions() and good):
        return ask(), 422
    values, details = form.changed(shown)
    try:
        what = amending.Amendment(form.reason.data, form.effective_on.data or today,
                                  tuple(PlannedSession(*row) for row in form.sessions()), values, details)
        ready = amending.prepare(dossier, what, page_now())
    except Refused as refusal:
        g.refusal = refusal.sentence
        return ask(), 422
    return perform_action(visitor, action, "", ask, extra=ready)


@form_page("coordonnees")
def change_details(visitor: Visitor, action: Action):
    """A party says how to reach it from now on; the document does not change."""
    form = DETAILS[visitor.role](posted(), data=details.known(visitor.dossier, visitor.participant))
    return ask_and_act(visitor, action, "dossier/questions.html", form, lambda filled: details.details_of(
        {name: value or "" for name, value in filled.answers().items()}))
