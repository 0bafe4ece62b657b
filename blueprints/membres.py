"""The members as the coordination keeps them, ``/coordination/membres``: who agreed to which commitments."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for

from forms.membres import PutToMembersForm
from services.donnees import agreed, agreeing
from services.errors import AlreadyDone, Refused

from .access import coordinator_only
from .templating import page_now

blueprint = Blueprint("membres", __name__, url_prefix="/coordination/membres")


@blueprint.get("/")
@coordinator_only
def accueil():
    return _page(PutToMembersForm(None), [])


@blueprint.post("/engagements")
@coordinator_only
def proposer_engagements():
    form = PutToMembersForm(request.form)
    if not form.validate():
        return _page(form, form.wrong), 422
    try:
        agreeing.put_to_members(request.form.get("version", ""), form.why.data or "", g.coordinator, page_now())
    except AlreadyDone:
        raise
    except Refused as refusal:
        return _page(form, [("", refusal.sentence)]), 422
    return redirect(f"{url_for('.accueil')}?fait=1#contenu", 303)


def _page(form, errors) -> str:
    seen = agreed.overview()
    return render_template("membres/accueil.html", overview=seen, changes=agreed.changes_of_latest() if seen.to_ask else [],
                           form=form, errors=errors, done="fait" in request.args)
