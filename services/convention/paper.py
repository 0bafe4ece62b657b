"""A version signed by hand comes back: kept, made one PDF, compared with what was sent; the coordination decides.

What is slow (photographs, classification, images) is done by a task, without any transaction; it warns, and decides nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import or_, select

from mail import outbox
from mail.letters import signature as letters
from models.access_link import Purpose
from models.base import after_commit, db, transaction
from models.convention import Convention, ConventionState
from models.dossier import Actor, Immersion, Participant
from models.instance import instance
from models.signature import CopyState, ReturnedCopy, Signature, Way
from models.states import ImmersionState, Kind, Role
from models.stored_file import StoredFile
from models.typography import french
from pdf.confined import NotExamined
from pdf.render import RenderFailed
from pdf.returned import Returned, ReturnedKind, classify, compared_images, photos_to_pdf
from territory.calendar import local

from ..acting import Action, lock, register, who_coordinates
from ..errors import AlreadyDone, FileRefused, NotAllowed, Refused
from ..files import new_file, read_content
from ..links import personal_url
from .signing import follow, sign_url, signature_of, what, why_not

log = logging.getLogger(__name__)

#: Called after the commit that keeps a copy; the application sets it to "have somebody look now".
WAKE = "wake_examiner"
PICTURES = frozenset({"image/jpeg", "image/png", "image/heic", "image/webp"})
PDF = "application/pdf"
#: In a mail, a smaller image is a logo under a name rather than the photograph of a page.
SMALLEST_PICTURE = 40_000
MOST_FILES = 30
#: A process that was killed gives its copy back after this long; as many tries, then it is shown as it came.
LEASE, TRIES = timedelta(minutes=10), 3
#: How the names of the images of a comparison begin: for the coordination, and not among the files of the request.
COMPARED = "convention-comparaison-"

_SAID = {
    ReturnedKind.IDENTICAL: "C’est exactement le fichier envoyé : rien n’y a été ajouté, donc aucune signature.",
    ReturnedKind.SIGNED_ON_TOP: "C’est le PDF envoyé, avec quelque chose d’ajouté (une signature, une annotation). Le texte "
                                "est le même.",
    ReturnedKind.RESAVED: "C’est le même texte, enregistré de nouveau par un autre logiciel. Regardez si une signature y est.",
    ReturnedKind.SCAN: "Ce sont des images de pages (scan ou photos) : comparez-les ci-dessous avec ce qui a été envoyé.",
    ReturnedKind.ALTERED: "Attention : des mots ne sont pas ceux de la version envoyée. Ils sont montrés ci-dessous.",
    ReturnedKind.UNRELATED: "Ce document ne ressemble pas à la convention envoyée.",
    ReturnedKind.UNREADABLE: "Ce fichier n’a pas pu être lu. Ouvrez-le vous-même, ou demandez un autre envoi.",
}


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


def said_of(copy: ReturnedCopy) -> str:
    """What the comparison found, in a sentence."""
    return french(_SAID[ReturnedKind(copy.kind)] if copy.kind else "La comparaison avec la version envoyée est en cours.")


def needs_care(copy: ReturnedCopy) -> bool:
    """True where nothing says that the words are those that were sent: one gesture is not enough to accept it."""
    return copy.kind not in {kind.value for kind in (ReturnedKind.SIGNED_ON_TOP, ReturnedKind.RESAVED, ReturnedKind.SCAN)}


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


def examine_due(now: datetime) -> int:
    """Compare what came back and was not compared yet; gives how many copies were. Safe to call twice at once."""
    count = 0
    while (copy_id := _claim(now)) is not None:
        _examine(copy_id, now)
        count += 1
    return count


def _claim(now: datetime) -> int | None:
    with transaction():
        due = (select(ReturnedCopy).where(ReturnedCopy.state == CopyState.RECEIVED, or_(
            ReturnedCopy.next_try_at.is_(None), ReturnedCopy.next_try_at <= now)).order_by(ReturnedCopy.id).limit(1)
            .with_for_update(skip_locked=True))
        copy = db.session.scalar(due)
        if copy is None:
            return None
        copy.attempts, copy.next_try_at = copy.attempts + 1, now + LEASE
        return copy.id


def _examine(copy_id: int, now: datetime) -> None:
    copy = db.session.get(ReturnedCopy, copy_id)
    version, last = copy.convention, copy.attempts >= TRIES
    rows = {row.id: row for row in db.session.scalars(select(StoredFile).where(StoredFile.id.in_(copy.sources)))}
    sources = [(rows[number].media_type, read_content(rows[number])) for number in copy.sources if number in rows]
    issued, reference, received = read_content(version.file), version.immersion.reference, copy.deposited_at
    db.session.rollback()  # no lock and no open reading while this takes its time
    try:
        returned = _one_pdf(sources, received, reference)
        found, images = _compared(issued, returned)
    except (NotExamined, RenderFailed) as error:
        log.warning("copy %d was not compared: %s", copy_id, error)
        if not last:
            return
        returned, found, images = sources[0][1] if sources else b"", Returned(ReturnedKind.UNREADABLE, ""), []
    _note(copy_id, returned, found, images, now)


def _one_pdf(sources: list[tuple[str, bytes]], received: datetime, reference: str) -> bytes:
    """The PDF among them, else the photographs as one."""
    if pdf := next((content for media_type, content in sources if media_type == PDF), None):
        return pdf
    return photos_to_pdf([content for _, content in sources], received, reference, instance().network.name)


def _compared(issued: bytes, returned: bytes) -> tuple[Returned, list[Any]]:
    found = classify(issued, returned)
    if found.kind in (ReturnedKind.IDENTICAL, ReturnedKind.UNREADABLE, ReturnedKind.UNRELATED):
        return found, []
    try:
        return found, list(compared_images(issued, returned))
    except NotExamined:
        return found, []


def _note(copy_id: int, returned: bytes, found: Returned, images: list[Any], now: datetime) -> None:
    pictures = [(page, new_file(f"{COMPARED}{copy_id}-{page.page}-{what_}.png", "image/png", content, now))
                for page in images for what_, content in (("cote-a-cote", page.side_by_side), ("superposees", page.overlay))]
    with transaction():
        copy = db.session.get(ReturnedCopy, copy_id)
        dossier = lock(copy.convention.immersion)
        if copy.state != CopyState.RECEIVED:
            return
        file = new_file(f"convention-renvoyee-{dossier.reference}-{copy_id}.pdf", PDF, returned, now)
        for each in (file, *(picture for _, picture in pictures)):
            each.dossier = dossier
            db.session.add(each)
        db.session.flush()
        copy.file, copy.kind, copy.state, copy.next_try_at = file, found.kind.value, CopyState.EXAMINED.value, None
        copy.found = {
            "pages": found.pages, "missing": found.missing_pages, "likeness": found.likeness,
            "words": [[each.page, each.before, each.after] for each in found.rewordings[:40]],
            "additions": [[each.kind, list(each.pages)] for each in found.additions[:40]],
            "images": [[page.page, page.issued_page, len(page.new) + len(page.gone), side.id, over.id]
                       for (page, side), (_, over) in zip(pictures[::2], pictures[1::2], strict=True)]}
        _tell(copy, now)


def _tell(copy: ReturnedCopy, now: datetime) -> None:
    version, dossier = copy.convention, copy.convention.immersion
    sender = copy.deposited_by.display_name if copy.deposited_by else "Une partie"
    for person in who_coordinates(dossier):
        url = f"{personal_url(Purpose.DOSSIER, person, now)}/papier?copie={copy.id}"
        outbox.post(letters.copy_to_decide(instance().network, dossier, person, sender, what(version), said_of(copy), url),
                    person, now)


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
    how = "sa réponse par courriel" if copy.via == "mail" else "la page de son lien personnel"
    mine = copy.deposited_by is not None and copy.deposited_by_id == row.participant_id
    sender = copy.deposited_by.display_name if copy.deposited_by else ""
    row.way, row.signed_on, row.copy = Way.PAPER.value, signed_on, copy
    row.shown_hash, row.statement = row.convention.pdf_sha256, "Signé à la main sur la version imprimée"
    row.deposited_at, row.deposited_by = copy.deposited_at, "la personne" if mine else sender
    row.accepted_at, row.accepted_by = now, by.participant.name
    row.identified_by = (f"{how if mine else f'la copie envoyée par {sender}'}, et la comparaison de la copie avec la version "
                         "envoyée")
    row.code_hash, row.code_until = "", None
    follow(row, by, now)


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
