"""The attestations: what took place, to whom, without judging anybody."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace

import pdf_samples as samples
import pikepdf
import pytest

from pdf.attestation import TO_HOST, attestation_html, attestation_pdf, from_json, to_json

HOST = replace(samples.ATTESTATION, to=TO_HOST)


@pytest.mark.parametrize("data", [samples.ATTESTATION, HOST], ids=["companion", "host"])
def test_it_fits_on_a_page_and_carries_its_data(data) -> None:
    with pikepdf.open(io.BytesIO(attestation_pdf(data))) as pdf:
        assert len(pdf.pages) == 1
        assert str(pdf.docinfo.Title) == f"Attestation d’immersion, {data.recipient}"
        assert from_json(json.loads(pdf.Root.AF[0].EF.F.read_bytes())) == data
    assert from_json(json.loads(json.dumps(to_json(data)))) == data


def test_it_says_who_where_when_how_long_and_that_it_judges_nobody() -> None:
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", attestation_html(samples.ATTESTATION).replace("\u00a0", " ")))
    for said in ("Noa Fictif", "Structure Exemple C", "mardi 2 février 2027, mardi 9 février 2027", "2 jours, soit 14 h",
                 "Ariel Modèle", "12 février 2027", "Maxime Coordination", "Elle n’évalue personne"):
        assert said in words, said
    assert "Ce qui a été vu et pratiqué" in words
    assert "a partagé avec cette personne" in attestation_html(HOST)


@pytest.mark.usefixtures("drawn_anew")
def test_the_same_data_give_the_same_bytes() -> None:
    assert attestation_pdf(HOST) == attestation_pdf(replace(HOST))


@pytest.mark.parametrize("change", [{"to": "employer"}, {"days": ()}])
def test_an_attestation_of_nothing_is_refused(change: dict) -> None:
    with pytest.raises(ValueError, match="IMM-2027-0007"):
        replace(samples.ATTESTATION, **change)


def test_french_typography_holds() -> None:
    for data in (samples.ATTESTATION, HOST):
        words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", attestation_html(data)).replace("\u00a0", "~"))
        assert re.findall(r".{0,20}(?<!~)[;!?»](?!\w)", words) == [] and "'" not in words
