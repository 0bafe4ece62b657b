"""Instead of signing: ask for a change, decline, say that somebody else signs. All who take part are told."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from mail import outbox
from mail.letters import signature as letters
from models.access_link import AccessLink, Purpose
from models.base import db
from models.convention import Convention, ConventionKind, ConventionState
from models.dossier import Actor, Immersion, Participant
from models.instance import instance
from models.signature import Signature
from models.states import ImmersionState, Kind, Role
from pdf.convention import BY_DELEGATION, ConventionData, Signatory, from_json

from ..acting import Action, register, who_coordinates
from ..conversation import keep_words
from ..errors import NotAllowed, Refused
from ..links import personal_url
from . import codes, versions
from .people import parties, tutors
from .reading import sent_pdf
from .signing import sign_url, signature_of, what, who, why_not

_SIGNERS = frozenset({Role.AUTHOR, Role.EMPLOYER, Role.HOST, Role.SIGNATORY})
_COORDINATOR = frozenset({Role.COORDINATOR})
#: Where the coordination finds the person proposed to sign.
PROPOSED = "proposed_signer"


@dataclass(frozen=True)
class OtherSigner:
    """Who should sign. ``same``: the person the document names, at another address; else somebody else, in ``capacity``."""

    email: str
    name: str = ""
    quality: str = ""
    capacity: str = BY_DELEGATION
    same: bool = False


def ask_change(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """A party wants something else written: signing waits for the coordination."""
    version = _pause(dossier, by, words, now)
    _tell_pause(version, by, words, now)
    return "Votre demande part à la coordination. La signature attend sa réponse ; les autres parties sont prévenues."


def _pause(dossier: Immersion, by: Actor, words: str, now: datetime) -> Convention:
    version = _open_version(by.participant)
    dossier.move_to(ImmersionState.CHANGE_ASKED, by, now, "convention_change_asked", version=version.version)
    keep_words(dossier, by, words, now)
    return version


def _open_version(participant: Participant | None) -> Convention:
    row = signature_of(participant) if participant else None
    if row is None:
        raise NotAllowed("Cette convention n’attend pas votre signature.")
    return row.convention


def _tell_pause(version: Convention, by: Actor, words: str, now: datetime, proposed: str = "") -> None:
    dossier, network = version.immersion, instance().network
    for person in _everybody(version, but=by.participant):
        url = personal_url(Purpose.DOSSIER, person, now)
        outbox.post(letters.change_asked(network, dossier, person, by.participant.display_name, what(version), words, url,
                                         proposed), person, now)


def _everybody(version: Convention, but: Participant | None = None) -> list[Participant]:
    """All who follow a version, the coordination included, once each."""
    people = [*parties(version.immersion), *(row.participant for row in version.signatures if row.participant),
              *tutors(version.immersion), *who_coordinates(version.immersion)]
    return [person for person in dict.fromkeys(people) if person is not but and person.active]


def keep(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """Nothing changes after all: the same version is to be signed again, and the signatures it had still count."""
    version = dossier.convention
    dossier.move_to(ImmersionState.TO_SIGN, by, now, "convention_kept", version=version.version)
    _forget_proposal(dossier)
    versions.tell_resumed(version, words, [], now)
    return "La même version est de nouveau à signer. Les signatures déjà reçues comptent toujours."


def decline(dossier: Immersion, by: Actor, words: str, now: datetime, _extra: object = None) -> str:
    """Somebody will not sign: all are told why, those who had signed too.

    Why the person received does not is for the coordination alone: nobody may hold it against them (code du travail,
    L8241-2; reference field.md 4.8).
    """
    version = _open_version(by.participant)
    row, own = signature_of(by.participant), by.role == Role.AUTHOR
    row.declined_at, row.reason = now, "" if own else words
    version.state = ConventionState.DECLINED.value
    if version.kind == ConventionKind.CONVENTION:
        dossier.move_to(ImmersionState.DECLINED, by, now, "convention_declined", version=version.version)
    else:
        dossier.record("convention_declined", by, now, version=version.version)
    keep_words(dossier, by, words, now)
    for person in _everybody(version, but=by.participant):
        url = personal_url(Purpose.DOSSIER, person, now)
        signed = any(each.participant is person and each.way for each in version.signatures)
        said = "" if own and person.role != Role.COORDINATOR else words
        outbox.post(letters.convention_declined(
            instance().network, dossier, person, by.participant.display_name, what(version), said, url, signed=signed,
            amendment=version.kind == ConventionKind.AVENANT), person, now)
    return ("Votre refus est enregistré. Les autres parties et la coordination reçoivent un courriel"
            + (" ; votre raison n’est lue que par la coordination." if own else ", avec votre raison."))


def other_signer(dossier: Immersion, by: Actor, words: str, now: datetime, other: OtherSigner | None) -> str:
    """Somebody else signs: the person the document names, at their own address, or another person, whom it must then name."""
    row = signature_of(by.participant)
    if row is None:
        raise NotAllowed("Cette convention n’attend pas votre signature.")
    if other is None:
        version = _pause(dossier, by, words, now)
        _tell_pause(version, by, words, now)
        return "Merci. La coordination cherche la bonne personne ; vous n’avez plus rien à faire."
    _check_address(row, other.email)
    if other.same:
        return _forward(row, by, words, now, other.email)
    proposed = {"signature": row.id, **asdict(other)}
    dossier.answers = {**dossier.answers, PROPOSED: proposed}
    version = _pause(dossier, by, words, now)
    _tell_pause(version, by, words, now, proposed=_named(row, other))
    return (f"Votre proposition part à la coordination : {other.name} signerait pour {row.structure or row.name}. La convention "
            "est corrigée, puis envoyée à signer à cette personne.")


def _named(row: Signature, other: OtherSigner) -> str:
    return f"{other.name}, {other.quality} ({other.capacity}), à la place de {who(row)}"


def _check_address(row: Signature, email: str) -> None:
    for other in row.convention.signatures:
        if other.party != row.party and other.email.lower() == email.lower():
            raise Refused("Cette adresse est celle d’une autre partie de la convention. Indiquez l’adresse propre à la personne "
                          "qui signe.")


def _forward(row: Signature, by: Actor, words: str, now: datetime, email: str) -> str:
    """The person the document names signs from their own address; the link that reached somebody else signs nothing more."""
    dossier, version = row.convention.immersion, row.convention
    seat = next((p for p in dossier.participants if p.role == Role.SIGNATORY and p.email.lower() == email.lower()), None)
    if seat is None:
        seat = Participant(role=Role.SIGNATORY.value, name=row.name, email=email.lower(), quality=row.quality,
                           organisation=row.structure)
        dossier.participants.append(seat)
    seat.active = True
    row.participant, row.email = seat, email.lower()
    codes.forget(row)
    dossier.record("signer_changed", by, now)
    keep_words(dossier, by, words, now)
    db.session.flush()
    if by.participant.role == Role.SIGNATORY:
        _revoke(by.participant, now)
    network = instance().network
    outbox.post(letters.signature_forwarded(network, dossier, seat, by.participant.display_name, what(version),
                                            sign_url(row, now), sent_pdf(version),
                                            f"{version.kind}-{dossier.reference}-v{version.version}.pdf"), seat, now)
    for person in who_coordinates(dossier):
        outbox.post(letters.signer_changed(network, dossier, person, by.participant.display_name, who(row), what(version),
                                           words, personal_url(Purpose.DOSSIER, person, now)), person, now)
    return f"Le lien pour signer part à {row.name}, à l’adresse que vous avez donnée. La coordination est prévenue."


def _revoke(participant: Participant, now: datetime) -> None:
    """Somebody who is not the right person takes part no more, and their links open nothing."""
    participant.active = False
    for link in db.session.query(AccessLink).filter_by(participant_id=participant.id, revoked_at=None):
        link.revoked_at = now


def proposal(dossier: Immersion) -> dict[str, Any] | None:
    """The person proposed to sign, as long as the coordination has not answered."""
    return (dossier.answers or {}).get(PROPOSED)


def _forget_proposal(dossier: Immersion) -> None:
    dossier.answers = {key: value for key, value in dossier.answers.items() if key != PROPOSED}


def _with_signer(dossier: Immersion) -> ConventionData:
    """The version sent, where the person proposed signs."""
    found, version = proposal(dossier), dossier.convention
    row = next((row for row in version.signatures if found and row.id == found["signature"]), None)
    if row is None:
        raise NotAllowed()
    return versions.with_signatory(from_json(version.data), row.party, row.position,
                                   Signatory(found["name"], found["quality"], found["capacity"], found["email"]))


def _prepare(dossier: Immersion, _words: str, now: datetime) -> tuple[ConventionData, bytes]:
    return versions.frozen_from(dossier, _with_signer(dossier), now)


def replace_signer(dossier: Immersion, by: Actor, words: str, now: datetime, ready: tuple[ConventionData, bytes]) -> str:
    """The person proposed signs: the document names them, and is sent to be signed by all."""
    found = proposal(dossier)
    because = words or f"{found['name']} signe désormais, {found['capacity']}."
    versions.take_back(dossier, by, because, now)
    _forget_proposal(dossier)
    versions.issue(dossier, by, "", now, ready)
    return f"{found['name']} reçoit la convention à signer. Les autres parties reçoivent la nouvelle version."


def _not_open(dossier: Immersion, who_: Any) -> str:
    if who_ is None:  # anybody in that role
        waits = dossier.state == ImmersionState.TO_SIGN or any(row.state == ConventionState.ISSUED for row in dossier.conventions)
        return "" if waits else "Rien n’est à signer."
    row = signature_of(who_) if isinstance(who_, Participant) else None
    if row is None:
        return "Cette convention n’attend pas votre signature."
    return why_not(row)


def _not_open_to_pause(dossier: Immersion, who_: Any) -> str:
    return _not_open(dossier, who_) or (
        "" if dossier.state == ImmersionState.TO_SIGN else "Répondez au courriel reçu : la coordination corrige l’avenant.")


def _no_proposal(dossier: Immersion, _who: Any) -> str:
    return "" if proposal(dossier) else "Personne n’a proposé d’autre signataire."


def _in(*states: ImmersionState) -> dict[Kind, frozenset[str]]:
    return {Kind.IMMERSION: frozenset(state.value for state in states)}


_S = ImmersionState
register(
    Action("modifier", "Demander une modification", "demande à la coordination de changer le texte ; la signature attend",
           _in(_S.TO_SIGN), _SIGNERS, ask_change, words="required",
           words_label="Ce qui devrait changer, lu par toutes les parties", only=_not_open_to_pause),
    Action("pas-moi", "Ce n’est pas à moi de signer", "dit que la signature revient à une autre personne", _in(_S.TO_SIGN),
           _SIGNERS, other_signer, words="optional", words_label="Un mot pour la coordination", form=True,
           only=_not_open_to_pause),
    Action("decliner", "Refuser de signer", "refuse de signer ; la raison est lue par toutes les parties",
           _in(_S.TO_SIGN, _S.SIGNED), _SIGNERS - {Role.AUTHOR}, decline, words="required",
           words_label="Votre raison, lue par toutes les parties", only=_not_open),
    Action("decliner", "Refuser de signer", "refuse de signer ; les autres parties l’apprennent, sans votre raison",
           _in(_S.TO_SIGN, _S.SIGNED), frozenset({Role.AUTHOR}), decline, words="optional",
           words_label="Votre raison, lue par la coordination seule", only=_not_open),
    Action("remplacer-signataire", "Accepter ce changement de signataire",
           "fait une nouvelle version au nom de la personne proposée, et l’envoie à signer", _in(_S.CHANGE_ASKED), _COORDINATOR,
           replace_signer, words="optional", words_label="Un mot pour les parties", strict=True, only=_no_proposal,
           prepare=_prepare, main=True),
    Action("remettre", "Remettre à signer sans rien changer",
           "remet la même version à signer ; les signatures reçues comptent toujours", _in(_S.CHANGE_ASKED), _COORDINATOR, keep,
           words="required", words_label="Pourquoi rien ne change, lu par toutes les parties"),
)
