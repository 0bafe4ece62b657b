"""Pages of a mentoring that ask more than a few words: whom to propose, the protocol to write, the protocol to agree to."""

from __future__ import annotations

from flask import render_template, request

from forms.mentorat import AgreeForm, NewcomerTermsForm, ProposeMentorForm, TermsForm
from models.states import Kind, Role
from services.acting import Action
from services.mentorat import candidates, protocol
from territory.calendar import local

from .acting_pages import FORM_PAGES, Visitor, form_page, latest_entry, perform_action, wrong_fields
from .templating import page_now

#: The page of an immersion that bears the same name.
_propose_host = FORM_PAGES["proposer"]


def _page(visitor: Visitor, action: Action, template: str, form, extra, **context):
    def ask() -> str:
        return render_template(template, visitor=visitor, dossier=visitor.dossier, base=visitor.base,
                               layout=visitor.layout, action=action, form=form, errors=wrong_fields(form),
                               seen=latest_entry(visitor.dossier), **context)
    if request.method != "POST":
        return ask()
    if not form.validate():
        return ask(), 422
    return perform_action(visitor, action, form.words.data or "" if "words" in form else "", ask, extra=extra(form))


@form_page("proposer")
def propose(visitor: Visitor, action: Action):
    if visitor.dossier.kind_ != Kind.MENTORAT:
        return _propose_host(visitor, action)
    choices = candidates.possible_mentors(visitor.dossier, page_now(), candidates.SHOWN)
    form = ProposeMentorForm(request.form if request.method == "POST" else None)
    form.offer(choices)
    return _page(visitor, action, "mentorat/proposer.html", form, lambda filled: int(filled.mentor.data), choices=choices,
                 most=candidates.SHOWN)


@form_page("protocole")
def write(visitor: Visitor, action: Action):
    kind = NewcomerTermsForm if visitor.role == Role.AUTHOR else TermsForm
    form = kind(request.form if request.method == "POST" else None, today=local(page_now()).date())
    if request.method != "POST":
        for name, value in protocol.known_terms(visitor.dossier, page_now()).items():
            if name in form:
                form[name].refill(value)
    return _page(visitor, action, "mentorat/ecrire.html", form, _terms)


def _terms(filled: TermsForm) -> protocol.Terms:
    told, name = None, ""
    if isinstance(filled, NewcomerTermsForm):
        tells = filled.tell_employer.data == "oui"
        told, name = (filled.employer_email.data, filled.employer_name.data) if tells else ("", "")
    return protocol.Terms(filled.lines(), filled.rhythm.data, tuple(filled.ways.data), int(filled.months.data),
                          filled.starts_on.data, told, name)


@form_page("accorder")
def agree(visitor: Visitor, action: Action):
    version = protocol.readable(visitor.dossier, visitor.participant)
    form = AgreeForm(request.form if request.method == "POST" else None)
    return _page(visitor, action, "mentorat/accorder.html", form, lambda _filled: request.form.get("texte", ""), version=version,
                 document=protocol.as_page(version))
