"""Asking for help: ``/aide``."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from forms.base import RingForm
from forms.entraide import JOURNEY, NAME_IT, title_of
from forms.journey import Progress, Step
from models.instance import instance
from models.states import Kind
from models.vocabulary import HELP_KINDS, POSTS, THEMES, label
from services.entraide import fiche
from services.inbound.requests import Prefill
from services.submission import Author, Submission

from .access import public
from .journeys import JourneyPages, who_writes

blueprint = Blueprint("entraide", __name__)
#: Fiches shown for words looked for.
MOST_FOUND = 30


def _submission(progress: Progress, sections: list) -> Submission:
    answers = progress.all_answers()
    return Submission(
        kind=Kind.ENTRAIDE, key=progress.key, title=title_of(answers), commune=answers["commune"],
        author=Author(answers["given_name"], answers["family_name"], answers["email"], answers["phone"] or "",
                      answers["job"] or label(POSTS, answers["post"]), answers["organisation"] or "",
                      named="nom" in (answers["visibility"] or [])),
        answers={name: answers[name] for name in ("question", "help_kind", "theme", "concerns", "urgency", "visibility", "post")},
        summary=sections, uploads=[item["id"] for item in answers["fichiers"] or []])


def _begin(found: Prefill) -> dict[str, dict[str, Any]]:
    return {"question": {"question": found.words}, "contexte": {"fichiers": found.files},
            "vous": who_writes(found) | {"organisation": found.known.organisation, "commune": found.known.commune}}


def _names_their_structure(step: Step, form: RingForm, progress: Progress) -> RingForm | None:
    """Who keeps their question from their own structure says which it is: nobody else could."""
    if step.slug == "vous" and "employeur" in (progress.answers["contexte"]["visibility"] or []) and not form.organisation.data:
        form.organisation.errors = [NAME_IT]
        return form
    last = progress.answers.get("vous")
    if step.slug == "contexte" and "employeur" in (form.visibility.data or []) and last and not last["organisation"]:
        # The box was ticked afterwards: the last page is asked again.
        progress.begun["vous"] = progress.answers.pop("vous")
    return None


def _alike(progress: Progress) -> dict[str, Any]:
    """Published fiches that may answer already, offered before sending."""
    answers = progress.all_answers()
    return {"alike": fiche.like(answers.get("question") or "", answers.get("theme") or "")}


pages = JourneyPages(blueprint, "/aide", JOURNEY, _submission, begin=_begin, before=_alike,
                     look=_names_their_structure).register()


@blueprint.get("/aide")
@public
def aide() -> str:
    delays = [(name, instance().network.promised_days("entraide", kind)) for kind, name in HELP_KINDS]
    return render_template("entraide/aide.html", start=pages.first_url, steps=JOURNEY.steps, delays=delays,
                           fiches=fiche.any_published())


@blueprint.get("/fiches")
@public
def fiches() -> str:
    """What exchanges taught, for everybody; ``sujet`` keeps those of one theme, ``q`` those like some words."""
    theme, words = request.args.get("sujet", ""), " ".join(request.args.get("q", "")[:200].split())
    found = fiche.like(words, theme, MOST_FOUND) if words else fiche.published(theme)
    used = {one.theme for one in fiche.published()}
    return render_template("entraide/fiches.html", fiches=found, words=words, theme=theme,
                           themes=[(code, name) for code, name in THEMES if code in used])


@blueprint.get("/fiches/<slug>")
@public
def lire_fiche(slug: str) -> str:
    found = fiche.read(slug)
    return render_template("entraide/fiche.html", fiche=found, theme=label(THEMES, found.theme))
