"""The way into the team's space and out of it: the link, the code, one's sessions; and the team, for who administers."""

from __future__ import annotations

import re

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for

from forms.acces import CodeForm, DepartureForm, SignInForm
from models.access_link import LIFETIMES, Purpose
from models.instance import instance
from models.team import TeamRole
from services.acces import second_factor, signing_in, team
from services.acces.signing_in import Browser, Entry
from services.coordination import departure
from services.errors import LinkExpired, Refused, TooMany

from .access import (
    administrator_only,
    code_awaited,
    cookie_name,
    home_of,
    internet_access,
    personal_link,
    public,
    signed_in,
    team_only,
)
from .templating import page_now

blueprint = Blueprint("acces", __name__, url_prefix="/coordination")

#: (role, address, label): what each role finds in the head of its pages.
#: What is done all day comes first: the others are behind « Plus » (templates/components/desk_menu.html).
NAVIGATION = (
    (TeamRole.COORDINATOR, "/coordination/", "À traiter"), (TeamRole.COORDINATOR, "/coordination/en-cours", "En cours"),
    (TeamRole.COORDINATOR, "/coordination/recherche", "Rechercher"),
    (TeamRole.COORDINATOR, "/coordination/courriels", "Courriels mis de côté"),
    (TeamRole.COORDINATOR, "/coordination/annuaire", "Annuaire"),
    (TeamRole.COORDINATOR, "/coordination/terminees", "Terminées"),
    (TeamRole.COORDINATOR, "/coordination/modeles/", "Modèles"),
    (TeamRole.COORDINATOR, "/coordination/membres/", "Membres"),
    (TeamRole.COORDINATOR, "/coordination/exports", "Exporter"),
    (TeamRole.COORDINATOR, "/coordination/absence", "Mon absence"), (TeamRole.ADMINISTRATOR, "/coordination/equipe", "L’équipe"),
    (TeamRole.READER, "/coordination/chiffres", "Les chiffres"),
    (None, "/coordination/securite", "Mon accès"),
)
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
             ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (("Android", "un téléphone Android"), ("iPhone", "un iPhone"), ("iPad", "un iPad"), ("Windows", "Windows"),
            ("Mac OS", "un Mac"), ("CrOS", "un Chromebook"), ("Linux", "Linux"))


@blueprint.app_context_processor
def _who() -> dict:
    member = g.get("member")
    return {"member": member, "home": home_of(member) if member else "/",
            "coordination_nav": [(address, label) for role, address, label in NAVIGATION
                                 if member and (role is None or role in member.roles)]}


def browser_label(agent: str) -> str:
    """« Firefox sur Windows », in words of ours: what a browser says of itself is not shown."""
    name = next((label for mark, label in _BROWSERS if re.search(rf"\b{mark}/", agent)), "un navigateur")
    system = next((label for mark, label in _SYSTEMS if mark in agent), "")
    return f"{name} sur {system}" if system else name


def _browser() -> Browser:
    return Browser(browser_label(request.headers.get("User-Agent", "")), request.cookies.get(cookie_name("appareil"), ""))


@blueprint.get("/entrer")
@public
def entrer():
    if member := signed_in():
        return redirect(home_of(member), 303)
    return render_template("acces/entrer.html", form=SignInForm(None), errors=[])


@blueprint.post("/entrer")
@public
def entrer_envoi():
    form = SignInForm(request.form)
    if not form.validate():
        return render_template("acces/entrer.html", form=form, errors=form.wrong), 422
    signing_in.ask(form.email.data, internet_access(), page_now(), _browser().device)
    return render_template("acces/lien_envoye.html", email=form.email.data)


@blueprint.get("/ouvrir/<token>")
@personal_link
def ouvrir(token: str):
    person = signing_in.read(token, page_now())
    code = person.needs_second_factor or second_factor.in_use(person.email)
    return render_template("acces/ouvrir.html", person=person, token=token, code=code)


@blueprint.post("/ouvrir/<token>")
@personal_link
def ouvrir_envoi(token: str):
    entry = signing_in.enter(token, _browser(), page_now())
    if not entry.code:
        return _with_cookies(redirect(home_of(entry.member), 303), entry)
    response = make_response(redirect(url_for("acces.code"), 303))
    _set(response, "code", entry.code, Purpose.CODE)
    return response


def _with_cookies(response: Response, entry: Entry) -> Response:
    response = make_response(response)
    _set(response, "", entry.session, Purpose.SESSION)
    if entry.device:
        _set(response, "appareil", entry.device, Purpose.DEVICE)
    if request.cookies.get(cookie_name("code")):
        _drop(response, "code")
    return response


def _set(response: Response, what: str, value: str, purpose: Purpose) -> None:
    # Lax and not Strict: the space is entered from a link in a letter (reference ux-security.md 4.2).
    response.set_cookie(cookie_name(what), value, max_age=int(LIFETIMES[purpose].total_seconds()), httponly=True,
                        secure=instance().settings.secure, samesite="Lax", path="/")


def _drop(response: Response, what: str) -> None:
    response.delete_cookie(cookie_name(what), path="/", secure=instance().settings.secure, httponly=True, samesite="Lax")


@blueprint.get("/code")
@code_awaited
def code():
    return _ask_code(CodeForm(None))


@blueprint.post("/code")
@code_awaited
def code_envoi():
    form = CodeForm(request.form)
    if not form.validate():
        return _ask_code(form), 422
    try:
        link = request.cookies[cookie_name("code")]
        entry, kept, left = signing_in.enter_with_code(link, form.code.data, _browser(), page_now())
    except (second_factor.CodeWrong, TooMany) as refusal:
        form.code.errors = [refusal.sentence]
        return _ask_code(form), 422 if isinstance(refusal, second_factor.CodeWrong) else 429
    if kept or left is not None:
        page = render_template("acces/codes_de_secours.html", codes=kept, left=left, next=home_of(entry.member))
        return _with_cookies(make_response(page), entry)
    return _with_cookies(redirect(home_of(entry.member), 303), entry)


def _ask_code(form: CodeForm) -> str:
    return render_template("acces/code.html", person=g.member, form=form, errors=form.wrong,
                           enrolment=second_factor.enrolment(g.member), action="/coordination/code")


@blueprint.post("/quitter")
@team_only
def quitter():
    signing_in.close(request.cookies[cookie_name()], page_now())
    response = make_response(redirect(url_for("acces.entrer"), 303))
    _drop(response, "")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.get("/securite")
@team_only
def securite():
    now = page_now()
    return render_template("acces/securite.html", sessions=signing_in.sessions(g.member, request.cookies[cookie_name()], now),
                           factor=second_factor.of(g.member.email), done="fait" in request.args)


def _back_to_access():
    return redirect(url_for("acces.securite", fait=1) + "#contenu", 303)


@blueprint.post("/securite/sessions/<int:session_id>")
@team_only
def fermer_session(session_id: int):
    signing_in.close_one(g.member, session_id, page_now())
    return _back_to_access()


@blueprint.post("/securite/sessions")
@team_only
def fermer_les_autres():
    signing_in.close_others(g.member, request.cookies[cookie_name()], page_now())
    return _back_to_access()


@blueprint.get("/securite/code")
@team_only
def installer():
    enrolment = second_factor.enrolment(g.member)
    if enrolment is None:
        return redirect(url_for("acces.securite"), 303)
    return _ask_first_code(CodeForm(None))


@blueprint.post("/securite/code")
@team_only
def preparer_code():
    second_factor.begin(g.member, page_now())
    return redirect(url_for("acces.installer"), 303)


@blueprint.post("/securite/code/<any(confirmer, secours, retirer):slug>")
@team_only
def changer_code(slug: str):
    """The three things that ask for a code: begin to use it, have new codes on paper, do without."""
    form = CodeForm(request.form)
    ask = _ask_first_code if slug == "confirmer" else _ask_again(slug)
    if not form.validate():
        return ask(form), 422
    try:
        if slug == "retirer":
            second_factor.remove(g.member, form.code.data, page_now())
            return _back_to_access()
        codes = (second_factor.confirm if slug == "confirmer" else second_factor.renew_recovery)(
            g.member, form.code.data, page_now())
    except second_factor.CodeWrong as refusal:
        form.code.errors = [refusal.sentence]
        return ask(form), 422
    return render_template("acces/codes_de_secours.html", codes=codes, left=None, next="/coordination/securite")


def _ask_first_code(form: CodeForm) -> str:
    return render_template("acces/code.html", person=g.member, form=form, errors=form.wrong,
                           enrolment=second_factor.enrolment(g.member), action="/coordination/securite/code/confirmer")


@blueprint.get("/securite/code/<any(secours, retirer):slug>")
@team_only
def demander_code(slug: str):
    if not second_factor.in_use(g.member.email):
        raise LinkExpired("Aucun code de téléphone n’est installé.")
    return _ask_again(slug)(CodeForm(None))


def _ask_again(slug: str):
    def ask(form: CodeForm) -> str:
        return render_template("acces/code_encore.html", slug=slug, form=form, errors=form.wrong)
    return ask


@blueprint.get("/equipe")
@administrator_only
def equipe():
    return render_template("acces/equipe.html", people=team.members(page_now()), done=_DONE.get(request.args.get("fait", ""), ""))


_DONE = {"sessions": "Les sessions de cette personne sont fermées. Elle est prévenue par courriel.",
         "depart": "Tout est confié. Les sessions, les liens et les courriels en attente de la personne qui part ne "
                   "servent plus.",
         "code": "Le code de cette personne est remis à zéro, ses sessions sont fermées. Elle est prévenue par courriel."}


@blueprint.post("/equipe/<any(sessions, code):slug>")
@administrator_only
def equipe_agir(slug: str):
    """Somebody is named by what the page wrote in the form: no address stands in an address."""
    email = request.form.get("qui", "")
    if slug == "sessions":
        team.close_sessions(email, g.member.name, page_now())
    else:
        team.reset_code(email, g.member.name, page_now())
    return redirect(url_for("acces.equipe", fait=slug) + "#contenu", 303)


@blueprint.route("/equipe/depart", methods=["GET", "POST"])
@administrator_only
def depart():
    """Somebody leaves the coordination, another takes all; counts alone are shown, as administering opens no request."""
    posted = request.form if request.method == "POST" else None
    form = DepartureForm(posted)
    form.offer([(one.email, one.name, _what_they_have(one)) for one in departure.who_may_leave()],
               [(one.email, one.name) for one in instance().network.coordinators])
    errors: list = []
    if posted is not None and form.validate():
        try:
            departure.hand_over_all(form.leaving.data, form.to.data, page_now())
            return redirect(url_for("acces.equipe", fait="depart") + "#contenu", 303)
        except Refused as refusal:
            form.to.errors = [refusal.sentence]
    if posted is not None:
        errors = form.wrong
    page = render_template("acces/depart.html", form=form, errors=errors)
    return (page, 422) if errors else page


def _what_they_have(one: departure.Leaving) -> str:
    count = f"{one.open_ or 'Aucune'} demande{'s' if one.open_ > 1 else ''} en cours"
    return f"{count}. N’est plus dans le fichier du réseau" if one.left else f"{count}. Encore dans le fichier du réseau"
