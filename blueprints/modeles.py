"""Replies written beforehand: the coordinators keep them, and see what they give before sending anything."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for

from forms.modeles import TemplateForm
from services.coordination import reply_templates
from services.errors import Refused

from .access import coordinator_only
from .templating import page_now

blueprint = Blueprint("modeles", __name__, url_prefix="/coordination/modeles")


@blueprint.get("/")
@coordinator_only
def liste():
    return render_template("modeles/liste.html", templates=reply_templates.all_of(), done="fait" in request.args)


@blueprint.route("/nouveau", methods=["GET", "POST"])
@coordinator_only
def nouveau():
    return _edit(None)


@blueprint.route("/<int:template_id>", methods=["GET", "POST"])
@coordinator_only
def modifier(template_id: int):
    return _edit(template_id)


def _edit(template_id: int | None):
    row = reply_templates.find(template_id) if template_id is not None else None
    if request.method != "POST":
        kept = {"title": row.title, "body": row.body, "kind": row.kind or "toutes"} if row else {"kind": "toutes"}
        return _page(TemplateForm(None, data=kept), template_id)
    form = TemplateForm(request.form)
    if not form.validate():
        return _page(form, template_id), 422
    try:
        reply_templates.check(form.body.data)
        if "apercu" in request.form:
            return _page(form, template_id, reply_templates.preview(form.body.data, g.coordinator.name))
        kind = "" if form.kind.data == "toutes" else form.kind.data
        reply_templates.save(template_id, form.title.data, form.body.data, kind, g.coordinator.email, page_now())
    except Refused as refusal:
        form.body.errors = [refusal.sentence]
        return _page(form, template_id), 422
    return redirect(url_for("modeles.liste", fait=1) + "#contenu", 303)


def _page(form: TemplateForm, template_id: int | None, preview: str = "") -> str:
    return render_template("modeles/modele.html", form=form, errors=form.wrong, template_id=template_id, preview=preview,
                           variables=reply_templates.VARIABLES)


@blueprint.post("/<int:template_id>/supprimer")
@coordinator_only
def supprimer(template_id: int):
    reply_templates.delete(template_id)
    return redirect(url_for("modeles.liste", fait=1) + "#contenu", 303)
