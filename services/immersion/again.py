"""An immersion asked again for somebody else: what may be taken over of the request, and what is the first person's alone.

Nothing is made here: the form opens filled, and only its sending makes a request.
"""

from __future__ import annotations

from typing import Any

from models.backing import VOLUNTEER
from models.dossier import Dossier, Immersion
from models.states import STATES, Kind, Role

from ..acting import Action, register
from ..errors import NotAllowed

#: Of what is sought: the first person's words, that another may make theirs. Not their dates, nor what they need to come.
_SOUGHT = ("objectives", "functions", "skills_sought", "contributions", "publics")
_STRUCTURE = {"structure_name": "name", "typology": "typology", "siret": "siret", "address": "address",
              "structure_commune": "commune"}


def taken_over(dossier: Immersion) -> dict[str, dict[str, Any]]:
    """The pages of the form as they open, by step: all but who comes and when (forms/immersion.py names the questions)."""
    answers = dossier.answers
    pages = {"situation": {"work_status": answers.get("work_status")},
             "souhaits": {name: answers.get(name) for name in _SOUGHT}, "rythme": {"rhythm": answers.get("rhythm")},
             "vous": {name: answers.get(name) for name in ("post", "contract")} | {"job": dossier.author.quality}}
    if employer := answers.get("employer"):
        structure, person = employer["structure"], dossier.participant(Role.EMPLOYER)
        step = "association" if answers.get("work_status") == VOLUNTEER else "employeur"
        pages[step] = {name: structure.get(known) for name, known in _STRUCTURE.items()} | {
            "structure_status": "public" if structure["public"] else "prive",
            "employer_name": person.name if person else employer["name"],
            "employer_quality": (person.quality if person else "") or employer.get("quality"),
            "employer_email": person.email if person else employer["email"],
            "employer_phone": (person.phone if person else "") or employer.get("phone")}
    return pages


def _not_a_placement(dossier: Dossier, _who: object) -> str:
    return ("Une PMSMP se prépare avec sa propre fiche, sur la page des immersions." if "placement" in (dossier.answers or {})
            else "")


def _by_its_page(*_: object) -> str:
    raise NotAllowed()


register(Action(
    "refaire", "Refaire pour une autre personne",
    "ouvre le formulaire, déjà rempli, pour demander la même chose pour une autre personne",
    {Kind.IMMERSION: frozenset(state.value for state in STATES[Kind.IMMERSION]) - {"unconfirmed"}},
    frozenset({Role.AUTHOR, Role.EMPLOYER, Role.COORDINATOR}), _by_its_page, form=True, only=_not_a_placement))
