"""A version is signed by link: its text in view, a code sent to the address, the name typed, the button pressed.

It is a simple electronic signature (eIDAS, article 25.1), and claims no more. Opening a page changes nothing; what is signed
is the very version that was shown, told by the SHA-256 of its PDF.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from mail import outbox
from mail.letters import signature as letters
from models.access_link import AccessLink, Purpose
from models.base import db, transaction
from models.convention import Convention, ConventionKind, ConventionState
from models.dossier import Actor, Dossier, Participant
from models.instance import instance
from models.signature import Signature, Way
from models.states import ImmersionState, Kind, Role
from pdf.certificate import masked
from territory.calendar import PARIS, local, say_date, say_datetime
from territory.spelling import fold

from .. import reminding, throttle
from ..acting import promise, take_seat
from ..errors import AlreadyDone, NotAllowed, NotFound, Refused, TooMany
from ..links import personal_url
from . import codes
from .completion import complete
from .reading import first_day

#: A link to sign lives until the first session, and this much longer (reference immersion.md a.3).
GRACE = timedelta(days=30)


class VersionChanged(Refused):
    """What was about to be signed is not what is to be signed any more."""

    sentence = ("Le texte a changé depuis que vous avez ouvert cette page : rien n’a été signé. Voici le texte à signer "
                "maintenant. Relisez-le, puis demandez un code.")


class NotThatPerson(Refused):
    """The name that was typed is not that of the person who is to sign."""


class CodeWrong(Refused):
    """The code is not the one that was sent, or is worth nothing any more."""


@dataclass(frozen=True)
class Given:
    """What a person typed on the page to sign; ``shown`` is the SHA-256 of the PDF they had in view."""

    name: str
    quality: str
    code: str
    shown: str


def signature_of(participant: Participant) -> Signature | None:
    """The row that person is to sign, or signed last; None for who signs nothing."""
    mine = [row for version in participant.dossier.conventions for row in version.signatures
            if row.participant_id == participant.id]
    waiting = [row for row in mine if row.convention.state == ConventionState.ISSUED and not row.signed]
    return waiting[0] if waiting else (mine[-1] if mine else None)


def read(participant: Participant) -> tuple[Convention, Signature | None]:
    """What is to be signed or was, and the row of that person in it, if they sign.

    :raises NotFound: nothing was sent to be signed.
    """
    if (row := signature_of(participant)) is not None:
        return row.convention, row
    sent = [version for version in participant.dossier.conventions if version.state in ("issued", "signed")]
    if not sent:
        raise NotFound("La convention n’est pas encore prête à être signée.")
    return sent[-1], None


def expected(dossier: Dossier, who_: Any) -> dict[str, Any]:
    """For the page of a dossier: ``version_to_sign``, what is to be signed or was; ``mine_to_sign``, what that person must."""
    if dossier.kind_ != Kind.IMMERSION:
        return {"version_to_sign": None, "mine_to_sign": None}
    sent = [version for version in dossier.conventions
            if version.signatures and version.state in ("issued", "declined", "signed")]
    mine = None if who_.role == Role.COORDINATOR else signature_of(who_)
    return {"version_to_sign": sent[-1] if sent else None, "mine_to_sign": mine if mine and not why_not(mine) else None}


def why_not(row: Signature) -> str:
    """Why that row cannot be signed now, as a sentence; "" where it can."""
    version = row.convention
    if row.signed:
        return "Vous avez déjà signé."
    if version.state in (ConventionState.SUPERSEDED, ConventionState.CANCELLED):
        return "Cette version n’est plus à signer."
    if version.state == ConventionState.DECLINED or row.declined_at:
        return "La signature est arrêtée : une personne a refusé de signer."
    if version.kind == ConventionKind.CONVENTION and version.immersion.state != ImmersionState.TO_SIGN:
        return {"change_asked": "Une partie a demandé une modification : la signature attend la réponse de la coordination.",
                "expired": "Les signatures n’ont pas été réunies avant la première séance : la coordination prévoit de "
                           "nouvelles dates."}.get(version.immersion.state, "La convention n’est plus à signer.")
    return "" if version.state == ConventionState.ISSUED else "La convention n’est plus à signer."


def what(version: Convention) -> str:
    """How sentences name what is signed: « la convention IMM-2027-0001, version 1 »."""
    reference = version.immersion.reference
    if version.kind == ConventionKind.AVENANT:
        return f"l’avenant n° {version.number} à la convention {reference}, version {version.version}"
    return f"la convention {reference}, version {version.version}"


def statement(row: Signature) -> str:
    """The words beside the box: what a person declares by ticking it."""
    return declaration(what(row.convention), row.structure, row.capacity)


def declaration(named: str, structure: str, capacity: str) -> str:
    """What is declared by who signs the document ``named``, for a structure or, without any, for themselves."""
    power = (f" Je la signe pour {structure}, que je déclare pouvoir engager ({capacity})." if structure
             else " Je la signe en mon nom.")
    return f"J’ai lu {named}.{power}"


def recognised(address: str) -> str:
    """How who signs by link is recognised; ``address``: theirs, masked."""
    return f"le lien personnel envoyé à {address}, puis un code à six chiffres envoyé à la même adresse"


def link_until(version: Convention, now: datetime) -> datetime:
    """Until when a link to sign lives: the first session and :data:`GRACE`, and never less than the grace from now."""
    first = first_day(version) or local(now).date()
    return max(datetime.combine(first, time(0), PARIS), now) + GRACE


def sign_url(row: Signature, now: datetime) -> str:
    """A fresh personal link to the page to sign, for the person of that row; inside a transaction."""
    return personal_url(Purpose.DOSSIER, row.participant, now, link_until(row.convention, now)) + "/signer"


def ask_code(participant_id: int, now: datetime) -> str:
    """Send a code to the address of who signs; gives the address, masked.

    :raises TooMany: too many codes were asked for.
    :raises AlreadyDone: they signed already. :raises NotAllowed: nothing is to be signed by them now.
    """
    with transaction():
        row = _open_row(take_seat(participant_id))
        _seen(row, now)
        if codes.just_sent(row, now):
            return masked(row.participant.email)
        for most, seconds in codes.MOST:
            if not throttle.allow(f"code:{seconds}:{row.id}", most, seconds, now):
                raise TooMany("Plusieurs codes ont déjà été envoyés. Prenez le dernier courriel reçu, ou attendez un quart "
                              "d’heure avant d’en demander un autre.")
        code = codes.make(row, now)
        row.email = row.participant.email
        outbox.post(letters.code_to_sign(instance().network, row.participant.dossier, row.participant, what(row.convention), code,
                                         int(codes.LIVES.total_seconds() // 60)), row.participant, now)
        return masked(row.email)


def _open_row(participant: Participant) -> Signature:
    row = signature_of(participant)
    if row is None or not participant.active:
        raise NotAllowed("Cette convention n’attend pas votre signature.")
    if row.signed:
        raise AlreadyDone(f"Vous avez déjà signé {what(row.convention)}.")
    if sentence := why_not(row):
        raise NotAllowed(sentence)
    return row


def sign(participant_id: int, link: AccessLink, given: Given, now: datetime, via: str = "web") -> Signature:
    """Sign, once: a second press gives the same row.

    :param link: the personal link that was opened; its name and its day are part of the proof.
    :raises VersionChanged: another version is to be signed now. :raises NotThatPerson: another name is expected.
    :raises CodeWrong: not the code that was sent. :raises NotAllowed: it is not to be signed now.
    """
    name, sent_at, wrong = link.name, link.created_at, ""
    with transaction():
        participant = take_seat(participant_id)
        done = signature_of(participant)
        if done is not None and done.signed and done.shown_hash == given.shown:
            return done
        row = _open_row(participant)
        if not hmac.compare_digest(given.shown, row.convention.pdf_sha256):
            raise VersionChanged()
        _check_name(given.name, row)
        wrong = codes.wrong(row, given.code, now)
        if wrong:
            row.code_tries += 1
        else:
            _seen(row, now)
            row.link, row.link_sent_at = name, sent_at
            _signed(row, given, Actor(Role(participant.role), participant, via), now)
    if wrong:
        raise CodeWrong(wrong)
    return row


def _check_name(typed: str, row: Signature) -> None:
    given, expected = set(fold(typed).split()), set(fold(row.name).split())
    if not (expected <= given or (len(given) > 1 and given <= expected)):
        raise NotThatPerson(f"Cette page attend la signature de {row.name}. Écrivez ce nom, prénom et nom de famille. Si vous "
                            "êtes une autre personne, choisissez «\u00a0Ce n’est pas à moi de signer\u00a0».")


def _signed(row: Signature, given: Given, by: Actor, now: datetime) -> None:
    address = masked(row.participant.email)
    row.way, row.signed_at, row.quality = Way.LINK.value, now, given.quality
    row.statement, row.shown_hash, row.email = statement(row), row.convention.pdf_sha256, row.participant.email
    row.identified_by = recognised(address)
    codes.forget(row)
    follow(row, by, now)


def follow(row: Signature, by: Actor, now: datetime) -> None:
    """What follows a signature, whatever its way: the journal, the receipt, the others told, the end when it is the last.

    Inside the transaction that signs.
    """
    version = row.convention
    dossier = version.immersion
    dossier.record("convention_signed_by", Actor(by.role, row.participant or by.participant, by.via), now,
                   version=version.version, way=Way(row.way).label)
    if row.participant is not None:
        reminding.withdraw(row.participant, "signature/signature_reminder", now)
    left = [other for other in version.signatures if not other.signed]
    if not left:
        complete(version, by, now)
        promise(dossier, now)
    _tell(row, left, now)


def _tell(row: Signature, left: list[Signature], now: datetime) -> None:
    version, network = row.convention, instance().network
    dossier, waiting = version.immersion, [who(other) for other in left]
    told: set[int] = set()
    if row.participant is not None:
        told.add(row.participant.id)
        url = sign_url(row, now)
        outbox.post(letters.signature_received(network, dossier, row.participant, row, what(version), said_when(row), waiting,
                                               url), row.participant, now)
    # After the last one, the sealed document goes to everybody.
    for other in version.signatures if left else ():
        person = other.participant
        if person is None or person.id in told:
            continue
        told.add(person.id)
        signs = any(each.participant_id == person.id for each in left)
        outbox.post(letters.signature_progress(network, dossier, person, who(row), what(version), waiting, sign_url(other, now),
                                               to_sign=signs), person, now)


def who(row: Signature) -> str:
    """« Claude Accueil (Structure Exemple C) »."""
    return f"{row.name} ({row.structure})" if row.structure else row.name


def said_when(row: Signature) -> str:
    """When it was signed, in words."""
    return say_datetime(row.signed_at) if row.signed_at else say_date(row.signed_on)


def _seen(row: Signature, now: datetime) -> None:
    """Count that a person had the page before their eyes: by what they press, as machines open links and press nothing."""
    row.views += 1
    row.first_viewed_at, row.last_viewed_at = row.first_viewed_at or now, now
    db.session.flush()
