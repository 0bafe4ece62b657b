"""Mentoring, through web and mail: a mentor nearby is proposed, both agree, the protocol is written and sealed, news is taken,
it ends kindly."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pikepdf
import pytest
from cast import COORDINATOR, DEPUTY, press, sign_in
from house.test_links_act_on_press_only import dump
from pages import soup
from roads.correspondents import Story
from roads.mentoring import LOU, TERMS, agreed, joined, mentor, paired
from roads.peers import ARIEL, DOMINIQUE, SACHA, YAEL
from setting import databases
from team import press_link

from commands.check import sealing_fails
from jobs.engine import hourly, sweep
from models.base import db
from models.mentorat import Mentorat
from models.structure import Membre
from services.due_documents import SHOWN_AFTER
from services.mentorat import making

#: mardi 12 janvier 2027, 10 h 05 à Paris.
JOINED_AT = datetime(2027, 1, 12, 9, 5, tzinfo=UTC)
REFERENCE = "MENT-2027-0001"


@pytest.fixture
def story(app, client, post, clock) -> Story:
    clock.now = JOINED_AT
    return Story(app, client, post, clock, REFERENCE)


def at(app, clock, *moment: int) -> None:
    """The hour comes round at that moment."""
    clock.now = datetime(*moment, tzinfo=UTC)
    with app.app_context():
        hourly(clock.now)


def made(app, clock) -> None:
    with app.app_context():
        sweep(clock.now)


def offering(app, *emails: str) -> None:
    """These members offer to be mentors."""
    with app.app_context():
        for email in emails:
            mentor(email)


@pytest.fixture
def pair(app, client, post, story) -> Story:
    """Lou and Dominique said yes to each other."""
    offering(app, DOMINIQUE)
    joined(client, post)
    paired(client, post, DOMINIQUE)
    return story


@pytest.fixture
def under_way(app, client, post, clock, pair) -> Story:
    """Their protocol is agreed to, sealed and sent."""
    agreed(client, post, DOMINIQUE)
    made(app, clock)
    return pair


def joined_files(letter) -> list[tuple[str, bytes]]:
    return [(part.get_filename(), part.get_content())
            for part in message_from_bytes(letter.raw, policy=default).iter_attachments()]


def test_the_request_to_join_and_the_mentoring_lead_to_each_other(client, post, story):
    joined(client, post)
    joining = client.page(post.last(COORDINATOR, "request_to_coordinator").link("d").removesuffix("/accepter"))
    assert joining.find("a", href=f"/coordination/{REFERENCE}"), "from the request to join to what came of it"
    mentoring = client.page(post.last(COORDINATOR, "mentor_to_propose").link("d").removesuffix("/proposer"))
    assert mentoring.find("a", href="/coordination/ADH-2027-0001")


def test_a_proposal_made_on_an_older_page_is_shown_what_a_colleague_said_meanwhile(app, client, post, clock, story):
    offering(app, ARIEL, DOMINIQUE)
    joined(client, post)
    sign_in(client, post)
    colleague = app.test_client()
    clock.advance(minutes=16)
    press_link(colleague, post, DEPUTY)
    here = f"/coordination/{REFERENCE}"
    older = client.get(f"{here}/proposer")
    colleague.fill(colleague.get(here), f"{here}/repondre", **{"repondre-words": "Je vous rappelle demain."})
    answer = client.fill(older, f"{here}/proposer", mentor="1")
    assert answer.status_code == 409
    page = soup(answer)
    assert "Entre-temps" in page.text and "Je vous rappelle demain." in page.select_one("blockquote").text
    assert page.select_one("input[name=mentor]:checked")["value"] == "1", "what was chosen is kept"
    assert not post.to(ARIEL) and not post.to(DOMINIQUE)
    assert client.fill(answer, f"{here}/proposer").status_code == 303


@databases("sqlite", "postgresql")
def test_a_newcomer_finds_a_mentor_nearby_and_they_agree_on_a_protocol(app, client, post, clock, story):
    offering(app, ARIEL, DOMINIQUE)
    joined(client, post)
    assert story.state == "submitted"
    assert "nous cherchons quelqu’un près de chez vous" in story.told(LOU, "welcome")
    offer = story.told(COORDINATOR, "mentor_to_propose")
    assert "Lou Exemple" in offer and offer.index("Dominique") < offer.index("Ariel"), "the nearest first"

    story.says(COORDINATOR, "proposer Dominique Essai\nUne personne motivée.", "mentor_to_propose")
    asked = post.last(DOMINIQUE, "mentor_asked")
    assert "Une personne motivée." in asked.text and "à environ" in asked.text and "Animer des ateliers" in asked.text
    assert "Lou" not in asked.text + asked.html and LOU.encode() not in asked.raw, "neither learns who the other is before"
    assert "Lou" not in client.get(asked.link("d").removesuffix("/accepter")).text
    post.reply(asked, "Oui, avec plaisir")
    found = post.last(LOU, "mentor_found")
    assert "Dominique Essai" in found.text and DOMINIQUE.encode() not in found.raw and story.state == "author_asked"
    assert "Lou" not in post.last(DOMINIQUE).text

    press(client, found.link("d"))
    assert story.state == "agreed"
    assert DOMINIQUE in story.told(LOU, "pair_made") and LOU in story.told(DOMINIQUE, "pair_made")

    page = client.get(post.last(LOU, "pair_made").link("d"))
    assert "Animer des ateliers collectifs" in page.text, "what they seek is there to begin with"
    press(client, post.last(LOU, "pair_made").link("d"), **TERMS, tell_employer="non")
    to_agree = story.told(DOMINIQUE, "protocole_to_agree")
    assert "Poser des limites" in to_agree and "Deux fois par mois" in to_agree
    press(client, post.last(LOU, "protocole_to_agree").link("d"), agreement="oui")
    post.reply(post.last(DOMINIQUE, "protocole_to_agree"), "d’accord version 1")
    with app.app_context():
        assert story.dossier.awaits_coordination, "it is the coordination's turn, and among what waits"
    press(client, post.last(COORDINATOR, "protocole_to_agree").link("d"), agreement="oui")
    assert story.state == "under_way"
    made(app, clock)
    sent = post.last(LOU, "protocole_agreed")
    for address in (LOU, DOMINIQUE, COORDINATOR):
        [(name, content)] = joined_files(post.last(address, "protocole_agreed"))
        assert name == f"protocole-{REFERENCE}.pdf"
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert len(pdf.pages) == 2
    made(app, clock)
    assert story.count(LOU, "protocole_agreed") == 1, "sent once"
    page = client.page(sent.link("d"))
    assert "en cours" in page.text and f"protocole-{REFERENCE}-accepte.pdf" in page.text


def test_a_no_is_told_to_the_coordination_alone_who_proposes_somebody_else(app, client, post, story):
    offering(app, DOMINIQUE, ARIEL)
    joined(client, post)
    post.reply(post.last(COORDINATOR, "mentor_to_propose"), "proposer Dominique Essai")
    before = len(post.to(LOU))
    path = post.last(DOMINIQUE, "mentor_asked").link("d").replace("/accepter", "/refuser")
    page = press(client, path, words="Trop de travail.")
    assert client.get(page.location).status_code == 200, "who says no reads that it is noted"
    assert story.state == "submitted" and len(post.to(LOU)) == before
    no = story.told(COORDINATOR, "not_this_time")
    assert "Trop de travail." in no and "Ariel" in no and "proposer Dominique" not in no
    post.reply(post.last(COORDINATOR, "not_this_time"), "proposer Ariel")
    post.reply(post.last(ARIEL, "mentor_asked"), "oui")
    post.reply(post.last(LOU, "mentor_found"), "Non merci")
    assert story.state == "submitted"
    assert "ne dit rien de vous" in story.told(ARIEL, "not_this_pair") and "Lou" not in story.told(ARIEL, "not_this_pair")
    assert "Lou Exemple préfère" in story.told(COORDINATOR, "not_this_time")
    assert client.get(post.last(DOMINIQUE, "mentor_asked").link("d")).status_code == 409


def test_who_may_be_proposed(app, client, post, clock, story):
    from datetime import date
    with app.app_context():
        mentor(DOMINIQUE, pause_ends_on=date(2027, 2, 1))
        mentor(SACHA, pace="jamais")
        mentor(ARIEL, mentors=False)
        mentor("lou.chef@structure-x.example", structure="Structure X", commune="30007")
        mentor(YAEL, skills=())
    joined(client, post)
    offer = story.told(COORDINATOR, "mentor_to_propose")
    assert "Yael" in offer and "Lou Chef" in offer
    assert not any(name in offer for name in ("Dominique", "Sacha", "Ariel")), "in pause, not for the moment, not offered"
    with app.app_context():
        chef, structure = db.session.scalar(db.select(Membre).where(Membre.email.startswith("lou.chef"))), None
        structure = chef.structure_id
        lou = db.session.scalar(db.select(Membre).where(Membre.email == LOU))
        lou.structure_id = structure
        db.session.commit()
    page = client.get(post.last(COORDINATOR, "mentor_to_propose").link("d"))
    assert "Yael" in page.text and "Lou Chef" not in page.text, "nobody of the same employer, where there is anybody else"
    post.reply(post.last(COORDINATOR, "mentor_to_propose"), "proposer Yael")
    assert story.state == "mentor_asked"
    joined(client, post, email="autre@courriel.example")
    assert "Yael" not in story.told(COORDINATOR, "mentor_to_propose"), "asked this month already"


def test_what_was_agreed_to_is_the_text_in_view(app, client, post, pair):
    press(client, post.last(LOU, "pair_made").link("d"), **TERMS, tell_employer="non")
    path = post.last(LOU, "protocole_to_agree").link("d")
    old = client.get(path)
    press(client, post.last(DOMINIQUE, "pair_made").link("d"), months="12")
    late = client.fill(old, path, agreement="oui")
    assert late.status_code == 422 and "version 2" in late.text.replace("\u00a0", " ")
    post.reply(post.last(DOMINIQUE, "protocole_to_agree"), "d’accord version 1")
    assert "version 2" in pair.told(DOMINIQUE, "command_refused")
    with app.app_context():
        assert pair.dossier.protocole.agreements == {} and pair.state == "to_agree"


def test_the_employer_is_told_only_where_the_newcomer_says_so(app, client, post, clock, pair):
    assert "employer_email" not in client.get(post.last(DOMINIQUE, "pair_made").link("d")).text, "hers to say, and hers alone"
    press(client, post.last(LOU, "pair_made").link("d"), **TERMS, tell_employer="oui", employer_name="Andréa Direction",
          employer_email="direction@structure-b.example")
    assert not post.to("direction@structure-b.example")
    for address in (LOU, DOMINIQUE, COORDINATOR):
        press(client, post.last(address, "protocole_to_agree").link("d"), agreement="oui")
    made(app, clock)
    told = post.last("direction@structure-b.example", "employer_informed")
    assert "Deux fois par mois" in told.text and "limites" not in told.text and not joined_files(told)


@databases("sqlite", "postgresql")
def test_news_is_taken_apart_and_trouble_goes_to_the_coordination_alone(app, client, post, clock, under_way):
    at(app, clock, 2027, 2, 28, 10)
    assert not under_way.count(LOU, "how_it_goes_reminder")
    at(app, clock, 2027, 3, 1, 23)
    assert not under_way.count(LOU, "how_it_goes_reminder"), "in working hours"
    at(app, clock, 2027, 3, 2, 9)
    at(app, clock, 2027, 3, 2, 10)
    assert under_way.count(LOU, "how_it_goes_reminder") == under_way.count(DOMINIQUE, "how_it_goes_reminder") == 1
    post.reply(post.last(DOMINIQUE, "how_it_goes_reminder"), "Ça va")
    before = len(post.to(DOMINIQUE))
    post.reply(post.last(LOU, "how_it_goes_reminder"), "J’aimerais en parler\n\nNous ne nous sommes pas encore vus.")
    assert "pas encore vus" in under_way.told(COORDINATOR, "would_like_to_talk")
    assert len(post.to(DOMINIQUE)) == before and "pas encore vus" not in client.get(
        post.last(DOMINIQUE, "how_it_goes_reminder").link("d").removesuffix("/ca-va")).text
    with app.app_context():
        assert under_way.dossier.awaits_coordination
    said = client.get(post.last(COORDINATOR, "would_like_to_talk").link("d")).text
    assert "ça se passe bien" in said and "aimerait en parler" in said
    post.reply(post.last(COORDINATOR, "would_like_to_talk"), "Je vous appelle demain.")
    assert "Je vous appelle" in under_way.told(LOU, "message_relayed") and len(post.to(DOMINIQUE)) == before

    at(app, clock, 2027, 8, 2, 9)
    assert "continuer" in under_way.told(LOU, "how_it_goes_reminder").lower()


def test_a_mentor_who_is_erased_leaves_no_name_and_the_newcomer_is_not_left_waiting(app, client, post, clock, under_way):
    client.fill(client.get("/mon-espace"), "/mon-espace", email=DOMINIQUE)
    path = f"{post.last(DOMINIQUE, 'space_link').link('mon-espace')}/effacement"
    client.fill(client.get(path), path)
    link = post.last(DOMINIQUE, "erasure_to_confirm").link("effacement")
    client.fill(client.get(link), link)
    clock.advance(days=15)
    for _ in range(2):
        at(app, clock, *clock.now.timetuple()[:4])
        clock.advance(days=2)
    assert under_way.state == "closed" and under_way.count(LOU, "thanks") == 1
    with app.app_context():
        assert under_way.dossier.protocoles == []
    kept = {name: rows for name, rows in dump(app).items() if "Dominique Essai" in str(rows)}
    assert set(kept) <= {"outbox_message", "outbox_body"}, "what the newcomer received, until its time is over"
    assert client.get(post.last(LOU, "thanks").link("d")).status_code == 200


def test_it_goes_on_when_both_wish_so_and_ends_with_a_word_to_each_other(app, client, post, clock, under_way):
    for moment in ((2027, 3, 2, 9), (2027, 8, 3, 9)):
        at(app, clock, *moment)
    post.reply(post.last(LOU, "how_it_goes_reminder"), "continuer")
    assert under_way.count(DOMINIQUE, "goes_on") == 0
    press(client, post.last(DOMINIQUE, "how_it_goes_reminder").link("d"))
    assert "novembre" in under_way.told(LOU, "goes_on") and "novembre" in under_way.told(DOMINIQUE, "goes_on")
    at(app, clock, 2027, 11, 5, 9)
    path = post.last(LOU, "how_it_goes_reminder").link("d").replace("/continuer", "/terminer")
    press(client, path, words="Merci pour tout.")
    assert under_way.state == "closed"
    thanks = under_way.told(DOMINIQUE, "thanks")
    assert "Merci pour tout." in thanks and "mon mot" in thanks and "mon mot" not in under_way.told(LOU, "thanks")
    post.reply(post.last(DOMINIQUE, "thanks"), "mon mot\n\nBravo à vous.")
    assert "Bravo à vous." in under_way.told(LOU, "last_word")
    post.reply(post.last(DOMINIQUE, "thanks"), "mon mot\n\nEncore.")
    assert under_way.count(LOU, "last_word") == 1


def test_without_an_answer_it_ends_by_itself_and_silence_is_noticed(app, client, post, clock, story):
    offering(app, DOMINIQUE)
    joined(client, post)
    post.reply(post.last(COORDINATOR, "mentor_to_propose"), "proposer Dominique")
    at(app, clock, 2027, 1, 20, 9)
    at(app, clock, 2027, 1, 21, 9)
    assert story.count(DOMINIQUE, "mentor_asked_reminder") == 1
    post.reply(post.last(DOMINIQUE, "mentor_asked_reminder"), "oui")
    at(app, clock, 2027, 1, 29, 9)
    post.reply(post.last(LOU, "mentor_found_reminder"), "oui")
    agreed(client, post, DOMINIQUE)
    at(app, clock, 2027, 3, 2, 9)
    at(app, clock, 2027, 3, 10, 9)
    assert story.count(LOU, "how_it_goes_reminder") == 2
    at(app, clock, 2027, 8, 3, 9)
    at(app, clock, 2027, 8, 25, 9)
    assert story.state == "closed" and "se termine" in story.told(LOU, "thanks")


def test_a_member_offers_to_be_a_mentor_and_asks_for_one_from_their_space(app, client, post, clock, story):
    with app.app_context():
        mentor(DOMINIQUE, mentors=False)
        mentor(ARIEL)
    client.fill(client.get("/mon-espace"), "/mon-espace", email=DOMINIQUE)
    space = post.last(DOMINIQUE, "space_link").link("mon-espace")
    client.fill(client.get(f"{space}/mentorat"), f"{space}/mentorat", mentors="oui")
    with app.app_context():
        assert db.session.scalar(db.select(Membre.mentors).where(Membre.email == DOMINIQUE))
    path = f"{space}/demander-mentor"
    assert client.get(path).status_code == 404
    for _ in range(2):
        response = client.fill(client.get(space), path) if "demander-mentor" in client.get(space).text else None
    assert response is None, "asked once, it is not offered again"
    with app.app_context():
        assert db.session.query(Mentorat).count() == 1
    assert REFERENCE in client.get(space).text and "Ariel" in story.told(COORDINATOR, "mentor_to_propose")


def test_the_mentor_can_leave_before_it_begins_and_the_newcomer_may_withdraw(app, client, post, story):
    offering(app, DOMINIQUE, ARIEL)
    joined(client, post)
    post.reply(post.last(COORDINATOR, "mentor_to_propose"), "proposer Dominique")
    post.reply(post.last(DOMINIQUE, "mentor_asked"), "oui")
    post.reply(post.last(LOU, "mentor_found"), "oui")
    post.reply(post.last(DOMINIQUE, "pair_made"), "non merci")
    assert story.state == "submitted" and "rien à voir avec vous" in story.told(LOU, "not_this_pair")
    post.reply(post.last(COORDINATOR, "not_this_time"), "proposer Ariel")
    post.reply(post.last(LOU, "mentor_found"), "retirer ma demande")
    assert story.state == "withdrawn" and "ne dit rien de vous" in story.told(ARIEL, "not_this_pair")


def test_a_protocol_that_cannot_be_sealed_is_tried_again_and_told_to_who_operates(app, client, post, clock, pair, monkeypatch):
    agreed(client, post, DOMINIQUE)

    def broken(*_args):
        raise OSError("disk full")
    with monkeypatch.context() as patch:
        patch.setattr(making, "seal_document", broken)
        for _ in range(SHOWN_AFTER):
            made(app, clock)
            clock.advance(hours=1)
    with app.app_context():
        assert any(REFERENCE in sentence for sentence in sealing_fails())
    assert not pair.count(LOU, "protocole_agreed")
    made(app, clock)
    assert pair.count(LOU, "protocole_agreed") == 1
    with app.app_context():
        assert sealing_fails() == []
