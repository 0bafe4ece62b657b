"""The badges of this instance: who issues them, with which key, how they look, which are revoked."""

from __future__ import annotations

from datetime import datetime

from flask import current_app
from sqlalchemy import select

from models.attestation import Attestation
from models.base import db
from models.instance import instance
from pdf.badge.credential import (
    ACHIEVEMENTS,
    HOSTING,
    IMMERSION,
    Award,
    Issuer,
    achievement,
    credential,
    profile,
    signed,
    status_list,
)
from pdf.badge.image import badge_png, badge_svg, baked_png, baked_svg
from pdf.badge.key import BadgeKey, badge_key

from ..errors import NotFound

#: Whom an attestation is for -> what their badge recognises.
SLUGS = {"companion": IMMERSION.slug, "host": HOSTING.slug}


def key() -> BadgeKey:
    """The instance's key, made at the first use; read once by process. Raises pdf.badge.key.UnusableBadgeKey, OSError."""
    kept: dict[str, BadgeKey] = current_app.extensions.setdefault("badge", {})
    folder = instance().settings.badge_dir
    if str(folder) not in kept:
        kept[str(folder)] = badge_key(folder)
    return kept[str(folder)]


def issuer() -> Issuer:
    network = instance().network
    return Issuer(instance().settings.PUBLIC_URL.rstrip("/"), network.name, network.full_name, network.email)


def make_badge(row: Attestation, name: str, email: str, narrative: str) -> str:
    """The signed credential of an attestation."""
    award = Award(row.badge_uuid, SLUGS[row.recipient], name, email, row.salt, row.awarded_at, row.id, narrative)
    by = issuer()
    return signed(by, credential(by, award), key(), row.awarded_at)


def image(slug: str, kind: str, token: str = "") -> bytes:
    """The image of a badge, ``kind`` "svg" or "png"; with ``token``, the badge itself. :raises NotFound: no such badge."""
    network, what = instance().network, ACHIEVEMENTS.get(slug)
    if what is None:
        raise NotFound()
    look = (what, network.full_name, network.primary, network.accent)
    if kind == "svg":
        svg = badge_svg(*look)
        return (baked_svg(svg, token) if token else svg).encode()
    png = badge_png(*look)
    return baked_png(png, token) if token else png


def said_profile() -> dict:
    """The issuer, for machines."""
    return profile(issuer()) | {"@context": "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"}


def said_achievement(slug: str) -> dict:
    """What a badge recognises, for machines. :raises NotFound: no such badge."""
    if slug not in ACHIEVEMENTS:
        raise NotFound()
    return achievement(issuer(), ACHIEVEMENTS[slug])


def criteria(slug: str) -> tuple[str, str, str]:
    """Its name, what it says, what it takes. :raises NotFound: no such badge."""
    if (what := ACHIEVEMENTS.get(slug)) is None:
        raise NotFound()
    return what.name, what.description, what.criteria


def public_key(thumbprint: str) -> dict[str, str]:
    """A public key this instance signed badges with, as a JWK. :raises NotFound: none of that name."""
    known = key().known
    if thumbprint not in known:
        raise NotFound()
    return known[thumbprint] | {"kid": issuer().key_url(key()).rsplit("/", 1)[0] + f"/{thumbprint}", "alg": "RS256", "use": "sig"}


def revoked_list(now: datetime) -> str:
    """The signed list of the badges taken back."""
    places = db.session.scalars(select(Attestation.id).where(Attestation.revoked_at.is_not(None))).all()
    return signed(issuer(), status_list(issuer(), places, now), key(), now)


def badge_of(uuid: str) -> Attestation:
    """The attestation whose badge has that name. :raises NotFound: none."""
    row = db.session.scalar(select(Attestation).where(Attestation.badge_uuid == uuid, Attestation.badge != ""))
    if row is None:
        raise NotFound("Aucun badge ne porte ce nom.")
    return row
