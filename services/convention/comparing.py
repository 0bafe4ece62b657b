"""What came back signed by hand is compared with what was sent, by a task that may be killed, doubled, late, or given poison.

What is slow (photographs, classification, images) is done without any transaction, in processes bounded in time and memory
(``pdf/confined.py``). It warns, and decides nothing; what cannot be compared is shown as it came, to be judged by eye.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from mail import outbox
from mail.letters import signature as letters
from models.access_link import Purpose
from models.base import db, transaction
from models.instance import instance
from models.signature import CopyState, ReturnedCopy
from models.stored_file import StoredFile
from models.typography import french
from pdf.confined import NotExamined
from pdf.render import RenderFailed
from pdf.returned import PageImages, Returned, ReturnedKind, classify, compared_images, photos_to_pdf

from ..acting import lock, who_coordinates
from ..files import new_file, read_content
from ..links import personal_url
from .signing import what

log = logging.getLogger(__name__)

PDF = "application/pdf"
#: A process that was killed gives its copy back after this long; as many tries, then it is shown as it came.
LEASE, TRIES = timedelta(minutes=10), 3
#: How the names of the images of a comparison begin: for the coordination, and not among the files of the request.
COMPARED = "convention-comparaison-"
_UNREAD = Returned(ReturnedKind.UNREADABLE, "")

_SAID = {
    ReturnedKind.IDENTICAL: "C’est exactement le fichier envoyé : rien n’y a été ajouté, donc aucune signature.",
    ReturnedKind.SIGNED_ON_TOP: "C’est le PDF envoyé, avec quelque chose d’ajouté (une signature, une annotation). Le texte "
                                "est le même.",
    ReturnedKind.RESAVED: "C’est le même texte, enregistré de nouveau par un autre logiciel. Regardez si une signature y est.",
    ReturnedKind.SCAN: "Ce sont des images de pages (scan ou photos) : comparez-les avec ce qui a été envoyé.",
    ReturnedKind.ALTERED: "Attention : des mots ne sont pas ceux de la version envoyée. La page les montre.",
    ReturnedKind.UNRELATED: "Ce document ne ressemble pas à la convention envoyée.",
    ReturnedKind.UNREADABLE: "Ce fichier n’a pas pu être lu. Ouvrez-le vous-même, ou demandez un autre envoi.",
}


def said_of(copy: ReturnedCopy) -> str:
    """What the comparison found, in a sentence."""
    return french(_SAID[ReturnedKind(copy.kind)] if copy.kind else "La comparaison avec la version envoyée est en cours.")


def needs_care(copy: ReturnedCopy) -> bool:
    """True where nothing says that the words are those that were sent: one gesture is not enough to accept it."""
    return not (copy.kind and ReturnedKind(copy.kind).may_be_accepted)


def sources_of(copy: ReturnedCopy) -> list[StoredFile]:
    """The files as they came, in order."""
    rows = {row.id: row for row in db.session.scalars(select(StoredFile).where(StoredFile.id.in_(copy.sources)))}
    return [rows[number] for number in copy.sources if number in rows]


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
    attempts = db.session.get_one(ReturnedCopy, copy_id).attempts
    if attempts > TRIES:  # those who tried were killed by it
        log.warning("copy %d was not compared: %d attempts ended before their answer", copy_id, attempts - 1)
        return _note(copy_id, None, _UNREAD, (), now)
    try:
        returned, issued = _read(copy_id)
        found, images = _compared(issued, returned)
    except Exception as error:  # whatever is in the file, somebody is told, and opens it
        db.session.rollback()
        log.warning("copy %d was not compared", copy_id, exc_info=error)
        if _may_pass(error) and attempts < TRIES:
            return None
        returned, found, images = None, _UNREAD, ()
    return _note(copy_id, returned, found, images, now)


def _may_pass(error: Exception) -> bool:
    """False when the file itself is the reason: another try would end the same."""
    return str(error) == "time" if isinstance(error, NotExamined | RenderFailed) else True


def _read(copy_id: int) -> tuple[bytes, bytes]:
    """What came back as one PDF (the PDF among the files, else the photographs), and what had been sent."""
    copy = db.session.get_one(ReturnedCopy, copy_id)
    version, sources = copy.convention, [(row.media_type, read_content(row)) for row in sources_of(copy)]
    issued, reference, received = read_content(version.file), version.immersion.reference, copy.deposited_at
    network = instance().network.name
    db.session.rollback()  # no lock and no open reading while this takes its time
    if pdf := next((content for media_type, content in sources if media_type == PDF), None):
        return pdf, issued
    return photos_to_pdf([content for _, content in sources], received, reference, network), issued


def _compared(issued: bytes, returned: bytes) -> tuple[Returned, tuple[PageImages, ...]]:
    found = classify(issued, returned)
    if found.kind in (ReturnedKind.IDENTICAL, ReturnedKind.UNREADABLE, ReturnedKind.UNRELATED):
        return found, ()
    try:
        return found, compared_images(issued, returned)
    except NotExamined:
        return found, ()


def _note(copy_id: int, returned: bytes | None, found: Returned, images: tuple[PageImages, ...], now: datetime) -> None:
    """Keep what was found and tell who decides, in one transaction; nothing if somebody else did meanwhile."""
    pictures = [(page, new_file(f"{COMPARED}{copy_id}-{page.page}-{what_}.png", "image/png", content, now))
                for page in images for what_, content in (("cote-a-cote", page.side_by_side), ("superposees", page.overlay))]
    with transaction():
        copy = db.session.get_one(ReturnedCopy, copy_id)
        dossier = lock(copy.convention.immersion)
        db.session.refresh(copy)  # as it is under the lock, not as it was when it was asked for
        if copy.state != CopyState.RECEIVED:
            return
        new = [picture for _, picture in pictures]
        if returned is None:
            copy.file = next(iter(sources_of(copy)), None)
        else:
            copy.file = new_file(f"convention-renvoyee-{dossier.reference}-{copy_id}.pdf", PDF, returned, now)
            new.append(copy.file)
        for each in new:
            each.dossier = dossier
            db.session.add(each)
        db.session.flush()
        copy.kind, copy.state, copy.next_try_at = found.kind.value, CopyState.EXAMINED.value, None
        copy.found = _as_kept(found, pictures)
        _tell(copy, now)


def _as_kept(found: Returned, pictures: list[tuple[PageImages, StoredFile]]) -> dict[str, Any]:
    return {
        "pages": found.pages, "missing": found.missing_pages, "likeness": found.likeness,
        "words": [[each.page, each.before, each.after] for each in found.rewordings[:40]],
        "additions": [[each.kind, list(each.pages)] for each in found.additions[:40]],
        "images": [[page.page, page.issued_page, len(page.new) + len(page.gone), side.id, over.id]
                   for (page, side), (_, over) in zip(pictures[::2], pictures[1::2], strict=True)]}


def _tell(copy: ReturnedCopy, now: datetime) -> None:
    version, dossier = copy.convention, copy.convention.immersion
    sender = copy.deposited_by.display_name if copy.deposited_by else "Une partie"
    for person in who_coordinates(dossier):
        url = f"{personal_url(Purpose.DOSSIER, person, now)}/papier?copie={copy.id}"
        outbox.post(letters.copy_to_decide(instance().network, dossier, person, sender, what(version), said_of(copy), url),
                    person, now)
