"""Joining the network: ``/rejoindre`` and its three variants."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from forms.adhesion import JOURNEYS, title_of
from forms.fields import read_people
from forms.identity import structure_values
from forms.journey import Progress, Step
from models.charter import current_charter
from models.states import Kind
from models.structure import MemberKind
from models.vocabulary import POSTS, label
from services.donnees import team
from services.inbound import requests
from services.inbound.requests import Prefill
from services.submission import Author, Submission

from .access import personal_link, public
from .journeys import JourneyPages, who_writes
from .templating import page_now

blueprint = Blueprint("adhesion", __name__)

#: How much of a mail the project of a learner is filled with; all of it is joined to the request.
PROJECT_LONGEST = 2000

SLUGS: dict[MemberKind, str] = {
    MemberKind.STRUCTURE: "structure", MemberKind.PROFESSIONAL: "professionnel", MemberKind.LEARNER: "en-devenir"}


def _submission(kind: MemberKind):
    def make(progress: Progress, sections: list) -> Submission:
        answers = progress.all_answers()
        kept: dict[str, Any] = {name: value for name, value in answers.items()
                                if name not in ("email", "phone", "leurre", "agreement")}
        kept |= {"member_kind": kind.value, "charter_version": current_charter().version}
        organisation = ""
        if kind != MemberKind.LEARNER:
            kept["structure"] = structure_values(answers)
            organisation = answers["structure_name"]
        if kind == MemberKind.STRUCTURE:
            kept["structure"] |= _hosting(answers)
            kept["team"] = [vars(person) for person in read_people(answers["team"] or "")]
        if kind == MemberKind.PROFESSIONAL:
            kept["employer"] = {"name": answers["employer_name"], "email": answers["employer_email"],
                                "may_be_told": answers["employer_told"] == "oui"}
        quality = answers.get("job") or label(POSTS, answers.get("post") or "")
        return Submission(
            kind=Kind.ADHESION, key=progress.key, title=title_of(answers, kind),
            commune=answers.get("commune") or answers["structure_commune"],
            author=Author(answers["given_name"], answers["family_name"], answers["email"], answers["phone"] or "",
                          quality, organisation),
            answers=kept, summary=sections)
    return make


def _hosting(answers: dict[str, Any]) -> dict[str, Any]:
    hosts = answers["hosts"] == "oui"
    return {"hosts": hosts, "host_places": int(answers["host_places"]) if hosts else 0,
            "host_technical": answers["host_technical"] or "", "host_human": answers["host_human"] or "",
            "possibilities": answers["possibilities"] or "", "constraints": answers["constraints"] or ""}


def _commitments(kind: MemberKind):
    def context(step: Step) -> dict[str, Any]:
        charter = current_charter()
        return {"commitments": charter.of(kind), "charter_version": charter.version} if step.slug == "engagements" else {}
    return context


def _begin(found: Prefill) -> dict[str, dict[str, Any]]:
    return {"vous": who_writes(found) | {"commune": found.known.commune, "project": found.words[:PROJECT_LONGEST]}}


PAGES = {kind: JourneyPages(blueprint, f"/rejoindre/{SLUGS[kind]}", JOURNEYS[kind], _submission(kind),
                            more=_commitments(kind), begin=_begin).register() for kind in MemberKind}


@blueprint.get("/rejoindre/reprendre/<token>")
@personal_link
def reprendre(token: str):
    """Which of the three forms, for somebody who wrote to join: a mail does not say."""
    found = requests.read_prefill(token, Kind.ADHESION, page_now())
    if found.sent:
        return render_template("confirmation/deja_envoyee.html", made=found.sent)
    return render_template("adhesion/rejoindre.html", resumed=f"/reprendre/{token}")


@blueprint.get("/rejoindre/professionnel/invitation/<token>")
@personal_link
def invitation(token: str) -> str:
    """The form of a professional, with what their structure said of itself and of them."""
    row = team.read_invitation(token, page_now())
    structure = row.structure
    return PAGES[MemberKind.PROFESSIONAL].begun(f"invitation-{row.id}-{row.invited_at:%Y%m%d%H%M%S%f}", {
        "vous": {"given_name": row.given_name, "family_name": row.family_name, "email": row.email, "commune": structure.commune},
        "employeur": {"structure_name": structure.name, "structure_status": "public" if structure.public else "prive",
                      "typology": structure.typology, "siret": structure.siret, "address": structure.address,
                      "structure_commune": structure.commune, "employer_name": row.by, "employer_told": "oui",
                      "employer_email": structure.contact.email if structure.contact else ""}})


@blueprint.get("/rejoindre")
@public
def rejoindre() -> str:
    return render_template("adhesion/rejoindre.html", resumed="")


def _start(kind: MemberKind) -> str:
    return render_template(f"adhesion/{SLUGS[kind].replace('-', '_')}.html", start=PAGES[kind].first_url,
                           steps=JOURNEYS[kind].steps, commitments=current_charter().of(kind))


@blueprint.get("/rejoindre/structure")
@public
def structure() -> str:
    return _start(MemberKind.STRUCTURE)


@blueprint.get("/rejoindre/professionnel")
@public
def professionnel() -> str:
    return _start(MemberKind.PROFESSIONAL)


@blueprint.get("/rejoindre/en-devenir")
@public
def en_devenir() -> str:
    return _start(MemberKind.LEARNER)
