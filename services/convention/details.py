"""After a convention is sent, a party says how to reach it otherwise: told to those who need it, and no new version.

What is agreed on does not change (reference immersion.md b.6). Another address of mail is confirmed at both. It can be said too
where a version was declined, or not signed in time: the coordination is about to write to each, and the next version has it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from mail import outbox
from mail.letters import convention as letters
from models.access_link import Purpose
from models.dossier import Actor, Dossier, Immersion, Participant
from models.instance import instance
from models.states import ImmersionState, Kind, Role
from pdf.convention_data import Contact

from .. import delivery
from ..acting import Action, register, who_coordinates
from ..conversation import keep_words
from ..errors import Refused
from ..links import personal_url
from .difference import as_rows, differences
from .in_force import last_sent, last_sent_data, with_details
from .parts import whose_address
from .people import parties

_SIDES = {Role.HOST: "host", Role.EMPLOYER: "employer"}
_THREE = frozenset({Role.AUTHOR, Role.EMPLOYER, Role.HOST})


@dataclass(frozen=True)
class Details:
    """How to reach a party. ``contact`` and ``tutor_phone`` are a structure's; ``email``: where its mail is to go, "" as now."""

    phone: str = ""
    contact: Contact | None = None
    tutor_phone: str = ""
    email: str = ""


def details_of(answers: dict[str, str]) -> Details:
    """The answers of the page (forms/details.py)."""
    contact = Contact(**{name: answers.get(f"contact_{name}", "") for name in ("name", "quality", "email", "phone")})
    return Details(answers["phone"], contact, answers.get("tutor_phone", ""), answers["email"])


def known(dossier: Immersion, person: Participant) -> dict[str, str]:
    """What the page shows, by question."""
    data = with_details(dossier, last_sent_data(dossier))
    printed = data.companion.phone if person.role == Role.AUTHOR else ""
    values = {"phone": printed or person.phone, "email": person.email}
    if side := _SIDES.get(Role(person.role)):
        party = getattr(data, side)
        contact = (party.contact if party else None) or Contact("")
        values |= {f"contact_{name}": value for name, value in asdict(contact).items()}
    return values | ({"tutor_phone": data.tutor.phone} if person.role == Role.HOST else {})


def change(dossier: Immersion, by: Actor, words: str, now: datetime, details: Details) -> str:
    """Keep it, tell the coordination and the other parties what they read of it; another address is asked at both.

    :raises Refused: nothing changes, or the address is another party's.
    """
    person, before = by.participant, with_details(dossier, last_sent_data(dossier))
    moves = bool(details.email) and details.email.lower() != person.email.lower()
    if moves and (other := whose_address(dossier, before, Role(person.role), details.email)):
        raise Refused(f"Cette adresse est déjà celle d’une autre partie\u00a0: {other}. Chaque partie a la sienne.")
    _keep(dossier, person, details)
    rows = as_rows(differences(before, with_details(dossier, last_sent_data(dossier))))
    if details.phone != person.phone and not rows:
        rows = [["Téléphone", details.phone or "(retiré)"]]
    person.phone = details.phone
    if not rows and not moves:
        raise Refused("Rien ne change\u00a0: modifiez au moins une réponse, ou revenez à la demande.")
    if moves:
        delivery.ask_both(person, details.email, now)
    if rows:
        latest = last_sent(dossier)
        latest.corrections = [*latest.corrections, *rows]
        _tell(dossier, person, rows, words, now)
    dossier.record("details_changed", by, now)
    keep_words(dossier, by, words, now)
    return " ".join(filter(None, (
        ("C’est enregistré\u00a0: la coordination et les autres parties sont prévenues. Le document ne change pas." if rows
         else ""),
        "Un courriel est parti à vos deux adresses\u00a0: la nouvelle sert dès que les deux l’ont confirmée." if moves else "")))


def _keep(dossier: Immersion, person: Participant, details: Details) -> None:
    said: dict[str, Any] = {"phone": details.phone}
    if person.role != Role.AUTHOR:
        said = {"contact": asdict(details.contact or Contact(""))}
    if person.role == Role.HOST:
        said["tutor_phone"] = details.tutor_phone
    dossier.answers = {**dossier.answers, "contacts": {**dossier.answers.get("contacts", {}), person.role: said}}


def _tell(dossier: Immersion, person: Participant, rows: list[list[str]], words: str, now: datetime) -> None:
    for to in dict.fromkeys([*parties(dossier), *who_coordinates(dossier)]):
        if to is not person:
            outbox.post(letters.details_changed(instance().network, dossier, to, person.display_name, rows, words,
                                                personal_url(Purpose.DOSSIER, to, now)), to, now)


def _none_sent(dossier: Dossier, who: Any) -> str:
    if who is None:  # anybody in that role
        return ""
    return "" if dossier.conventions else "La convention n’est pas encore envoyée."


_S = ImmersionState
register(Action(
    "coordonnees", "Changer mes coordonnées",
    "change un téléphone, une personne à joindre ou une adresse, sans rien signer de nouveau",
    {Kind.IMMERSION: frozenset(state.value for state in (
        _S.TO_SIGN, _S.CHANGE_ASKED, _S.DECLINED, _S.EXPIRED, _S.SIGNED, _S.LIVED, _S.INTERRUPTED))},
    _THREE, change, words="optional", words_label="Un mot pour les autres, si vous le souhaitez", form=True, only=_none_sent))
