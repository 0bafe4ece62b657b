"""A convention as plain answers, one name a question, and back: the pages of the parties and of the coordination share them.

Pure. A structure's questions bear its name: ``host_legal_name``, ``employer2_email``; a frame's, its own:
``pret_main_oeuvre__cost_method``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pdf.convention import FRAMES, Contact, ConventionData, Cost, Party, Place, Session, Signatory

#: Questions whose answer is the field of the same name.
_SAME = ("functions", "publics", "remote", "meals", "insurance_host", "insurance_employer", "safety", "equipment",
         "access_needs", "special_clauses", "frame")
_PARTY = ("legal_name", "address", "commune", "siret")
_PERSON = ("name", "quality", "capacity", "email")
_CONTACT = ("name", "quality", "email", "phone")
_NOBODY, _NO_CONTACT = Signatory("", ""), Contact("")


def as_values(data: ConventionData) -> dict[str, Any]:
    """What the pages show, one plain value a question; see :func:`corrected`."""
    travel, meal, place = _at(data.costs, 0, Cost("", "")), _at(data.costs, 1, Cost("", "")), _at(data.places, 0, Place("", ""))
    values: dict[str, Any] = {name: getattr(data, name) for name in _SAME}
    values |= {
        "objectives": "\n".join(data.objectives), "place_address": place.address, "place_commune": place.commune,
        "place_label": place.label, "place_access": place.access,
        "tutor_name": data.tutor.name, "tutor_quality": data.tutor.quality, "tutor_phone": data.tutor.phone,
        "tutor_email": data.tutor.email, "companion_name": data.companion.name, "companion_job": data.companion.job_title,
        "companion_contract": data.companion.contract, "companion_phone": data.companion.phone,
        "companion_activity": data.companion.activity, "companion_address": data.companion.address,
        "companion_commune": data.companion.commune, "companion_siret": data.companion.siret,
        "travel_payer": travel.payer, "travel_detail": travel.detail, "meal_payer": meal.payer}
    for prefix, party in (("host", data.host), ("employer", data.employer)):
        if party is not None:
            values |= _party_values(prefix, party)
    # Those of each frame, where another one may be chosen: what two of them ask is not typed twice.
    return values | {f"{code}__{name}": _shown(getattr(data.details, name))
                     for code, frame in FRAMES.items() for name in frame.own}


def _party_values(prefix: str, party: Party) -> dict[str, Any]:
    first, second = _at(party.signatories, 0, _NOBODY), _at(party.signatories, 1, _NOBODY)
    return ({f"{prefix}_{name}": getattr(party, name) for name in _PARTY}
            | {f"{prefix}_{name}": getattr(first, name) for name in _PERSON}
            | {f"{prefix}2_{name}": getattr(second, name) for name in _PERSON}
            | {f"{prefix}_contact_{name}": getattr(party.contact or _NO_CONTACT, name) for name in _CONTACT})


def _at(rows: tuple, index: int, nothing: Any) -> Any:
    return rows[index] if len(rows) > index else nothing


def _shown(value: Any) -> Any:
    return "" if value is None else ("oui" if value else "non") if isinstance(value, bool) else value


def corrected(data: ConventionData, values: Mapping[str, Any], details: Mapping[str, Any] | None = None,
              sessions: list[tuple] | None = None) -> ConventionData:
    """``data`` with those answers; what ``values`` does not name stays as it was."""
    text = as_values(data) | {name: value or "" for name, value in values.items()}
    employer = _party(data.employer, text, "employer") if data.employer else None
    place = Place(text["place_address"], text["place_commune"], text["place_label"], text["place_access"])
    return replace(
        data, **{name: text[name] for name in _SAME}, host=_party(data.host, text, "host"), employer=employer,
        objectives=lines(text["objectives"]),
        places=((place,) if place != Place("", "") else ()) + data.places[1:],
        tutor=replace(data.tutor, name=text["tutor_name"], quality=text["tutor_quality"], email=text["tutor_email"],
                      phone=text["tutor_phone"]),
        companion=replace(data.companion, name=text["companion_name"], job_title=text["companion_job"],
                          contract=text["companion_contract"], phone=text["companion_phone"],
                          activity=text["companion_activity"], address=text["companion_address"],
                          commune=text["companion_commune"], siret=text["companion_siret"]),
        costs=(Cost("Déplacements", text["travel_payer"], text["travel_detail"]), Cost("Repas", text["meal_payer"]),
               *data.costs[2:]),
        sessions=data.sessions if sessions is None else tuple(Session(*row) for row in sessions),
        details=replace(data.details, **(details or {})))


def lines(text: str) -> tuple[str, ...]:
    """Objectives typed one a line, with or without a dash."""
    return tuple(line.strip(" -•\t") for line in text.splitlines() if line.strip(" -•\t"))


def _party(party: Party, text: Mapping[str, Any], prefix: str) -> Party:
    first = replace(_at(party.signatories, 0, _NOBODY), **_person(text, f"{prefix}_"))
    second = replace(_at(party.signatories, 1, _NOBODY), **_person(text, f"{prefix}2_"))
    contact = Contact(**{name: text[f"{prefix}_contact_{name}"] for name in _CONTACT})
    return replace(party, **{name: text[f"{prefix}_{name}"] for name in _PARTY},
                   signatories=(first, second, *party.signatories[2:]) if second.name.strip() else (first,),
                   contact=contact if contact != _NO_CONTACT else None)


def _person(text: Mapping[str, Any], prefix: str) -> dict[str, str]:
    return {name: text[f"{prefix}{name}"] or (_NOBODY.capacity if name == "capacity" else "") for name in _PERSON}
