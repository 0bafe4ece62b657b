"""A member has what is kept of them erased, and sees to their addresses: by themselves, without losing what binds others."""

from __future__ import annotations

from cast import AIDE, CLAUDE, COORDINATOR, NOA, PROFESSIONAL, confirm, press, send, sign_in
from house.test_links_act_on_press_only import dump
from roads.peers import DOMINIQUE, member, question
from roads.test_immersion_detours import SPACE, Story
from setting import databases

from jobs.engine import hourly
from models.address import SecondAddress
from models.base import db, transaction
from models.conversation import Message
from models.dossier import Dossier, Immersion
from models.structure import Membre
from pdf.convention import content_hash, from_json

OTHER = "noa.fictif@courriel.example"


def joins(client, post) -> None:
    send(client, "/rejoindre/professionnel", [(slug, answers | (
        {"employer_told": "non", "employer_email": ""} if slug == "employeur" else {})) for slug, answers in PROFESSIONAL])
    confirm(client, post, NOA)
    post.reply(post.last(COORDINATOR, "request_to_coordinator"), "/accepter")


def space(client, post, email: str = NOA) -> str:
    client.fill(client.get("/mon-espace"), "/mon-espace", email=email)
    return post.last(email, "space_link").link("mon-espace")


def asked(client, post) -> str:
    """Asked from the space; gives the link that confirms."""
    path = f"{space(client, post)}/effacement"
    assert "Regardez vos courriels" in client.fill(client.get(path), path).text
    return post.last(NOA, "erasure_to_confirm").link("effacement")


def planned(client, post) -> None:
    link = asked(client, post)
    for _ in range(2):
        client.get(link)
    assert "seront effacées le" not in client.get(link).text, "opening the letter decides nothing"
    assert "seront effacées le" in client.fill(client.get(link), link).text


def play(app, clock, days: float) -> None:
    clock.advance(days=days)
    with app.app_context():
        hourly(clock.now)


@databases("sqlite", "postgresql")
def test_nothing_of_a_member_is_left_two_weeks_after_they_confirm(app, client, post, clock):
    joins(client, post)
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    planned(client, post)
    told = post.last(COORDINATOR, "erasure_told")
    assert "AIDE-2027-0001" in told.text and "Noa" not in told.subject
    play(app, clock, 13)
    with app.app_context():
        assert db.session.query(Membre).count() == 1
    play(app, clock, 1.1)
    with app.app_context():
        assert db.session.query(Membre).count() == 0 and db.session.query(Dossier).count() == 0
    play(app, clock, 100)
    left = " ".join(row for rows in dump(app).values() for row in rows).lower()
    assert not [word for word in ("noa", "mandat") if word in left.replace("noah", "")]
    client.fill(client.get("/mon-espace"), "/mon-espace", email=NOA)
    assert post.last(NOA).letter.endswith("space_unknown")


@databases("sqlite", "postgresql")
def test_it_is_cancelled_by_the_letter_or_in_the_space_until_it_is_done(app, client, post, clock):
    joins(client, post)
    planned(client, post)
    link = post.last(NOA, "erasure_planned").link("effacement")
    assert "Rien ne sera effacé" in client.fill(client.get(link), f"{link}/annuler").text
    assert "changé d’avis" in post.last(COORDINATOR, "erasure_told").text
    planned(client, post)
    here = space(client, post)
    client.fill(client.get(here), f"{here}/effacement/annuler")
    play(app, clock, 20)
    with app.app_context():
        assert db.session.query(Membre).count() == 1


@databases("sqlite", "postgresql")
def test_in_the_request_of_somebody_else_the_name_and_the_words_go_and_the_request_stays(app, client, post, clock):
    with app.app_context():
        member(DOMINIQUE)
    send(client, "/aide", question())
    confirm(client, post, NOA)
    post.reply(post.last(DOMINIQUE, "peer_asked"), "je prends")
    post.reply(post.last(DOMINIQUE, "to_help"), "Il faut un mandat écrit, je vous appelle.")
    post.reply(post.last(NOA, "message_relayed"), "Merci pour cette réponse")
    _erased(app, client, post, clock, DOMINIQUE)
    with app.app_context():
        assert not [one for one in db.session.query(Message) if "je vous appelle" in one.body + one.elided], "nor in a quote"
    letters = post.all()
    assert not [letter for letter in letters if letter.to.endswith("@invalid")], "nobody writes to who is gone"
    assert [letter.to for letter in letters if letter.letter.endswith("peer_gave_back")] == [NOA, COORDINATOR]
    for letter in letters:
        assert "je vous appelle" not in letter.text and "Dominique" not in letter.text, letter.letter
    assert [client.get(f"/courrier/{letter.id}").status_code for letter in letters].count(404) >= 3
    assert client.get(f"/courrier/a/{COORDINATOR}").status_code == client.get("/courrier/").status_code == 200
    with app.app_context():
        [dossier] = db.session.query(Dossier).all()
        assert dossier.author.email == NOA
        assert dossier.helper is None and dossier.state == "submitted", "somebody else is looked for"
        assert "Personne effacée" in {one.name for one in dossier.participants}
        assert not [one for one in dossier.messages if "je vous appelle" in one.body]
        assert [one for one in dossier.messages if "effacés à la demande" in one.body]


def test_a_host_who_is_erased_is_named_by_no_draft_nor_answer_of_somebody_else_s_request(app, client, post, clock):
    Story(app, client, post, clock).host_agrees()
    press(client, f"{SPACE}/rediger")
    press(client, f"{SPACE}/relecture")
    _erased(app, client, post, clock, CLAUDE)
    with app.app_context():
        [dossier] = db.session.query(Immersion).all()
        said = f"{dossier.answers} {dossier.summary} {[one.data for one in dossier.conventions]}"
        assert "Claude" not in said and CLAUDE not in said and "Personne effacée" in said
        [version] = dossier.conventions
        assert version.content_hash == content_hash(from_json(version.data))
    sign_in(client, post)
    client.page(SPACE)
    client.page(f"{SPACE}/rediger")


def _erased(app, client, post, clock, email: str) -> None:
    here = space(client, post, email)
    client.fill(client.get(f"{here}/effacement"), f"{here}/effacement")
    link = post.last(email, "erasure_to_confirm").link("effacement")
    client.fill(client.get(link), link)
    post.all()
    play(app, clock, 15)


def learned(app, clock, *others: str) -> None:
    with app.app_context(), transaction() as session:
        for other in others:
            session.add(SecondAddress(email=NOA, other=other, asked_at=clock.now, confirmed_at=clock.now))


def addresses(app) -> list[tuple[str, str]]:
    with app.app_context():
        return sorted((row.email, row.other) for row in db.session.query(SecondAddress))


@databases("sqlite", "postgresql")
def test_another_address_becomes_the_main_one_once_both_agree_and_they_change_places(app, client, post, clock):
    joins(client, post)
    learned(app, clock, OTHER, "noa@association.example")
    here = space(client, post)
    page = client.get(here)
    assert OTHER in page.text
    shown = client.post(f"{here}/autres-adresses", data={"adresse": OTHER, "faire": "principale"},
                        headers={"Sec-Fetch-Site": "same-origin"})
    assert "Regardez vos deux boîtes" in shown.text
    for email, letter in ((NOA, "move_from"), (OTHER, "move_to")):
        with app.app_context():
            assert db.session.query(Membre).one().email == NOA
        link = post.last(email, letter).link("changer-adresse")
        client.fill(client.get(link), link)
    with app.app_context():
        assert db.session.query(Membre).one().email == OTHER
    assert addresses(app) == [(OTHER, "noa@association.example"), (OTHER, NOA)]


def test_an_address_that_was_given_up_is_not_recognised_any_more(app, client, post, clock):
    joins(client, post)
    learned(app, clock, OTHER)
    press_move = f"{space(client, post)}/adresse"
    client.fill(client.get(press_move), press_move, email="noa@ailleurs.example")
    for email, letter in ((NOA, "move_from"), ("noa@ailleurs.example", "move_to")):
        link = post.last(email, letter).link("changer-adresse")
        client.fill(client.get(link), link)
    assert addresses(app) == [("noa@ailleurs.example", OTHER)]


def test_another_address_is_removed_once_and_by_its_owner_only(app, client, post, clock):
    joins(client, post)
    learned(app, clock, OTHER)
    here = space(client, post)
    page = client.get(here)
    assert client.fill(page, f"{here}/autres-adresses", faire="retirer").status_code == 303
    assert addresses(app) == []
    again = client.post(f"{here}/autres-adresses", data={"adresse": OTHER, "faire": "retirer"},
                        headers={"Sec-Fetch-Site": "same-origin"})
    assert again.status_code == 404
