"""The seal: over every byte, invisible, the same for the same file, and told valid by tools that did not make it."""

from __future__ import annotations

import asyncio
import hashlib
import http.server
import io
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import avenant_samples as amending
import pdf_samples as samples
import pikepdf
import pytest
import sealing_samples as sealing
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from tools import program

from pdf.attestation import attestation_pdf
from pdf.avenant import avenant_pdf
from pdf.convention import convention_pdf, said_to_all
from pdf.frozen import canonical_json
from pdf.seal import SealFailed, seal
from pdf.seal_key import UnusableKey, organisation_key, own_key
from pdf.timestamp import REPLY, TimestampServer

ROOT = Path(__file__).parents[2]
AVENANT = amending.avenant_of(samples.OBSERVATION)


@pytest.fixture(scope="module")
def unsealed() -> bytes:
    return convention_pdf(samples.OBSERVATION)


def independent_check(pdf: bytes, certificate: bytes) -> None:
    """The seal's cryptography redone with cryptography alone: digest of the bytes, attributes, signature."""
    first, second, length = map(int, re.findall(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", pdf)[-1])
    assert second + length == len(pdf)
    signed = cms.ContentInfo.load(bytes.fromhex(pdf[first + 1:second - 1].decode()))["content"]
    (signer,) = signed["signer_infos"]
    attributes = {each["type"].native: each["values"][0] for each in signer["signed_attrs"]}
    assert attributes["message_digest"].native == hashlib.sha256(pdf[:first] + pdf[second:]).digest()
    key = x509.load_der_x509_certificate(certificate).public_key()
    words, signature = signer["signed_attrs"].untag().dump(), signer["signature"].native
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, words, ec.ECDSA(hashes.SHA256()))
    else:
        key.verify(signature, words, padding.PKCS1v15(), hashes.SHA256())
    hashed = attributes["signing_certificate_v2"]["certs"][0]["cert_hash"].native
    assert hashed == hashlib.sha256(certificate).digest(), "PAdES: the certificate is named by what is signed"


def told_by_others(pdf: bytes, folder: Path) -> tuple[str, subprocess.CompletedProcess]:
    """What poppler's pdfsig says of the seal, and qpdf of the file."""
    path = folder / "sealed.pdf"
    path.write_bytes(pdf)
    said = subprocess.run([program("pdfsig"), "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
    return said, subprocess.run([program("qpdf"), "--check", str(path)], capture_output=True, text=True, check=False)


#: All that the network seals: the bytes to be sealed, by name.
DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "convention": lambda: convention_pdf(samples.OBSERVATION, samples.proofs_of(samples.OBSERVATION)),
    "avenant": lambda: avenant_pdf(AVENANT, amending.proofs_of(AVENANT)),
    "attestation": lambda: attestation_pdf(samples.ATTESTATION),
}


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("key", [sealing.key, sealing.organisation], ids=["own", "organisation"])
def test_the_seal_of_each_document_is_valid_for_poppler_qpdf_and_cryptography(document, key: Callable, tmp_path: Path) -> None:
    pdf = sealing.sealed(DOCUMENTS[document](), key())
    said, checked = told_by_others(pdf, tmp_path)
    assert "Signature is Valid" in said and "Total document signed" in said and "ETSI.CAdES.detached" in said
    assert said.count("Signature #") == 1
    assert checked.returncode == 0, checked.stdout + checked.stderr
    independent_check(pdf, key().certificate)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_others_tell_a_flipped_byte_and_an_appended_one_too(document, tmp_path: Path) -> None:
    pdf = sealing.sealed(DOCUMENTS[document]())
    start = pdf.index(b"stream", len(pdf) // 3) + 60
    said, _ = told_by_others(pdf[:start] + bytes([pdf[start] ^ 1]) + pdf[start + 1:], tmp_path)
    assert "Signature is Valid" not in said and "Digest Mismatch" in said
    said, _ = told_by_others(pdf + b"\n% more\n", tmp_path)
    assert "Total document signed" not in said


def test_the_document_s_own_bytes_come_first_unchanged(unsealed: bytes) -> None:
    assert sealing.sealed(unsealed).startswith(unsealed)


def test_the_same_file_key_and_moment_give_the_same_bytes_another_day(unsealed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    first = sealing.sealed(unsealed)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        time.sleep(1.1)
        assert sealing.sealed(unsealed) == first
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_seal_is_invisible_certifies_and_says_its_moment(unsealed: bytes) -> None:
    with pikepdf.open(io.BytesIO(sealing.sealed(unsealed))) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert [float(side) for side in field.Rect] == [0, 0, 0, 0]
        assert int(pdf.Root.Perms.DocMDP.Reference[0].TransformParams.P) == 1, "no change allowed"
        assert str(field.V.M) == "D:20270120093015Z"
        assert pdf.docinfo.ModDate == pikepdf.open(io.BytesIO(unsealed)).docinfo.ModDate


def test_the_data_attached_to_the_convention_survive_with_the_proofs() -> None:
    with pikepdf.open(io.BytesIO(sealing.sealed_convention())) as pdf:
        attached = {str(each.UF): each.EF.F.read_bytes() for each in pdf.Root.AF}
    assert attached == {"convention.json": canonical_json(said_to_all(samples.OBSERVATION)),
                        "signatures.json": canonical_json(samples.proofs_of(samples.OBSERVATION))}


@pytest.mark.parametrize("what", [b"", b"hello", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_refused_by_name(what: bytes) -> None:
    with pytest.raises(SealFailed):
        sealing.sealed(what)


def test_a_sealed_file_is_not_sealed_again(unsealed: bytes) -> None:
    with pytest.raises(SealFailed):
        sealing.sealed(sealing.sealed(unsealed))


def test_a_moment_without_time_zone_is_refused(unsealed: bytes) -> None:
    with pytest.raises(ValueError, match="time zone"):
        seal(unsealed, sealing.key(), datetime(2027, 1, 20))


# --- the key ---------------------------------------------------------------------------------------------------------

def test_the_key_is_made_once_whole_and_private(tmp_path: Path) -> None:
    first = own_key(tmp_path / "seal", "Réseau Exemple", sealing.MADE_AT)
    assert own_key(tmp_path / "seal", "Autre", sealing.SEALED_AT).certificate == first.certificate
    assert (tmp_path / "seal" / "key.pem").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "seal").stat().st_mode & 0o777 == 0o700
    assert isinstance(first.private.curve, ec.SECP256R1)
    assert first.owner == "Sceau Réseau Exemple" and first.known == {(first.certificate,)}
    assert (first.valid_until - sealing.MADE_AT).days == 3653
    assert sorted(path.name for path in (tmp_path / "seal").iterdir()) == ["key.pem", "known"]


FORKED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
import pdf.seal_key as k

def own_key(folder):
    return k.own_key(Path(folder), 'Réseau', datetime(2027, 1, 4, tzinfo=UTC))
"""


def test_processes_that_ask_at_once_get_one_key(tmp_path: Path) -> None:
    """All six are ready before the first asks."""
    code = FORKED + (
        "held, go = os.pipe()\n"
        "for _ in range(6):\n"
        "    if not os.fork():\n"
        "        os.close(go)\n"
        "        os.read(held, 1)\n"
        "        os.write(1, own_key(sys.argv[1]).fingerprint.encode() + b'\\n')\n"
        "        os._exit(0)\n"
        "os.close(go)\n"
        "ended = [os.wait()[1] for _ in range(6)]\n"
        "sys.exit(any(ended))")
    said = subprocess.run([sys.executable, "-c", code, str(tmp_path / "seal")], capture_output=True, text=True, cwd=ROOT,
                          timeout=300, check=True).stdout.split()
    assert len(said) == 6 and len(set(said)) == 1 and len(said[0]) == 64
    assert [path.name for path in (tmp_path / "seal").glob(".*")] == []


def test_a_process_killed_while_it_makes_the_key_leaves_none_or_a_whole_one(tmp_path: Path) -> None:
    code = FORKED + (
        "for moment in ('fsync', 'link'):\n"
        "    if not os.fork():\n"
        "        setattr(os, moment, lambda *given: os.kill(os.getpid(), 9))\n"
        "        own_key(os.path.join(sys.argv[1], moment))\n"
        "        os._exit(0)\n"
        "    print(os.waitstatus_to_exitcode(os.wait()[1]))")
    said = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, cwd=ROOT, check=True)
    assert said.stdout.split() == [str(-signal.SIGKILL)] * 2
    for moment in ("fsync", "link"):
        folder = tmp_path / moment
        assert not (folder / "key.pem").exists()
        assert own_key(folder, "Réseau", sealing.MADE_AT).certificate


def test_a_name_longer_than_a_certificate_allows_is_cut(tmp_path: Path) -> None:
    assert len(own_key(tmp_path, "Réseau d’entraide " * 12, sealing.MADE_AT).owner.encode()) <= 64


def test_the_organisation_s_key_is_read_from_pkcs12(tmp_path: Path) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "key.p12").write_bytes(pkcs12.serialize_key_and_certificates(
        b"sceau", private, sealing.authority(private, "Ville Exemple"), None, serialization.BestAvailableEncryption(b"mot")))
    key = organisation_key(tmp_path / "seal", tmp_path / "key.p12", None, "mot")
    assert key.owner == "Ville Exemple"
    with pytest.raises(UnusableKey, match="SEAL_KEY_PASSWORD"):
        organisation_key(tmp_path / "seal", tmp_path / "key.p12", None, "faux")


def test_a_key_that_cannot_be_used_is_said_in_french_and_never_shown(tmp_path: Path) -> None:
    private, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    sealing.write_pem(tmp_path / "key.pem", private)
    sealing.write_pem(tmp_path / "locked.pem", private, b"phrase")
    (tmp_path / "other.pem").write_bytes(sealing.authority(other, "x").public_bytes(serialization.Encoding.PEM))
    (tmp_path / "text.pem").write_text("bonjour")
    for key, certificate, password, said in (
            ("key.pem", "other.pem", "", "n’est pas celui de cette clé"), ("locked.pem", "other.pem", "", "est chiffrée"),
            ("locked.pem", "other.pem", "faux", "ne peut pas être lue"), ("key.pem", "other.pem", "trop", "n’est pas chiffrée"),
            ("text.pem", "other.pem", "", "ne peut pas être lue"), ("key.pem", "text.pem", "", "certificat ne peut pas"),
            ("absent.pem", "other.pem", "", "ne peut pas être lu"), ("key.pem", None, "", "SEAL_CERTIFICATE")):
        with pytest.raises(UnusableKey, match=said) as raised:
            organisation_key(tmp_path / "seal", tmp_path / key, tmp_path / certificate if certificate else None, password)
        assert "BEGIN" not in str(raised.value)
    assert "PRIVATE" not in repr(sealing.key()) and "private" not in repr(sealing.key())


# --- the time stamp --------------------------------------------------------------------------------------------------

@contextmanager
def answering(answer: Callable[[http.server.BaseHTTPRequestHandler, bytes], None]) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer(self, self.rfile.read(int(self.headers["Content-Length"])))

        def log_message(self, format: str, *args: object) -> None:
            """Nothing to print."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def granted(request: bytes, change: Callable[[bytes], bytes] = lambda digest: digest) -> bytes:
    """A real answer to a request, by pyHanko's own authority for tests."""
    from asn1crypto import keys, tsp
    from asn1crypto import x509 as asn1_x509
    from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

    asked = tsp.TimeStampReq.load(request)
    imprint = asked["message_imprint"]
    imprint["hashed_message"] = change(imprint["hashed_message"].native)
    key, certificate = authority_of_time()
    stamper = DummyTimeStamper(asn1_x509.Certificate.load(certificate), keys.PrivateKeyInfo.load(key),
                               fixed_dt=sealing.SEALED_AT, include_nonce=True)
    return stamper.request_tsa_response(asked).dump()


def authority_of_time() -> tuple[bytes, bytes]:
    from datetime import timedelta

    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    if "made" not in authority_of_time.__dict__:
        private = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Horodatage Exemple")])
        certificate = (
            x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
            .serial_number(7).not_valid_before(sealing.MADE_AT).not_valid_after(sealing.MADE_AT + timedelta(days=900))
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
            .sign(private, hashes.SHA256()))
        authority_of_time.made = (  # type: ignore[attr-defined]
            private.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
            certificate.public_bytes(serialization.Encoding.DER))
    return authority_of_time.made  # type: ignore[attr-defined]


def _send(handler: http.server.BaseHTTPRequestHandler, content: bytes, kind: str = REPLY, status: int = 200) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def _drip(handler: http.server.BaseHTTPRequestHandler, request: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", REPLY)
    handler.end_headers()
    try:
        for _ in range(2400):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        return


def test_a_server_that_answers_raises_the_level(unsealed: bytes) -> None:
    from pdf.verify import Finding, verify

    with answering(lambda handler, request: _send(handler, granted(request))) as url:
        made = seal(unsealed, sealing.key(), sealing.SEALED_AT, TimestampServer(url))
    assert (made.level, made.note) == ("B-T", "")
    independent_check(made.content, sealing.key().certificate)
    verdict = verify(made.content, sealing.key().known)
    assert (verdict.finding, verdict.level) == (Finding.AUTHENTIC, "B-T")
    assert verdict.stamped_at == sealing.SEALED_AT


@pytest.mark.parametrize("answer", [
    lambda handler, request: _send(handler, b"", status=503), lambda handler, request: _send(handler, b"<html>", "text/html"),
    lambda handler, request: _send(handler, b"junk"), lambda handler, request: _send(handler, b"x" * 200_000),
    lambda handler, request: _send(handler, granted(request, lambda digest: bytes(32))),
    lambda handler, request: _send(handler, granted(request)[:-40]),
    lambda handler, request: time.sleep(3), _drip,
], ids=["503", "page", "junk", "huge", "other-digest", "cut", "silent", "drip"])
def test_a_server_that_fails_never_keeps_a_document_from_being_sealed(unsealed: bytes, answer: Callable) -> None:
    with answering(answer) as url:
        begun = time.monotonic()
        made = seal(unsealed, sealing.key(), sealing.SEALED_AT, TimestampServer(url, 0.5))
        assert time.monotonic() - begun < 60, "whatever it goes on saying, for two minutes"
    assert made.level == "B-B" and "horodatage" in made.note
    assert made.content == sealing.sealed(unsealed), "the very same seal as without a server"


def test_no_server_at_all_is_no_trouble(unsealed: bytes) -> None:
    made = seal(unsealed, sealing.key(), sealing.SEALED_AT, TimestampServer("http://127.0.0.1:9/", 0.5))
    assert made.level == "B-B" and made.note


def test_importing_the_seal_does_not_load_its_libraries() -> None:
    code = ("import sys, pdf.seal, pdf.verify, pdf.returned, pdf.attestation; "
            "print([name for name in ('pyhanko', 'pypdfium2', 'numpy', 'weasyprint', 'requests') if name in sys.modules])")
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT,
                          env={**os.environ})
    assert said.stdout.strip() == "[]"


def test_a_document_is_sealed_even_where_a_loop_runs_already(unsealed):
    async def inside() -> bytes:
        return seal(unsealed, sealing.key(), sealing.SEALED_AT).content
    assert asyncio.run(inside()) == seal(unsealed, sealing.key(), sealing.SEALED_AT).content
