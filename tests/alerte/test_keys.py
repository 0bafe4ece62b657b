"""Who can open what with the whole database before them; and the procedures of the guide: a passphrase lost, a referent who
leaves, a key that is dead."""

from __future__ import annotations

import json
import re

import pytest
from alerte_people import COLLEAGUE, OUTSIDE, PHRASE, REFERENT, S05, back, code_of, enrol, enter, errors, read, write
from house.tree import ROOT
from nacl.bindings import sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from nacl.secret import SecretBox
from setting import at_once, databases
from sqlalchemy import func, select

from commands import alert, check
from models.alerte import Alerte, AlerteAccess, AlerteKey, AlerteMessage
from models.base import db, transaction
from models.instance import instance
from services.alerte import sealed, writing
from services.alerte.codes import read as read_code
from services.errors import Refused

OTHER_PHRASE = "garrigue lanterne moulin coquille sirop balcon"


def opened_with(app, *secrets: bytes) -> list[str]:
    """Every text that these keys open in the whole database, each key they give tried on all the rest in turn."""
    with app.app_context():
        db.session.rollback()
        boxes = {value for table in db.metadata.sorted_tables for row in db.session.execute(select(table)).all()
                 for value in row if isinstance(value, bytes) and len(value) >= 48}
    keys, tried, said = set(secrets), set(), []
    while keys - tried:
        key = (keys - tried).pop()
        tried.add(key)
        for box in boxes:
            for way in (SealedBox(PrivateKey(key)), SecretBox(key)):
                try:
                    plain = way.decrypt(box)
                except (CryptoError, ValueError):
                    continue
                if len(plain) == 32:
                    keys.add(plain)
                else:
                    said.append(_read(plain))
    return said


def _read(plain: bytes) -> str:
    try:
        return json.dumps(json.loads(sodium_unpad(plain, sealed.BLOCK)), ensure_ascii=False)
    except (ValueError, CryptoError):
        return plain.decode("utf-8", "replace")


def key_on(sheet: list[str]) -> bytes:
    private = sealed.read_recovery(" ".join(sheet))
    assert private
    return private


@databases("sqlite", "postgresql")
def test_with_the_whole_database_only_readers_and_the_author_open_an_alert(app, client, post):
    sheets = {email: enrol(client, post, email) for email in (REFERENT, COLLEAGUE, OUTSIDE)}
    code = write(client)
    enter(client, post)
    client.fill(read(client), "/referents/messages/1/repondre", words="Amarante.")
    with app.app_context():
        secret = instance().settings.SECRET_KEY
    servers = [sealed.letter_key(secret), sealed._branch(secret.encode()[:32].ljust(32), b"notice")]

    def alerts(*keys: bytes) -> list[str]:
        return [text for text in opened_with(app, *keys, *servers) if "zibeline" in text or "Amarante" in text]
    assert alerts() == [], "the server's own secrets"
    for kept_away in (COLLEAGUE, OUTSIDE):
        assert alerts(key_on(sheets[kept_away])) == [], kept_away
    assert len(alerts(key_on(sheets[REFERENT]))) == 2
    assert len(alerts(sealed.author_keys(read_code(code)).pair.private)) == 2


def test_after_an_erasure_the_reader_s_own_key_opens_nothing(app, client, post):
    sheet = enrol(client, post)
    code = write(client)
    assert any("zibeline" in text for text in opened_with(app, key_on(sheet)))
    client.fill(back(client, code), "/suite/effacer", sure="oui")
    assert opened_with(app, key_on(sheet), sealed.author_keys(read_code(code)).pair.private) == []


def test_the_passphrase_wanted_is_long_and_says_nothing_of_the_person(app, client, post):
    client.fill(client.get("/referents"), "/referents", email=REFERENT)
    path = post.last(REFERENT).link("r/")
    page = client.get(path)
    proposed = re.search(r'name="phrase" value="([a-z ]+)"', page.text)[1]
    assert len(proposed.split()) == 6
    for weak in ("court", "dany référence dany référence", "aaaaaaaaaaaaaaaaaaaaaaaaa", "121212121212121212"):
        answer = client.fill(page, path, phrase=weak, again=weak, alone="oui")
        assert answer.status_code == 422 and errors(answer), weak
    answer = client.fill(page, path, again="autre chose encore ici", alone="oui")
    assert "ne sont pas les mêmes" in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AlerteKey)) == 0


def test_a_phone_that_puts_capitals_and_spaces_locks_nobody_out(client, post):
    enrol(client, post)
    assert enter(client, post, phrase=f"  {PHRASE.capitalize()}  ").status_code == 200


def test_a_key_is_made_once_however_often_the_button_is_pressed(app, client, post):
    client.fill(client.get("/referents"), "/referents", email=REFERENT)
    path = post.last(REFERENT).link("r/")
    page = client.get(path)
    answers = {"phrase": PHRASE, "again": PHRASE, "alone": "oui"}
    assert client.fill(page, path, **answers).status_code == 200
    second = client.post(path, data=answers)
    assert (second.status_code, second.headers.get("Location")) == (303, "/referents/messages"), "the key is made: it opens"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AlerteKey)) == 1


def test_passphrases_cannot_be_tried_without_end(client, post):
    enrol(client, post)
    client.fill(client.get("/referents"), "/referents", email=REFERENT)
    path = post.last(REFERENT).link("r/")
    for _ in range(10):
        assert "n’ouvre pas votre clé" in client.fill(client.get(path), path, phrase="perdu perdu perdu").text
    page = client.fill(client.get(path), path, phrase=PHRASE)
    assert page.status_code == 422 and "Trop d’essais" in page.text


def test_a_key_put_in_the_place_of_a_referent_s_is_seen_at_the_next_reading(app, client, post):
    enrol(client, post)
    with app.app_context(), transaction():
        db.session.scalar(select(AlerteKey)).public_key = sealed.new_pair().public
    client.fill(client.get("/referents"), "/referents", email=REFERENT)
    path = post.last(REFERENT).link("r/")
    page = client.fill(client.get(path), path, phrase=PHRASE)
    assert page.status_code == 422 and "quelqu’un l’a changée" in page.text


def test_a_lost_passphrase_is_replaced_with_the_sheet_and_all_stays_readable(client, post):
    sheet = enrol(client, post)
    write(client)
    client.fill(client.get("/referents"), "/referents", email=REFERENT)
    path = post.last(REFERENT).link("r/") + "/secours"
    noted = "-".join(sheet).upper()
    wrong = client.fill(client.get(path), path, sheet=noted[:-1] + ("A" if noted[-1] != "A" else "B"), phrase=OTHER_PHRASE)
    assert wrong.status_code == 422 and "faute de frappe" in wrong.text
    assert client.fill(client.get(path), path, sheet=noted, phrase=OTHER_PHRASE).status_code == 303
    enter(client, post, phrase=OTHER_PHRASE)
    assert "zibeline" in read(client).text


def test_the_sheet_of_another_key_opens_nothing(client, post):
    enrol(client, post)
    other = enrol(client, post, OUTSIDE)
    client.fill(client.get("/referents"), "/referents", email=REFERENT)
    path = post.last(REFERENT).link("r/") + "/secours"
    answer = client.fill(client.get(path), path, sheet=" ".join(other), phrase=OTHER_PHRASE)
    assert answer.status_code == 422 and "une autre clé" in answer.text


def test_the_passphrase_changes_and_the_sheet_is_shown_again_with_it_alone(client, post):
    sheet = enrol(client, post)
    enter(client, post)
    page = client.fill(client.get("/referents/cle"), "/referents/fiche", **{"fiche__phrase": "pas la bonne phrase"})
    assert page.status_code == 422
    page = client.fill(client.get("/referents/cle"), "/referents/cle", phrase=PHRASE, fresh=OTHER_PHRASE)
    assert "est changée" in page.text
    page = client.fill(client.get("/referents/cle"), "/referents/fiche", **{"fiche__phrase": OTHER_PHRASE})
    assert code_of(page).split() == sheet


def test_a_page_open_elsewhere_is_closed_when_the_passphrase_changes(app, client, post):
    enrol(client, post)
    elsewhere = app.test_client()
    enter(elsewhere, post)
    enter(client, post)
    client.fill(client.get("/referents/cle"), "/referents/cle", phrase=PHRASE, fresh=OTHER_PHRASE, again=OTHER_PHRASE)
    assert client.get("/referents/messages").status_code == 200
    assert elsewhere.get("/referents/messages").status_code == 410


def test_a_referent_who_leaves_entrusts_all_and_their_key_goes(app, client, post):
    enrol(client, post)
    sheet = enrol(client, post, OUTSIDE)
    write(client, employer="")
    enrol(client, post, COLLEAGUE)
    enter(client, post)
    runner = app.test_cli_runner()
    refused = runner.invoke(alert.command, ["retire", REFERENT])
    assert refused.exit_code == 1 and "seule à pouvoir lire" in refused.output
    answer = client.fill(client.get("/referents/messages"), "/referents/messages/confier")
    assert "Échanges confiés : 1" in client.get(answer.location.split("#")[0]).text.replace("\u00a0", " ")
    assert runner.invoke(alert.command, ["retire", REFERENT]).exit_code == 0
    assert client.get("/referents/messages").status_code == 410, "an open page closes"
    enter(client, post, COLLEAGUE)
    assert "zibeline" in read(client).text
    assert not [text for text in opened_with(app, key_on(sheet)) if "zibeline" in text], "the outside contact was not needed"


def test_nothing_is_entrusted_to_whom_the_author_keeps_away(app, client, post):
    enrol(client, post)
    write(client)
    enrol(client, post, COLLEAGUE)
    enter(client, post)
    page = read(client)
    assert "Confier à Eden" not in page.text
    answer = client.post("/referents/messages/1/confier", data={"a": COLLEAGUE})
    assert answer.status_code == 422
    client.fill(client.get("/referents/messages"), "/referents/messages/confier")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AlerteAccess)) == 1


def test_a_dead_key_is_made_again_and_the_author_entrusts_their_words_to_it(app, client, post):
    enrol(client, post)
    code = write(client)
    runner = app.test_cli_runner()
    done = runner.invoke(alert.command, ["retire", REFERENT, "--sans-reprise"])
    assert done.exit_code == 0 and "plus personne ne peut lire" in done.output and ": 1" in done.output.replace("\u00a0", " ")
    page = back(client, code)
    assert "Plus personne ne peut vous lire" in page.text and "/suite/confier" not in page.text
    enrol(client, post, REFERENT, OTHER_PHRASE)
    enter(client, post, phrase=OTHER_PHRASE)
    assert "Rien à lire" in client.get("/referents/messages").text
    page = client.fill(back(client, code), "/suite/confier")
    assert "est confié" in page.text and "Plus personne" not in page.text
    assert post.last(REFERENT).letter == "alerte/something_waits"
    assert "zibeline" in read(client).text


def test_a_dead_key_is_made_again_and_who_reads_already_entrusts_the_exchange_to_it(app, client, post):
    """The guide, « Une clé morte ou vue par quelqu’un »: the old sheet, whoever has it, opens nothing of what is entrusted."""
    enrol(client, post)
    old = enrol(client, post, COLLEAGUE)
    write(client, employer="")
    assert app.test_cli_runner().invoke(alert.command, ["retire", COLLEAGUE]).exit_code == 0, "somebody else reads"
    enrol(client, post, COLLEAGUE, OTHER_PHRASE)
    enter(client, post, COLLEAGUE, OTHER_PHRASE)
    assert "Rien à lire" in client.get("/referents/messages").text
    enter(client, post)
    page = read(client)
    assert "Confier à Eden" in page.text
    client.fill(page, "/referents/messages/1/confier")
    enter(client, post, COLLEAGUE, OTHER_PHRASE)
    assert "zibeline" in read(client).text
    assert not [text for text in opened_with(app, key_on(old)) if "zibeline" in text]


def test_the_guide_of_referents_names_what_their_pages_and_letters_show():
    guide = (ROOT / "docs" / "guide.md").read_text("utf-8")
    section = guide.split("\n## Les alertes\n")[1].split("\n## ")[0]
    shown = " ".join(" ".join(path.read_text("utf-8").split())
                     for folder in ("templates/alerte", "templates/emails/alerte", "mail/letters")
                     for path in (ROOT / folder).rglob("*.*") if path.suffix in (".html", ".txt", ".py"))
    named = [" ".join(words.split()) for words in re.findall(r"«([^»]+)»", section)]
    assert len(named) >= 3 and [words for words in named if words.replace("’", "'") not in shown.replace("’", "'")] == []
    for path in re.findall(r"`(/[a-z/]+)`", section):
        assert f" {path}\n" in (ROOT / "tests/house/routes.txt").read_text("utf-8"), path
    for verb in re.findall(r"`alert (\w+)`", section):
        assert verb in alert.command.commands


def test_a_link_that_makes_a_key_lives_a_week_and_one_that_opens_a_page_a_month(client, post, clock):
    client.fill(client.get("/referents"), "/referents", email=REFERENT)
    path = post.last(REFERENT).link("r/")
    clock.advance(days=7)
    assert client.get(path).status_code == 410
    enrol(client, post)
    client.fill(client.get("/referents"), "/referents", email=REFERENT)
    path = post.last(REFERENT).link("r/")
    clock.advance(days=29)
    assert client.get(path).status_code == 200
    clock.advance(days=1)
    gone = client.get(path)
    assert gone.status_code == 410 and 'href="/referents">Recevoir' in gone.text and "la coordination" not in gone.text


def test_the_operator_is_told_who_has_no_key_and_never_what_an_alert_says(app, client, post):
    runner = app.test_cli_runner()
    said = runner.invoke(check.command).output
    assert "Dany Référence n’a pas encore fait sa clé" in said
    sent = runner.invoke(alert.command, ["enrol", REFERENT])
    assert sent.exit_code == 0 and post.last(REFERENT).letter == "alerte/key_to_make"
    assert runner.invoke(alert.command, ["enrol", "noa@structure-b.example"]).exit_code == 1
    enrol(client, post)
    write(client)
    said = runner.invoke(check.command).output + runner.invoke(alert.command, ["status"]).output
    assert "Dany Référence n’a pas" not in said and "empreinte" in said
    assert "seule à pouvoir lire : 1" in said.replace("\u00a0", " ")
    assert "zibeline" not in said and "Sacha" not in said


def test_check_says_what_the_network_file_lacks(app, environ):
    from dataclasses import replace

    from models.instance import Instance
    ring = app.extensions["ring"]
    people = tuple(replace(person, employer="", outside=False) for person in ring.network.referents)
    lacking = " ".join(check.missing(Instance(ring.settings, replace(ring.network, referents=people, emergencies=()))))
    assert "contact extérieur" in lacking and "[[urgence]]" in lacking and "employeur" in lacking


@databases("sqlite", "postgresql")
def test_ten_presses_at_once_keep_one_alert(app, client, post):
    enrol(client, post)
    page = client.fill(client.get("/alerte/ecrire"), "/alerte/ecrire", **S05)
    code = re.search(r'name="code" value="([^"]+)"', page.text)[1]
    left = writing.Left(said="Zibeline.", rows=[])
    given, raised = at_once(app, 10, lambda _number: writing.leave(left, code, "", app.extensions["clock"]()))
    assert raised == [] and len(given) == 10
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Alerte)) == 1
        assert db.session.scalar(select(func.count()).select_from(AlerteMessage)) == 1


@databases("sqlite", "postgresql")
def test_an_erasure_wins_over_words_written_meanwhile(app, client, post):
    enrol(client, post)
    code = write(client)
    now = app.extensions["clock"]()

    def act(number: int) -> object:
        return writing.erase(code, f"{number}", now) if number % 2 else writing.answer(code, "Encore.", f"{number}", now)
    _given, raised = at_once(app, 8, act)
    assert all(isinstance(error, Refused) for error in raised)
    with app.app_context():
        assert db.session.scalar(select(Alerte.state)) == "erased"
        assert db.session.scalar(select(func.count()).select_from(AlerteMessage)) == 0


@pytest.mark.slow
def test_asking_for_a_way_in_takes_as_long_for_an_unknown_address(client, clock):
    """As much work, that is: the processor's time is the same whatever else the machine does."""
    from time import thread_time
    client.reading = False

    def best(email: str) -> float:
        times = []
        for _ in range(3):
            clock.advance(minutes=16)
            began = thread_time()
            assert client.post("/referents", data={"email": email}).status_code == 200
            times.append(thread_time() - began)
        return min(times)
    best(REFERENT)
    assert abs(best(REFERENT) - best("inconnu@ailleurs.example")) < 0.05
