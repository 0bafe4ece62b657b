"""The code that a person who signs types: six figures sent to their address, with few tries, kept as a keyed hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from models.instance import instance
from models.signature import Signature

#: A code is short: it is typed by hand from a letter that may take ten minutes to come (greylisting), with few tries.
LIVES, TRIES, DIGITS = timedelta(minutes=30), 5, 6
#: A second press within this time sends nothing: the first letter is on its way.
AGAIN = timedelta(seconds=60)
#: Codes for one signature: within a quarter of an hour, within a day.
MOST = ((3, 900), (10, 86400))


def just_sent(row: Signature, now: datetime) -> bool:
    """True while the letter of the last code is on its way."""
    return row.code_sent_at is not None and now - row.code_sent_at < AGAIN


def make(row: Signature, now: datetime) -> str:
    """A new code for that row, to be sent; the one before is worth nothing any more. Inside a transaction."""
    code = f"{secrets.randbelow(10 ** DIGITS):0{DIGITS}}"
    row.code_hash, row.code_sent_at, row.code_until, row.code_tries = _hash(row, code), now, now + LIVES, 0
    return code


def can_be_typed(row: Signature, now: datetime) -> bool:
    """True while a code that was sent can be typed."""
    return bool(row.code_hash) and row.code_until is not None and now < row.code_until and row.code_tries < TRIES


def wrong(row: Signature, typed: str, now: datetime) -> str:
    """Why what was typed is not the code, as a sentence; "" when it is."""
    digits = "".join(str(int(sign_)) for sign_ in typed if sign_.isdecimal())
    if not row.code_hash or row.code_until is None:
        return "Demandez d’abord un code : il arrive à votre adresse de courriel."
    if now >= row.code_until:
        return "Ce code n’est plus valable. Demandez-en un autre : il arrive à la même adresse."
    if row.code_tries >= TRIES:
        return "Ce code a été mal tapé plusieurs fois. Demandez-en un autre : il arrive à la même adresse."
    if hmac.compare_digest(_hash(row, digits), row.code_hash):
        return ""
    return f"Ce n’est pas le code du dernier courriel. Tapez ses {DIGITS} chiffres, ou demandez un autre code."


def forget(row: Signature) -> None:
    """No code of that row can be typed any more."""
    row.code_hash, row.code_until = "", None


def _hash(row: Signature, code: str) -> str:
    # Keyed: a million possibilities are nothing to who would steal the database without the key.
    said = f"code:{row.id}:{row.convention.pdf_sha256}:{code}"
    return hmac.digest(instance().settings.SECRET_KEY.encode(), said.encode(), hashlib.sha256).hex()
