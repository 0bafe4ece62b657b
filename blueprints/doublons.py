"""Possible duplicates, ``/coordination/doublons``: who resembles whom, side by side, made one by a press, or said to be two."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for

from forms.doublons import merge_form
from models.merge import Twin
from services.coordination import desk
from services.errors import NotFound
from services.membre import compared, doubles, merging, undoing

from .access import coordinator_only
from .templating import page_now, whole_number

blueprint = Blueprint("doublons", __name__, url_prefix="/coordination/doublons")

_KINDS = {"membres": Twin.MEMBRE, "structures": Twin.STRUCTURE}


@blueprint.get("/")
@coordinator_only
def liste():
    found = [("Membres", "membres", doubles.members_twice()), ("Structures", "structures", doubles.structures_twice()),
             ("Invitations", "invitations", doubles.invited_twice())]
    return render_template("doublons/liste.html", groups=found, merges=undoing.recent(page_now()),
                           done=request.args.get("fait", ""))


@blueprint.route("/<any(membres, structures):kind>/<int:first>/<int:second>", methods=["GET", "POST"])
@coordinator_only
def comparer(kind: str, first: int, second: int):
    twin = _KINDS[kind]
    one, other = merging.two(twin, first, second)
    asked = compared.questions(twin, one, other)
    form = merge_form([_question(question) for question in asked])(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        merging.merge(twin, one.id, other.id, form.answers(), g.coordinator, page_now())
        return redirect(url_for(".liste", fait="reunies") + "#contenu", 303)
    page = render_template("doublons/comparer.html", kind=kind, one=one, other=other, rows=compared.rows(twin, one, other),
                           form=form, errors=form.wrong, structure=twin == Twin.STRUCTURE)
    return (page, 422) if request.method == "POST" else page


def _question(question: compared.Question):
    choices = [(compared.FIRST, question.first or "rien"), (compared.SECOND, question.second or "rien")]
    if question.field.both:
        choices.append((compared.BOTH, "Les deux"))
    return question.field.name, question.field.label, choices, question.suggested


@blueprint.get("/demande/<reference>/<any(membres, structures):kind>/<int:number>")
@coordinator_only
def comparer_demande(reference: str, kind: str, number: int):
    """What a request to join says, beside what is known: it can only be read, since nobody is made yet."""
    dossier = desk.find(reference)
    likeness = next((one for one in doubles.of_request(dossier) if one.kind == _KINDS[kind] and one.other.id == number), None)
    if likeness is None:
        raise NotFound("Cette demande ne ressemble plus à cette fiche.")
    return render_template("doublons/demande.html", dossier=dossier, likeness=likeness, rows=doubles.beside(dossier, likeness),
                           structure=likeness.kind == Twin.STRUCTURE)


@blueprint.post("/<any(membres, structures, invitations):kind>/<int:first>/<int:second>/distincts")
@coordinator_only
def distincts(kind: str, first: int, second: int):
    doubles.say_distinct(_KINDS.get(kind, Twin.INVITATION), first, second, g.coordinator, page_now())
    return redirect(url_for(".liste", fait="distincts") + "#contenu", 303)


@blueprint.post("/invitations/<int:first>/<int:second>/meme")
@coordinator_only
def meme(first: int, second: int):
    """Who was invited is a member already."""
    doubles.same_as_invited(first, second, page_now())
    return redirect(url_for(".liste", fait="invitation") + "#contenu", 303)


@blueprint.post("/defaire")
@coordinator_only
def defaire():
    undoing.undo(whole_number(request.form.get("reunion", "")) or 0, g.coordinator, page_now())
    return redirect(url_for(".liste", fait="defaite") + "#contenu", 303)
