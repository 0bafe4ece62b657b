"""The certificate: every proof in plain words, the network's claims measured, on clean pages."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime

import pdf_samples as samples
import pikepdf
import pytest
from markupsafe import escape
from tools import program

from pdf.certificate import (
    BY_LINK,
    ON_PAPER,
    CertificateData,
    SignatureProof,
    UnfitCertificate,
    certificate_html,
    from_json,
    masked,
    to_json,
)
from pdf.convention import content_hash, convention_html, convention_pdf

NBSP = "\u00a0"


def words_of(html: str) -> str:
    from html import unescape

    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)).replace(NBSP, " ")).strip()


def text_of(pdf: bytes, page: int) -> str:
    said = subprocess.run([program("pdftotext"), "-f", str(page), "-l", str(page), "-layout", "-", "-"], input=pdf,
                          capture_output=True, check=True).stdout.decode()
    return re.sub(r"\s+", " ", said.replace(NBSP, " "))


def pages_of(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as read:
        return len(read.pages)


@pytest.mark.parametrize("frame", samples.BY_FRAME)
def test_each_signature_is_told_in_full(frame: str) -> None:
    data = samples.BY_FRAME[frame]
    certificate = samples.proofs_of(data)
    words = words_of(certificate_html(certificate))
    assert content_hash(data) in words.replace(" ", "") and certificate.issued_hash in words.replace(" ", "")
    for proof in certificate.proofs:
        for said in (proof.name, proof.quality, proof.capacity, proof.structure, proof.identified_by, proof.statement,
                     proof.link, proof.address):
            assert said in words, said
    assert "18 janvier 2027 à 15 h 30" in words and "18 janvier 2027" in words, "deposit and the date on the paper"
    assert "14 janvier 2027 à 9 h 47" in words, "Paris time"
    assert samples.proofs_of(data).seal_fingerprint in words.replace(" ", "")


def test_it_claims_a_simple_signature_and_no_more() -> None:
    words = words_of(certificate_html(samples.proofs_of(samples.OBSERVATION)))
    for said in ("électronique simple", "article 25, paragraphe 1", "code civil, articles 1366 et 1367",
                 "Elle n’est ni avancée ni qualifiée", "il ne prouve pas l’identité des signataires"):
        assert said in words
    assert not re.search(r"signature (électronique )?(avancée|qualifiée|certifiée|infalsifiable)", words)


def test_what_was_signed_in_one_way_only_is_not_said_of_the_other() -> None:
    certificate = samples.proofs_of(samples.OBSERVATION)
    by_link = replace(certificate, proofs=certificate.proofs[1:])
    on_paper = replace(certificate, proofs=certificate.proofs[:1])
    assert "papier" not in words_of(certificate_html(by_link)) and "Chaque signature est une signature électronique" in words_of(
        certificate_html(by_link))
    assert "eIDAS" not in words_of(certificate_html(on_paper)) and "manuscrite" in words_of(certificate_html(on_paper))


def test_the_boxes_of_the_convention_say_how_each_signed_and_no_line_is_left_to_fill() -> None:
    data = samples.PUBLIC_AGENT
    made = convention_pdf(data, samples.proofs_of(data))
    words = " ".join(text_of(made, page) for page in range(1, pages_of(made) + 1))
    assert words.count("A signé sur papier") == 1 and words.count("A signé par lien") == 3
    assert "Fait à" not in words and "· signée" in words and "à signer" not in words.split("Certificat de signature")[0]
    assert "Fait à" in " ".join(text_of(convention_pdf(data), page) for page in range(1, 5))


def test_the_articles_are_word_for_word_those_that_were_sent() -> None:
    data = samples.OBSERVATION
    before, after = convention_pdf(data), convention_pdf(data, samples.proofs_of(data))
    for page in (1, 2, 3):
        sent, sealed = (re.sub(r"Page \d sur \d|à signer|signée", "", text_of(pdf, page)) for pdf in (before, after))
        assert sealed == sent


def test_nobody_s_whole_address_is_printed_in_the_certificate() -> None:
    words = words_of(certificate_html(samples.proofs_of(samples.OBSERVATION)))
    assert not re.search(r"[\w.]+@", words.replace("•••@", ""))
    assert [masked(address) for address in ("noa@structure-b.example", "ab@x.example", "a@x.example", "", "rien")] == [
        "no•••@structure-b.example", "a•••@x.example", "a•••@x.example", "•••", "•••"]


@pytest.mark.parametrize("frame", ["independant_benevole", "mission_observation", "immersion_agent_public"])
def test_two_to_four_signatures_fit_on_two_pages_that_say_whose_they_are(frame: str) -> None:
    data = samples.BY_FRAME[frame]
    made, alone = convention_pdf(data, samples.proofs_of(data)), convention_pdf(data)
    assert pages_of(made) - pages_of(alone) == 2
    last = text_of(made, pages_of(made))
    assert f"{data.reference} · version 1 · certificat de signature · modèle 2026-11" in last
    assert f"Page {pages_of(made)} sur {pages_of(made)}" in last and "https://reseau.example/verifier/7K2M-9QXA" in last


def test_long_names_and_rare_scripts_stay_on_the_page() -> None:
    made = convention_pdf(samples.HOSTILE, samples.proofs_of(samples.HOSTILE))
    html = certificate_html(samples.proofs_of(samples.HOSTILE))
    assert "<script" not in html and str(escape("<script>alert(1)</script> & Fils")) in html
    assert "[U+202E]abc" in html and "عائشة" in html and "山田" in html
    said = subprocess.run([program("pdftotext"), "-bbox", "-", "-"], input=made, capture_output=True, check=True).stdout.decode()
    assert max(float(edge) for edge in re.findall(r'xMax="([\d.]+)"', said)) < 595 - 40


@pytest.mark.usefixtures("drawn_anew")
def test_the_same_data_give_the_same_bytes() -> None:
    data = samples.OBSERVATION
    assert convention_pdf(data, samples.proofs_of(data)) == convention_pdf(data, samples.proofs_of(data))


def test_stored_and_read_again_a_certificate_is_equal() -> None:
    import json

    certificate = samples.proofs_of(samples.PUBLIC_AGENT)
    assert from_json(json.loads(json.dumps(to_json(certificate)))) == certificate


@pytest.mark.parametrize("change", [
    {"reference": "IMM-2027-9999"}, {"version": 2}, {"content_hash": "0" * 64},
    {"proofs": samples.proofs_of(samples.OBSERVATION).proofs[:2]},
    {"proofs": samples.proofs_of(samples.OBSERVATION).proofs[::-1]},
])
def test_a_certificate_of_another_document_or_of_fewer_people_is_refused(change: dict) -> None:
    with pytest.raises(UnfitCertificate):
        convention_pdf(samples.OBSERVATION, samples.proofs_of(samples.OBSERVATION, **change))


@pytest.mark.parametrize("change", [
    {"way": "par téléphone"}, {"signed_at": None}, {"address": "noa@structure-b.example"}, {"identified_by": ""}, {"link": ""},
    {"signed_on": date(2027, 1, 1)}, {"signed_at": datetime(2027, 1, 1)}, {"way": ON_PAPER},
])
def test_a_proof_that_lacks_what_its_way_needs_is_refused(change: dict) -> None:
    proof = samples.proofs_of(samples.OBSERVATION).proofs[1]
    assert proof.way == BY_LINK
    with pytest.raises(ValueError, match=r"Noa|time zone"):
        replace(proof, **change)


def test_a_hash_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        samples.proofs_of(samples.OBSERVATION, issued_hash="x")


@pytest.mark.parametrize("frame", samples.BY_FRAME)
def test_french_typography_holds(frame: str) -> None:
    html = certificate_html(samples.proofs_of(samples.BY_FRAME[frame]))
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html).replace(NBSP, "~"))
    assert re.findall(r".{0,20}(?<!~)[;!?»](?!\w)", words) == []
    assert re.findall(r"«(?!~).{0,20}", words) == []
    assert "'" not in words
    assert set(re.findall(r"<h(\d)", html)) == {"2", "3"}


def test_the_page_on_the_site_is_unchanged_by_signatures() -> None:
    assert "A signé" not in convention_html(samples.OBSERVATION)
    assert isinstance(samples.proofs_of(samples.OBSERVATION), CertificateData)
    assert isinstance(samples.proofs_of(samples.OBSERVATION).proofs[0], SignatureProof)
    assert samples.proofs_of(samples.OBSERVATION).issued_at.tzinfo is UTC
