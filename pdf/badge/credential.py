"""What a badge says, and its signature: an Open Badges 3.0 credential as a VC-JWT, and the list of those revoked.

The payload of the token is the credential itself (Open Badges 3.0, 8.2.4.1); the header carries the public key and its
address, so that it is verified without a network by who has our public key, and with one by anybody.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from base64 import urlsafe_b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pdf.badge.key import BadgeKey, encoded

VC, OB = "https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
#: Places in a status list: W3C asks for 131,072 at least, so that asking for it tells nobody which badge is looked at.
PLACES = 131_072


@dataclass(frozen=True)
class Achievement:
    """What is recognised: `slug` is the end of its address, `criteria` what it takes."""

    slug: str
    name: str
    description: str
    criteria: str
    tags: tuple[str, ...] = ()


IMMERSION = Achievement(
    "immersion", "Immersion en médiation numérique",
    "La personne a été accueillie par une autre structure, pour voir et partager des situations de travail de la médiation "
    "numérique, dans le cadre d’une convention signée par toutes les parties.",
    "Une convention signée par toutes les parties. Au moins une journée ou demi-journée passée sur place. Ce badge dit ce qui a "
    "eu lieu : il n’évalue personne et ne vaut ni diplôme ni certification professionnelle.",
    ("médiation numérique", "compagnonnage", "immersion"))
HOSTING = Achievement(
    "accueil", "Structure d’accueil en médiation numérique",
    "La structure a accueilli une personne d’une autre structure et a partagé avec elle ses situations de travail de médiation "
    "numérique, dans le cadre d’une convention signée par toutes les parties.",
    "Une convention signée par toutes les parties. Au moins une journée ou demi-journée d’accueil. Ce badge dit ce qui a eu "
    "lieu : il n’évalue personne.",
    ("médiation numérique", "compagnonnage", "accueil"))
ACHIEVEMENTS = {each.slug: each for each in (IMMERSION, HOSTING)}


@dataclass(frozen=True)
class Issuer:
    """The network as badges name it; `base` is the public address of the instance, without a slash at its end."""

    base: str
    name: str
    description: str
    email: str

    @property
    def id(self) -> str:
        return f"{self.base}/badges/emetteur"

    @property
    def status_list(self) -> str:
        return f"{self.base}/badges/liste"

    def key_url(self, key: BadgeKey) -> str:
        return f"{self.base}/badges/cles/{key.thumbprint}"


@dataclass(frozen=True)
class Award:
    """One badge. `uuid` names it in its public address; `place` is its own in the status list, `salt` hides the address."""

    uuid: str
    achievement: str
    recipient: str
    email: str
    salt: str
    awarded_at: datetime
    place: int
    narrative: str


def profile(issuer: Issuer) -> dict[str, Any]:
    """The issuer as `/badges/emetteur` shows it and as each badge names it."""
    return {"id": issuer.id, "type": ["Profile"], "name": issuer.name, "url": issuer.base, "email": issuer.email,
            "description": issuer.description}


def achievement(issuer: Issuer, what: Achievement) -> dict[str, Any]:
    """What is recognised, as a badge carries it and as `/badges/<slug>.json` shows it."""
    return {"id": f"{issuer.base}/badges/{what.slug}.json", "type": ["Achievement"], "name": what.name,
            "description": what.description, "achievementType": "CommunityService" if what is HOSTING else "LearningProgram",
            "criteria": {"id": f"{issuer.base}/badges/{what.slug}", "narrative": what.criteria},
            "image": {"id": f"{issuer.base}/badges/{what.slug}.png", "type": "Image", "caption": what.name},
            "inLanguage": "fr", "tag": list(what.tags), "creator": profile(issuer)}


def credential(issuer: Issuer, award: Award) -> dict[str, Any]:
    """The badge before its signature. The address of who receives it is there as a salted hash alone."""
    what = ACHIEVEMENTS[award.achievement]
    return {
        "@context": [VC, OB], "id": f"{issuer.base}/badges/{award.uuid}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"], "name": what.name, "issuer": profile(issuer),
        "validFrom": _moment(award.awarded_at),
        "credentialSubject": {
            "id": f"urn:uuid:{award.uuid}", "type": ["AchievementSubject"],
            "identifier": [_name(award.recipient), _address(award.email, award.salt)],
            "achievement": achievement(issuer, what), "narrative": award.narrative},
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        "credentialStatus": {
            "id": f"{issuer.status_list}#{award.place}", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": str(award.place), "statusListCredential": issuer.status_list}}


def signed(issuer: Issuer, document: dict[str, Any], key: BadgeKey, now: datetime) -> str:
    """The credential `document` as a compact token: its own members, then the registered claims."""
    subject = document["credentialSubject"]["id"]
    claims = {"iss": issuer.id, "jti": document["id"], "sub": subject, "nbf": int(now.timestamp())}
    header = {"alg": "RS256", "typ": "JWT", "kid": issuer.key_url(key), "jwk": key.jwk}
    said = f"{encoded(_json(header))}.{encoded(_json(document | claims))}"
    return f"{said}.{encoded(_signature(key, said.encode('ascii')))}"


def status_list(issuer: Issuer, revoked: Iterable[int], now: datetime) -> dict[str, Any]:
    """The list of the badges revoked (W3C Bitstring Status List 1.0), before its signature."""
    bits = bytearray(PLACES // 8)
    for place in revoked:
        bits[place // 8] |= 0x80 >> place % 8
    return {"@context": [VC], "id": issuer.status_list, "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": issuer.id, "validFrom": _moment(now),
            "credentialSubject": {"id": f"{issuer.status_list}#list", "type": "BitstringStatusList",
                                  "statusPurpose": "revocation",
                                  "encodedList": "u" + encoded(gzip.compress(bytes(bits), mtime=0))}}


def read(token: str) -> dict[str, Any]:
    """What a token of ours says; its signature is not looked at."""
    payload = token.split(".")[1]
    return json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def _name(name: str) -> dict[str, Any]:
    return {"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": name}


def _address(email: str, salt: str) -> dict[str, Any]:
    digest = hashlib.sha256(f"{email.lower()}{salt}".encode()).hexdigest()
    return {"type": "IdentityObject", "identityType": "emailAddress", "hashed": True, "salt": salt,
            "identityHash": f"sha256${digest}"}


def _signature(key: BadgeKey, said: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    return key.private.sign(said, padding.PKCS1v15(), hashes.SHA256())


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
