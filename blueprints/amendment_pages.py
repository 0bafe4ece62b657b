"""What changes once a convention is sent: the page of an amendment, and that of who is to be reached otherwise."""

from __future__ import annotations

from flask import g, render_template, request

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
from .acting_pages import Visitor, form_page, perform_action, wrong_fields
from .templating import page_now


@form_page("avenant")
def amend(visitor: Visitor, action: Action):
    """What the convention says today is shown; what is written otherwise is what changes."""
    dossier, posted, today = visitor.dossier, request.form if request.method == "POST" else None, local(page_now()).date()
    data = amending.in_force(dossier)
    shown = convention.as_values(data)
    form = AmendForm(posted, today=today, data=shown)
    form.offer_frames(amending.frames_within_reach(data))
    keep_payers(form, dossier.backing.structure)
    to_come = [session for session in data.sessions if session.on >= today]
    form.read_sessions(posted, sessions_asked() if posted is not None else len(to_come) + 1, today,
                       () if posted is not None else to_come)

    def ask() -> str:
        sent = posted is not None and "ajouter" not in posted
        return render_template("dossier/avenant.html", visitor=visitor, dossier=dossier, base=visitor.base, layout=visitor.layout,
                               action=action, form=form,
                               errors=wrong_fields(form, form.wrong_in_sessions) if sent else [])
    if posted is None or "ajouter" in posted:
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
    dossier, posted = visitor.dossier, request.form if request.method == "POST" else None
    form = DETAILS[visitor.role](posted, data=details.known(dossier, visitor.participant))

    def ask() -> str:
        return render_template("dossier/questions.html", visitor=visitor, dossier=dossier, base=visitor.base,
                               layout=visitor.layout, action=action, form=form, errors=wrong_fields(form) if posted else [])
    if posted is None:
        return ask()
    if not form.validate():
        return ask(), 422
    answers = {name: value or "" for name, value in form.answers().items()}
    return perform_action(visitor, action, answers["words"], ask, extra=details.details_of(answers))
