"""The coordination reminds one person whose signature is missing: when it chooses, and once a day at most.

Such a reminder counts among all that one address receives (``services/reminding.py``), and the clock's own are put off by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.convention import ConventionState
from models.dossier import Actor, Immersion
from models.signature import Signature
from models.states import ImmersionState, Kind, Role
from territory.calendar import local, say_date, say_datetime
from territory.spelling import fold

from .. import reminding
from ..acting import Action, register
from ..delivery.stopping import stopped_among
from ..errors import AlreadyDone, Refused
from .reminding import write_reminder
from .signing import who, why_not

_NOBODY = "Aucune signature n’est attendue pour le moment : il n’y a personne à relancer."


class SignerUnknown(Refused):
    """Words that name nobody whose signature is missing, or several people."""


class TooSoon(Refused):
    """That person cannot be reminded now."""


@dataclass(frozen=True)
class Awaited:
    """Somebody whose signature is missing. ``last``: when they were last reminded, in words; ``obstacle``: why they cannot be
    now, or ""."""

    signature_id: int
    name: str
    last: str
    obstacle: str


def awaited(dossier: Immersion, now: datetime) -> list[Awaited]:
    """Those whose signature is missing, in the order of the boxes."""
    return [Awaited(row.id, who(row), said_last(row, now), _obstacle(row, now)) for row in _missing(dossier)]


def said_last(row: Signature, now: datetime) -> str:
    """When that person was last reminded to sign, in a sentence."""
    if row.reminded_at is None:
        return f"Pas encore de rappel depuis l’envoi, le {say_datetime(row.convention.issued_at)}."
    if row.reminded_at > now:
        return f"Un rappel part le {say_datetime(row.reminded_at)}."
    return f"Dernier rappel le {say_datetime(row.reminded_at)}."


def signer_named(dossier: Immersion, words: str) -> int:
    """The row of the one person that ``words`` name, by their name, their structure or their address; nothing names who is alone.

    :raises SignerUnknown: nobody or several; the sentence lists who can be named.
    """
    rows, named = _missing(dossier), fold(words)
    if not rows:
        raise SignerUnknown(_NOBODY)
    if not named and len(rows) == 1:
        return rows[0].id
    pieces = set(named.split())
    found = [row for row in rows if pieces and pieces <= set(fold(f"{row.name} {row.structure} {row.email}").split())]
    if len(found) == 1:
        return found[0].id
    can = " ; ".join(f"« /relancer {row.name} »" for row in rows)
    why = (f"« {words.strip()[:80]} » " + ("désigne plusieurs personnes." if found else "n’est pas une personne dont la "
                                           "signature manque.")) if named else "Il manque le nom de la personne."
    raise SignerUnknown(f"{why} Vous pouvez écrire : {can}.")


def recall(dossier: Immersion, by: Actor, words: str, now: datetime, signature_id: int | None) -> str:
    """Remind that person; outside of working hours it leaves at the next opening, unless they sign before."""
    row = next((each for each in _missing(dossier) if each.id == signature_id), None)
    if row is None:
        raise AlreadyDone("Cette signature n’est plus attendue : la personne a signé, ou la version a changé.")
    if sentence := _obstacle(row, now):
        raise TooSoon(sentence)
    row.reminders, row.reminded_at = row.reminders + 1, reminding.may_leave(row.participant.email, now)
    write_reminder(row, now, words=words, sender=by.participant.name)
    dossier.record("signature_recalled", by, now, party=row.party_label)
    if row.reminded_at > now:
        return (f"Le rappel à {who(row)} partira le {say_datetime(row.reminded_at)}, à la reprise des heures ouvrées. Si la "
                "personne signe avant, il ne part pas.")
    return f"Un rappel part à {who(row)}, avec le lien pour signer."


def _missing(dossier: Immersion) -> list[Signature]:
    return [row for version in dossier.conventions if version.state == ConventionState.ISSUED for row in version.signatures
            if row.participant is not None and row.participant.active and not why_not(row)]


def _obstacle(row: Signature, now: datetime) -> str:
    email, name = row.participant.email, who(row)
    if row.copy_to_decide is not None:
        return (f"{name} a renvoyé un document signé à la main : il attend votre décision, par « Décider d’un document signé sur "
                "papier ».")
    if stopped_among([email]):
        return f"Nos courriels n’arrivent plus à {name} : corrigez d’abord son adresse, ou joignez cette personne autrement."
    moment = reminding.working(now)
    may = reminding.may_leave(email, now)
    if local(may).date() == local(moment).date():
        return ""
    last = f" le {say_datetime(row.reminded_at)}" if row.reminded_at else ", à propos d’une autre demande"
    return (f"{name} reçoit déjà un rappel de notre part{last}. Un par jour, pas plus : le prochain peut partir le "
            f"{say_date(local(may).date())}.")


def _nobody_to_recall(dossier: Immersion, _who: Any) -> str:
    return "" if _missing(dossier) else _NOBODY


_WHERE = {Kind.IMMERSION: frozenset({ImmersionState.TO_SIGN.value, ImmersionState.SIGNED.value})}

register(Action(
    "relancer", "Relancer une personne qui n’a pas signé",
    "envoie de nouveau le lien pour signer à une personne, une fois par jour au plus", _WHERE, frozenset({Role.COORDINATOR}),
    recall, words="optional", words_label="Un mot pour cette personne", form=True, only=_nobody_to_recall))
