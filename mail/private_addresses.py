"""Names of a neutral letter that the mail door knows again: its reply address, its envelope sender and its Message-ID.

What comes back to one of them is never stored as it came (decision 0015). They look like those of any other letter, so that a
mail server's log does not tell which letters were about an alert: only who holds their key can. That key is a file of its own: a
change of ``SECRET_KEY``, which nobody makes with alerts in mind, would bring answers to older letters before coordinators.

A letter to an author names their alert by its number; one to a referent, or to somebody whose alert is gone, says 0.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime
from pathlib import Path

from models.key_file import put_once

from .addresses import REPLY, RETURN, read_token, write_token

_USE, _NAME = b"private-address:", b"private-message-id:"
#: Looked for from their @, which files written as base 64 do not hold: four times as quick as from their beginning.
_ADDRESS = re.compile(rf"(?i)@(?:(?<={REPLY}[+=][a-z2-7]{{26}}@)|(?<={RETURN}[+=][a-z2-7]{{26}}@))".encode())
_MESSAGE_ID = re.compile(rb"(?i)@(?<=\d{14}\.[0-9a-f]{20}@)")
_TOKEN_BYTES, _ID_BYTES = 26, 35
#: Bytes of a Message-ID's 10: drawn, masked number, signature.
_DRAWN, _NUMBER, _SIGNATURE = 2, 3, 5


#: The key that names letters; others beside it, of another name in ``.key``, still recognise those they named.
OWN = "letters.key"


def private_secret(folder: Path) -> str:
    """The key of ``folder`` that names letters, made at the first one."""
    path = folder / OWN
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        put_once(path, secrets.token_hex(32).encode())
    return path.read_text("ascii").strip()


def private_secrets(folder: Path) -> list[str]:
    """All the keys of ``folder``: none, and no neutral letter was ever written."""
    return [path.read_text("ascii").strip() for path in sorted(folder.glob("*.key"))]


def write_private_address(number: int, secret: str, domain: str, *, bounce: bool = False) -> str:
    return f"{RETURN if bounce else REPLY}+{write_token(number, 0, _USE, secret)}@{domain}"


def write_private_message_id(number: int, secret: str, domain: str, now: datetime) -> str:
    when = f"{now:%Y%m%d%H%M%S}"
    drawn = secrets.token_bytes(_DRAWN)
    masked = _mixed(number.to_bytes(_NUMBER, "big"), when, drawn, secret)
    return f"<{when}.{(drawn + masked + _signed(when, drawn + masked, secret)).hex()}@{domain}>"


def private_numbers(raw: bytes, secret: str) -> list[int]:
    """The numbers of all neutral letters that ``raw`` names anywhere, as they come: in its head, in a letter it returns."""
    found = [_of_address(token.decode("ascii"), secret) for token in _before(_ADDRESS, _TOKEN_BYTES, raw)]
    found += [_of_message_id(*name.split(b"."), secret) for name in _before(_MESSAGE_ID, _ID_BYTES, raw)]
    return [number for number in dict.fromkeys(found) if number is not None]


def _before(sign: re.Pattern[bytes], size: int, raw: bytes) -> list[bytes]:
    """What stands before each ``sign``, once."""
    return list(dict.fromkeys(raw[found.start() - size:found.start()] for found in sign.finditer(raw)))


def _of_address(token: str, secret: str) -> int | None:
    numbers = read_token(token, _USE, secret)
    return numbers[0] if numbers else None


def _of_message_id(when: bytes, name: bytes, secret: str) -> int | None:
    said, whole = when.decode("ascii"), bytes.fromhex(name.decode("ascii"))
    signed, signature = whole[:-_SIGNATURE], whole[-_SIGNATURE:]
    if not hmac.compare_digest(signature, _signed(said, signed, secret)):
        return None
    return int.from_bytes(_mixed(signed[_DRAWN:], said, signed[:_DRAWN], secret), "big")


def _signed(when: str, signed: bytes, secret: str) -> bytes:
    return hmac.digest(secret.encode(), _NAME + when.encode() + signed, hashlib.sha256)[:_SIGNATURE]


def _mixed(number: bytes, when: str, drawn: bytes, secret: str) -> bytes:
    mask = hmac.digest(secret.encode(), _NAME + b"mask" + when.encode() + drawn, hashlib.sha256)
    return bytes(one ^ other for one, other in zip(number, mask, strict=False))
