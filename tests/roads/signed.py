"""A convention sent to be signed, then signed by all, for tests of what follows."""

from __future__ import annotations

from datetime import datetime, timedelta

from roads.stories import planted, who

from models.base import db, transaction
from models.convention import Convention
from models.dossier import Actor, Immersion
from models.signature import Signature, Way
from models.states import Kind, Role
from services import acting, convention

STATEMENT = "J’ai lu la convention et je la signe."


def issued(now: datetime) -> Immersion:
    """A request whose convention waits for signatures, sent by the coordination's own verb."""
    dossier = planted(Kind.IMMERSION, "in_review", now)
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


