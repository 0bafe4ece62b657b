"""What is sealed, for whom, and with what: the only place that knows the cryptography of alerts.

libsodium through PyNaCl. An alert has a key pair of its own: words are sealed to its public key (sealed boxes, X25519 and
XSalsa20-Poly1305), and its private key is sealed to the public key of each reader. A referent's private key is locked by
their passphrase, an author's is derived from their code of words, both by argon2id. All functions are pure.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from nacl.utils import random

#: argon2id: passes, and bytes of memory. Above the second choice of RFC 9106, 4 (3 passes, 64 MiB); about 0.1 s.
PASSES, MEMORY = 4, 64 * 1024 * 1024
#: Words are padded to a multiple of this many bytes, so that their length says little.
BLOCK = 1024
_AUTHOR_SALT = b"ring/alerte/code"
_GROUP = 4


class CannotOpen(Exception):
    """The key does not open that box: another's key, a wrong passphrase, or changed bytes."""


@dataclass(frozen=True)
class Pair:
    """An X25519 key pair; ``private`` never reaches the database."""

    private: bytes
    public: bytes

    def __repr__(self) -> str:
        return f"Pair(public={self.public.hex()})"


@dataclass(frozen=True)
class Locked:
    """A private key locked by a passphrase, and what it takes to try one."""

    salt: bytes
    passes: int
    memory: int
    box: bytes


@dataclass(frozen=True)
class AuthorKeys:
    """What a code of words gives: where the alert is found, and the key that opens it. The two say nothing of each other."""

    locator: str
    pair: Pair


def new_pair() -> Pair:
    key = PrivateKey.generate()
    return Pair(bytes(key), bytes(key.public_key))


def pair_of(private: bytes) -> Pair:
    return Pair(private, bytes(PrivateKey(private).public_key))


def seal_words(public: bytes, words: dict[str, Any]) -> bytes:
    """``words`` as JSON, padded, sealed to ``public``: not even who seals can open it again."""
    plain = sodium_pad(json.dumps(words, ensure_ascii=False).encode(), BLOCK)
    return SealedBox(PublicKey(public)).encrypt(plain)


def open_words(private: bytes, sealed: bytes) -> dict[str, Any]:
    """:raises CannotOpen:"""
    return json.loads(sodium_unpad(open_key(private, sealed), BLOCK))


def seal_key(public: bytes, private: bytes) -> bytes:
    """A private key, sealed to a reader."""
    return SealedBox(PublicKey(public)).encrypt(private)


def open_key(private: bytes, sealed: bytes) -> bytes:
    """:raises CannotOpen:"""
    try:
        return SealedBox(PrivateKey(private)).decrypt(sealed)
    except (CryptoError, ValueError) as error:
        raise CannotOpen() from error


def lock(private: bytes, passphrase: str) -> Locked:
    salt = random(argon2id.SALTBYTES)
    return Locked(salt, PASSES, MEMORY, bytes(SecretBox(_stretched(passphrase, salt, PASSES, MEMORY)).encrypt(private)))


def unlock(locked: Locked, passphrase: str) -> bytes:
    """:raises CannotOpen: not that passphrase."""
    return open_with(_stretched(passphrase, locked.salt, locked.passes, locked.memory), locked.box)


def lock_with(key: bytes, private: bytes) -> bytes:
    """Under a random key of 32 bytes, for the time of a session."""
    return bytes(SecretBox(key).encrypt(private))


def open_with(key: bytes, box: bytes) -> bytes:
    """:raises CannotOpen:"""
    try:
        return SecretBox(key).decrypt(box)
    except CryptoError as error:
        raise CannotOpen() from error


def _stretched(passphrase: str, salt: bytes, passes: int, memory: int) -> bytes:
    return argon2id.kdf(SecretBox.KEY_SIZE, plain(passphrase).encode(), salt, opslimit=passes, memlimit=memory)


def plain(passphrase: str) -> str:
    """As compared: a phone that puts a capital first, or two spaces, locks nobody out."""
    return " ".join(unicodedata.normalize("NFKC", passphrase).casefold().split())


def author_keys(code: str) -> AuthorKeys:
    """The keys of a code of words in its canonical form. Its 87 bits need no salt of its own; argon2id makes each guess dear."""
    root = argon2id.kdf(32, code.encode(), _AUTHOR_SALT, opslimit=PASSES, memlimit=MEMORY)
    return AuthorKeys(_branch(root, b"locator").hex(), pair_of(_branch(root, b"key")))


def session_keys(secret: bytes) -> tuple[str, bytes]:
    """``(what the row is found by, what opens it)`` from the secret of a session's cookie."""
    return _branch(secret, b"session").hex(), _branch(secret, b"box")


def letter_key(secret: str) -> bytes:
    """What a waiting notice is locked with, from the instance's secret, which is not in the database."""
    return _branch(hashlib.sha256(secret.encode()).digest(), b"notice")


def relief_key(secret: str) -> bytes:
    """What the box of who stands by is locked with, from the instance's secret: their key and the database do not open it."""
    return _branch(hashlib.sha256(secret.encode()).digest(), b"relief")


def _branch(root: bytes, purpose: bytes) -> bytes:
    return hashlib.blake2b(key=root, person=purpose.ljust(16, b"\0"), digest_size=32).digest()


def recovery_code(private: bytes) -> str:
    """A private key as it is printed: 14 groups of 4 letters and digits, the last ones a check of the others."""
    whole = private + hashlib.blake2b(private, digest_size=3).digest()
    text = base64.b32encode(whole).decode().lower()
    return " ".join(text[start:start + _GROUP] for start in range(0, len(text), _GROUP))


def read_recovery(typed: str) -> bytes | None:
    """The private key of a recovery sheet, None where a sign was misread. 0, 1 and 8 are no signs of it."""
    text = re.sub(r"[^a-z2-7]", "", typed.lower().replace("0", "o").replace("1", "l").replace("8", "b"))
    try:
        whole = base64.b32decode(text.upper())
    except ValueError:
        return None
    private = whole[:32]
    return private if len(whole) == 35 and whole == private + hashlib.blake2b(private, digest_size=3).digest() else None


def fingerprint(public: bytes) -> str:
    """A few signs two people can compare on the phone."""
    text = hashlib.blake2b(public, digest_size=8).hexdigest()
    return " ".join(text[start:start + _GROUP] for start in range(0, len(text), _GROUP))
