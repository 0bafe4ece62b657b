"""The reference story, whole, through its doors: pages and letters (scenario S07)."""

from __future__ import annotations

import hashlib

from cast import ANDREA, CLAUDE, COORDINATOR, HOSTING, IMMERSION, NOA, STRUCTURE, confirm, press, send, sign_in
from setting import databases


@databases("sqlite", "postgresql")
def test_an_immersion_request_ends_in_the_same_pdf_in_three_mailboxes(client, post):
    send(client, "/rejoindre/structure", STRUCTURE)
    confirm(client, post, CLAUDE)
    post.reply(post.last(COORDINATOR), "/accepter\nBienvenue")
    assert post.last(CLAUDE).files[0][0] == "engagements-ADH-2027-0001.pdf"

    send(client, "/immersion", IMMERSION)
    assert {letter.to for letter in post.all()[5:]} <= {NOA, COORDINATOR}, "nobody is told before the author confirms"
    confirm(client, post, NOA)
    post.reply(post.last(COORDINATOR), "accepter")
    post.reply(post.last(ANDREA), "Oui\n\nBonne idée.")
    assert "Bonne idée" in post.last(NOA).text

    path = post.last(COORDINATOR, "employer_agreed").link("d")
    press(client, f"{path}/proposer", structure="1")
    press(client, f"{post.last(CLAUDE).link('d')}/accueillir", **HOSTING)
    assert "mardi 2 février 2027" in post.last(ANDREA).text.replace("\u00a0", " ")

    sign_in(client, post)
    dossier = "/coordination/IMM-2027-0001"
    press(client, f"{dossier}/rediger", travel_detail="94 km aller et retour")
    assert "94" in client.page(f"{dossier}/convention").text
    press(client, f"{dossier}/relecture")
    press(client, f"{dossier}/signature")
    letters = [post.last(address, "convention_to_sign") for address in (NOA, ANDREA, CLAUDE)]
    assert len({hashlib.sha256(letter.files[0][2]).hexdigest() for letter in letters}) == 1
    assert letters[0].files[0][2].startswith(b"%PDF-1.7")

    scan = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
    post.reply(letters[2], "Signé, voir le scan.", files=(("scan.png", "image/png", scan),))
    relayed = post.last(COORDINATOR, "message_relayed")
    assert relayed.files[0][2] == scan
    for letter in post.all():
        others = {NOA, ANDREA, CLAUDE} - {letter.to}
        if not letter.letter.startswith("accueil/"):
            assert not any(address in letter.text + letter.html for address in others), (letter.to, letter.letter)
