"""A version signed by hand comes back: kept, compared with what was sent (``comparing.py``); the coordination decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app

from mail import outbox
from mail.letters import signature as letters
from models.access_link import Purpose
from models.base import after_commit, db
from models.convention import Convention, ConventionState
from models.dossier import Actor, Immersion, Participant
from models.instance import instance
from models.signature import CopyState, ReturnedCopy, Signature, Way
from models.states import ImmersionState, Kind, Role
from models.stored_file import StoredFile
from territory.calendar import local

from ..acting import Action, register
from ..errors import AlreadyDone, FileRefused, NotAllowed, Refused
from ..files import new_file
from ..links import personal_url
from . import codes
from .comparing import PDF, needs_care
from .signing import follow, sign_url, signature_of, what, why_not

#: Called after the commit that keeps a copy; the application sets it to "have somebody look now".
WAKE = "wake_examiner"
PICTURES = frozenset({"image/jpeg", "image/png", "image/heic", "image/webp"})
#: In a mail, a smaller image is a logo under a name rather than the photograph of a page.
SMALLEST_PICTURE = 40_000
MOST_FILES = 30
#: What stands, in the proof, for the statement of who signs by link.
BY_HAND = "Signé à la main sur la version imprimée"
#: How a copy that came by mail is tied to its sender.
BY_REPLY = "sa réponse par courriel"


@dataclass(frozen=True)
class Sent:
    """A file somebody sends back: its name, its type as judged by its content, its bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Decision:
    """What the coordination decides of a copy: whose signatures are on it, written on which day; nobody's, it is refused."""

    copy_id: int
    signatures: tuple[int, ...] = ()
    signed_on: date | None = None
    checked: bool = False


def open_version(participant: Participant) -> Convention | None:
    """The version that person may send back signed by hand: theirs, or any for the coordination."""
    if participant.role == Role.COORDINATOR:
        return next((row for row in reversed(participant.dossier.conventions) if row.state == ConventionState.ISSUED), None)
    row = signature_of(participant)
    return row.convention if row is not None and not why_not(row) else None


def deposit(dossier: Immersion, by: Actor, words: str, now: datetime, sent: list[Sent]) -> str:
    """Keep what was sent back on the page; it is compared at once, and the coordination decides."""
    version = open_version(by.participant)
    if version is None:
        raise NotAllowed("Cette convention n’attend plus de signature.")
    if not sent:
        raise FileRefused("Joignez le document signé : un PDF, ou les photos de toutes les pages.")
    if wrong := next((each for each in sent if each.media_type not in PICTURES | {PDF}), None):
        raise FileRefused(f"« {wrong.name} » n’est ni un PDF ni une photo. Envoyez un PDF, ou les photos de toutes les pages.")
    files = [new_file(_named(each.name), each.media_type, each.content, now) for each in sent]
    for file in files:
        file.dossier = dossier
        db.session.add(file)
    db.session.flush()
    _keep(version, by, files, now)
    return "Merci, le document est reçu. La coordination le compare avec la version envoyée, et vous répond."


def _named(name: str) -> str:
    return f"convention-renvoyee-{name}"[-200:]


def deposit_from_mail(participant: Participant, files: list[StoredFile], now: datetime) -> None:
    """A reply brought a PDF or photographs while a signature is awaited: compared, beside being passed on like any reply."""
    kept = [file for file in files if file.media_type == PDF
            or (file.media_type in PICTURES and file.size >= SMALLEST_PICTURE)][:MOST_FILES]
    if not kept or participant.role == Role.COORDINATOR or participant.dossier.kind_ != Kind.IMMERSION:
        return
    version = open_version(participant)
    if version is not None:
        _keep(version, Actor(Role(participant.role), participant, "mail"), kept, now)


def _keep(version: Convention, by: Actor, files: list[StoredFile], now: datetime) -> None:
    version.copies.append(ReturnedCopy(deposited_at=now, deposited_by=by.participant, via=by.via, next_try_at=now,
                                       sources=[file.id for file in files]))
    version.immersion.record("copy_deposited", by, now, version=version.version)
    after_commit(_wake)


def _wake() -> None:
    if wake := current_app.extensions.get(WAKE):
        wake()


def waiting_copies(dossier: Immersion) -> list[ReturnedCopy]:
    """What came back for a version that is still to be signed, and is not decided."""
    return [copy for version in dossier.conventions if version.state == ConventionState.ISSUED for copy in version.copies
            if copy.state in (CopyState.RECEIVED, CopyState.EXAMINED)]


def decide(dossier: Immersion, by: Actor, words: str, now: datetime, decision: Decision) -> str:
    """Accept the signatures that are on a copy, or do not; who sent it is told."""
    copy = next((each for each in waiting_copies(dossier) if each.id == decision.copy_id), None)
    if copy is None:
        raise AlreadyDone("Ce document a déjà été traité, ou la version qu’il porte n’est plus à signer.")
    if not decision.signatures:
        return _refuse(copy, by, words, now)
    rows = [row for row in copy.convention.signatures if row.id in decision.signatures and not row.signed]
    if not rows:
        raise AlreadyDone("Ces personnes ont déjà signé.")
    if needs_care(copy) and not decision.checked:
        raise Refused("Cochez la case qui dit que vous avez vérifié ce document vous-même : la comparaison ne suffit pas ici.")
    first, today = local(copy.convention.issued_at).date(), local(now).date()
    if decision.signed_on is None or not first <= decision.signed_on <= today:
        raise Refused(f"Indiquez la date écrite à la main : entre le {first:%d/%m/%Y}, jour de l’envoi, et aujourd’hui.")
    for row in rows:
        if sentence := why_not(row):
            raise NotAllowed(sentence)
        _sign_on_paper(row, copy, decision.signed_on, by, now)
    copy.state, copy.decided_at, copy.decided_by = CopyState.ACCEPTED.value, now, by.participant.name
    return f"La signature est enregistrée : {', '.join(row.name for row in rows)}. Un reçu part par courriel."


def _sign_on_paper(row: Signature, copy: ReturnedCopy, signed_on: date, by: Actor, now: datetime) -> None:
    how = BY_REPLY if copy.via == "mail" else "la page de son lien personnel"
    mine = copy.deposited_by is not None and copy.deposited_by_id == row.participant_id
    sender = copy.deposited_by.display_name if copy.deposited_by else ""
    row.way, row.signed_on, row.copy = Way.PAPER.value, signed_on, copy
    row.shown_hash, row.statement = row.convention.pdf_sha256, BY_HAND
    row.deposited_at, row.deposited_by = copy.deposited_at, "la personne" if mine else sender
    row.accepted_at, row.accepted_by = now, by.participant.name
    row.identified_by = recognised(how if mine else f"la copie envoyée par {sender}")
    codes.forget(row)
    follow(row, by, now)


def recognised(how: str) -> str:
    """How who signs by hand is recognised: ``how`` the copy came, and what it was compared with."""
    return f"{how}, et la comparaison de la copie avec la version envoyée"


def _refuse(copy: ReturnedCopy, by: Actor, words: str, now: datetime) -> str:
    if not words:
        raise Refused("Écrivez pourquoi ce document n’est pas retenu : ces mots partent à la personne qui l’a envoyé.")
    copy.state, copy.decided_at, copy.decided_by, copy.reason = CopyState.REFUSED.value, now, by.participant.name, words
    version, dossier, person = copy.convention, copy.convention.immersion, copy.deposited_by
    dossier.record("copy_refused", by, now)
    if person is not None and person.role != Role.COORDINATOR:
        row = signature_of(person)
        url = sign_url(row, now) if row else personal_url(Purpose.DOSSIER, person, now)
        outbox.post(letters.copy_refused(instance().network, dossier, person, what(version), words, url), person, now)
    return "Le document n’est pas retenu. La personne qui l’a envoyé reçoit vos mots, et le lien pour signer."


def _nothing_to_sign(dossier: Immersion, who: Any) -> str:
    if who is None:
        waits = dossier.state == ImmersionState.TO_SIGN or any(row.state == ConventionState.ISSUED for row in dossier.conventions)
    else:
        waits = not isinstance(who, Participant) or open_version(who) is not None
    return "" if waits else "Cette convention n’attend plus de signature."


def _no_copy(dossier: Immersion, _who: Any) -> str:
    return "" if waiting_copies(dossier) else "Aucun document renvoyé n’attend de décision."


_WHERE = {Kind.IMMERSION: frozenset({ImmersionState.TO_SIGN.value, ImmersionState.SIGNED.value})}
_SENDERS = frozenset({Role.AUTHOR, Role.EMPLOYER, Role.HOST, Role.SIGNATORY, Role.COORDINATOR})

register(
    Action("renvoyer", "Renvoyer le document signé sur papier", "dépose le document signé à la main", _WHERE, _SENDERS, deposit,
           form=True, only=_nothing_to_sign),
    Action("papier", "Décider d’un document signé sur papier", "accepte ou non un document signé à la main", _WHERE,
           frozenset({Role.COORDINATOR}), decide, words="optional", words_label="Si vous ne le retenez pas : pourquoi",
           form=True, main=True, only=_no_copy),
)
