"""Reply addresses: which conversation, who answers, and whom the answer is for, signed.

``reponse+TOKEN@domain`` is the Reply-To of every letter, ``retour+TOKEN@domain`` the envelope sender, where bounces
come back. The token is base32 in lower case, as some servers change the case (reference email.md 1.2); there is one
``+`` and the local part stays under 64 characters (RFC 5321, 4.5.3.1.1).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
from dataclasses import dataclass

REPLY, RETURN = "reponse", "retour"
_SIGNATURE_BYTES = 8
_ADDRESS = re.compile(rf"({REPLY}|{RETURN})[+=]([a-z2-7]{{26}})@([^@\s]+)", re.IGNORECASE)


@dataclass(frozen=True)
class ReplyAddress:
    """``participant_id`` answers; ``to_id`` is the person the answer is for, 0 for the coordination."""

    participant_id: int
    to_id: int = 0
    bounce: bool = False


def write_address(address: ReplyAddress, secret: str, domain: str) -> str:
    """The mail address that names ``address``; ids are unsigned 32-bit numbers."""
    payload = struct.pack(">II", address.participant_id, address.to_id)
    token = base64.b32encode(payload + _sign(payload, secret)).decode("ascii").rstrip("=").lower()
    return f"{RETURN if address.bounce else REPLY}+{token}@{domain}"


def read_address(text: str, secret: str) -> ReplyAddress | None:
    """What a mail address names, or None when it is not one of ours or its signature is wrong."""
    found = _ADDRESS.fullmatch(text.strip().strip("<>"))
    if not found:
        return None
    raw = base64.b32decode(found[2].upper() + "=" * (-len(found[2]) % 8))
    payload, signature = raw[:8], raw[8:]
    if not hmac.compare_digest(signature, _sign(payload, secret)):
        return None
    participant_id, to_id = struct.unpack(">II", payload)
    return ReplyAddress(participant_id, to_id, found[1].lower() == RETURN)


def _sign(payload: bytes, secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"reply-address:" + payload, hashlib.sha256)[:_SIGNATURE_BYTES]
