"""A convention sent to be signed, then signed by all, for tests of what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from roads.stories import planted, who

from models.base import db, transaction
from models.convention import Convention
from models.dossier import Actor, Immersion
from models.signature import Signature, Way
from models.states import Kind, Role
from pdf.convention import TO_SIGN, content_hash, from_json, to_json
from services import acting, convention
from services.convention.signatories import make_signatures
from services.convention.versions import new_code, verification_url

STATEMENT = "J’ai lu la convention et je la signe."


def issued(now: datetime, later: timedelta = timedelta()) -> Immersion:
    """A request whose convention waits for signatures, sent by the coordination's own verb; its days come that much later."""
    dossier = planted(Kind.IMMERSION, "in_review", now)
    with transaction():
        for session in dossier.sessions:
            session.on += later
        row = dossier.convention
        data = from_json(row.data)
        row.data = to_json(replace(data, sessions=tuple(replace(one, on=one.on + later) for one in data.sessions)))
    acting.perform("signature", who(dossier, "coordinator").id, "", now)
    return dossier


def signed(now: datetime, dossier: Immersion | None = None) -> Convention:
    """All have signed: by link; nothing is sealed yet."""
    dossier = dossier or issued(now)
    with transaction():
        row = dossier.convention
        for signature in row.signatures:
            sign(signature, now)
        convention.complete(row, Actor(Role.AUTHOR, who(dossier, "author")), now)
    return row


def sign(signature: Signature, now: datetime) -> None:
    """Fill what a signature by link leaves; inside a transaction."""
    signature.way, signature.signed_at, signature.statement = Way.LINK.value, now, STATEMENT
    signature.link, signature.link_sent_at, signature.code_sent_at = "lien-exemple", now - timedelta(days=1), now
    signature.identified_by = "le lien personnel envoyé à cette adresse, puis un code"
    signature.shown_hash = signature.convention.pdf_sha256


def again(row: Convention) -> Convention:
    """The row as the database has it now."""
    db.session.rollback()
    return db.session.get_one(Convention, row.id, populate_existing=True)




def quietly(now: datetime, *, complete: bool = True, domain: str = "") -> Convention:
    """A convention signed without a letter nor a PDF to sign: for measures, and for pages that look at what follows.

    ``complete``: the last signature is there; else only ``complete()`` is missing. ``domain``: addresses of their own.
    """
    dossier = planted(Kind.IMMERSION, "in_review", now)
    with transaction():
        row = db.session.get_one(Immersion, dossier.id).convention
        for person in row.immersion.participants if domain else ():
            person.email = f"{person.role}@{domain}"
        code = new_code()
        data = replace(from_json(row.data), status=TO_SIGN, verification_code=code, verification_url=verification_url(code))
        row.data, row.content_hash, row.verification_code = to_json(data), content_hash(data), code
        row.pdf_sha256, row.issued_at, row.state = "0" * 64, now, "issued"
        for signature in make_signatures(row, data):
            sign(signature, now)
        row.immersion.state = "to_sign"
        if complete:
            row.state, row.completed_at, row.seal_state, row.immersion.state = "signed", now, "due", "signed"
    return row
