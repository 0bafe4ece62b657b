"""A lost link is found again by whoever holds the address, and a stranger learns nothing."""

from __future__ import annotations

import pytest
from cast import ANDREA, COORDINATOR, NOA
from roads.signers import Signing


@pytest.fixture
def to_sign(app, client, post, clock) -> Signing:
    return Signing(app, client, post, clock).sent()


def ask(client, email: str):
    answer = client.fill(client.get("/retrouver-mon-lien"), "/retrouver-mon-lien", email=email)
    return answer, client.get(answer.location) if answer.status_code == 303 else answer


def test_the_answer_is_the_same_and_the_letter_goes_to_the_address_alone(to_sign):
    pages = {ask(to_sign.client, address)[1].text for address in (NOA, "personne@ailleurs.example", COORDINATOR)}
    assert len(pages) == 1
    letter = to_sign.post.last(NOA, "links_found")
    assert "Votre signature est attendue" in letter.text and "/signer" in letter.text
    assert to_sign.client.get(letter.link("d")).status_code == 200
    assert not to_sign.post.to("personne@ailleurs.example")
    assert not [found for found in to_sign.post.to(COORDINATOR) if found.letter.endswith("links_found")]


def test_a_person_who_signed_gets_the_page_of_the_request_instead(to_sign):
    to_sign.sign(NOA)
    ask(to_sign.client, NOA.upper())
    assert "/signer" not in to_sign.post.last(NOA, "links_found").text
    page = to_sign.client.page(to_sign.post.last(NOA, "links_found").link("d"))
    assert "a signé le" in page.text


def test_it_is_not_sent_again_and_again(to_sign):
    for _ in range(6):
        assert ask(to_sign.client, ANDREA)[0].status_code == 303
    assert len([found for found in to_sign.post.to(ANDREA) if found.letter.endswith("links_found")]) == 3
    tried = [to_sign.client.post("/retrouver-mon-lien", data={"email": f"a{n}@ailleurs.example"}) for n in range(20)]
    assert 429 in {answer.status_code for answer in tried}


def test_an_address_that_is_none_is_said(to_sign):
    answer, _ = ask(to_sign.client, "noa")
    assert answer.status_code == 422


def test_the_page_of_a_request_leads_to_the_signature_that_is_awaited(to_sign):
    base = to_sign.link(NOA).removesuffix("/signer")
    assert f"{base}/signer" in to_sign.client.get(base).text
    to_sign.sign(NOA)
    assert "Votre signature est attendue" not in to_sign.client.get(base).text
