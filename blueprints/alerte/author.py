"""What anybody may open: the page, the form, who would read, the code, and coming back with it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from forms.alerte import AlerteForm, CodeForm, WordsForm
from models.instance import instance
from services.alerte import circle, codes, counting, readers, relief, writing
from services.errors import Refused, TooMany

from ..access import internet_access, public
from ..templating import page_now

Answer = str | tuple[str, int]


def register(blueprint: Blueprint) -> None:
    """Add the pages to ``blueprint``."""
    blueprint.add_url_rule("/alerte", "alerte", alerte)
    blueprint.add_url_rule("/alerte/themes", "themes", themes)
    blueprint.add_url_rule("/alerte/ecrire", "ecrire", ecrire, methods=["GET", "POST"])
    blueprint.add_url_rule("/alerte/envoyer", "envoyer", envoyer, methods=["POST"])
    blueprint.add_url_rule("/suite", "suite", suite, methods=["GET", "POST"])
    blueprint.add_url_rule("/suite/repondre", "suite_repondre", repondre, methods=["POST"])
    blueprint.add_url_rule("/suite/confier", "suite_confier", confier, methods=["POST"])
    blueprint.add_url_rule("/suite/effacer", "suite_effacer", effacer, methods=["POST"])


@public
def alerte() -> str:
    return render_template("alerte/alerte.html", open_=circle.can_be_left(), counts=counting.shown(page_now()),
                           syntheses=counting.syntheses())


@public
def themes() -> str:
    return render_template("alerte/themes.html", syntheses=counting.syntheses(), counts=counting.shown(page_now()))


def _form(typed: bool = True) -> AlerteForm:
    return AlerteForm(request.form if typed else None, referents=instance().network.referents)


@public
def ecrire() -> Answer:
    if not circle.can_be_left():
        return render_template("alerte/alerte.html", open_=False, counts=[], syntheses=[])
    if request.method != "POST":
        return render_template("alerte/ecrire.html", form=_form(typed=False), errors=[])
    form = _form()
    if not form.validate():
        return render_template("alerte/ecrire.html", form=form, errors=form.wrong), 422
    return _check(form, codes.draw())


@public
def envoyer() -> Answer:
    form = _form()
    if request.form.get("vers") == "ecrire" or not form.validate():
        wrong = [] if request.form.get("vers") else form.wrong
        page = render_template("alerte/ecrire.html", form=form, errors=wrong)
        return (page, 422) if wrong else page
    code = request.form.get("code", "")
    try:
        people = writing.leave(_left(form), code, internet_access(), page_now())
    except Refused as refusal:
        return _check(form, code, [("", refusal.sentence)], 429 if isinstance(refusal, TooMany) else 422)
    return render_template("alerte/envoyee.html", words=code.split(), people=people, contact=form.contact.data or [])


def _left(form: AlerteForm) -> writing.Left:
    carried = form.carried()
    name, email, employer, words = (str(carried.get(key, "")) for key in ("name", "email", "employer", "avoided_words"))
    return writing.Left(said=form.words.data, rows=form.told(), name=name, email=email, employer=employer,
                        avoided=tuple(form.avoided.data or ()), avoided_words=words)


def _check(form: AlerteForm, code: str, errors: list[Any] | None = None, status: int = 200) -> Answer:
    """Who would read, before anything is sent. What was typed stays in the page: no draft is kept."""
    found = writing.who_would_read(_left(form))
    page = render_template("alerte/relire.html", form=form, circle=found, hidden={**form.carried(), "code": code},
                           errors=errors or [])
    return page if status == 200 else (page, status)


@public
def suite() -> Answer:
    form = CodeForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return render_template("alerte/suite.html", form=form, errors=[])
    if not form.validate():
        return render_template("alerte/suite.html", form=form, errors=form.wrong), 422
    return _conversation(form.code.data)


def _conversation(typed: str, done: str = "", errors: list[Any] | None = None, words: WordsForm | None = None) -> Answer:
    try:
        code, found = writing.come_back(typed, internet_access(), page_now())
    except Refused as refusal:
        return _wrong_code(refusal)
    page = render_template(
        "alerte/conversation.html", code=code, found=found, done=done, errors=errors or [], words=words or WordsForm(None),
        readings=found.row.readings, people=readers.readers_of(found.row), missing=writing.missing_readers(found),
        let_in=relief.let_in_people(found.row),
        named={person.email.lower(): person.name for person in instance().network.referents})
    return (page, 422) if errors else page


def _wrong_code(refusal: Refused) -> Answer:
    form = CodeForm(request.form)
    form.code.errors = [refusal.sentence]
    return render_template("alerte/suite.html", form=form, errors=[form.code]), 429 if isinstance(refusal, TooMany) else 422


@public
def repondre() -> Answer:
    code = request.form.get("code", "")
    words = WordsForm(request.form)
    if not words.validate():
        return _conversation(code, errors=words.wrong, words=words)
    try:
        writing.answer(code, words.words.data, internet_access(), page_now())
    except Refused as refusal:
        if isinstance(refusal, writing.CodeUnknown | codes.CodeMisread):
            return _wrong_code(refusal)
        return _conversation(code, errors=[("", refusal.sentence)], words=words)
    return _conversation(code, "Votre message est transmis.")


@public
def confier() -> Answer:
    try:
        code = writing.entrust(request.form.get("code", ""), internet_access(), page_now())
    except Refused as refusal:
        return _wrong_code(refusal)
    return _conversation(code, "Votre message est confié.")


@public
def effacer() -> Answer:
    if request.form.get("sure") != "oui":
        return _conversation(request.form.get("code", ""), errors=[("sure", "Cochez la case pour confirmer l’effacement.")])
    try:
        writing.erase(request.form.get("code", ""), internet_access(), page_now())
    except Refused as refusal:
        return _wrong_code(refusal)
    return render_template("alerte/effacee.html")
