"""After the signature, through the real doors: reminders, reports by page and by reply, attestations, an account published."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import jwt
import pytest
from cast import ANDREA, CLAUDE, COORDINATOR, NOA, press, sign_in
from openbadgeslib.ob3 import OB3Verifier
from roads.stories import planted, who
from setting import databases
from sqlalchemy import select

from jobs.engine import hourly, sweep
from models.access_link import Purpose
from models.attestation import Attestation
from models.base import db, transaction
from models.dossier import CLOCK, Dossier
from models.states import Kind, Role
from pdf.convention import Place, from_json, to_json
from services import delivery
from services.attestation import awarding, badges
from services.links import personal_url

TUTOR = "ariel@structure-c.example"


def at(clock, day: date, hour: int = 9) -> None:
    clock.now = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def tick(app, clock) -> None:
    """What the clock does once an hour, then once a minute."""
    with app.app_context():
        hourly(clock.now)
        sweep(clock.now)
        while delivery.deliver_due(clock.now):
            pass


def link_of(app, clock, role: str) -> str:
    """The personal page of whoever has that role."""
    with app.app_context():
        dossier = db.session.scalar(select(Dossier))
        person = who(dossier, role).id
        with transaction():
            from models.dossier import Participant
            return personal_url(Purpose.DOSSIER, db.session.get(Participant, person), clock.now).replace("http://localhost", "")


def state(app) -> str:
    with app.app_context():
        return db.session.scalar(select(Dossier.state))


@pytest.fixture
def signed(app, clock) -> str:
    with app.app_context():
        return planted(Kind.IMMERSION, "signed", clock.now).reference


def test_who_comes_is_reminded_on_the_working_day_three_days_before(app, clock, post, signed):
    at(clock, date(2027, 1, 28))
    tick(app, clock)
    assert not [letter for letter in post.all() if letter.letter.endswith("session_reminder")]
    # Three days before Tuesday 2 February is a Saturday: the Friday before.
    at(clock, date(2027, 1, 29))
    tick(app, clock)
    tick(app, clock)
    reminded = [letter for letter in post.all() if letter.letter.endswith("session_reminder")]
    assert sorted(letter.to for letter in reminded) == sorted([NOA, CLAUDE, TUTOR]), "once each"
    assert "mardi 2 février 2027" in reminded[0].text.replace("\u00a0", " ")
    at(clock, date(2027, 2, 5))
    tick(app, clock)
    assert len([letter for letter in post.all() if letter.letter.endswith("session_reminder")]) == 6


def test_the_day_and_the_attestation_follow_what_was_signed_and_not_what_was_first_answered(app, clock, post, signed):
    with app.app_context(), transaction():
        row = db.session.scalar(select(Dossier)).convention
        said = from_json(row.data)
        row.data = to_json(replace(
            said, host=replace(said.host, legal_name="Association Exemple C"),
            companion=replace(said.companion, name="Noa Fictif-Modèle", job_title="conseiller numérique"),
            tutor=replace(said.tutor, name="Lou Premier", phone="06 39 98 00 43"), meals="Repas partagé",
            places=(Place("8 rue des Oliviers", "Uzès", "Espace numérique", "Sonnez au portail bleu"),)))
    at(clock, date(2027, 1, 29))
    tick(app, clock)
    told = " ".join(post.last(NOA, "session_reminder").text.split()).replace("\u00a0", " ")
    assert "Espace numérique, 8 rue des Oliviers, Uzès" in told and "Lou Premier" in told and "06 39 98 00 43" in told
    assert "Sonnez au portail bleu" in told and "Repas partagé" in told and "Ariel" not in told
    with app.app_context():
        dossier = db.session.scalar(select(Dossier))
        with transaction():
            awarding.award(dossier, CLOCK, "", clock.now, awarding.Award((dossier.sessions[0].id,), ("Un atelier",)))
        made = db.session.scalar(select(Attestation)).data
        assert (made["companion"], made["companion_job"], made["host"], made["host_place"], made["tutor"]) == (
            "Noa Fictif-Modèle", "conseiller numérique", "Association Exemple C", "Uzès", "Lou Premier")


def test_reports_are_asked_the_day_after_then_on_the_third_and_tenth_day(app, clock, post, signed):
    at(clock, date(2027, 2, 9))
    tick(app, clock)
    assert state(app) == "signed"
    at(clock, date(2027, 2, 10))
    tick(app, clock)
    assert state(app) == "lived"
    asked = [letter for letter in post.all() if letter.letter.endswith("report_to_give")]
    assert sorted(letter.to for letter in asked) == sorted([NOA, CLAUDE, ANDREA])
    for day, count in ((11, 0), (12, 3), (15, 3), (19, 6), (26, 6)):
        at(clock, date(2027, 2, day))
        tick(app, clock)
        tick(app, clock)
        assert len([letter for letter in post.all() if letter.letter.endswith("report_reminder")]) == count, day
    assert "dernier rappel" in post.last(ANDREA, "report_reminder").text
    at(clock, date(2027, 3, 15))
    tick(app, clock)
    assert state(app) == "closed"


def _lived(app, clock) -> None:
    at(clock, date(2027, 2, 10))
    tick(app, clock)


@databases("sqlite", "postgresql")
def test_three_reports_then_attestations_badges_and_an_account_published(app, client, clock, post, signed):
    _lived(app, clock)
    # The companion answers on the page, and wishes it published with their name.
    path = post.last(NOA, "report_to_give").link("d")
    press(client, path, held="oui", seen="Deux ateliers Pix", kept="Prendre le temps de regarder", publish="named")
    assert "Deux ateliers" in post.last(COORDINATOR, "report_given").text
    assert "Prendre le temps" in post.last(CLAUDE, "account_to_agree").text
    # The host answers by numbers, in a plain reply.
    post.reply(post.last(CLAUDE, "report_to_give"), "Bonjour,\n\n1. oui\n2. Atelier Pix en groupe\nPermanence du mardi\n"
                                                    "4. Peut-être\n5. Bravo Noa\n\nCordialement,\nClaude Accueil")
    said = post.last(NOA, "report_about_you").text
    assert "Permanence du mardi" in said and "Bravo Noa" in said and "Cordialement" not in said
    # The employer's prepared lines.
    post.reply(post.last(ANDREA, "report_to_give"), "mon retour\n\nUtile : oui\n"
                                                    "Aidé ou gêné (facultatif) : la convention était claire\nRecommencer : oui")
    assert "la convention était claire" in post.last(NOA, "report_about_you").text
    # Both say it went as planned: attestations are made by the job, sealed, with their badge.
    tick(app, clock)
    letter = post.last(NOA, "attestation_ready")
    assert [(name, kind) for name, kind, _ in letter.files] == [
        (f"attestation-{signed}.pdf", "application/pdf"), (f"badge-{signed}.png", "image/png")]
    assert post.last(CLAUDE, "attestation_ready").files[0][2].startswith(b"%PDF")
    token = OB3Verifier.extract_token_from_png(letter.files[1][2])
    header = jwt.get_unverified_header(token)
    said = jwt.decode(token, jwt.PyJWK({**header["jwk"], "alg": "RS256"}), algorithms=["RS256"], options={"verify_nbf": False})
    assert said["credentialSubject"]["narrative"].startswith("2 jours, soit 7\u00a0h, chez Structure Exemple C")
    # What it names answers: the key, the issuer, the badge, the list of those revoked.
    key = client.get(header["kid"].replace("http://localhost", "")).json
    assert key["n"] == header["jwk"]["n"]
    assert client.get(said["iss"].replace("http://localhost", "")).json["id"] == said["iss"]
    assert "Ce badge est valable" in client.page(said["id"].replace("http://localhost", "")).text
    # The two others agree by reply, the coordination publishes.
    post.reply(post.last(CLAUDE, "account_to_agree"), "Oui")
    post.reply(post.last(ANDREA, "account_to_agree"), "oui")
    press(client, post.last(COORDINATOR, "account_agreed").link("d"))
    page = post.last(NOA, "account_published").link("recits")
    assert "Prendre le temps de regarder" in client.page(page).text and "Noa Fictif" in client.page("/recits").text
    # The author changes their mind.
    press(client, f"{post.last(NOA, 'account_published').link('d')}/depublier")
    assert client.get(page).status_code == 404


def test_what_somebody_says_is_read_by_whom_it_is_about_and_by_nobody_else(app, client, clock, post, signed):
    _lived(app, clock)
    press(client, post.last(NOA, "report_to_give").link("d"), held="oui", seen="VU-ET-FAIT", kept="RETENU", better="A-AMELIORER",
          publish="no")
    press(client, post.last(CLAUDE, "report_to_give").link("d"), held="en partie", shown="MONTRE", again="oui")
    press(client, post.last(ANDREA, "report_to_give").link("d"), useful="oui", changed="CHANGE", again="oui")
    pages = {role: client.page(link_of(app, clock, role)).text for role in ("author", "host", "employer", "coordinator")}
    for word, readers in (("VU-ET-FAIT", {"author", "coordinator"}), ("A-AMELIORER", {"author", "coordinator"}),
                          ("MONTRE", {"author", "host", "coordinator"}), ("CHANGE", {"author", "employer", "coordinator"})):
        assert {role for role, text in pages.items() if word in text} == readers, word
    told = [letter.text for letter in post.to(COORDINATOR) if letter.letter.endswith("report_given")]
    assert ["ne s’est pas passée" in " ".join(text.split()) for text in told] == [False, True, False]
    tick(app, clock)
    assert not [letter for letter in post.all() if letter.letter.endswith("attestation_ready")], "the host says: in part"


def test_a_report_that_lacks_something_is_kept_and_what_lacks_is_said(app, clock, post, signed):
    _lived(app, clock)
    post.reply(post.last(NOA, "report_to_give"), "mon retour\n\nComme prévu : oui\nVu et fait : Des ateliers")
    letter = post.last(NOA, "report_to_complete")
    assert "Retenu" in letter.text and "Vu et fait\u00a0: Des ateliers" in letter.text
    assert "Des ateliers" in post.last(COORDINATOR, "message_relayed").text
    post.reply(letter, "mon retour\n\nComme prévu : oui\nVu et fait : Des ateliers\nRetenu : Le temps\nPublier : non")
    assert "Le temps" in post.last(COORDINATOR, "report_given").text


def test_the_coordination_fills_in_a_report_told_on_the_phone(app, client, clock, post, signed):
    _lived(app, clock)
    sign_in(client, post)
    base = f"/coordination/{signed}"
    assert "Regard de l’accueil" in client.page(f"{base}/bilan").text
    page = client.get(f"{base}/bilan?voix=host")
    response = client.fill(page, f"{base}/bilan", held="oui", shown="Un atelier", again="oui")
    assert response.status_code == 303
    assert "Un atelier" in post.last(NOA, "report_about_you").text
    assert "Alix Coordination a noté un retour" in client.page(base).text


def test_opening_a_report_changes_nothing_and_a_wrong_one_is_kept(app, client, clock, post, signed):
    _lived(app, clock)
    path = post.last(NOA, "report_to_give").link("d")
    client.get(path)
    response = client.fill(client.get(path), path, held="oui", seen="Mes mots")
    assert response.status_code == 422 and "Mes mots" in response.text
    assert not [letter for letter in post.all() if letter.letter.endswith("report_given")]


def test_attestations_are_decided_by_hand_taken_back_and_told_to_who_verifies(app, client, clock, post, signed):
    _lived(app, clock)
    sign_in(client, post)
    base = f"/coordination/{signed}"
    press(client, f"{base}/attester", activities="Atelier Pix\nPermanence")
    tick(app, clock)
    tick(app, clock)
    ready = [letter for letter in post.all() if letter.letter.endswith("attestation_ready")]
    assert sorted(letter.to for letter in ready) == sorted([NOA, CLAUDE]), "once each"
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", ready[0].text)[0]
    checked = client.page(f"/verifier/{code}").text
    assert "Attestation valable" in checked and "Noa" not in checked
    mine = link_of(app, clock, "author")
    page = client.page(mine)
    files = [link["href"] for link in page.select("a[href*=attestation]") if link["href"].startswith("/d/")]
    assert [client.get(path).status_code for path in files] == [200, 200, 200]
    others = [path.replace(mine, link_of(app, clock, "employer")) for path in files]
    assert [client.get(path).status_code for path in others] == [404, 404, 404]
    assert "attestation-IMM" not in page.text, "nobody finds the other's among their own files"
    response = client.fill(client.get(f"{base}/retirer-attestation"), base, words="Erreur de dates")
    assert response.status_code == 303
    assert "Erreur de dates" in post.last(NOA, "attestation_revoked").text
    token = OB3Verifier.extract_token_from_png(ready[0].files[1][2])
    said = jwt.decode(token, options={"verify_signature": False})
    assert "Ce badge a été retiré" in client.page(said["id"].replace("http://localhost", "")).text
    assert client.get(files[0]).status_code == 404
    assert "Attestation retirée" in client.page(f"/verifier/{code}").text
    with client.post("/verifier", data={"fichier": (io.BytesIO(ready[0].files[0][2]), "attestation.pdf")}) as answer:
        assert "a été retirée" in answer.text, "authentic, and no longer valid"
    with app.app_context():
        listed = jwt.decode(client.get("/badges/liste").text, badges.key().private.public_key(), algorithms=["RS256"],
                            options={"verify_nbf": False})
        places = {row.id for row in db.session.scalars(select(Attestation))}
    assert _set_bits(listed["credentialSubject"]["encodedList"]) == places


def _set_bits(encoded: str) -> set[int]:
    import gzip
    from base64 import urlsafe_b64decode
    bits = gzip.decompress(urlsafe_b64decode(encoded[1:] + "=="))
    return {index * 8 + bit for index, byte in enumerate(bits) if byte for bit in range(8) if byte & 0x80 >> bit}


def test_a_job_that_fails_tries_again_and_nothing_is_sent_twice(app, clock, post, signed, monkeypatch):
    from services.attestation import awarding, making
    _lived(app, clock)
    with app.app_context():
        dossier = db.session.scalar(select(Dossier))
        with transaction():
            dossier = db.session.get(Dossier, dossier.id)
            from models.dossier import CLOCK
            awarding.award(dossier, CLOCK, "", clock.now, awarding.Award(tuple(s.id for s in dossier.sessions), ("Atelier",)))

        def broken(*_args):
            raise OSError("disk full")
        with monkeypatch.context() as patch:
            patch.setattr(making, "seal_document", broken)
            assert making.make_due(clock.now) == 0
        assert {row.attempts for row in db.session.scalars(select(Attestation))} == {1}
        assert making.make_due(clock.now) == 0, "not at once"
        clock.advance(minutes=3)
        assert making.make_due(clock.now) == 2
        assert making.make_due(clock.now) == 0


def test_badges_say_nothing_of_people_to_passers_by(client):
    assert "Ce qu’il faut pour le recevoir" in client.page("/badges/immersion").text
    assert client.get("/badges/accueil.json").json["criteria"]["id"].endswith("/badges/accueil")
    assert client.get("/badges/immersion.png").data.startswith(b"\x89PNG")
    assert client.get("/badges/00000000-0000-0000-0000-000000000000").status_code == 404
    assert client.get("/badges/cles/inconnue").status_code == 404
    assert "Pas encore de récit" in client.page("/recits").text


def test_the_tutor_reads_no_report(app, client, clock, post, signed):
    _lived(app, clock)
    press(client, post.last(CLAUDE, "report_to_give").link("d"), held="oui", shown="MONTRE", again="oui")
    assert "MONTRE" not in client.page(link_of(app, clock, Role.TUTOR.value)).text


def test_the_coordination_closes_what_is_over_and_who_said_stop_is_asked_nothing(app, client, clock, post, signed):
    press(client, f"{link_of(app, clock, 'employer')}/stop")
    _lived(app, clock)
    assert {letter.to for letter in post.all() if letter.letter.endswith("report_to_give")} == {NOA, CLAUDE}
    sign_in(client, post)
    press(client, f"/coordination/{signed}/clore", words="Merci à tous.")
    assert state(app) == "closed" and "Merci à tous" in post.last(NOA, "immersion_closed").text
    press(client, f"/coordination/{signed}/rouvrir")
    assert state(app) == "lived", "closed by mistake: its reports go on"


def test_what_did_not_take_place_is_closed_a_month_later(app, client, clock, post, signed):
    press(client, f"{link_of(app, clock, 'author')}/arreter", last="aucun", cause="common", words="Autre projet")
    at(clock, date(2027, 2, 1))
    tick(app, clock)
    assert state(app) == "not_held"
    at(clock, date(2027, 3, 15))
    tick(app, clock)
    assert state(app) == "closed"
