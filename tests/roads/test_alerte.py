"""Stories S05 and N04 of the acceptance scenarios, through the doors: an alert written, read, answered, closed, erased."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from alerte_people import COLLEAGUE, EMPLOYER, OUTSIDE, REFERENT, SACHA, back, code_of, enrol, enter, errors, read, write
from cast import COORDINATOR
from setting import databases
from sqlalchemy import func, select

from jobs.engine import hourly
from models.alerte import Alerte, AlerteCount, AlerteMessage
from models.base import db
from models.journal import JournalEntry
from models.outbox import OutboxMessage
from services.alerte import watch


@pytest.fixture
def three_keys(client, post):
    for email in (REFERENT, COLLEAGUE, OUTSIDE):
        enrol(client, post, email)


@databases("sqlite", "postgresql")
def test_a_confidential_alert_from_the_first_word_to_the_last(app, client, post, clock, three_keys):
    before = len(post.all())
    code = write(client)
    told = post.all()[before:]
    assert [letter.to for letter in told] == [REFERENT, SACHA]
    assert re.fullmatch(r"Un message vous attend \(réf\. \w+ \w+\)", told[0].subject)
    assert told[1].subject == "Votre message est bien arrivé"
    for letter in told:
        whole = letter.raw.decode("utf-8", "replace").lower() + letter.text.lower() + letter.html.lower()
        never = ("alert", "zibeline", "sacha modèle", "surcharge", "limites", code)
        assert not [word for word in never if word in whole]

    page = enter(client, post)
    assert "À lire" in page.text and "zibeline" not in page.text
    unopened = client.get("/referents/messages/1")
    assert "zibeline" not in unopened.text, "opening is a press"
    page = read(client)
    for said in ("zibeline", "Sacha Modèle", "06 39 98 00 05", "Le soir", "Surcharge", "Limites difficiles"):
        assert said in page.text
    client.fill(page, "/referents/messages/1/repondre", words="Je vous rappelle ce soir, amarante.")
    assert post.last(SACHA).subject == "Vous avez quelque chose à lire"

    page = back(client, code)
    assert "amarante" in page.text and "Dany Référence" in page.text and "Qui a ouvert cet échange" in page.text
    page = client.fill(page, "/suite/repondre", words="Merci, ocre.")
    assert page.status_code == 200 and "ocre" in page.text
    page = read(client)
    assert "ocre" in page.text
    client.fill(page, "/referents/messages/1/repondre", words="À bientôt.", clore="oui")

    with app.app_context():
        assert db.session.scalar(select(Alerte.state)) == "closed"
        clock.advance(days=59)
        hourly(clock.now)
        assert db.session.scalar(select(func.count()).select_from(AlerteMessage)) == 4
        clock.advance(days=1)
        hourly(clock.now)
        assert db.session.scalar(select(func.count()).select_from(Alerte)) == 0
        assert db.session.scalar(select(func.count()).select_from(AlerteMessage)) == 0
        assert db.session.execute(select(AlerteCount.year, AlerteCount.received)).all() == [(2027, 1)]
        assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 0
        assert db.session.scalar(select(func.count()).select_from(JournalEntry)) == 0
    everybody = {letter.to for letter in post.all()}
    assert COORDINATOR not in everybody
    assert not [to for to in everybody if to.endswith(EMPLOYER) and to != COLLEAGUE]
    assert "1 message" not in client.get("/alerte").text, "a number under five is not shown"


def test_a_referent_is_reminded_after_one_working_day_and_not_before(app, client, post, clock):
    enrol(client, post)
    clock.now = datetime(2027, 1, 15, 15, 0, tzinfo=UTC)  # vendredi, 16 h
    write(client)
    reminders = []
    for _hour in range(24 * 6):
        clock.advance(hours=1)
        with app.app_context():
            hourly(clock.now)
        found = [letter for letter in post.to(REFERENT) if letter.letter.endswith("_reminder")]
        reminders += [clock.now] * (len(found) - len(reminders))
    assert [(at.day, at.hour) for at in reminders] == [(19, 7), (20, 7), (21, 7)]
    assert post.last(REFERENT).subject == "Un message vous attend toujours"
    enter(client, post)
    read(client)
    with app.app_context():
        clock.advance(days=3)
        assert watch.remind(clock.now) == 0


def test_the_alert_names_a_referent_and_is_erased_the_next_day(app, client, post, clock, three_keys):
    check = client.fill(client.get("/alerte/ecrire"), "/alerte/ecrire", role="mediation", difficulties=["limites_relationnelles"],
                        words="Un référent m’a mise sous pression. Diagnostic : vermillon. Je crains le pire.",
                        avoided_words=COLLEAGUE, employer="structure exemple a")
    assert "Dany Référence" in check.text and "Ne liront pas" in check.text
    assert "Eden Référence (vous l’avez demandé)" in check.text
    assert "3114" in check.text and "112" in check.text
    code = code_of(client.fill(check, "/alerte/envoyer"))
    enter(client, post)
    read(client)
    clock.advance(days=1)
    page = client.fill(back(client, code), "/suite/effacer")
    assert page.status_code == 422 and errors(page)
    page = client.fill(back(client, code), "/suite/effacer", sure="oui")
    assert "Tout est effacé" in page.text
    page = back(client, code)
    assert "supprimé le" in page.text and "2027-01-12" in page.text and "vermillon" not in page.text
    enter(client, post)
    page = client.get("/referents/messages/1")
    assert "Supprimé le" in page.text
    with app.app_context():
        row = db.session.scalar(select(Alerte))
        assert row.state == "erased" and not row.messages and not row.readings
        clock.advance(days=60)
        hourly(clock.now)
        assert db.session.scalar(select(func.count()).select_from(Alerte)) == 0


def test_nobody_left_inside_leads_to_the_outside_contact_and_nobody_at_all_sends_nothing(app, client, post):
    enrol(client, post, COLLEAGUE)
    check = client.fill(client.get("/alerte/ecrire"), "/alerte/ecrire", role="mediation", words="Seule.",
                        employer="Structure Exemple A")
    assert "Personne ne peut lire ce message" in check.text
    assert "/alerte/envoyer" in check.text and "Envoyer<" not in check.text
    enrol(client, post, OUTSIDE)
    check = client.fill(client.get("/alerte/ecrire"), "/alerte/ecrire", role="mediation", words="Seule.",
                        employer="Structure Exemple A")
    assert "Frédérique Extérieur" in check.text
    client.fill(check, "/alerte/envoyer")
    assert post.last(OUTSIDE).letter == "alerte/something_waits"
    assert [letter.letter for letter in post.to(COLLEAGUE)] == ["alerte/key_to_make", "alerte/key_made"]
