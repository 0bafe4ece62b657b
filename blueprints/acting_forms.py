"""Pages of the actions that ask more than a few words: propose a host, give dates, draw up the convention."""

from __future__ import annotations

import hashlib

from flask import g, render_template, request

from forms.acting import EmployerForm, HandOverForm, NewAddressForm
from forms.immersion import MOST_SESSIONS, SESSION_ROWS, HostForm, ProposeHostForm
from models.states import Role
from services import delivery
from services.acting import Action
from services.coordination import holding, presence
from services.errors import NotFound
from services.immersion import host_search, hosting, planning
from services.immersion import requesting as immersions
from territory.calendar import local, say_date

from .acting_pages import Visitor, form_page, perform_action, wrong_fields
from .templating import page_now, whole_number


@form_page("proposer")
def propose_host(visitor: Visitor, action: Action):
    hosts = host_search.possible_hosts(visitor.dossier, page_now(), host_search.SHOWN)
    form = ProposeHostForm(request.form if request.method == "POST" else None)
    form.offer(hosts)

    def ask() -> str:
        return render_template("dossier/proposer.html", visitor=visitor, dossier=visitor.dossier, base=visitor.base,
                               layout=visitor.layout, action=action, form=form, hosts=hosts, most=host_search.SHOWN,
                               errors=wrong_fields(form))
    if request.method != "POST":
        return ask()
    if not form.validate():
        return ask(), 422
    return perform_action(visitor, action, form.words.data or "", ask,
                          extra=hosting.HostsToAsk(int(form.structure.data), form.in_order()))


def sessions_asked() -> int:
    """How many rows of dates the page that comes back shows."""
    count = whole_number(request.form.get("seances", "")) or SESSION_ROWS
    return min(count + (2 if "ajouter" in request.form else 0), MOST_SESSIONS)


@form_page("accueillir")
def agree_to_host(visitor: Visitor, action: Action):
    posted = request.form if request.method == "POST" else None
    today = local(page_now()).date()
    known = {} if posted is not None else {"place": visitor.dossier.host.address if visitor.dossier.host else "",
                                           "signatory_name": visitor.participant.name,
                                           "signatory_quality": visitor.participant.quality}
    form = HostForm(posted, data=known)
    form.read_sessions(posted, sessions_asked(), today)

    def ask(warnings=(), averti: str = "") -> str:
        return render_template("dossier/accueillir.html", visitor=visitor, dossier=visitor.dossier, base=visitor.base,
                               layout=visitor.layout, action=action, form=form, warnings=warnings, averti=averti,
                               errors=wrong_fields(form, form.wrong_in_sessions) if request.method == "POST" else [])
    if request.method != "POST":
        return ask()
    if "ajouter" in request.form:
        return ask()
    good = form.validate()
    if not (form.validate_sessions() and good):
        return ask(), 422
    sessions = tuple(immersions.PlannedSession(*row) for row in form.sessions())
    found = planning.findings(visitor.dossier, sessions, page_now())
    if any(finding.error for finding in found):
        g.refusal = " ".join(finding.sentence for finding in found if finding.error)
        return ask(), 422
    # A warning is read once, on the page that comes back; pressing the button again keeps the dates.
    warnings = [finding.sentence for finding in found]
    if warnings and request.form.get("averti") != (seen := warned(warnings)):
        return ask(warnings=warnings, averti=seen), 422
    answer = immersions.HostAnswer(
        sessions=sessions, tutor_name=form.tutor_name.data,
        tutor_quality=form.tutor_quality.data, tutor_contact=form.tutor_contact.data, address=form.place.data,
        signatory_name=form.signatory_name.data, signatory_quality=form.signatory_quality.data,
        meals=form.meals.data or "", safety=form.safety.data or "", insurance=form.insurance.data)
    return perform_action(visitor, action, form.words.data or "", ask, extra=answer)


def warned(warnings: list[str]) -> str:
    """What a page sends back to say that these warnings were read, and no other."""
    return hashlib.sha256("\n".join(warnings).encode()).hexdigest()[:16]


@form_page("transmettre")
def hand_over(visitor: Visitor, action: Action):
    today = local(page_now()).date()

    def away(person) -> str:
        until = presence.away_until(person.email, today)
        return f"Absence annoncée jusqu’au {say_date(until)}" if until else ""
    form = HandOverForm(request.form if request.method == "POST" else None)
    form.offer(holding.colleagues(visitor.participant.email), away)

    def ask() -> str:
        return render_template("dossier/transmettre.html", visitor=visitor, dossier=visitor.dossier, base=visitor.base,
                               layout=visitor.layout, action=action, form=form, errors=wrong_fields(form))
    if request.method != "POST":
        return ask()
    if not form.validate():
        return ask(), 422
    return perform_action(visitor, action, form.words.data or "", ask, extra=form.colleague.data)


@form_page("adresse")
def correct_address(visitor: Visitor, action: Action):
    dossier, posted = visitor.dossier, request.form if request.method == "POST" else None
    person = _person(visitor, (posted if posted is not None else request.args).get("personne", ""))
    form = NewAddressForm(posted if posted and "reessayer" not in posted else None)
    trouble = {found.person.id: found for found in delivery.trouble_of(dossier, page_now())}

    def ask() -> str:
        people = [p for p in dossier.participants if p.active and (p.role != Role.COORDINATOR or p.id in trouble)]
        return render_template("dossier/adresse.html", visitor=visitor, dossier=dossier, base=visitor.base, layout=visitor.layout,
                               action=action, form=form, person=person, people=people, trouble=trouble,
                               asked=delivery.asked_of(person, page_now()) if person else "",
                               errors=wrong_fields(form) if posted else [])
    if posted is None or person is None:
        return ask()
    if "reessayer" in posted:
        return perform_action(visitor, action, "", ask, extra=delivery.Correction(person.id))
    if not form.validate():
        return ask(), 422
    return perform_action(visitor, action, "", ask, extra=delivery.Correction(person.id, form.email.data))


def _person(visitor: Visitor, number: str):
    """:raises NotFound: a number that is nobody's in this request."""
    if not number:
        return None
    found = next((p for p in visitor.dossier.participants if p.active and p.id == whole_number(number)), None)
    if found is None:
        raise NotFound()
    return found


@form_page("inviter")
def tell_employer(visitor: Visitor, action: Action):
    """A member has their employer told."""
    form = EmployerForm(request.form if request.method == "POST" else None)

    def ask() -> str:
        return render_template("dossier/inviter.html", visitor=visitor, dossier=visitor.dossier, base=visitor.base,
                               layout=visitor.layout, action=action, form=form, errors=wrong_fields(form))
    if request.method != "POST":
        return ask()
    if not form.validate():
        return ask(), 422
    return perform_action(visitor, action, "", ask, extra=form.email.data)
