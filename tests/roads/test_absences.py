"""A coordinator says by mail, or on the page, that they are away: new requests go to the deputy until they are back."""

from __future__ import annotations

from datetime import date

from cast import AIDE, confirm, send, sign_in
from roads.correspondents import COORDINATOR, DEPUTY, NOA, undo_offered, with_network
from setting import databases
from sqlalchemy import select

from models.address import CoordinatorAbsence
from models.base import db


@databases("sqlite", "postgresql")
def test_an_absence_said_by_mail_sends_new_requests_to_the_deputy(app, client, post, clock, help_asked):
    help_asked.says(COORDINATOR, "je prends")
    help_asked.says(COORDINATOR, "Je m’absente jusqu’au 22 janvier", "request_to_coordinator")
    done = help_asked.told(COORDINATOR, "command_done")
    assert "jusqu’au vendredi 22 janvier 2027 compris" in done and "vont à Charlie Suppléance" in done
    assert undo_offered(help_asked) == "je suis de retour"
    away = help_asked.told(DEPUTY, "colleague_away")
    assert "Alix Coordination s’absente jusqu’au vendredi 22 janvier 2027 compris" in away and "AIDE-2027-0001" in away
    assert help_asked.count(DEPUTY, "colleague_away") == 1
    sign_in(client, post)
    assert "en absence" in client.page("/coordination/").text
    assert "en absence jusqu’au vendredi 22 janvier" in client.page("/coordination/AIDE-2027-0001").text.replace("\u00a0", " ")
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    assert help_asked.count(DEPUTY, "request_to_coordinator") == 1
    clock.advance(days=12)  # 23 January
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    assert [help_asked.count(address, "request_to_coordinator") for address in (DEPUTY, COORDINATOR)] == [1, 2]


def test_who_comes_back_early_receives_again(app, client, post, help_asked):
    help_asked.says(COORDINATOR, "je m’absente jusqu’au 22/01")
    help_asked.clock.advance(days=2)
    help_asked.says(COORDINATOR, "Je suis de retour", "command_done")
    assert "Bon retour" in help_asked.told(COORDINATOR, "command_done")
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    assert help_asked.count(DEPUTY, "request_to_coordinator") == 0
    with app.app_context():
        assert [(row.first_on, row.last_on) for row in db.session.scalars(select(CoordinatorAbsence))] == [
            (date(2027, 1, 11), date(2027, 1, 12))], "what was true before stays written"
    help_asked.says(COORDINATOR, "je suis de retour", "command_done")
    assert "Aucune absence n’était annoncée" in help_asked.told(COORDINATOR, "command_refused")


def test_words_in_an_exchange_whose_coordinators_are_all_away_reach_the_deputy_too(help_asked):
    help_asked.says(COORDINATOR, "je m’absente jusqu’au 22 janvier")
    help_asked.says(NOA, "Avez-vous une réponse ?")
    assert "Avez-vous une réponse" in help_asked.told(DEPUTY, "message_relayed")
    assert "Avez-vous une réponse" in help_asked.told(COORDINATOR, "message_relayed")
    assert "routed_to_deputy" in help_asked.journal
    help_asked.says(DEPUTY, "Oui, la voici.", "message_relayed")
    assert "la voici" in help_asked.told(NOA, "message_relayed")


def test_an_absence_to_come_begins_on_its_day(app, client, post, help_asked):
    help_asked.says(COORDINATOR, "je m’absente du 18 au 22 janvier 2027")
    assert "du lundi 18 janvier 2027 au vendredi 22 janvier 2027 compris" in help_asked.told(COORDINATOR, "command_done")
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    assert help_asked.count(DEPUTY, "request_to_coordinator") == 0
    help_asked.clock.advance(days=7)
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    assert help_asked.count(DEPUTY, "request_to_coordinator") == 1


def test_another_absence_takes_the_place_of_the_one_before(app, help_asked):
    help_asked.says(COORDINATOR, "je m’absente jusqu’au 22 janvier")
    help_asked.says(COORDINATOR, "je m’absente jusqu’au 15 janvier", "command_done")
    with app.app_context():
        assert [row.last_on for row in db.session.scalars(select(CoordinatorAbsence))] == [date(2027, 1, 15)]


def test_when_nobody_can_stand_in_it_is_said(app, help_asked):
    with_network(app, without=DEPUTY)
    help_asked.says(COORDINATOR, "je m’absente jusqu’au 22 janvier")
    assert "Personne ne peut vous remplacer" in help_asked.told(COORDINATOR, "command_done")


def test_an_absence_is_said_on_the_page_too(client, post, help_asked):
    sign_in(client, post)
    here = "/coordination/absence"
    assert client.fill(client.get(here), here).status_code == 422
    past = client.fill(client.get(here), here, **{"last-jour": "10", "last-mois": "1", "last-annee": "2027"})
    assert past.status_code == 422
    done = client.fill(client.get(here), here, **{"last-jour": "22", "last-mois": "janvier", "last-annee": "2027"})
    assert done.status_code == 303
    assert "jusqu’au vendredi 22 janvier 2027 compris" in client.page(here).text.replace("\u00a0", " ")
    assert help_asked.count(DEPUTY, "colleague_away") == 1
    assert client.fill(client.get(here), f"{here}/retour").status_code == 303
    assert "Votre absence est notée" not in client.page(here).text
