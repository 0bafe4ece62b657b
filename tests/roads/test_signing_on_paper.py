"""A convention signed by hand comes back by mail or by the page, is compared, and the coordination decides."""

from __future__ import annotations

import io
from datetime import date
from functools import cache

import pypdfium2
import pytest
from cast import ANDREA, CLAUDE, COORDINATOR, NOA
from pages import soup
from PIL import Image, ImageDraw
from roads.signers import Signing

from models.base import db
from services import convention
from services.convention import reminding

DAY = {"signed_on-jour": "11", "signed_on-mois": "1", "signed_on-annee": "2027"}


@pytest.fixture
def to_sign(app, client, post, clock) -> Signing:
    return Signing(app, client, post, clock).sent()


@cache
def _sheets(issued: bytes) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(issued)
    made = [document[number].render(scale=110 / 72).to_pil().convert("L") for number in range(len(document))]
    draw = ImageDraw.Draw(made[-1])
    draw.line([(150, 480), (190, 430), (215, 500), (260, 440), (300, 480)], fill=25, width=4)
    return made


def _issued(story: Signing) -> bytes:
    return story.post.last(CLAUDE, "convention_to_sign").files[0][2]


def scan(story: Signing) -> bytes:
    sheets, out = _sheets(_issued(story)), io.BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:], resolution=110)
    return out.getvalue()


def photos(story: Signing) -> list[bytes]:
    made = []
    for sheet in _sheets(_issued(story)):
        out = io.BytesIO()
        sheet.convert("RGB").save(out, "JPEG", quality=90)
        made.append(out.getvalue())
    return made


def _examined(story: Signing) -> int:
    with story.app.app_context():
        return convention.examine_due(story.clock.now)



def _decide(story: Signing, **answers):
    path = story.post.last(COORDINATOR, "copy_to_decide").link("d")
    page = story.client.get(path)
    assert page.status_code == 200
    return page, story.client.fill(page, path.partition("?")[0], **answers)


def test_a_scan_sent_by_reply_is_compared_accepted_and_counts_as_a_signature(to_sign):
    to_sign.clock.advance(days=3)
    to_sign.post.reply(to_sign.post.last(CLAUDE, "convention_to_sign"), "Signé, voir le scan.",
                       files=(("scan.pdf", "application/pdf", scan(to_sign)),))
    assert to_sign.post.last(COORDINATOR, "message_relayed").files, "the words and the scan are passed on as ever"
    assert _examined(to_sign) == 1
    assert "images de pages" in to_sign.post.last(COORDINATOR, "copy_to_decide").text
    page, answer = _decide(to_sign, **DAY)
    text = page.text.replace("\u00a0", " ")
    assert "Claude Accueil" in text and soup(page).select_one("input[name=signatures][checked]")
    images = soup(page).select("img.compared")
    assert images and all(image["alt"] for image in images)
    assert to_sign.client.get(images[0]["src"]).mimetype == "image/png"
    assert answer.status_code == 303, [tag.text for tag in soup(answer).select(".error-summary li")]
    with to_sign.app.app_context():
        row = next(row for row in to_sign.version.signatures if row.email == CLAUDE)
        proof = convention.proof_of(row)
        assert (row.way, row.signed_on, row.signed_at) == ("paper", date(2027, 1, 11), None)
        assert (proof.signed_on, proof.deposited_at, proof.accepted_by) == (date(2027, 1, 11), row.deposited_at,
                                                                            "Alix Coordination")
        assert proof.deposited_at.date() == date(2027, 1, 14) and len(proof.copy_hash) == 64
    assert "sur papier" in to_sign.post.last(CLAUDE, "signature_received").text
    for address in (NOA, ANDREA):
        assert to_sign.sign(address).status_code == 303
    with to_sign.app.app_context():
        assert (to_sign.dossier.state, to_sign.version.seal_state) == ("signed", "due")
        convention.seal_due(to_sign.clock.now)
        assert to_sign.version.seal_state == "sealed", "mixed ways make one document"
    again = to_sign.client.get(to_sign.post.last(COORDINATOR, "copy_to_decide").link("d"))
    assert again.status_code in (404, 409)


def test_who_sent_a_signed_copy_back_has_done_their_part_and_the_coordination_is_reminded_instead(to_sign):
    to_sign.post.reply(to_sign.post.last(CLAUDE, "convention_to_sign"), "Voici.",
                       files=(("scan.pdf", "application/pdf", scan(to_sign)),))
    assert _examined(to_sign) == 1
    page = to_sign.client.get(to_sign.link(CLAUDE))
    assert "Votre document signé est reçu" in page.text and "document signé reçu le" in page.text
    overview = to_sign.client.get(to_sign.link(CLAUDE).removesuffix("/signer")).text
    assert "Votre document signé est reçu" in overview and "Votre signature est attendue" not in overview
    for days in (3, 4):
        to_sign.clock.advance(days=days)
        with to_sign.app.app_context():
            assert reminding.remind(to_sign.clock.now) == 2, "those whose signature is missing"
            assert reminding.remind(to_sign.clock.now) == 0
    assert not [letter for letter in to_sign.post.to(CLAUDE) if letter.letter.endswith("signature_reminder")]
    told = to_sign.post.last(COORDINATOR, "digest").text.replace("\u00a0", " ")
    assert " ".join(told.split()).count("Claude Accueil (Structure Exemple C) a renvoyé un document signé à la main") == 1
    with to_sign.app.app_context():
        row = next(each for each in convention.awaited(to_sign.dossier, to_sign.clock.now) if each.name.startswith("Claude"))
        assert "attend votre décision" in row.obstacle
    _page, answer = _decide(to_sign, **DAY)
    assert answer.status_code == 303 and "document signé reçu le" not in to_sign.client.get(to_sign.link(NOA)).text


def test_photographs_sent_by_the_page_make_one_document_and_several_signatures_at_once(to_sign):
    base = to_sign.link(NOA).removesuffix("/signer")
    page = to_sign.client.get(f"{base}/renvoyer")
    assert page.status_code == 200
    answer = to_sign.client.post(f"{base}/renvoyer", data={
        "version": "2", "fichiers": [(io.BytesIO(content), f"page {n}.jpg") for n, content in enumerate(photos(to_sign), 1)]},
        content_type="multipart/form-data")
    assert answer.status_code == 303
    assert _examined(to_sign) == 1 and _examined(to_sign) == 0
    with to_sign.app.app_context():
        [copy] = to_sign.version.copies
        assert (copy.state, copy.kind, copy.file.media_type) == ("examined", "scan", "application/pdf")
        assert copy.found["pages"] == len(copy.sources)
        rows = [str(row.id) for row in to_sign.version.signatures]
    _, answer = _decide(to_sign, signatures=rows, **DAY)
    assert answer.status_code == 303
    with to_sign.app.app_context():
        assert to_sign.dossier.state == "signed"
        assert [entry.kind for entry in to_sign.dossier.journal].count("convention_signed") == 1
    for address in (NOA, CLAUDE, ANDREA):
        assert "sur papier" in to_sign.post.last(address, "signature_received").text


def test_the_very_file_that_was_sent_is_no_signature_unless_somebody_vouches_for_it(to_sign):
    to_sign.post.reply(to_sign.post.last(CLAUDE, "convention_to_sign"), "Voilà",
                       files=(("convention.pdf", "application/pdf", _issued(to_sign)),))
    _examined(to_sign)
    assert "exactement le fichier envoyé" in to_sign.post.last(COORDINATOR, "copy_to_decide").text
    _, answer = _decide(to_sign, **DAY)
    assert answer.status_code == 422 and "vérifié ce document vous-même" in answer.text
    with to_sign.app.app_context():
        assert not any(row.signed for row in to_sign.version.signatures)


def test_what_is_not_kept_is_told_with_the_reason_and_the_link(to_sign):
    to_sign.post.reply(to_sign.post.last(CLAUDE, "convention_to_sign"), "Voilà",
                       files=(("scan.pdf", "application/pdf", scan(to_sign)),))
    _examined(to_sign)
    path = to_sign.post.last(COORDINATOR, "copy_to_decide").link("d").partition("?")[0]
    with to_sign.app.app_context():
        number = to_sign.version.copies[0].id
    empty = to_sign.client.post(path, data={"copie": str(number), "refuser": "1", "words": ""})
    assert empty.status_code == 422
    done = to_sign.client.post(path, data={"copie": str(number), "refuser": "1", "words": "La page 2 manque"})
    assert done.status_code == 303
    letter = to_sign.post.last(CLAUDE, "copy_refused").text
    assert "La page 2 manque" in letter and "/signer" in letter
    with to_sign.app.app_context():
        assert to_sign.version.copies[0].state == "refused" and to_sign.dossier.state == "to_sign"


@pytest.mark.parametrize("day", [{"signed_on-jour": "1", "signed_on-mois": "1", "signed_on-annee": "2027"},
                                 {"signed_on-jour": "12", "signed_on-mois": "1", "signed_on-annee": "2027"},
                                 {"signed_on-jour": "", "signed_on-mois": "", "signed_on-annee": ""}])
def test_the_day_written_by_hand_is_between_the_sending_and_today(to_sign, day):
    to_sign.post.reply(to_sign.post.last(CLAUDE, "convention_to_sign"), "Voilà",
                       files=(("scan.pdf", "application/pdf", scan(to_sign)),))
    _examined(to_sign)
    _, answer = _decide(to_sign, **day)
    assert answer.status_code == 422
    with to_sign.app.app_context():
        assert not any(row.signed for row in to_sign.version.signatures)


@pytest.mark.parametrize(("name", "content"), [("programme.exe", b"MZ" + b"\0" * 500), ("vide.pdf", b""),
                                               ("note.txt", b"Je signe")])
def test_what_is_no_document_is_refused_on_the_page_with_what_to_do(to_sign, name, content):
    base = to_sign.link(NOA).removesuffix("/signer")
    answer = to_sign.client.post(f"{base}/renvoyer", data={"fichiers": (io.BytesIO(content), name)},
                                 content_type="multipart/form-data")
    assert answer.status_code == 422 and soup(answer).select_one(".error-summary")
    with to_sign.app.app_context():
        assert not to_sign.version.copies


def test_a_logo_under_a_name_is_not_a_document(to_sign):
    to_sign.post.reply(to_sign.post.last(CLAUDE, "convention_to_sign"), "Une question sur l’article 4",
                       files=(("logo.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"\0" * 2000),))
    with to_sign.app.app_context():
        assert not to_sign.version.copies
    assert "article 4" in to_sign.post.last(COORDINATOR, "message_relayed").text


def test_a_person_who_signed_by_link_is_not_asked_again_by_a_copy(to_sign):
    to_sign.post.reply(to_sign.post.last(CLAUDE, "convention_to_sign"), "Voilà",
                       files=(("scan.pdf", "application/pdf", scan(to_sign)),))
    _examined(to_sign)
    path = to_sign.post.last(COORDINATOR, "copy_to_decide").link("d")
    page = to_sign.client.get(path)
    to_sign.sign(CLAUDE)
    answer = to_sign.client.fill(page, path.partition("?")[0], **DAY)
    assert answer.status_code in (409, 422)
    with to_sign.app.app_context():
        row = next(row for row in to_sign.version.signatures if row.email == CLAUDE)
        assert (row.way, row.copy_id) == ("link", None)
        db.session.rollback()
