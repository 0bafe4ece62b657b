"""A convention is signed by link: text in view, a code to the address, the name, the button."""

from __future__ import annotations

import pytest
from cast import ANDREA, CLAUDE, NOA
from pages import soup
from roads.signers import PEOPLE, Signing
from setting import at_once, databases

from models.access_link import AccessLink
from models.base import db
from models.signature import Signature
from services.convention import codes, proof_of, signing


@pytest.fixture
def to_sign(app, client, post, clock) -> Signing:
    return Signing(app, client, post, clock).sent()


def _rows(story) -> dict[str, Signature]:
    return {row.email: row for row in story.version.signatures}


def test_the_page_shows_the_text_the_pdf_and_who_signs_before_anything_is_asked(to_sign):
    page = to_sign.client.page(to_sign.link(CLAUDE))
    text = page.text.replace("\u00a0", " ")
    assert all(name in text for name, _ in PEOPLE.values()) and "Directrice" in text
    assert "Structure Exemple B" in text and "Article 1" in text
    assert page.select_one("input[name=code]") is None, "no code was sent yet"
    pdf = to_sign.client.get(to_sign.link(CLAUDE) + ".pdf")
    with to_sign.app.app_context():
        assert pdf.data == to_sign.post.last(CLAUDE, "convention_to_sign").files[0][2]
        assert all(not row.signed and row.views == 0 for row in to_sign.version.signatures), "looking is not signing"


@databases("sqlite", "postgresql")
def test_three_people_sign_and_the_last_signature_completes_the_convention(to_sign):
    for number, address in enumerate((NOA, CLAUDE, ANDREA), 1):
        to_sign.clock.advance(hours=1)
        assert to_sign.sign(address).status_code == 303
        receipt = to_sign.post.last(address, "signature_received").text.replace("\u00a0", " ")
        assert PEOPLE[address][0] in receipt and ("Tout le monde a signé" in receipt) == (number == 3)
        with to_sign.app.app_context():
            assert to_sign.dossier.state == ("to_sign" if number < 3 else "signed")
    with to_sign.app.app_context():
        version = to_sign.version
        assert (version.state, version.seal_state, version.completed_at) == ("signed", "due", to_sign.clock.now)
        assert [row.party for row in version.signatures] == ["host", "companion", "employer"]
        for row in version.signatures:
            proof = proof_of(row)
            assert (proof.signed_at, proof.way) == (row.signed_at, "par lien") and proof.code_sent_at and proof.link_sent_at
            assert row.shown_hash == version.pdf_sha256 and "J’ai lu" in proof.statement
            link = next(one for one in db.session.query(AccessLink) if one.name == row.link)
            assert link.participant_id == row.participant_id and "@" in proof.address and row.email not in proof.address
    assert [letter.letter for letter in to_sign.post.to(CLAUDE)].count("signature/signature_progress") == 1


def test_a_second_press_gives_the_same_signature_and_the_page_says_when(to_sign):
    path = to_sign.link(NOA)
    to_sign.sign(NOA, path)
    with to_sign.app.app_context():
        before, shown = _rows(to_sign)[NOA].signed_at, to_sign.version.pdf_sha256
    written = len(to_sign.post.all())
    to_sign.clock.advance(minutes=3)
    again = to_sign.client.post(path, data={"empreinte": shown, "signer": "Noa Fictif", "quality": "x", "agreed": "oui",
                                            "code": "1"})
    assert again.status_code == 200 and "déjà signé" in again.text
    assert "le lundi 11 janvier 2027 à 9" in soup(again).text.replace("\u00a0", " ")
    assert len(to_sign.post.all()) == written
    with to_sign.app.app_context():
        assert _rows(to_sign)[NOA].signed_at == before


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"code": "000 001"}, "Ce n’est pas le code"), ({"code": ""}, "Tapez les 6 chiffres"),
    ({"signer": "Claude Accueil"}, "attend la signature de Noa Fictif"), ({"signer": ""}, "Écrivez vos prénom et nom"),
    ({"quality": ""}, "Indiquez votre fonction"), ({"agreed": ""}, "Cochez la case"),
])
def test_what_is_missing_or_wrong_is_said_and_nothing_is_signed(to_sign, changed, sentence):
    answer = to_sign.sign(NOA, **changed)
    assert answer.status_code == 422 and sentence in soup(answer).text.replace("\u00a0", " ")
    kept = soup(answer).select_one("input[name=quality]")["value"]
    assert kept == changed.get("quality", PEOPLE[NOA][1])
    with to_sign.app.app_context():
        assert not _rows(to_sign)[NOA].signed


@pytest.mark.parametrize("typed", ["noa fictif", "FICTIF Noa", "Noa  Fictif", "Noa, Fictif"])
def test_a_name_is_known_however_it_is_typed(to_sign, typed):
    assert to_sign.sign(NOA, signer=typed).status_code == 303


@pytest.mark.parametrize("spaced", ["{0}{1}", " {0} {1} ", "{0}-{1}", "{0}\u202f{1}"])
def test_a_code_is_known_however_it_is_typed(to_sign, spaced):
    path = to_sign.link(NOA)
    to_sign.ask_code(NOA, path)
    digits = "".join(sign for sign in to_sign.code(NOA) if sign.isdigit())
    with to_sign.app.app_context():
        shown = to_sign.version.pdf_sha256
    answer = to_sign.client.post(path, data={"empreinte": shown, "signer": "Noa Fictif", "quality": "x", "agreed": "oui",
                                             "code": spaced.format(digits[:3], digits[3:])})
    assert answer.status_code == 303


def test_a_code_that_is_too_old_or_tried_too_often_is_worth_nothing(to_sign):
    path = to_sign.link(NOA)
    to_sign.ask_code(NOA, path)
    code = to_sign.code(NOA)
    with to_sign.app.app_context():
        shown = to_sign.version.pdf_sha256
    given = {"empreinte": shown, "signer": "Noa Fictif", "quality": "x", "agreed": "oui"}
    for _ in range(codes.TRIES):
        assert to_sign.client.post(path, data={**given, "code": "12"}).status_code == 422
    assert "mal tapé" in to_sign.client.post(path, data={**given, "code": code}).text
    to_sign.clock.advance(minutes=2)
    to_sign.ask_code(NOA, path)
    to_sign.clock.advance(minutes=31)
    assert "plus valable" in to_sign.client.post(path, data={**given, "code": to_sign.code(NOA)}).text
    with to_sign.app.app_context():
        assert not _rows(to_sign)[NOA].signed


def test_pressing_twice_sends_one_code_and_many_are_slowed_down(to_sign):
    path = to_sign.link(NOA)
    for _ in range(3):
        to_sign.client.post(path, data={"envoyer-code": "1"})
    assert len([letter for letter in to_sign.post.to(NOA) if letter.letter.endswith("code_to_sign")]) == 1
    answers = []
    for _ in range(4):
        to_sign.clock.advance(minutes=2)
        answers.append(to_sign.client.post(path, data={"envoyer-code": "1"}).status_code)
    assert answers == [303, 303, 429, 429]


def test_a_code_is_kept_as_a_hash_that_the_key_alone_can_make(to_sign):
    to_sign.ask_code(NOA)
    digits = "".join(sign for sign in to_sign.code(NOA) if sign.isdigit())
    with to_sign.app.app_context():
        row = _rows(to_sign)[NOA]
        assert len(row.code_hash) == 64 and digits not in repr(row.__dict__)
        assert to_sign.post.last(NOA, "code_to_sign").to == NOA


def test_an_old_page_does_not_sign_another_text(to_sign):
    path = to_sign.link(NOA)
    old = to_sign.ask_code(NOA, path)
    shown = soup(old).select_one("input[name=empreinte]")["value"]
    to_sign.clock.advance(hours=1)
    to_sign.act("coordinator", "reprendre", "Une date a changé")
    to_sign.act("coordinator", "signature")
    answer = to_sign.client.post(path, data={"empreinte": shown, "signer": "Noa Fictif", "quality": "x", "agreed": "oui",
                                             "code": "1"})
    assert answer.status_code == 409 and "Le texte a changé" in answer.text
    with to_sign.app.app_context():
        assert to_sign.version.version == 2 and not any(row.signed for row in to_sign.version.signatures)
    assert to_sign.sign(NOA, path).status_code == 303, "the same link signs the new text"
    with to_sign.app.app_context():
        assert _rows(to_sign)[NOA].shown_hash == to_sign.version.pdf_sha256 != shown


@databases("sqlite", "postgresql")
def test_two_people_who_sign_at_the_same_instant_both_sign_and_it_is_complete_once(to_sign):
    to_sign.sign(NOA)
    paths = {address: to_sign.link(address) for address in (CLAUDE, ANDREA)}
    given = []
    with to_sign.app.app_context():
        shown = to_sign.version.pdf_sha256
    for address, path in paths.items():
        to_sign.ask_code(address, path)
        with to_sign.app.app_context():
            row = _rows(to_sign)[address]
            token = path.split("/")[2]
            given.append((row.participant_id, token, signing.Given(row.name, row.quality, to_sign.code(address), shown)))

    def act(number: int):
        from models.access_link import Purpose
        from services.links import read_link
        who, token, what = given[number % 2]
        return signing.sign(who, read_link(token, Purpose.DOSSIER, to_sign.clock.now), what, to_sign.clock.now).id
    done, raised = at_once(to_sign.app, 6, act)
    assert len(done) == 6 and not raised
    with to_sign.app.app_context():
        assert to_sign.dossier.state == "signed" and all(row.signed for row in to_sign.version.signatures)
        assert [entry.kind for entry in to_sign.dossier.journal].count("convention_signed") == 1
    for address in paths:
        assert [letter.letter for letter in to_sign.post.to(address)].count("signature/signature_received") == 1


@databases("sqlite", "postgresql")
def test_a_signature_and_a_change_at_the_same_instant_end_in_one_of_two_clean_states(to_sign):
    for address in (NOA, CLAUDE):
        to_sign.sign(address)
    path = to_sign.link(ANDREA)
    to_sign.ask_code(ANDREA, path)
    with to_sign.app.app_context():
        shown, row = to_sign.version.pdf_sha256, _rows(to_sign)[ANDREA]
        given = signing.Given(row.name, row.quality, to_sign.code(ANDREA), shown)
        seat, token = row.participant_id, path.split("/")[2]

    def act(number: int):
        from models.access_link import Purpose
        from services.links import read_link
        if number:
            return to_sign.act("coordinator", "reprendre", "Une date a changé")
        return signing.sign(seat, read_link(token, Purpose.DOSSIER, to_sign.clock.now), given, to_sign.clock.now).id
    _, raised = at_once(to_sign.app, 2, act)
    assert len(raised) == 1, "one of the two came first, the other is told"
    with to_sign.app.app_context():
        found = (to_sign.dossier.state, to_sign.version.state, _rows(to_sign)[ANDREA].signed)
        assert found in {("signed", "signed", True), ("in_review", "superseded", False)}


def test_a_link_too_old_is_renewed_in_one_press_and_the_new_one_signs(to_sign):
    path = to_sign.link(ANDREA)
    to_sign.clock.advance(days=60)
    page = to_sign.client.get(path)
    assert page.status_code == 410
    token = path.split("/")[2]
    assert to_sign.client.fill(page, "/nouveau-lien").status_code == 303
    fresh = to_sign.post.last(ANDREA, "link_renewed")
    assert token not in fresh.text and to_sign.link(ANDREA) in fresh.text, "it leads to the page to sign"
    assert to_sign.sign(ANDREA).status_code == 303


def test_a_link_to_sign_lives_until_the_first_session_and_a_month_more(to_sign):
    path = to_sign.link(ANDREA)
    to_sign.clock.advance(days=50)  # 2 February, and 30 days
    assert to_sign.client.get(path).status_code == 200
    to_sign.clock.advance(days=2)
    assert to_sign.client.get(path).status_code == 410
