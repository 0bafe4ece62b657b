"""The network's seal on its documents, with the key of this instance: set, made at the first run, checked."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app

from models.instance import instance
from pdf.seal import Sealed, seal
from pdf.seal_key import OWN, SealKey, UnusableKey, organisation_key, own_key
from pdf.timestamp import TimestampServer
from pdf.verify import Verdict, verify

#: Long enough for an association's board to meet and order another certificate.
EXPIRY_NOTICE = timedelta(days=60)
PRIVATE = 0o077


def seal_key(now: datetime) -> SealKey:
    """Return the key documents are sealed with; the instance's own is made where none is set.

    Read once by process. Raises UnusableKey with a French sentence, OSError.
    """
    kept: dict[str, SealKey] = current_app.extensions.setdefault("seal", {})
    ring = instance()
    settings = ring.settings
    wanted = settings.SEAL_KEY or str(settings.seal_dir)
    if wanted not in kept:
        kept[wanted] = organisation_key(
            settings.seal_dir, Path(settings.SEAL_KEY),
            Path(settings.SEAL_CERTIFICATE) if settings.SEAL_CERTIFICATE else None, settings.SEAL_KEY_PASSWORD,
        ) if settings.SEAL_KEY else own_key(settings.seal_dir, ring.network.full_name, now)
    return kept[wanted]


def seal_document(pdf: bytes, now: datetime) -> Sealed:
    """Seal a PDF for the network; time-stamped where a server is set and answers. No transaction may be open meanwhile.

    Raises pdf.seal.SealFailed, UnusableKey, OSError.
    """
    settings = instance().settings
    server = TimestampServer(settings.TSA_URL, settings.TSA_TIMEOUT) if settings.TSA_URL else None
    return seal(pdf, seal_key(now), now, server)


def verify_document(pdf: bytes, now: datetime, original: bytes | None = None) -> Verdict:
    """Say what a file is, against every certificate this instance ever sealed with. Raises UnusableKey, OSError."""
    return verify(pdf, seal_key(now).known, original)


def prepare(now: datetime) -> list[str]:
    """Make the key at the first run; one French sentence for each thing that would keep a document from being sealed."""
    try:
        seal_key(now)
    except UnusableKey as error:
        return [f"sceau des documents : {error}"]
    except OSError as error:
        return [f"sceau des documents : {error.filename} ne peut pas servir ({error.strerror})."]
    return []


def warnings(now: datetime) -> list[str]:
    """One French sentence for each thing an operator should mend about the seal."""
    settings = instance().settings
    if said := prepare(now):
        return said
    key, found = seal_key(now), []
    path = Path(settings.SEAL_KEY) if settings.SEAL_KEY else settings.seal_dir / OWN
    if path.stat().st_mode & PRIVATE:
        found.append(f"{path} : la clé du sceau peut être lue par d’autres ; faites « chmod 600 ».")
    if key.valid_until - now < EXPIRY_NOTICE:
        found.append(f"Le certificat du sceau expire le {key.valid_until:%d/%m/%Y} : préparez le suivant.")
    return found
