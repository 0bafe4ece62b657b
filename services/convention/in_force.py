"""What a signed convention says today, its signed amendments included."""

from __future__ import annotations

from dataclasses import replace

from models.convention import Convention, ConventionKind, ConventionState
from models.dossier import Dossier, Immersion
from pdf import avenant
from pdf.convention import Contact, ConventionData, from_json

from ..errors import NotFound


def said_by(row: Convention) -> ConventionData:
    """The convention as a version reads, or as it reads once that amendment holds."""
    return avenant.from_json(row.data).consolidated if row.kind == ConventionKind.AVENANT else from_json(row.data)


def in_force(dossier: Immersion, but: Convention | None = None) -> ConventionData:
    """The convention as it reads today; ``but``: as it read before that amendment. :raises NotFound: it is not signed."""
    signed = [row for row in dossier.conventions if row.state == ConventionState.SIGNED and row is not but]
    if not signed:
        raise NotFound("La convention n’est pas encore signée.")
    return with_details(dossier, said_by(signed[-1]))


def if_signed(dossier: Immersion) -> ConventionData | None:
    """:func:`in_force`, or None where nothing is signed."""
    return in_force(dossier) if any(row.state == ConventionState.SIGNED for row in dossier.conventions) else None


def last_sent(dossier: Immersion) -> Convention:
    """The version last sent to be signed, whatever became of it, unless it was taken back. :raises NotFound: none was sent."""
    sent = [row for row in dossier.conventions
            if row.state in (ConventionState.ISSUED, ConventionState.SIGNED)
            or (row.state == ConventionState.DECLINED and not row.number)]
    if not sent:
        raise NotFound("La convention n’est pas encore envoyée à signer.")
    return sent[-1]


def last_sent_data(dossier: Immersion) -> ConventionData:
    """What :func:`last_sent` says. :raises NotFound: none was sent."""
    return said_by(last_sent(dossier))


def with_details(dossier: Immersion, data: ConventionData) -> ConventionData:
    """``data`` with the ways to reach each party that it gave since (details.py)."""
    given = (dossier.answers or {}).get("contacts", {})
    for side in ("host", "employer"):
        if (party := getattr(data, side)) and "contact" in given.get(side, {}):
            contact = Contact(**given[side]["contact"])
            data = replace(data, **{side: replace(party, contact=contact if contact != Contact("") else None)})
    if "tutor_phone" in given.get("host", {}):
        data = replace(data, tutor=replace(data.tutor, phone=given["host"]["tutor_phone"]))
    if "phone" in given.get("author", {}):
        data = replace(data, companion=replace(data.companion, phone=given["author"]["phone"]))
    return data


def said_place(data: ConventionData) -> str:
    """Where it is, on one line."""
    return ", ".join(filter(None, (data.places[0].address, data.places[0].commune))) if data.places else ""


def on_the_spot(dossier: Immersion) -> dict[str, str]:
    """Where it is, how to get in, who welcomes and what to know there, as the signed documents read today.

    By the names of the host's answers (``services/immersion/hosting.py``), which it is made of until something is signed.
    """
    data = if_signed(dossier)
    if data is None:
        return (dossier.answers or {}).get("host", {})
    place = data.places[0] if data.places else None
    return {"address": ", ".join(filter(None, (place.label if place else "", said_place(data)))),
            "access": place.access if place else "", "tutor_name": data.tutor.name, "tutor_quality": data.tutor.quality,
            "tutor_contact": data.tutor.phone or data.tutor.email, "meals": data.meals, "safety": data.safety}


def open_amendment(dossier: Dossier) -> Convention | None:
    """The amendment that waits for signatures, if any: one at a time."""
    return next((row for row in dossier.conventions if row.number and row.state == ConventionState.ISSUED), None)
