"""Pages of what the people of an exchange of help may do and that asks more than a few words."""

from __future__ import annotations

from datetime import datetime

from forms.entraide import (
    ChooseForm,
    ColleagueForm,
    FicheForm,
    OpinionForm,
    OrientForm,
    OrientInWordsForm,
    PauseForm,
    PickForm,
    SlotsForm,
    TakeForm,
)
from services.acting import Action
from services.entraide import candidates, meeting, orientation
from services.entraide import fiche as fiches
from territory.calendar import PARIS, local, say_datetime
from territory.said_days import Days

from .acting_pages import ask_and_act, form_page, posted
from .templating import page_now
from .visitor import Visitor


def _page(visitor: Visitor, action: Action, form, extra):
    return ask_and_act(visitor, action, "entraide/repondre.html", form, extra)


@form_page("prendre")
def take(visitor: Visitor, action: Action):
    known = {"named": ["oui"] if visitor.participant.named else []}
    form = TakeForm(posted(), data=known)
    return _page(visitor, action, form, lambda filled: bool(filled.named.data))


@form_page("solliciter")
def pick(visitor: Visitor, action: Action):
    found = candidates.considered(visitor.dossier, page_now())
    may = [one for one in found if not one.against]
    form = PickForm(posted())
    form.offer([(str(one.candidate.membre_id), one.candidate.name, _why(one)) for one in may])
    return ask_and_act(visitor, action, "entraide/solliciter.html", form, lambda filled: int(filled.peer.data),
                       found=may, later=[one for one in found if one.against])


def _why(one: candidates.Considered) -> str:
    said = ", ".join(one.reasons)
    return f"{said[0].upper()}{said[1:]}"


@form_page("collegue")
def pass_on(visitor: Visitor, action: Action):
    form = ColleagueForm(posted())
    return _page(visitor, action, form, lambda filled: filled.colleague.data)


@form_page("pause")
def pause(visitor: Visitor, action: Action):
    today = local(page_now()).date()
    form = PauseForm(posted(), today=today)
    return _page(visitor, action, form, lambda filled: Days(today, filled.last.data))


@form_page("orienter")
def orient(visitor: Visitor, action: Action):
    known = orientation.contacts(visitor.dossier)
    if not known:
        return _page(visitor, action, OrientInWordsForm(posted()), lambda _filled: [])
    form = OrientForm(posted(), data={"contacts": [one.key for one in known]})
    form.offer(known)
    return _page(visitor, action, form, lambda filled: filled.contacts.data or [])


@form_page("creneaux")
def propose_slots(visitor: Visitor, action: Action):
    today = local(page_now()).date()
    form = SlotsForm(posted(), today=today, data={"minutes": "30"})

    def proposal(filled: SlotsForm) -> meeting.Proposal:
        slots = tuple(datetime.combine(day, hour, PARIS) for day, hour in filled.moments())
        return meeting.Proposal(slots, int(filled.minutes.data), filled.place.data or "")
    return _page(visitor, action, form, proposal)


@form_page("choisir")
def choose_slot(visitor: Visitor, action: Action):
    form = ChooseForm(posted())
    slots = visitor.dossier.meeting.moments
    form.offer([(str(rank), say_datetime(slot)) for rank, slot in enumerate(slots, 1) if slot > page_now()])
    return _page(visitor, action, form, lambda filled: filled.slot.data)


@form_page("avis")
def give_opinion(visitor: Visitor, action: Action):
    form = OpinionForm(posted())
    return _page(visitor, action, form, lambda filled: {"answered": filled.answered.data, "again": filled.again.data})


@form_page("rediger-fiche")
def edit_fiche(visitor: Visitor, action: Action):
    known = vars(fiches.draft(visitor.dossier)) if posted() is None else None
    form = FicheForm(posted(), data=known)
    return _page(visitor, action, form,
                 lambda filled: fiches.FicheText(filled.title.data, filled.question.data, filled.answer.data))
