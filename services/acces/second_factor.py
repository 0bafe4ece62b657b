"""The second factor of who signs in: a code of a telephone, or one of the codes kept on paper."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pyotp
from sqlalchemy import delete

from models.base import db, transaction
from models.instance import instance
from models.second_factor import SecondFactor
from models.team import TeamMember

from .. import throttle
from ..errors import AlreadyDone, NotAllowed, Refused, TooMany

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

#: Seconds a code holds (RFC 6238, 5.2); the one before and the one after are taken too, for clocks that differ.
STEP = 30
RECOVERY_CODES = 10
#: Codes tried for one address, in an hour: with three living codes of a million, a guess in 10,000 hours or so.
TRIES = 30


@dataclass(frozen=True)
class Enrolment:
    """What a telephone needs: the picture to scan (a data: address), and the key to type where it cannot."""

    picture: str
    key: str


class CodeWrong(Refused):
    sentence = ("Ce code n’est pas le bon. Attendez le suivant sur votre téléphone, ou vérifiez que son heure est réglée "
                "automatiquement.")


def of(email: str) -> SecondFactor | None:
    """The second factor of that address, confirmed or not yet."""
    return db.session.get(SecondFactor, email.lower())


def in_use(email: str) -> bool:
    """True once a code is asked of that address."""
    row = of(email)
    return row is not None and row.confirmed_at is not None


def prepare(member: TeamMember, now: datetime) -> None:
    """Make a new secret for who has none in use; inside a transaction."""
    row = of(member.email)
    if row is not None and row.confirmed_at is not None:
        return
    if row is None:
        row = SecondFactor(email=member.email.lower())
        db.session.add(row)
    row.secret, row.made_at, row.last_step, row.recovery = _seal(pyotp.random_base32(), member.email), now, 0, []


def begin(member: TeamMember, now: datetime) -> None:
    """:func:`prepare`, from a page of who is signed in."""
    with transaction():
        prepare(member, now)


def enrolment(member: TeamMember) -> Enrolment | None:
    """What to scan; None where nothing waits to be confirmed."""
    row = of(member.email)
    if row is None or row.confirmed_at is not None:
        return None
    import segno

    secret = _open(row)
    uri = pyotp.TOTP(secret).provisioning_uri(name=member.email, issuer_name=instance().network.name)
    key = " ".join(re.findall(".{1,4}", secret))
    return Enrolment(segno.make(uri, error="m").svg_data_uri(scale=5, dark="#000", light="#fff", border=3), key)


def confirm(member: TeamMember, code: str, now: datetime) -> list[str]:
    """The first code proves that the telephone is ready; gives the codes to keep on paper, shown once.

    :raises CodeWrong, TooMany, AlreadyDone:
    """
    row = of(member.email)
    if row is None or row.confirmed_at is not None:
        raise AlreadyDone("Le code est déjà demandé à l’entrée.")
    _counted(member, now)
    with transaction():
        row = _locked(member)
        right = _take(row, code, now)
        if right:
            row.confirmed_at = now
            codes = _new_recovery(row)
    if not right:
        raise CodeWrong()
    return codes


def check(member: TeamMember, code: str, now: datetime) -> int | None:
    """Take a code of the telephone or of the paper, once; gives how many codes of the paper are left when it was one of them.

    :raises CodeWrong, TooMany:
    """
    _counted(member, now)
    with transaction():
        row = _locked(member)
        left = _spend_recovery(row, code)
        right = left is not None or _take(row, code, now)
    if not right:
        raise CodeWrong()
    return left


def renew_recovery(member: TeamMember, code: str, now: datetime) -> list[str]:
    """New codes on paper; the old ones are worth nothing more.

    :raises CodeWrong, TooMany:
    """
    check(member, code, now)
    with transaction():
        return _new_recovery(_locked(member))


def remove(member: TeamMember, code: str, now: datetime) -> None:
    """No code is asked any more, of who may do without.

    :raises CodeWrong, TooMany: :raises NotAllowed: this role may not.
    """
    if member.needs_second_factor:
        raise NotAllowed("Avec votre rôle, le code est toujours demandé.")
    check(member, code, now)
    with transaction():
        forget(member.email)


def forget(email: str) -> None:
    """Remove the second factor of an address: it is made anew at the next entry; inside a transaction."""
    db.session.execute(delete(SecondFactor).where(SecondFactor.email == email.lower()))


def _counted(member: TeamMember, now: datetime) -> None:
    with transaction():
        allowed = throttle.allow(f"second-factor:{member.email.lower()}", TRIES, 3600, now)
    if not allowed:
        raise TooMany("Beaucoup de codes ont été essayés. Attendez une heure, puis demandez un nouveau lien.")


def _locked(member: TeamMember) -> SecondFactor:
    row = db.session.get(SecondFactor, member.email.lower(), with_for_update=True, populate_existing=True)
    if row is None:
        raise NotAllowed("Le code de cette adresse vient d’être remis à zéro. Demandez un nouveau lien.")
    return row


def _take(row: SecondFactor, code: str, now: datetime) -> bool:
    """True for a code of the step now, before or after, later than the last one taken (RFC 6238, 5.2)."""
    digits = re.sub(r"\s", "", code)
    counter, totp = int(now.timestamp()) // STEP, pyotp.TOTP(_open(row))
    for step in (counter - 1, counter, counter + 1):
        if step > row.last_step and secrets.compare_digest(totp.generate_otp(step).encode(), digits.encode()):
            row.last_step = step
            return True
    return False


def _new_recovery(row: SecondFactor) -> list[str]:
    letters = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that are taken for others on paper
    codes = ["-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(2)) for _ in range(RECOVERY_CODES)]
    row.recovery = [_hash(code) for code in codes]
    return codes


def _spend_recovery(row: SecondFactor, code: str) -> int | None:
    found = _hash(code)
    if found not in row.recovery:
        return None
    row.recovery = [kept for kept in row.recovery if kept != found]
    return len(row.recovery)


def _hash(code: str) -> str:
    """Under a key of its own: 49 random bits could be tried one after the other against a copy of the database."""
    return hmac.digest(_derived(b"ring recovery codes"), re.sub(r"[^a-z0-9]", "", code.lower()).encode(), hashlib.sha256).hex()


def _derived(purpose: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt=None, info=purpose).derive(instance().settings.SECRET_KEY.encode())


def _key() -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(_derived(b"ring second factor"))


def _seal(secret: str, email: str) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + _key().encrypt(nonce, secret.encode(), email.lower().encode())


def _open(row: SecondFactor) -> str:
    from cryptography.exceptions import InvalidTag

    try:
        return _key().decrypt(row.secret[:12], row.secret[12:], row.email.encode()).decode()
    except InvalidTag as error:
        raise Refused("Le code de cette adresse ne peut plus être lu : la clé du site a changé. Une personne qui administre, ou "
                      "qui exploite Ring, peut le remettre à zéro.") from error
