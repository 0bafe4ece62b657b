"""The instance's seal: made at the first need, the organisation's where one is set, told when something is wrong."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from setting import TODAY

from app import create_app
from pdf.render import render_pdf
from pdf.verify import Finding
from services import sealing


def page() -> bytes:
    return render_pdf("<h1>Essai</h1>", title="Essai", author="Réseau", created=TODAY)


def organisation(folder: Path, expires_in: timedelta = timedelta(days=400)) -> dict[str, str]:
    """The settings of a key and a certificate of the organisation's own."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ville Exemple")])
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
                   .serial_number(3).not_valid_before(TODAY - timedelta(days=30)).not_valid_after(TODAY + expires_in)
                   .sign(private, hashes.SHA256()))
    (folder / "ville.key").write_bytes(private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"phrase")))
    (folder / "ville.key").chmod(0o600)
    (folder / "ville.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return {"RING_SEAL_KEY": str(folder / "ville.key"), "RING_SEAL_CERTIFICATE": str(folder / "ville.pem"),
            "RING_SEAL_KEY_PASSWORD": "phrase"}


def test_the_key_is_made_in_the_instance_folder_and_seals(context):
    sealed = sealing.seal_document(page(), TODAY)
    assert (Path(context.instance_path) / "seal" / "key.pem").stat().st_mode & 0o777 == 0o600
    assert sealing.verify_document(sealed.content, TODAY).finding is Finding.AUTHENTIC
    assert sealed.sealed_at == TODAY and sealed.level == "B-B"


def test_what_was_sealed_before_the_organisation_s_key_is_still_ours_after(context, environ, tmp_path):
    before = sealing.seal_document(page(), TODAY).content
    after = create_app(environ | organisation(tmp_path), testing=True)
    with after.app_context():
        sealed = sealing.seal_document(page(), TODAY).content
        for pdf, name in ((before, "Sceau "), (sealed, "Ville Exemple")):
            verdict = sealing.verify_document(pdf, TODAY)
            assert verdict.finding is Finding.AUTHENTIC and verdict.signer.startswith(name)
    # And back again: the certificate stayed known.
    context.extensions.pop("seal")
    assert sealing.verify_document(sealed, TODAY).finding is Finding.AUTHENTIC


def test_a_time_stamping_server_that_is_set_and_dead_blocks_nothing(environ):
    app = create_app(environ | {"RING_TSA_URL": "http://127.0.0.1:9/", "RING_TSA_TIMEOUT": "1"}, testing=True)
    with app.app_context():
        sealed = sealing.seal_document(page(), TODAY)
    assert sealed.level == "B-B" and "horodatage" in sealed.note


def test_all_is_well_needs_no_word(context):
    assert sealing.warnings(TODAY) == []


def test_a_key_others_can_read_or_that_ends_soon_is_told(context, environ, tmp_path):
    sealing.prepare(TODAY)
    (Path(context.instance_path) / "seal" / "key.pem").chmod(0o644)
    assert ["chmod 600" in sentence for sentence in sealing.warnings(TODAY)] == [True]
    app = create_app(environ | organisation(tmp_path, timedelta(days=20)), testing=True)
    with app.app_context():
        assert ["expire le 31/01/2027" in sentence for sentence in sealing.warnings(TODAY)] == [True]


@pytest.mark.parametrize("wrong", [
    {"RING_SEAL_KEY_PASSWORD": "faux"}, {"RING_SEAL_CERTIFICATE": ""}, {"RING_SEAL_KEY": "/nulle/part"}])
def test_a_key_that_cannot_be_used_is_told_and_the_site_still_starts(environ, tmp_path, wrong):
    app = create_app(environ | organisation(tmp_path) | wrong, testing=True)
    with app.app_context():
        (sentence,) = sealing.prepare(TODAY)
        assert sentence.startswith("sceau des documents : ") and "phrase" not in sentence
        assert sealing.warnings(TODAY) == [sentence]
