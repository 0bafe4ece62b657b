"""Files people send: judged by their content, stored once, served as downloads only."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select

from models.access_link import hash_token
from models.base import db, transaction
from models.dossier import Dossier
from models.instance import instance
from models.stored_file import StoredFile

from . import throttle
from .errors import FileRefused, NotFound

log = logging.getLogger(__name__)

#: All the files of one form together (issue: 10 MB).
LONGEST = 10 * 1024 * 1024
_UNSENT_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Received:
    """A file accepted before its form is sent: ``id`` is the key the page carries."""

    id: str
    name: str
    size: int


def receive_upload(name: str, media_type: str, content: bytes, access: str, now: datetime) -> Received:
    """Store a file that was judged acceptable; it belongs to nobody until its form is sent.

    :raises FileRefused: too heavy, or too many files from that internet access within an hour.
    """
    if len(content) > LONGEST:
        raise FileRefused(f"« {name} » est trop lourd : 10 Mo au plus pour l’ensemble des fichiers.")
    with transaction():  # before anything is written: who is refused must not fill the disk
        allowed = throttle.allow(f"upload:{access}", 200, 3600, now)
    if not allowed:
        raise FileRefused(f"« {name} » n’a pas été gardé : beaucoup de fichiers sont arrivés depuis cet accès à internet. "
                          "Envoyez-le par courriel, en répondant à la confirmation de votre demande.")
    key = secrets.token_urlsafe(24)
    try:
        sha256 = write_content(content)
    except OSError as error:  # the disk is full, or not ours to write on: the answers typed beside it must not be lost
        log.error("an upload could not be written: %s", error.strerror)
        raise FileRefused(f"« {name} » n’a pas pu être gardé : l’espace de rangement du site ne répond pas. Continuez sans ce "
                          "fichier, et envoyez-le plus tard en répondant au courriel de confirmation.") from error
    with transaction():
        db.session.add(StoredFile(key_hash=hash_token(key), sha256=sha256, name=name, media_type=media_type,
                                  size=len(content), at=now))
    return Received(key, name, len(content))


def attach_uploads(keys: list[str], dossier: Dossier) -> None:
    """Give the uploads of a form to its dossier; inside the transaction. Unknown or taken keys are left alone."""
    if not keys:
        return
    hashes = [hash_token(key) for key in keys]
    for row in db.session.scalars(select(StoredFile).where(StoredFile.key_hash.in_(hashes), StoredFile.dossier_id.is_(None))):
        row.dossier_id = dossier.id


def new_file(name: str, media_type: str, content: bytes, now: datetime) -> StoredFile:
    """A stored file to be added by the caller inside its transaction; the content is on disk already."""
    return StoredFile(key_hash=hash_token(secrets.token_urlsafe(24)), sha256=write_content(content), name=name,
                      media_type=media_type, size=len(content), at=now)


def read_content(row: StoredFile) -> bytes:
    """The bytes of a stored file.

    :raises NotFound: the content is no longer on disk.
    """
    try:
        return content_path(row.sha256).read_bytes()
    except FileNotFoundError as error:
        raise NotFound("Ce fichier n’est plus disponible.") from error


def content_path(sha256: str) -> Path:
    return instance().settings.files_dir / sha256[:2] / sha256


def write_content(content: bytes) -> str:
    """Write once under its SHA-256, durably (the row that names it may be committed right after); give the hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = content_path(sha256)
    if path.exists():
        os.utime(path)  # the purge leaves alone what somebody has just counted on
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{sha256}.{secrets.token_hex(4)}")
    with open(partial, "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # a name, too, has to survive a power cut
    finally:
        os.close(folder)
    return sha256


def purge_unsent_uploads(now: datetime) -> int:
    """Remove files whose form was never sent; gives how many."""
    with transaction():
        rows = db.session.scalars(select(StoredFile).where(StoredFile.dossier_id.is_(None),
                                                           StoredFile.at < now - _UNSENT_KEPT)).all()
        gone = [row.sha256 for row in rows]
        db.session.execute(delete(StoredFile).where(StoredFile.id.in_([row.id for row in rows])))
        db.session.flush()
        kept = set(db.session.scalars(select(StoredFile.sha256).where(StoredFile.sha256.in_(gone))))
    for sha256 in set(gone) - kept:
        path = content_path(sha256)
        if path.exists() and _is_old(path, now):
            path.unlink(missing_ok=True)
    return len(gone)


def purge_unnamed(now: datetime) -> int:
    """Remove contents that no row names; gives how many.

    Written for a row that never came (a crash, a transaction undone), or touched on the day their last row went.
    """
    found = {path.name: path for path in instance().settings.files_dir.glob("*/*") if _is_old(path, now)}
    if not found:
        return 0
    for [sha256] in db.session.execute(select(StoredFile.sha256)).yield_per(10_000):
        found.pop(sha256, None)
    db.session.rollback()
    for path in found.values():
        if _is_old(path, now):  # somebody may have counted on it meanwhile
            path.unlink(missing_ok=True)
    return len(found)


def _is_old(path: Path, now: datetime) -> bool:
    try:
        return now.timestamp() - path.stat().st_mtime > _UNSENT_KEPT.total_seconds()
    except FileNotFoundError:
        return False
