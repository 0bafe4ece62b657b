"""Pages of a mentoring that ask more than a few words: whom to propose, the protocol to write, the protocol to agree to."""

from __future__ import annotations

from flask import request

from forms.mentorat import AgreeForm, NewcomerTermsForm, ProposeMentorForm, TermsForm
from models.states import Kind, Role
from services.acting import Action
from services.mentorat import candidates, protocol
from territory.calendar import local

from .acting_pages import FORM_PAGES, ask_and_act, form_page, posted
from .templating import page_now
from .visitor import Visitor

#: The page of an immersion that bears the same name.
_propose_host = FORM_PAGES["proposer"]


@form_page("proposer")
def propose(visitor: Visitor, action: Action):
    if visitor.dossier.kind_ != Kind.MENTORAT:
        return _propose_host(visitor, action)
    choices = candidates.possible_mentors(visitor.dossier, page_now(), candidates.SHOWN)
    form = ProposeMentorForm(posted())
    form.offer(choices)
    return ask_and_act(visitor, action, "mentorat/proposer.html", form, lambda filled: int(filled.mentor.data), choices=choices,
                       most=candidates.SHOWN)


@form_page("protocole")
def write(visitor: Visitor, action: Action):
    kind = NewcomerTermsForm if visitor.role == Role.AUTHOR else TermsForm
    form = kind(posted(), today=local(page_now()).date())
    if posted() is None:
        for name, value in protocol.known_terms(visitor.dossier, page_now()).items():
            if name in form:
                form[name].refill(value)
    return ask_and_act(visitor, action, "mentorat/ecrire.html", form, _terms)


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
    form = AgreeForm(posted())
    return ask_and_act(visitor, action, "mentorat/accorder.html", form, lambda _filled: request.form.get("texte", ""),
                       version=version, document=protocol.as_page(version))
