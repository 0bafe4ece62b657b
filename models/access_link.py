"""Personal links: opaque, hashed at rest, bound to one purpose, revocable."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import UTCDateTime, db
from .states import Labelled

if TYPE_CHECKING:
    from .dossier import Participant


class Purpose(Labelled):
    CONFIRM = "confirm", "confirmer une adresse"
    DOSSIER = "dossier", "suivre une demande"
    SIGN_IN = "sign_in", "ouvrir l’espace de coordination"
    SESSION = "session", "session de coordination"
    ADDRESS = "address", "reconnaître une autre adresse"
    PREFILL = "prefill", "compléter une demande envoyée par courriel"
    DIGEST = "digest", "recevoir ou non les récapitulatifs"
    NEW_ADDRESS = "new_address", "confirmer la nouvelle adresse d’une personne"
    SPACE = "space", "ouvrir son espace"
    INVITATION = "invitation", "répondre à une invitation à rejoindre le réseau"
    MOVE = "move", "confirmer un changement d’adresse, à l’ancienne et à la nouvelle"
    CHARTER = "charter", "accepter une nouvelle version des engagements"
    ERASURE = "erasure", "faire effacer ses données"
    CODE = "code", "donner le code de son téléphone"
    DEVICE = "device", "navigateur déjà connu"


#: How long each kind of link lives (ux-security.md 3.3, rule 4).
LIFETIMES: dict[Purpose, timedelta] = {
    Purpose.CONFIRM: timedelta(days=7),
    Purpose.DOSSIER: timedelta(days=180),
    Purpose.SIGN_IN: timedelta(minutes=30),
    Purpose.SESSION: timedelta(hours=12),
    Purpose.ADDRESS: timedelta(days=7),
    Purpose.PREFILL: timedelta(days=14),
    Purpose.DIGEST: timedelta(days=365),  # a letter found again much later must still let one leave
    Purpose.NEW_ADDRESS: timedelta(days=7),
    Purpose.SPACE: timedelta(days=7),
    Purpose.INVITATION: timedelta(days=60),
    Purpose.MOVE: timedelta(days=7),
    Purpose.CHARTER: timedelta(days=180),
    Purpose.ERASURE: timedelta(days=30),  # it cancels too, until it is done
    Purpose.CODE: timedelta(minutes=15),
    Purpose.DEVICE: timedelta(days=365),
}


class AccessLink(db.Model):
    """A link or a session. Only the SHA-256 of its token is kept: 256 random bits need no slow hash (ASVS 6.5.2)."""

    __table_args__ = {"sqlite_autoincrement": True}  # its number stands in signed addresses

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    about: Mapped[str] = mapped_column(String(254), default="")
    """What else the link is about, where its purpose needs it (another address, a message received, a session's browser)."""
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When a link that acts once did; for a session, when the code of the second factor was given."""
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    participant: Mapped[Participant | None] = relationship()

    @property
    def name(self) -> str:
        """What a link may be called by in a document all the parties read: nothing can be opened with it."""
        return f"lien {self.token_hash[:4]}-{self.token_hash[4:8]}"

    def alive(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


def hash_token(token: str) -> str:
    """SHA-256 of a token, in hexadecimal: what is stored and looked up."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new_link(purpose: Purpose, email: str, now: datetime, participant: Participant | None = None,
             until: datetime | None = None) -> tuple[str, AccessLink]:
    """A fresh token of 256 bits and its row, not yet added to the session; it lives ``until`` then, else as its purpose says."""
    token = secrets.token_urlsafe(32)
    row = AccessLink(token_hash=hash_token(token), purpose=purpose.value, email=email, created_at=now,
                     participant_id=participant.id if participant else None, expires_at=until or now + LIFETIMES[purpose])
    return token, row
