"""Pages that put words where they belong: one message moved or made a request, two requests made one."""

from __future__ import annotations

from flask import g, redirect, render_template, request

from forms.regrouping import NEW, MergeForm, MoveForm
from models.dossier import Dossier
from services.coordination import regrouping
from services.errors import AlreadyDone, Refused
from services.inbound.citing import reference_in

from .templating import page_now


def move_message(dossier: Dossier, message_id: int):
    """Asks where; a press moves it."""
    message = regrouping.find_message(dossier, message_id)
    form = MoveForm(request.form if request.method == "POST" else None)

    def act() -> str:
        if form.ou.data == NEW:
            return regrouping.split(dossier.id, message_id, g.coordinator, page_now())
        return regrouping.move_message(dossier.id, message_id, _reference(form), g.coordinator, page_now())
    return _ask_then("dossier/deplacer_message.html", form, act, dossier=dossier, message=message)


def merge(dossier: Dossier):
    """Asks which request goes on; a press makes the two one."""
    form = MergeForm(request.form if request.method == "POST" else None)
    return _ask_then("dossier/fusionner.html", form, lambda: regrouping.merge(
        dossier.id, _reference(form), g.coordinator, page_now()), dossier=dossier)


def _reference(form) -> str:
    return reference_in(form.reference.data or "") or form.reference.data or ""


def _ask_then(template: str, form, act, **context):
    if request.method == "POST" and form.validate():
        try:
            return redirect(f"/coordination/{act()}?fait=1#contenu", 303)
        except AlreadyDone:
            raise
        except Refused as refusal:
            form.reference.errors = [refusal.sentence]
    page = render_template(template, form=form, errors=form.wrong, **context)
    return (page, 422) if request.method == "POST" else page
