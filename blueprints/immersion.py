"""Asking for an immersion: ``/immersion``."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, render_template, request
from wtforms import ValidationError

from forms.base import RingForm
from forms.frame_help import FrameHelpForm
from forms.identity import structure_values
from forms.immersion import ELSEWHERE, JOURNEY, check_three_addresses, title_of
from forms.journey import Progress, Step
from forms.placement import JOURNEY as SHEET_JOURNEY
from forms.placement import check_days
from models.backing import FREELANCE
from models.states import Kind
from services.acting import Action
from services.errors import NotFound
from services.immersion import again, frame_choice
from services.immersion.frame_choice import Situation
from services.inbound.requests import Prefill
from services.submission import Author, Submission

from .access import public
from .acting_pages import form_page
from .journeys import JourneyPages, employer_of, who_writes
from .visitor import Visitor

blueprint = Blueprint("immersion", __name__)

_KEPT = ("work_status", "objectives", "functions", "skills_sought", "contributions", "publics", "rhythm", "earliest",
         "unavailable", "mobility", "access_needs", "post", "contract")


def _submission(progress: Progress, sections: list) -> Submission:
    answers = progress.all_answers()
    kept: dict[str, Any] = {name: answers[name] for name in _KEPT}
    alone = answers["work_status"] == FREELANCE
    if alone:
        kept["activity"] = {name: answers[f"activity_{name}"] or "" for name in ("name", "siret", "address", "commune")} | {
            "liability_insurance": answers["liability_insurance"] or ""}
    else:
        kept["employer"] = {
            "name": answers["employer_name"], "quality": answers["employer_quality"], "email": answers["employer_email"],
            "phone": answers["employer_phone"] or "", "structure": structure_values(answers)}
    return Submission(
        kind=Kind.IMMERSION, key=progress.key, title=title_of(answers),
        commune=answers["activity_commune" if alone else "structure_commune"],
        author=Author(answers["given_name"], answers["family_name"], answers["email"], answers["phone"] or "",
                      answers["job"], (answers["activity_name"] or "") if alone else answers["structure_name"]),
        answers=kept, summary=sections)


def _look(step: Step, form: RingForm, progress: Progress):
    """Lead who looks for work to the way that is theirs; keep the three addresses apart."""
    if step.slug == "situation" and form.work_status.data in ELSEWHERE:
        return render_template("immersion/ailleurs.html")
    if step.slug in ("employeur", "association"):
        try:
            check_three_addresses(form, progress.answers.get("vous", {}).get("email", ""))
        except ValidationError as error:
            form.employer_email.errors = [*form.employer_email.errors, str(error)]
            return form
    return None


def _begin(found: Prefill) -> dict[str, dict[str, Any]]:
    return {"souhaits": {"objectives": found.words}, "vous": who_writes(found), "employeur": employer_of(found),
            "association": employer_of(found)}


pages = JourneyPages(blueprint, "/immersion", JOURNEY, _submission, look=_look, begin=_begin).register()


@form_page("refaire")
def ask_again(visitor: Visitor, action: Action):
    """The form, filled with what another request asked, for somebody else; nothing is kept before it is sent."""
    if request.method == "POST":
        raise NotFound()
    return pages.begun(secrets.token_urlsafe(18), again.taken_over(visitor.dossier), visitor.dossier.reference)


@blueprint.get("/immersion")
@public
def immersion() -> str:
    return render_template("immersion/immersion.html", start=pages.first_url, pages=len(JOURNEY.asked(Progress())))


@blueprint.get("/immersion/preparer")
@public
def preparer() -> str:
    return render_template("immersion/preparer.html", start=sheet_pages.first_url)


def _sheet(progress: Progress, sections: list) -> Submission:
    answers = progress.all_answers()
    kept = {name: answers[name] for name in ("purpose", "objectives", "tasks", "host", "first_on", "last_on", "days", "hours",
                                             "prescriber")}
    return Submission(
        kind=Kind.IMMERSION, key=progress.key, title="PMSMP à préparer", commune=answers["commune"],
        author=Author(answers["given_name"], answers["family_name"], answers["email"], answers["phone"] or ""),
        answers={"placement": kept, "work_status": "recherche_emploi", "rhythm": ""}, summary=sections)


def _look_at_days(step: Step, form: RingForm, _progress: Progress):
    if step.slug == "accueil":
        check_days(form)
        return form if form.wrong else None
    return None


sheet_pages = JourneyPages(blueprint, "/immersion/preparer", SHEET_JOURNEY, _sheet, look=_look_at_days).register()


@blueprint.get("/immersion/cadre")
@public
def cadre() -> str:
    """Which legal frame may suit: three questions, and the reasons; changes nothing, decides nothing."""
    form = FrameHelpForm(request.args if request.args else None)
    said = (form.statut.data or "", form.accueil.data or "", form.activite.data or "")
    asked = Situation(*said) if form.validate() else Situation()
    return render_template("immersion/cadre.html", form=form, elsewhere=frame_choice.elsewhere(asked), asked=bool(request.args),
                           advice=frame_choice.advise(asked), errors=form.wrong)
