"""The protocol of a mentoring: what was agreed to, by whom, with its fingerprint; nothing of it to the employer."""

from __future__ import annotations

import hashlib
import io
import json
import re
from dataclasses import replace

import pdf_samples as samples
import pikepdf
import pytest

from pdf import own_texts
from pdf.protocole import from_json, protocole_html, protocole_pdf, text_hash, to_json
from pdf.released import OURS, current_template
from pdf.render import DOCUMENTS


def test_it_has_one_or_two_pages_and_carries_the_text_its_fingerprint_is_of() -> None:
    for data in (samples.PROTOCOLE, samples.AGREED_PROTOCOLE):
        with pikepdf.open(io.BytesIO(protocole_pdf(data))) as pdf:
            assert len(pdf.pages) <= 2
            attached = pdf.Root.AF[0].EF.F.read_bytes()
        assert hashlib.sha256(attached).hexdigest() == text_hash(samples.PROTOCOLE), "agreeing does not change the text"
        assert from_json(json.loads(attached)) == samples.PROTOCOLE


def test_another_word_is_another_text() -> None:
    assert text_hash(replace(samples.PROTOCOLE, rhythm="Une fois par mois")) != text_hash(samples.PROTOCOLE)
    assert from_json(json.loads(json.dumps(to_json(samples.AGREED_PROTOCOLE)))) == samples.AGREED_PROTOCOLE


def test_who_agreed_and_when_is_printed_in_the_time_of_paris() -> None:
    html = protocole_html(samples.AGREED_PROTOCOLE).replace("\u00a0", " ")
    assert "20 janvier 2027, 10 h 30" in html and html.count("<tr><td>") == 3
    assert "Les accords" not in protocole_html(samples.PROTOCOLE)


def test_the_employer_is_named_only_where_the_person_said_so() -> None:
    assert "est informé de ce mentorat" in protocole_html(samples.PROTOCOLE)
    assert "Aucun employeur" in protocole_html(replace(samples.PROTOCOLE, employer=""))


def test_the_fragment_starts_at_h2_with_french_typography() -> None:
    html = protocole_html(samples.AGREED_PROTOCOLE)
    assert min(re.findall(r"<h(\d)", html)) == "2"
    assert not re.search(r"[^\u00a0][;!?:»](?=[\s<])", re.sub(r"&\w+;|&#\d+;", "x", html))
    assert "'" not in re.sub(r"<[^>]+>", "", html)


def test_an_instance_may_replace_the_text_and_not_change_it_afterwards(app) -> None:
    with app.app_context():
        from models.instance import instance
        folder = instance().settings.INSTANCE / "documents" / "protocole"
        folder.mkdir(parents=True)
        ours = (DOCUMENTS / f"{OURS['protocole']}.html").read_text("utf-8")
        (folder / "2027-03.html").write_text(ours.replace("Les objectifs</h2>", "Nos objectifs</h2>"), "utf-8")
        assert current_template("protocole") == "protocole/2027-03" and current_template() == OURS["convention"]
        own = replace(samples.PROTOCOLE, template="protocole/2027-03", template_digest=own_texts.digest("protocole/2027-03"))
        assert "Nos objectifs" in protocole_html(own) and protocole_pdf(own).startswith(b"%PDF-1.7")
        (folder / "2027-03.html").write_text(ours, "utf-8")
        with pytest.raises(own_texts.UnfitText, match="remettez le texte"):
            protocole_pdf(own)
