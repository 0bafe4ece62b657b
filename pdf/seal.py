"""Seal a PDF: an invisible PAdES signature of the network over every byte, after which no change is allowed.

ETSI EN 319 142-1 names the levels: B-B, and B-T with a time stamp (RFC 3161). A time stamp is asked for and never waited
for beyond its time-out: the seal is what must not be lost. The same file, key and moment give the same bytes (ECDSA as in
RFC 6979), so that a seal begun again after a crash is the same document.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any

from pdf.coroutines import awaited
from pdf.seal_key import SealKey
from pdf.timestamp import NoTimestamp, TimestampServer

BASIC, TIMESTAMPED = "B-B", "B-T"
FIELD = "Sceau"
DIGEST = "sha256"
# Bytes kept for the signature itself, its attributes and, with a server, its time stamp; certificates are counted.
SIGNATURE_ROOM, TIMESTAMP_ROOM = 2048, 12288


class SealFailed(Exception):
    """The document could not be sealed: the message says why."""


@dataclass(frozen=True)
class Sealed:
    """A sealed document. `level` is B-B or B-T; `note` says in French why a time stamp that was asked for is missing."""

    content: bytes
    level: str
    sealed_at: datetime
    note: str = ""


def seal(pdf: bytes, key: SealKey, sealed_at: datetime, server: TimestampServer | None = None) -> Sealed:
    """Return `pdf` with the seal appended; its own bytes come first, unchanged.

    `sealed_at` is aware, to the second. Without `server`, or when it does not answer, the level is B-B. Raises
    SealFailed on a file that is already signed, encrypted, or no PDF.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.general import SigningError

    if sealed_at.tzinfo is None:
        raise ValueError("sealed_at needs a time zone")
    moment = sealed_at.astimezone(UTC).replace(microsecond=0)
    try:
        if server is not None:
            try:
                return Sealed(_signed(pdf, key, moment, server), TIMESTAMPED, moment)
            except NoTimestamp as missing:
                return Sealed(_signed(pdf, key, moment, None), BASIC, moment, str(missing))
        return Sealed(_signed(pdf, key, moment, None), BASIC, moment)
    except (PdfError, SigningError) as error:
        raise SealFailed(str(error)) from error


def _signed(pdf: bytes, key: SealKey, moment: datetime, server: TimestampServer | None) -> bytes:
    from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers import cms_embedder
    from pyhanko.sign.signers.pdf_byterange import SignatureObject
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

    made = _classes()
    writer = made.writer(BytesIO(pdf))
    if writer.prev.encrypted or "/AcroForm" in writer.root:
        raise SealFailed("Only a document that is neither encrypted nor signed nor a form is sealed.")
    room = SIGNATURE_ROOM + len(key.certificate) + sum(map(len, key.chain)) + (TIMESTAMP_ROOM if server else 0)
    steps = cms_embedder.PdfCMSEmbedder(SigFieldSpec(FIELD)).write_cms(FIELD, writer)
    next(steps)
    steps.send(cms_embedder.SigObjSetup(
        SignatureObject(timestamp=moment, subfilter=SigSeedSubFilter.PADES, bytes_reserved=2 * room),
        cms_embedder.SigMDPSetup(DIGEST, certify=True, docmdp_perms=MDPPerm.NO_CHANGES)))
    prepared, output = steps.send(cms_embedder.SigIOSetup(DIGEST))
    signature = awaited(lambda: made.signer(key).async_sign(
        prepared.document_digest, DIGEST, use_pades=True, timestamper=made.stamper(server) if server else None,
        signed_attr_settings=PdfCMSSignedAttributes()))
    steps.send(signature)
    return output.getvalue()


@dataclass(frozen=True)
class _Classes:
    writer: type
    signer: Any
    stamper: type


@cache
def _classes() -> _Classes:
    """pyHanko's classes, so far as ours differ. Made at first use: the library takes a third of a second to load."""
    from asn1crypto import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers.pdf_cms import Signer
    from pyhanko.sign.timestamps import TimeStamper
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class Writer(IncrementalPdfFileWriter):
        """Names the new file after its content, not by lot (ISO 32000-1, 14.4), and adds nothing but the seal."""

        @classmethod
        def _handle_id(cls, prev: Any) -> Any:
            whole = prev.stream.getbuffer()
            second = generic.ByteStringObject(hashlib.sha256(whole).digest()[:16])
            if "/ID" not in prev.trailer:
                return generic.ArrayObject([second, second])
            first = prev.trailer["/ID"][0]
            if isinstance(first, generic.TextStringObject):
                first = generic.ByteStringObject(first.original_bytes)
            return generic.ArrayObject([first, second])

        def _update_meta(self) -> None:
            """Leave the metadata as the document was made with: pyHanko would write the time of the machine."""

    class KeySigner(Signer):
        """Signs with a key loaded once; pyHanko's own signer loads and checks it at each signature."""

        def __init__(self, key: SealKey) -> None:
            certificate = x509.Certificate.load(key.certificate)
            registry = SimpleCertificateStore.from_certs(map(x509.Certificate.load, key.chain))
            super().__init__(signing_cert=certificate, cert_registry=registry, embed_roots=True)
            self._key = key.private

        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            if isinstance(self._key, ec.EllipticCurvePrivateKey):
                return self._key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    class Stamper(TimeStamper):
        """Asks the server of the settings, and checks what it gives."""

        def __init__(self, server: TimestampServer) -> None:
            super().__init__()
            self._server = server

        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
            return await self._server.token(message_digest, self.request_cms(message_digest, md_algorithm))

    return _Classes(Writer, cache(KeySigner), Stamper)
