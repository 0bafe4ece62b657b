"""The key that signs badges: made once in the instance folder; the public half of every key ever used stays known.

RSA and not the elliptic curve of the seal: Open Badges 3.0 (8.2.1) asks for RS256 as a minimum, and says that the use of any
other algorithm limits who can verify (decision 0016).
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from models.key_file import put_once

OWN, KNOWN = "key.pem", "known"
BITS = 2048


class UnusableBadgeKey(Exception):
    """The key cannot be read; the message says why, in French."""


@dataclass(frozen=True)
class BadgeKey:
    """A private key and the public ones this instance ever signed badges with, by thumbprint."""

    private: Any = field(repr=False)
    known: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)

    @cached_property
    def jwk(self) -> dict[str, str]:
        """The public half (RFC 7517)."""
        numbers = self.private.public_key().public_numbers()
        return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}

    @cached_property
    def thumbprint(self) -> str:
        return thumbprint(self.jwk)


def encoded(content: bytes) -> str:
    """Base64url without padding (RFC 7515, 2)."""
    return urlsafe_b64encode(content).decode("ascii").rstrip("=")


def thumbprint(jwk: dict[str, str]) -> str:
    """The name of a public key, the same for whoever computes it (RFC 7638)."""
    needed = {name: jwk[name] for name in ("e", "kty", "n")}
    return encoded(hashlib.sha256(json.dumps(needed, separators=(",", ":"), sort_keys=True).encode()).digest())


def badge_key(folder: Path) -> BadgeKey:
    """Return the instance's key, made at the first call in `folder` (mode 600). Raises UnusableBadgeKey, OSError."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / OWN
    if not path.exists():
        put_once(path, rsa.generate_private_key(65537, BITS).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise UnusableBadgeKey(f"{path} : la clé des badges ne peut pas être lue (format PEM, sans mot de passe).") from error
    if not isinstance(private, rsa.RSAPrivateKey):
        raise UnusableBadgeKey(f"{path} : prenez une clé RSA de {BITS} bits.")
    key = BadgeKey(private)
    return BadgeKey(private, _remembered(folder / KNOWN, key))


def _remembered(folder: Path, key: BadgeKey) -> dict[str, dict[str, str]]:
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{key.thumbprint}.json"
    if not path.exists():
        put_once(path, json.dumps(key.jwk).encode())
    return {each.stem: json.loads(each.read_bytes()) for each in sorted(folder.glob("*.json"))}


def _number(value: int) -> str:
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))
