"""Several requests at once, with undo; replies written beforehand, with their preview."""

from __future__ import annotations

import pytest
from cast import COORDINATOR, DEPUTY, sign_in
from pages import soup
from roads.stories import planted
from setting import at_once, databases
from sqlalchemy import func, select

from models.base import db, transaction
from models.desk import BulkAction, ReplyTemplate
from models.dossier import Dossier
from models.states import Kind
from services.coordination import bulk
from services.errors import AlreadyDone, NotFound, Refused


def _holders(app) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Dossier.assigned_to).order_by(Dossier.id)))


@pytest.fixture
def three(app, client, post, clock) -> list[int]:
    with app.app_context():
        ids = [planted(Kind.ENTRAIDE, "submitted", clock.now).id for _ in range(3)]
    sign_in(client, post)
    return ids


def test_what_is_ticked_is_taken_and_undone(app, client, three):
    page = soup(client.get("/coordination/"))
    assert [box["value"] for box in page.select(".pick input")] == [str(number) for number in three]
    answer = client.post("/coordination/lot", data={"choix": three[:2], "faire": "prendre"})
    assert _holders(app) == [COORDINATOR, COORDINATOR, ""]
    page = client.get(answer.location.split("#")[0])
    assert "2 demandes changent de mains" in soup(page).text.replace("\u00a0", " ")
    undo = soup(page).select_one(".notice form")["action"].split("#")[0]
    assert client.post(undo).status_code == 303 and _holders(app) == ["", "", ""]
    assert client.post(undo).status_code == 409, "twice is told"


def test_what_is_given_to_a_colleague_is_told_in_one_letter_and_what_moved_on_stays(app, client, post, three, clock):
    client.post("/coordination/lot", data={"choix": three, "faire": "confier", "a": DEPUTY})
    assert _holders(app) == [DEPUTY] * 3
    assert post.last(DEPUTY, "entrusted").subject == "Alix Coordination vous confie 3\u00a0demandes".replace("\u00a0", " ")
    assert len(post.to(DEPUTY)) == 1
    with app.app_context(), transaction():
        db.session.get(Dossier, three[0]).assigned_to = COORDINATOR
    with app.app_context():
        number = db.session.scalar(select(func.max(BulkAction.id)))
        assert bulk.undo(number, app.extensions["ring"].network.coordinator(COORDINATOR), clock.now) == 2
    assert _holders(app) == [COORDINATOR, "", ""]
    told = post.last(DEPUTY, "no_longer_entrusted").text
    assert "AIDE-2027-0002" in told and "AIDE-2027-0003" in told and "AIDE-2027-0001" not in told


def test_nothing_ticked_nobody_chosen_or_somebody_elses_undo_is_refused(app, client, three, clock):
    for data in ({"faire": "prendre"}, {"choix": three, "faire": "confier"},
                 {"choix": three, "faire": "confier", "a": "x@y.example"},
                 {"choix": ["²", "x"], "faire": "prendre"}):
        assert client.post("/coordination/lot", data=data).status_code == 422, data
    assert _holders(app) == ["", "", ""]
    with app.app_context():
        network = app.extensions["ring"].network
        number = bulk.give(three, DEPUTY, network.coordinator(DEPUTY), clock.now)
        with pytest.raises(NotFound):
            bulk.undo(number, network.coordinator(COORDINATOR), clock.now)
        with pytest.raises(Refused):
            bulk.give(list(range(bulk.MOST + 1)), "", network.coordinator(COORDINATOR), clock.now)
        assert bulk.purge(clock.advance(days=2)) == 1
    assert client.post("/coordination/lot/1/annuler").status_code in (404, 303)


@databases("sqlite", "postgresql")
def test_an_undo_pressed_twice_at_once_is_done_once(context, clock):
    ids = [planted(Kind.ENTRAIDE, "submitted", clock.now).id for _ in range(3)]
    by = context.extensions["ring"].network.coordinator(COORDINATOR)
    number = bulk.give(ids, COORDINATOR, by, clock.now)
    db.session.rollback()
    given, refused = at_once(context, 4, lambda _n: bulk.undo(number, by, clock.now))
    assert given == [3] and [type(error) for error in refused] == [AlreadyDone] * 3


# ---- replies written beforehand

BODY = "Bonjour {prenom},\n\nVotre demande {reference} est bien arrivée : réponse {promesse}.\n\n{signature}"


def test_a_template_is_written_previewed_changed_and_removed(app, client, post):
    sign_in(client, post)
    new = "/coordination/modeles/nouveau"
    page = client.get(new)
    preview = client.post(new, data={"title": "Accusé", "body": BODY, "kind": "toutes", "apercu": "oui"})
    assert "Bonjour Noa," in soup(preview).select_one("#apercu").text and "{" not in soup(preview).select_one("#apercu").text
    assert soup(preview).select_one("textarea").text.strip() == BODY, "what was typed is kept"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ReplyTemplate)) == 0, "a preview keeps nothing"
    wrong = client.fill(page, new, title="Accusé", body="Bonjour {prénom}")
    assert wrong.status_code == 422 and "n’est pas un mot que le site remplace" in soup(wrong).text
    assert client.fill(page, new, title="Accusé", body=BODY).status_code == 303
    here = soup(client.get("/coordination/modeles/")).select_one(".results a")["href"]
    assert client.fill(client.get(here), here, title="Accusé de réception").status_code == 303
    assert "Accusé de réception" in soup(client.get("/coordination/modeles/")).text
    assert client.post(f"{here}/supprimer").status_code == client.post(f"{here}/supprimer").status_code == 303
    assert client.get(here).status_code == 404


def test_a_template_fills_the_message_of_a_request_and_sends_nothing_by_itself(app, client, post, clock):
    with app.app_context():
        planted(Kind.ENTRAIDE, "submitted", clock.now)
    sign_in(client, post)
    for title, kind in (("Pour tout", "toutes"), ("Pour les immersions", "immersion")):
        client.post("/coordination/modeles/nouveau", data={"title": title, "body": BODY, "kind": kind})
    page = soup(client.get("/coordination/AIDE-2027-0001"))
    offered = {link.text: link["href"] for link in page.select("a[href*=modele]") if "modele=" in link["href"]}
    assert list(offered) == ["Pour tout"]
    filled = client.get(offered["Pour tout"].split("#")[0])
    words = soup(filled).select_one("#repondre-words").text
    assert "Bonjour Noa," in words and "AIDE-2027-0001" in words and "Alix Coordination" in words and "{" not in words
    assert post.to("noa@structure-b.example") == []
    assert client.fill(filled, "/coordination/AIDE-2027-0001/repondre").status_code == 303
    assert "Votre demande AIDE-2027-0001" in post.last("noa@structure-b.example").text


def test_what_a_template_says_is_never_a_program(app, client, post, clock):
    """Braces of a format or of a template engine are words that are refused, or stay words."""
    sign_in(client, post)
    for body in ("{{ config }}", "{nom.__class__}", "{0}", "{}"):
        answer = client.post("/coordination/modeles/nouveau", data={"title": "x", "body": body, "kind": "toutes"})
        assert answer.status_code == 422, body
