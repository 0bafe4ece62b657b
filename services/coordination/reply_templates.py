"""Replies written beforehand: kept by coordinators, filled for one request, read again before they are sent."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import or_, select

from models.base import db, transaction
from models.desk import ReplyTemplate
from models.dossier import Dossier
from models.instance import instance
from models.typography import french
from territory.calendar import say_date

from ..errors import NotFound, Refused

#: What stands for something of the request: a closed list, so that a text is never a program (ASVS 1.3.7).
VARIABLES: dict[str, str] = {
    "prenom": "le prénom de la personne", "nom": "son nom entier", "reference": "la référence de la demande",
    "objet": "l’objet de la demande", "promesse": "le jour promis pour la réponse", "signature": "votre nom",
    "reseau": "le nom du réseau"}
_VARIABLE = re.compile(r"\{([^{}\n]{0,40})\}")
#: What the preview of a template that belongs to no request is filled with.
_EXAMPLE = {"prenom": "Noa", "nom": "Noa Fictif", "reference": "AIDE-2027-0042", "objet": "Une question simple",
            "promesse": "jeudi 14 janvier 2027"}


def all_of(kind: str = "") -> list[ReplyTemplate]:
    """Every template, or those that serve requests of ``kind``, by title."""
    wanted = select(ReplyTemplate).order_by(ReplyTemplate.title, ReplyTemplate.id)
    return list(db.session.scalars(wanted.where(or_(ReplyTemplate.kind == "", ReplyTemplate.kind == kind)) if kind else wanted))


def find(template_id: int) -> ReplyTemplate:
    """:raises NotFound: there is none of that number."""
    found = db.session.get(ReplyTemplate, template_id) if template_id < 2**31 else None
    if found is None:
        raise NotFound("Ce modèle de réponse n’existe plus.")
    return found


def check(body: str) -> None:
    """:raises Refused: it names something that is not of the list; the sentence says what."""
    unknown = sorted({name for name in _VARIABLE.findall(body) if name not in VARIABLES})
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in VARIABLES)
        raise Refused(f"« {{{unknown[0]}}} » n’est pas un mot que le site remplace. Choisissez parmi : {known}.")


def save(template_id: int | None, title: str, body: str, kind: str, by: str, now: datetime) -> int:
    """Keep a template, new (None) or changed; gives its number.

    :raises Refused: it names something unknown. :raises NotFound: it was deleted meanwhile.
    """
    check(body)
    with transaction():
        row = find(template_id) if template_id is not None else ReplyTemplate()
        row.title, row.body, row.kind, row.changed_by, row.changed_at = title, body, kind, by, now
        db.session.add(row)
        db.session.flush()
        return row.id


def delete(template_id: int) -> None:
    """Remove a template; twice is once."""
    with transaction():
        row = db.session.get(ReplyTemplate, template_id)
        if row is not None:
            db.session.delete(row)


def filled(body: str, dossier: Dossier, signature: str) -> str:
    """The words for that request, to be read again by who sends them."""
    author = dossier.author.name
    return _fill(body, {"prenom": author.split(" ")[0], "nom": author, "reference": dossier.reference, "objet": dossier.title,
                        "promesse": say_date(dossier.promised_on) if dossier.promised_on else "", "signature": signature})


def preview(body: str, signature: str) -> str:
    """The words as they would be for an invented request."""
    return _fill(body, _EXAMPLE | {"signature": signature})


def _fill(body: str, values: dict[str, str]) -> str:
    known = values | {"reseau": instance().network.name}
    return french(_VARIABLE.sub(lambda found: known.get(found[1], found[0]), body))
