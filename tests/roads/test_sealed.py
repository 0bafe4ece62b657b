"""From the last press on « Je signe » to a director who checks the file: all by the doors, with other people's tools."""

from __future__ import annotations

import io
import re
import subprocess

import pikepdf
import pypdfium2
import pytest
from cast import ANDREA, CLAUDE, COORDINATOR, NOA
from icalendar import Calendar
from pages import soup
from roads.signers import Signing
from setting import databases
from tools import program


def heading(response) -> str:
    return " ".join(soup(response).h1.get_text(" ").split())


def given(client, pdf: bytes):
    body = (b'--bound\r\nContent-Disposition: form-data; name="fichier"; filename="convention.pdf"\r\n\r\n' + pdf
            + b"\r\n--bound--\r\n")
    return client.post("/verifier", data=body, content_type="multipart/form-data; boundary=bound")


@pytest.fixture
def signed(app, client, post, clock) -> Signing:
    """All three signed on their pages; then the queue does what it was asked, and nobody else."""
    story = Signing(app, client, post, clock).sent()
    for address in (ANDREA, NOA, CLAUDE):
        assert story.sign(address).status_code == 303
    huey = app.extensions["huey"]
    while (task := huey.dequeue()) is not None:
        huey.execute(task)
    return story


@databases("sqlite", "postgresql")
def test_the_last_signature_brings_the_sealed_file_to_every_mailbox_and_others_find_it_valid(signed, client, post, tmp_path):
    mails = {address: post.last(address, "convention_sealed") for address in (NOA, CLAUDE, ANDREA, COORDINATOR)}
    (pdf,) = {mail.files[0][2] for mail in mails.values()}
    path = tmp_path / "recu.pdf"
    path.write_bytes(pdf)
    said = subprocess.run([program("pdfsig"), "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in said and "Total document signed" in said, said
    checked = subprocess.run([program("qpdf"), "--check", str(path)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    for mail in mails.values():
        starts = [event["dtstart"].dt for _, kind, content in mail.files[1:] if kind.startswith("text/calendar")
                  for event in Calendar.from_ical(content).walk("VEVENT")]
        assert [f"{start:%d/%m %H:%M}" for start in starts] == ["02/02 09:00", "09/02 09:00"]

    # The square on the last page, followed by who holds the paper.
    document = pypdfium2.PdfDocument(pdf)
    last = document[len(document) - 1].get_textpage().get_text_range()
    address = re.search(r"http://localhost(/verifier(?:[/-][0-9A-Z]{4}){3})", re.sub(r"\s*\n\s*", "", last))[1]
    assert heading(client.get(address)) == "Document en vigueur"
    # The file, and what may become of it.
    assert heading(given(client, pdf)) == "Document authentique"
    middle = pdf.index(b"stream", len(pdf) // 2) + 40
    assert heading(given(client, pdf[:middle] + bytes([pdf[middle] ^ 4]) + pdf[middle + 1:])) == "Document modifié"
    assert heading(given(client, pdf + b"\n% ajout\n" * 3)) == "Document authentique, avec un ajout"
    again = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as read:
        read.save(again)
    assert heading(given(client, again.getvalue())).startswith("Document enregistré à nouveau")


def test_who_holds_the_version_sent_before_is_told_that_it_is_the_one_to_sign(signed, client, post):
    sent = post.last(NOA, "convention_to_sign").files[0][2]
    page = given(client, sent)
    assert heading(page) == "C’est le document envoyé à signer" and "exemplaire scellé" in page.text
