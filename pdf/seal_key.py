"""The key that seals documents: made once in the instance folder, or the organisation's own.

One file holds the instance's private key and its certificate, so that they exist together or not at all. The public
certificate of every key ever used stays in `known/`: a document sealed before a change of key is still ours.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from models.key_file import put_once

OWN, KNOWN = "key.pem", "known"
#: Ten years: a convention is looked at long after it was signed, and an expired seal frightens for no reason.
LIFETIME = timedelta(days=3653)
PKCS12 = (".p12", ".pfx")
#: The longest name a certificate may have, which the library counts in bytes (RFC 5280, A.1, ub-common-name).
LONGEST_NAME = 64


class UnusableKey(Exception):
    """The key or the certificate cannot be used; the message says why, in French."""


@dataclass(frozen=True)
class SealKey:
    """A private key, its certificate, and the certificates an instance is known by (DER).

    `chain` are the authorities given with the certificate, if any; `known` holds every certificate that this instance ever
    sealed with, this one included, each followed by its authorities.
    """

    private: Any = field(repr=False)
    certificate: bytes = field(repr=False)
    chain: tuple[bytes, ...] = field(default=(), repr=False)
    known: frozenset[tuple[bytes, ...]] = field(default=frozenset(), repr=False)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, 64 hexadecimal digits: what two people compare by eye."""
        return hashlib.sha256(self.certificate).hexdigest()

    @cached_property
    def parsed(self) -> Any:
        from cryptography import x509

        return x509.load_der_x509_certificate(self.certificate)

    @property
    def owner(self) -> str:
        """The name written in the certificate."""
        from cryptography.x509.oid import NameOID

        names = self.parsed.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(names[0].value) if names else self.parsed.subject.rfc4514_string()

    @property
    def valid_until(self) -> datetime:
        return self.parsed.not_valid_after_utc


def own_key(folder: Path, owner: str, now: datetime) -> SealKey:
    """Return the instance's own key, made at the first call in `folder` (EC P-256, self-signed, mode 600).

    Several processes may ask at once: the first file that is linked in place is everybody's. `owner` is the network's
    name; `now` is aware. Raises UnusableKey, OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / OWN
    if not path.exists():
        put_once(path, _new_key(owner, now))
    return _remembered(folder, _read_pem(path.read_bytes(), path.read_bytes(), "", str(path)))


def organisation_key(folder: Path, key: Path, certificate: Path | None, password: str) -> SealKey:
    """Return the organisation's own key: PEM files, or one PKCS#12 file that holds both.

    `folder` keeps the public certificate. Raises UnusableKey with a French sentence.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        content = key.read_bytes()
        if key.suffix.lower() in PKCS12:
            return _remembered(folder, _read_pkcs12(content, password, str(key)))
        if certificate is None:
            raise UnusableKey(f"{key} : indiquez aussi le certificat (SEAL_CERTIFICATE).")
        return _remembered(folder, _read_pem(content, certificate.read_bytes(), password, str(key)))
    except OSError as error:
        raise UnusableKey(f"{error.filename} ne peut pas être lu : {error.strerror}.") from error


def _new_key(owner: str, now: datetime) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([
        x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, _short(owner) or "Ring"),
        x509.NameAttribute(NameOID.COMMON_NAME, _short(f"Sceau {owner}")),
    ])
    usage = dict.fromkeys(("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
                           "encipher_only", "decipher_only"), False)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + LIFETIME)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256()))
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption(),
    ) + certificate.public_bytes(serialization.Encoding.PEM)


def _short(name: str) -> str:
    return name.encode()[:LONGEST_NAME].decode(errors="ignore").strip()


def _read_pem(key: bytes, certificates: bytes, password: str, where: str) -> SealKey:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    try:
        private = serialization.load_pem_private_key(key, password.encode() or None)
    except TypeError as error:
        wrong = "n’est pas chiffrée : retirez SEAL_KEY_PASSWORD." if password else "est chiffrée : indiquez SEAL_KEY_PASSWORD."
        raise UnusableKey(f"{where} : la clé {wrong}") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnusableKey(f"{where} : la clé ne peut pas être lue (format PEM, et mot de passe juste ?).") from error
    try:
        found = x509.load_pem_x509_certificates(certificates)
    except ValueError as error:
        raise UnusableKey(f"{where} : le certificat ne peut pas être lu (format PEM attendu).") from error
    return _matched(private, found, where)


def _read_pkcs12(content: bytes, password: str, where: str) -> SealKey:
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        private, certificate, others = pkcs12.load_key_and_certificates(content, password.encode() or None)
    except ValueError as error:
        raise UnusableKey(f"{where} ne peut pas être lu (format PKCS#12, et SEAL_KEY_PASSWORD juste ?).") from error
    if private is None or certificate is None:
        raise UnusableKey(f"{where} ne contient pas à la fois une clé et un certificat.")
    return _matched(private, [certificate, *others], where)


def _matched(private: Any, certificates: list[Any], where: str) -> SealKey:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import Encoding

    if not isinstance(private, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise UnusableKey(f"{where} : prenez une clé RSA ou à courbe elliptique.")
    ours = [each for each in certificates if each.public_key() == private.public_key()]
    if not ours:
        raise UnusableKey(f"{where} : le certificat n’est pas celui de cette clé.")
    chain = tuple(each.public_bytes(Encoding.DER) for each in certificates if each is not ours[0])
    return SealKey(private, ours[0].public_bytes(Encoding.DER), chain)


def _remembered(folder: Path, key: SealKey) -> SealKey:
    """Keep the public certificate, and return the key with all those kept."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    known = folder / KNOWN
    known.mkdir(mode=0o700, exist_ok=True)
    path = known / f"{key.fingerprint}.pem"
    if not path.exists():
        put_once(path, b"".join(x509.load_der_x509_certificate(each).public_bytes(Encoding.PEM)
                             for each in (key.certificate, *key.chain)))
    kept = set()
    for each in sorted(known.glob("*.pem")):
        try:
            found = x509.load_pem_x509_certificates(each.read_bytes())
        except ValueError as error:
            raise UnusableKey(f"{each} : ce certificat ne peut pas être lu.") from error
        kept.add(tuple(certificate.public_bytes(Encoding.DER) for certificate in found))
    return SealKey(key.private, key.certificate, key.chain, frozenset(kept))
