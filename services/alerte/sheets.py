"""The recovery sheet as a PDF, for who holds it already: made in memory from the code it prints, stored nowhere."""

from __future__ import annotations

from sqlalchemy import select

from models.alerte import AlerteKey
from models.base import db
from models.instance import instance
from pdf.recovery_sheet import RecoverySheet, recovery_sheet_pdf

from ..errors import NotFound
from .sealed import fingerprint, pair_of, read_recovery, recovery_code


def sheet_pdf(code: str) -> bytes:
    """The sheet of the key that ``code`` is. Nothing is said of other keys: whoever has the code has that key.

    :raises NotFound: it is no living referent's key.
    """
    private = read_recovery(code)
    public = pair_of(private).public if private else b""
    key = next((key for key in db.session.scalars(select(AlerteKey)) if key.public_key == public), None)
    person = instance().network.referent(key.email) if key else None
    if private is None or key is None or person is None:
        raise NotFound()
    network = instance().network
    return recovery_sheet_pdf(RecoverySheet(person.name, person.email, recovery_code(private), fingerprint(public), key.made_on,
                                            network.name, network.full_name))
