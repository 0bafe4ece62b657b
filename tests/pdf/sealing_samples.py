"""Keys, sealed files and what people do to files: shared by the tests of the seal, of its check and of what comes back."""

from __future__ import annotations

import io
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pdf_samples as samples
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from PIL import Image

from pdf.convention import convention_pdf
from pdf.seal import seal
from pdf.seal_key import SealKey, organisation_key, own_key

SEALED_AT = datetime(2027, 1, 20, 9, 30, 15, tzinfo=UTC)
MADE_AT = datetime(2027, 1, 4, tzinfo=UTC)


@cache
def key(owner: str = "Réseau Exemple") -> SealKey:
    return own_key(Path(tempfile.mkdtemp()) / "seal", owner, MADE_AT)


def sealed(pdf: bytes, by: SealKey | None = None) -> bytes:
    return seal(pdf, by or key(), SEALED_AT).content


@cache
def sealed_convention() -> bytes:
    return sealed(convention_pdf(samples.OBSERVATION, samples.proofs_of(samples.OBSERVATION)))


def authority(private: Any, name: str, issuer: tuple[Any, x509.Name] | None = None, *, ca: bool = False) -> x509.Certificate:
    """A certificate of `private`, by itself or by `issuer`."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    by, issued_by = issuer or (private, subject)
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(issued_by).public_key(private.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(MADE_AT).not_valid_after(MADE_AT + timedelta(days=900))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .sign(by, hashes.SHA256()))


@cache
def organisation() -> SealKey:
    """A key with an authority above it: RSA below, elliptic curve above."""
    folder = Path(tempfile.mkdtemp())
    above, below = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
    root = authority(above, "Autorité Exemple", ca=True)
    leaf = authority(below, "Structure Exemple", (above, root.subject))
    write_pem(folder / "key.pem", below, b"phrase")
    (folder / "chain.pem").write_bytes(
        leaf.public_bytes(serialization.Encoding.PEM) + root.public_bytes(serialization.Encoding.PEM))
    return organisation_key(folder / "seal", folder / "key.pem", folder / "chain.pem", "phrase")


def write_pem(path: Path, private: Any, password: bytes = b"") -> None:
    path.write_bytes(private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()))


def annotated(pdf: bytes, words: str = "bonjour") -> bytes:
    """A note added behind the file, as reading programs do (incremental update)."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    note = writer.add_object(generic.DictionaryObject({
        generic.NameObject("/Type"): generic.NameObject("/Annot"),
        generic.NameObject("/Subtype"): generic.NameObject("/FreeText"),
        generic.NameObject("/Contents"): generic.TextStringObject(words),
        generic.NameObject("/Rect"): generic.ArrayObject([generic.NumberObject(each) for each in (20, 20, 120, 60)])}))
    if "/Annots" in page:
        page["/Annots"].append(note)
    else:
        page[generic.NameObject("/Annots")] = generic.ArrayObject([note])
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def photo(size: tuple[int, int] = (60, 90), kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind, **options)
    return out.getvalue()
