"""An immersion that does not go straight: somebody says no, somebody leaves, a convention is taken back."""

from __future__ import annotations

import pytest
from cast import ANDREA, CLAUDE, COORDINATOR, HOSTING, IMMERSION, NOA, confirm, press, send, sign_in
from roads.stories import host_structure
from sqlalchemy import select

from models.base import db
from models.convention import Convention
from models.dossier import Immersion

SPACE = "/coordination/IMM-2027-0001"
OTHER = "autre@structure-d.example"


class Story:
    """The road so far, one step a method."""

    def __init__(self, app, client, post, clock) -> None:
        self.app, self.client, self.post = app, client, post
        with app.app_context():
            self.host = host_structure(clock.now)
            self.other = host_structure(clock.now, name="Structure Exemple D", email=OTHER, skills=())
        send(client, "/immersion", IMMERSION)
        confirm(client, post, NOA)

    def taken_in_hand(self) -> Story:
        self.post.reply(self.post.last(COORDINATOR), "accepter")
        return self

    def employer_agrees(self) -> Story:
        self.taken_in_hand()
        press(self.client, f"{self.post.last(ANDREA).link('d')}/accepter", words="Volontiers")
        return self

    def host_asked(self) -> Story:
        self.employer_agrees()
        sign_in(self.client, self.post)
        press(self.client, f"{SPACE}/proposer", structure=str(self.host), words="Tu avais dit oui pour février")
        return self

    def host_agrees(self) -> Story:
        self.host_asked()
        press(self.client, f"{self.post.last(CLAUDE).link('d')}/accueillir", **HOSTING)
        return self

    def to_sign(self) -> Story:
        self.host_agrees()
        press(self.client, f"{SPACE}/rediger")
        press(self.client, f"{SPACE}/relecture")
        press(self.client, f"{SPACE}/signature")
        return self

    @property
    def state(self) -> str:
        with self.app.app_context():
            return db.session.scalar(select(Immersion.state))

    def told(self, address: str, words: str) -> bool:
        return any(words in letter.text for letter in self.post.to(address))


@pytest.fixture
def story(app, client, post, clock) -> Story:
    return Story(app, client, post, clock)


def test_the_coordination_says_no_at_once_and_the_employer_never_hears_of_it(story, client, post):
    sign_in(client, post)
    press(client, f"{SPACE}/refuser", words="Le réseau ne couvre pas ce projet.")
    assert story.state == "refused"
    assert story.told(NOA, "Le réseau ne couvre pas ce projet.")
    assert post.to(ANDREA) == []


@pytest.mark.parametrize("words", ["Non", "Pas d’accord", "/refuser", "refuser : période chargée"])
def test_an_employer_says_no_by_reply_with_a_reason(story, post, words):
    story.taken_in_hand()
    post.reply(post.last(ANDREA), f"{words}\nNous sommes en sous-effectif." if ":" not in words else words)
    assert story.state == "refused"
    reason = "période chargée" if ":" in words else "sous-effectif"
    assert story.told(NOA, reason) and story.told(COORDINATOR, reason)
    assert post.to(CLAUDE) == []


def test_an_employer_who_says_no_without_a_reason_is_asked_for_one(story, post):
    story.taken_in_hand()
    post.reply(post.last(ANDREA), "Non")
    assert story.state == "employer_asked"
    assert post.last(ANDREA).letter == "coordination/command_refused"


@pytest.mark.parametrize("words", ["Oui mais pas en mars", "Oui, mais pas en mars", "Bonjour, qui paie les repas ?"])
def test_an_employer_with_a_condition_is_read_by_a_person(story, post, words):
    story.taken_in_hand()
    post.reply(post.last(ANDREA), words)
    assert story.state == "employer_asked"
    assert words.replace("?", "").strip() in post.last(COORDINATOR, "message_relayed").text.replace("\u00a0", " ")
    post.reply(post.last(COORDINATOR, "message_relayed"), "Bien noté, ce sera en avril.")
    assert "en avril" in post.last(ANDREA, "message_relayed").text


def test_an_employer_changes_their_mind_while_a_host_is_sought(story, client, post):
    story.host_asked()
    press(client, f"{post.last(ANDREA).link('d')}/refuser", words="Finalement impossible.")
    assert story.state == "refused"
    assert all(story.told(address, "Finalement impossible.") for address in (NOA, COORDINATOR, CLAUDE))


def test_a_host_who_declines_on_the_page_reads_that_it_is_done_and_can_still_write(story, client, post):
    story.host_asked()
    path = post.last(CLAUDE).link("d")
    answer = client.fill(client.get(f"{path}/refuser"), f"{path}/refuser", words="Nous sommes en travaux.")
    assert answer.status_code == 200 and "C’est enregistré" in answer.text and "ne sert plus" in answer.text
    assert story.state == "employer_agreed"
    again = client.get(path)
    assert again.status_code == 410 and "Vous ne prenez plus part" in again.text
    post.reply(post.last(CLAUDE), "Les travaux sont reportés : nous pourrions accueillir en mars.")
    assert story.told(COORDINATOR, "Les travaux sont reportés")


def test_a_host_declines_and_another_is_found(story, client, post):
    story.host_asked()
    written = len(post.to(NOA))
    post.reply(post.last(CLAUDE), "Non\nNous sommes en travaux.")
    assert story.state == "employer_agreed"
    assert story.told(COORDINATOR, "Nous sommes en travaux.")
    assert len(post.to(NOA)) == written, "the author is not troubled with a host who cannot"
    old = post.last(CLAUDE, "host_to_agree").link("d")
    assert client.get(f"{old}/accueillir").status_code in (404, 409, 410), "the first host cannot agree any more"
    press(client, f"{SPACE}/proposer", structure=str(story.other))
    press(client, f"{post.last(OTHER).link('d')}/accueillir", **HOSTING)
    assert story.state == "host_agreed"
    assert story.told(ANDREA, "mardi 2 février 2027") or story.told(ANDREA, "mardi 2\u00a0février 2027")
    assert "mardi 2\u00a0février 2027" in post.last(OTHER, "host_agreed").text, "who answered on a page keeps a copy"
    assert post.last(CLAUDE).letter != "immersion/host_agreed"


def test_the_coordination_looks_elsewhere_after_a_host_agreed(story, client, post):
    story.host_agrees()
    press(client, f"{SPACE}/changer-accueil", words="Les dates ne conviennent pas à l’employeur.")
    assert story.state == "employer_agreed"
    assert story.told(CLAUDE, "Les dates ne conviennent pas")
    press(client, f"{SPACE}/proposer", structure=str(story.host))
    assert story.state == "host_asked", "the same one may be asked again"


def test_hosts_that_cannot_or_must_not_are_not_proposed(story, client, post, clock):
    with story.app.app_context():
        mine = host_structure(clock.now, name="Structure Exemple B", email="x@structure-b.example")
        same = host_structure(clock.now, name="Autre nom", email=ANDREA)
    story.employer_agrees()
    sign_in(client, post)
    page = client.page(f"{SPACE}/proposer")
    offered = [control["value"] for control in page.select("input[name=structure]")]
    assert str(mine) not in offered
    assert offered.index(str(story.host)) < offered.index(str(story.other)), "the skill that is sought comes first"
    answer = client.fill(client.get(f"{SPACE}/proposer"), f"{SPACE}/proposer", structure=str(same))
    assert answer.status_code == 422
    assert story.state == "employer_agreed"


@pytest.mark.parametrize("step", ["taken_in_hand", "employer_agrees", "host_asked", "host_agrees", "to_sign"])
def test_the_author_may_give_up_at_every_step_and_all_who_know_are_told(story, client, post, step):
    getattr(story, step)()
    press(client, f"{post.last(NOA, 'request_received').link('d')}/retirer", words="Je change de poste.")
    assert story.state == "withdrawn"
    knowing = {COORDINATOR, ANDREA} | ({CLAUDE} if step in ("host_asked", "host_agrees", "to_sign") else set())
    assert {letter.to for letter in post.all() if letter.letter == "conversation/request_withdrawn"} == knowing
    assert story.told(ANDREA, "Je change de poste.")
    assert story.client.get(f"{post.last(ANDREA, 'employer_to_agree').link('d')}/accepter").status_code in (404, 409)


def test_a_convention_is_taken_back_corrected_and_sent_again(story, client, post):
    story.to_sign()
    first = post.last(NOA, "convention_to_sign")
    press(client, f"{SPACE}/reprendre", words="Le nom de la directrice est mal écrit.")
    assert story.state == "in_review"
    assert all(story.told(address, "Le nom de la directrice") for address in (NOA, ANDREA, CLAUDE))
    page = client.get(f"{SPACE}/rediger")
    client.fill(page, f"{SPACE}/rediger", host_name="Claude D’Accueil")
    press(client, f"{SPACE}/relecture")
    press(client, f"{SPACE}/signature")
    second = post.last(NOA, "convention_to_sign")
    assert (first.files[0][0], second.files[0][0]) == ("convention-IMM-2027-0001-v1.pdf", "convention-IMM-2027-0001-v2.pdf")
    assert first.files[0][2] != second.files[0][2]
    with story.app.app_context():
        states = [(row.version, row.state) for row in db.session.scalars(select(Convention).order_by(Convention.version))]
    assert states == [(1, "superseded"), (2, "issued")]
    press(client, f"{SPACE}/clore", words="Merci à vous trois.")
    assert story.state == "closed" and all(story.told(address, "Merci à vous trois.") for address in (NOA, ANDREA, CLAUDE))


def test_the_pdf_of_the_page_is_the_very_file_that_was_sent(story, client, post):
    story.to_sign()
    sent = post.last(CLAUDE, "convention_to_sign")
    path = sent.link("d")
    assert client.get(f"{path}.pdf").data == sent.files[0][2]
    assert client.get(f"{SPACE}/convention.pdf").data == sent.files[0][2]
    assert client.page(path).select_one("h1")


def test_a_button_pressed_twice_or_by_two_people_acts_once_and_says_who(story, client, post):
    story.taken_in_hand()
    path = f"{post.last(ANDREA).link('d')}/accepter"
    page = client.get(path)
    assert client.fill(page, path).status_code == 303
    again = client.fill(page, path)
    assert again.status_code == 409
    assert len([letter for letter in post.to(NOA) if letter.letter == "immersion/employer_agreed"]) == 1


def test_two_parties_may_not_share_an_address(client):
    from cast import walk
    pages = [(slug, answers | ({"employer_email": NOA.upper()} if slug == "employeur" else {})) for slug, answers in IMMERSION]
    page = walk(client, "/immersion", pages, upto="employeur")
    answer = client.fill(page, "/immersion/employeur", **pages[-1][1])
    assert answer.status_code == 422 and "Cette adresse est la vôtre" in answer.text
