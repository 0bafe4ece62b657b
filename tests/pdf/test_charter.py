"""The commitments: in full, dated in Paris, on one or two pages."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import datetime

import pdf_samples as samples
import pikepdf
import pytest

from pdf.charter import Commitment, charter_hash, charter_html, charter_pdf, from_json, to_json


def test_the_commitments_are_printed_in_full_and_in_order() -> None:
    html = charter_html(samples.CHARTER)
    places = [html.index(item.title) for item in samples.CHARTER.commitments]
    assert places == sorted(places)
    assert all(item.text in html for item in samples.CHARTER.commitments)


def test_the_version_the_member_and_the_paris_moment_are_named() -> None:
    html = charter_html(samples.CHARTER).replace("\u00a0", " ")
    assert "Camille Exemple" in html and "dans leur version 2026-11" in html
    assert "le 11 janvier 2027 à 9 h 30 (heure de Paris)" in html
    summer = replace(samples.CHARTER, accepted_at=datetime.fromisoformat("2027-06-30T22:30:00+00:00"))
    assert "le 1er juillet 2027 à 0 h 30" in charter_html(summer).replace("\u00a0", " ")


def test_it_has_one_or_two_pages_and_carries_its_data() -> None:
    twelve = replace(samples.CHARTER, commitments=samples.CHARTER.commitments * 2)
    for data, pages in ((samples.CHARTER, 1), (twelve, 2)):
        with pikepdf.open(io.BytesIO(charter_pdf(data))) as pdf:
            assert len(pdf.pages) == pages
            attached = json.loads(pdf.Root.AF[0].EF.F.read_bytes())
        assert from_json(attached) == data


@pytest.mark.usefixtures("drawn_anew")
def test_the_same_data_give_the_same_bytes_and_another_word_another_fingerprint() -> None:
    assert charter_pdf(samples.CHARTER) == charter_pdf(replace(samples.CHARTER))
    changed = replace(samples.CHARTER, commitments=(Commitment("Autre", "Texte."),))
    assert charter_hash(changed) != charter_hash(samples.CHARTER)


def test_stored_and_read_again_a_charter_is_equal() -> None:
    assert from_json(json.loads(json.dumps(to_json(samples.CHARTER)))) == samples.CHARTER


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        replace(samples.CHARTER, accepted_at=datetime(2027, 1, 11))


def test_the_fragment_starts_at_h2_with_french_typography() -> None:
    html = charter_html(samples.CHARTER)
    assert set(re.findall(r"<h(\d)", html)) == {"2"}
    assert not re.search(r"[^\u00a0][;!?»](?=[\s<])", re.sub(r"&\w+;|&#\d+;", "x", html))
    assert "'" not in re.sub(r"<[^>]+>", "", html)
