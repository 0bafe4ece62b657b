"""Asking for an immersion: ``/immersion``."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from wtforms import ValidationError

from forms.base import RingForm
from forms.identity import structure_values
from forms.immersion import ELSEWHERE, JOURNEY, check_three_addresses, title_of
from forms.journey import Progress, Step
from models.states import Kind
from services.inbound.requests import Prefill
from services.submission import Author, Submission

from .access import public
from .journeys import JourneyPages, employer_of, who_writes

blueprint = Blueprint("immersion", __name__)

_KEPT = ("work_status", "objectives", "functions", "skills_sought", "contributions", "publics", "rhythm", "earliest",
         "unavailable", "mobility", "access_needs", "post", "contract")


def _submission(progress: Progress, sections: list) -> Submission:
    answers = progress.all_answers()
    kept: dict[str, Any] = {name: answers[name] for name in _KEPT}
    kept["employer"] = {
        "name": answers["employer_name"], "quality": answers["employer_quality"], "email": answers["employer_email"],
        "phone": answers["employer_phone"] or "", "structure": structure_values(answers)}
    return Submission(
        kind=Kind.IMMERSION, key=progress.key, title=title_of(answers), commune=answers["structure_commune"],
        author=Author(answers["given_name"], answers["family_name"], answers["email"], answers["phone"] or "",
                      answers["job"], answers["structure_name"]),
        answers=kept, summary=sections)


def _look(step: Step, form: RingForm, progress: Progress):
    """Lead those who have no employer to sign to the way that is theirs; keep the three addresses apart."""
    if step.slug == "situation" and form.work_status.data in ELSEWHERE:
        return render_template("immersion/ailleurs.html", situation=form.work_status.data)
    if step.slug == "employeur":
        try:
            check_three_addresses(form, progress.answers.get("vous", {}).get("email", ""))
        except ValidationError as error:
            form.employer_email.errors = [*form.employer_email.errors, str(error)]
            return form
    return None


def _begin(found: Prefill) -> dict[str, dict[str, Any]]:
    return {"souhaits": {"objectives": found.words}, "vous": who_writes(found), "employeur": employer_of(found)}


pages = JourneyPages(blueprint, "/immersion", JOURNEY, _submission, look=_look, begin=_begin).register()


@blueprint.get("/immersion")
@public
def immersion() -> str:
    return render_template("immersion/immersion.html", start=pages.first_url, steps=JOURNEY.steps)
