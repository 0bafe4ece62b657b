"""The pages of alerts: what they say to whom, and what they leave behind in a browser, a log or a count."""

from __future__ import annotations

import logging

from alerte_people import COLLEAGUE, OUTSIDE, PHRASE, REFERENT, S05, back, enrol, enter, errors, read, write
from house.test_doors import access, address, rules
from house.test_links_act_on_press_only import Scanner, dump
from pages import soup
from sqlalchemy import func, select

from models.alerte import Alerte
from models.base import db
from models.throttle import Throttle
from services.alerte import brake, sealed, writing


def test_before_any_key_the_page_says_that_nothing_can_be_written(client, app):
    page = client.get("/alerte")
    assert "rien ne peut être écrit ici" in page.text and "Dany Référence" in page.text
    assert not soup(page).select("form") and "/alerte/ecrire" not in page.text
    assert "rien ne peut être écrit ici" in client.get("/alerte/ecrire").text
    answer = client.post("/alerte/envoyer", data={"role": "autre", "words": "Quand même.", "code": "abeille " * 8})
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Alerte)) == 0


def test_the_page_says_what_it_is_not_who_reads_and_where_to_call(client, post):
    enrol(client, post)
    page = client.get("/alerte").text
    for said in ("lanceurs d’alerte", "Dany Référence", "223-6", "434-3", "article 40", "3114", "Quitter rapidement", "60 jours"):
        assert said in page, said


def test_no_number_is_shown_that_the_network_did_not_set(app, client, post, environ):
    from dataclasses import replace

    from models.instance import Instance
    ring = app.extensions["ring"]
    app.extensions["ring"] = Instance(ring.settings, replace(ring.network, emergencies=()))
    app.jinja_env.globals["network"] = app.extensions["ring"].network
    enrol(client, post)
    for path in ("/alerte", "/alerte/ecrire"):
        page = client.get(path).text
        assert "Appelez les secours" in page
        assert "3114" not in page and ">112<" not in page


def test_pages_of_alerts_set_no_cookie_and_are_kept_by_nobody(app, client, post):
    enrol(client, post)
    code = write(client)
    for answer in (client.get("/alerte"), client.get("/alerte/ecrire"), client.get("/suite"), back(client, code),
                   client.fill(client.get("/alerte/ecrire"), "/alerte/ecrire", **S05), client.post("/suite", data={"code": "x"})):
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_sheet_is_printed_for_who_has_its_code_and_for_nobody_else(client, post):
    groups = enrol(client, post)
    said = client.post("/referents/fiche.pdf", data={"code": " ".join(groups)})
    assert said.status_code == 200 and said.data.startswith(b"%PDF") and "inline" in said.headers["Content-Disposition"]
    wrong = sealed.recovery_code(sealed.new_pair().private)
    for code in ("", "abcd", wrong):
        assert client.post("/referents/fiche.pdf", data={"code": code}).status_code == 404
    assert client.get("/referents/fiche.pdf").status_code == 405, "no link opens it"


def test_the_way_out_is_a_link_on_every_page_of_an_author(client, post):
    enrol(client, post)
    code = write(client)
    check = client.fill(client.get("/alerte/ecrire"), "/alerte/ecrire", **S05)
    for page in (client.get("/alerte"), client.get("/alerte/ecrire"), check, client.fill(check, "/alerte/envoyer"),
                 client.get("/suite"), back(client, code)):
        links = soup(page).select("a[data-leave]")
        assert [a["href"] for a in links] == ["#quitter", "https://fr.wikipedia.org/"]
        assert links[1]["rel"] == ["noreferrer"] and links[1]["id"] == "quitter"


def test_what_was_typed_comes_back_and_the_error_says_what_to_do(client, post):
    enrol(client, post)
    form = client.get("/alerte/ecrire")
    page = client.fill(form, "/alerte/ecrire", words="Longue histoire.", contact=["courriel"], email="sacha")
    assert page.status_code == 422 and "Longue histoire." in page.text and 'value="sacha"' in page.text
    assert len(errors(page)) == 4, "who one is, and the address, each said twice"
    check = client.fill(client.get("/alerte/ecrire"), "/alerte/ecrire", **S05)
    page = client.fill(check, "/alerte/envoyer", vers="ecrire")
    assert page.status_code == 200 and "zibeline" in page.text


def test_sent_twice_it_is_kept_once_and_the_code_is_the_same(app, client, post):
    enrol(client, post)
    check = client.fill(client.get("/alerte/ecrire"), "/alerte/ecrire", **S05)
    first, second = client.fill(check, "/alerte/envoyer"), client.fill(check, "/alerte/envoyer")
    assert soup(first).select(".code-words")[0].text == soup(second).select(".code-words")[0].text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Alerte)) == 1
    assert len([letter for letter in post.to(REFERENT) if letter.letter == "alerte/something_waits"]) == 1


def test_a_code_is_read_however_it_was_noted_and_a_wrong_one_says_the_same_as_an_unknown_one(client, post):
    enrol(client, post)
    code = write(client)
    noted = "  " + code.upper().replace(" ", " – ").replace("E", "é") + ".\n"
    assert "zibeline" in back(client, noted).text
    words = code.split()
    for wrong in (" ".join([*words[1:], words[0]]), " ".join(["abeille"] * 8)):
        page = back(client, wrong)
        assert page.status_code == 422 and "n’ouvre rien" in page.text
    assert "compte 8 mots, vous en avez écrit 2" in back(client, "abeille tambour").text
    assert "« xylophage » n’est dans aucun code" in back(client, " ".join([*words[1:], "xylophage"])).text.replace("\u00a0", " ")


def test_codes_cannot_be_tried_without_end_and_no_access_is_written_down(app, client, post, clock):
    enrol(client, post)
    with app.app_context():
        counted = db.session.scalar(select(func.count()).select_from(Throttle))
    for _ in range(30):
        assert client.post("/suite", data={"code": "abeille " * 8}).status_code == 422
    page = client.post("/suite", data={"code": "abeille " * 8})
    assert page.status_code == 429 and "quart d’heure" in page.text
    write(client)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Throttle)) == counted
    clock.advance(minutes=16)
    assert client.post("/suite", data={"code": "abeille " * 8}).status_code == 422
    assert len(app.extensions["alerte_brake"]._seen) == 1, "what is over is forgotten"


def test_too_many_alerts_from_one_place_lose_no_word(app, client, post):
    enrol(client, post)
    with app.app_context():
        for _ in range(writing._SENT):
            brake.count("leave", "127.0.0.1", writing._SENT, app.extensions["clock"]())
    check = client.fill(client.get("/alerte/ecrire"), "/alerte/ecrire", **S05)
    page = client.fill(check, "/alerte/envoyer")
    assert page.status_code == 429 and "quart d’heure" in page.text and "zibeline" in page.text


def test_a_form_with_a_file_is_refused_unread(app, client, post):
    import io
    enrol(client, post)
    for path in ("/alerte/ecrire", "/alerte/envoyer", "/suite"):
        answer = client.post(path, data={"words": "x", "f": (io.BytesIO(b"x"), "preuve.pdf")})
        assert answer.status_code == 422 and "ne prend pas de fichier" in answer.text


def test_an_unexpected_error_repeats_no_word_in_the_log(app, client, post, monkeypatch, caplog):
    enrol(client, post)

    def fail(*_args, **_more):
        raise RuntimeError("zibeline cramoisie")
    monkeypatch.setattr(writing, "seal_words", fail)
    check = client.fill(client.get("/alerte/ecrire"), "/alerte/ecrire", **S05)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with caplog.at_level(logging.DEBUG):
        assert client.fill(check, "/alerte/envoyer").status_code == 500
    assert "RuntimeError" in caplog.text and "zibeline" not in caplog.text and "Traceback" not in caplog.text


def test_the_referents_pages_are_closed_without_an_open_key(app, client, post):
    enrol(client, post)
    write(client)
    closed = [rule for rule in rules(app) if access(app, rule) == "referent_only"]
    assert len(closed) >= 8
    for cookie in ("", "x", "a" * 43, "é", "A" * 400):
        client.set_cookie("referent", cookie, path="/referents")
        for rule in closed:
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                answer = client.open(address(app, rule), method=method)
                assert answer.status_code == 410 and "refermée" in answer.text, rule.rule


def test_an_answer_typed_for_an_hour_is_given_back(client, post, clock):
    enrol(client, post)
    write(client)
    enter(client, post)
    page = read(client)
    clock.advance(minutes=61)
    answer = client.fill(page, "/referents/messages/1/repondre", words="Une longue réponse.")
    assert answer.status_code == 410 and "Une longue réponse." in answer.text and "n’ont pas été envoyés" in answer.text


def test_the_cookie_of_a_referent_is_for_their_pages_alone_and_dies_at_the_press_of_refermer(client, post):
    enrol(client, post)
    client.fill(client.get("/referents"), "/referents", email=REFERENT)
    path = post.last(REFERENT).link("r/")
    header = client.fill(client.get(path), path, phrase=PHRASE).headers["Set-Cookie"]
    assert all(part in header for part in ("HttpOnly", "SameSite=Strict", "Path=/referents"))
    stolen = client.get_cookie("referent", path="/referents").value
    client.post("/referents/quitter")
    client.set_cookie("referent", stolen, path="/referents")
    assert client.get("/referents/messages").status_code == 410


def test_opening_any_page_of_a_referent_changes_nothing(app, client, post):
    enrol(client, post)
    write(client)
    enter(client, post)
    before = dump(app)
    for rule in rules(app):
        if access(app, rule) == "referent_only" and "GET" in rule.methods:
            client.get(address(app, rule).replace("999999", "1"))
    assert dump(app) == before


def test_opening_and_asking_the_head_of_every_link_of_these_letters_changes_nothing(app, client, post):
    client.fill(client.get("/referents"), "/referents", email=OUTSIDE)
    enrol(client, post)
    write(client)
    scanner = Scanner(app, post)
    assert scanner.scan() >= 3
    assert "zibeline" not in client.get(post.last(REFERENT, "something_waits").link("r/")).text


def test_a_cookie_planted_before_is_not_the_one_that_opens(client, post):
    enrol(client, post)
    client.set_cookie("referent", "A" * 44, path="/referents")
    enter(client, post)
    assert client.get_cookie("referent", path="/referents").value != "A" * 44
    other = client.application.test_client()
    other.set_cookie("referent", "A" * 44, path="/referents")
    assert other.get("/referents/messages").status_code == 410


def test_an_alert_one_may_not_read_does_not_exist(app, client, post):
    for email in (REFERENT, COLLEAGUE):
        enrol(client, post, email)
    write(client)
    page = enter(client, post, COLLEAGUE)
    assert "Rien à lire" in page.text
    for number in (1, 2, 2**31 + 1, 10**12):
        for method, path in (("GET", ""), ("POST", ""), ("POST", "/repondre"), ("POST", "/effacer"), ("POST", "/confier")):
            answer = client.open(f"/referents/messages/{number}{path}", method=method, data={"words": "x", "sure": "oui"})
            assert answer.status_code == 404, (number, path)


def test_asking_for_a_way_in_says_the_same_for_every_address(client, post):
    said = {}
    for email in (REFERENT, "inconnu@ailleurs.example"):
        page = client.fill(client.get("/referents"), "/referents", email=email)
        said[email] = (page.status_code, page.text.replace(email, ""))
    assert len(set(said.values())) == 1
    assert not post.to("inconnu@ailleurs.example")


def test_the_coordination_knows_nothing_of_alerts(app, client, post, clock):
    from cast import sign_in
    enrol(client, post)
    write(client)
    sign_in(client, post)
    for path in ("/coordination/", "/coordination/en-cours", "/coordination/terminees", "/coordination/courriels"):
        page = client.get(path, follow_redirects=True)
        assert page.status_code == 200
        assert "zibeline" not in page.text and "Sacha" not in page.text
    assert OUTSIDE not in {letter.to for letter in post.all()}
