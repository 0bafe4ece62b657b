"""The coordinators' space, ``/coordination``: what waits, what goes on, a request and what can be done to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from urllib.parse import urlencode

from flask import Blueprint, g, redirect, render_template, request, stream_with_context, url_for

from forms.acting import AbsenceForm
from forms.recherche import SearchForm
from models.desk import BulkAction
from models.instance import instance
from models.states import Kind
from services import acting, counts, exports, search
from services.coordination import attention, bulk, desk, presence, timeline, whole
from services.coordination.desk import Listed, Shelf, Wanted
from services.errors import Refused
from services.inbound import carriers
from territory.calendar import local
from territory.said_days import Days

from . import regrouping_pages
from .access import coordinator_only, figures_only
from .acting_pages import do_action, show_action
from .after_documents import send_agenda, send_attestation, show_parcours
from .desk_rows import dossier_row
from .document_pages import send_convention, show_convention
from .dossier_page import send_file, show_dossier
from .downloads import download
from .mail_rows import mail_row
from .templating import page_now, whole_number
from .visitor import Visitor

blueprint = Blueprint("coordination", __name__, url_prefix="/coordination")

@blueprint.get("/")
@coordinator_only
def a_faire():
    now = page_now()
    matters = attention.matters(g.coordinator.email, now, local(now).date())
    return _list("coordination/a_faire.html", Shelf.TO_DO, "Les plus anciennes promesses d’abord", matters=matters,
                 bulk_done=_bulk_done(), undone="defait" in request.args,
                 colleagues=[one for one in instance().network.coordinators if one.email != g.coordinator.email])


@blueprint.get("/en-cours")
@coordinator_only
def en_cours():
    return _list("coordination/en_cours.html", Shelf.UNDER_WAY,
                 "Ce qui attend quelqu’un d’autre, ce qui n’a pas bougé depuis le plus longtemps d’abord")


@blueprint.get("/terminees")
@coordinator_only
def terminees():
    return _list("coordination/terminees.html", Shelf.ENDED, "La plus récente d’abord")


def wanted_of(args) -> Wanted:
    """What an address says a list is narrowed to; what it says badly is left out."""
    return Wanted(who=args.get("qui", "") if args.get("qui") in ("moi", "personne", "absents") else "",
                  kind=args.get("sorte", "") if args.get("sorte") in set(Kind) else "",
                  territory=args.get("territoire", "") if args.get("territoire") in dict(desk.territories()) else "",
                  late=args.get("retard") == "oui", quiet=args.get("calme") == "oui",
                  page=whole_number(args.get("page", "")) or 1)


def _address(wanted: Wanted) -> str:
    """The address of a list narrowed so."""
    said = {"qui": wanted.who, "sorte": wanted.kind, "territoire": wanted.territory, "retard": "oui" if wanted.late else "",
            "calme": "oui" if wanted.quiet else "", "page": str(wanted.page) if wanted.page > 1 else ""}
    query = urlencode({name: value for name, value in said.items() if value})
    return request.path + (f"?{query}" if query else "")


def _list(template: str, shelf: Shelf, caption: str, **more):
    now = page_now()
    today, me, wanted = local(now).date(), g.coordinator.email, wanted_of(request.args)
    found = desk.listed(shelf, wanted, me, now, today)
    away = presence.absent_on(today)
    return render_template(
        template, rows=[dossier_row(dossier, today, away) for dossier in found.dossiers], listed=found, wanted=wanted,
        narrowed=wanted != Wanted(page=wanted.page), kinds=desk.kinds(), territories=desk.territories(),
        links=_views(shelf, wanted, me, now, today), page_link=lambda number: _address(replace(wanted, page=number)),
        caption=_caption(caption, found), **more)


def _caption(caption: str, found: Listed) -> str:
    if found.more:
        return f"{caption} (les {found.total} premières\u00a0: pour les autres, filtrez ou cherchez)"
    return caption if found.pages == 1 else f"{caption} ({found.total} en tout)"


def _views(shelf: Shelf, wanted: Wanted, me: str, now: datetime, today: date) -> list[tuple[str, str, int | None, bool]]:
    """The quick views, each with how many it holds beside the other filters; of what ended nobody needs the number."""
    number = desk.counts(shelf, wanted, me, now, today) if shelf != Shelf.ENDED else {}
    base = replace(wanted, who="", late=False, page=1)
    shown = [(base, "Tout", ""), (replace(base, who="moi"), "À moi", "moi"),
             (replace(base, who="personne"), "À personne", "personne")]
    if shelf != Shelf.ENDED:
        shown.append((replace(base, late=True), "En retard", "retard"))
    here = replace(wanted, page=1)
    return [(_address(one), label, number.get(name), one == here) for one, label, name in shown]


@blueprint.post("/lot")
@coordinator_only
def lot():
    """The boxes that were ticked, and one of the buttons under them."""
    ids = [number for text in request.form.getlist("choix") if (number := whole_number(text)) is not None]
    to = {"prendre": g.coordinator.email, "rendre": ""}.get(request.form.get("faire", ""), request.form.get("a", ""))
    if request.form.get("faire") not in ("prendre", "rendre") and not to:
        raise Refused("Choisissez à qui confier ces demandes.")
    number = bulk.give(ids, to, g.coordinator, page_now())
    return redirect(url_for("coordination.a_faire", lot=number) + "#contenu", 303)


@blueprint.post("/lot/<int:number>/annuler")
@coordinator_only
def annuler_lot(number: int):
    bulk.undo(number, g.coordinator, page_now())
    return redirect(url_for("coordination.a_faire", defait=1) + "#contenu", 303)


def _bulk_done() -> BulkAction | None:
    number = whole_number(request.args.get("lot", ""))
    return bulk.done(number, g.coordinator.email) if number else None


@blueprint.get("/recherche")
@coordinator_only
def recherche():
    asked = "q" in request.args
    form = SearchForm(request.args if asked else None)
    if not asked or not form.validate():
        page = render_template("coordination/recherche.html", form=form, errors=form.wrong, typed="", found=None, mails=[])
        return (page, 422) if asked else page
    found = search.search(form.q.data, page_now())
    return render_template("coordination/recherche.html", form=form, errors=[], typed=form.q.data, found=found,
                           mails=[mail_row(row) for row in found.mails])


@blueprint.get("/exports")
@coordinator_only
def exporter():
    return render_template("coordination/exports.html", tables=[(name, label) for name, (label, _make) in exports.TABLES.items()],
                           formats=list(exports.FORMATS), years=exports.years(page_now()))


@blueprint.get("/exports/<any(demandes, membres, activite):table>.<any(csv, xlsx, ods):extension>")
@coordinator_only
def telecharger(table: str, extension: str):
    year = whole_number(request.args.get("annee", ""))
    content = stream_with_context(exports.write(exports.build(table, year), extension))
    name = "-".join(filter(None, [table, str(year or ""), local(page_now()).date().isoformat()]))
    return download(content, f"{name}.{extension}", exports.FORMATS[extension][0])


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
    dossier = desk.find(reference)
    participant_id = acting.participant_of(dossier, g.coordinator.email)
    return Visitor(participant_id, f"/coordination/{dossier.reference}", "layouts/coordination.html")


@blueprint.get("/<reference>")
@coordinator_only
def dossier(reference: str):
    return show_dossier(_visitor(reference))


@blueprint.route("/<reference>/message/<int:message_id>/deplacer", methods=["GET", "POST"])
@coordinator_only
def deplacer(reference: str, message_id: int):
    return regrouping_pages.move_message(desk.find(reference), message_id)


@blueprint.route("/<reference>/fusionner", methods=["GET", "POST"])
@coordinator_only
def fusionner(reference: str):
    return regrouping_pages.merge(desk.find(reference))


@blueprint.get("/<reference>/chronologie")
@coordinator_only
def chronologie(reference: str):
    dossier = desk.find(reference)
    return render_template("coordination/chronologie.html", dossier=dossier, events=timeline.events(whole.gather(dossier)))


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


@blueprint.get("/<reference>/attestation/<int:number>/<name>")
@coordinator_only
def telecharger_attestation(reference: str, number: int, name: str):
    return send_attestation(_visitor(reference), number, name)


@blueprint.get("/<reference>/parcours")
@coordinator_only
def parcours(reference: str):
    return show_parcours(_visitor(reference))


@blueprint.route("/<reference>/<slug>", methods=["GET", "POST"])
@coordinator_only
def agir(reference: str, slug: str):
    if request.method == "POST":
        # A colleague who steps in becomes part of the exchange when acting, not by looking.
        acting.participant_for(desk.find(reference).id, g.coordinator.email)
        return do_action(_visitor(reference), slug)
    return show_action(_visitor(reference), slug)
