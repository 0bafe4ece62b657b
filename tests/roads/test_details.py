"""Once a convention is sent, a party says how to reach it otherwise: told, no new version; an address is confirmed at both."""

from __future__ import annotations

from datetime import date

import pytest
from cast import ANDREA, CLAUDE, COORDINATOR, NOA, press, sign_in
from roads.signers import Signing
from roads.test_lived import at, tick
from setting import databases

from services.convention.in_force import on_the_spot

NEW = "claude@ailleurs.example"


@pytest.fixture
def to_sign(app, client, post, clock) -> Signing:
    return Signing(app, client, post, clock).sent()


def own(story: Signing, address: str) -> str:
    return story.link(address).removesuffix("/signer")


def said(letter) -> str:
    return " ".join(letter.text.split()).replace("\u00a0", " ")


@databases("sqlite", "postgresql")
def test_a_phone_and_a_contact_change_without_a_new_version_and_signatures_count(app, client, post, clock, to_sign):
    to_sign.sign(NOA)
    press(client, f"{own(to_sign, CLAUDE)}/coordonnees", contact_name="Camille Bureau", contact_phone="06 39 98 00 42",
          tutor_phone="06 39 98 00 43", words="Nouvelle ligne.")
    for address in (NOA, ANDREA, COORDINATOR):
        letter = said(post.last(address, "details_changed"))
        assert "Camille Bureau" in letter and "06 39 98 00 43" in letter and "Nouvelle ligne." in letter
    with app.app_context():
        [version] = to_sign.dossier.conventions
        assert [row.signed for row in version.signatures].count(True) == 1 and len(version.corrections) == 2
    assert "Camille Bureau" in client.page(to_sign.link(ANDREA)).text, "who has still to sign reads it"
    page = client.page(f"{own(to_sign, CLAUDE)}/coordonnees")
    assert page.select_one("#contact_name")["value"] == "Camille Bureau"
    for address in (CLAUDE, ANDREA):
        to_sign.sign(address)
    with app.app_context():
        assert to_sign.dossier.state == "signed"
        assert on_the_spot(to_sign.dossier)["tutor_contact"] == "06 39 98 00 43", "the letters and pages of the day say it"


def test_what_changed_is_in_the_version_made_after(app, to_sign, client):
    press(client, f"{own(to_sign, CLAUDE)}/coordonnees", contact_name="Camille Bureau")
    to_sign.act("coordinator", "reprendre", "Une date change")
    to_sign.act("coordinator", "signature")
    with app.app_context():
        assert to_sign.version.data["host"]["contact"]["name"] == "Camille Bureau"


def test_nothing_changed_is_told_and_kept_from_the_others(client, post, to_sign):
    path = f"{own(to_sign, NOA)}/coordonnees"
    answer = client.fill(client.get(path), path)
    assert answer.status_code == 422 and "Rien ne change" in answer.text
    assert not [letter for letter in post.all() if letter.letter.endswith("details_changed")]


@databases("sqlite", "postgresql")
@pytest.mark.parametrize("first", ["old", "new"])
def test_another_address_serves_once_both_have_said_yes(app, client, post, to_sign, first):
    press(client, f"{own(to_sign, CLAUDE)}/coordonnees", email=NEW)
    sides = {"old": post.last(CLAUDE, "address_to_leave"), "new": post.last(NEW, "new_address")}
    assert "Claude" not in sides["new"].text and NEW in sides["old"].text
    second = "new" if first == "old" else "old"
    for side, still in ((first, True), (second, False)):
        path = sides[side].link("nouvelle-adresse")
        page = client.get(path)
        with app.app_context():
            assert [p.email for p in to_sign.dossier.participants if p.role == "host"] == [CLAUDE], "looking changes nothing"
        answer = client.fill(page, path)
        assert answer.status_code == 200 and ("Il reste à confirmer" in answer.text) == still
    with app.app_context():
        assert [p.email for p in to_sign.dossier.participants if p.role == "host"] == [NEW]
        assert len(to_sign.dossier.conventions) == 1
    assert "Les deux adresses" in post.last(CLAUDE, "address_replaced").text


def test_the_address_of_another_party_cannot_be_taken(client, to_sign):
    path = f"{own(to_sign, CLAUDE)}/coordonnees"
    answer = client.fill(client.get(path), path, email=ANDREA)
    assert answer.status_code == 422 and "autre partie" in answer.text


@pytest.mark.parametrize("how", ["expired", "declined"])
def test_a_party_still_says_how_to_reach_it_once_signatures_expired_or_one_said_no(app, client, post, clock, to_sign, how):
    host, mine = own(to_sign, CLAUDE), own(to_sign, NOA)
    if how == "expired":
        at(clock, date(2027, 2, 2))
        tick(app, clock)
    else:
        press(client, f"{mine}/decliner", words="Je ne peux plus.")
    with app.app_context():
        assert to_sign.dossier.state == how
    press(client, f"{host}/coordonnees", contact_name="Camille Bureau", contact_phone="06 39 98 00 42")
    assert "Camille Bureau" in said(post.last(COORDINATOR, "details_changed"))
    to_sign.act("coordinator", "reprendre", "D’autres dates")
    sign_in(client, post)
    page = client.page("/coordination/IMM-2027-0001/rediger")
    assert page.select_one("#host_contact_name")["value"] == "Camille Bureau", "the next version has it"
