"""A request, by its personal link: ``/d/<token>`` shows what its holder may see and do; opening it changes nothing."""

from __future__ import annotations

from flask import Blueprint, request

from models.access_link import Purpose
from models.states import Role
from services import acting
from services.errors import LinkExpired
from services.links import read_link

from .access import personal_link
from .acting_pages import do_action, show_action
from .after_documents import send_agenda, send_attestation, show_parcours
from .document_pages import send_convention, show_convention
from .dossier_page import send_file, show_dossier
from .templating import page_now
from .visitor import Visitor

blueprint = Blueprint("dossier", __name__)


def _visitor(token: str) -> Visitor:
    participant = read_link(token, Purpose.DOSSIER, page_now()).participant
    if participant.role == Role.COORDINATOR:
        if not acting.still_coordinates(participant):
            raise LinkExpired("Cette adresse n’est plus celle d’une personne de la coordination.")
    elif not participant.active:
        raise LinkExpired("Vous ne prenez plus part à cette demande. Pour en parler, répondez au dernier courriel reçu.")
    layout = "layouts/coordination.html" if participant.role == Role.COORDINATOR else "layouts/base.html"
    return Visitor(participant, f"/d/{token}", layout)


@blueprint.get("/d/<token>")
@personal_link
def suivre(token: str):
    return show_dossier(_visitor(token))


@blueprint.get("/d/<token>/convention")
@personal_link
def lire_convention(token: str):
    return show_convention(_visitor(token))


@blueprint.get("/d/<token>/convention.pdf")
@personal_link
def telecharger_convention(token: str):
    return send_convention(_visitor(token))


@blueprint.get("/d/<token>/agenda.ics")
@personal_link
def telecharger_agenda(token: str):
    return send_agenda(_visitor(token))


@blueprint.get("/d/<token>/fichier/<int:file_id>")
@personal_link
def ouvrir_fichier(token: str, file_id: int):
    return send_file(_visitor(token), file_id)


@blueprint.get("/d/<token>/attestation/<int:number>/<name>")
@personal_link
def telecharger_attestation(token: str, number: int, name: str):
    return send_attestation(_visitor(token), number, name)


@blueprint.get("/d/<token>/parcours")
@personal_link
def parcours(token: str):
    return show_parcours(_visitor(token))


@blueprint.route("/d/<token>/<slug>", methods=["GET", "POST"])
@personal_link
def agir(token: str, slug: str):
    visitor = _visitor(token)
    return do_action(visitor, slug) if request.method == "POST" else show_action(visitor, slug)
