"""The coordinators' space, ``/coordination``: what waits, what goes on, a request and what can be done to it."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for

from forms.acting import AbsenceForm
from services import acting, coordination, counts, presence
from services.errors import Refused
from services.inbound import carriers
from territory.calendar import local
from territory.said_days import Days

from .access import coordinator_only, figures_only
from .acting_pages import (
    Visitor,
    do_action,
    dossier_row,
    send_agenda,
    send_convention,
    send_file,
    show_action,
    show_convention,
    show_dossier,
)
from .templating import page_now

blueprint = Blueprint("coordination", __name__, url_prefix="/coordination")

@blueprint.get("/")
@coordinator_only
def a_faire():
    return _list("coordination/a_faire.html", coordination.to_do())


@blueprint.get("/en-cours")
@coordinator_only
def en_cours():
    return _list("coordination/en_cours.html", coordination.under_way())


@blueprint.get("/terminees")
@coordinator_only
def terminees():
    return _list("coordination/terminees.html", coordination.ended())


@blueprint.get("/chiffres")
@figures_only
def chiffres():
    """Counts, for who reads the figures and nothing else."""
    now = page_now()
    return render_template("coordination/chiffres.html", kinds=counts.by_kind(now), by_month=counts.by_month(now))


@blueprint.get("/courriels/etat")
@coordinator_only
def courriels_etat():
    """How mail comes in, for who wonders why an answer has not arrived."""
    return render_template("coordination/courriels_etat.html", state=carriers.overview(page_now()))


def _list(template: str, dossiers: list):
    today = local(page_now()).date()
    away = presence.absent_on(today)
    return render_template(template, rows=[dossier_row(dossier, today, away) for dossier in dossiers])


@blueprint.route("/absence", methods=["GET", "POST"])
@coordinator_only
def absence():
    today = local(page_now()).date()
    form = AbsenceForm(request.form if request.method == "POST" else None, today=today)
    errors: list = []
    if request.method == "POST":
        if form.validate():
            try:
                presence.go_away(g.coordinator.email, Days(form.first.data or today, form.last.data), page_now())
                return redirect(url_for("coordination.absence") + "#contenu", 303)
            except Refused as refusal:
                errors = [("", refusal.sentence)]
        errors = errors or form.wrong
    said = presence.announced(g.coordinator.email, today)
    days = presence.said_days(said.first_on, said.last_on, today) if said else ""
    page = render_template("coordination/absence.html", form=form, errors=errors,
                           absence=f"Votre absence est notée {days}." if days else "")
    return (page, 422) if errors else page


@blueprint.post("/absence/retour")
@coordinator_only
def retour():
    presence.come_back(g.coordinator.email, page_now())
    return redirect(url_for("coordination.absence") + "#contenu", 303)


def _visitor(reference: str) -> Visitor:
    dossier = coordination.find(reference)
    participant_id = acting.participant_of(dossier, g.coordinator.email)
    return Visitor(participant_id, f"/coordination/{dossier.reference}", "layouts/coordination.html")


@blueprint.get("/<reference>")
@coordinator_only
def dossier(reference: str):
    return show_dossier(_visitor(reference))


@blueprint.get("/<reference>/convention")
@coordinator_only
def lire_convention(reference: str):
    return show_convention(_visitor(reference))


@blueprint.get("/<reference>/convention.pdf")
@coordinator_only
def telecharger_convention(reference: str):
    return send_convention(_visitor(reference))


@blueprint.get("/<reference>/agenda.ics")
@coordinator_only
def telecharger_agenda(reference: str):
    return send_agenda(_visitor(reference))


@blueprint.get("/<reference>/fichier/<int:file_id>")
@coordinator_only
def ouvrir_fichier(reference: str, file_id: int):
    return send_file(_visitor(reference), file_id)


@blueprint.route("/<reference>/<slug>", methods=["GET", "POST"])
@coordinator_only
def agir(reference: str, slug: str):
    if request.method == "POST":
        # A colleague who steps in becomes part of the exchange when acting, not by looking.
        acting.participant_for(coordination.find(reference).id, g.coordinator.email)
        return do_action(_visitor(reference), slug)
    return show_action(_visitor(reference), slug)
