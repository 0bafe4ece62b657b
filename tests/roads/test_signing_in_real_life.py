"""Scenarios N01 and N02: a wrong address, the same address twice; links opened by machines, forwarded, too old, used twice."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from cast import ANDREA, CLAUDE, COORDINATOR, NOA
from house.test_links_act_on_press_only import dump
from mail_reports import report
from roads.signers import Signing
from roads.stories import letters, who
from setting import databases

from inbox import receive
from models.base import db
from models.dossier import Participant
from pdf.convention import from_json
from services import convention, delivery
from services.errors import Refused

RIGHT = "andrea@structure-b.example"


@pytest.fixture
def to_sign(app, client, post, clock) -> Signing:
    return Signing(app, client, post, clock).sent()


def _bounced(story: Signing, address: str) -> None:
    story.post.all()
    with story.app.app_context():
        row = letters(address, "convention_to_sign")[-1]
        receive(report(row.envelope_from, address, letter=row.message_id, status="5.1.2"), "test", story.clock.now)


def _corrected(story: Signing, address: str, right: str) -> None:
    with story.app.app_context():
        wrong = next(person for person in story.dossier.participants if person.email == address and person.role == "employer")
        number = wrong.id
    story.act("coordinator", "adresse", extra=delivery.Correction(number, right))
    path = story.post.last(right, "new_address").link("nouvelle-adresse")
    assert story.client.fill(story.client.get(path), path).status_code == 200


@databases("sqlite", "postgresql")
def test_n01_a_wrong_address_is_seen_and_corrected_and_the_signature_given_stays(to_sign):
    to_sign.sign(NOA)
    _bounced(to_sign, ANDREA)
    with to_sign.app.app_context():
        assert delivery.trouble_of(to_sign.dossier, to_sign.clock.now), "the coordination sees that the address does not work"
    _corrected(to_sign, ANDREA, RIGHT)
    with to_sign.app.app_context():
        assert [row.email for row in to_sign.version.signatures if row.signed] == [NOA]
        assert to_sign.version.version == 1
    to_sign.people[RIGHT] = to_sign.people[ANDREA]
    for address in (CLAUDE, RIGHT):
        assert to_sign.sign(address).status_code == 303
    with to_sign.app.app_context():
        assert to_sign.dossier.state == "signed"
        assert {row.email for row in to_sign.version.signatures} == {NOA, CLAUDE, RIGHT}


def test_n01_other_dates_make_a_second_version_and_the_person_who_signed_is_told_why(to_sign):
    to_sign.sign(NOA)
    to_sign.act("coordinator", "reprendre", "La mairie est fermée le 9 février")
    with to_sign.app.app_context():
        dossier = to_sign.dossier
        data = convention.draft_data(dossier, to_sign.clock.now)
        moved = replace(data, sessions=(data.sessions[0], replace(data.sessions[1], on=date(2027, 2, 16))))
        convention.save_draft(who(dossier, "coordinator").id, moved, to_sign.clock.now)
    to_sign.act("coordinator", "signature")
    assert "La mairie est fermée le 9 février" in to_sign.post.last(NOA, "convention_to_sign").text
    with to_sign.app.app_context():
        first, second = to_sign.dossier.conventions
        assert (second.version, [row.email for row in first.signatures if row.voided_at]) == (2, [NOA])


def test_n01_two_parties_cannot_sign_from_one_address(to_sign):
    to_sign.act("coordinator", "reprendre", "Une adresse")
    with to_sign.app.app_context():
        person = next(p for p in to_sign.dossier.participants if p.role == "employer")
        data = from_json(to_sign.version.data)
        signer = replace(data.employer.signatories[0], email=NOA)
        convention.save_draft(who(to_sign.dossier, "coordinator").id, replace(
            data, employer=replace(data.employer, signatories=(signer,))), to_sign.clock.now)
        assert isinstance(person, Participant)
    with pytest.raises(Refused, match="adresse"):
        to_sign.act("coordinator", "signature")
    with to_sign.app.app_context():
        assert to_sign.dossier.state == "in_review"


@databases("sqlite", "postgresql")
def test_n02_machines_that_open_every_link_three_times_sign_nothing(to_sign):
    paths = [path for letter in to_sign.post.all()
             for path in re.findall(r"https?://[^/\s\"<]+(/[^\s\"<&]*)", letter.text + letter.html)]
    before = dump(to_sign.app)
    for _ in range(3):
        for path in dict.fromkeys(paths):
            to_sign.client.get(path)
            to_sign.client.head(path)
    assert dump(to_sign.app) == before


def test_n02_a_forwarded_link_signs_nothing_without_the_code_that_goes_to_the_address(to_sign):
    path = to_sign.link(ANDREA)
    colleague = to_sign.app.test_client()
    page = colleague.get(path)
    assert "Andréa Direction" in page.text
    colleague.post(path, data={"envoyer-code": "1"})
    assert to_sign.post.last(ANDREA, "code_to_sign").to == ANDREA
    with to_sign.app.app_context():
        shown = to_sign.version.pdf_sha256
    for code in ("", "123456"):
        answer = colleague.post(path, data={"empreinte": shown, "signer": "Andréa Direction", "quality": "Secrétaire",
                                            "agreed": "oui", "code": code})
        assert answer.status_code == 422
    with to_sign.app.app_context():
        assert not any(row.signed for row in to_sign.version.signatures)


def test_n02_a_link_too_old_is_renewed_at_its_own_address_and_a_second_signature_is_told_the_first(to_sign):
    path = to_sign.link(NOA)
    to_sign.sign(NOA, path)
    to_sign.clock.advance(days=60)
    page = to_sign.client.get(path)
    assert page.status_code == 410
    to_sign.client.fill(page, "/nouveau-lien")
    assert to_sign.post.last(NOA, "link_renewed").to == NOA
    base = to_sign.post.last(NOA, "link_renewed").link("d")
    again = to_sign.client.get(f"{base}/signer").text.replace("\u00a0", " ")
    assert "Vous avez déjà signé" in again and "lundi 11 janvier 2027" in again
    assert not [letter for letter in to_sign.post.to(COORDINATOR) if letter.letter.endswith("link_renewed")]
    with to_sign.app.app_context():
        db.session.rollback()
