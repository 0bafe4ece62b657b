"""/verifier says what a file is, and nothing of anybody it does not name itself; nothing of it is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from cast import NOA
from pages import soup
from roads.signed import again
from setting import databases
from web.verifying import PEOPLE, by_code, content, flipped, heading, resaved, sealed_by_all, told, words

from models.base import db
from models.convention import Convention
from pdf.render import render_pdf
from services import sealing, verifying
from services.files import read_content


@pytest.fixture
def sealed(context, clock) -> Convention:
    return sealed_by_all(clock.now)


def test_the_sealed_file_is_authentic_and_says_who_signed(client, sealed):
    page = told(client, content(sealed))
    said = words(page)
    assert heading(page) == "Document authentique" and "Pas un octet n’a changé" in said and "est en vigueur" in said
    assert "Claude Accueil" in said, "it is in the file that was just given"
    assert NOA not in said


def test_a_flipped_byte_is_altered_and_the_page_is_told_when_it_can_be(client, sealed):
    pdf = content(sealed)
    page = told(client, flipped(pdf))
    assert heading(page) == "Document modifié" and soup(page).find("h2", string="Ce qui a changé")
    assert [name for name in PEOPLE if name in words(page)] == []


def test_what_is_added_behind_the_seal_is_named(client, sealed, monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[1] / "pdf")
    from sealing_samples import annotated
    page = told(client, annotated(content(sealed), "Je conteste"))
    assert heading(page) == "Document authentique, avec un ajout"
    assert "une annotation, page 1 : « Je conteste »" in words(page)


def test_a_copy_saved_again_has_lost_its_seal(client, sealed):
    page = told(client, resaved(content(sealed)))
    assert heading(page) == "Document enregistré à nouveau : le sceau est perdu"
    assert sealed.immersion.reference in words(page), "found by the code it still prints"


def test_the_file_sent_to_be_signed_is_recognised_and_said_to_be_unsigned(client, sealed):
    page = told(client, read_content(sealed.file))
    assert heading(page) == "C’est le document envoyé à signer"
    assert "Il ne porte la signature de personne" in words(page) and "exemplaire scellé" in words(page)


def test_any_other_pdf_image_or_text_is_said_to_be_what_it_is(client, clock):
    other = render_pdf("<h1>Facture</h1>", title="Facture", author="Ailleurs", created=clock.now)
    assert heading(told(client, other)) == "Document sans notre sceau"
    assert heading(told(client, b"\x89PNG\r\n\x1a\n" + b"0" * 50, "photo.png")) == "Ce fichier n’est pas un PDF"
    assert heading(told(client, b"%PDF-1.7\n%broken")) == "Document sans notre sceau"


def test_a_sealed_example_is_ours_and_in_no_register(client, context, clock):
    pdf = sealing.seal_document(render_pdf("<h1>Exemple</h1>", title="Exemple", author="Réseau", created=clock.now), clock.now)
    page = told(client, pdf.content)
    assert heading(page) == "Document authentique" and "Il ne figure pas au registre" in words(page)


def test_a_code_copied_onto_another_pdf_opens_no_more_than_the_code_alone(client, sealed, clock):
    forged = render_pdf(f"<h1>Convention</h1><p>Code de vérification : {sealed.verification_code}</p>", title="Faux",
                        author="Ailleurs", created=clock.now)
    page = told(client, forged)
    assert heading(page) == "Document sans notre sceau" and "d’après son code" in words(page)
    assert [name for name in PEOPLE if name in words(page)] == []


def test_a_reference_written_in_a_pdf_opens_nothing(client, sealed, clock):
    forged = render_pdf(f"<h1>Convention {sealed.immersion.reference}</h1>", title="Faux", author="Ailleurs", created=clock.now)
    assert "Structure Exemple" not in words(told(client, forged))


def test_no_file_is_asked_again(client):
    answer = client.post("/verifier", data={}, content_type="multipart/form-data")
    assert answer.status_code == 422 and "Choisissez le fichier PDF" in words(answer)


def test_many_files_from_one_access_are_too_many(client, clock):
    for _ in range(verifying.MOST_FILES):
        assert told(client, b"x").status_code == 200
    answer = told(client, b"x")
    assert answer.status_code == 429 and "examinés" in words(answer)
    clock.advance(hours=1, minutes=1)
    assert told(client, b"x").status_code == 200


def test_while_a_file_is_examined_others_are_asked_to_wait_and_authentic_ones_are_told_at_once(client, sealed, monkeypatch):
    monkeypatch.setattr(verifying, "PATIENCE", 0.1)
    with verifying._turn():
        answer = told(client, b"%PDF-1.7\n%broken")
        assert answer.status_code == 503 and answer.headers["Retry-After"] == "60" and "en cours d’examen" in words(answer)
        assert heading(told(client, content(sealed))) == "Document authentique"
    assert told(client, b"%PDF-1.7\n%broken").status_code == 200


def test_a_hostile_file_is_given_up_in_time(client, context):
    import time
    numbers = b"".join(b"/ByteRange [0 %d %d %d]\n" % (at, at + 5, at) for at in range(100, 4000, 7))
    hostile = b"%PDF-1.7\n" + numbers + b"1 0 obj<</Length 99>>stream\n" * 200_000
    begun = time.monotonic()
    page = told(client, hostile)
    assert page.status_code == 200 and time.monotonic() - begun < 30


@databases("sqlite", "postgresql")
def test_nothing_is_kept_of_a_file(client, context, sealed, clock):
    from sqlalchemy import func, select

    from models.stored_file import StoredFile
    before = db.session.scalar(select(func.count()).select_from(StoredFile))
    told(client, content(sealed) + b"\n")
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == before


def test_looking_changes_nothing(client, sealed, clock):
    before = (sealed.immersion.version, len(sealed.immersion.journal), sealed.seal_state)
    for _ in range(3):
        by_code(client, sealed)
        told(client, content(sealed))
    row = again(sealed)
    assert (row.immersion.version, len(row.immersion.journal), row.seal_state) == before
