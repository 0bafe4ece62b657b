"""Asking for help: ``/aide``."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from forms.entraide import JOURNEY, title_of
from forms.journey import Progress
from models.states import Kind
from models.vocabulary import POSTS, label
from services.inbound.requests import Prefill
from services.submission import Author, Submission

from .access import public
from .journeys import JourneyPages, who_writes

blueprint = Blueprint("entraide", __name__)


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


pages = JourneyPages(blueprint, "/aide", JOURNEY, _submission, begin=_begin).register()


@blueprint.get("/aide")
@public
def aide() -> str:
    return render_template("entraide/aide.html", start=pages.first_url, steps=JOURNEY.steps)
