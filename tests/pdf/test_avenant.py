"""The amendment: what changes, signed by those who signed the convention, carried as data."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import avenant_samples as amending
import pdf_samples as samples
import pikepdf
import pytest

from pdf.avenant import avenant_html, avenant_pdf, content_hash, from_json, to_json
from pdf.avenant import carried as carried_by
from pdf.certificate import UnfitCertificate

AVENANT = amending.avenant_of(samples.OBSERVATION)


def test_it_carries_its_data_and_the_convention_as_it_will_read() -> None:
    with pikepdf.open(io.BytesIO(avenant_pdf(AVENANT))) as pdf:
        carried = json.loads(pdf.Root.AF[0].EF.F.read_bytes())
        assert str(pdf.docinfo.Title).startswith("Avenant nº 1 à la convention d’immersion")
    assert from_json(carried) == carried_by(AVENANT) and from_json(json.loads(json.dumps(to_json(AVENANT)))) == AVENANT
    assert carried["consolidated"]["places"][0]["address"] == "8 rue des Oliviers"


def test_what_somebody_wrote_is_printed_as_it_was_written() -> None:
    page = avenant_html(amending.avenant_of(samples.HOSTILE, "<script>alert(1)</script> {{ 7*7 }}"))
    assert "<script>" not in page and "{{ 7*7 }}" in page and "&lt;script&gt;" in page


@pytest.mark.usefixtures("drawn_anew")
def test_the_same_data_give_the_same_bytes_signed_or_not() -> None:
    proofs = amending.proofs_of(AVENANT)
    assert avenant_pdf(AVENANT) == avenant_pdf(replace(AVENANT))
    assert avenant_pdf(AVENANT, proofs) == avenant_pdf(replace(AVENANT), replace(proofs))


def test_the_certificate_of_the_convention_is_not_that_of_its_amendment() -> None:
    with pytest.raises(UnfitCertificate):
        avenant_pdf(AVENANT, samples.proofs_of(samples.OBSERVATION))
    with pytest.raises(UnfitCertificate):
        avenant_pdf(AVENANT, replace(amending.proofs_of(AVENANT), content_hash="0" * 64))
    assert content_hash(AVENANT) != content_hash(replace(AVENANT, reason="Une autre raison."))


def test_another_legal_frame_brings_the_whole_convention_as_it_will_read() -> None:
    page, plain = avenant_html(amending.into_a_loan()), avenant_html(AVENANT)
    for words in ("telle qu’elle se lit désormais", "prêt de main-d’œuvre à but non lucratif", "Co-animer deux ateliers",
                  "Annexe : le contenu de l’avenant au contrat de travail"):
        assert words in page.replace("\u00a0", " ") and words not in plain.replace("\u00a0", " ")
    assert page.count("Qui signe") == 1, "the amendment is signed, not the text joined to it"


def test_an_amendment_stored_before_frames_could_change_keeps_its_fingerprint() -> None:
    assert "whole" not in to_json(AVENANT) and to_json(amending.into_a_loan())["whole"] is True


def test_an_amendment_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing changes"):
        replace(AVENANT, changes=())
