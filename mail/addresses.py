"""Addresses of ours that say something, signed: which conversation, who answers, and whom the answer is for.

``reponse+TOKEN@domain`` is the Reply-To of every letter, ``retour+TOKEN@domain`` the envelope sender, where bounces
come back, ``courrier+TOKEN@domain`` names a mail set aside, mail to
``desabonnement+TOKEN@domain`` stops digests. The token is base32 in lower case, as some servers change the case (reference
email.md 1.2); there is one ``+`` and the local part stays under 64 characters (RFC 5321, 4.5.3.1.1).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
from dataclasses import dataclass
from functools import lru_cache

REPLY, RETURN, QUEUE = "reponse", "retour", "courrier"
#: Mail to it stops a kind of letters (RFC 2369).
UNSUBSCRIBE = "desabonnement"
#: The first word of every address of ours that says something.
FAMILIES = frozenset({REPLY, RETURN, QUEUE, UNSUBSCRIBE})
_SIGNATURE_BYTES = 8
_ADDRESS = re.compile(rf"({REPLY}|{RETURN}|{QUEUE}|{UNSUBSCRIBE})[+=]([a-z2-7]{{26}})@([^@\s]+)", re.IGNORECASE)


@dataclass(frozen=True)
class ReplyAddress:
    """``participant_id`` answers; ``to_id`` is the person the answer is for, 0 for the coordination."""

    participant_id: int
    to_id: int = 0
    bounce: bool = False


@lru_cache(maxsize=512)  # a letter names the same one several times, and so do those of one exchange
def write_address(address: ReplyAddress, secret: str, domain: str) -> str:
    """The mail address that names ``address``; ids are unsigned 32-bit numbers."""
    family = RETURN if address.bounce else REPLY
    return f"{family}+{write_token(address.participant_id, address.to_id, _PEOPLE, secret)}@{domain}"


def read_address(text: str, secret: str) -> ReplyAddress | None:
    """What a mail address names, or None when it is not one of ours or its signature is wrong."""
    family, numbers = _read(text, _PEOPLE, secret)
    return ReplyAddress(*numbers, family == RETURN) if numbers and family != QUEUE else None


def write_queue_address(inbound_id: int, secret: str, domain: str) -> str:
    """The address a coordinator writes to about one mail set aside: ``courrier+TOKEN@domain``."""
    return f"{QUEUE}+{write_token(inbound_id, 0, _MAIL, secret)}@{domain}"


def read_queue_address(text: str, secret: str) -> int | None:
    """The id of the mail set aside that an address names, or None."""
    family, numbers = _read(text, _MAIL, secret)
    return numbers[0] if numbers and family == QUEUE else None


def write_unsubscribe_address(link_id: int, secret: str, domain: str) -> str:
    """The address that stops what the link of that id stops: ``desabonnement+TOKEN@domain``."""
    return f"{UNSUBSCRIBE}+{write_token(link_id, 0, _STOP, secret)}@{domain}"


def read_unsubscribe_address(text: str, secret: str) -> int | None:
    """The id of the link that an address names, or None."""
    family, numbers = _read(text, _STOP, secret)
    return numbers[0] if numbers and family == UNSUBSCRIBE else None


#: A signature made for one family of addresses is worth nothing in another.
_PEOPLE, _MAIL = b"reply-address:", b"queue-address:"
_STOP = b"unsubscribe-address:"


def write_token(first: int, second: int, use: bytes, secret: str) -> str:
    """Two unsigned 32-bit numbers, signed for one ``use``: 26 letters and digits."""
    payload = struct.pack(">II", first, second)
    return base64.b32encode(payload + _sign(payload, use, secret)).decode("ascii").rstrip("=").lower()


def _read(text: str, use: bytes, secret: str) -> tuple[str, tuple[int, int] | None]:
    found = _ADDRESS.fullmatch(text.strip().strip("<>"))
    if not found:
        return "", None
    numbers = _numbers(found[2], use, secret)
    return (found[1].lower(), numbers) if numbers else ("", None)


def read_token(token: str, use: bytes, secret: str) -> tuple[int, int] | None:
    """What :func:`write_token` was given for that ``use``, None where the signature is wrong."""
    raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    payload, signature = raw[:8], raw[8:]
    return struct.unpack(">II", payload) if hmac.compare_digest(signature, _sign(payload, use, secret)) else None


_numbers = lru_cache(maxsize=512)(read_token)  # looked at before its mail is read, and after


def _sign(payload: bytes, use: bytes, secret: str) -> bytes:
    return hmac.digest(secret.encode(), use + payload, hashlib.sha256)[:_SIGNATURE_BYTES]
