"""Pages of the actions that ask more than a few words: propose a host, give dates, draw up the convention."""

from __future__ import annotations

import hashlib

from flask import g, request

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

from .acting_pages import ask_and_act, draw, form_page, perform_action, posted
from .templating import page_now, whole_number
from .visitor import Visitor


@form_page("proposer")
def propose_host(visitor: Visitor, action: Action):
    hosts = host_search.possible_hosts(visitor.dossier, page_now(), host_search.SHOWN)
    form = ProposeHostForm(posted())
    form.offer(hosts)
    return ask_and_act(visitor, action, "dossier/proposer.html", form,
                       lambda filled: hosting.HostsToAsk(int(filled.structure.data), filled.in_order()), hosts=hosts,
                       most=host_search.SHOWN)


def sessions_asked() -> int:
    """How many rows of dates the page that comes back shows."""
    count = whole_number(request.form.get("seances", "")) or SESSION_ROWS
    return min(count + (2 if "ajouter" in request.form else 0), MOST_SESSIONS)


@form_page("accueillir")
def agree_to_host(visitor: Visitor, action: Action):
    typed, today = posted(), local(page_now()).date()
    known = {} if typed is not None else {"place": visitor.dossier.host.address if visitor.dossier.host else "",
                                          "signatory_name": visitor.participant.name,
                                          "signatory_quality": visitor.participant.quality}
    form = HostForm(typed, data=known)
    form.read_sessions(typed, sessions_asked(), today)

    def ask(warnings=(), averti: str = "") -> str:
        return draw(visitor, action, "dossier/accueillir.html", form, form.wrong_in_sessions if typed is not None else (),
                    warnings=warnings, averti=averti)
    if typed is None or "ajouter" in typed:
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
    form = HandOverForm(posted())
    form.offer(holding.colleagues(visitor.participant.email), away)
    return ask_and_act(visitor, action, "dossier/transmettre.html", form, lambda filled: filled.colleague.data)


@form_page("adresse")
def correct_address(visitor: Visitor, action: Action):
    dossier, typed = visitor.dossier, posted()
    person = _person(visitor, (typed if typed is not None else request.args).get("personne", ""))
    form = NewAddressForm(typed if typed and "reessayer" not in typed else None)
    trouble = {found.person.id: found for found in delivery.trouble_of(dossier, page_now())}

    def ask() -> str:
        people = [p for p in dossier.participants if p.active and (p.role != Role.COORDINATOR or p.id in trouble)]
        return draw(visitor, action, "dossier/adresse.html", form, person=person, people=people, trouble=trouble,
                    asked=delivery.asked_of(person, page_now()) if person else "")
    if typed is None or person is None:
        return ask()
    if "reessayer" in typed:
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
    return ask_and_act(visitor, action, "dossier/inviter.html", EmployerForm(posted()), lambda filled: filled.email.data)
