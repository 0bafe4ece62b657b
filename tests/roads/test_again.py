"""The same request for somebody else: the form opens filled with all but who comes and when; only its sending makes one."""

from __future__ import annotations

from cast import ANDREA, IMMERSION, NOA, confirm, send, sign_in
from pages import soup
from roads.stories import planted
from sqlalchemy import func, select

from models.base import db, transaction
from models.dossier import Dossier, Immersion
from models.states import Kind

SPACE = "/coordination/IMM-2027-0001"
LOU = {"given_name": "Lou", "family_name": "Exemple", "email": "lou@structure-b.example", "job": "Agente d’accueil"}


def walked(client, page, **last):
    """Press « Continuer » on each page, with what only the new person can say."""
    for slug, answers in (("situation", {}), ("souhaits", {}), ("rythme", IMMERSION[2][1]), ("vous", LOU), ("employeur", last)):
        page = client.fill(page, f"/immersion/{slug}", **answers)
        assert page.status_code == 200, slug
    return page


def test_an_employer_asks_the_same_for_somebody_else_and_it_is_a_request_like_any_other(app, client, post, clock):
    send(client, "/immersion", IMMERSION)
    confirm(client, post, NOA)
    post.reply(post.last("coordination@ring.example"), "accepter")
    own = post.last(ANDREA, "employer_to_agree").link("d")
    assert "Refaire pour une autre personne" in client.page(own).text
    page = client.get(f"{own}/refaire")
    assert "IMM-2027-0001" in page.text and "Noa" not in page.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Dossier)) == 1, "opening it makes nothing"
    check = walked(client, page)
    said = " ".join(soup(check).get_text(" ").split())
    assert "Andréa Direction" in said and "Structure Exemple B" in said and "Outiller le diagnostic Pix" in said
    assert "Noa" not in said and NOA not in said
    assert client.fill(check, "/immersion/verification").status_code == 303
    assert client.fill(check, "/immersion/verification").status_code == 303, "pressed twice, it is one request"
    with app.app_context():
        found = list(db.session.scalars(select(Immersion).order_by(Immersion.id)))
        assert [one.author.email for one in found] == [NOA, LOU["email"]] and found[1].state == "unconfirmed"


def test_nothing_of_the_person_nor_of_their_days_is_taken_over(app, client, post, clock):
    with app.app_context():
        number = planted(Kind.IMMERSION, "closed", clock.now).id
        with transaction():
            dossier = db.session.get(Immersion, number)
            dossier.answers = dossier.answers | {"earliest": "2027-02-02", "access_needs": "Plain-pied", "rhythm": "2 jours",
                                                 "unavailable": "mercredi", "post": "mediateur"}
    sign_in(client, post)
    page = client.get(f"{SPACE}/refaire")
    for slug in ("situation", "souhaits"):
        page = client.fill(page, f"/immersion/{slug}")
    form = soup(page)
    assert form.select_one("[name=rhythm]")["value"] == "2 jours"
    assert not any(form.select_one(f"[name={name}]").get("value") or form.select_one(f"[name={name}]").text.strip()
                   for name in ("unavailable", "access_needs", "earliest-jour", "mobility"))
