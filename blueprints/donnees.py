"""One's own space: ``/mon-espace`` asks for a link, ``/mon-espace/<token>`` shows and changes what is known of a member."""

from __future__ import annotations

import json

from flask import Blueprint, Response, redirect, render_template, request, url_for

from forms import donnees as forms
from forms.fields import read_people
from models.instance import instance
from services import employing
from services.donnees import addresses, agreeing, erasing, leaving, moving, space, team
from services.errors import NotFound, Refused
from services.mentorat import opening
from territory.calendar import local

from .access import internet_access, personal_link, public
from .downloads import download
from .templating import page_now, whole_number

blueprint = Blueprint("donnees", __name__)

PAGES = {
    "coordonnees": forms.ContactPage,
    "savoir-faire": forms.SkillsPage,
    "sollicitations": forms.PacePage,
    "mentorat": forms.MentoringPage,
    "accueil": forms.OfferPage,
    "annuaire": forms.DirectoryPage,
}


@blueprint.get("/mon-espace")
@public
def demander() -> str:
    return render_template("donnees/demander.html", form=forms.AskSpaceForm(None), errors=[])


@blueprint.post("/mon-espace")
@public
def demander_envoi():
    form = forms.AskSpaceForm(request.form)
    if not form.validate():
        return render_template("donnees/demander.html", form=form, errors=form.wrong), 422
    space.ask(form.email.data, internet_access(), page_now())
    return redirect(url_for(".lien_envoye"), 303)


@blueprint.get("/mon-espace/lien-envoye")
@public
def lien_envoye() -> str:
    return render_template("donnees/lien_envoye.html")


@blueprint.get("/mon-espace/<token>")
@personal_link
def espace(token: str) -> str:
    member = space.whose(token, page_now())
    seats = space.requests_of(member)
    employer, may_tell = employing.of_member(member, seats)
    return render_template(
        "donnees/espace.html", member=member, token=token, done="fait" in request.args, seats=seats,
        papers=space.with_documents(seats),
        employer=employer, may_tell=may_tell,
        subjects={slug: subject for slug, subject in space.SUBJECTS.items() if subject.only(member)}, rows=_rows(member),
        mentoring=opening.under_way(member), others=addresses.others(member), erasure=erasing.planned(member),
        new_commitments=agreeing.changes_for(member), agreements=agreeing.history(member),
        speaks=space.speaks_for(member), colleagues=team.colleagues(member),
        pending=team.pending(member.structure) if space.speaks_for(member) else [])


def _rows(member) -> dict[str, list[list[str]]]:
    """What each subject says now, as the form's own questions and answers."""
    return {slug: [row[:2] for row in _form(member, slug, None).rows()]
            for slug, subject in space.SUBJECTS.items() if subject.only(member)}


def _form(member, slug: str, typed):
    kind = forms.levels_page(space.skills_of(member)) if slug == "niveaux" else PAGES[slug]
    near = instance().network.departement
    if typed is not None:
        return kind(typed, today=local(page_now()).date(), departement=near)
    form = kind(None, departement=near)
    for name, value in space.SUBJECTS[slug].values(member).items():
        if name in form:
            form[name].refill(value)
    return form


@blueprint.post("/mon-espace/<token>/a-jour")
@personal_link
def a_jour(token: str):
    space.still_right(token, page_now())
    return redirect(f"{url_for('.espace', token=token)}?fait=1#contenu", 303)


@blueprint.post("/mon-espace/<token>/demande")
@personal_link
def ouvrir_demande(token: str):
    url = space.open_request(token, whole_number(request.form.get("demande", "")) or 0, page_now())
    return redirect(url + ("/inviter" if request.form.get("faire") == "inviter" else ""), 303)


@blueprint.post("/mon-espace/<token>/demander-mentor")
@personal_link
def demander_mentor(token: str):
    return redirect(f"{opening.ask_for_mentor(token, page_now())}?fait=1", 303)


@blueprint.get("/mon-espace/<token>/engagements-<version>.pdf")
@personal_link
def engagements_pdf(token: str, version: str) -> Response:
    member = space.whose(token, page_now())
    return download(space.commitments_pdf(member, version), f"engagements-{version}.pdf", "application/pdf", inline=True)


@blueprint.route("/mon-espace/<token>/engagements", methods=["GET", "POST"])
@personal_link
def engagements(token: str) -> str:
    if request.method == "POST":
        agreeing.agree_in_space(token, request.form.get("version", ""), page_now())
    home = url_for(".espace", token=token)
    return _commitments(space.whose(token, page_now()), f"{home}/engagements", home)


@blueprint.route("/engagements/<token>", methods=["GET", "POST"])
@personal_link
def accepter_engagements(token: str) -> str:
    if request.method == "POST":
        agreeing.agree_by_link(token, request.form.get("version", ""), page_now())
    return _commitments(agreeing.read_agreement(token, page_now()), url_for(".accepter_engagements", token=token), "")


def _commitments(member, action: str, back: str) -> str:
    found = agreeing.changes_for(member)
    shown = agreeing.known_version(agreeing.current_round().version if found else member.charter_version)
    return render_template("donnees/engagements.html", member=member, charter=shown, found=found, action=action, back=back,
                           commitments=shown.of(member.kind) if shown else [], agreed=request.method == "POST")


@blueprint.get("/mon-espace/<token>/mes-donnees.json")
@personal_link
def mes_donnees(token: str) -> Response:
    content = json.dumps(leaving.everything(space.whose(token, page_now())), ensure_ascii=False, indent=2)
    return download(content.encode(), "mes-donnees.json", "application/json")


@blueprint.route("/mon-espace/<token>/adresse", methods=["GET", "POST"])
@personal_link
def adresse(token: str):
    member = space.whose(token, page_now())
    form = forms.MovePage(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return _move_page(token, member, form, [])
    if not form.validate():
        return _move_page(token, member, form, form.wrong), 422
    try:
        moving.ask_to_move(token, form.email.data, page_now())
    except Refused as refusal:
        return _move_page(token, member, form, [("", refusal.sentence)]), 422
    return render_template("donnees/adresse_demandee.html", member=member, new=form.email.data, token=token)


def _move_page(token: str, member, form, errors) -> str:
    return render_template("donnees/adresse.html", member=member, token=token, form=form, errors=errors)


@blueprint.route("/mon-espace/<token>/equipe", methods=["GET", "POST"])
@personal_link
def equipe(token: str):
    member = space.whose(token, page_now())
    if not space.speaks_for(member):
        raise NotFound()
    form, refusal = forms.TeamPage(request.form if request.method == "POST" else None), ""
    if request.method == "POST" and form.validate():
        people = [(one.given_name, one.family_name, one.email) for one in read_people(form.team.data)]
        try:
            team.invite(token, people, page_now())
            return redirect(f"{url_for('.espace', token=token)}?fait=1#equipe", 303)
        except Refused as error:
            refusal = error.sentence
    errors = [("", refusal)] if refusal else form.wrong
    return _asked("donnees/equipe.html", member, token, form, errors, colleagues=team.colleagues(member),
                  pending=team.pending(member.structure))


def _asked(template: str, member, token: str, form, errors: list, **more: object):
    page = render_template(template, member=member, token=token, form=form, errors=errors, **more)
    return (page, 422) if errors else page


@blueprint.post("/mon-espace/<token>/autres-adresses")
@personal_link
def autres_adresses(token: str):
    other = request.form.get("adresse", "")
    if request.form.get("faire") != "principale":
        addresses.remove(token, other, page_now())
        return redirect(f"{url_for('.espace', token=token)}?fait=1#contenu", 303)
    member = space.whose(token, page_now())
    if other not in addresses.others(member):
        raise NotFound("Cette adresse n’est pas, ou n’est plus, une de vos autres adresses.")
    moving.ask_to_move(token, other, page_now())
    return render_template("donnees/adresse_demandee.html", member=member, new=other, token=token)


@blueprint.route("/mon-espace/<token>/effacement", methods=["GET", "POST"])
@personal_link
def effacement(token: str) -> str:
    if request.method == "POST":
        erasing.ask(token, page_now())
    return _erasure(space.whose(token, page_now()), token, f"{url_for('.espace', token=token)}/effacement", confirming=False)


@blueprint.post("/mon-espace/<token>/effacement/annuler")
@personal_link
def annuler_effacement(token: str):
    erasing.cancel_in_space(token, page_now())
    return redirect(f"{url_for('.espace', token=token)}?fait=1#contenu", 303)


@blueprint.route("/effacement/<token>", methods=["GET", "POST"])
@personal_link
def confirmer_effacement(token: str) -> str:
    if request.method == "POST":
        erasing.confirm(token, page_now())
    member = erasing.read_erasure(token, page_now())
    return _erasure(member, token, url_for(".confirmer_effacement", token=token), confirming=True)


@blueprint.post("/effacement/<token>/annuler")
@personal_link
def ne_pas_effacer(token: str) -> str:
    erasing.cancel(token, page_now())
    return render_template("donnees/effacement_annule.html")


def _erasure(member, token: str, action: str, *, confirming: bool) -> str:
    proofs, under_way = erasing.kept_and_under_way(member)
    return render_template(
        "donnees/effacement.html", member=member, token=token, planned=erasing.planned(member), proofs=proofs,
        under_way=under_way, action=action, confirming=confirming,
        sent=request.method == "POST" and not confirming)


@blueprint.get("/invitation/<token>")
@personal_link
def invitation(token: str) -> str:
    return render_template("donnees/invitation.html", invitation=team.read_invitation(token, page_now()), token=token)


@blueprint.post("/invitation/<token>/refuser")
@personal_link
def refuser_invitation(token: str) -> str:
    return render_template("donnees/invitation_refusee.html", invitation=team.decline(token, page_now()))


@blueprint.route("/mon-espace/<token>/partir", methods=["GET", "POST"])
@personal_link
def partir(token: str):
    member = space.whose(token, page_now())
    form = forms.LeavePage(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        name = leaving.leave(token, form.words.data or "", page_now())
        return render_template("donnees/parti.html", name=name)
    return _asked("donnees/partir.html", member, token, form, form.wrong)


@blueprint.route("/mon-espace/<token>/<slug>", methods=["GET", "POST"])
@personal_link
def corriger(token: str, slug: str):
    member = space.whose(token, page_now())
    subject = space.subject(member, slug)
    form = _form(member, slug, request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        space.change(token, slug, form.answers(), page_now())
        return redirect(f"{url_for('.espace', token=token)}?fait=1#{slug}", 303)
    return _asked("donnees/corriger.html", member, token, form, form.wrong, slug=slug, subject=subject)


@blueprint.get("/changer-adresse/<token>")
@personal_link
def changer_adresse(token: str) -> str:
    return render_template("donnees/changer_adresse.html", said=moving.read_move(token, page_now()), token=token)


@blueprint.post("/changer-adresse/<token>")
@personal_link
def changer_adresse_envoi(token: str) -> str:
    return render_template("donnees/changer_adresse.html", said=moving.say_yes(token, page_now()), token=token)
