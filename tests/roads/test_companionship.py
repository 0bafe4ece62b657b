"""The reference story whole, from the request to the attestation and the next exchange, through its doors (scenario S07)."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, date, datetime, timedelta

import pikepdf
import pytest
from cast import ANDREA, CLAUDE, COORDINATOR, HOSTING, IMMERSION, NOA, STRUCTURE, confirm, press, send, sign_in
from icalendar import Calendar
from roads.signers import Signing
from roads.test_lived import at, tick
from setting import databases
from sqlalchemy import select

from models.base import db
from models.dossier import Immersion
from services.immersion import parcours

THREE = (NOA, ANDREA, CLAUDE)
DOSSIER = "/coordination/IMM-2027-0001"
#: Added by the loan of labour, the other frame of the scenario (field.md 4.1).
LOAN = {"frame": "pret_main_oeuvre", "pret_main_oeuvre__qualification": "Médiateur numérique",
        "pret_main_oeuvre__cost_method": "Salaires, charges et frais réels, sans marge",
        "pret_main_oeuvre__entrusted_work": "Animer deux ateliers avec l’équipe",
        "pret_main_oeuvre__post_features": "Aucune", "pret_main_oeuvre__cse_note": "Pas de CSE dans les deux structures"}


def drawn_up(app, client, post, clock, **answers: str) -> None:
    """From the host that joins to the convention in review, each through its own door."""
    send(client, "/rejoindre/structure", STRUCTURE)
    confirm(client, post, CLAUDE)
    post.reply(post.last(COORDINATOR), "/accepter")
    send(client, "/immersion", IMMERSION)
    confirm(client, post, NOA)
    post.reply(post.last(COORDINATOR), "accepter")
    post.reply(post.last(ANDREA), "Oui")
    post.reply(post.last(COORDINATOR, "employer_agreed"), "proposer Structure Exemple C")
    press(client, f"{post.last(CLAUDE, 'host_to_agree').link('d')}/accueillir", **HOSTING)
    sign_in(client, post)
    page = client.get(f"{DOSSIER}/rediger")
    given = {"travel_payer": "la structure employeuse", "travel_detail": "94 km aller et retour",
             "meal_payer": "la structure d’accueil"} | answers
    response = client.post(f"{DOSSIER}/rediger", data=_filled(page, given))
    assert response.status_code == 303, response.text
    press(client, f"{DOSSIER}/relecture")


def _filled(page, given: dict[str, str]):
    from pages import form_values, soup
    from werkzeug.datastructures import MultiDict
    form = next(found for found in soup(page).find_all("form") if "/rediger" in found["action"])
    data = MultiDict(form_values(form))
    for name, value in given.items():
        data.setlist(name, [value])
    return data


def signed_by_three(app, client, post, clock) -> Signing:
    """Signed by link: the employer on the 13th, the host on the 14th, the companion on the 15th."""
    press(client, f"{DOSSIER}/signature")
    story = Signing(app, client, post, clock)
    for day, address in ((13, ANDREA), (14, CLAUDE), (15, NOA)):
        at(clock, date(2027, 1, day))
        answer = story.sign(address)
        assert answer.status_code == 303, answer.text
    tick(app, clock)
    return story


def events(letter) -> list[datetime]:
    """The starts of the appointments joined to a letter, in UTC."""
    files = [content for _, kind, content in letter.files if kind.startswith("text/calendar")]
    return sorted(event["dtstart"].dt.astimezone(UTC) for each in files for event in Calendar.from_ical(each).walk("VEVENT"))


@databases("sqlite", "postgresql")
def test_from_the_request_to_the_attestation_and_the_next_exchange(app, client, clock, post):
    drawn_up(app, client, post, clock)
    text = client.page(f"{DOSSIER}/convention").text.replace("\u00a0", " ")
    for said in ("2 jours", "14 h", "94 km aller et retour", "faire avec", "mardi 2 février 2027", "mardi 9 février 2027"):
        assert said in text, said
    signed_by_three(app, client, post, clock)
    sealed = {address: post.last(address, "convention_sealed") for address in THREE}
    assert len({hashlib.sha256(letter.files[0][2]).hexdigest() for letter in sealed.values()}) == 1, "the same to all"
    assert events(sealed[NOA]) == [datetime(2027, 2, day, 8, tzinfo=UTC) for day in (2, 9)]

    # The clock, hour after hour, in the days that follow.
    seen: dict[str, list[str]] = {}
    day = date(2027, 1, 16)
    while day <= date(2027, 2, 10):
        at(clock, day)
        before = len(post.all())
        tick(app, clock)
        for letter in post.all()[before:]:
            seen.setdefault(letter.letter.partition("/")[2], []).append(f"{day:%m-%d} {letter.to}")
        day += timedelta(days=1)
    # Three days before is a Saturday, when no reminder leaves: the working day before it.
    assert sorted(seen["session_reminder"]) == sorted([f"{on} {who}" for on in ("01-29", "02-05") for who in (NOA, CLAUDE)])
    assert sorted(seen["report_to_give"]) == sorted(f"02-10 {who}" for who in THREE)
    at(clock, date(2027, 2, 12))
    tick(app, clock)
    assert {letter.to for letter in post.all() if letter.letter.endswith("report_reminder")} == set(THREE)

    press(client, post.last(NOA, "report_to_give").link("d"), held="oui", seen="Deux ateliers collectifs",
          kept="La posture « faire avec »", publish="nameless")
    post.reply(post.last(CLAUDE, "report_reminder"), "1. oui\n2. Ateliers collectifs\nDiagnostic Pix\n4. oui")
    at(clock, date(2027, 2, 19))
    tick(app, clock)
    assert [letter.to for letter in post.all() if letter.letter.endswith("report_reminder")][3:] == [ANDREA]
    post.reply(post.last(ANDREA, "report_reminder"), "mon retour\nUtile : oui\nRecommencer : oui")

    tick(app, clock)
    attestation = post.last(NOA, "attestation_ready").files[0][2]
    with pikepdf.open(io.BytesIO(attestation)) as pdf:
        data = pdf.Root.AF[0].EF.F.read_bytes().decode()
    assert '"minutes":840' in data.replace(" ", "") and "Diagnostic Pix" in data
    assert post.last(CLAUDE, "attestation_ready")

    sign_in(client, post)
    press(client, f"{DOSSIER}/echange", **{"on-jour": "11", "on-mois": "3", "on-annee": "2027", "starts": "14h", "ends": "15h"})
    assert all(events(post.last(address, "exchange_planned")) == [datetime(2027, 3, 11, 13, tzinfo=UTC)] for address in THREE)
    with app.app_context():
        (stage,) = parcours.stages(db.session.scalar(select(Immersion)))
        assert (stage.days, stage.minutes) == (2, 14 * 60)
    for letter in post.all():
        others = set(THREE) - {letter.to}
        if not letter.letter.startswith("accueil/"):
            assert not any(address in letter.text + letter.html for address in others), (letter.to, letter.letter)


def test_the_same_story_as_a_loan_of_labour_asks_for_what_the_law_wants(app, client, clock, post):
    drawn_up(app, client, post, clock, **LOAN)
    text = client.page(f"{DOSSIER}/convention").text.replace("\u00a0", " ")
    for said in ("L. 8241-2", "Salaires, charges et frais réels, sans marge", "Animer deux ateliers avec l’équipe", "CSE"):
        assert said in text, said
    signed_by_three(app, client, post, clock)
    assert post.last(ANDREA, "convention_sealed")


@pytest.mark.parametrize("missing", ["pret_main_oeuvre__cost_method", "pret_main_oeuvre__entrusted_work"])
def test_a_loan_that_lacks_what_the_law_wants_does_not_leave(app, client, clock, post, missing):
    with pytest.raises(AssertionError):
        drawn_up(app, client, post, clock, **{**LOAN, missing: ""})
    assert not [letter for letter in post.all() if letter.letter.endswith("convention_to_review")]
