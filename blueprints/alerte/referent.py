"""What referents open: the way in, their key, and what they may read. A space of its own, with a cookie of its own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for

from forms.alerte import ChangeForm, EnrolForm, PassphraseForm, RecoverForm, SynthesisForm, WayInForm, WordsForm
from models.instance import instance
from services.alerte import counting, reading, referents, sessions, sheets
from services.errors import Refused

from ..access import personal_link, public, referent_cookie, referent_only
from ..downloads import download
from ..templating import page_now, whole_number

Answer = str | tuple[str, int] | Response


def register(blueprint: Blueprint) -> None:
    """Add the pages to ``blueprint``."""
    add = blueprint.add_url_rule
    add("/referents", "referents", entrer, methods=["GET", "POST"])
    add("/r/<token>", "cle_ou_page", ouvrir, methods=["GET", "POST"])
    add("/r/<token>/secours", "secours", secours, methods=["GET", "POST"])
    add("/referents/messages", "messages", messages)
    add("/referents/messages/confier", "tout_confier", tout_confier, methods=["POST"])
    add("/referents/messages/<int:alert_id>", "message", message, methods=["GET", "POST"])
    add("/referents/messages/<int:alert_id>/<any(repondre, confier, effacer):slug>", "message_agir", agir, methods=["POST"])
    add("/referents/cle", "cle", cle, methods=["GET", "POST"])
    add("/referents/fiche", "fiche", fiche, methods=["POST"])
    add("/referents/fiche.pdf", "fiche_pdf", fiche_pdf, methods=["POST"])
    add("/referents/synthese", "synthese", synthese, methods=["GET", "POST"])
    add("/referents/synthese/retirer", "synthese_retirer", retirer, methods=["POST"])
    add("/referents/quitter", "referents_quitter", quitter, methods=["POST"])


@public
def entrer() -> Answer:
    """Ask for the way in; the answer is the same for every address."""
    form = WayInForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return render_template("alerte/entrer.html", form=form, errors=[])
    if not form.validate():
        return render_template("alerte/entrer.html", form=form, errors=form.wrong), 422
    referents.ask_way_in(form.email.data, page_now())
    return render_template("alerte/lien_envoye.html", email=form.email.data)


@personal_link
def ouvrir(token: str) -> Answer:
    """Where a letter leads: the page that makes the key, or the one that asks for the passphrase."""
    person, key = referents.read_way_in(token, page_now())
    if key is None:
        return _enrol(token, person)
    form = PassphraseForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return render_template("alerte/ouvrir.html", form=form, errors=[], token=token)
    if not form.validate():
        return render_template("alerte/ouvrir.html", form=form, errors=form.wrong, token=token), 422
    try:
        secret = sessions.open_session(token, form.phrase.data, page_now())
    except referents.WrongPassphrase as refusal:
        form.phrase.errors = [refusal.sentence]
        return render_template("alerte/ouvrir.html", form=form, errors=[form.phrase], token=token), 422
    response = make_response(redirect(url_for("alerte.messages"), 303))
    response.set_cookie(referent_cookie(), secret, max_age=int(sessions.LASTS.total_seconds()), httponly=True,
                        secure=instance().settings.secure, samesite="Strict", path="/referents")
    return response


def _enrol(token: str, person: Any) -> Answer:
    form = EnrolForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        form.phrase.data = referents.proposed_passphrase()
        return render_template("alerte/faire_cle.html", form=form, errors=[], token=token, person=person,
                               proposed=form.phrase.data.split())
    good = form.validate()
    if good and referents.plain(form.phrase.data) != referents.plain(form.again.data):
        form.again.errors, good = ["Les deux phrases ne sont pas les mêmes. Relisez la première, puis recopiez-la."], False
    if good:
        try:
            return render_template("alerte/fiche.html", sheet=referents.enrol(token, form.phrase.data, page_now()), first=True,
                                   token=token)
        except referents.WeakPassphrase as refusal:
            form.phrase.errors = [refusal.sentence]
    return render_template("alerte/faire_cle.html", form=form, errors=form.wrong, token=token, person=person), 422


@personal_link
def secours(token: str) -> Answer:
    """Lost passphrase: the recovery sheet."""
    referents.read_way_in(token, page_now())
    form = RecoverForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        form.phrase.data = referents.proposed_passphrase()
        return render_template("alerte/secours.html", form=form, errors=[], token=token)
    errors: list[Any] = [] if form.validate() else form.wrong
    if not errors:
        try:
            referents.recover(token, form.sheet.data, form.phrase.data, page_now())
            return redirect(url_for("alerte.cle_ou_page", token=token), 303)
        except Refused as refusal:
            errors = [("phrase" if isinstance(refusal, referents.WeakPassphrase) else "sheet", refusal.sentence)]
    return render_template("alerte/secours.html", form=form, errors=errors, token=token), 422


@referent_only
def messages() -> str:
    shared = whole_number(request.args.get("confies", ""))
    return render_template("alerte/messages.html", lines=reading.mine(g.reader), shared=shared)


@referent_only
def tout_confier() -> Answer:
    return redirect(url_for("alerte.messages", confies=reading.share_all(g.reader, page_now())) + "#contenu", 303)


@referent_only
def message(alert_id: int) -> Answer:
    """Opening is a press: it is noted, and a page opened by a machine shows nothing."""
    if request.method == "POST":
        reading.note(alert_id, g.reader, page_now())
        return redirect(url_for("alerte.message", alert_id=alert_id) + "#contenu", 303)
    return _message(alert_id)


def _message(alert_id: int, errors: list[Any] | None = None, words: WordsForm | None = None) -> Answer:
    line = reading.line_of(alert_id, g.reader)
    if line.state.value == "erased" or not reading.noted(alert_id, g.reader):
        return render_template("alerte/message_ferme.html", line=line)
    found = reading.read(alert_id, g.reader)
    page = render_template(
        "alerte/message.html", line=line, found=found, errors=errors or [], words=words or WordsForm(None),
        done=request.args.get("fait", ""), may_get=reading.may_get(alert_id, g.reader), readings=found.row.readings,
        named={person.email.lower(): person.name for person in instance().network.referents})
    return (page, 422) if errors else page


@referent_only
def agir(alert_id: int, slug: str) -> Answer:
    words = WordsForm(request.form)
    text = words.words.data or ""
    try:
        if slug == "confier":
            reading.share(alert_id, g.reader, request.form.get("a", ""), page_now())
        elif slug == "effacer":
            if request.form.get("sure") != "oui":
                return _message(alert_id, [("sure", "Cochez la case pour confirmer l’effacement.")])
            reading.erase(alert_id, g.reader, page_now())
        else:
            reading.answer(alert_id, g.reader, text, page_now(), close=request.form.get("clore") == "oui")
    except Refused as refusal:
        return _message(alert_id, [("words" if slug == "repondre" else "", refusal.sentence)], words)
    return redirect(url_for("alerte.message", alert_id=alert_id, fait=slug) + "#contenu", 303)


@referent_only
def cle() -> Answer:
    """Another passphrase, or the recovery sheet again."""
    form = ChangeForm(request.form if request.method == "POST" else None)
    done, errors = False, []
    if request.method == "POST":
        errors = [] if form.validate() else form.wrong
        if not errors:
            try:
                key = referents.key_of(g.reader.email)
                pair = referents.unlocked(key, form.phrase.data, page_now())
                referents.change_passphrase(g.reader.key_id, pair, form.fresh.data, g.reader.person, but=g.reader.session_id)
                done = True
            except Refused as refusal:
                errors = [("fresh" if isinstance(refusal, referents.WeakPassphrase) else "phrase", refusal.sentence)]
    sheet_form = PassphraseForm(None, prefix="fiche-")
    page = render_template("alerte/cle.html", form=form, sheet_form=sheet_form, errors=errors, done=done)
    return (page, 422) if errors else page


@referent_only
def fiche() -> Answer:
    form = PassphraseForm(request.form, prefix="fiche-")
    errors: list[Any] = [] if form.validate() else form.wrong
    if not errors:
        try:
            key = referents.key_of(g.reader.email)
            pair = referents.unlocked(key, form.phrase.data, page_now())
            return render_template("alerte/fiche.html", sheet=referents.sheet_of(g.reader.person, pair, key.made_on), first=False,
                                   token="")
        except referents.WrongPassphrase as refusal:
            form.phrase.errors = [refusal.sentence]
            errors = [form.phrase]
    return render_template("alerte/cle.html", form=ChangeForm(None), sheet_form=form, errors=errors, done=False), 422


@public
def fiche_pdf() -> Response:
    """The sheet in view, to print: the code it shows comes back, and is the key; nothing else opens this."""
    response = download(sheets.sheet_pdf(request.form.get("code", "")), "fiche-de-secours.pdf", "application/pdf", inline=True)
    response.headers["Cache-Control"] = "no-store"
    return response


@referent_only
def synthese() -> Answer:
    form = SynthesisForm(request.form if request.method == "POST" else None)
    errors: list[Any] = []
    if request.method == "POST":
        errors = [] if form.validate() else form.wrong
        if not errors:
            try:
                counting.publish(g.reader, form.title.data, form.body.data, page_now())
                return redirect(url_for("alerte.synthese") + "#contenu", 303)
            except Refused as refusal:
                errors = [("", refusal.sentence)]
    page = render_template("alerte/synthese.html", form=form, errors=errors, enough=counting.enough(page_now()),
                           fewest=counting.FEWEST, syntheses=counting.syntheses())
    return (page, 422) if errors else page


@referent_only
def retirer() -> Answer:
    if (number := whole_number(request.form.get("numero", ""))) is not None:
        counting.withdraw(number)
    return redirect(url_for("alerte.synthese") + "#contenu", 303)


@referent_only
def quitter() -> Answer:
    sessions.close_session(request.cookies.get(referent_cookie(), ""))
    response = make_response(redirect(url_for("alerte.referents"), 303))
    response.delete_cookie(referent_cookie(), path="/referents", secure=instance().settings.secure, httponly=True,
                           samesite="Strict")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
